//! What agents do with a ticket beside answering.

use context::{Ctx, Event, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text, Timestamp};

use super::asking::{held_open, promise};
use crate::{
    Agent, Category, Deed, Label, Ticket, act, alerts, assigning, events, labels_of,
    reads::{self, Sight},
    settings::{self, Settings},
    sleeping, store,
};

/// Milliseconds of the longest time that a ticket sleeps: a year.
const SNOOZE_MAX_MS: i64 = 366 * 24 * 60 * 60 * 1_000;

/// Writes a note that only the staff reads. Agents whose name stands in it behind `@` find the ticket among those they are named in.
pub fn add_note(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, text: &str) -> Result<()> {
    ctx.require(Permission::TicketsEdit)?;
    let text = act::note(text)?;
    let ticket = Sight::of(ctx, tx)?.seen(store::ticket::lock(ctx, tx, id)?)?;
    let agents = reads::agents(ctx, tx)?;
    for agent in act::named_in(&text, &agents) {
        if agent.answers_in(ticket.category) {
            store::act::mention(ctx, tx, agent.id, id)?;
        }
    }
    ctx.audit(tx, "ticket.note", "ticket", id, None::<&()>, None::<&()>)?;
    changed(ctx, tx, &ticket, Deed::Note { text })
}

/// The agent who looks has seen the ticket: what they were named in is no news any more.
pub fn see(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>) -> Result<()> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    let Some(agent) = sight.agent().map(|agent| agent.id) else { return Ok(()) };
    if !store::act::is_mentioned(ctx, tx, agent, id)? {
        return Ok(());
    }
    let ticket = sight.seen(store::ticket::get(ctx, tx, id)?)?;
    store::act::forget_mention(ctx, tx, agent, id)?;
    ctx.audit(tx, "ticket.see", "ticket", id, None::<&()>, None::<&()>)?;
    ctx.emit(tx, Event::new(events::TICKET_CHANGED, ticket.id))
}

/// Has a ticket be about something else, and whoever answers in that category have it.
pub fn move_to(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, to: Id<Category>) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    let before = held_open(ctx, tx, &sight, id)?;
    let known =
        reads::categories(ctx, tx)?.into_iter().find(|category| category.id == to && category.is_active);
    let category = known.ok_or_else(|| Error::field("category", Text::new("tickets-category-unknown")))?;
    if before.category == to {
        return Ok(before);
    }
    let mut after = Ticket { category: to, ..before.clone() };
    let settings = Settings::of(ctx, tx)?;
    promise(ctx, &settings, &category, &mut after);
    changed(ctx, tx, &after, Deed::Moved { to })?;
    let agent = match before.agent {
        Some(agent) => store::staff::find_agent(ctx, tx, agent)?.filter(|agent| agent.answers_in(to)),
        None => None,
    };
    assigning::hand(ctx, tx, &mut after, agent.as_ref(), true)?;
    assigning::give(ctx, tx, &category, &mut after)?;
    store::ticket::update(ctx, tx, &after)?;
    ctx.audit(tx, "ticket.move", "ticket", id, Some(&before.category), Some(&to))?;
    alerts::when_due(ctx, tx, &after)?;
    Ok(after)
}

/// Takes a ticket from whoever has it: anybody of its category may take it.
pub fn unassign(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    let mut ticket = held_open(ctx, tx, &sight, id)?;
    if ticket.agent.is_some() {
        assigning::hand(ctx, tx, &mut ticket, None, false)?;
        store::ticket::update(ctx, tx, &ticket)?;
    }
    Ok(ticket)
}

/// Puts a ticket out of sight until then, or until the person says something. Errors: a moment that is over, or more than a year away.
pub fn snooze(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, until: Timestamp) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    let before = held_open(ctx, tx, &sight, id)?;
    let ahead = until.millis_since(ctx.now());
    if ahead <= 0 || ahead > SNOOZE_MAX_MS {
        return Err(Error::field("until", Text::new("tickets-snooze-malformed")));
    }
    let after = Ticket { snoozed_until: Some(until), ..before.clone() };
    store::ticket::update(ctx, tx, &after)?;
    ctx.audit(tx, "ticket.snooze", "ticket", id, before.snoozed_until.as_ref(), Some(&until))?;
    sleeping::when_over(ctx, tx, until)?;
    changed(ctx, tx, &after, Deed::Snoozed { until })?;
    Ok(after)
}

/// Puts a ticket into sight again.
pub fn wake(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    let before = held_open(ctx, tx, &sight, id)?;
    if before.snoozed_until.is_none() {
        return Ok(before);
    }
    let after = Ticket { snoozed_until: None, ..before.clone() };
    store::ticket::update(ctx, tx, &after)?;
    ctx.audit(tx, "ticket.wake", "ticket", id, before.snoozed_until.as_ref(), None::<&()>)?;
    changed(ctx, tx, &after, Deed::Woken)?;
    Ok(after)
}

