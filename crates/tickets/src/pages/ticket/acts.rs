//! What is done with a ticket by the buttons and small forms of its page.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::{Ctx, Permission};
use db::Tx;
use files::Received;
use kernel::{Error, Id, Kind, Result, Text};
use serde::Deserialize;
use web::{
    Caller, Multi, Query, RowKey,
    pages::{Go, ListQuery, Tone, form_again},
};

use super::{
    super::desk::{Asked, Kept as Typed, Refused, drawn, number_of},
    present,
};
use crate::{
    Kept, MessageKind, Said, Ticket, actions,
    api::{agent_at, category_at},
    reads,
};

const HOUR_MS: i64 = 60 * 60 * 1_000;
/// Pictures up to this length are shown as pictures (Bot API, `sendPhoto`).
const PICTURE_BYTES_MAX: usize = 10 * 1024 * 1024;

/// The first of what is wrong.
pub(super) fn first_of(error: &Error) -> &Text {
    error.field_errors().first().map_or_else(|| error.text(), |first| &first.text)
}

/// The first of what is wrong, in words.
fn told(caller: &Caller, error: &Error) -> String {
    caller.words().say(first_of(error))
}

fn is_for_people(error: &Error) -> bool {
    matches!(error.kind(), Kind::Invalid | Kind::Conflict)
}

/// Does it, and says where to go on: to the ticket, or to the queue where it is not seen any more.
async fn try_act(
    caller: &Caller,
    key: RowKey,
    act: impl Fn(&Ctx, &mut Tx, Id<Ticket>) -> Result<()> + Send + 'static,
) -> Result<String> {
    let number = number_of(key)?;
    let write = move |ctx: &Ctx, tx: &mut Tx| {
        let id = reads::get_by_number(ctx, tx, number)?.id;
        act(ctx, tx, id)?;
        Ok(reads::get(ctx, tx, id).is_ok())
    };
    let sees = caller.once(write).await?;
    Ok(if sees { format!("/desk/{number}") } else { "/desk".to_owned() })
}

