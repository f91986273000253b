//! What somebody missed who listens again.

use context::{Ctx, events_of_workspace_after, last_event_seq, newest_event_seq};
use db::ReadTx;
use kernel::Result;

use crate::hub::Told;

/// Events that are told again; whoever missed more reads everything anew.
const MISSED_AT_MOST: u32 = 500;
/// How far back in the outbox of all workspaces is looked for them.
const LOOK_BACK: i64 = 50_000;

/// What was missed, and the place in the outbox up to which that is all.
#[derive(Debug)]
pub(crate) struct Missed {
    pub(crate) place: i64,
    pub(crate) events: Vec<Told>,
    /// Too much, or nobody knows: what is shown has to be read anew.
    pub(crate) is_lost: bool,
}

/// What happened after the place `heard`; nothing for somebody who listens for the first time.
pub(crate) fn missed(ctx: &Ctx, tx: &mut ReadTx, heard: Option<i64>) -> Result<Missed> {
    let place = last_event_seq(tx)?;
    let Some(heard) = heard else { return Ok(Missed { place, events: Vec::new(), is_lost: false }) };
    let lost = Missed { place, events: Vec::new(), is_lost: true };
    // A place that was never reached is of another database: one that was restored, or replaced.
    if heard < 0 || heard > newest_event_seq(tx)? || place.saturating_sub(heard) > LOOK_BACK {
        return Ok(lost);
    }
    let found = events_of_workspace_after(ctx, tx, heard, MISSED_AT_MOST + 1)?;
    if u32::try_from(found.len()).is_ok_and(|count| count <= MISSED_AT_MOST) {
        let events = found.into_iter().filter_map(Told::of).collect();
        return Ok(Missed { place: place.max(heard), events, is_lost: false });
    }
    Ok(lost)
}
