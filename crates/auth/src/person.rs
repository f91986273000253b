//! A person: one sign-in for every workspace they belong to. Pure.

use std::str::FromStr;

use kernel::{Error, Lang, PersonId, Phone, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Email, Username};

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their number, one series for the whole server: what the API calls a user's id.
    pub number: i64,
    /// What people call them.
    pub name: String,
    /// What they sign in with.
    pub email: Option<Email>,
    /// When a letter to it came back as a link; `None` while nobody knows whose it is.
    pub email_confirmed_at: Option<Timestamp>,
    /// What they sign in with who have no e-mail address, or besides it.
    pub username: Option<Username>,
    /// Their phone.
    pub phone: Option<Phone>,
    /// The language of their pages.
    pub lang: Lang,
    /// How their pages look.
    pub theme: Theme,
    /// When the password was last set.
    pub password_set_at: Timestamp,
    /// Since when.
    pub created_at: Timestamp,
}

impl Person {
    /// The e-mail address, if it is known to be theirs.
    pub fn confirmed_email(&self) -> Option<&Email> {
        self.email.as_ref().filter(|_| self.email_confirmed_at.is_some())
    }

    /// What stands under the name: the e-mail address, or else the username.
    pub fn login(&self) -> &str {
        let username = self.username.as_ref().map(Username::as_str);
        self.email.as_ref().map(Email::as_str).or(username).unwrap_or_default()
    }
}

/// How pages look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Light on dark, as pages are when nothing was chosen.
    #[default]
    Dark,
    /// Dark on light.
    Light,
}

impl Theme {
    /// The word that is stored and that pages carry.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

impl FromStr for Theme {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        [Self::Dark, Self::Light].into_iter().find(|theme| theme.word() == word).ok_or_else(Error::not_found)
    }
}
