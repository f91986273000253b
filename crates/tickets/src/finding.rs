//! Makes what was said before it could be searched findable.

use db::Scope;
use jobs::{Handler, JobError, Run, Schedule};

use crate::store;

const KIND: &str = "tickets.make_findable";
const HOUR_MS: i64 = 3_600_000;

/// Messages that one transaction makes findable.
const AT_ONCE: u32 = 500;

/// The job.
pub(crate) fn handler() -> Handler {
    Handler::new(KIND, run)
}

/// When it is done: servers of before may still have written something.
pub(crate) fn schedule() -> Schedule {
    Schedule { name: KIND, kind: KIND, every_ms: HOUR_MS }
}

async fn run(run: Run) -> Result<(), JobError> {
    run.in_portions(Scope::Server, |_, tx| store::said::make_findable(tx, AT_ONCE)).await
}
