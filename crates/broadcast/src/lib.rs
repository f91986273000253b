//! Broadcasts: one message to many people of a bot, each of whom gets it at most once.
//!
//! Each person has a row ([`Fate`]). A sender takes rows in a transaction, makes the calls, and writes what became of them
//! together with the next ones it takes. A row that was taken and never written is unknown, and nobody sends it again.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

pub mod actions;
mod api;
mod broadcast;
mod content;
mod events;
mod forgetting;
mod markup;
mod pages;
mod reads;
mod sending;
mod store;

pub use broadcast::{Broadcast, Counts, Fate, People, Problem, Recipient, State};
pub use content::{Button, Content, Media, MediaKind, Opens, Texts};
pub use sending::{Broadcasts, IN_FLIGHT};

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("broadcast"; "V1__broadcast");

/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("broadcast");

/// This domain's part of the application.
pub fn module() -> web::Module {
    web::Module::new("broadcast")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::menu())
}

/// What this domain does after the answer.
pub fn work() -> jobs::Work {
    jobs::Work {
        handlers: vec![forgetting::handler()],
        listeners: vec![forgetting::listener()],
        ..jobs::Work::default()
    }
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
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        tax::MIGRATIONS,
        ledger::MIGRATIONS,
        stock::MIGRATIONS,
        cash::MIGRATIONS,
        sales::MIGRATIONS,
        tickets::MIGRATIONS,
        applications::MIGRATIONS,
        surveys::MIGRATIONS,
        bots::MIGRATIONS,
        MIGRATIONS,
    ]
}
