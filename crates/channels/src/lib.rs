//! The channels that conversations go through. A channel turns what a platform sends into [`flow::Input`] and a
//! [`flow::Reply`] into what the platform takes; it keeps no state and decides nothing about the dialogue.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

pub mod telegram;

/// The crate's messages.
pub const TEXTS: text::TextFiles = text::files!("channels");
