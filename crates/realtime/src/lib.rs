//! What happens, told to open pages and programs as it happens: server-sent events from the outbox.
//!
//! Each node reads the outbox once ([`Realtime`]), however many listen, and tells each of them what they may see. Whoever
//! was away says what they heard last and is told the rest. Knows no domain beyond the names of events ([`topic`]).
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod api;
mod hub;
mod missed;
mod publish;
mod stream;
mod topic;

pub use hub::{Limits, Realtime, RealtimeHandle};
pub use publish::{PUBLISHED, publish};
pub use topic::{Sight, Topics, sight};

/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("realtime");

/// This domain's part of the application.
pub fn module() -> web::Module {
    web::Module::new("realtime").texts(TEXTS).api(api::routes())
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS]
}
