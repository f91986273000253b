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
mod canned;
pub mod events;
mod filling;
mod finding;
mod hours;
mod invitation;
mod label;
mod pages;
mod printing;
pub mod reads;
mod settings;
mod sleeping;
mod staff;
mod store;
mod ticket;
mod user;
mod words;
pub mod work;

pub use act::{Act, Deed, STARS_MAX};
pub use actions::{By, Coming, Opening};
pub use api::{FilledReplyOut, LabelOut};
pub use canned::{CannedReply, NewCannedReply, filled_json};
pub use filling::Filling;
pub use hours::{Hours, Shift};
pub use invitation::{Invitation, InvitationKey, InvitationState, NewInvitation};
pub use label::{Label, NewLabel, labels_of};
pub use printing::ReportPaper;
pub use reads::{MessageFilter, QueueFilter, Queued, Sight, TicketFilter, View};
pub use settings::Settings;
pub use staff::{Agent, Assigns, Category, NewAgent, NewCategory, Service};
pub use ticket::{Clock, Kept, Message, MessageKind, Place, Presence, Rating, Said, Ticket, Undelivered};
pub use user::{NewUser, Telegram, User};

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!(
    "tickets"; "V1__tickets", "V2__chats", "V3__desk", "V4__labels", "V5__sorted", "V6__said", "V7__invitations", "V8__delivery"
);

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
    jobs::Work {
        handlers: vec![alerts::handler(), finding::handler(), sleeping::handler()],
        schedules: vec![finding::schedule()],
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
        auth::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        MIGRATIONS,
    ]
}
