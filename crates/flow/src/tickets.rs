//! The support desk as actions: what people may ask about, and their ticket.
//!
//! What a person says while somebody of the staff answers (`handover`) goes into their open ticket by itself, files too;
//! answers come into the same chat.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Kept, action::ActionSignature};

/// A bot that takes what people ask to the support desk.
pub const BLUEPRINT: &str = include_str!("../blueprints/support.toml");

/// The actions.
pub const ACTIONS: &[ActionSignature] = &[
    ActionSignature { name: "ticket_categories", args: &[], outcomes: &["ok", "empty"], checks: &[] },
    ActionSignature { name: "my_ticket", args: &[], outcomes: &["open", "none"], checks: &[] },
    ActionSignature {
        name: "open_ticket",
        args: &[("category", true)],
        outcomes: &["ok", "already", "gone"],
        checks: &[],
    },
    ActionSignature {
        name: "say_in_ticket",
        args: &[("said", false), ("text", false), ("media", false)],
        outcomes: &["ok", "none"],
        checks: &[],
    },
    ActionSignature { name: "close_ticket", args: &[], outcomes: &["ok", "none"], checks: &[] },
];

/// What `ticket_categories` answers with `ok`; `empty` where nothing can be asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCategories {
    /// In the order in which they are offered.
    pub items: Vec<TicketCategory>,
}

/// Something to ask about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCategory {
    /// What `open_ticket` calls it by.
    pub number: i64,
    /// Its name in the person's language.
    pub name: String,
}

/// `open_ticket`. Outcomes: `ok` and `already` (one is open, about whatever it is) with [`TicketView`]; `gone` when the category
/// is offered no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTicket {
    /// The number of a category.
    pub category: i64,
}

/// `say_in_ticket`: what the person said before their ticket was open. Outcomes: `ok`; `none` when nothing was said, or no
/// ticket is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SayInTicket {
    /// What a list of `[on]` kept, in order.
    #[serde(default, deserialize_with = "kept")]
    pub said: Vec<Kept>,
    /// Words.
    #[serde(default)]
    pub text: Option<String>,
    /// A file, as `media` steps and `[on]` keep it.
    #[serde(default)]
    pub media: Option<Value>,
}

/// What a person is told of a ticket. `my_ticket` answers it with `open`, `close_ticket` with `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    /// Its number.
    pub number: i64,
    /// What it is about, in the person's language.
    pub category: String,
}

/// A variable that nothing was kept in yet is no list.
fn kept<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Kept>, D::Error> {
    Ok(Option::<Vec<Kept>>::deserialize(from)?.unwrap_or_default())
}
