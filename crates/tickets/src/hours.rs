//! When the desk works, and how much working time lies between two moments. Pure.

use kernel::{Checks, Date, Result, Text, Timestamp, Zone};
use serde::{Deserialize, Serialize};

/// Holidays that are kept at most.
const HOLIDAYS_AT_MOST: usize = 400;
/// Minutes of a day: also the end of its last hour.
const DAY: u16 = 24 * 60;
/// How far ahead working time is looked for, in days.
const DAYS_AHEAD: u64 = 2 * 366;
const MINUTE_MS: i64 = 60_000;

/// From when until when, in minutes of a day: from 0 to 1440, the end not before the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// The first minute.
    pub from: u16,
    /// The minute behind the last.
    pub to: u16,
}

impl Shift {
    const WHOLE_DAY: Self = Self { from: 0, to: DAY };
}

/// The week of the desk, in the workspace's time zone, and the days on which nobody works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hours {
    /// From Monday on; nobody works on a day without a shift.
    pub week: [Option<Shift>; 7],
    /// In order, each once.
    pub holidays: Vec<Date>,
}

impl Default for Hours {
    /// Always: what a desk promises holds around the clock until it says otherwise.
    fn default() -> Self {
        Self { week: [Some(Shift::WHOLE_DAY); 7], holidays: Vec::new() }
    }
}

impl Hours {
    /// The same, tidied, or everything that is wrong with it; fields are called `from_0`, `to_0` (Monday) to `to_6`.
    pub fn checked(mut self) -> Result<Self> {
        let mut checks = Checks::new();
        for (day, shift) in self.week.iter().enumerate() {
            let is_fit = shift.is_none_or(|shift| shift.from < shift.to && shift.to <= DAY);
            checks.hold(is_fit, &format!("to_{day}"), Text::new("tickets-hours-backwards"));
        }
        let works = self.week.iter().any(Option::is_some);
        checks.hold(works, "from_0", Text::new("tickets-hours-never"));
        self.holidays.sort_unstable();
        self.holidays.dedup();
        let fits = self.holidays.len() <= HOLIDAYS_AT_MOST;
        checks.hold(fits, "holidays", Text::new("tickets-too-many").with("max", HOLIDAYS_AT_MOST));
        checks.done()?;
        Ok(self)
    }

    /// Whether somebody works at this moment.
    pub fn is_open_at(&self, zone: Zone, at: Timestamp) -> bool {
        self.shift_on(zone, zone.date(at)).is_some_and(|(from, to)| from <= at && at < to)
    }

    /// The moment at which `minutes` of working time have passed since `from`; `None` where they do not pass within two years.
    pub fn after(&self, zone: Zone, from: Timestamp, minutes: i32) -> Option<Timestamp> {
        let mut left = i64::from(minutes).saturating_mul(MINUTE_MS);
        let first = zone.date(from);
        for day in 0..DAYS_AHEAD {
            let Some((begin, end)) = self.shift_on(zone, first.plus_days(day)) else { continue };
            let begin = begin.max(from);
            let length = end.millis_since(begin).max(0);
            if left <= length && end > begin {
                return Some(begin.plus_millis(left));
            }
            left = left.saturating_sub(length);
        }
        None
    }

