//! Who acts, in which workspace, when, in which language; what they may do; what they leave behind.
//!
//! Every action takes `&Ctx` first. It is the only source of time, ids and randomness for what decides.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actor;
mod audit;
mod ctx;
mod event;
mod limit;
mod numbering;
mod permission;
mod random;
mod seal;
mod services;
mod setting;

pub use actor::{Actor, ActorKind};
pub use audit::{AuditEntry, AuditFilter, Trace, list as list_audit_entries};
pub use ctx::{Ctx, CtxBuilder};
pub use event::{
    Event, StoredEvent, after as events_after, last_seq as last_event_seq, newest_seq as newest_event_seq,
    of_workspace_after as events_of_workspace_after, settled as settled_events,
};
pub use limit::{Limited, Limits, limits, require_room, set_limits};
pub use numbering::{hold_numbers, next_number, next_numbers};
pub use permission::{Permission, Permissions};
pub use random::Random;
pub use seal::{seal, unseal};
pub use services::Services;
pub use setting::{get_setting, set_setting};

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations =
    db::migrations!("context"; "V1__audit_and_events", "V2__counters_and_settings", "V3__settled_events");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![MIGRATIONS]
}
