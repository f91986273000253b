//! Somebody who applies. Pure.

use catalog::Item;
use contacts::{Contact, Gender};
use kernel::{Checks, Date, Id, Lang, Phone, Result, Text, Timestamp};
use serde::Serialize;

/// Characters of a first or last name.
pub(crate) const NAME_CHARS: usize = 100;
/// Characters of a name in Telegram, without `@`; Telegram itself allows 32.
const USERNAME_CHARS: usize = 64;
/// Characters of an e-mail address (RFC 5321 allows 254).
pub(crate) const EMAIL_CHARS: usize = 254;
/// Whole years of the youngest and of the oldest who can apply (SPEC, APPLY-2).
pub const AGE_MIN: i32 = 14;
/// The oldest.
pub const AGE_MAX: i32 = 80;

/// A contact who applies. The language they are written to is their contact's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Applicant {
    /// Their id.
    pub id: Id<Applicant>,
    /// Who it is.
    pub contact: Id<Contact>,
    /// Their id in Telegram: one applicant an id.
    pub telegram_id: Option<i64>,
    /// The chat with them there.
    pub telegram_chat_id: Option<i64>,
    /// What a bot of ours calls the chat with them by, where they apply in one: what becomes of their applications is told there.
    pub chat_ref: Option<String>,
    /// Their name there, without `@`.
    pub username: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// Man or woman.
    pub gender: Option<Gender>,
    /// When they were born.
    pub birth_date: Option<Date>,
    /// Their phone. Two applicants may share one, as brothers do.
    pub phone: Option<Phone>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Where they come from: a catalog item.
    pub region: Option<Id<Item>>,
    /// When they were written down.
    pub created_at: Timestamp,
    /// When something of them was last changed.
    pub updated_at: Timestamp,
    /// When what was personal was taken away, if it was.
    pub erased_at: Option<Timestamp>,
}

impl Applicant {
    /// First and last name; else the name in Telegram; empty where neither is known.
    pub fn name(&self) -> String {
        let parts = [self.first_name.as_deref(), self.last_name.as_deref()];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        if !name.is_empty() {
            return name;
        }
        self.username.as_ref().map(|name| format!("@{name}")).unwrap_or_default()
    }

