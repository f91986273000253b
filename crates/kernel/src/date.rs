//! Moments in UTC milliseconds and business dates, and the zone that makes one of the other.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, Text};

/// A moment: milliseconds since 1970-01-01T00:00:00Z. JSON speaks RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This much later (earlier when negative); stays at the ends of time.
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// This many seconds later.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_millis(seconds.saturating_mul(1_000))
    }

    /// Milliseconds from `earlier` until `self`.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// As a chrono moment; moments beyond the calendar are its start.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.utc().format("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let moment = DateTime::parse_from_rfc3339(&text)
            .map_err(|_| de::Error::custom("text:kernel-moment-malformed"))?;
        Ok(Self(moment.timestamp_millis()))
    }
}

/// A day of business, in the workspace's zone: `2026-11-20`. Years 1900 to 2199.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The day of this year, month and day; an error when the calendar has none.
    pub fn new(year: i32, month: u32, day: u32) -> Result<Self, Error> {
        NaiveDate::from_ymd_opt(year, month, day)
            .filter(|date| (1900..2200).contains(&date.year()))
            .map(Self)
            .ok_or_else(|| Error::invalid(Text::new("kernel-date-malformed")))
    }

    /// Reads `2026-11-20` and `20.11.2026`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .or_else(|_| NaiveDate::parse_from_str(text, "%d.%m.%Y"))
            .map_err(|_| Error::invalid(Text::new("kernel-date-malformed")))?;
        Self::new(date.year(), date.month(), date.day())
    }

    /// Wraps chrono's date, from the store.
    pub const fn from_naive(date: NaiveDate) -> Self {
        Self(date)
    }

    /// As chrono's date.
    pub const fn naive(self) -> NaiveDate {
        self.0
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// This many days later; stays where it is at the end of the calendar.
    pub fn plus_days(self, days: u64) -> Self {
        Self(self.0.checked_add_days(Days::new(days)).unwrap_or(self.0))
    }

    /// This many days earlier; stays where it is at the beginning of the calendar.
    pub fn minus_days(self, days: u64) -> Self {
        Self(self.0.checked_sub_days(Days::new(days)).unwrap_or(self.0))
    }

    /// Days from `earlier` until `self`; negative when it is the later one.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.signed_duration_since(earlier.0).num_days()
    }

    /// The day of its week, from Monday, which is 0.
    pub fn weekday(self) -> u32 {
        self.0.weekday().num_days_from_monday()
    }

    /// The Monday of its week.
    pub fn first_of_week(self) -> Self {
        self.minus_days(u64::from(self.weekday()))
    }

    /// The first day of its month.
    pub fn first_of_month(self) -> Self {
        Self(self.0.with_day(1).unwrap_or(self.0))
    }

    /// `20.11.2026`, as people here write it.
    pub fn dotted(self) -> String {
        self.0.format("%d.%m.%Y").to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl FromStr for Date {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}
impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| de::Error::custom("text:kernel-date-malformed"))
    }
}

/// A workspace's time zone, `Asia/Tashkent` unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(chrono_tz::Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(chrono_tz::Asia::Tashkent)
    }
}

impl Zone {
    /// Reads an IANA name; `None` when there is no such zone.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The business date at this moment.
    pub fn date(self, at: Timestamp) -> Date {
        Date(self.0.from_utc_datetime(&at.utc().naive_utc()).date_naive())
    }

    /// The moment at which this business date begins.
    pub fn start_of(self, date: Date) -> Timestamp {
        self.at_minute(date, 0)
    }

    /// The moment at which clocks show `minute` of the day, from 0 to 1440: the earlier one where they show it twice; where they
    /// never do, because they are put forward, the moment of doing so.
    pub fn at_minute(self, date: Date, minute: u16) -> Timestamp {
        let midnight = date.0.and_time(NaiveTime::MIN);
        let asked = midnight + TimeDelta::minutes(i64::from(minute));
        // No clock is put forward by more than a day.
        let shown = (0..=1440)
            .find_map(|later| self.0.from_local_datetime(&(asked + TimeDelta::minutes(later))).earliest());
        Timestamp(shown.map_or_else(|| asked.and_utc().timestamp_millis(), |at| at.timestamp_millis()))
    }

    /// `20.11.2026 14:05`, as people here read it.
    pub fn dotted(self, at: Timestamp) -> String {
        self.0.from_utc_datetime(&at.utc().naive_utc()).format("%d.%m.%Y %H:%M").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_that_clocks_never_show_is_when_they_are_put_forward() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let at = |date: &str, minute| zone.at_minute(Date::parse(date).unwrap(), minute).to_string();
        assert_eq!(at("2026-03-29", 90), "2026-03-29T00:30:00.000Z");
        assert_eq!(at("2026-03-29", 150), "2026-03-29T01:00:00.000Z", "from two to three there is nothing");
        assert_eq!(at("2026-03-29", 180), "2026-03-29T01:00:00.000Z");
        assert_eq!(at("2026-10-25", 150), "2026-10-25T00:30:00.000Z", "the earlier one of two");
        assert_eq!(at("2026-10-25", 1440), "2026-10-25T23:00:00.000Z");
    }

    #[test]
    fn a_tashkent_day_begins_at_nineteen_utc() {
        let zone = Zone::default();
        let date = Date::parse("20.11.2026").unwrap();
        let start = zone.start_of(date);
        assert_eq!(start.to_string(), "2026-11-19T19:00:00.000Z");
        assert_eq!(zone.date(start), date);
        assert_eq!(zone.date(start.plus_millis(-1)), Date::parse("2026-11-19").unwrap());
    }

    #[test]
    fn a_week_begins_on_monday_and_a_month_on_its_first() {
        let date = |text| Date::parse(text).unwrap();
        for (day, week, month) in [
            ("2026-11-21", "2026-11-16", "2026-11-01"),
            ("2026-11-16", "2026-11-16", "2026-11-01"),
            ("2026-03-01", "2026-02-23", "2026-03-01"),
        ] {
            assert_eq!(date(day).first_of_week(), date(week));
            assert_eq!(date(day).first_of_month(), date(month));
        }
        assert_eq!(date("2026-03-01").days_since(date("2026-02-23")), 6);
        assert_eq!(date("2026-03-01").minus_days(6), date("2026-02-23"));
    }

    #[test]
    fn days_that_the_calendar_lacks_are_refused() {
        assert!(Date::parse("2026-02-30").is_err());
        assert!(Date::parse("0001-01-01").is_err());
        assert!(Date::parse("tomorrow").is_err());
    }
}
