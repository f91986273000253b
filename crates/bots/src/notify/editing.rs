//! An agent changes an answer in their own chat: the copy in the chat of whoever asked changes, too, or the agent is told why not.

use channels::telegram::{Act, Outgoing};
use context::{Actor, Ctx};
use db::Tx;
use flow::{Keyboard, Message, RichText};
use kernel::{Kind, Result};
use serde_json::json;
use tickets::{Agent, MessageKind, actions, reads};

use super::audience::Audience;
use crate::{
    Conversation, DeliveryState,
    host::is_at_work,
    store::message::{Author, Copied, Leaving},
    ticketing,
};

/// Telegram lets a message be changed for two days.
const CHANGED_WITHIN_MS: i64 = 48 * 60 * 60 * 1_000;

/// The agent of this chat changed the words of the answer that the chat calls `key`.
pub(crate) fn edit_answer(
    ctx: &Ctx,
    tx: &mut Tx,
    own: &Conversation,
    answer: &tickets::Message,
    key: &str,
    text: &str,
) -> Result<()> {
    let Some(agent) = writer(ctx, tx, own, answer)? else { return Ok(()) };
    let ticket = reads::get(ctx, tx, answer.ticket)?;
    let refused = match answer.said.kind {
        MessageKind::Text if answer.said.text == text => return Ok(()),
        MessageKind::Text => change(ctx, tx, &agent, &ticket, answer, key, text)?,
        _ => Some("media"),
    };
    let Some(audience) = Audience::find(ctx, tx, own.id, None)? else { return Ok(()) };
    let args = json!({ "number": ticket.number, "why": refused.unwrap_or("ok") });
    audience.tell(ctx, tx, "desk_edited", &args)
}

/// The agent who wrote the answer, where they work at the desk and this is their chat.
fn writer(ctx: &Ctx, tx: &mut Tx, own: &Conversation, answer: &tickets::Message) -> Result<Option<Agent>> {
    let Some(agent) = answer.agent else { return Ok(None) };
    let Some(agent) = reads::agent(ctx, tx, agent)? else { return Ok(None) };
    let is_theirs = agent.telegram_id.is_some_and(|id| own.chat_key == id.to_string());
    Ok((is_theirs && is_at_work(ctx, tx, &agent)?).then_some(agent))
}

/// Changes the answer in its ticket and in the chat of whoever asked; why it cannot be, otherwise.
fn change(
    ctx: &Ctx,
    tx: &mut Tx,
    agent: &Agent,
    ticket: &tickets::Ticket,
    answer: &tickets::Message,
    key: &str,
    text: &str,
) -> Result<Option<&'static str>> {
    let audience = match ticketing::asked_in(ticket.chat_ref.as_deref()) {
        Some(id) => Audience::find(ctx, tx, id, None)?,
        None => None,
    };
    let Some(audience) = audience else { return Ok(Some("lost")) };
    let Some(copy) = audience.copy_of(ctx, tx, &ticketing::answer_key(answer.id))? else {
        return Ok(Some("lost"));
    };
    let leaving = match (audience.is_telegram(), copy) {
        (_, Copied { state: DeliveryState::Failed, .. }) => return Ok(Some("lost")),
        (true, Copied { platform_id: None, .. }) => return Ok(Some("waits")),
        (true, Copied { id, platform_id: Some(message), at, .. }) => {
            if ctx.now().millis_since(at) > CHANGED_WITHIN_MS {
                return Ok(Some("late"));
            }
            let act = Act::EditText { message, text: RichText::plain(text), keyboard: Keyboard::Keep };
            let call = Outgoing { chat: audience.chat()?, act };
            Leaving { edits: Some(id), ..Leaving::call(ctx, call) }
        }
        (false, Copied { id, .. }) => {
            let message = Message { edit: true, ..Message::of(RichText::plain(text)) };
            Leaving { edits: Some(id), ..Leaving::page(ctx, message) }
        }
    };
    let writing = ctx.with(|ctx| ctx.actor = Actor::agent(agent.id.uuid(), &agent.full_name));
    match tx.savepoint(|tx| actions::edit_message(&writing, tx, key, text)) {
        Err(error) if error.kind() == Kind::Invalid => return Ok(Some("unfit")),
        edited => edited.map(drop)?,
    }
    audience.put_leaving(ctx, tx, Leaving { author: Some(Author::agent(agent)), ..leaving })?;
    Ok(None)
}
