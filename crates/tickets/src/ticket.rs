//! A ticket, and what is said in it. Pure.

use std::{fmt, str::FromStr};

use contacts::Contact;
use kernel::{Checks, Error, Id, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Agent, Category};

/// Characters of a message: what one message of Telegram holds.
pub const TEXT_CHARS: usize = 4_096;
/// Characters of a file's id at its platform, and of its address.
const FILE_CHARS: usize = 2_000;
/// Millionths of a degree to the pole, and half around the earth.
const LATITUDE_E6_MAX: i32 = 90_000_000;
const LONGITUDE_E6_MAX: i32 = 180_000_000;

/// Somebody asks, and is answered until it is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ticket {
    /// Its id.
    pub id: Id<Ticket>,
    /// What people call it by.
    pub number: i64,
    /// Who asks.
    pub contact: Id<Contact>,
    /// What about.
    pub category: Id<Category>,
    /// The chat that the contact asks in, as whoever brought it there calls it; answers are told there.
    pub chat_ref: Option<String>,
    /// Who answers; nobody yet when there is none.
    pub agent: Option<Id<Agent>>,
    /// Whether it is open.
    pub is_open: bool,
    /// The place of the last message in it; 0 before the first.
    pub last_place: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When an agent answered first.
    pub first_answer_at: Option<Timestamp>,
    /// When something was last said in it; when it was opened before that.
    pub last_message_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// What was promised of it.
    pub clock: Clock,
    /// Out of sight until then.
    pub snoozed_until: Option<Timestamp>,
    /// What whoever asked thinks of it.
    pub rating: Option<Rating>,
    /// How often it was opened again.
    pub reopened: i32,
    /// Where what was said in it stands now.
    pub merged_into: Option<Id<Ticket>>,
}

/// How long somebody waits, and until when something was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Clock {
    /// Since when whoever asked waits for an answer; not at all where the staff had the last word.
    pub waiting_since: Option<Timestamp>,
    /// Until when that answer was promised.
    pub answer_due_at: Option<Timestamp>,
    /// Until when the end was promised.
    pub resolve_due_at: Option<Timestamp>,
    /// Whether any answer, or the end, came after its time.
    pub was_late: bool,
    /// The time that was told as over.
    pub alerted_due_at: Option<Timestamp>,
}

impl Clock {
    /// What is due next.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.answer_due_at.into_iter().chain(self.resolve_due_at).min()
    }

    /// Whether a promised time is over.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.due_at().is_some_and(|due| due < now)
    }

    /// The staff answered.
    pub(crate) fn answer(&mut self, now: Timestamp) {
        self.was_late |= self.answer_due_at.is_some_and(|due| due < now);
        self.waiting_since = None;
        self.answer_due_at = None;
    }

    /// The ticket ended: nothing is due any more.
    pub(crate) fn end(&mut self, now: Timestamp) {
        self.was_late |= self.is_overdue(now);
        self.waiting_since = None;
        self.answer_due_at = None;
        self.resolve_due_at = None;
    }
}

/// Somebody who has a ticket open just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// Who.
    pub name: String,
    /// Whether they write an answer.
    pub is_writing: bool,
}

/// What somebody thinks of how they were answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rating {
    /// From 1 to 5.
    pub stars: i32,
    /// What they wrote; empty where nothing.
    pub comment: String,
    /// When.
    pub at: Timestamp,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// Words.
    Text,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sound or a voice.
    Audio,
    /// Any other file.
    File,
    /// A point on the map.
    Location,
}

impl MessageKind {
    /// Every kind, in the order in which the API names them.
    pub const ALL: [Self; 6] =
        [Self::Text, Self::Image, Self::Video, Self::Audio, Self::File, Self::Location];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::File => "file",
            Self::Location => "location",
        }
    }
}

impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
impl FromStr for MessageKind {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.word() == word);
        found.ok_or_else(|| Error::invalid(Text::new("tickets-message-kind-unknown")))
    }
}

/// A point on the map, in millionths of a degree (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// North of the equator.
    pub latitude_e6: i32,
    /// East of Greenwich.
    pub longitude_e6: i32,
}

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// What it is.
    pub kind: MessageKind,
    /// The words, or those under a file; empty where there are none.
    pub text: String,
    /// What its platform knows the file by.
    pub file_id: Option<String>,
    /// Where the file can be had.
    pub file_url: Option<String>,
    /// The point on the map.
    pub place: Option<Place>,
    /// What its chat calls the message: the same one is said once, and can be said anew.
    pub chat_key: Option<String>,
    /// The file, where we keep it ourselves.
    pub kept: Option<Kept>,
}

/// A file that we keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// What `files` calls it by.
    pub hash: String,
    /// What people call it by.
    pub name: String,
}

impl Said {
    /// Nothing yet of this kind.
    pub const fn blank(kind: MessageKind) -> Self {
        Self {
            kind,
            text: String::new(),
            file_id: None,
            file_url: None,
            place: None,
            chat_key: None,
            kept: None,
        }
    }

