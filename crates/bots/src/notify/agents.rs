//! Tells agents of the support desk in their chats what waits for them: of a ticket once, until they look at it.

use context::{Ctx, StoredEvent};
use db::{ReadTx, Tx};
use flow::{InlineAct, InlineButton, Keyboard};
use jobs::Listener;
use kernel::{Error, Id, Result};
use serde_json::json;
use tickets::{
    Agent, MessageFilter, Ticket,
    events::{TICKET_ASSIGNED, TICKET_CLOSED, TICKET_OPENED, TICKET_OVERDUE, TICKET_RETURNED, TICKET_SAID},
    reads,
};

use super::audience::Audience;
use crate::{
    Conversation,
    host::is_at_work,
    store,
    ticketing::{asked_in, told},
};

/// The command by which agents come to their desk.
const COMMAND: &str = "admin";

pub(super) fn listener() -> Listener {
    Listener {
        name: "bots.tell_agents",
        events: &[
            TICKET_OPENED,
            TICKET_SAID,
            TICKET_ASSIGNED,
            TICKET_CLOSED,
            TICKET_OVERDUE,
            TICKET_RETURNED,
        ],
        on: tell,
    }
}

fn tell(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let said = match event.name.as_str() {
        TICKET_SAID => Some(told(&event.payload)?.brief(ctx, tx)?),
        _ => None,
    };
    if said.is_some_and(|said| said.is_answer) {
        return Ok(());
    }
    let ticket = reads::get(ctx, tx, Id::from_uuid(event.subject))?;
    if !ticket.is_open {
        return store::desk_look::forget(ctx, tx, ticket.id);
    }
    if let TICKET_OVERDUE | TICKET_RETURNED = event.name.as_str() {
        return remind(ctx, tx, &ticket, event);
    }
    // Most of what is said, and answered without asking for everybody.
    if let Some(said) = said
        && holder_knows(ctx, tx, &ticket, said.place)?
    {
        return Ok(());
    }
    let (kind, place) = match event.name.as_str() {
        TICKET_OPENED => ("opened", 0),
        TICKET_ASSIGNED if ticket.agent.is_some() => ("given", ticket.last_place),
        TICKET_ASSIGNED => ("opened", ticket.last_place),
        // It goes on already.
        TICKET_CLOSED => return Ok(()),
        _ => match said {
            Some(said) if said.place == 1 => ("opened", said.place),
            Some(said) => ("said", said.place),
            None => return Err(Error::internal(format!("agents are told nothing of {}", event.name))),
        },
    };
    for agent in holder_or_on_duty(answering(ctx, tx, &ticket)?, &ticket) {
        notice(ctx, tx, &ticket, &agent, kind, place)?;
    }
    Ok(())
}

/// A promised time is over, or the ticket comes back by its time: told once for each, whatever they were told before. Who has the
/// ticket and is off duty is left alone, and the others are told.
fn remind(ctx: &Ctx, tx: &mut Tx, ticket: &Ticket, event: &StoredEvent) -> Result<()> {
    let is_overdue = event.name == TICKET_OVERDUE;
    // Answered meanwhile.
    if is_overdue && ticket.clock.due_at() != ticket.clock.alerted_due_at {
        return Ok(());
    }
    let kind = if is_overdue { "overdue" } else { "returned" };
    let mut on_duty = answering(ctx, tx, ticket)?;
    on_duty.retain(|agent| agent.is_on_duty);
    for agent in holder_or_on_duty(on_duty, ticket) {
        let Some(audience) = at_chat(ctx, tx, ticket, &agent)? else { continue };
        let Some(words) = words(ctx, tx, ticket, &audience, kind)? else { continue };
        audience.send(ctx, tx, words, Some(&format!("{kind}:{}:{}", event.seq, agent.id)), None)?;
    }
    Ok(())
}

/// Whether somebody who works has the ticket and knows that there is something at `place`: then nobody else is told.
fn holder_knows(ctx: &Ctx, tx: &mut ReadTx, ticket: &Ticket, place: i64) -> Result<bool> {
    let Some(holder) = ticket.agent else { return Ok(false) };
    if !store::desk_look::knows(ctx, tx, ticket.id, holder, place)? {
        return Ok(false);
    }
    match reads::agent(ctx, tx, holder)? {
        Some(holder) => is_answering(ctx, tx, ticket, &holder),
        None => Ok(false),
    }
}

