//! Blueprints as they are delivered: what a new bot can be made of.

/// A bot to begin with: a greeting, a menu, a question to a person.
pub const BLANK: &str = include_str!("../blueprints/blank.toml");

pub use crate::shop::BLUEPRINT as SHOP;
