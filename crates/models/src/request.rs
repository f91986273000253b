//! What is asked of a model and what it answers, in words that belong to no provider.

use std::time::Duration;

use serde_json::{Map, Value};
use uuid::Uuid;

/// What a call is for; kept in the log of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Who asks: `bots.ask_assistant`.
    pub purpose: String,
    /// What it belongs to: a conversation.
    pub subject: Option<Uuid>,
    /// The bot that asks.
    pub bot: Option<Uuid>,
    /// What people see in the list: the bot's name.
    pub label: String,
}

/// One call.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// How the model should behave.
    pub system: String,
    /// What was said so far, the oldest first.
    pub messages: Vec<Message>,
    /// What the model may ask us to do.
    pub tools: Vec<Tool>,
    /// Whether it may ask for them now. In the last round of a talk it may not; the tools stay declared, because servers
    /// refuse messages with tool calls where no tool is.
    pub may_call: bool,
    /// How long the answer may be. So much is reserved of the day's budget.
    pub output_tokens_at_most: u32,
    /// Shortens the time of the whole call; it is never longer than the crate's own limit.
    pub time_at_most: Option<Duration>,
}

/// A piece of what was said.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A person's words.
    User(String),
    /// What the model answered, as [`crate::Models::ask`] gave it, or [`Answer::said`] for words of old.
    Model(Answer),
    /// What became of the calls of the answer before it: one result for each.
    Results(Vec<ToolResult>),
}

/// What the model may ask us to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// ASCII letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// When to use it, for the model.
    pub about: String,
    /// JSON Schema of an object.
    pub parameters: Value,
}

/// The model asks us to do something.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolCall {
    /// Its name within the talk; ours where the provider gave none.
    pub id: String,
    /// The tool.
    pub name: String,
    /// What it is called with. Empty where the model wrote something else than an object: see
    /// [`Answer::is_garbled`].
    pub args: Map<String, Value>,
}

/// What became of a [`ToolCall`].
#[derive(Debug, Clone, PartialEq)]
pub struct ToolResult {
    /// The call.
    pub call: ToolCall,
    /// What the model is told.
    pub result: Value,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// Its words; empty when it only asks for tools.
    pub text: String,
    /// What it asks us to do.
    pub calls: Vec<ToolCall>,
    /// What it took.
    pub usage: Usage,
    /// The answer ended at `output_tokens_at_most`.
    pub is_cut: bool,
    /// Calls whose arguments were no object.
    pub(crate) garbled: Vec<String>,
    /// The answer in the provider's own words, for the next round.
    pub(crate) parts: Parts,
}

impl Answer {
    /// Words that the model said some time ago, when only they were kept.
    pub fn said(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Whether the arguments of a call were no JSON object: it should be answered by an error, not carried out.
    pub fn is_garbled(&self, call: &ToolCall) -> bool {
        self.garbled.contains(&call.id)
    }
}

/// What a provider wants to hear again in the next round, unchanged; another provider is told the text and the calls.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Parts {
    /// Nothing but text and calls.
    #[default]
    None,
    /// `tool_calls` of a chat completion, with whatever the server put into them.
    OpenAi(Vec<Value>),
    /// `parts` of a content, with their signatures.
    Gemini(Vec<Value>),
}

/// Tokens that a call took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Of what was asked.
    pub input_tokens: u64,
    /// Of what was answered, thoughts included.
    pub output_tokens: u64,
    /// The provider did not say; we counted characters.
    pub is_estimated: bool,
}

/// Characters that are counted as a token where the provider does not count. Few, because Uzbek and Russian
/// words are cut into smaller tokens than English ones.
const CHARS_A_TOKEN: usize = 3;

/// Tokens of a text of so many characters, rounded up.
pub(crate) fn tokens_of(chars: usize) -> u64 {
    u64::try_from(chars.div_ceil(CHARS_A_TOKEN)).unwrap_or(u64::MAX)
}

impl Request {
    /// Tokens of everything that is sent, estimated.
    pub(crate) fn input_tokens(&self) -> u64 {
        let tools = self.tools.iter().map(|Tool { name, about, parameters }| {
            chars(name) + chars(about) + chars(&parameters.to_string())
        });
        let said = self.messages.iter().map(|message| match message {
            Message::User(text) => chars(text),
            Message::Model(answer) => answer.chars(),
            Message::Results(results) => {
                results.iter().map(|done| chars(&done.call.name) + chars(&done.result.to_string())).sum()
            }
        });
        tokens_of(chars(&self.system) + tools.sum::<usize>() + said.sum::<usize>())
    }

    /// The last words of a person.
    pub(crate) fn question(&self) -> &str {
        let last = self.messages.iter().rev().find_map(|message| match message {
            Message::User(text) => Some(text.as_str()),
            Message::Model(_) | Message::Results(_) => None,
        });
        last.unwrap_or_default()
    }
}

impl Answer {
    /// Characters of its words and its calls.
    pub(crate) fn chars(&self) -> usize {
        let args = |call: &ToolCall| {
            call.args.iter().map(|(name, v)| chars(name) + chars(&v.to_string())).sum::<usize>()
        };
        chars(&self.text) + self.calls.iter().map(|call| chars(&call.name) + args(call)).sum::<usize>()
    }
}

fn chars(text: &str) -> usize {
    text.chars().count()
}