/// Those who can be told of the ticket, on duty or not.
fn answering(ctx: &Ctx, tx: &mut ReadTx, ticket: &Ticket) -> Result<Vec<Agent>> {
    let mut answering = Vec::new();
    for agent in reads::agents(ctx, tx)? {
        if is_answering(ctx, tx, ticket, &agent)? {
            answering.push(agent);
        }
    }
    Ok(answering)
}

/// Whether the agent is at work, answers in the ticket's category and has a chat with us.
fn is_answering(ctx: &Ctx, tx: &mut ReadTx, ticket: &Ticket, agent: &Agent) -> Result<bool> {
    Ok(agent.telegram_id.is_some() && agent.answers_in(ticket.category) && is_at_work(ctx, tx, agent)?)
}

/// The one of them who has the ticket; where none has it, those on duty.
fn holder_or_on_duty(mut agents: Vec<Agent>, ticket: &Ticket) -> Vec<Agent> {
    match agents.iter().position(|agent| Some(agent.id) == ticket.agent) {
        Some(holder) => vec![agents.swap_remove(holder)],
        None => agents.into_iter().filter(|agent| agent.is_on_duty).collect(),
    }
}

/// Tells one agent, unless they know already. Whoever has opened no bot of ours is told nothing.
fn notice(ctx: &Ctx, tx: &mut Tx, ticket: &Ticket, agent: &Agent, kind: &str, place: i64) -> Result<()> {
    let Some(chat) = chat_of(ctx, tx, ticket, agent)? else { return Ok(()) };
    if store::desk_look::knows(ctx, tx, ticket.id, agent.id, place)? {
        return Ok(());
    }
    // In the order in which the agent's own turns take them: first the chat, then what was seen in it.
    store::conversation::lock_by_id(ctx, tx, chat.id)?;
    if !store::desk_look::is_to_be_told(ctx, tx, ticket.id, agent.id, place)? {
        return Ok(());
    }
    let Some(audience) = of_chat(ctx, tx, &chat)? else { return Ok(()) };
    match words(ctx, tx, ticket, &audience, kind)? {
        Some(words) => audience.send(ctx, tx, words, None, None),
        None => Ok(()),
    }
}

/// Where the agent is told of the ticket.
fn at_chat(ctx: &Ctx, tx: &mut ReadTx, ticket: &Ticket, agent: &Agent) -> Result<Option<Audience>> {
    match chat_of(ctx, tx, ticket, agent)? {
        Some(chat) => of_chat(ctx, tx, &chat),
        None => Ok(None),
    }
}

/// The chat, where its bot has a desk.
fn of_chat(ctx: &Ctx, tx: &mut ReadTx, chat: &Conversation) -> Result<Option<Audience>> {
    Ok(Audience::find(ctx, tx, chat.id, None)?.filter(|audience| audience.knows_command(COMMAND)))
}

/// What an agent is told of a ticket, with a button that opens it.
fn words(
    ctx: &Ctx,
    tx: &mut ReadTx,
    ticket: &Ticket,
    audience: &Audience,
    kind: &str,
) -> Result<Option<flow::Message>> {
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
    let Some(words) = audience.message(ctx, "desk_notice", &args) else { return Ok(None) };
    let label = audience.message(ctx, "desk_notice_button", &args).map(|label| label.text.text);
    let button = InlineButton {
        label: label.unwrap_or_else(|| format!("№ {}", ticket.number)),
        act: InlineAct::Key(format!("/{COMMAND} {}", ticket.number)),
    };
    Ok(Some(flow::Message { keyboard: Keyboard::Inline(vec![vec![button]]), ..words }))
}

/// The agent's chat with the bot that the ticket is asked in, or else with the one that heard of them last. What an agent asks
/// themselves is not told there.
fn chat_of(ctx: &Ctx, tx: &mut ReadTx, ticket: &Ticket, agent: &Agent) -> Result<Option<Conversation>> {
    let Some(telegram_id) = agent.telegram_id else { return Ok(None) };
    let chats = store::conversation::in_telegram(ctx, tx, &telegram_id.to_string())?;
    let asked_in = asked_in(ticket.chat_ref.as_deref());
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
