//! Tells agents of the support desk in their chats what waits for them: of a ticket once, until they look at it.

use context::{Ctx, StoredEvent};
use db::{ReadTx, Tx};
use flow::{InlineAct, InlineButton, Keyboard};
use jobs::Listener;
use kernel::{Error, Id, Result};
use serde_json::json;
use tickets::{
    Agent, MessageFilter, Ticket,
    events::{TICKET_ASSIGNED, TICKET_CLOSED, TICKET_OPENED, TICKET_SAID, Told},
    reads,
};

use super::audience::Audience;
use crate::{Conversation, host::is_at_work, store};

/// The command by which agents come to their desk.
const COMMAND: &str = "admin";

pub(super) fn listener() -> Listener {
    Listener {
        name: "bots.tell_agents",
        events: &[TICKET_OPENED, TICKET_SAID, TICKET_ASSIGNED, TICKET_CLOSED],
        on: tell,
    }
}

fn tell(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let ticket = reads::get(ctx, tx, Id::from_uuid(event.subject))?;
    if !ticket.is_open {
        return store::desk_look::forget(ctx, tx, ticket.id);
    }
    let (kind, place) = match event.name.as_str() {
        TICKET_OPENED => ("opened", 0),
        TICKET_ASSIGNED if ticket.agent.is_some() => ("given", ticket.last_place),
        TICKET_ASSIGNED => ("opened", ticket.last_place),
        // It goes on already.
        TICKET_CLOSED => return Ok(()),
        _ => {
            let Told { message, .. } =
                serde_json::from_value(event.payload.clone()).map_err(Error::internal)?;
            let message = reads::get_message(ctx, tx, message)?;
            if message.is_answer {
                return Ok(());
            }
            (if message.place == 1 { "opened" } else { "said" }, message.place)
        }
    };
    for agent in whom(ctx, tx, &ticket)? {
        notice(ctx, tx, &ticket, &agent, kind, place)?;
    }
    Ok(())
}

/// The agent who has the ticket; where nobody who works has it, those on duty who answer in its category.
fn whom(ctx: &Ctx, tx: &mut ReadTx, ticket: &Ticket) -> Result<Vec<Agent>> {
    let mut answering = Vec::new();
    for agent in reads::agents(ctx, tx)? {
        if agent.answers_in(ticket.category) && agent.telegram_id.is_some() && is_at_work(ctx, tx, &agent)? {
            answering.push(agent);
        }
    }
    match answering.iter().position(|agent| Some(agent.id) == ticket.agent) {
        Some(has) => Ok(vec![answering.swap_remove(has)]),
        None => Ok(answering.into_iter().filter(|agent| agent.is_on_duty).collect()),
    }
}

/// Tells one agent, unless they know already. Whoever has opened no bot of ours is told nothing.
fn notice(ctx: &Ctx, tx: &mut Tx, ticket: &Ticket, agent: &Agent, kind: &str, place: i64) -> Result<()> {
    let Some(chat) = chat_of(ctx, tx, ticket, agent)? else { return Ok(()) };
    if !store::desk_look::is_to_be_told(ctx, tx, ticket.id, agent.id, place)? {
        return Ok(());
    }
    let Some(audience) = Audience::find(ctx, tx, chat.id, None)? else { return Ok(()) };
    if !audience.knows_command(COMMAND) {
        return Ok(());
    }
    let contact = contacts::get(ctx, tx, ticket.contact)?;
    let categories = reads::categories(ctx, tx)?;
    let category = categories.iter().find(|category| category.id == ticket.category);
    let filter = MessageFilter { ticket: Some(ticket.id), is_answer: Some(false), latest_first: true };
    let last = reads::messages(ctx, tx, &filter, kernel::PageRequest::new(1, 1))?.results.pop();
    let args = json!({
        "kind": kind,
        "number": ticket.number,
        "category": category.map(|category| category.name.get(audience.lang)),
        "who": contact.name,
        "words": last.map(|message| message.said.text),
    });
    let Some(words) = audience.message(ctx, "desk_notice", &args) else { return Ok(()) };
    let label = audience.message(ctx, "desk_notice_button", &args).map(|label| label.text.text);
    let button = InlineButton {
        label: label.unwrap_or_else(|| format!("№ {}", ticket.number)),
        act: InlineAct::Key(format!("/{COMMAND} {}", ticket.number)),
    };
    let words = flow::Message { keyboard: Keyboard::Inline(vec![vec![button]]), ..words };
    audience.send(ctx, tx, words, None, None)
}

/// The agent's chat with the bot that the ticket is asked in, or else with the one that heard of them last. What an agent asks
/// themselves is not told there.
fn chat_of(ctx: &Ctx, tx: &mut ReadTx, ticket: &Ticket, agent: &Agent) -> Result<Option<Conversation>> {
    let Some(telegram_id) = agent.telegram_id else { return Ok(None) };
    let chats = store::conversation::in_telegram(ctx, tx, &telegram_id.to_string())?;
    let asked_in: Option<Id<Conversation>> = ticket.chat_ref.as_deref().and_then(|chat| Id::parse(chat).ok());
    if chats.iter().any(|chat| Some(chat.id) == asked_in) {
        return Ok(None);
    }
    let channel = match asked_in {
        Some(id) => store::conversation::find(ctx, tx, id)?.map(|conversation| conversation.channel),
        None => None,
    };
    let same = chats.iter().position(|chat| Some(chat.channel) == channel).unwrap_or(0);
    Ok(chats.into_iter().nth(same))
}
