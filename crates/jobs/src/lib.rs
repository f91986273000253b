//! Jobs, schedules and listeners of events: what happens after the answer.
//!
//! A small crate of our own because enqueueing is part of the business transaction. It knows no domain.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod dispatch;
mod handler;
mod job;
mod schedule;
mod store;
mod worker;

pub use dispatch::{Listener, REDELIVER};
pub use handler::{Handler, JobError, OrFail, Run};
pub use job::{Job, JobState, NewJob};
pub use schedule::Schedule;
pub use store::{cancel, enqueue, get, is_under_way, list, retry};
pub use worker::{Work, Worker, WorkerHandle};

/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("jobs");
/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("jobs"; "V1__jobs");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, MIGRATIONS]
}
