//! The support desk: people ask, agents answer, and what is said stands in a ticket until it is closed.
//!
//! Knows nothing of bots and chats; those open tickets and say things in them.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod act;
pub mod actions;
mod alerts;
mod api;
mod assigning;
pub mod events;
mod hours;
mod pages;
pub mod reads;
mod settings;
mod staff;
mod store;
mod ticket;
mod user;
pub mod work;

pub use act::{Act, Deed, STARS_MAX};
pub use actions::{By, Opening};
pub use hours::{Hours, Shift};
pub use reads::{MessageFilter, QueueFilter, Queued, Sight, TicketFilter, View};
pub use settings::Settings;
pub use staff::{Agent, Assigns, Category, NewAgent, NewCategory, Service};
pub use ticket::{Clock, Kept, Message, MessageKind, Place, Presence, Rating, Said, Ticket};
pub use user::{NewUser, Telegram, User};

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("tickets"; "V1__tickets", "V2__chats", "V3__desk");

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("tickets");

/// The support desk's part of the application.
pub fn module() -> web::Module {
    web::Module::new("tickets")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::menu())
}

/// What this domain does after the answer.
pub fn work() -> jobs::Work {
    jobs::Work { handlers: vec![alerts::handler()], ..jobs::Work::default() }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![
        context::MIGRATIONS,
        jobs::MIGRATIONS,
        web::MIGRATIONS,
        files::MIGRATIONS,
        auth::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        MIGRATIONS,
    ]
}
