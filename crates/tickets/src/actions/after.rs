//! What becomes of a ticket that is closed: stars, and going on.

use context::{Ctx, Event, Permission};
use db::{OnConstraint, Tx};
use kernel::{Error, Id, Result, Text};

use super::asking::promise;
use crate::{Deed, Rating, Ticket, act, alerts, assigning, events, reads::Sight, settings::Settings, store};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Whoever asked says what they think of how they were answered: `stars` from 1 to 5 and a few words, or none. The last word
/// counts. Errors: the ticket is open.
pub fn rate(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, stars: i32, comment: &str) -> Result<Ticket> {
    ctx.require(Permission::TicketsCreate)?;
    let comment = act::rating(stars, comment)?;
    let sight = Sight::of(ctx, tx)?;
    let before = sight.seen(store::ticket::lock(ctx, tx, id)?)?;
    if before.is_open {
        return Err(Error::conflict(Text::new("tickets-open-still").with("number", before.number)));
    }
    if before.rating.as_ref().is_some_and(|rating| rating.stars == stars && rating.comment == comment) {
        return Ok(before);
    }
    let rating = Rating { stars, comment: comment.clone(), at: ctx.now() };
    let after = Ticket { rating: Some(rating), ..before.clone() };
    store::ticket::update(ctx, tx, &after)?;
    assigning::note_deed(ctx, tx, &after, Deed::Rated { stars, comment })?;
    ctx.audit(tx, "ticket.rate", "ticket", id, before.rating.as_ref(), after.rating.as_ref())?;
    ctx.emit(tx, Event::new(events::TICKET_CHANGED, id))?;
    Ok(after)
}

/// Whoever asked goes on in their closed ticket, in the chat `chat_ref`. One that is open stays as it is. Errors: it was closed
/// longer ago than the desk allows; another one of theirs is open; it was merged into another.
pub fn reopen_own(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>, chat_ref: Option<&str>) -> Result<Ticket> {
    ctx.require(Permission::TicketsCreate)?;
    let sight = Sight::of(ctx, tx)?;
    let before = sight.seen(store::ticket::lock(ctx, tx, id)?)?;
    let settings = Settings::of(ctx, tx)?;
    let allowed = i64::from(settings.reopen_days).saturating_mul(DAY_MS);
    let is_late = before.closed_at.is_some_and(|at| ctx.now().millis_since(at) > allowed);
    if is_late || (settings.reopen_days == 0 && !before.is_open) {
        return Err(Error::conflict(Text::new("tickets-reopen-late").with("number", before.number)));
    }
    go_on(ctx, tx, before, &settings, chat_ref, true)
}

/// The staff goes on in a closed ticket. One that is open stays as it is. Errors: another one of the contact is open; it was merged
/// into another.
pub fn reopen(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    ctx.require(Permission::TicketsEdit)?;
    let sight = Sight::of(ctx, tx)?;
    let before = sight.seen(store::ticket::lock(ctx, tx, id)?)?;
    let settings = Settings::of(ctx, tx)?;
    go_on(ctx, tx, before, &settings, None, false)
}

fn go_on(
    ctx: &Ctx,
    tx: &mut Tx,
    before: Ticket,
    settings: &Settings,
    chat_ref: Option<&str>,
    by_contact: bool,
) -> Result<Ticket> {
    if before.is_open {
        return Ok(before);
    }
    if before.merged_into.is_some() {
        return Err(Error::conflict(Text::new("tickets-merged-already").with("number", before.number)));
    }
    let mut after = Ticket {
        is_open: true,
        closed_at: None,
        closed_by: None,
        snoozed_until: None,
        reopened: before.reopened.saturating_add(1),
        chat_ref: chat_ref.map(ToOwned::to_owned).or_else(|| before.chat_ref.clone()),
        ..before.clone()
    };
    // Who comes back waits from now on.
    after.clock.waiting_since = by_contact.then_some(ctx.now());
    let category = store::staff::get_category(ctx, tx, after.category)?;
    promise(ctx, settings, &category, &mut after);
    let agent = match after.agent {
        Some(agent) => store::staff::find_agent(ctx, tx, agent)?,
        None => None,
    };
    if !agent.is_some_and(|agent| agent.answers_in(after.category)) {
        assigning::hand(ctx, tx, &mut after, None, true)?;
    }
    assigning::give_to_whoever_is_there(ctx, tx, &category, &mut after)?;
    let beside = || Error::conflict(Text::new("tickets-reopen-beside").with("number", before.number));
    tx.savepoint(|tx| store::ticket::update(ctx, tx, &after).on_unique(beside))?;
    assigning::note_deed(ctx, tx, &after, Deed::Reopened)?;
    ctx.audit(tx, "ticket.reopen", "ticket", after.id, Some(&before), Some(&after))?;
    ctx.emit(tx, Event::new(events::TICKET_REOPENED, after.id).with(&events::Reopened { by_contact })?)?;
    alerts::when_due(ctx, tx, &after)?;
    Ok(after)
}
