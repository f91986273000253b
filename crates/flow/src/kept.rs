//! What people say before it is taken anywhere: kept in order in a list, each message with what its chat calls it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    blueprint::Handler,
    input::Input,
    limits::{KEPT_BYTES_MAX, KEPT_MAX},
    session::Session,
    value::weight,
};

/// One message of such a list; in expressions `text`, `media`, `contact` or `location`, and `message`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What was said.
    #[serde(flatten)]
    pub input: Input,
    /// What the chat calls the message, where it calls it anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<i64>,
}

impl Session {
    /// The next input is the message that its chat calls so.
    pub const fn comes_as(&mut self, message: Option<i64>) {
        self.coming = message;
    }

    /// The person said other words in the message that its chat calls so; whether it is kept here.
    pub fn say_anew(&mut self, message: i64, text: &str) -> bool {
        let lists = self.variables.values_mut().filter_map(Value::as_array_mut);
        for one in lists.flatten() {
            if one.get("message").and_then(Value::as_i64) != Some(message) {
                continue;
            }
            let words = match one.get_mut("media") {
                Some(media) => media.get_mut("caption"),
                None => one.get_mut("text"),
            };
            if let Some(words) = words {
                *words = Value::from(text);
                return true;
            }
        }
        false
    }

    /// Keeps what the person says in the handler's list; `false` when that holds as much as it can.
    pub(crate) fn keep(&mut self, list: &str, input: Input) -> bool {
        let kept = Kept { input, message: self.coming };
        // An input is always JSON.
        let Ok(one) = serde_json::to_value(kept) else { return false };
        let list = self.variables.entry(list).or_insert(Value::Null);
        if !list.is_array() {
            *list = Value::Array(Vec::new());
        }
        let is_full = list.as_array().is_some_and(|all| all.len() >= KEPT_MAX)
            || weight(list) + weight(&one) > KEPT_BYTES_MAX;
        if !is_full && let Some(all) = list.as_array_mut() {
            all.push(one);
        }
        !is_full
    }
}

impl Handler {
    /// The list that keeps such answers.
    pub(crate) fn list(&self) -> Option<&str> {
        self.add.as_deref()
    }
}
