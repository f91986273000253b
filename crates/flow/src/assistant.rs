//! The assistant as an action: a question in a person's own words, answered from what the workspace knows.
//!
//! The host answers from the small talk of the blueprint, from the workspace's knowledge and, where a language model is
//! connected, by it. It may look things up by the actions that the step names, and by no others.

use serde::{Deserialize, Serialize};

use crate::action::{ActionSignature, ArgCheck};

/// The name of the action.
pub const ASK_ASSISTANT: &str = "ask_assistant";

/// What a model may be allowed to do: actions that look something up for this very person and change nothing.
pub const TOOLS: &[&str] =
    &["search_products", "show_category", "product", "shop_info", "my_orders", "order_status"];

/// Characters of a passage that an answer brings with it, so that a session keeps it.
pub const SOURCE_CHARS: usize = 900;

/// Passages that an answer names at most.
pub const SOURCES_MAX: usize = 4;

/// The actions.
pub const ACTIONS: &[ActionSignature] = &[ActionSignature {
    name: ASK_ASSISTANT,
    args: &[("question", true), ("instructions", false), ("tools", false)],
    outcomes: &["ok", "unknown", "person"],
    checks: &[("tools", ArgCheck::ManyOf(TOOLS))],
}];

/// `ask_assistant`. Outcomes: `ok` with [`Answered`]; `unknown`, with it and no text, when nothing that is known answers
/// it; `person` when the person wants to talk with somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskAssistant {
    /// What the person wrote.
    #[serde(default)]
    pub question: Option<String>,
    /// What the assistant is to be, in the words of whoever made the bot.
    #[serde(default)]
    pub instructions: Option<String>,
    /// Names out of [`TOOLS`], by commas: what a model may look up.
    #[serde(default)]
    pub tools: Option<String>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The answer; marks like `[1]` name the sources.
    pub text: String,
    /// The passages that it came from, at most [`SOURCES_MAX`].
    pub sources: Vec<Source>,
    /// Where it came from.
    pub by: AnsweredBy,
}

/// A passage that an answer came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The number in its marks.
    pub number: i64,
    /// What the document is called.
    pub title: String,
    /// The page of a file.
    pub page: Option<i64>,
    /// The passage itself, at most [`SOURCE_CHARS`] characters.
    pub text: String,
}

kernel::words! {
    /// Where an answer came from.
    AnsweredBy {
        /// The small talk of the blueprint.
        SmallTalk = "small_talk",
        /// A passage of the workspace's knowledge, in its own words.
        Knowledge = "knowledge",
        /// A language model.
        Model = "model",
    }
}

/// The names in a list of tools, as they are written.
pub fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty())
}
