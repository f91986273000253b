//! Finding goods by what people type: both scripts, any apostrophe, Russian, typing mistakes, word endings, codes.
//!
//! [`engine`] is an embedded index that knows words and nothing of databases: it takes entries and gives ranked keys.
//! [`Search`] keeps one for each workspace, fills it from the catalog and follows the outbox.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

pub mod bench;
pub mod engine;
mod follow;
mod product;
mod rebuild;
mod service;
mod shelf;
mod store;

pub use follow::FollowHandle;
pub use rebuild::Rebuilt;
pub use service::{Found, Search, Wanted};

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, catalog::MIGRATIONS]
}
