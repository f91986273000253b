//! Says of a ticket that a promised time is over, once for each time.

use context::{Ctx, Event};
use db::Tx;
use jobs::{Handler, JobError, NewJob, Run};
use kernel::{Result, Timestamp};
use serde_json::json;

use crate::{Ticket, events, store};

const KIND: &str = "tickets.alert";
/// Tickets that are told of at once.
const AT_ONCE: u32 = 500;
const MINUTE_MS: i64 = 60_000;

/// Has it told when what is due next of this ticket is over: with all others of that minute, by one job.
pub(crate) fn when_due(ctx: &Ctx, tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    let Some(due) = ticket.clock.due_at() else { return Ok(()) };
    let minute = due.as_millis().div_euclid(MINUTE_MS) + 1;
    let at = Timestamp::from_millis(minute.saturating_mul(MINUTE_MS));
    let job = NewJob::new(KIND, &json!({}))?.unique(format!("{KIND}:{minute}")).at(at);
    jobs::enqueue(ctx, tx, job).map(drop)
}

/// Tells of the tickets of which a promised time is over; whether there may be more.
pub(crate) fn tell(ctx: &Ctx, tx: &mut Tx) -> Result<bool> {
    let overdue = store::ticket::newly_overdue(ctx, tx, AT_ONCE)?;
    let is_full = u32::try_from(overdue.len()).is_ok_and(|count| count == AT_ONCE);
    for mut ticket in overdue {
        ticket.clock.alerted_due_at = ticket.clock.due_at();
        store::ticket::update(ctx, tx, &ticket)?;
        ctx.audit(tx, "ticket.overdue", "ticket", ticket.id, None::<&()>, ticket.clock.due_at().as_ref())?;
        ctx.emit(tx, Event::new(events::TICKET_OVERDUE, ticket.id))?;
    }
    Ok(is_full)
}

/// The job.
pub(crate) fn handler() -> Handler {
    Handler::new(KIND, run)
}

async fn run(run: Run) -> Result<(), JobError> {
    run.in_portions(&run.ctx, tell).await
}
