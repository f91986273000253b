//! A call as it is kept. Pure.

use kernel::{Date, Id, Timestamp};
use uuid::Uuid;

use crate::{Cost, Provider, Usage};

kernel::words! {
    /// What became of a call.
    CallState {
        /// It is under way.
        Begun = "begun",
        /// The model answered.
        Answered = "answered",
        /// It gave no answer.
        Failed = "failed",
        /// The budget had no room; nobody was asked.
        Refused = "refused",
        /// It began long ago, and nobody knows how it ended.
        Unknown = "unknown",
    }
}

impl CallState {
    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Begun => "models-state-begun",
            Self::Answered => "models-state-answered",
            Self::Failed => "models-state-failed",
            Self::Refused => "models-state-refused",
            Self::Unknown => "models-state-unknown",
        }
    }
}

/// A call that is under way for so long has ended without telling us: several times the longest call.
pub(crate) const UNDER_WAY_MS: i64 = 10 * 60 * 1_000;

/// A call of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its id.
    pub id: Id<Call>,
    /// Its number in the workspace.
    pub number: i64,
    /// When it began.
    pub at: Timestamp,
    /// The business day whose budget it belongs to.
    pub day: Date,
    /// Who asked: `bots.ask_assistant`.
    pub purpose: String,
    /// What it belongs to: a conversation.
    pub subject: Option<Uuid>,
    /// The bot that asked.
    pub bot: Option<Uuid>,
    /// What people see in the list.
    pub label: String,
    /// Who was asked.
    pub provider: Provider,
    /// The model.
    pub model: String,
    /// What became of it.
    pub state: CallState,
    /// What was reserved of the day's budget.
    pub reserved_tokens: u64,
    /// What it took; nothing while nobody knows.
    pub usage: Usage,
    /// What it cost at the prices of that moment, where they were set.
    pub cost: Option<Cost>,
    /// How long it took.
    pub duration_ms: Option<i64>,
    /// The word of what went wrong.
    pub error: Option<String>,
    /// What the provider said of it.
    pub said: String,
    /// The last words of the person, cut.
    pub question: String,
    /// The model's words, cut.
    pub answer: String,
    /// The tools it asked for.
    pub tools: Vec<String>,
}

impl Call {
    /// What became of it, as seen at `now`.
    pub(crate) const fn state_at(state: CallState, at: Timestamp, now: Timestamp) -> CallState {
        match state {
            CallState::Begun if now.millis_since(at) > UNDER_WAY_MS => CallState::Unknown,
            state => state,
        }
    }
}

/// How a call ended, for [`crate::store::set_ended`].
#[derive(Debug, Clone)]
pub(crate) struct Ending {
    pub(crate) state: CallState,
    pub(crate) usage: Usage,
    pub(crate) cost: Option<Cost>,
    pub(crate) duration_ms: i64,
    pub(crate) error: Option<&'static str>,
    pub(crate) said: String,
    pub(crate) answer: String,
    pub(crate) tools: Vec<String>,
}
