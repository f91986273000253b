//! The days that a list is asked for, `?from=2026-11-01&until=2026-11-30`, and the control that asks for others.

use askama::{Template, filters::HtmlSafe};
use kernel::{Date, Error, FieldError, Result, Text};

use super::{Icon, ListQuery, Words};

/// The names that the days have in a query.
const FROM: &str = "from";
const UNTIL: &str = "until";

/// The days that a query names. What is no day is none, and is told beside its field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayRange {
    /// This day and later ones.
    pub from: Option<Date>,
    /// This day and earlier ones.
    pub until: Option<Date>,
    from_wrong: Option<Text>,
    until_wrong: Option<Text>,
}

impl DayRange {
    /// Reads the days of a list's query.
    pub fn asked(query: &ListQuery) -> Self {
        Self::read(query.get(FROM), query.get(UNTIL))
    }

    /// Reads two days.
    pub fn read(from: Option<&str>, until: Option<&str>) -> Self {
        let day = |text: Option<&str>| match text.filter(|text| !text.trim().is_empty()).map(Date::parse) {
            None => (None, None),
            Some(Ok(day)) => (Some(day), None),
            Some(Err(error)) => (None, Some(error.text().clone())),
        };
        let ((from, from_wrong), (until, mut until_wrong)) = (day(from), day(until));
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            until_wrong = Some(Text::new("web-days-reversed"));
        }
        Self { from, until, from_wrong, until_wrong }
    }

    /// Whether it names what is no span of days.
    pub const fn is_wrong(&self) -> bool {
        self.from_wrong.is_some() || self.until_wrong.is_some()
    }

    /// Refuses what names no span of days, with the names of the fields.
    pub fn check(&self) -> Result<()> {
        let wrong = [(FROM, &self.from_wrong), (UNTIL, &self.until_wrong)];
        let error = |(field, text): (&str, &Option<Text>)| {
            text.clone().map(|text| FieldError { field: field.to_owned(), text })
        };
        Error::all(wrong.into_iter().filter_map(error).collect())
    }
}

/// The control in the bar above a list: usual spans, and two days.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/days.html")]
pub(super) struct Days {
    words: Words,
    id: &'static str,
    range: DayRange,
    spans: Vec<Span>,
}
impl HtmlSafe for Days {}

/// A span that people often mean.
#[derive(Debug, Clone)]
struct Span {
    label: String,
    href: String,
    is_asked: bool,
}

impl Days {
    /// Of the list `id`, asked with `query` on the day `today`.
    pub(super) fn new(words: &Words, id: &'static str, query: &ListQuery, today: Date) -> Self {
        let range = DayRange::asked(query);
        let span = |(key, from): (&str, Option<Date>)| {
            let until = from.map(|_| today);
            let said = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
            Span {
                label: words.t(key),
                href: query.href(&[(FROM, &said(from)), (UNTIL, &said(until))]),
                is_asked: !range.is_wrong() && (range.from, range.until) == (from, until),
            }
        };
        let spans = [
            ("web-days-all", None),
            ("web-days-today", Some(today)),
            ("web-days-week", Some(today.first_of_week())),
            ("web-days-month", Some(today.first_of_month())),
        ];
        Self { words: words.clone(), id, spans: spans.map(span).into(), range }
    }

    /// What is asked for, in short.
    fn label(&self) -> String {
        let DayRange { from, until, .. } = &self.range;
        let named = self.spans.iter().skip(1).find(|span| span.is_asked).map(|span| span.label.clone());
        match (named, from, until) {
            (Some(label), ..) => label,
            (None, None, None) => self.words.t("web-days"),
            (None, Some(from), Some(until)) if from == until => from.dotted(),
            (None, from, until) => {
                let said = |day: &Option<Date>| day.map(Date::dotted).unwrap_or_else(|| "…".to_owned());
                format!("{} – {}", said(from), said(until))
            }
        }
    }

    /// Name, label, value and error of both fields.
    fn fields(&self) -> [(&'static str, String, String, String); 2] {
        let DayRange { from, until, from_wrong, until_wrong } = &self.range;
        let said = |day: &Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let wrong = |text: &Option<Text>| text.as_ref().map(|text| self.words.say(text)).unwrap_or_default();
        [
            (FROM, self.words.t("web-days-from"), said(from), wrong(from_wrong)),
            (UNTIL, self.words.t("web-days-until"), said(until), wrong(until_wrong)),
        ]
    }
}
