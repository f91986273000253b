//! What becomes of a bot: it rests, answers again, is put away, or is deleted.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Field, Form, FormPage, Go, Notice, Shell, Tone, form_again, render},
};

use super::bot_crumbs;
use crate::{
    Bot, BotState,
    actions::{delete_bot, set_bot_state},
    reads,
};

pub(super) async fn pause(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    set_state(&caller, key, BotState::Paused, "bots-paused").await
}

pub(super) async fn resume(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    set_state(&caller, key, BotState::Active, "bots-resumed").await
}

pub(super) async fn archive(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    set_state(&caller, key, BotState::Archived, "bots-archived").await
}

/// Back from the archive, and silent until somebody wants it to answer.
pub(super) async fn restore(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    set_state(&caller, key, BotState::Paused, "bots-restored").await
}

async fn set_state(
    caller: &Caller,
    key: RowKey,
    state: BotState,
    done: &'static str,
) -> web::Result<Response> {
    let number = caller
        .once(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            set_bot_state(ctx, tx, bot.id, state).map(|bot| bot.number)
        })
        .await?;
    Ok(Go::to(format!("/bots/{number}")).done(&caller.words(), &Text::new(done)).into_response())
}

/// What the form of deletion sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeleteForm {
    name: String,
}

fn delete_form(p: Shell, bot: &Bot, typed: &DeleteForm, error: Option<&Error>) -> FormPage {
    let back = format!("/bots/{}", bot.number);
    let p = bot_crumbs(p.titled("bots-delete"), bot).narrow();
    let form = Form::new(&p, format!("{back}/delete"))
        .error(error)
        .field(
            Field::text("name", "bots-delete-name")
                .value(&typed.name)
                .required()
                .focus()
                .max(100)
                .placeholder(bot.name.clone()),
        )
        .submit("bots-delete")
        .submit_icon("trash")
        .cancel(back);
    let goes = ["bots-delete-talks", "bots-delete-channels", "bots-delete-versions", "bots-delete-stays"];
    let notice = Notice::new(Tone::Error, p.t1("bots-delete-warning", "name", bot.name.as_str()))
        .items(goes.map(|key| p.t(key)).to_vec());
    FormPage::new(p, form).notice(notice)
}

pub(super) async fn delete_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsDelete)?;
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    Ok(render(&delete_form(caller.shell(), &bot, &DeleteForm::default(), None)))
}

pub(super) async fn delete(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<DeleteForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsDelete)?;
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let (id, name) = (bot.id, typed.name.clone());
    match caller.once(move |ctx, tx| delete_bot(ctx, tx, id, Some(&name))).await {
        Ok(()) => {
            let done = Text::new("bots-deleted").with("name", &bot.name);
            Ok(Go::to("/bots").done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| delete_form(caller.shell(), &bot, &typed, Some(error)))?),
    }
}
