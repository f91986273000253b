//! An application, and the states it goes through. Pure.

use catalog::Item;
use kernel::{Checks, Error, Id, Result, Text, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Applicant, Form};

/// Applications whose status is changed at once.
pub const BULK_AT_MOST: usize = 500;
/// Characters of a message to an applicant: what one message of Telegram holds, with room for the status.
pub(crate) const MESSAGE_CHARS: usize = 3_500;

kernel::words! {
    /// How far an application is.
    Status {
        /// It came.
        Submitted = "submitted",
        /// Somebody looks at it.
        InReview = "in_review",
        /// Yes.
        Accepted = "accepted",
        /// No.
        Rejected = "rejected",
        /// It is not wanted any more; who submits it again, revives it.
        Cancelled = "cancelled",
    }
}

impl Status {
    /// The message that names it, for staff and for applicants.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Submitted => "applications-status-submitted",
            Self::InReview => "applications-status-in-review",
            Self::Accepted => "applications-status-accepted",
            Self::Rejected => "applications-status-rejected",
            Self::Cancelled => "applications-status-cancelled",
        }
    }

    /// What the staff can make of it.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Submitted => &[Self::InReview, Self::Accepted, Self::Rejected, Self::Cancelled],
            Self::InReview => &[Self::Submitted, Self::Accepted, Self::Rejected, Self::Cancelled],
            Self::Accepted => &[Self::InReview, Self::Cancelled],
            Self::Rejected => &[Self::InReview],
            Self::Cancelled => &[Self::Submitted],
        }
    }

    /// Whether it was decided: what is answered in it stays then.
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Accepted | Self::Rejected)
    }

    /// The status of this word, beside the field `status` where there is none.
    pub fn read(word: &str) -> Result<Self> {
        let word = word.trim().to_ascii_lowercase();
        word.parse().map_err(|_| Error::invalid(Text::new("applications-status-unknown")))
    }
}

/// What was answered, by the keys of fields: phones in E.164, dates in ISO 8601, items by their codes. What no field asks
/// for stands as it came.
pub type Answers = Map<String, Value>;

/// Somebody applies for something: once a form and applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Application {
    /// Its id.
    pub id: Id<Application>,
    /// What people call it by.
    pub number: i64,
    /// What for.
    pub form: Id<Form>,
    /// Who.
    pub applicant: Id<Applicant>,
    /// How far it is.
    pub status: Status,
    /// What was answered.
    pub answers: Answers,
    /// When it came; when it came again after it was cancelled.
    pub submitted_at: Timestamp,
    /// When something in it was last changed.
    pub updated_at: Timestamp,
}

/// What was chosen in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The application.
    pub(crate) application: Id<Application>,
    /// The field's key.
    pub(crate) field: String,
    /// The item.
    pub(crate) item: Id<Item>,
}

/// A message to an applicant, tidied; an empty one is none.
pub(crate) fn message(text: &str) -> Result<Option<String>> {
    let mut checks = Checks::new();
    let text = checks.prose("message", text, MESSAGE_CHARS);
    checks.done()?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_leads_somewhere_and_never_to_itself() {
        for status in Status::ALL {
            assert!(!status.next().is_empty(), "{status}");
            assert!(!status.next().contains(status), "{status}");
            assert_eq!(Status::read(&status.word().to_uppercase()).unwrap(), *status);
        }
        assert!(Status::read("done").is_err());
    }
}