    /// By what lists of names are ordered: last name first, both scripts in one.
    pub(crate) fn sort_key(&self) -> String {
        let parts = [self.last_name.as_deref(), self.first_name.as_deref(), self.username.as_deref()];
        uztext::sort_key(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    /// The folded words by which they are found, each once: names, phone, e-mail.
    pub(crate) fn words(&self) -> Vec<String> {
        let texts = [&self.first_name, &self.last_name, &self.username, &self.email];
        let mut words: Vec<String> =
            texts.into_iter().flatten().flat_map(|text| uztext::tokens(text)).collect();
        words.extend(self.phone.iter().flat_map(contacts::phone_words));
        words.sort_unstable();
        words.dedup();
        words
    }

    /// The same with what came written over it; what did not come stays. What `new` says is checked already.
    pub(crate) fn with(self, new: &NewApplicant) -> Self {
        let NewApplicant {
            telegram_id,
            telegram_chat_id,
            chat_ref,
            username,
            first_name,
            last_name,
            gender,
            birth_date,
            phone,
            email,
            region,
            lang: _,
        } = new.clone();
        Self {
            id: self.id,
            contact: self.contact,
            telegram_id: telegram_id.or(self.telegram_id),
            telegram_chat_id: telegram_chat_id.or(self.telegram_chat_id),
            chat_ref: chat_ref.or(self.chat_ref),
            username: username.or(self.username),
            first_name: first_name.or(self.first_name),
            last_name: last_name.or(self.last_name),
            gender: gender.or(self.gender),
            birth_date: birth_date.or(self.birth_date),
            phone: phone.or(self.phone),
            email: email.or(self.email),
            region: region.or(self.region),
            created_at: self.created_at,
            updated_at: self.updated_at,
            erased_at: self.erased_at,
        }
    }

    /// The names of the fields in which it differs from another: for audit entries, which outlive an erasure and hold
    /// nothing personal therefore.
    pub(crate) fn differing(&self, other: &Self) -> Vec<&'static str> {
        let Self {
            id: _,
            contact,
            telegram_id,
            telegram_chat_id,
            chat_ref,
            username,
            first_name,
            last_name,
            gender,
            birth_date,
            phone,
            email,
            region,
            created_at: _,
            updated_at: _,
            erased_at: _,
        } = self;
        let fields = [
            ("contact", *contact != other.contact),
            ("telegram_id", *telegram_id != other.telegram_id),
            ("telegram_chat_id", *telegram_chat_id != other.telegram_chat_id),
            ("chat_ref", *chat_ref != other.chat_ref),
            ("username", *username != other.username),
            ("first_name", *first_name != other.first_name),
            ("last_name", *last_name != other.last_name),
            ("gender", *gender != other.gender),
            ("birth_date", *birth_date != other.birth_date),
            ("phone", *phone != other.phone),
            ("email", *email != other.email),
            ("region", *region != other.region),
        ];
        fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
    }
}

/// What is known of somebody who applies; what is `None` is not said and leaves what stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the same as Applicant's")]
pub struct NewApplicant {
    pub telegram_id: Option<i64>,
    pub telegram_chat_id: Option<i64>,
    pub chat_ref: Option<String>,
    pub username: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub gender: Option<Gender>,
    pub birth_date: Option<Date>,
    pub phone: Option<Phone>,
    pub email: Option<String>,
    pub region: Option<Id<Item>>,
    /// What their contact is written to in from now on.
    pub lang: Option<Lang>,
}

impl NewApplicant {
    /// The same, tidied, or everything that is wrong with it.
    pub(crate) fn checked(self, today: Date) -> Result<Self> {
        let mut checks = Checks::new();
        let positive = self.telegram_id.is_none_or(|id| id > 0);
        checks.hold(positive, "telegram_user_id", Text::new("applications-telegram-id-malformed"));
        let username = self.username.as_deref().map(|name| name.trim().trim_start_matches('@'));
        let username = checks.optional_line("username", username, USERNAME_CHARS);
        let first_name = checks.optional_line("first_name", self.first_name.as_deref(), NAME_CHARS);
        let last_name = checks.optional_line("last_name", self.last_name.as_deref(), NAME_CHARS);
        let email = checks.optional_line("email", self.email.as_deref(), EMAIL_CHARS);
        let plausible = email.as_deref().is_none_or(contacts::is_email);
        checks.hold(plausible, "email", Text::new("applications-email-malformed"));
        let fits = self.birth_date.is_none_or(|born| (AGE_MIN..=AGE_MAX).contains(&age(born, today)));
        let words = Text::new("applications-age-out-of-range").with("min", AGE_MIN).with("max", AGE_MAX);
        checks.hold(fits, "birth_date", words);
        checks.done()?;
        Ok(Self { username, first_name, last_name, email, ..self })
    }
}

/// Whole years from birth until today. Who was born on 29 February is a year older on 1 March.
pub(crate) fn age(born: Date, today: Date) -> i32 {
    let day = |date: Date| date.to_string().get(5..).unwrap_or_default().to_owned();
    let not_yet = day(today) < day(born);
    today.year() - born.year() - i32::from(not_yet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_counted_in_whole_years() {
        let date = |text| Date::parse(text).unwrap();
        for (born, years) in [
            ("2009-09-21", 17),
            ("2009-09-22", 16),
            ("2012-09-21", 14),
            ("1946-09-21", 80),
            ("2008-02-29", 18),
        ] {
            assert_eq!(age(date(born), date("2026-09-21")), years, "{born}");
        }
    }

    #[test]
    fn who_is_too_young_or_too_old_is_told() {
        let today = Date::parse("2026-09-21").unwrap();
        let born = |text| NewApplicant { birth_date: Date::parse(text).ok(), ..NewApplicant::default() };
        for fits in ["2012-09-21", "1945-09-22"] {
            assert!(born(fits).checked(today).is_ok(), "{fits}");
        }
        for wrong in ["2012-09-22", "1945-09-21", "2030-01-01"] {
            let error = born(wrong).checked(today).unwrap_err();
            assert_eq!(error.field_errors()[0].field, "birth_date", "{wrong}");
        }
    }
}
