//! A letter: what it says, and where it stands. Pure.

use std::str::FromStr;

use kernel::{Error, Id, Lang, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// A letter to post. What it says are keys; it is put into words when it is posted.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What it is for: `auth.confirm_email`.
    pub kind: &'static str,
    /// To whom: one address, `name@host.zone`.
    pub to: String,
    /// The reader's language.
    pub lang: Lang,
    /// What it is about.
    pub subject: Text,
    /// What it says, a paragraph each.
    pub lines: Vec<Text>,
    /// What to press: the words, and the whole address.
    pub link: Option<(Text, String)>,
    /// Small print below.
    pub small: Vec<Text>,
    /// Whom an answer reaches, where somebody waits for one.
    pub reply_to: Option<String>,
    /// From then on it would help nobody, and is not sent any more.
    pub expires_at: Option<Timestamp>,
}

impl Letter {
    /// A letter of this kind to `to`, with its subject and nothing else yet.
    pub fn new(kind: &'static str, to: impl Into<String>, lang: Lang, subject: Text) -> Self {
        Self {
            kind,
            to: to.into(),
            lang,
            subject,
            lines: Vec::new(),
            link: None,
            small: Vec::new(),
            reply_to: None,
            expires_at: None,
        }
    }

    /// With one more paragraph.
    #[must_use]
    pub fn line(mut self, text: Text) -> Self {
        self.lines.push(text);
        self
    }

    /// With what to press.
    #[must_use]
    pub fn link(mut self, label: Text, href: impl Into<String>) -> Self {
        self.link = Some((label, href.into()));
        self
    }

    /// With one more line of small print.
    #[must_use]
    pub fn small(mut self, text: Text) -> Self {
        self.small.push(text);
        self
    }

    /// With somebody who waits for an answer.
    #[must_use]
    pub fn reply_to(mut self, address: Option<String>) -> Self {
        self.reply_to = address;
        self
    }

    /// With the moment from which it helps nobody.
    #[must_use]
    pub const fn until(mut self, moment: Timestamp) -> Self {
        self.expires_at = Some(moment);
        self
    }
}

/// A letter in words, as it is sealed until it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) reply_to: Option<String>,
}

/// A letter as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Its id.
    pub id: Id<Posted>,
    /// What it is for.
    pub kind: String,
    /// To whom.
    pub recipient: String,
    /// What it is about, in the reader's language.
    pub subject: String,
    /// Where it stands.
    pub state: LetterState,
    /// How often it was tried.
    pub attempts: u32,
    /// What the mail server said last; empty when nothing went wrong.
    pub error: String,
    /// When it was posted.
    pub created_at: Timestamp,
    /// From then on it is not sent any more.
    pub expires_at: Option<Timestamp>,
    /// When it was sent or given up.
    pub ended_at: Option<Timestamp>,
}

/// Where a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LetterState {
    /// Waits to be sent, perhaps after an attempt.
    Queued,
    /// The mail server has taken it.
    Sent,
    /// Written to the log, because there is no mail server.
    Logged,
    /// Given up.
    Failed,
}

impl LetterState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Logged, Self::Failed];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Logged => "logged",
            Self::Failed => "failed",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Queued => "mail-state-queued",
            Self::Sent => "mail-state-sent",
            Self::Logged => "mail-state-logged",
            Self::Failed => "mail-state-failed",
        }
    }
}

impl FromStr for LetterState {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|state| state.word() == word).ok_or_else(Error::not_found)
    }
}
