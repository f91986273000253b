//! Finding goods by what people type: both scripts, any apostrophe, Russian, typing mistakes, word endings, codes.
//!
//! [`engine`] is an embedded index that knows words and nothing of databases: it takes entries and gives ranked keys.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

pub mod bench;
pub mod engine;
