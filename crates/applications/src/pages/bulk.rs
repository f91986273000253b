//! Many applications are taken on at once: those whose boxes are ticked, or all that fit the list's filters.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Kind, Result, Text};
use web::{
    Caller, Multi,
    pages::{Go, ListQuery, Tone, render_with},
};

use super::{
    LIST,
    list::{Asked, listed, shown},
};
use crate::{Application, BULK_AT_MOST, Outcome, Status, actions, reads};

/// Reasons of those that stayed where they were, which a notice tells.
const REASONS_AT_MOST: usize = 3;

/// What was typed for many at once, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) ids: Vec<String>,
    /// All that fit the filters, whatever is ticked.
    pub(super) is_every: bool,
    pub(super) status: String,
    pub(super) message: String,
    pub(super) problem: Option<String>,
}

impl Typed {
    fn sent(form: &Multi) -> Self {
        Self {
            ids: form.all("id").take(BULK_AT_MOST + 1).map(ToOwned::to_owned).collect(),
            is_every: form.get("every") == "true",
            status: form.get("status").to_owned(),
            message: form.get("message").to_owned(),
            problem: None,
        }
    }

    /// Which applications are meant.
    fn meant(&self, ctx: &Ctx, tx: &mut ReadTx, query: &ListQuery) -> Result<Vec<Id<Application>>> {
        if !self.is_every {
            return Ok(self.ids.iter().filter_map(|id| Id::parse(id).ok()).collect());
        }
        let forms = reads::forms(ctx, tx)?;
        let asked = Asked::of(query.clone());
        let filter = asked.filter(asked.form(&forms));
        let most = u32::try_from(BULK_AT_MOST).map_err(Error::internal)?;
        let too_many = || Error::field("ids", Text::new("applications-bulk-too-many").with("max", most));
        reads::ids(ctx, tx, &filter, most, too_many)
    }
}

/// `POST /applications/bulk?…`: the query is the list's, which is shown again.
pub(super) async fn set_statuses(caller: Caller, query: ListQuery, form: Multi) -> web::Result<Response> {
    let typed = Typed::sent(&form);
    let query = ListQuery::parse(LIST, &address(&query));
    let (sent, asked) = (typed.clone(), query.clone());
    let done = caller
        .once(move |ctx, tx| {
            ctx.require(Permission::ApplicationsEdit)?;
            let to = Status::read(&sent.status).map_err(|error| error.under("status"))?;
            let ids = sent.meant(ctx, tx, &asked)?;
            let outcomes = actions::set_statuses(ctx, tx, &ids, to, Some(&sent.message))?;
            let changed = outcomes.iter().filter(|one| one.result.is_ok()).count();
            let stayed: Vec<Id<Application>> = outcomes
                .into_iter()
                .filter_map(|Outcome { id, result }| result.is_err().then_some(id))
                .collect();
            Ok((changed, stayed))
        })
        .await;
    match done {
        Ok((changed, stayed)) => {
            let mut go = Go::to(query.href(&[("page", query.get("page").unwrap_or_default())]));
            if changed > 0 {
                go = go.done(&caller.words(), &Text::new("applications-bulk-done").with("count", changed));
            }
            if !stayed.is_empty() {
                go = go.toast(Tone::Error, reasons(&caller, stayed).await?);
            }
            Ok(go.into_response())
        }
        Err(error) if error.kind() == Kind::Invalid => {
            let words = caller.words();
            let said: Vec<String> = match error.field_errors() {
                [] => vec![words.say(error.text())],
                fields => fields.iter().map(|field| words.say(&field.text)).collect(),
            };
            let asked = Asked::of(query.clone());
            let listed = caller.read(move |ctx, tx| listed(ctx, tx, &asked)).await?;
            let p = caller.shell().titled("applications-menu").lead("applications-lead");
            let typed = Typed { problem: Some(said.join(" ")), ..typed };
            let page = shown(p, &Asked::of(query), listed, typed);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

fn address(query: &ListQuery) -> String {
    let href = query.href(&[("page", query.get("page").unwrap_or_default())]);
    href.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
}

/// How many stayed where they were, and where the first of them are.
async fn reasons(caller: &Caller, stayed: Vec<Id<Application>>) -> Result<String> {
    let words = caller.words();
    let count = words.say(&Text::new("applications-bulk-stayed").with("count", stayed.len()));
    let first: Vec<Id<Application>> = stayed.into_iter().take(REASONS_AT_MOST).collect();
    let found = caller
        .read(move |ctx, tx| {
            let mut found = Vec::new();
            for id in &first {
                match reads::get(ctx, tx, *id) {
                    Ok(whole) => found.push((whole.application.number, whole.application.status)),
                    Err(error) if error.kind() == Kind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(found)
        })
        .await?;
    let said: Vec<String> = found
        .into_iter()
        .map(|(number, status)| format!("№ {number}: {}", words.t(status.text_key())))
        .collect();
    Ok(if said.is_empty() { count } else { format!("{count} ({})", said.join(", ")) })
}
