//! `/api/bots/{id}/draft` for programs that edit a blueprint step by step, such as the visual editor: the file as a tree,
//! and changes of its places.

use axum::extract::Path;
use context::Permission;
use flow::{
    ArgCheck,
    edit::{self, Change},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Json, ProblemBody, RowKey};

use super::drafts::SavedOut;
use crate::{
    actions::{self, SaveDraft},
    faults::{self, Fault},
    host, reads,
};

/// The draft as a tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct TreeOut {
    /// The file's tables as JSON, in its order; `null` when its text is no TOML.
    #[schema(value_type = Option<Object>)]
    tree: Option<serde_json::Value>,
    /// Counts what was done to the draft; say it when you change it.
    revision: i64,
    /// Whether it differs from what is published.
    is_draft: bool,
    /// What is wrong with it.
    problems: Vec<Fault>,
    /// What its steps may call.
    actions: Vec<ActionOut>,
}

/// An action that steps may call.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionOut {
    /// Its name.
    #[schema(example = "webhook")]
    name: &'static str,
    /// Its arguments.
    args: Vec<ActionArgOut>,
    /// How it can end; each must be gone on from. `failed` may be.
    outcomes: &'static [&'static str],
}

/// An argument of an action.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionArgOut {
    /// Its name.
    #[schema(example = "url")]
    name: &'static str,
    /// Whether it must be given.
    needed: bool,
    /// The words it can be, where it can only be one of these, or some of them by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'static [&'static str]>,
    /// Whether it can be several of the words.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    many: bool,
}

/// Changes of a draft.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ChangesIn {
    /// The revision that you have read.
    revision: i64,
    /// What is changed, one after the other.
    changes: Vec<ChangeIn>,
}

/// A change of one place: a value, another name, or nothing where it is to go.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ChangeIn {
    /// The keys that lead there, four at most.
    #[schema(example = json!(["flows", "main", "menu"]))]
    path: Vec<String>,
    /// Another name for it, in the same place.
    #[serde(default)]
    rename: Option<String>,
    /// Among its neighbours, a new one stands before this one; last unless said.
    #[serde(default)]
    before: Option<String>,
    /// What stands there from now on; what is the same in it stays as it is written.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    value: Option<serde_json::Value>,
}

impl ChangeIn {
    fn into_change(self) -> Change {
        let Self { path, rename, before, value } = self;
        Change { path, rename, before, value }
    }
}

/// The draft as a tree, or what is published where there is none, with what its steps may call.
#[utoipa::path(get, path = "/api/bots/{id}/draft/tree", tag = "bots",
    params(("id" = String, Path, description = "number or UUID")),
    responses((status = 200, body = TreeOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_draft_tree(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<TreeOut>> {
    let work = caller.read(move |ctx, tx| reads::get_work(ctx, tx, key)).await?;
    Ok(Json(TreeOut {
        tree: edit::tree(&work.source),
        revision: work.revision,
        is_draft: work.changed.is_some(),
        problems: faults::of(&caller.words(), &work.source),
        actions: actions_out(),
    }))
}

/// Changes places of the draft, also when it has faults afterwards; all of them or none. What is not changed keeps its
/// words, its order and its comments, and the same changes again change nothing. 409 when somebody has changed the
/// draft since that revision, or when its text is no TOML.
#[utoipa::path(patch, path = "/api/bots/{id}/draft", tag = "bots", request_body = ChangesIn,
    params(("id" = String, Path, description = "number or UUID")),
    responses((status = 200, body = SavedOut), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn change_draft(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(ChangesIn { revision, changes }): Json<ChangesIn>,
) -> web::Result<Json<SavedOut>> {
    caller.ctx.require(Permission::BotsEdit)?;
    let work = caller.read(move |ctx, tx| reads::get_work(ctx, tx, key)).await?;
    let changes: Vec<Change> = changes.into_iter().map(ChangeIn::into_change).collect();
    // Of another revision, the draft is not what the changes were made for: the refusal says so before anything else.
    let save = SaveDraft::new(
        &edit::apply(&work.source, &changes).map_err(|error| work.or_stale(revision, error))?,
        revision,
    )?;
    let (bot, source) = (work.bot.id, save.source().to_owned());
    let revision = caller.write(move |ctx, tx| actions::save_draft(ctx, tx, bot, save.clone())).await?;
    Ok(Json(SavedOut { revision, problems: faults::of(&caller.words(), &source) }))
}

fn actions_out() -> Vec<ActionOut> {
    let arg = |signature: &flow::ActionSignature, (name, needed): &(&'static str, bool)| {
        let check = signature.checks.iter().find(|(checked, _)| checked == name).map(|(_, check)| *check);
        let (words, many) = match check {
            Some(ArgCheck::OneOf(words)) => (Some(words), false),
            Some(ArgCheck::ManyOf(words)) => (Some(words), true),
            _ => (None, false),
        };
        ActionArgOut { name, needed: *needed, words, many }
    };
    let action = |signature: &flow::ActionSignature| ActionOut {
        name: signature.name,
        args: signature.args.iter().map(|given| arg(signature, given)).collect(),
        outcomes: signature.outcomes,
    };
    host::actions().iter().map(action).collect()
}
