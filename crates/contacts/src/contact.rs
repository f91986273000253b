//! A contact: one person or company with as many hats as it wears. Pure.

use std::{fmt, str::FromStr};

use kernel::{Checks, Error, Id, Lang, Money, Phone, Result, Text, Timestamp, Tin};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters of a name.
pub const NAME_CHARS: usize = 200;
/// Characters of an address.
pub const ADDRESS_CHARS: usize = 500;
/// Characters of an e-mail address (RFC 5321 allows 254).
pub const EMAIL_CHARS: usize = 254;
/// Characters of a note.
pub const NOTE_CHARS: usize = 4_000;
/// The highest credit limit: 10¹² so'm.
pub const CREDIT_MAX: Money = Money::from_som(1_000_000_000_000);
/// Ends of a phone that people search by: without the country, the last seven and the last four digits.
const PHONE_ENDS: [usize; 3] = [9, 7, 4];

/// Whether a contact is a human being or a firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContactKind {
    /// A human being.
    #[default]
    Person,
    /// A firm or an institution.
    Company,
}

impl ContactKind {
    /// Both kinds, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Person, Self::Company];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
        }
    }

    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Person => "contacts-kind-person",
            Self::Company => "contacts-kind-company",
        }
    }
}

impl fmt::Display for ContactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
impl FromStr for ContactKind {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.word() == word);
        found.ok_or_else(|| Error::invalid(Text::new("contacts-kind-unknown")))
    }
}

kernel::words! {
    /// Man or woman, as a person says of themselves.
    Gender {
        /// A man.
        Male = "male",
        /// A woman.
        Female = "female",
    }
}

impl Gender {
    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Male => "contacts-gender-male",
            Self::Female => "contacts-gender-female",
        }
    }
}

/// Somebody the workspace deals with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Its id.
    pub id: Id<Contact>,
    /// The integer that the REST API shows as `id` and `customer_id`.
    pub number: i64,
    /// What it is called.
    pub name: String,
    /// Its phone: one contact a phone.
    pub phone: Option<Phone>,
    /// The language it is written to.
    pub lang: Lang,
    /// A person or a company.
    pub kind: ContactKind,
    /// What the tax office knows it by.
    pub tin: Option<Tin>,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Where it is.
    pub address: Option<String>,
    /// It buys.
    pub is_customer: bool,
    /// It supplies.
    pub is_supplier: bool,
    /// What it may owe at most; no limit was said when there is none.
    pub credit_limit: Option<Money>,
    /// What the staff should know.
    pub note: Option<String>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it was and documents still name it.
    pub deleted_at: Option<Timestamp>,
}

impl Contact {
    /// What can be written into it, as it stands.
    pub fn content(&self) -> NewContact {
        let Self {
            id: _,
            number: _,
            name,
            phone,
            lang,
            kind,
            tin,
            email,
            address,
            is_customer,
            is_supplier,
            credit_limit,
            note,
            created_at: _,
            updated_at: _,
            deleted_at: _,
        } = self.clone();
        NewContact {
            name,
            phone,
            lang,
            kind,
            tin,
            email,
            address,
            is_customer,
            is_supplier,
            credit_limit,
            note,
        }
    }
}

/// What people write into a contact. [`NewContact::checked`] makes it fit to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the same fields as Contact's")]
pub struct NewContact {
    pub name: String,
    pub phone: Option<Phone>,
    pub lang: Lang,
    pub kind: ContactKind,
    pub tin: Option<Tin>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub is_customer: bool,
    pub is_supplier: bool,
    pub credit_limit: Option<Money>,
    pub note: Option<String>,
}

impl NewContact {
    /// A person who buys, of this name and phone, and nothing else said.
    pub fn customer(name: impl Into<String>, phone: Option<Phone>) -> Self {
        Self {
            name: name.into(),
            phone,
            lang: Lang::default(),
            kind: ContactKind::Person,
            tin: None,
            email: None,
            address: None,
            is_customer: true,
            is_supplier: false,
            credit_limit: None,
            note: None,
        }
    }

    /// The same, tidied, or everything that is wrong with it.
    pub fn checked(self) -> Result<Self> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, NAME_CHARS);
        let email = checks.optional_line("email", self.email.as_deref(), EMAIL_CHARS);
        let plausible = email.as_deref().is_none_or(is_email);
        checks.hold(plausible, "email", Text::new("contacts-email-malformed"));
        let mut prose = |field: &str, text: Option<String>, max: usize| {
            text.map(|text| checks.prose(field, &text, max)).filter(|text| !text.is_empty())
        };
        let address = prose("address", self.address, ADDRESS_CHARS);
        let note = prose("note", self.note, NOTE_CHARS);
        let fits = self.credit_limit.is_none_or(|limit| !limit.is_negative() && limit <= CREDIT_MAX);
        let words = Text::new("contacts-credit-limit-out-of-range").with("max", CREDIT_MAX);
        checks.hold(fits, "credit_limit", words);
        checks.done()?;
        Ok(Self { name, email, address, note, ..self })
    }

    /// The folded words by which the contact is found, each once: name, phone, TIN, e-mail.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = uztext::tokens(&self.name);
        words.extend(self.phone.iter().flat_map(phone_words));
        words.extend(self.tin.as_ref().map(|tin| tin.as_str().to_owned()));
        words.extend(self.email.iter().flat_map(|email| uztext::tokens(email)));
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// The words by which whoever has this phone is found: all its digits, and the ends of them that people type.
pub fn phone_words(phone: &Phone) -> Vec<String> {
    let digits = phone.as_str().trim_start_matches('+');
    let ends = PHONE_ENDS.iter().filter_map(|end| digits.get(digits.len().checked_sub(*end)?..));
    [digits].into_iter().chain(ends).map(str::to_owned).collect()
}

/// A phone as people type it into a search (`90 123-45-67`) as one word; other text as it is.
pub fn joined_digits(question: &str) -> String {
    let is_phone = question.chars().filter(char::is_ascii_digit).count() > 3
        && question.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')'));
    if is_phone { question.chars().filter(char::is_ascii_digit).collect() } else { question.to_owned() }
}

/// Something before and behind one `@`, a dot behind it, no spaces and controls. Whether mail arrives is learned by sending it.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let letters = text
        .chars()
        .all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, ',' | ';' | '<' | '>' | '"'));
    let dotted = domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty());
    letters && !local.is_empty() && dotted && !domain.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_found_by_name_and_by_the_ends_of_its_phone() {
        let mut contact = NewContact::customer("Aziza Karimova", Phone::parse("901234567").ok());
        contact.email = Some("aziza@dokon.example".to_owned());
        let words = contact.words();
        for word in ["aziza", "karimova", "998901234567", "901234567", "1234567", "4567", "dokon"] {
            assert!(words.iter().any(|found| found == word), "{word}: {words:?}");
        }
    }

    #[test]
    fn everything_wrong_with_a_contact_is_said() {
        let mut contact = NewContact::customer(" ", None);
        contact.email = Some("aziza@".to_owned());
        contact.note = Some("x".repeat(NOTE_CHARS + 1));
        contact.credit_limit = Some(Money::from_tiyin(-1));
        let error = contact.checked().unwrap_err();
        let fields: Vec<_> = error.field_errors().iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["name", "email", "note", "credit_limit"]);
    }

    #[test]
    fn an_address_of_mail_has_both_its_sides() {
        for good in ["a@b.uz", "a.b+c@pochta.uz"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["a", "@b.uz", "a@b", "a@b..uz", "a b@c.uz", "a@b@c.uz", "<a@b.uz>"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
