//! `/bots/{number}/staff`: the chat in which the bot tells the staff.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Id, PageRequest, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Choice, Field, Form, FormPage, Go, Notice, Shell, Tone, form_again, render},
};

use super::{bot_crumbs, words};
use crate::{
    Bot,
    actions::set_staff_chat,
    reads::{self, ConversationFilter, ConversationSummary},
};

/// Conversations that can be chosen.
const OFFERED: u32 = 200;

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct StaffForm {
    conversation: String,
}

fn form_page(
    p: Shell,
    bot: &Bot,
    offered: &[ConversationSummary],
    typed: &StaffForm,
    error: Option<&Error>,
) -> FormPage {
    let back = format!("/bots/{}", bot.number);
    let p = bot_crumbs(p.titled("bots-staff").lead("bots-staff-lead"), bot).narrow();
    let choice = |summary: &ConversationSummary| {
        let kind = words::kind(&p.words, summary.kind);
        Choice::new(summary.row.id.to_string(), format!("{} · {kind}", words::person(&p.words, summary)))
    };
    let choices: Vec<Choice> = offered.iter().map(choice).collect();
    let form = Form::new(&p, format!("{back}/staff"))
        .error(error)
        .field(Field::select("conversation", "bots-staff-chat", choices).value(&typed.conversation))
        .cancel(back);
    let steps = ["bots-staff-step-1", "bots-staff-step-2", "bots-staff-step-3"].map(|key| p.t(key));
    let notice = Notice::new(Tone::Info, p.t("bots-staff-how")).items(steps.to_vec());
    FormPage::new(p, form).notice(notice)
}

async fn offered(caller: &Caller, key: RowKey) -> kernel::Result<(Bot, Vec<ConversationSummary>)> {
    let read = caller.read(move |ctx, tx| {
        let bot = reads::get_bot(ctx, tx, key)?;
        let filter = ConversationFilter { bot: Some(bot.id), ..ConversationFilter::default() };
        let found = reads::list_conversations(ctx, tx, &filter, PageRequest::new(1, OFFERED))?.results;
        Ok((bot, found))
    });
    read.await
}

pub(super) async fn page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let (bot, offered) = offered(&caller, key).await?;
    let conversation = bot.staff_chat.map(|id| id.to_string()).unwrap_or_default();
    Ok(render(&form_page(caller.shell(), &bot, &offered, &StaffForm { conversation }, None)))
}

pub(super) async fn save(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<StaffForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    let (bot, offered) = offered(&caller, key).await?;
    let (id, sent) = (bot.id, typed.conversation.clone());
    let done = caller.once(move |ctx, tx| {
        let chat = match sent.as_str() {
            "" => None,
            id => Some(Id::parse(id).map_err(|_| unknown())?),
        };
        set_staff_chat(ctx, tx, id, chat).map(drop)
    });
    match done.await {
        Ok(()) => {
            let done = Text::new("bots-staff-saved");
            Ok(Go::to(format!("/bots/{}", bot.number)).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            Ok(form_again(error, |error| form_page(caller.shell(), &bot, &offered, &typed, Some(error)))?)
        }
    }
}

fn unknown() -> Error {
    Error::field("conversation", Text::new("bots-staff-unknown"))
}
