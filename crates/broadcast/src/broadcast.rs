//! What a broadcast is: its states, its people, and what became of each of them.

use bots::{Bot, Channel, Conversation, Segment};
use kernel::{Id, Lang, Timestamp, words};
use serde::{Deserialize, Serialize};
use tickets::Label;

use crate::content::Content;

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// One message to many people of one channel.
#[derive(Debug, Clone, Serialize)]
pub struct Broadcast {
    /// Its id.
    pub id: Id<Broadcast>,
    /// The number that people and the API use.
    pub number: i64,
    /// In whose name it speaks.
    pub bot: Id<Bot>,
    /// Over which channel.
    pub channel: Id<Channel>,
    /// What the staff calls it.
    pub name: String,
    /// How far it has come.
    pub state: State,
    /// What it says.
    pub content: Content,
    /// To whom.
    pub people: People,
    /// What people get for whose language there are no words.
    pub default_lang: Lang,
    /// The platform's id of its picture or film.
    #[serde(skip)]
    pub file_id: Option<String>,
    /// Up to which conversation the people are written down.
    #[serde(skip)]
    pub listed_to: Option<Id<Conversation>>,
    /// Whether all of them are.
    #[serde(skip)]
    pub is_listed: bool,
    /// When it is to begin.
    pub due_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why it stands still.
    pub problem: Option<Problem>,
}

words! {
    /// How far a broadcast has come.
    State {
        /// It is being written.
        Draft = "draft",
        /// It waits for its moment.
        Scheduled = "scheduled",
        /// It is being sent.
        Running = "running",
        /// Somebody, or a fault, stopped it; it can go on.
        Paused = "paused",
        /// Everybody has had their turn.
        Done = "done",
        /// Somebody ended it.
        Cancelled = "cancelled",
    }
}
words! {
    /// What became of one person.
    Fate {
        /// Their turn has not come.
        Waiting = "waiting",
        /// It is on its way.
        Sending = "sending",
        /// The platform has it.
        Sent = "sent",
        /// They blocked the bot.
        Blocked = "blocked",
        /// The platform refused it.
        Failed = "failed",
        /// Nobody knows whether it arrived, and it is not sent again.
        Unknown = "unknown",
    }
}

/// Why a broadcast stands still. What the platform said stands after the colon of the stored word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The bot is paused, put away or deleted.
    BotRests,
    /// The picture or film is not in the store.
    FileMissing,
    /// The platform does not take the picture or film.
    FileRefused(String),
    /// One message after the other came to nothing.
    Refused(String),
}

impl Problem {
    pub(crate) fn stored(&self) -> String {
        match self {
            Self::BotRests => "bot_rests".to_owned(),
            Self::FileMissing => "file_missing".to_owned(),
            Self::FileRefused(why) => format!("file_refused:{why}"),
            Self::Refused(why) => format!("refused:{why}"),
        }
    }

    pub(crate) fn read(stored: &str) -> Self {
        match stored.split_once(':') {
            Some(("file_refused", why)) => Self::FileRefused(why.to_owned()),
            Some((_, why)) => Self::Refused(why.to_owned()),
            None if stored == "file_missing" => Self::FileMissing,
            None => Self::BotRests,
        }
    }
}

/// To whom a broadcast goes: everybody of its channel, cut by these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Those who speak one of these; everybody when there is none.
    #[serde(default)]
    pub langs: Vec<Lang>,
    /// With this label.
    #[serde(default)]
    pub label: Option<Id<Label>>,
    /// Who wrote within so many days.
    #[serde(default)]
    pub wrote_within_days: Option<u32>,
    /// Who has not written for so many days.
    #[serde(default)]
    pub silent_for_days: Option<u32>,
}

impl People {
    /// As the bots' conversations are asked, at this moment.
    pub(crate) fn segment(&self, channel: Id<Channel>, default_lang: Lang, now: Timestamp) -> Segment {
        let Self { langs, label, wrote_within_days, silent_for_days } = self;
        let before = |days: u32| now.plus_millis(-i64::from(days).saturating_mul(DAY_MS));
        Segment {
            channel,
            langs: langs.clone(),
            default_lang,
            label: *label,
            wrote_since: wrote_within_days.map(before),
            silent_since: silent_for_days.map(before),
        }
    }
}

/// One person of a broadcast.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Their conversation.
    pub conversation: Id<Conversation>,
    /// What they call themselves.
    pub name: String,
    /// In which language they get it.
    pub lang: Lang,
    /// What became of it.
    pub fate: Fate,
    /// Why, in the platform's words.
    pub problem: Option<String>,
    /// Since when.
    pub at: Option<Timestamp>,
}

/// How many people have which fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Their turn has not come.
    pub waiting: i64,
    /// It is on its way.
    pub sending: i64,
    /// The platform has it.
    pub sent: i64,
    /// They blocked the bot.
    pub blocked: i64,
    /// The platform refused it.
    pub failed: i64,
    /// Nobody knows.
    pub unknown: i64,
}

impl Counts {
    pub(crate) fn set(&mut self, fate: Fate, count: i64) {
        *match fate {
            Fate::Waiting => &mut self.waiting,
            Fate::Sending => &mut self.sending,
            Fate::Sent => &mut self.sent,
            Fate::Blocked => &mut self.blocked,
            Fate::Failed => &mut self.failed,
            Fate::Unknown => &mut self.unknown,
        } = count;
    }

    /// Everybody.
    pub const fn total(&self) -> i64 {
        self.waiting + self.sending + self.sent + self.blocked + self.failed + self.unknown
    }

    /// Those whose turn is over.
    pub const fn over(&self) -> i64 {
        self.sent + self.blocked + self.failed + self.unknown
    }

    /// How much of it is over, in whole hundredths.
    pub fn percent(&self) -> i64 {
        self.over().saturating_mul(100).checked_div(self.total()).unwrap_or_default()
    }
}
