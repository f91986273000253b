//! The support desk: people ask, agents answer, and what is said stands in a ticket until it is closed.
//!
//! Knows nothing of bots and chats; those open tickets and say things in them.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

pub mod actions;
mod api;
pub mod events;
pub mod reads;
mod staff;
mod store;
mod ticket;
mod user;
pub mod work;

pub use actions::{By, Opening};
pub use reads::{MessageFilter, Sight, TicketFilter};
pub use staff::{Agent, Category, NewAgent, NewCategory};
pub use ticket::{Message, MessageKind, Place, Said, Ticket};
pub use user::{NewUser, Telegram, User};

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("tickets"; "V1__tickets", "V2__chats");

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("tickets");

/// The support desk's part of the application.
pub fn module() -> web::Module {
    web::Module::new("tickets").migrations(MIGRATIONS).texts(TEXTS).api(api::routes())
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS, catalog::MIGRATIONS, contacts::MIGRATIONS, MIGRATIONS]
}
