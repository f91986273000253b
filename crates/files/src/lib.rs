//! Blobs under the hash of their bytes, and the rows that say whose they are and who may see them.
//!
//! Knows nothing of what a blob is for.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod blobs;
mod file;
mod pages;
mod signature;
mod store;

pub use blobs::{Blobs, Hash};
pub use file::{File, MediaType, record};
pub use pages::{module, path, send, send_to};
pub use signature::signed_path;
pub use store::find;

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("files"; "V1__files");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS, MIGRATIONS]
}
