//! The audit log's page and API. Entries are written by `context`; here they are only read.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod difference;
mod pages;
mod store;
mod words;

pub use difference::{Change, difference};

/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("audit");

/// What this crate gives to the application.
pub fn module() -> web::Module {
    web::Module::new("audit").texts(TEXTS).api(api::routes()).pages(pages::routes()).menu(pages::menu())
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS]
}