/// Does it and goes back to the ticket; a refusal is told there.
async fn act(
    caller: &Caller,
    key: RowKey,
    act: impl Fn(&Ctx, &mut Tx, Id<Ticket>) -> Result<()> + Send + 'static,
    done: &'static str,
) -> web::Result<Response> {
    match try_act(caller, key, act).await {
        Ok(to) => Ok(Go::to(to).done(&caller.words(), &Text::new(done)).into_response()),
        Err(error) if is_for_people(&error) => {
            let told = told(caller, &error);
            Ok(Go::to(format!("/desk/{key}")).toast(Tone::Error, told).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Does what a small form asks for; a refusal stands in the form, beside its field.
async fn fill(
    caller: &Caller,
    key: RowKey,
    (form, typed): (&'static str, String),
    act: impl Fn(&Ctx, &mut Tx, Id<Ticket>) -> Result<()> + Send + 'static,
    done: &'static str,
) -> web::Result<Response> {
    match try_act(caller, key, act).await {
        Ok(to) => Ok(Go::to(to).done(&caller.words(), &Text::new(done)).into_response()),
        Err(error) if is_for_people(&error) => {
            // Says which status the page has.
            let again = Error::new(error.kind(), error.text().clone());
            let kept = Typed { refused: Some(Refused { form, typed, error }), ..Typed::default() };
            let page = drawn(caller, key, Asked::of(ListQuery::default()), &kept).await?;
            Ok(form_again(again, |_| page)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Answers, or writes a note; what was typed stays where it is refused.
pub(in crate::pages) async fn say(
    caller: Caller,
    Path(key): Path<RowKey>,
    query: ListQuery,
    form: Multi,
) -> web::Result<Response> {
    let number = number_of(key)?;
    let (text, is_note) = (form.get("text").to_owned(), form.get("mode") == "note");
    let closes = form.get("then") == "close";
    let seen = form.get("seen").parse().ok();
    let typed = text.clone();
    let write = move |ctx: &Ctx, tx: &mut Tx| {
        let id = reads::get_by_number(ctx, tx, number)?.id;
        match is_note {
            true => actions::add_note(ctx, tx, id, &text)?,
            false => drop(actions::answer(ctx, tx, id, Said::words(text.clone()), seen)?),
        }
        if closes {
            actions::close(ctx, tx, id)?;
        }
        Ok(())
    };
    match caller.once(write).await {
        Ok(()) => Ok(Go::to(format!("/desk/{number}")).into_response()),
        Err(error) if is_for_people(&error) => {
            let kept = Typed { typed, is_note, problem: Some(told(&caller, &error)), refused: None };
            let page = drawn(&caller, key, Asked::of(query), &kept).await?;
            Ok(form_again(error, |_| page)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Answers with a file.
pub(in crate::pages) async fn send_file(
    caller: Caller,
    Path(key): Path<RowKey>,
    received: Received,
) -> web::Result<Response> {
    let number = number_of(key)?;
    caller.ctx.require(Permission::TicketsEdit)?;
    caller.read(move |ctx, tx| reads::get_by_number(ctx, tx, number)).await?;
    let text = received.get("text").to_owned();
    let Some(file) = received.file else {
        let told = caller.words().t("tickets-file-none");
        return Ok(Go::to(format!("/desk/{number}")).toast(Tone::Error, told).into_response());
    };
    let (media_type, size) = (file.media_type(), file.size());
    let hash = file.keep().await?;
    let is_picture = media_type.is_picture() && size <= PICTURE_BYTES_MAX;
    let said = Said {
        text,
        kept: Some(Kept { hash: hash.to_string(), name: received.filename }),
        ..Said::blank(if is_picture { MessageKind::Image } else { MessageKind::File })
    };
    let send = move |ctx: &Ctx, tx: &mut Tx<'_>, id| {
        // Only who sees the ticket sees its files: by their own address nobody but who manages the desk.
        files::record(ctx, tx, hash, media_type, size, Some(Permission::TicketsDelete))?;
        actions::answer(ctx, tx, id, said.clone(), None).map(drop)
    };
    act(&caller, key, send, "tickets-file-sent").await
}

/// What says who is there.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct PresentForm {
    writing: bool,
}

/// The reader is here still; answers who else is.
pub(in crate::pages) async fn be_present(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(PresentForm { writing }): web::Form<PresentForm>,
) -> web::Result<Response> {
    let number = number_of(key)?;
    let write = move |ctx: &Ctx, tx: &mut Tx| {
        let id = reads::get_by_number(ctx, tx, number)?.id;
        actions::be_present(ctx, tx, id, writing)?;
        reads::others_at(ctx, tx, id)
    };
    let others = caller.write(write).await?;
    Ok(present(caller.words(), others))
}

/// Which agent, or nobody.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct AssignForm {
    agent: String,
}

pub(in crate::pages) async fn assign(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(AssignForm { agent }): web::Form<AssignForm>,
) -> web::Result<Response> {
    let typed = agent.clone();
    let assign = move |ctx: &Ctx, tx: &mut Tx<'_>, id| {
        if agent.trim().is_empty() {
            return actions::unassign(ctx, tx, id).map(drop);
        }
        let unknown = || Error::field("agent", Text::new("tickets-agent-unknown"));
        let agent = agent_at(ctx, tx, "agent", agent.trim().parse().map_err(|_| unknown())?)?;
        actions::assign(ctx, tx, id, agent.id).map(drop)
    };
    fill(&caller, key, ("assign", typed), assign, "tickets-assigned").await
}

pub(in crate::pages) async fn take(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let take = |ctx: &Ctx, tx: &mut Tx<'_>, id| {
        let own = reads::Sight::of(ctx, tx)?.agent().map(|agent| agent.id);
        let own = own.ok_or_else(|| Error::conflict(Text::new("tickets-no-agent")))?;
        actions::assign(ctx, tx, id, own).map(drop)
    };
    act(&caller, key, take, "tickets-taken").await
}

/// Which category.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct CategoryForm {
    category: String,
}

pub(in crate::pages) async fn move_to(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(CategoryForm { category }): web::Form<CategoryForm>,
) -> web::Result<Response> {
    let typed = category.clone();
    let go = move |ctx: &Ctx, tx: &mut Tx<'_>, id| {
        let unknown = || Error::field("category", Text::new("tickets-category-unknown"));
        let to = category_at(ctx, tx, "category", category.trim().parse().map_err(|_| unknown())?)?;
        actions::move_to(ctx, tx, id, to).map(drop)
    };
    fill(&caller, key, ("category", typed), go, "tickets-moved").await
}

pub(in crate::pages) async fn set_labels(
    caller: Caller,
    Path(key): Path<RowKey>,
    form: Multi,
) -> web::Result<Response> {
    let chosen: Vec<String> = form.all("label").map(ToOwned::to_owned).collect();
    let typed = chosen.join(" ");
    let set = move |ctx: &Ctx, tx: &mut Tx<'_>, id| {
        let unknown = |_| Error::field("labels", Text::new("tickets-label-unknown"));
        let labels = chosen.iter().map(|label| Id::parse(label).map_err(unknown));
        let labels: Vec<_> = labels.collect::<Result<_>>()?;
        actions::set_ticket_labels(ctx, tx, id, &labels).map(drop)
    };
    fill(&caller, key, ("labels", typed), set, "tickets-labelled").await
}

/// For how long.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct SnoozeQuery {
    hours: i64,
}

pub(in crate::pages) async fn snooze(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(SnoozeQuery { hours }): Query<SnoozeQuery>,
) -> web::Result<Response> {
    let sleep = move |ctx: &Ctx, tx: &mut Tx<'_>, id| {
        let until = ctx.now().plus_millis(hours.saturating_mul(HOUR_MS));
        actions::snooze(ctx, tx, id, until).map(drop)
    };
    act(&caller, key, sleep, "tickets-snoozed").await
}

pub(in crate::pages) async fn wake(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    act(&caller, key, |ctx, tx, id| actions::wake(ctx, tx, id).map(drop), "tickets-woken").await
}

pub(in crate::pages) async fn close(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    act(&caller, key, |ctx, tx, id| actions::close(ctx, tx, id).map(drop), "tickets-closed-now").await
}

pub(in crate::pages) async fn reopen(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    act(&caller, key, |ctx, tx, id| actions::reopen(ctx, tx, id).map(drop), "tickets-reopened").await
}

/// Into which ticket.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct MergeForm {
    into: String,
}

pub(in crate::pages) async fn merge(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(MergeForm { into }): web::Form<MergeForm>,
) -> web::Result<Response> {
    let typed = into.clone();
    let merge = move |ctx: &Ctx, tx: &mut Tx<'_>, id| {
        let unknown = || Error::field("into", Text::new("tickets-ticket-unknown"));
        let number = into.trim().trim_start_matches(['#', '№']).trim().parse().map_err(|_| unknown())?;
        let into = match reads::get_by_number(ctx, tx, number) {
            Err(error) if error.kind() == Kind::NotFound => return Err(unknown()),
            found => found?.id,
        };
        actions::merge(ctx, tx, id, into).map(drop)
    };
    fill(&caller, key, ("merge", typed), merge, "tickets-merged").await
}
