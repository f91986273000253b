//! When people apply, and when the staff gets to it: days before today, and their hours. Pure.

use kernel::{Date, Timestamp, Zone};

use super::chance::Chance;

/// Applications come in the eight months before today.
const DAYS: u32 = 240;
/// The day before today on which most come: the last weeks before the end of admission.
const BUSIEST: u32 = 30;
/// How many come in each hour of a day, 0 to 22: evenings are busiest.
const HOURS: [u32; 23] = [3, 2, 1, 1, 1, 1, 2, 5, 12, 20, 24, 26, 22, 20, 24, 26, 26, 24, 26, 32, 36, 30, 16];
/// Saturdays and Sundays, of a hundred of a working day.
const WEEKEND: u32 = 55;
/// When the staff works: from nine until six.
const OFFICE_FROM: u16 = 9 * 60;
const OFFICE_MINUTES: u64 = 9 * 60;

/// The days on which people apply, and how many come on each.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    zone: Zone,
    today: Date,
    days: Vec<(u32, u32)>,
    hours: Vec<(u32, u32)>,
}

impl Calendar {
    /// That of this day in this zone.
    pub(super) fn new(zone: Zone, today: Date) -> Self {
        let weight = |ago: u32| {
            let slope = if ago <= BUSIEST { ago * (DAYS - BUSIEST) / BUSIEST } else { DAYS - ago };
            let weekday = today.minus_days(u64::from(ago)).weekday();
            (20 + slope) * if is_weekend(weekday) { WEEKEND } else { 100 }
        };
        let days = (1..=DAYS).map(|ago| (ago, weight(ago))).collect();
        Self { zone, today, days, hours: (0..).zip(HOURS).collect() }
    }

    /// When this person first applies: before today begins.
    pub(super) fn applies(&self, chance: Chance) -> Timestamp {
        let ago = chance.weighed("day", &self.days).copied().unwrap_or(1);
        let hour = chance.weighed("hour", &self.hours).copied().unwrap_or(12);
        let minute = u16::try_from(hour * 60).unwrap_or_default()
            + u16::try_from(chance.below("minute", 60)).unwrap_or_default();
        let second = i64::try_from(chance.below("second", 60)).unwrap_or_default();
        self.zone.at_minute(self.today.minus_days(u64::from(ago)), minute).plus_seconds(second)
    }

    /// When the staff gets to something on this day, or on the next working day.
    pub(super) fn office(&self, chance: Chance, question: &str, day: Date) -> Timestamp {
        let minute = u16::try_from(chance.below(question, OFFICE_MINUTES)).unwrap_or_default();
        self.zone.at_minute(working_day(day), OFFICE_FROM + minute)
    }

    /// The day of this moment.
    pub(super) fn day(&self, at: Timestamp) -> Date {
        self.zone.date(at)
    }

    /// Whether it was over when today began: what is made up does not depend on the hour of making it up.
    pub(super) fn is_over(&self, at: Timestamp) -> bool {
        at < self.zone.start_of(self.today)
    }
}

/// The first day of a week, from Monday, which is 0, that is no working day.
const SATURDAY: u32 = 5;

/// Whether this day of a week is no working day.
fn is_weekend(weekday: u32) -> bool {
    weekday >= SATURDAY
}

/// This day, or the Monday after it.
pub(super) fn working_day(day: Date) -> Date {
    if is_weekend(day.weekday()) { day.first_of_week().plus_days(7) } else { day }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_apply_before_today_less_on_weekends_and_hardly_at_night() {
        let zone = Zone::default();
        let today = Date::parse("2026-09-21").unwrap();
        let calendar = Calendar::new(zone, today);
        let moments: Vec<Timestamp> = (0..10_000).map(|n| calendar.applies(Chance::of(n))).collect();
        assert!(moments.iter().all(|at| calendar.is_over(*at) && zone.date(*at) >= today.minus_days(240)));
        let days = moments.iter().map(|at| zone.date(*at));
        let weekend = days.clone().filter(|day| is_weekend(day.weekday())).count();
        assert!((1_400..2_300).contains(&weekend), "{weekend} of 10000 on weekends");
        let busy = days.filter(|day| (10..50).contains(&today.days_since(*day))).count();
        assert!(busy > 2_500, "{busy} of 10000 about the busiest day");
        let minute = |at: &Timestamp| at.millis_since(zone.start_of(zone.date(*at))) / 60_000;
        let night = moments.iter().filter(|at| minute(at) < 6 * 60).count();
        assert!(night < 500, "{night} of 10000 at night");
    }

    #[test]
    fn the_staff_works_on_working_days_from_nine_until_six() {
        let zone = Zone::default();
        let today = Date::parse("2026-09-21").unwrap();
        let calendar = Calendar::new(zone, today);
        for number in 0..500 {
            let day = today.minus_days(u64::from(number) % 30);
            let at = calendar.office(Chance::of(number), "office", day);
            let minute = at.millis_since(zone.start_of(zone.date(at))) / 60_000;
            assert!((9 * 60..18 * 60).contains(&minute) && !is_weekend(zone.date(at).weekday()));
            assert!((0..=2).contains(&zone.date(at).days_since(day)));
        }
    }
}
