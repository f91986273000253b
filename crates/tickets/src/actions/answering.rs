//! Answering at the desk: in one's own name, and with what others answered meanwhile in sight.

use context::{ActorKind, Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, PersonId, Result, Text};

use super::asking::add_message;
use crate::{Agent, By, Message, NewAgent, Said, Ticket, reads::Sight, store};

/// The agent who acts here answers. `seen` is the place of the last message that they saw: where a colleague answered since, nothing is
/// said, so that nobody is answered twice. Errors: whoever acts is no agent; a colleague was quicker.
pub fn answer(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, said: Said, seen: Option<i64>) -> Result<Message> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    let ticket = sight.seen(store::ticket::lock(ctx, tx, id)?)?;
    let own = sight.agent().ok_or_else(|| Error::conflict(Text::new("tickets-no-agent")))?.id;
    if let Some(seen) = seen {
        let since = store::message::between(ctx, tx, id, seen, ticket.last_place)?;
        if let Some(quicker) =
            since.iter().rev().find(|message| message.is_answer && message.agent != Some(own))
        {
            let name = match quicker.agent {
                Some(agent) => store::staff::find_agent(ctx, tx, agent)?.map(|agent| agent.full_name),
                None => None,
            };
            let text = Text::new("tickets-answered-meanwhile").with("name", name.unwrap_or_default());
            return Err(Error::conflict(text));
        }
    }
    let message = add_message(ctx, tx, id, By::Agent(own), said)?;
    store::act::forget_mention(ctx, tx, own, id)?;
    Ok(message)
}

/// The member who acts here, and who manages the desk, answers there too from now on.
pub fn become_agent(ctx: &Ctx, tx: &mut Tx) -> Result<Agent> {
    ctx.require(Permission::TicketsEdit)?;
    let actor = ctx.actor();
    let (ActorKind::Member, Some(member)) = (actor.kind, actor.id) else { return Err(Error::forbidden()) };
    let new = NewAgent {
        member: Some(PersonId::from_uuid(member)),
        telegram_id: None,
        full_name: actor.name.clone(),
        is_head: true,
        is_active: true,
        categories: Vec::new(),
    };
    super::staff::create_agent(ctx, tx, new)
}

/// The member who acts here has this ticket open, and writes an answer or does not. What they were named in is seen with it.
pub fn be_present(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, is_writing: bool) -> Result<()> {
    ctx.require(Permission::TicketsEdit)?;
    super::see(ctx, tx, id)?;
    let ticket = Sight::of(ctx, tx)?.seen(store::ticket::get(ctx, tx, id)?)?;
    match ctx.actor().id {
        Some(member) => store::presence::put(ctx, tx, ticket.id, PersonId::from_uuid(member), is_writing),
        None => Ok(()),
    }
}
