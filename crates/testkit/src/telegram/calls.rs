//! The log of API calls and the counts by which a test sees that nothing was lost or doubled.

use std::time::Duration;

use serde_json::Value;

/// How a call ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// Answered with this result.
    Ok(Value),
    /// Refused with this code and description.
    Refused(u16, String),
    /// Spoiled by fault injection before it was taken.
    LostBefore,
    /// Taken, but the answer was spoiled by fault injection.
    LostAfter,
}

/// One call of the API.
#[derive(Debug, Clone)]
pub struct Call {
    /// Since the fake was started.
    pub at: Duration,
    /// The token of the bot.
    pub token: String,
    /// The method as the client wrote it.
    pub method: String,
    /// Parameters; files are replaced by a note.
    pub params: Value,
    /// How it ended.
    pub ended: Ended,
}

impl Call {
    /// The call was taken and answered.
    pub fn is_ok(&self) -> bool {
        matches!(self.ended, Ended::Ok(_))
    }
}

/// What was counted since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Updates made by people.
    pub updates_made: u64,
    /// Updates handed to bots, each time counted.
    pub updates_handed: u64,
    /// Of these, handed for the second or later time.
    pub updates_handed_again: u64,
    /// Updates confirmed by a bot: by offset or by 2xx.
    pub updates_confirmed: u64,
    /// Updates thrown away by `drop_pending_updates`, or because they were a day old.
    pub updates_dropped: u64,
    /// Updates made but neither confirmed nor dropped. Filled in by [`super::Fake::counters`].
    pub updates_waiting: u64,
    /// Messages of bots that were taken.
    pub messages_taken: u64,
    /// Of these, equal to the message before in the same chat, with nothing from a person in between.
    pub messages_doubled: u64,
    /// Chats whose last word is the person's. Filled in by [`super::Fake::counters`].
    pub chats_unanswered: u64,
    /// Taps that no answerCallbackQuery was made for. Filled in by [`super::Fake::counters`].
    pub taps_unanswered: u64,
    /// Calls of every kind.
    pub calls: u64,
    /// Calls answered with 429 by the flood limits.
    pub calls_flooded: u64,
}
