//! What somebody missed who listens again.

use context::{Ctx, events_of_workspace_after, last_event_seq, newest_event_seq};
use db::ReadTx;
use kernel::Result;

use crate::hub::Told;

/// Events that are told again; whoever missed more reads everything anew.
const MISSED_AT_MOST: usize = 500;
/// Events read at once.
const READ_AT_ONCE: u32 = 1_000;
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

/// What happened after the place `heard`, as far as the outbox was `settled` before, and is for whoever listens; nothing for
/// somebody who listens for the first time.
pub(crate) fn missed(
    ctx: &Ctx,
    tx: &mut ReadTx,
    settled: i64,
    heard: Option<i64>,
    is_for: impl Fn(&Told) -> bool,
) -> Result<Missed> {
    let place = last_event_seq(tx, settled)?;
    let Some(heard) = heard else { return Ok(Missed { place, events: Vec::new(), is_lost: false }) };
    let lost = Missed { place, events: Vec::new(), is_lost: true };
    // A place that was never reached is of another database: one that was restored, or replaced.
    if heard < 0 || heard > newest_event_seq(tx)? || place.saturating_sub(heard) > LOOK_BACK {
        return Ok(lost);
    }
    let (mut from, mut events) = (heard, Vec::new());
    loop {
        let found = events_of_workspace_after(ctx, tx, from, settled, READ_AT_ONCE)?;
        let is_all = u32::try_from(found.len()).is_ok_and(|count| count < READ_AT_ONCE);
        from = found.last().map_or(from, |event| event.seq);
        // What is for others does not count: a busy shop's hundreds of changes hide no event of a rare topic.
        events.extend(found.into_iter().filter_map(Told::of).filter(&is_for));
        if events.len() > MISSED_AT_MOST {
            return Ok(lost);
        }
        if is_all {
            return Ok(Missed { place: place.max(heard), events, is_lost: false });
        }
    }
}
