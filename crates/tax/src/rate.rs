//! Rates and the days they begin. Pure.

use catalog::Vat;
use kernel::{Date, Id, Rate, Result, Timestamp};

/// The standard rate of value added tax by law: the day it begins, basis points. 12 % since 1 January 2023, 15 %
/// before (kun.uz/en/news/2022/12/31/vat-being-reduced-from-15-to-12).
const LAW: &[(i32, u32, u32, i64)] = &[(2023, 1, 1, 1_200)];
/// The rate of days before the first of these.
const BEFORE: Rate = Rate::from_basis_points(1_500);

/// A rate that a workspace set itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VatRate {
    /// Its id.
    pub id: Id<VatRate>,
    /// The first day it holds.
    pub starts_on: Date,
    /// The rate.
    pub rate: Rate,
    /// When it was written down.
    pub created_at: Timestamp,
}

/// The standard rates of a workspace, the law's and its own, in the order of the days they begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VatRates(Vec<Period>);

/// A rate from a day on, until the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub starts_on: Date,
    /// The rate.
    pub rate: Rate,
    /// The workspace's own row; none for the law's.
    pub own: Option<Id<VatRate>>,
}

impl VatRates {
    /// The law's rates with these over them: a rate of one's own that begins on the same day takes the law's place.
    pub fn new(own: Vec<VatRate>) -> Result<Self> {
        let mut periods = Vec::with_capacity(LAW.len() + own.len());
        for (year, month, day, points) in LAW {
            let starts_on = Date::new(*year, *month, *day)?;
            if !own.iter().any(|rate| rate.starts_on == starts_on) {
                periods.push(Period { starts_on, rate: Rate::from_basis_points(*points), own: None });
            }
        }
        periods.extend(own.into_iter().map(|VatRate { id, starts_on, rate, created_at: _ }| Period {
            starts_on,
            rate,
            own: Some(id),
        }));
        periods.sort_by_key(|period| period.starts_on);
        Ok(Self(periods))
    }

    /// The rate for goods of this kind on this day.
    pub fn on(&self, vat: Vat, day: Date) -> Rate {
        match vat {
            Vat::Zero | Vat::Exempt => Rate::default(),
            Vat::Standard => {
                let last = self.0.iter().rev().find(|period| period.starts_on <= day);
                last.map_or(BEFORE, |period| period.rate)
            }
        }
    }

    /// The periods, oldest first.
    pub fn periods(&self) -> &[Period] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `own` is `day=percent`; the answer is the standard rate of `day` in percent.
    #[track_caller]
    fn check(own: &str, day: &str, expected: &str) {
        let own = own
            .split_whitespace()
            .map(|one| {
                let (day, rate) = one.split_once('=').unwrap();
                VatRate {
                    id: Id::from_uuid(uuid::Uuid::from_u128(1)),
                    starts_on: Date::parse(day).unwrap(),
                    rate: Rate::parse(rate).unwrap(),
                    created_at: Timestamp::default(),
                }
            })
            .collect();
        let rates = VatRates::new(own).unwrap();
        let day = Date::parse(day).unwrap();
        assert_eq!(rates.on(Vat::Standard, day).to_string(), expected, "{day}");
        assert_eq!(rates.on(Vat::Zero, day), Rate::default());
        assert_eq!(rates.on(Vat::Exempt, day), Rate::default());
    }

    #[test]
    fn the_law_holds_where_nothing_else_is_said() {
        check("", "2026-11-20", "12");
        check("", "2023-01-01", "12");
        check("", "2022-12-31", "15");
        check("", "1990-01-01", "15");
    }

    #[test]
    fn a_rate_of_ones_own_holds_from_its_day_until_the_next_begins() {
        check("2026-01-01=10", "2025-12-31", "12");
        check("2026-01-01=10", "2026-01-01", "10");
        check("2026-01-01=10 2027-01-01=9.5", "2027-06-01", "9.5");
        check("2020-01-01=20", "2021-01-01", "20");
        check("2020-01-01=20", "2023-01-01", "12");
        check("2023-01-01=10", "2024-01-01", "10");
    }
}
