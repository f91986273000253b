//! What is done in a conversation without a script, and by the buttons beside it.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Ctx;
use db::Tx;
use kernel::{Error, Id, Kind, Result, Text};
use web::{
    Caller, Multi, RowKey,
    pages::{Go, ListQuery, Tone, form_again},
};

use super::{Asked, Kept, drawn};
use crate::{Conversation, inbox};

pub(super) fn id_of<T>(key: RowKey) -> Result<Id<T>> {
    key.id().ok_or_else(Error::not_found)
}

/// Answers, or writes a note; what was typed stays where it is refused.
pub(super) async fn say(
    caller: Caller,
    Path(key): Path<RowKey>,
    query: ListQuery,
    form: Multi,
) -> web::Result<Response> {
    let id = id_of(key)?;
    let (text, is_note) = (form.get("text").to_owned(), form.get("mode") == "note");
    let typed = text.clone();
    let write = move |ctx: &Ctx, tx: &mut Tx| match is_note {
        true => inbox::note(ctx, tx, id, &text).map(drop),
        false => inbox::reply(ctx, tx, id, &text).map(drop),
    };
    match caller.once(write).await {
        Ok(()) => Ok(Go::to(format!("/conversations/{key}")).into_response()),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => {
            let told =
                error.field_errors().first().map_or_else(|| error.text().clone(), |one| one.text.clone());
            let problem = caller.words().say(&told);
            let kept = Kept::Words { typed: &typed, problem };
            let page = drawn(&caller, key, Asked::of(query), &kept).await?;
            Ok(form_again(error, |_| page)?)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn take_over(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    act(&caller, key, inbox::take_over, "bots-taken-over").await
}

pub(super) async fn hand_back(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    act(&caller, key, inbox::hand_back, "bots-handed-back").await
}

async fn act(
    caller: &Caller,
    key: RowKey,
    act: fn(&Ctx, &mut Tx, Id<Conversation>) -> Result<Conversation>,
    done: &'static str,
) -> web::Result<Response> {
    let id = id_of(key)?;
    caller.once(move |ctx, tx| act(ctx, tx, id).map(drop)).await?;
    Ok(Go::to(format!("/conversations/{key}")).done(&caller.words(), &Text::new(done)).into_response())
}

pub(super) async fn set_labels(
    caller: Caller,
    Path(key): Path<RowKey>,
    form: Multi,
) -> web::Result<Response> {
    let id = id_of(key)?;
    let labels: Vec<_> = form.all("label").map(Id::parse).collect::<Result<_, _>>()?;
    let go = Go::to(format!("/conversations/{key}"));
    match caller.write(move |ctx, tx| inbox::set_labels(ctx, tx, id, &labels).map(drop)).await {
        Ok(()) => Ok(go.into_response()),
        // Somebody took the label away meanwhile.
        Err(error) if !error.field_errors().is_empty() => {
            Ok(go.toast(Tone::Error, caller.words().t("tickets-label-unknown")).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
