//! `/api/bots/{id}/draft`: the blueprint that somebody works on.
#![expect(unused_qualifications, reason = "utoipa writes the path of each query's type")]

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Json, ProblemBody, Query, RowKey, pages::Words};

use crate::{
    actions::{self, SaveDraft},
    faults::{self, Fault},
    reads::{self, Which},
    version::{Work, tidy},
};

/// What somebody works on.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftOut {
    /// The blueprint as a file (docs/BLUEPRINTS.md).
    pub source: String,
    /// Counts what was done to the draft; say it when you save.
    pub revision: i64,
    /// The version that answered when the draft was begun.
    pub base_version: i64,
    /// Whether it differs from what is published.
    pub is_draft: bool,
    /// Who changed it last.
    pub changed_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub changed_at: Option<Timestamp>,
    /// What is wrong with it; it can be published when this is empty.
    pub problems: Vec<Fault>,
}

impl DraftOut {
    fn of(words: &Words, work: Work) -> Self {
        let Work { bot: _, source, revision, base_version, changed } = work;
        let problems = faults::of(words, &source);
        let (changed_by, changed_at) = changed.unzip();
        Self {
            source,
            revision,
            base_version,
            is_draft: changed_by.is_some(),
            changed_by,
            changed_at,
            problems,
        }
    }
}

/// A draft to keep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct DraftIn {
    /// The blueprint as a file; it may have faults.
    pub source: String,
    /// The revision that you have read.
    pub revision: i64,
}

/// What became of a draft that was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedOut {
    /// The new revision.
    pub revision: i64,
    /// What is wrong with it.
    pub problems: Vec<Fault>,
}

/// A blueprint to look at.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct SourceIn {
    /// The blueprint as a file.
    pub source: String,
}

/// What is wrong with a blueprint.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedOut {
    /// Its faults, in the order of its lines.
    pub problems: Vec<Fault>,
}

/// What is asked of a draft's end.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RevisionQuery {
    /// The revision that you have read; any unless said.
    #[serde(default)]
    revision: Option<i64>,
}

/// The draft, or what is published where there is none.
#[utoipa::path(get, path = "/api/bots/{id}/draft", tag = "bots",
    params(("id" = String, Path, description = "number or UUID")),
    responses((status = 200, body = DraftOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_draft(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<DraftOut>> {
    let work = caller.read(move |ctx, tx| reads::get_work(ctx, tx, key)).await?;
    Ok(Json(DraftOut::of(&caller.words(), work)))
}

/// Keeps a draft, also with faults. 409 when somebody has changed it since that revision: read theirs, and save again
/// with its revision what is to stay.
#[utoipa::path(put, path = "/api/bots/{id}/draft", tag = "bots", request_body = DraftIn,
    params(("id" = String, Path, description = "number or UUID")),
    responses((status = 200, body = SavedOut), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn save_draft(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(sent): Json<DraftIn>,
) -> web::Result<Json<SavedOut>> {
    caller.ctx.require(Permission::BotsEdit)?;
    let DraftIn { source, revision } = sent;
    let save = SaveDraft::new(&source, revision)?;
    let revision = caller
        .write(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            actions::save_draft(ctx, tx, bot.id, save.clone())
        })
        .await?;
    Ok(Json(SavedOut { revision, problems: faults::of(&caller.words(), &source) }))
}

/// Takes the draft away: what is published stands there again.
#[utoipa::path(delete, path = "/api/bots/{id}/draft", tag = "bots",
    params(("id" = String, Path, description = "number or UUID"), RevisionQuery),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn discard_draft(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(RevisionQuery { revision }): Query<RevisionQuery>,
) -> web::Result<StatusCode> {
    caller
        .write(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            actions::discard_draft(ctx, tx, bot.id, revision).map(drop)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is wrong with a blueprint; keeps nothing.
#[utoipa::path(post, path = "/api/bots/{id}/draft/check", tag = "bots", request_body = SourceIn,
    params(("id" = String, Path, description = "number or UUID")),
    responses((status = 200, body = CheckedOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn check_draft(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(sent): Json<SourceIn>,
) -> web::Result<Json<CheckedOut>> {
    caller.ctx.require(Permission::BotsEdit)?;
    caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let source = tidy("source", &sent.source)?;
    Ok(Json(CheckedOut { problems: faults::of(&caller.words(), &source) }))
}

/// Which blueprint is wanted as a file.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// The number of a version, or `draft`; what answers people unless said.
    #[serde(default)]
    version: Option<String>,
}

/// The bot's blueprint as a file, to be kept, edited elsewhere or made a bot of (`POST /api/bots`).
#[utoipa::path(get, path = "/api/bots/{id}/export", tag = "bots",
    params(("id" = String, Path, description = "number or UUID"), ExportQuery),
    responses((status = 200, content_type = "application/toml", body = String), (status = 404, body = ProblemBody)))]
pub(super) async fn export_bot(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(ExportQuery { version }): Query<ExportQuery>,
) -> web::Result<Response> {
    let which = version.map(|word| word.parse::<Which>()).transpose()?;
    let (name, source) = caller
        .read(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            let which = which.unwrap_or(Which::Version(bot.version));
            let (_, source) = reads::get_source(ctx, tx, key, which)?;
            Ok((format!("bot-{}-{which}.toml", bot.number), source))
        })
        .await?;
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|error| Error::invalid(Text::new("web-request-malformed")).because(error))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/toml; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, source).into_response())
}
