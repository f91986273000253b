//! The support desk as actions: what people may ask about, and their ticket.
//!
//! What a person says while somebody of the staff answers (`handover`) goes into their open ticket by itself, files too;
//! answers come into the same chat.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Kept, action::ActionSignature, value::integer};

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
    ActionSignature {
        name: "rate_ticket",
        args: &[("stars", true), ("number", false), ("comment", false)],
        outcomes: &["ok", "none"],
        checks: &[],
    },
    ActionSignature {
        name: "reopen_ticket",
        args: &[("number", false)],
        outcomes: &["ok", "already", "late", "none"],
        checks: &[],
    },
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

/// `rate_ticket`: what whoever asked thinks of their closed ticket. Outcomes: `ok` with [`RatedTicket`]; `none` when there is no
/// such ticket of theirs, or no such stars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateTicket {
    /// From 1 to 5; or what a button brings, the stars and the ticket's number: `5 12`.
    pub stars: Value,
    /// The ticket's number; the last one of this chat where none is said.
    #[serde(default)]
    pub number: Value,
    /// What they write; what they wrote before stays where nothing is said.
    #[serde(default)]
    pub comment: Option<String>,
}

impl RateTicket {
    /// The stars, and the ticket's number where it is said.
    pub fn said(&self) -> Option<(i32, Option<i64>)> {
        let number = integer(&self.number);
        let Value::String(words) = &self.stars else {
            return Some((i32::try_from(integer(&self.stars)?).ok()?, number));
        };
        let mut words = words.split_whitespace();
        let stars = words.next()?.parse().ok()?;
        match words.next() {
            Some(word) => Some((stars, Some(word.parse().ok()?))),
            None => Some((stars, number)),
        }
    }
}

/// What `rate_ticket` answers with `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatedTicket {
    /// Its number.
    pub number: i64,
    /// From 1 to 5.
    pub stars: i32,
}

/// `reopen_ticket`: whoever asked goes on in their closed ticket. Outcomes: `ok` and `already` (one of theirs is open) with
/// [`TicketView`]; `late` when the desk allows it no more; `none` when there is no such ticket of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReopenTicket {
    /// The ticket's number; the last one of this chat where none is said.
    #[serde(default)]
    pub number: Value,
}

/// A variable that nothing was kept in yet is no list.
fn kept<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Kept>, D::Error> {
    Ok(Option::<Vec<Kept>>::deserialize(from)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn stars_are_said_alone_with_a_number_or_as_a_button_brings_them() {
        for (stars, number, said) in [
            (json!(5), json!(null), Some((5, None))),
            (json!("4"), json!(12), Some((4, Some(12)))),
            (json!("4 7"), json!(12), Some((4, Some(7)))),
            (json!(""), json!(null), None),
            (json!(null), json!(1), None),
            (json!("5 x"), json!(1), None),
        ] {
            assert_eq!(RateTicket { stars, number, comment: None }.said(), said);
        }
    }
}
