//! Blobs under the hash of their bytes, and the rows that say whose they are and who may see them.
//!
//! Knows nothing of what a blob is for.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod asked;
mod blobs;
mod file;
mod hash;
mod pages;
mod received;
mod signature;
mod store;
pub mod testing;

pub use asked::Asked;
pub use blobs::{Arrived, Arriving, Blobs, Reading, S3};
pub use file::{File, MediaType, record};
pub use hash::Hash;
pub use pages::{module, path, send, send_to};
pub use received::Received;
pub use signature::signed_path;
pub use store::find;

/// What this crate says.
pub const TEXTS: text::TextFiles = text::files!("files");

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("files"; "V1__files");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS, MIGRATIONS]
}
