//! What people type about themselves and their company, checked field by field. Pure.

use std::{fmt, str::FromStr};

use kernel::{Error, FieldError, Result, Text};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Characters of a person's or a company's name at most: what a page can show on two lines.
pub const NAME_AT_MOST: usize = 120;
/// Characters of an address at most.
pub const ADDRESS_AT_MOST: usize = 300;
/// Characters of an e-mail address at most (RFC 5321, section 4.5.3.1.3, less the brackets).
pub const EMAIL_AT_MOST: usize = 254;
/// Characters of an e-mail address before the @ at most (RFC 5321, section 4.5.3.1.1).
const EMAIL_LOCAL_AT_MOST: usize = 64;
/// Characters of a password: fewer are guessed, more cost us the hashing of a stranger's book.
pub const PASSWORD_LENGTHS: std::ops::RangeInclusive<usize> = 8..=128;
/// Passwords that every guesser tries first; the short list of what is long enough to pass otherwise.
const GUESSED_FIRST: &[&str] = &[
    "password",
    "password1",
    "password123",
    "parol123",
    "parol1234",
    "parolparol",
    "qwerty123",
    "qwertyui",
    "qwertyuiop",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "q1w2e3r4",
    "12345678",
    "123456789",
    "1234567890",
    "0123456789",
    "87654321",
    "987654321",
    "11223344",
    "12341234",
    "123123123",
    "qazwsxedc",
    "admin123",
    "admin1234",
    "administrator",
    "iloveyou",
    "salom123",
    "uzbekistan",
    "toshkent",
    "tashkent",
    "karvon123",
];

/// Collects what is wrong with each field of one input, so that a person sees all of it at once.
#[derive(Debug, Default)]
pub struct Checks {
    errors: Vec<FieldError>,
}

impl Checks {
    /// Keeps the value of `field`, or notes what is wrong with it.
    pub fn take<T>(&mut self, field: &str, value: Result<T>) -> Option<T> {
        value
            .map_err(|error| {
                self.errors.push(FieldError { field: field.to_owned(), text: error.text().clone() })
            })
            .ok()
    }

    /// The same for a field that may stay empty: an empty text is no value.
    pub fn take_optional<T>(
        &mut self,
        field: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T>,
    ) -> Option<T> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        self.take(field, parse(text))
    }

    /// Notes what is wrong with `field`.
    pub fn refuse(&mut self, field: &str, text: Text) {
        self.errors.push(FieldError { field: field.to_owned(), text });
    }

    /// The error for everything that was noted.
    pub fn finish(self) -> Result<()> {
        Error::all(self.errors)
    }
}

/// A name on one line: trimmed, with single spaces, at most [`NAME_AT_MOST`] characters, nothing invisible.
pub fn name(text: &str) -> Result<String> {
    let name = one_line(text, NAME_AT_MOST)?;
    if name.is_empty() { Err(Error::invalid(Text::new("auth-name-missing"))) } else { Ok(name) }
}

/// One line of text, perhaps empty, of at most `at_most` characters.
pub fn one_line(text: &str, at_most: usize) -> Result<String> {
    let line = uztext::tidy_apostrophes(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if line.chars().count() > at_most {
        return Err(Error::invalid(Text::new("auth-text-too-long").with("most", at_most)));
    }
    if line.chars().any(is_invisible) {
        return Err(Error::invalid(Text::new("auth-text-invisible")));
    }
    Ok(line)
}

/// Control characters, and the marks that turn the direction of writing and so can forge what is shown.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// An e-mail address in small letters, as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// Reads an address of the form that people have: `name@host.zone`, without comments and quotes.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim().to_lowercase();
        let whole = text.split_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain));
        if whole && text.chars().count() <= EMAIL_AT_MOST {
            Ok(Self(text))
        } else {
            Err(Error::invalid(Text::new("auth-email-malformed")))
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local(local: &str) -> bool {
    (1..=EMAIL_LOCAL_AT_MOST).contains(&local.chars().count())
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().count() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

/// What people sign in with who have no e-mail address: small Latin letters, digits, `.`, `_`, `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Username(String);

impl Username {
    /// Reads 3 to 32 characters that begin with a letter; capitals become small.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim().to_ascii_lowercase();
        let right = (3..=32).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'));
        if right { Ok(Self(text)) } else { Err(Error::invalid(Text::new("auth-username-malformed"))) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! as_text {
    ($($type:ident, $key:literal);*) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(|_| de::Error::custom(concat!("text:", $key)))
            }
        }
        impl db::ToValue for $type {
            fn to_value(&self) -> db::Value<'_> {
                db::Value::Text((&self.0).into())
            }
        }
        impl db::FromValue for $type {
            fn from_value(value: db::Value<'_>) -> Option<Self> {
                String::from_value(value).map(Self)
            }
        }
    )*};
}
as_text!(Email, "auth-email-malformed"; Username, "auth-username-malformed");

