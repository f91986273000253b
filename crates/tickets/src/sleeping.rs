//! Brings tickets that sleep back into sight by their time, and says so once.

use context::{Ctx, Event};
use db::Tx;
use jobs::{Handler, JobError, NewJob, Run};
use kernel::{Result, Timestamp};
use serde_json::json;

use crate::{Deed, Ticket, assigning, events, store};

const KIND: &str = "tickets.wake";
/// Tickets that come back at once.
const AT_ONCE: u32 = 500;
const MINUTE_MS: i64 = 60_000;

/// Has the tickets that sleep until this minute come back: all of them by one job.
pub(crate) fn when_over(ctx: &Ctx, tx: &mut Tx, until: Timestamp) -> Result<()> {
    let minute = until.as_millis().div_euclid(MINUTE_MS) + 1;
    let at = Timestamp::from_millis(minute.saturating_mul(MINUTE_MS));
    let job = NewJob::new(KIND, &json!({}))?.unique(format!("{KIND}:{minute}")).at(at);
    jobs::enqueue(ctx, tx, job).map(drop)
}

/// Brings back those whose time has come; whether there may be more.
pub(crate) fn bring_back(ctx: &Ctx, tx: &mut Tx) -> Result<bool> {
    let over = store::ticket::newly_awake(ctx, tx, AT_ONCE)?;
    let is_full = u32::try_from(over.len()).is_ok_and(|count| count == AT_ONCE);
    for before in over {
        let after = Ticket { snoozed_until: None, ..before.clone() };
        store::ticket::update(ctx, tx, &after)?;
        assigning::note_deed(ctx, tx, &after, Deed::Returned)?;
        ctx.audit(tx, "ticket.return", "ticket", after.id, before.snoozed_until.as_ref(), None::<&()>)?;
        ctx.emit(tx, Event::new(events::TICKET_RETURNED, after.id))?;
    }
    Ok(is_full)
}

/// The job.
pub(crate) fn handler() -> Handler {
    Handler::new(KIND, run)
}

async fn run(run: Run) -> Result<(), JobError> {
    run.in_portions(&run.ctx, bring_back).await
}
