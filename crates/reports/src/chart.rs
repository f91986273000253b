//! A chart of days as bars, drawn by the server: it needs no script, and a screen reader gets the figures as a table.

use askama::{Template, filters::HtmlSafe};
use kernel::{Date, Money};
use sales::SalesSums;
use web::pages::Words;

/// The drawing's size, in units of its own.
const WIDTH: i64 = 720;
const HEIGHT: i64 = 200;
/// Room at the left for the figures of the lines, and at the bottom for days.
const LEFT: i64 = 8;
const BOTTOM: i64 = 24;
/// Room above the highest bar.
const TOP: i64 = 18;
/// Tiyin in a million soʻm, and in a thousand.
const MILLION: i64 = 100_000_000;
const THOUSAND: i64 = 100_000;

/// Sales of the last days.
#[derive(Debug, Clone, Template)]
#[template(path = "chart.html")]
pub(crate) struct Chart {
    words: Words,
    bars: Vec<Bar>,
    highest: String,
}
impl HtmlSafe for Chart {}

/// One day.
#[derive(Debug, Clone)]
struct Bar {
    /// `2026-11-21`, `21.11.2026` and `21.11`.
    day: String,
    dotted: String,
    short_day: String,
    is_sold: bool,
    count: String,
    total: String,
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    /// Whether its day is written under it.
    is_named: bool,
}

impl Chart {
    pub(crate) fn new(words: &Words, days: &[(Date, SalesSums)]) -> Self {
        let highest =
            days.iter().map(|(_, sums)| sums.amounts.total).max().unwrap_or(Money::ZERO).max(Money::ZERO);
        let count = i64::try_from(days.len()).unwrap_or(1).max(1);
        let step = (WIDTH - LEFT) / count;
        let bar = |(n, (day, sums)): (i64, &(Date, SalesSums))| {
            let height = part(sums.amounts.total, highest, HEIGHT - TOP - BOTTOM);
            Bar {
                day: day.to_string(),
                dotted: day.dotted(),
                short_day: day.dotted().chars().take(5).collect(),
                is_sold: *sums != SalesSums::default(),
                count: words.number(sums.count),
                total: words.money(sums.amounts.total),
                x: LEFT + n * step,
                y: HEIGHT - BOTTOM - height,
                width: (step * 3 / 4).max(1),
                height,
                is_named: n == 0 || n == count - 1 || n == count / 2,
            }
        };
        let bars = (0..).zip(days).map(bar).collect();
        Self { words: words.clone(), bars, highest: short(words, highest) }
    }

    fn is_empty(&self) -> bool {
        !self.bars.iter().any(|bar| bar.is_sold)
    }

    fn base(&self) -> i64 {
        HEIGHT - BOTTOM
    }

    fn anchor(&self, bar: &Bar) -> &'static str {
        match () {
            () if bar.x <= LEFT => "start",
            () if bar.x > WIDTH * 3 / 4 => "end",
            () => "middle",
        }
    }
}

/// The part of `room` that `money` is of `highest`; something where there is something.
fn part(money: Money, highest: Money, room: i64) -> i64 {
    if !money.is_positive() || !highest.is_positive() {
        return 0;
    }
    let wide = i128::from(money.tiyin()) * i128::from(room) / i128::from(highest.tiyin());
    i64::try_from(wide).unwrap_or(room).clamp(1, room)
}

/// `12,5 mln`: as short as a line of a chart has room for.
fn short(words: &Words, money: Money) -> String {
    let tenths = |unit: i64| Money::from_tiyin(money.tiyin() / (unit / 10) * 10);
    match money.tiyin() {
        tiyin if tiyin >= MILLION => words.t1("reports-millions", "amount", words.money(tenths(MILLION))),
        tiyin if tiyin >= THOUSAND => words.t1("reports-thousands", "amount", words.money(tenths(THOUSAND))),
        _ => words.money(money),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_high_as_its_part_of_the_highest_and_never_lost() {
        let som = Money::from_som;
        for (money, highest, height) in
            [(100, 100, 158), (50, 100, 79), (1, 1_000_000, 1), (0, 100, 0), (-5, 100, 0), (0, 0, 0)]
        {
            assert_eq!(part(som(money), som(highest), 158), height, "{money} of {highest}");
        }
        assert_eq!(part(Money::from_tiyin(i64::MAX), Money::from_tiyin(i64::MAX), 158), 158);
    }
}
