//! Blueprints as they are delivered: what a new bot can be made of, and the actions that they may call.

use std::sync::LazyLock;

use crate::{ActionSignature, applications, assistant, desk, outside, shop, surveys, tickets};

/// A bot to begin with: a greeting, a menu, a question to a person.
pub const BLANK: &str = include_str!("../blueprints/blank.toml");

/// A table is booked; the staff is told in their chat, and another system by a call.
pub const BOOKING: &str = include_str!("../blueprints/booking.toml");

/// Questions are answered from the workspace's knowledge, and by a language model where one is connected.
pub const ANSWERS: &str = include_str!("../blueprints/answers.toml");

pub use crate::{
    applications::BLUEPRINT as ADMISSIONS, shop::BLUEPRINT as SHOP, surveys::BLUEPRINT as SURVEY,
    tickets::BLUEPRINT as SUPPORT,
};

/// Every one of them.
pub const ALL: [&str; 7] = [SHOP, BOOKING, ANSWERS, BLANK, SUPPORT, ADMISSIONS, SURVEY];

/// The actions of all of them.
pub static ACTIONS: LazyLock<Vec<ActionSignature>> = LazyLock::new(|| {
    [
        shop::ACTIONS,
        outside::ACTIONS,
        assistant::ACTIONS,
        tickets::ACTIONS,
        desk::ACTIONS,
        applications::ACTIONS,
        surveys::ACTIONS,
    ]
    .concat()
});
