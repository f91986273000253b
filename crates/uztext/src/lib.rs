//! Uzbek text in the two scripts people write it in, and the Russian that stands beside it.
//!
//! Pure functions over strings: a search key that is the same for both scripts ([`fold`]), an order ([`sort_key`]),
//! transliteration both ways, the matching of a typed answer with a button, and repair of a wrong keyboard layout.
//! This crate knows letters only; it knows no dictionary of goods, no database and nothing of ours.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod answer;
mod fold;
mod layout;
mod letters;
mod segments;
mod sort;
mod to_cyrillic;
mod to_latin;

pub use answer::matches_answer;
pub use fold::{code_key, fold, tokens};
pub use layout::other_layout;
pub use letters::{is_apostrophe, tidy_apostrophes};
pub use sort::sort_key;
pub use to_cyrillic::latin_to_cyrillic;
pub use to_latin::cyrillic_to_latin;
