//! What is told of applications after a commit. The subject is the application's id.

use serde::{Deserialize, Serialize};

use crate::Status;

/// Somebody applied, or applied again after they had cancelled: [`Told`].
pub const APPLICATION_SUBMITTED: &str = "application.submitted";
/// Answers in it were replaced, or somebody of the staff wrote a note: [`Told`].
pub const APPLICATION_CHANGED: &str = "application.changed";
/// It went on, perhaps with a message to whoever applied: [`Told`].
pub const APPLICATION_STATUS_CHANGED: &str = "application.status_changed";

/// What is personal of an applicant is gone; the subject is the applicant: [`Forgotten`].
pub const APPLICANT_ERASED: &str = "applicant.erased";

/// What is told of an applicant who is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// What a bot of ours calls the chat by in which they applied.
    pub chat_ref: Option<String>,
}

/// What is told with each of the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The form's code.
    pub form: String,
    /// How far it is now.
    pub status: Status,
    /// What the staff writes to whoever applied, in its own words.
    pub message: Option<String>,
}