    /// These words.
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::blank(MessageKind::Text) }
    }

    /// The same, tidied, or everything that is wrong with it: words without words, a file that nothing names, a point that is
    /// not on the earth.
    pub fn checked(self) -> Result<Self> {
        let mut checks = Checks::new();
        let text = checks.prose("text", &self.text, TEXT_CHARS);
        let file_id = checks.optional_line("file_id", self.file_id.as_deref(), FILE_CHARS);
        let file_url = checks.optional_line("file_url", self.file_url.as_deref(), FILE_CHARS);
        let is_address = |url: &str| {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
        };
        checks.hold(
            file_url.as_deref().is_none_or(is_address),
            "file_url",
            Text::new("tickets-file-url-malformed"),
        );
        match self.kind {
            MessageKind::Text => {
                let is_said = !text.is_empty() || checks.has("text");
                checks.hold(is_said, "text", Text::new("kernel-text-missing"));
            }
            MessageKind::Location => {
                let is_on_earth = self.place.is_some_and(|place| {
                    place.latitude_e6.abs() <= LATITUDE_E6_MAX && place.longitude_e6.abs() <= LONGITUDE_E6_MAX
                });
                checks.hold(is_on_earth, "latitude", Text::new("tickets-location-missing"));
            }
            MessageKind::Image | MessageKind::Video | MessageKind::Audio | MessageKind::File => {
                let is_named = file_id.is_some() || file_url.is_some() || self.kept.is_some();
                let is_said = checks.has("file_id") || checks.has("file_url");
                checks.hold(is_named || is_said, "file_id", Text::new("tickets-file-missing"));
            }
        }
        checks.done()?;
        Ok(Self { text, file_id, file_url, ..self })
    }
}

/// A message of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Its id.
    pub id: Id<Message>,
    /// What the API calls it by.
    pub number: i64,
    /// Where it stands.
    pub ticket: Id<Ticket>,
    /// Its place in the ticket, from 1, without a gap.
    pub place: i64,
    /// Whether the staff said it, and not the contact.
    pub is_answer: bool,
    /// Which agent said it, where it was one.
    pub agent: Option<Id<Agent>>,
    /// What was said.
    pub said: Said,
    /// When.
    pub created_at: Timestamp,
    /// When it was last said anew.
    pub edited_at: Option<Timestamp>,
    /// Why the file could not be had.
    pub file_error: Option<String>,
    /// Why an answer did not arrive with whoever asked.
    pub undelivered: Option<Undelivered>,
}

/// Why an answer did not arrive with whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Undelivered {
    /// They blocked the bot, or are gone.
    Blocked,
    /// The chat is connected no more.
    NoChannel,
    /// Its file cannot be shown in their chat; the words arrived.
    File,
    /// The platform refused it.
    Refused,
}

impl Undelivered {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Blocked, Self::NoChannel, Self::File, Self::Refused];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::NoChannel => "no_channel",
            Self::File => "file",
            Self::Refused => "refused",
        }
    }
}

impl FromStr for Undelivered {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|why| why.word() == word);
        found.ok_or_else(|| Error::internal(format!("no reason {word}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(said: Said) -> Vec<String> {
        let errors = said.checked().unwrap_err();
        errors.field_errors().iter().map(|error| error.field.clone()).collect()
    }

    #[test]
    fn a_message_has_what_its_kind_needs() {
        assert_eq!(wrong(Said::blank(MessageKind::Text)), ["text"]);
        assert_eq!(wrong(Said::blank(MessageKind::Image)), ["file_id"]);
        assert_eq!(wrong(Said::blank(MessageKind::Location)), ["latitude"]);
        let far = Some(Place { latitude_e6: 90_000_001, longitude_e6: 0 });
        assert_eq!(wrong(Said { place: far, ..Said::blank(MessageKind::Location) }), ["latitude"]);
        for bad in ["ftp://a.uz/1", "https://", "https://a b"] {
            let url = Some(bad.to_owned());
            assert_eq!(
                wrong(Said { file_url: url, ..Said::blank(MessageKind::File) }),
                ["file_url"],
                "{bad}"
            );
        }
    }

    #[test]
    fn words_are_tidied_and_a_file_may_have_none() {
        let words = Said { text: "  Salom\r\n ".to_owned(), ..Said::blank(MessageKind::Text) };
        assert_eq!(words.checked().unwrap().text, "Salom");
        let photo = Said { file_id: Some("AgACAg".to_owned()), ..Said::blank(MessageKind::Image) };
        assert_eq!(photo.clone().checked().unwrap(), photo);
        let place = Some(Place { latitude_e6: 41_311_081, longitude_e6: 69_240_562 });
        assert!(Said { place, ..Said::blank(MessageKind::Location) }.checked().is_ok());
    }
}
