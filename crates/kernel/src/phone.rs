//! Phone numbers in E.164.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, Text};

/// Digits of an Uzbek number after +998.
const UZ_NATIONAL_DIGITS: usize = 9;

/// A phone number in E.164, such as `+998901234567`.
///
/// Of Uzbek numbers only the length is checked: lists of operator prefixes age (`UZBEKISTAN.md`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads the ways people write it: `+998 90 123-45-67`, `998901234567`, `90 123 45 67`, `8 90 1234567`, `00998…`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refused = || Error::invalid(Text::new("kernel-phone-malformed"));
        let trimmed = text.trim();
        let mut digits = String::with_capacity(16);
        for (position, c) in trimmed.chars().enumerate() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if position == 0 => {}
                ' ' | '-' | '(' | ')' | '.' | '\u{a0}' | '–' => {}
                _ => return Err(refused()),
            }
        }
        let digits = if trimmed.starts_with('+') {
            digits
        } else if let Some(rest) = digits.strip_prefix("00") {
            rest.to_owned()
        } else if digits.len() == UZ_NATIONAL_DIGITS {
            format!("998{digits}")
        } else if digits.len() == UZ_NATIONAL_DIGITS + 1 && digits.starts_with('8') {
            format!("998{}", digits.get(1..).unwrap_or_default())
        } else {
            digits
        };
        // E.164: at most 15 digits with the country code, which never begins with 0.
        let plausible = (8..=15).contains(&digits.len()) && !digits.starts_with('0');
        let uzbek_length = !digits.starts_with("998") || digits.len() == UZ_NATIONAL_DIGITS + 3;
        if plausible && uzbek_length { Ok(Self(format!("+{digits}"))) } else { Err(refused()) }
    }

    /// The number as stored and compared: `+998901234567`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `+998 90 123 45 67` for Uzbek numbers, as it is for others.
    pub fn pretty(&self) -> String {
        match self.0.strip_prefix("+998") {
            Some(n) if n.len() == UZ_NATIONAL_DIGITS && n.is_ascii() => {
                let part = |range: std::ops::Range<usize>| n.get(range).unwrap_or_default();
                format!("+998 {} {} {} {}", part(0..2), part(2..5), part(5..7), part(7..9))
            }
            _ => self.0.clone(),
        }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| de::Error::custom("text:kernel-phone-malformed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(Phone::parse(text).ok().as_ref().map(Phone::as_str), expected);
    }

    #[test]
    fn numbers_are_read_in_the_ways_people_write_them() {
        check("+998 (90) 123-45-67", Some("+998901234567"));
        check("998901234567", Some("+998901234567"));
        check("90 123 45 67", Some("+998901234567"));
        check("8 90 123 45 67", Some("+998901234567"));
        check("00998901234567", Some("+998901234567"));
        check("+7 916 123-45-67", Some("+79161234567"));
        check("+99890123456", None);
        check("12345", None);
        check("90-abc-45-67", None);
        check("", None);
        assert_eq!(Phone::parse("901234567").unwrap().pretty(), "+998 90 123 45 67");
    }
}