/// A password in the clear, on its way to being hashed. Shows itself to nobody.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// What somebody typed; nothing is checked, since this is also what a wrong sign-in sends.
    pub fn typed(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the hash alone.
    pub(crate) fn secret(&self) -> &str {
        &self.0
    }

    /// Refuses as a new password what is too short, too long, or what a guesser tries first, among it the names by
    /// which the person signs in.
    pub fn check(&self, names: &[&str]) -> Result<()> {
        let length = self.0.chars().count();
        let (least, most) = (*PASSWORD_LENGTHS.start(), *PASSWORD_LENGTHS.end());
        if length < least {
            return Err(Error::invalid(Text::new("auth-password-short").with("least", least)));
        }
        if length > most {
            return Err(Error::invalid(Text::new("auth-password-long").with("most", most)));
        }
        let lower = self.0.to_lowercase();
        let mut letters = lower.chars();
        let first = letters.next();
        let one_letter = letters.all(|c| Some(c) == first);
        let own_name = names.iter().any(|name| {
            let name = name.to_lowercase();
            let local = name.split('@').next().unwrap_or_default();
            lower == name || lower == local
        });
        if one_letter || own_name || GUESSED_FIRST.contains(&lower.as_str()) {
            return Err(Error::invalid(Text::new("auth-password-guessed")));
        }
        Ok(())
    }
}

/// A new password as the command line reads it.
impl FromStr for Password {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let password = Self::typed(text);
        password.check(&[]).map(|()| password)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_email(text: &str, expected: Option<&str>) {
        assert_eq!(Email::parse(text).ok().as_ref().map(Email::as_str), expected);
    }

    #[test]
    fn an_email_is_small_letters_around_one_at() {
        check_email(" Ali@Misol.UZ ", Some("ali@misol.uz"));
        check_email("a+b.c@d-e.example", Some("a+b.c@d-e.example"));
        for text in [
            "",
            "ali",
            "ali@",
            "@misol.uz",
            "a@b",
            "a b@c.uz",
            "a@b..uz",
            ".a@b.uz",
            "a@-b.uz",
            "a@b@c.uz",
            "<b>@c.uz",
            "a\0@c.uz",
            "a'; DROP TABLE@c.uz",
        ] {
            check_email(text, None);
        }
        check_email(&format!("{}@misol.uz", "a".repeat(65)), None);
        check_email(&format!("a@{}.uz", "b".repeat(300)), None);
    }

    #[test]
    fn a_name_is_one_line_without_tricks() {
        assert_eq!(name("  Oʻtkir\n  Gʻani ").unwrap(), "Oʻtkir Gʻani");
        assert_eq!(name("<b>Ali</b>").unwrap(), "<b>Ali</b>", "kept as typed, escaped where shown");
        for text in ["", "   ", "A\0li", "A\u{202e}li", &"a".repeat(121)] {
            assert!(name(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_username_cannot_be_taken_for_an_email() {
        assert_eq!(Username::parse("Kassir.1").unwrap().as_str(), "kassir.1");
        for text in ["ab", "1kassir", "a@b", "ali vali", "алишер", &"a".repeat(33)] {
            assert!(Username::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_guessers_try_first_is_no_password() {
        let check =
            |text: &str| Password::typed(text).check(&["ali.valiyev@misol.uz"]).map_err(|e| e.text().key());
        assert_eq!(check("qisqa"), Err("auth-password-short"));
        assert_eq!(check(&"x1".repeat(65)), Err("auth-password-long"));
        for text in ["12345678", "PASSWORD", "aaaaaaaaaa", "Ali.Valiyev", "ali.valiyev@misol.uz"] {
            assert_eq!(check(text), Err("auth-password-guessed"), "{text}");
        }
        assert_eq!(check("togʻdagi bulbul"), Ok(()));
        assert_eq!(format!("{:?}", Password::typed("sir-sir-sir")), "Password");
    }
}
