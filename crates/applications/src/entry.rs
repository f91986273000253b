//! The history of an application: nothing in it is changed, save when a person asks to be forgotten. Pure.

use kernel::{Checks, Id, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Application, Status};

/// Characters of a note.
const NOTE_CHARS: usize = 4_000;

/// What an answer was, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field's key.
    pub field: String,
    /// What stood there; null where nothing.
    pub from: Value,
    /// What stands there now.
    pub to: Value,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Deed {
    /// It came, or came again after it was cancelled.
    Submitted,
    /// Answers in it were replaced.
    Changed {
        /// Which.
        fields: Vec<Change>,
    },
    /// It went on.
    Status {
        /// What it was.
        from: Status,
        /// What it is.
        to: Status,
        /// What was written to the applicant with it.
        message: Option<String>,
    },
    /// Words that only the staff reads.
    Note {
        /// The words.
        text: String,
    },
    /// What was personal was taken away.
    Erased,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Id<Entry>,
    /// With which application.
    pub application: Id<Application>,
    /// Who did it.
    pub author: String,
    /// What.
    pub deed: Deed,
    /// When.
    pub created_at: Timestamp,
}

/// The words of a note, tidied.
pub(crate) fn note(text: &str) -> Result<String> {
    let mut checks = Checks::new();
    let text = checks.prose("text", text, NOTE_CHARS);
    checks.hold(!text.is_empty() || checks.has("text"), "text", Text::new("kernel-text-missing"));
    checks.done()?;
    Ok(text)
}
