//! A student who answers, as bots know them. Pure.

use catalog::Item;
use contacts::{Contact, Gender};
use kernel::{Id, Lang, Phone, Timestamp};
use serde::Serialize;

use crate::RosterRow;

/// Characters of a first or a last name.
pub(crate) const NAME_CHARS: usize = 100;
/// Characters of a name in Telegram, without `@`; Telegram itself allows 32.
pub(crate) const USERNAME_CHARS: usize = 64;

/// A student who answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Student {
    /// Its id.
    pub id: Id<Student>,
    /// What the university calls them: one student an id.
    pub student_external_id: String,
    /// The row of the roster by which they answered last.
    pub roster: Id<RosterRow>,
    /// The contact that they are; none where their data were erased.
    pub contact: Option<Id<Contact>>,
    /// Their id in Telegram.
    pub telegram_user_id: Option<i64>,
    /// Their name in Telegram, without `@`.
    pub username: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// A man or a woman.
    pub gender: Option<Gender>,
    /// Their phone.
    pub phone: Option<Phone>,
    /// Where they come from: a catalog item.
    pub region: Option<Id<Item>>,
    /// What they are asked in.
    pub lang: Option<Lang>,
    /// When they were written down.
    pub created_at: Timestamp,
    /// When what is known of them changed last.
    pub updated_at: Timestamp,
    /// When their personal data were erased.
    pub erased_at: Option<Timestamp>,
}

impl Student {
    /// First and last name; empty where neither is known.
    pub fn full_name(&self) -> String {
        full_name(self.first_name.as_deref(), self.last_name.as_deref())
    }

    /// What lists call them: their name, or the id where none is known.
    pub fn called(&self) -> String {
        Some(self.full_name()).filter(|name| !name.is_empty()).unwrap_or(self.student_external_id.clone())
    }

    /// The folded words by which they are found, between spaces: id, names, the ends of the phone.
    pub(crate) fn words(&self) -> String {
        let mut words = uztext::tokens(&self.student_external_id);
        words.extend(uztext::tokens(&self.full_name()));
        words.extend(self.username.iter().flat_map(|name| uztext::tokens(name)));
        words.extend(self.phone.iter().flat_map(contacts::phone_words));
        words.dedup();
        words.join(" ")
    }
}

/// First and last name, with one space between those that are known.
pub(crate) fn full_name(first: Option<&str>, last: Option<&str>) -> String {
    let names: Vec<&str> = [first, last].into_iter().flatten().filter(|name| !name.is_empty()).collect();
    names.join(" ")
}