    /// When the shift of this day begins and ends.
    fn shift_on(&self, zone: Zone, date: Date) -> Option<(Timestamp, Timestamp)> {
        if self.holidays.binary_search(&date).is_ok() {
            return None;
        }
        let day = usize::try_from(date.weekday()).ok()?;
        let Shift { from, to } = self.week.get(day).copied().flatten()?;
        Some((zone.at_minute(date, from), zone.at_minute(date, to)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: Zone, date: &str, minute: u16) -> Timestamp {
        zone.at_minute(Date::parse(date).unwrap(), minute)
    }

    /// Monday to Friday from nine to six, Saturday from ten to two.
    fn hours() -> Hours {
        let day = Some(Shift { from: 9 * 60, to: 18 * 60 });
        let saturday = Some(Shift { from: 10 * 60, to: 14 * 60 });
        Hours { week: [day, day, day, day, day, saturday, None], holidays: Vec::new() }
    }

    #[test]
    fn outside_the_hours_no_time_passes() {
        let zone = Zone::default();
        let friday = at(zone, "2026-11-20", 17 * 60 + 30);
        assert_eq!(hours().after(zone, friday, 20), Some(at(zone, "2026-11-20", 17 * 60 + 50)));
        assert_eq!(
            hours().after(zone, friday, 30),
            Some(at(zone, "2026-11-20", 18 * 60)),
            "to the last minute"
        );
        assert_eq!(hours().after(zone, friday, 60), Some(at(zone, "2026-11-21", 10 * 60 + 30)));
        assert_eq!(hours().after(zone, friday, 30 + 240 + 1), Some(at(zone, "2026-11-23", 9 * 60 + 1)));
        let sunday = at(zone, "2026-11-22", 12 * 60);
        assert_eq!(hours().after(zone, sunday, 1), Some(at(zone, "2026-11-23", 9 * 60 + 1)));
        let early = at(zone, "2026-11-23", 3 * 60);
        assert_eq!(hours().after(zone, early, 1), Some(at(zone, "2026-11-23", 9 * 60 + 1)));
    }

    #[test]
    fn nobody_works_on_a_holiday() {
        let zone = Zone::default();
        let hours = Hours { holidays: vec![Date::parse("2026-12-08").unwrap()], ..hours() };
        let monday = at(zone, "2026-12-07", 17 * 60);
        assert_eq!(hours.after(zone, monday, 90), Some(at(zone, "2026-12-09", 9 * 60 + 30)));
        assert!(!hours.is_open_at(zone, at(zone, "2026-12-08", 12 * 60)));
        assert!(hours.is_open_at(zone, at(zone, "2026-12-09", 9 * 60)));
        assert!(!hours.is_open_at(zone, at(zone, "2026-12-09", 18 * 60)));
    }

    #[test]
    fn a_night_shift_to_midnight_goes_on_the_next_morning() {
        let zone = Zone::default();
        let late = Some(Shift { from: 20 * 60, to: DAY });
        let hours = Hours { week: [late; 7], holidays: Vec::new() };
        let evening = at(zone, "2026-11-20", 23 * 60 + 50);
        assert_eq!(hours.after(zone, evening, 10), Some(at(zone, "2026-11-21", 0)));
        assert_eq!(hours.after(zone, evening, 11), Some(at(zone, "2026-11-21", 20 * 60 + 1)));
        let always = Hours::default();
        assert_eq!(always.after(zone, evening, 20), Some(at(zone, "2026-11-21", 10)));
    }

    #[test]
    fn clocks_that_are_put_forward_or_back_change_no_working_minute() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let night = Hours { week: [Some(Shift { from: 60, to: 5 * 60 }); 7], holidays: Vec::new() };
        // That night has three hours from one to five, and the one in October has five.
        let spring = at(zone, "2026-03-29", 60);
        assert_eq!(night.after(zone, spring, 180), Some(at(zone, "2026-03-29", 5 * 60)));
        assert_eq!(night.after(zone, spring, 181), Some(at(zone, "2026-03-30", 61)));
        let autumn = at(zone, "2026-10-25", 60);
        assert_eq!(night.after(zone, autumn, 300), Some(at(zone, "2026-10-25", 5 * 60)));
    }

    #[test]
    fn what_never_comes_is_said() {
        let zone = Zone::default();
        let never = Hours { week: [None; 7], holidays: Vec::new() };
        assert_eq!(never.after(zone, at(zone, "2026-11-20", 0), 1), None);
        assert!(never.checked().is_err());
        let backwards = Some(Shift { from: 600, to: 540 });
        let error = Hours { week: [backwards; 7], holidays: Vec::new() }.checked().unwrap_err();
        assert_eq!(error.field_errors().len(), 7);
        assert!(hours().checked().is_ok());
    }

    #[test]
    fn zero_minutes_outside_the_hours_are_the_next_opening() {
        let zone = Zone::default();
        assert_eq!(hours().after(zone, at(zone, "2026-11-22", 0), 0), Some(at(zone, "2026-11-23", 9 * 60)));
    }
}
