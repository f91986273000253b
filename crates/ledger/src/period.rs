//! Fiscal periods are months. Pure.

use std::{fmt, str::FromStr};

use chrono::Datelike;
use db::{FromValue, ToValue, Value};
use kernel::{Date, Error, Result, Text, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The first year that entries may be dated in.
pub const FIRST_YEAR: i32 = 2000;
/// The last one. A century of months at the most that a month can hold still fits into one sum.
pub const LAST_YEAR: i32 = 2099;

/// A month: `2026-11`. Stored as 202611.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month that a day lies in; an error for days beyond the books.
    pub fn of(date: Date) -> Result<Self> {
        Self::new(date.year(), date.naive().month())
    }

    fn new(year: i32, month: u32) -> Result<Self> {
        if (FIRST_YEAR..=LAST_YEAR).contains(&year) && (1..=12).contains(&month) {
            return Ok(Self { year, month });
        }
        let (first, last) = (i64::from(FIRST_YEAR), i64::from(LAST_YEAR));
        Err(Error::invalid(
            Text::new("ledger-date-beyond").with("first", first.to_string()).with("last", last.to_string()),
        ))
    }

    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Result<Self> {
        let malformed = || Error::invalid(Text::new("ledger-month-malformed"));
        let (year, month) = text.trim().split_once('-').ok_or_else(malformed)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(malformed());
        }
        Self::new(year.parse().map_err(|_| malformed())?, month.parse().map_err(|_| malformed())?)
            .map_err(|_| malformed())
    }

    /// Its first day.
    pub fn first_day(self) -> Result<Date> {
        Date::new(self.year, self.month, 1)
    }

    /// Its last day.
    pub fn last_day(self) -> Result<Date> {
        let next = self.next();
        let naive = Date::new(next.year, next.month, 1)?.naive();
        naive.pred_opt().map(Date::from_naive).ok_or_else(|| Error::internal("a month without a last day"))
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { month: self.month + 1, ..self }
        }
    }

    /// The one before it.
    #[must_use]
    pub const fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year - 1, month: 12 }
        } else {
            Self { month: self.month - 1, ..self }
        }
    }

    fn number(self) -> i64 {
        i64::from(self.year) * 100 + i64::from(self.month)
    }

    fn from_number(number: i64) -> Option<Self> {
        let (year, month) = (i32::try_from(number / 100).ok()?, u32::try_from(number % 100).ok()?);
        (1..=12).contains(&month).then_some(Self { year, month })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}
impl FromStr for Month {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}
impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| de::Error::custom("text:ledger-month-malformed"))
    }
}
impl ToValue for Month {
    fn to_value(&self) -> Value<'_> {
        Value::Int(self.number())
    }
}
impl FromValue for Month {
    fn from_value(value: Value<'_>) -> Option<Self> {
        Self::from_number(i64::from_value(value)?)
    }
}

/// A month of the books: open, or closed by somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Which month.
    pub month: Month,
    /// Who closed it, and when; none while it is open.
    pub closed: Option<Closing>,
}

/// Who closed a month, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// What people call them.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_over_the_years() {
        let december = Month::parse("2026-12").unwrap();
        assert_eq!(december.next().to_string(), "2027-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!(december.last_day().unwrap().to_string(), "2026-12-31");
        assert_eq!(Month::parse("2024-02").unwrap().last_day().unwrap().to_string(), "2024-02-29");
        assert_eq!(Month::of(Date::parse("2026-11-20").unwrap()).unwrap().to_string(), "2026-11");
        for wrong in ["", "2026", "2026-13", "2026-1", "1999-12", "2100-01", "26-11", "2026-11-01", "٢٠٢٦-١١"]
        {
            assert!(Month::parse(wrong).is_err(), "{wrong}");
        }
    }
}
