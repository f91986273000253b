//! Language models: which provider a workspace uses, what it may spend, what each call cost.
//!
//! `README.md` says how. Others use [`Models`] (the process's service) with its [`Request`] and [`Answer`], [`work`] and
//! [`module`]. Nothing here knows why a model is asked.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod asking;
mod call;
mod checking;
mod failure;
mod pages;
mod price;
mod request;
mod settings;
mod store;
mod wire;
mod work;

pub use actions::{
    CallFilter, Spent, Totals, answered_today, call, calls, edit_settings, forget_bot, purposes, remove_key,
    settings, spent_today, totals,
};
pub use asking::Models;
pub use call::{Call, CallState};
pub use checking::Checked;
pub use failure::{Failure, Refusal};
pub use price::{Cost, Price, Prices};
pub use request::{About, Answer, Message, Request, Tool, ToolCall, ToolResult, Usage};
pub use settings::{EditSettings, NewKey, Provider, Settings};
pub use work::work;

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("models"; "V1__models");

/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("models");

/// What this crate gives to the application. Its handlers need the service [`Models`].
pub fn module() -> web::Module {
    web::Module::new("models")
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
