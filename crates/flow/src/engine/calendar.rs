//! The calendar of a date question: a month of buttons, months and years to turn.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::Value;

use super::{Run, auto, draw::Drawn};
use crate::{
    blueprint::{Ask, DateBound},
    phrase::Phrase,
};

impl DateBound {
    /// The day that is meant when today is `today`; stays inside the calendar.
    pub(super) fn on(self, today: NaiveDate) -> NaiveDate {
        match self {
            Self::Fixed(date) => date,
            Self::Today { months, days } => {
                let moved = shift_months(today, months);
                let count = Days::new(u64::from(days.unsigned_abs()));
                let shifted =
                    if days < 0 { moved.checked_sub_days(count) } else { moved.checked_add_days(count) };
                shifted.unwrap_or(moved)
            }
        }
    }
}

fn shift_months(date: NaiveDate, months: i32) -> NaiveDate {
    let count = Months::new(months.unsigned_abs());
    let shifted = if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) };
    shifted.unwrap_or(date)
}

/// Buttons of the month that the session shows, between `min` and `max`.
pub(super) fn rows(
    run: &Run<'_>,
    ask: &Ask,
    min: DateBound,
    max: DateBound,
    opens: DateBound,
) -> Vec<Vec<Drawn>> {
    let today = run.now.zone.date(run.now.at).naive();
    let (min, max) = (min.on(today), max.on(today));
    let shown = run
        .session
        .month
        .as_deref()
        .and_then(|month| NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d").ok());
    // A blueprint may state a first day after the last one; then there is nothing to choose, and nothing to clamp.
    let opens = opens.on(today).max(min).min(max);
    let first = shown.unwrap_or(opens).with_day(1).unwrap_or(opens);
    let mut rows = vec![heading(run, first, min, max), weekdays(run)];
    let lead = first.weekday().num_days_from_monday();
    let mut week: Vec<Drawn> = (0..lead).map(|_| blank()).collect();
    let days = first.iter_days().take_while(|day| day.month() == first.month() && day.year() == first.year());
    for day in days {
        week.push(if (min..=max).contains(&day) {
            let set = ask.save.iter().map(|save| (save.clone(), Value::from(day.to_string()))).collect();
            Drawn::key(auto::DAY, day.day().to_string(), set)
        } else {
            blank()
        });
        if week.len() == 7 {
            rows.push(std::mem::take(&mut week));
        }
    }
    if !week.is_empty() {
        week.resize_with(7, blank);
        rows.push(week);
    }
    rows
}

fn heading(run: &Run<'_>, first: NaiveDate, min: NaiveDate, max: NaiveDate) -> Vec<Drawn> {
    let turn = |label: &str, months: i32| {
        let to = shift_months(first, months);
        let inside = shift_months(to, 1) > min && to <= max && to != first;
        if inside {
            let month = Value::from(to.format("%Y-%m").to_string());
            Drawn::key(auto::MONTH, label.to_owned(), vec![(auto::MONTH.to_owned(), month)])
        } else {
            blank()
        }
    };
    let name =
        listed(run, Phrase::Months).into_iter().nth(usize::try_from(first.month0()).unwrap_or_default());
    let title = format!("{} {}", name.unwrap_or_default(), first.year());
    vec![
        turn("«", -12),
        turn("‹", -1),
        Drawn::key(auto::BLANK, title, Vec::new()),
        turn("›", 1),
        turn("»", 12),
    ]
}

fn weekdays(run: &Run<'_>) -> Vec<Drawn> {
    let names = listed(run, Phrase::Weekdays).into_iter();
    names.map(|name| Drawn::key(auto::BLANK, name, Vec::new())).collect()
}

/// The words of a phrase that lists several with `|` between them.
fn listed(run: &Run<'_>, phrase: Phrase) -> Vec<String> {
    let words = run.phrase_template(phrase).plain(run.writing(), &run.scope());
    words.split('|').map(|word| word.trim().to_owned()).collect()
}

fn blank() -> Drawn {
    Drawn::key(auto::BLANK, "·".to_owned(), Vec::new())
}
