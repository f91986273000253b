//! Tells events to listeners: after the commit, in order, with an effect on our data exactly once.

use context::{Actor, Ctx, CtxBuilder, Random, StoredEvent, events_after, settled_events};
use db::{Scope, Tx};
use kernel::{Result, Timestamp};
use serde_json::json;

use crate::{NewJob, store};

/// Events told in one transaction: short enough for the background lane.
const BATCH: u32 = 64;
/// Events of which one transaction may hold rows that others wait for: more would keep them waiting, fewer are told more slowly than
/// they come.
const HELD_AT_MOST: u32 = 8;
/// The kind of job that tells a listener again what it failed at.
pub const REDELIVER: &str = "jobs.redeliver";
/// The name of the one cursor.
pub(crate) const CONSUMER: &str = "listeners";

/// What listens to events.
#[derive(Debug, Clone, Copy)]
pub struct Listener {
    /// Its name, in logs and in jobs that tell it again.
    pub name: &'static str,
    /// The events it wants.
    pub events: &'static [&'static str],
    /// Is told one event, in the workspace's scope. May run twice, like every transaction.
    pub on: fn(&Ctx, &mut Tx, &StoredEvent) -> Result<()>,
}

/// What was told at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    /// How many events.
    pub(crate) count: usize,
    /// Whether more waited than were told.
    pub(crate) has_more: bool,
}

/// Tells the next events to whoever listens. It ends where listeners hold the rows of [`HELD_AT_MOST`] events, so that nobody waits
/// for these for long.
pub(crate) fn dispatch(tx: &mut Tx, listeners: &[Listener], now: Timestamp, random: &Random) -> Result<Told> {
    let cursor = store::lock_cursor(tx, CONSUMER)?;
    let settled = settled_events(tx)?;
    let events = events_after(tx, cursor, settled, BATCH)?;
    let mut told: usize = 0;
    let mut held = 0;
    for event in &events {
        let before = tx.holding();
        for listener in listeners.iter().filter(|listener| listener.events.contains(&event.name.as_str())) {
            tell(tx, listener, event, now, random)?;
        }
        told += 1;
        held += u32::from(tx.holding() > before);
        if held == HELD_AT_MOST {
            break;
        }
    }
    if let Some(last) = told.checked_sub(1).and_then(|place| events.get(place)) {
        tx.enter(Scope::Server)?;
        store::set_cursor(tx, CONSUMER, last.seq)?;
    }
    let has_more = told < events.len() || events.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
    Ok(Told { count: told, has_more })
}

fn tell(
    tx: &mut Tx,
    listener: &Listener,
    event: &StoredEvent,
    now: Timestamp,
    random: &Random,
) -> Result<()> {
    tx.enter(Scope::Workspace(event.workspace))?;
    let ctx = CtxBuilder::server(event.workspace, Actor::job(listener.name), now, random.clone()).build();
    let outcome = tx.savepoint(|tx| (listener.on)(&ctx, tx, event));
    let Err(error) = outcome else { return Ok(()) };
    tracing::error!(job.listener = listener.name, event.name, event.seq, %error, "a listener failed; it will be told again");
    let StoredEvent { seq, workspace: _, name, subject, payload, at } = event;
    let again = json!({
        "listener": listener.name, "seq": seq, "name": name, "subject": subject, "payload": payload,
        "at_ms": at.as_millis(),
    });
    let job = NewJob::new(REDELIVER, &again)?.unique(format!("{}:{seq}", listener.name));
    store::enqueue(&ctx, tx, job)?;
    Ok(())
}
