//! Who gets a ticket by itself: of the agents on duty who answer in its category, whoever has the fewest.

use context::{Ctx, Event};
use db::Tx;
use kernel::{Id, Result};

use crate::{Act, Agent, Assigns, Category, Deed, Ticket, events, reads, store};

/// Tickets that are given anew at once, at most; the others wait until somebody takes them.
const AT_ONCE: u32 = 1_000;

/// Writes down what was done with a ticket.
pub(crate) fn note_deed(ctx: &Ctx, tx: &mut Tx, ticket: &Ticket, deed: Deed) -> Result<()> {
    let act = Act {
        id: ctx.new_id(),
        ticket: ticket.id,
        after_place: ticket.last_place,
        author: ctx.actor().name.clone(),
        deed,
        created_at: ctx.now(),
    };
    store::act::insert(ctx, tx, &act)
}

/// Gives a ticket that nobody has to whoever is next, where its category gives tickets by itself and somebody is on duty. The
/// ticket's row is the caller's to write.
pub(crate) fn give(ctx: &Ctx, tx: &mut Tx, category: &Category, ticket: &mut Ticket) -> Result<()> {
    if ticket.agent.is_some() || category.service.assigns != Assigns::ByLoad {
        return Ok(());
    }
    let Some(agent) = store::staff::next_agent(ctx, tx, category.id)? else { return Ok(()) };
    store::staff::set_given(ctx, tx, agent.id)?;
    hand(ctx, tx, ticket, Some(&agent), true)
}

/// The same for a ticket where somebody waits: who has it and is off duty, or answers there no more, is relieved of it where somebody
/// else is there, and keeps it otherwise.
pub(crate) fn give_to_whoever_is_there(
    ctx: &Ctx,
    tx: &mut Tx,
    category: &Category,
    ticket: &mut Ticket,
) -> Result<()> {
    let Some(agent) = ticket.agent else { return give(ctx, tx, category, ticket) };
    if category.service.assigns != Assigns::ByLoad {
        return Ok(());
    }
    let agent = store::staff::find_agent(ctx, tx, agent)?;
    if agent.is_some_and(|agent| agent.is_on_duty && agent.answers_in(category.id)) {
        return Ok(());
    }
    let Some(next) = store::staff::next_agent(ctx, tx, category.id)? else { return Ok(()) };
    store::staff::set_given(ctx, tx, next.id)?;
    hand(ctx, tx, ticket, Some(&next), true)
}

/// Has this agent, or nobody, answer the ticket. The ticket's row is the caller's to write.
pub(crate) fn hand(
    ctx: &Ctx,
    tx: &mut Tx,
    ticket: &mut Ticket,
    agent: Option<&Agent>,
    by_itself: bool,
) -> Result<()> {
    let before = ticket.agent;
    ticket.agent = agent.map(|agent| agent.id);
    if ticket.agent == before {
        return Ok(());
    }
    let to = agent.map(|agent| agent.full_name.clone());
    note_deed(ctx, tx, ticket, Deed::Assigned { to, by_itself })?;
    ctx.audit(tx, "ticket.assign", "ticket", ticket.id, before.as_ref(), ticket.agent.as_ref())?;
    ctx.emit(tx, Event::new(events::TICKET_ASSIGNED, ticket.id))
}

/// Who is off duty, or answers no more in a category, keeps no ticket there that waits: it goes to whoever is next, or to nobody.
pub(crate) fn relieve(ctx: &Ctx, tx: &mut Tx, agent: &Agent) -> Result<()> {
    let categories = reads::categories(ctx, tx)?;
    for mut ticket in store::ticket::open_of_agent(ctx, tx, agent.id, AT_ONCE)? {
        let Some(category) = categories.iter().find(|one| one.id == ticket.category) else { continue };
        let keeps = agent.answers_in(category.id)
            && (agent.is_on_duty
                || category.service.assigns == Assigns::Manual
                || ticket.clock.waiting_since.is_none());
        if keeps {
            continue;
        }
        let next = match category.service.assigns {
            Assigns::ByLoad => store::staff::next_agent(ctx, tx, category.id)?,
            Assigns::Manual => None,
        };
        if let Some(next) = &next {
            store::staff::set_given(ctx, tx, next.id)?;
        }
        hand(ctx, tx, &mut ticket, next.as_ref(), true)?;
        store::ticket::update(ctx, tx, &ticket)?;
    }
    Ok(())
}

/// Gives what nobody has in these categories to whoever is next, the oldest first.
pub(crate) fn give_waiting(ctx: &Ctx, tx: &mut Tx, of: &[Id<Category>]) -> Result<()> {
    let categories = reads::categories(ctx, tx)?;
    let by_load = |category: &&Category| category.service.assigns == Assigns::ByLoad;
    for category in categories.iter().filter(|one| of.contains(&one.id)).filter(by_load) {
        for mut ticket in store::ticket::unassigned_of(ctx, tx, category.id, AT_ONCE)? {
            give(ctx, tx, category, &mut ticket)?;
            if ticket.agent.is_none() {
                break;
            }
            store::ticket::update(ctx, tx, &ticket)?;
        }
    }
    Ok(())
}
