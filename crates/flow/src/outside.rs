//! Actions for every blueprint: calling an address of somebody else's, and telling the staff.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::action::{ActionSignature, ArgCheck};

/// The actions.
pub const ACTIONS: &[ActionSignature] = &[
    ActionSignature {
        name: "webhook",
        args: &[("url", true), ("method", false), ("body", false)],
        outcomes: &["ok"],
        checks: &[("url", ArgCheck::Address), ("method", ArgCheck::OneOf(&["post", "get"]))],
    },
    ActionSignature {
        name: "tell_staff",
        args: &[("message", true), ("with", false), ("chat", false)],
        outcomes: &["ok", "nobody"],
        checks: &[("message", ArgCheck::Notification)],
    },
];

/// `webhook`. Outcomes: `ok` with [`WebhookAnswer`]; `failed`, with it when something was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Where to.
    pub url: String,
    /// `post`, unless said; `get` sends the body's fields in the address.
    #[serde(default)]
    pub method: Option<String>,
    /// What is sent, as JSON.
    #[serde(default)]
    pub body: Option<Map<String, Value>>,
}

/// What an address answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The answer's JSON; its text where it is none. Numbers with a fraction are text.
    pub body: Value,
}

/// `tell_staff`. Outcomes: `ok`; `nobody` when no chat is chosen, or the bot cannot write there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellStaff {
    /// The notification whose words are said.
    pub message: String,
    /// Its arguments.
    #[serde(default)]
    pub with: Option<Map<String, Value>>,
    /// The platform's id of a chat of the same channel, in place of the one that is chosen on the bot's page.
    #[serde(default)]
    pub chat: Option<Value>,
}
