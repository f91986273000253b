//! A link that came by a letter and opens one door once. Pure.

use std::str::FromStr;

use kernel::{Error, Id, PersonId, Result, Timestamp};

use crate::Email;

/// Seconds that a link which confirms an address holds: a day.
pub const CONFIRM_S: i64 = 86_400;
/// Seconds that a link which sets a new password holds: an hour.
pub const RESET_S: i64 = 3_600;

/// Which door it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Makes the workspace that a sign-up asked for.
    SignUp,
    /// Confirms the address of a person.
    Confirm,
    /// Makes another address that of a person.
    Change,
    /// Sets a new password.
    Reset,
}

impl LinkKind {
    const ALL: [Self; 4] = [Self::SignUp, Self::Confirm, Self::Change, Self::Reset];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::Confirm => "confirm",
            Self::Change => "change",
            Self::Reset => "reset",
        }
    }
}

impl FromStr for LinkKind {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(Error::not_found)
    }
}

/// A link as it stands. Its token is kept as SHA-256 only, and not at all until its letter is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Its id, which is no secret.
    pub id: Id<Link>,
    /// Which door it opens.
    pub kind: LinkKind,
    /// Whose it is; nobody's yet for a sign-up.
    pub person: Option<PersonId>,
    /// The address that it went to.
    pub email: Email,
    /// What a sign-up said.
    pub content: Option<serde_json::Value>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}
