//! A contact who asks, as outside bots know them. Pure.

use contacts::Contact;
use kernel::{Checks, Lang, Phone, Result, Text};
use serde::Serialize;

/// Characters of a name.
const NAME_CHARS: usize = contacts::NAME_CHARS;
/// Characters of a name in Telegram, without `@`; Telegram itself allows 32.
const USERNAME_CHARS: usize = 64;

/// What Telegram calls somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Telegram {
    /// Their id there.
    pub telegram_id: i64,
    /// Their name there, without `@`.
    pub username: Option<String>,
}

/// A contact whom Telegram named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The contact.
    pub contact: Contact,
    /// What Telegram calls them.
    pub telegram: Telegram,
}

/// What a bot knows of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the same as Contact's and Telegram's")]
pub struct NewUser {
    pub telegram_id: i64,
    pub username: Option<String>,
    pub full_name: String,
    pub phone: Option<Phone>,
    /// What the contact is written to in; none leaves it as it is.
    pub lang: Option<Lang>,
}

impl NewUser {
    /// The same, tidied, or everything that is wrong with it.
    pub fn checked(self) -> Result<Self> {
        let mut checks = Checks::new();
        checks.hold(self.telegram_id > 0, "telegram_id", Text::new("tickets-telegram-id-malformed"));
        let username = self.username.as_deref().map(|name| name.trim().trim_start_matches('@'));
        let username = checks.optional_line("username", username, USERNAME_CHARS);
        let full_name = checks.required_line("full_name", &self.full_name, NAME_CHARS);
        checks.done()?;
        Ok(Self { username, full_name, ..self })
    }
}
