//! The days that figures are about, those before to compare with, and the bar that asks for others.

use askama::{Template, filters::HtmlSafe};
use kernel::{Date, Error, Result, Text};

use super::{DayRange, Field, Form, ListQuery, Shell};

/// The longest period.
const DAYS_AT_MOST: i64 = 3_660;
/// Years that there are figures of.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// Days from one to another, both of them too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

impl Period {
    /// This month until today.
    pub fn of_today(today: Date) -> Self {
        Self { from: today.first_of_month(), until: today }
    }

    /// What is asked for. Where only one end is said, the other is today or the beginning of the month; where none is, it is
    /// this month until today.
    pub fn asked(range: &DayRange, today: Date) -> Result<Self> {
        range.check()?;
        let until = range.until.unwrap_or_else(|| range.from.map_or(today, |from| from.max(today)));
        let from = range.from.unwrap_or_else(|| until.first_of_month());
        let period = Self { from, until };
        let is_known = YEARS.contains(&from.year()) && YEARS.contains(&until.year());
        if !is_known || period.days() > DAYS_AT_MOST {
            let text = Text::new("web-period-too-long").with("days", DAYS_AT_MOST.to_string());
            return Err(Error::field("from", text));
        }
        Ok(period)
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        self.until.days_since(self.from) + 1
    }

    /// As many days, right before it.
    #[must_use]
    pub fn before(self) -> Self {
        let days = u64::try_from(self.days()).unwrap_or(1);
        Self { from: self.from.minus_days(days), until: self.from.minus_days(1) }
    }

    /// Whether the day lies in it.
    pub fn holds(self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }

    /// `?from=…&until=…`.
    pub fn query(self) -> String {
        format!("?from={}&until={}", self.from, self.until)
    }

    /// `01.11.2026 – 21.11.2026`.
    pub fn dotted(self) -> String {
        match self.from == self.until {
            true => self.from.dotted(),
            false => format!("{} – {}", self.from.dotted(), self.until.dotted()),
        }
    }
}

/// The bar above figures: usual periods, and two days to choose.
#[derive(Debug, Template)]
#[template(path = "parts/period.html")]
pub struct PeriodBar {
    p: Shell,
    path: String,
    /// Name, address and whether it is shown, of the usual periods.
    spans: Vec<(String, String, bool)>,
    form: Form,
    names: Vec<&'static str>,
}
impl HtmlSafe for PeriodBar {}

impl PeriodBar {
    /// The bar of the page at `path`, which shows `period`; with what was typed in the query and what is wrong with it.
    pub fn new(
        p: &Shell,
        path: impl Into<String>,
        period: Period,
        today: Date,
        query: &ListQuery,
        wrong: Option<&Error>,
    ) -> Self {
        let path = path.into();
        let typed = |name: &str, day: Date| query.get(name).map_or_else(|| day.to_string(), str::to_owned);
        let form = Form::new(p, path.clone())
            .error(wrong)
            .field(Field::date("from", "web-days-from").value(typed("from", period.from)).required())
            .field(Field::date("until", "web-days-until").value(typed("until", period.until)).required());
        let last_month = today.first_of_month().minus_days(1);
        let spans = [
            ("web-days-today", Period { from: today, until: today }),
            ("web-days-week", Period { from: today.first_of_week(), until: today }),
            ("web-days-month", Period::of_today(today)),
            ("web-days-last-month", Period { from: last_month.first_of_month(), until: last_month }),
        ];
        let of = |(key, span): (&str, Period)| {
            (p.t(key), format!("{path}{}", span.query()), wrong.is_none() && span == period)
        };
        Self { p: p.clone(), spans: spans.map(of).into(), form, names: vec!["from", "until"], path }
    }

    /// Something else that the page is asked for, by a field of this name; it stays when the days change.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str, field: Field) -> Self {
        if !value.is_empty() {
            for (_, href, _) in &mut self.spans {
                href.push_str(&format!("&{name}={value}"));
            }
        }
        self.form = self.form.field(field.value(value));
        self.names.push(name);
        self
    }

    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.names.iter().filter_map(|name| self.form.get(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, until: &str, found: &str, before: &str) {
        let today = Date::parse("2026-11-21").unwrap();
        let said = |text| Some(text).filter(|text: &&str| !text.is_empty());
        let period = Period::asked(&DayRange::read(said(from), said(until)), today).unwrap();
        assert_eq!(period.query(), found);
        assert_eq!(period.before().query(), before);
    }

    #[test]
    fn a_period_is_what_is_said_and_as_many_days_before_it() {
        check("", "", "?from=2026-11-01&until=2026-11-21", "?from=2026-10-11&until=2026-10-31");
        check("2026-11-21", "", "?from=2026-11-21&until=2026-11-21", "?from=2026-11-20&until=2026-11-20");
        check("", "2026-03-05", "?from=2026-03-01&until=2026-03-05", "?from=2026-02-24&until=2026-02-28");
        check("2026-12-05", "", "?from=2026-12-05&until=2026-12-05", "?from=2026-12-04&until=2026-12-04");
    }

    #[test]
    fn what_is_no_period_is_refused_beside_its_field() {
        let today = Date::parse("2026-11-21").unwrap();
        for (from, until, field) in [
            ("2026-13-01", "2026-11-21", "from"),
            ("2026-11-01", "x", "until"),
            ("2026-11-05", "2026-11-04", "until"),
            ("2001-01-01", "2026-11-21", "from"),
            ("1950-01-01", "1950-01-02", "from"),
        ] {
            let error = Period::asked(&DayRange::read(Some(from), Some(until)), today).unwrap_err();
            assert_eq!(error.field_errors()[0].field, field, "{from} {until}");
        }
    }
}
