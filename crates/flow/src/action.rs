//! Actions: what a dialogue asks of the rest of the program, by name, with JSON in and JSON out.

use kernel::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a host can do for a blueprint. A blueprint that calls anything else is refused when it is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionSignature {
    /// The name, such as `search_products`.
    pub name: &'static str,
    /// The names of its arguments and whether each must be given.
    pub args: &'static [(&'static str, bool)],
    /// The outcomes it can have besides [`FAILED`].
    pub outcomes: &'static [&'static str],
    /// What some arguments have to be where the blueprint gives them a fixed text.
    pub checks: &'static [(&'static str, ArgCheck)],
}

/// What a fixed text given to an argument has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgCheck {
    /// The name of one of the blueprint's notifications.
    Notification,
    /// An address that begins with `https://` or `http://`.
    Address,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Some of these words, by commas.
    ManyOf(&'static [&'static str]),
}

/// The outcome of an action that did what it was called for.
pub const OK: &str = "ok";

/// The outcome of an action that could not be done for a reason of ours (a lost database). Every action may have it;
/// a step that does not name it says so politely and goes home.
pub const FAILED: &str = "failed";

/// A call that the host carries out and answers with [`ActionResult`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionCall {
    /// Number of the call in its session; the answer repeats it.
    pub id: u64,
    /// The action's name.
    pub name: String,
    /// The language in which the answer's names are wanted.
    pub lang: Lang,
    /// The arguments by name. One that the blueprint does not give is absent; one without a value is `null`.
    pub args: Map<String, Value>,
}

/// The answer to an [`ActionCall`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionResult {
    /// The call's number.
    pub id: u64,
    /// One of the signature's outcomes, or [`FAILED`].
    pub outcome: String,
    /// What the step keeps. At most [`crate::limits::RESULT_BYTES_MAX`]; more counts as [`FAILED`].
    #[serde(default)]
    pub data: Value,
}

impl ActionCall {
    /// The call answered with an outcome and what belongs to it.
    pub fn answer(&self, outcome: &str, data: Value) -> ActionResult {
        ActionResult { id: self.id, outcome: outcome.to_owned(), data }
    }

    /// The call that could not be carried out.
    pub fn failed(&self) -> ActionResult {
        self.answer(FAILED, Value::Null)
    }
}
