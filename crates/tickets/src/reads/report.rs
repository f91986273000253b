//! How the desk does: what was asked, how soon it was answered and closed, and what people thought.

use std::{collections::BTreeMap, hash::Hash};

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Id, Result, Timestamp};

use super::must_manage;
use crate::{Agent, Category, store};

/// A ticket as a report counts it.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// Who answers.
    pub agent: Option<Id<Agent>>,
    /// What about.
    pub category: Id<Category>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When an agent answered first.
    pub first_answer_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Whether anything in it came after its time.
    pub was_late: bool,
    /// From 1 to 5.
    pub stars: Option<i32>,
}

/// What was counted of some tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many were opened.
    pub opened: i64,
    /// How many of them are closed.
    pub closed: i64,
    /// In how many of them something came after its time.
    pub late: i64,
    /// How many of them were rated, and all their stars.
    pub rated: i64,
    /// All the stars.
    pub stars: i64,
    /// Milliseconds until the first answer, of each that has one.
    answered_ms: Vec<i64>,
    /// Milliseconds until the end, of each that has one.
    closed_ms: Vec<i64>,
}

impl Sums {
    fn add(&mut self, ticket: &Counted) {
        self.opened += 1;
        self.closed += i64::from(ticket.closed_at.is_some());
        self.late += i64::from(ticket.was_late);
        if let Some(stars) = ticket.stars {
            self.rated += 1;
            self.stars += i64::from(stars);
        }
        self.answered_ms.extend(ticket.first_answer_at.map(|at| at.millis_since(ticket.created_at)));
        self.closed_ms.extend(ticket.closed_at.map(|at| at.millis_since(ticket.created_at)));
    }

    /// Milliseconds until the first answer, of the ticket in the middle; none where none was answered.
    pub fn until_answer_ms(&self) -> Option<i64> {
        median(&self.answered_ms)
    }

    /// Milliseconds until the end, of the ticket in the middle; none where none is closed.
    pub fn until_closed_ms(&self) -> Option<i64> {
        median(&self.closed_ms)
    }

    /// Tenths of a star on average, rounded half up; none where none was rated.
    pub fn rating_tenths(&self) -> Option<i64> {
        (self.rated > 0).then(|| (self.stars * 20 + self.rated) / (self.rated * 2))
    }
}

/// The value in the middle; of an even number of them the lower one.
fn median(values: &[i64]) -> Option<i64> {
    let mut values = values.to_vec();
    values.sort_unstable();
    let middle = values.len().checked_sub(1)? / 2;
    values.get(middle).copied()
}

/// A report of some days.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// All of it.
    pub all: Sums,
    /// Each day on which something was opened.
    pub days: BTreeMap<Date, Sums>,
    /// Each agent who has something of it; nobody's under none.
    pub agents: BTreeMap<Option<Id<Agent>>, Sums>,
    /// Each category that was asked about.
    pub categories: BTreeMap<Id<Category>, Sums>,
}

impl Report {
    pub(crate) fn add(&mut self, day: Date, ticket: &Counted) {
        self.all.add(ticket);
        entry(&mut self.days, day).add(ticket);
        entry(&mut self.agents, ticket.agent).add(ticket);
        entry(&mut self.categories, ticket.category).add(ticket);
    }
}

fn entry<K: Ord + Hash>(of: &mut BTreeMap<K, Sums>, key: K) -> &mut Sums {
    of.entry(key).or_default()
}

/// The tickets that were opened from the day `from` to the day `until`, counted. Who manages the desk may see it.
pub fn report(ctx: &Ctx, tx: &mut ReadTx, from: Date, until: Date) -> Result<Report> {
    ctx.require(Permission::TicketsRead)?;
    must_manage(ctx, tx)?;
    let zone = ctx.zone();
    let (begin, end) = (zone.start_of(from), zone.start_of(until.plus_days(1)));
    let mut report = Report::default();
    store::ticket::each_opened(ctx, tx, begin, end, |ticket| {
        report.add(zone.date(ticket.created_at), &ticket);
    })?;
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]), Some(7));
        assert_eq!(median(&[9, 1]), Some(1));
        assert_eq!(median(&[5, 100, 1]), Some(5));
    }

    #[test]
    fn stars_are_averaged_to_a_tenth() {
        let of = |rated, stars| Sums { rated, stars, ..Sums::default() }.rating_tenths();
        assert_eq!(of(0, 0), None);
        assert_eq!(of(3, 14), Some(47));
        assert_eq!(of(4, 17), Some(43), "4.25 is 4.3");
        assert_eq!(of(1, 5), Some(50));
    }
}
