//! A list with its filters in a form above it: days, an account, a sum.

use askama::Template;
use context::Ctx;
use kernel::{Date, Result};
use web::pages::{Action, Field, Form, ListQuery, Shell, Table, Tiles};

use crate::Month;

/// A list, its filters, its figures.
#[derive(Debug, Template)]
#[template(path = "list.html")]
pub(super) struct FilteredPage {
    pub(super) p: Shell,
    pub(super) actions: Vec<Action>,
    pub(super) filters: Form,
    pub(super) names: &'static [&'static str],
    pub(super) tiles: Tiles,
    pub(super) table: Table,
}

impl FilteredPage {
    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.names.iter().filter_map(|name| self.filters.get(name))
    }
}

/// The days that a page is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    pub(super) from: Date,
    pub(super) until: Date,
}

impl Days {
    /// The days that were asked for; this month until today where nobody says.
    pub(super) fn asked(ctx: &Ctx, query: &ListQuery) -> Result<Self> {
        let today = ctx.today();
        let until = day(query, "until").unwrap_or(today);
        let from = day(query, "from").map_or_else(|| Month::of(until).and_then(Month::first_day), Ok)?;
        Ok(Self { from: from.min(until), until })
    }

    /// `?from=…&until=…`.
    pub(super) fn query(self) -> String {
        format!("?from={}&until={}", self.from, self.until)
    }

    /// The form that asks for other days.
    pub(super) fn form(self, p: &Shell, path: &str) -> Form {
        Form::new(p, path)
            .field(Field::date("from", "ledger-field-from").on(Some(self.from)).required().quarter())
            .field(Field::date("until", "ledger-field-until").on(Some(self.until)).required().quarter())
    }
}

/// The day that a filter names; what is no day of the books is none.
pub(super) fn day(query: &ListQuery, name: &str) -> Option<Date> {
    query.get(name).and_then(|text| Date::parse(text).ok()).filter(|day| Month::of(*day).is_ok())
}