/// Has what was said in the ticket `from` stand in `into`, behind what stands there, and closes `from`. A message stands in one
/// ticket only, before and after. Errors: the same ticket twice; `into` is closed; `from` was merged before.
pub fn merge(ctx: &Ctx, tx: &mut Tx, from: Id<Ticket>, into: Id<Ticket>) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    if from == into {
        return Err(Error::field("into", Text::new("tickets-merge-itself")));
    }
    // In the order of their ids, so that two merges the other way round do not wait for each other.
    let (first, second) = if from < into { (from, into) } else { (into, from) };
    let locked = [store::ticket::lock(ctx, tx, first)?, store::ticket::lock(ctx, tx, second)?];
    let [first, second] = locked;
    let (source, target) = if from < into { (first, second) } else { (second, first) };
    let (source, target) = (sight.seen(source)?, sight.seen(target)?);
    if source.merged_into.is_some() {
        return Err(Error::conflict(Text::new("tickets-merged-already").with("number", source.number)));
    }
    if !target.is_open {
        return Err(Error::field("into", Text::new("tickets-closed").with("number", target.number)));
    }
    let behind = target.last_place;
    assigning::note_deed(ctx, tx, &target, Deed::Merged { number: source.number })?;
    store::message::move_to(ctx, tx, from, into, behind)?;
    store::act::move_to(ctx, tx, from, into, behind)?;
    store::label::add_all(ctx, tx, from, into)?;
    let mut after = target.clone();
    after.last_place += source.last_place;
    after.last_message_at = target.last_message_at.max(source.last_message_at);
    after.chat_ref = target.chat_ref.clone().or_else(|| source.chat_ref.clone());
    after.clock.waiting_since =
        target.clock.waiting_since.into_iter().chain(source.clock.waiting_since).min();
    after.clock.answer_due_at =
        target.clock.answer_due_at.into_iter().chain(source.clock.answer_due_at).min();
    store::ticket::update(ctx, tx, &after)?;
    let was_open = source.is_open;
    let mut ended = Ticket {
        is_open: false,
        closed_at: source.closed_at.or(Some(ctx.now())),
        closed_by: source.closed_by.clone().or_else(|| Some(ctx.actor().name.clone())),
        last_place: 0,
        merged_into: Some(into),
        ..source.clone()
    };
    ended.clock.end(ctx.now());
    store::ticket::update(ctx, tx, &ended)?;
    assigning::note_deed(ctx, tx, &ended, Deed::MergedInto { number: target.number })?;
    ctx.audit(tx, "ticket.merge", "ticket", from, Some(&source.number), Some(&target.number))?;
    if was_open {
        let told = events::Closed { by_contact: false, merged_into: Some(target.number) };
        ctx.emit(tx, Event::new(events::TICKET_CLOSED, from).with(&told)?)?;
    }
    ctx.emit(tx, Event::new(events::TICKET_CHANGED, into))?;
    Ok(after)
}

/// Gives a ticket these labels and no others. Errors: one of them is not there, beside the field `labels`.
pub fn set_ticket_labels(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, labels: &[Id<Label>]) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    // The lock: of two who label at once, the last one's labels stand whole.
    let ticket = Sight::of(ctx, tx)?.seen(store::ticket::lock(ctx, tx, id)?)?;
    let known = reads::labels(ctx, tx)?;
    let before = store::label::of_many(ctx, tx, &[id])?.remove(&id).unwrap_or_default();
    let after = labels_of(&known, labels)?;
    let names = |these: &[Label], others: &[Label]| -> Vec<String> {
        these.iter().filter(|label| !others.contains(label)).map(|label| label.name.clone()).collect()
    };
    let (added, removed) = (names(&after, &before), names(&before, &after));
    if added.is_empty() && removed.is_empty() {
        return Ok(ticket);
    }
    store::label::set(ctx, tx, id, &after)?;
    ctx.audit(tx, "ticket.label", "ticket", id, Some(&before), Some(&after))?;
    changed(ctx, tx, &ticket, Deed::Labelled { added, removed })?;
    Ok(ticket)
}

/// Says whether an agent works now; they say it of themselves, whoever manages of everybody. Tickets that wait go to whoever is on
/// duty at once.
pub fn set_duty(ctx: &Ctx, tx: &mut Tx, id: Id<Agent>, is_on_duty: bool) -> Result<Agent> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    if !sight.answers_as(ctx, id) {
        return Err(Error::forbidden());
    }
    let before = store::staff::lock_agent(ctx, tx, id)?;
    if before.is_on_duty == is_on_duty {
        return Ok(before);
    }
    let after = Agent { is_on_duty, ..before.clone() };
    store::staff::update_agent(ctx, tx, &after)?;
    ctx.audit(tx, "ticket_agent.duty", "ticket_agent", id, Some(&before.is_on_duty), Some(&is_on_duty))?;
    match is_on_duty {
        true => assigning::give_waiting(ctx, tx, &after.categories)?,
        false => assigning::relieve(ctx, tx, &after)?,
    }
    Ok(after)
}

/// Says when the desk works, and how long a closed ticket can be opened again. What was promised before stays as it was.
pub fn set_settings(ctx: &Ctx, tx: &mut Tx, new: Settings) -> Result<Settings> {
    ctx.require(Permission::TicketsEdit)?;
    reads::must_manage(ctx, tx)?;
    let new = new.checked()?;
    context::set_setting(ctx, tx, settings::NAME, &new)?;
    Ok(new)
}

fn changed(ctx: &Ctx, tx: &mut Tx, ticket: &Ticket, deed: Deed) -> Result<()> {
    assigning::note_deed(ctx, tx, ticket, deed)?;
    ctx.emit(tx, Event::new(events::TICKET_CHANGED, ticket.id))
}
