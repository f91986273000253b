//! Stateful fakes of the services Karvon talks to, as strict as the real ones, for tests and for trying things by hand.
//!
//! Nothing here runs in the product and nothing here knows the product: a fake is reached over HTTP, as the real service is.
//! A fake stops with a panic when a test misuses it, which is how a test learns of its own mistake.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::float_arithmetic,
    reason = "test code: a panic here is a failed test"
)]

pub mod mail;
pub mod models;
pub mod telegram;
