//! Letters by e-mail: posted in the transaction that wants them, sent after it, tried again, and seen by an Admin.
//!
//! `README.md` says how. Others use [`Mailer`] (the process's service), [`Letter`] and [`module`]; what a letter says is
//! theirs. Nothing here knows why somebody is written to.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod compose;
mod letter;
mod mailer;
mod pages;
mod server;
mod store;
mod work;

pub use letter::{Letter, LetterState, Posted};
pub use mailer::{MailConfig, Mailer, domain_of, is_sender};
pub use server::{Delivery, Server};
pub use work::work;

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("mail"; "V1__letters");
/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("mail");

/// What this crate gives to the application. Its handlers need the service [`Mailer`].
pub fn module() -> web::Module {
    web::Module::new("mail")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::menu())
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS, jobs::MIGRATIONS, MIGRATIONS]
}
