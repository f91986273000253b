//! What the buttons and the small forms of a broadcast's page do.

use std::sync::Arc;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use bots::Bots;
use context::Ctx;
use db::Tx;
use files::Received;
use kernel::{Error, Id, Kind, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Go, Tone, form_again},
};

use super::one::{Typed, page_of};
use crate::{Broadcast, actions, api::store_file, reads};

/// Does it and goes back to the page; a refusal is told there.
async fn act(
    caller: &Caller,
    key: RowKey,
    act: impl Fn(&Ctx, &mut Tx, Id<Broadcast>) -> Result<Broadcast> + Send + 'static,
    done: &'static str,
) -> web::Result<Response> {
    let write = move |ctx: &Ctx, tx: &mut Tx| {
        let id = reads::id_of(ctx, tx, key)?;
        act(ctx, tx, id).map(|broadcast| broadcast.number)
    };
    match caller.once(write).await {
        Ok(number) => Ok(Go::to(format!("/broadcasts/{number}"))
            .done(&caller.words(), &Text::new(done))
            .into_response()),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => {
            let told =
                error.field_errors().first().map_or_else(|| error.text().clone(), |first| first.text.clone());
            let go = Go::to(format!("/broadcasts/{key}")).toast(Tone::Error, caller.words().say(&told));
            Ok(go.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn start(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bots: Arc<Bots> = caller.app.service()?;
    let begin = move |ctx: &Ctx, tx: &mut Tx, id| actions::schedule(ctx, tx, &bots, id, None);
    act(&caller, key, begin, "broadcast-started").await
}

pub(super) async fn unschedule(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    act(&caller, key, actions::unschedule, "broadcast-unscheduled").await
}

pub(super) async fn pause(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    act(&caller, key, actions::pause, "broadcast-paused").await
}

pub(super) async fn resume(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    act(&caller, key, actions::resume, "broadcast-resumed").await
}

pub(super) async fn cancel(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    act(&caller, key, actions::cancel, "broadcast-cancelled").await
}

pub(super) async fn copy(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bots: Arc<Bots> = caller.app.service()?;
    act(&caller, key, move |ctx, tx, id| actions::copy(ctx, tx, &bots, id), "broadcast-copied").await
}

pub(super) async fn remove_file(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bots: Arc<Bots> = caller.app.service()?;
    let remove = move |ctx: &Ctx, tx: &mut Tx, id| actions::set_file(ctx, tx, &bots, id, None);
    act(&caller, key, remove, "broadcast-file-removed").await
}

pub(super) async fn delete(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let write = move |ctx: &Ctx, tx: &mut Tx| {
        let id = reads::id_of(ctx, tx, key)?;
        actions::delete(ctx, tx, id)
    };
    caller.once(write).await?;
    Ok(Go::to("/broadcasts").done(&caller.words(), &Text::new("broadcast-deleted")).into_response())
}

/// The page again, with what was typed and what is wrong with it.
async fn again(caller: &Caller, key: RowKey, typed: Typed, error: Error) -> web::Result<Response> {
    if !matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::TooMuch { .. }) {
        return Err(error.into());
    }
    let page = page_of(caller, key, &typed, Some(&error)).await?;
    Ok(form_again(error, |_| page)?)
}

pub(super) async fn set_file(
    caller: Caller,
    Path(key): Path<RowKey>,
    received: Received,
) -> web::Result<Response> {
    let bots: Arc<Bots> = caller.app.service()?;
    let saved = match store_file(&caller, key, received).await {
        Ok(file) => {
            let write = move |ctx: &Ctx, tx: &mut Tx| {
                let id = reads::id_of(ctx, tx, key)?;
                actions::set_file(ctx, tx, &bots, id, Some(&file)).map(|broadcast| broadcast.number)
            };
            caller.once(write).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(number) => {
            let done = Text::new("broadcast-file-saved");
            Ok(Go::to(format!("/broadcasts/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => again(&caller, key, Typed::File, error).await,
    }
}

/// What the form of a trial sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TrialForm {
    conversation: String,
}

pub(super) async fn try_out(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(TrialForm { conversation }): web::Form<TrialForm>,
) -> web::Result<Response> {
    let chosen = conversation.clone();
    let write = move |ctx: &Ctx, tx: &mut Tx| {
        let id = reads::id_of(ctx, tx, key)?;
        let wrong = |_| Error::field("conversation", Text::new("bots-trial-unknown"));
        actions::try_out(ctx, tx, id, Id::parse(&chosen).map_err(wrong)?)
    };
    match caller.once(write).await {
        Ok(()) => {
            let done = Text::new("broadcast-tried");
            Ok(Go::to(format!("/broadcasts/{key}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => again(&caller, key, Typed::Trial(conversation), error).await,
    }
}

/// What the form of the moment sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct MomentForm {
    date: String,
    time: String,
}

pub(super) async fn schedule(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(MomentForm { date, time }): web::Form<MomentForm>,
) -> web::Result<Response> {
    let bots: Arc<Bots> = caller.app.service()?;
    let (on, at) = (date.clone(), time.clone());
    let write = move |ctx: &Ctx, tx: &mut Tx| {
        let id = reads::id_of(ctx, tx, key)?;
        let moment = reads::moment(ctx, &on, &at)?;
        let planned = actions::schedule(ctx, tx, &bots, id, Some(moment));
        planned.map(|broadcast| broadcast.number).map_err(about_date)
    };
    match caller.once(write).await {
        Ok(number) => {
            let done = Text::new("broadcast-scheduled");
            Ok(Go::to(format!("/broadcasts/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => again(&caller, key, Typed::Moment(date, time), error).await,
    }
}

/// The moment is two fields of the form.
fn about_date(error: Error) -> Error {
    match error.field_errors().first() {
        Some(first) if first.field == "at" => Error::field("date", first.text.clone()),
        _ => error,
    }
}
