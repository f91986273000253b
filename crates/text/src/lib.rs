//! Messages in Uzbek, Russian and English, from the crates' Fluent files, and the formats of numbers and dates.
//!
//! Nobody outside the message files writes a sentence: code carries a [`kernel::Text`] (key and arguments), and
//! the edge asks [`Texts::say`] for it in the reader's language.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod check;
pub mod format;
pub mod spelled;
mod texts;

pub use check::{Problem, check};
pub use texts::{TextFiles, Texts};

/// A crate's message files: `text::files!("sales")` reads `texts/{uz,ru,en}.ftl` beside its `Cargo.toml`.
#[macro_export]
macro_rules! files {
    ($name:literal) => {
        $crate::TextFiles {
            name: $name,
            uz: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/texts/uz.ftl")),
            ru: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/texts/ru.ftl")),
            en: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/texts/en.ftl")),
        }
    };
}

/// The messages of the crates below this one, which have no files of their own: kernel, db.
pub const BASE: TextFiles = files!("kernel");
