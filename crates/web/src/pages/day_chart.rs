//! A chart of days as bars, drawn by the server: it needs no script, and a screen reader gets the figures as a table.

use askama::{Template, filters::HtmlSafe};
use kernel::Date;

use super::Words;

/// The drawing's size, in units of its own.
const WIDTH: i64 = 720;
const HEIGHT: i64 = 200;
/// Room at the left for the figures of the lines, and at the bottom for days.
const LEFT: i64 = 8;
const BOTTOM: i64 = 24;
/// Room above the highest bar.
const TOP: i64 = 18;

/// One day of a chart.
#[derive(Debug, Clone)]
pub struct DayBar {
    /// The day.
    pub day: Date,
    /// How high it stands; what is below nothing is drawn as nothing.
    pub height: i64,
    /// What it says, such as `12 500 soʻm`.
    pub said: String,
    /// Its figures in the table, one for each column; none where there is nothing to say.
    pub figures: Vec<String>,
    /// What is behind it; empty where nothing is.
    pub href: String,
}

/// A bar for each day, and a table of them.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/day_chart.html")]
pub struct DayChart {
    words: Words,
    id: &'static str,
    title: String,
    empty: String,
    /// The words at the line of the highest day.
    highest: String,
    /// The same as a sentence.
    described: String,
    columns: Vec<String>,
    bars: Vec<Bar>,
}
impl HtmlSafe for DayChart {}

#[derive(Debug, Clone)]
struct Bar {
    /// `21.11.2026` and `21.11`.
    dotted: String,
    short_day: String,
    said: String,
    figures: Vec<String>,
    href: String,
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    /// Whether its day is written under it.
    is_named: bool,
}

impl DayChart {
    /// A chart of these days, one after another. `id` is its name on the page, `columns` head its table.
    pub fn new(
        words: &Words,
        id: &'static str,
        title: String,
        columns: Vec<String>,
        days: Vec<DayBar>,
    ) -> Self {
        let highest = days.iter().map(|day| day.height).max().unwrap_or(0).max(0);
        let count = i64::try_from(days.len()).unwrap_or(1).max(1);
        let step = ((WIDTH - LEFT) / count).max(1);
        let best = days.iter().max_by_key(|day| day.height);
        let said = best.map(|day| day.said.clone()).unwrap_or_default();
        let bar = |(n, day): (i64, DayBar)| {
            let DayBar { day, height, said, figures, href } = day;
            let height = part(height, highest, HEIGHT - TOP - BOTTOM);
            Bar {
                dotted: day.dotted(),
                short_day: day.dotted().chars().take(5).collect(),
                said,
                figures,
                href,
                x: LEFT + n * (WIDTH - LEFT) / count,
                y: HEIGHT - BOTTOM - height,
                width: (step * 3 / 4).max(1),
                height,
                is_named: n == 0 || n == count - 1 || n == count / 2,
            }
        };
        Self {
            words: words.clone(),
            id,
            title,
            empty: words.t("web-list-empty"),
            described: said.clone(),
            highest: said,
            columns,
            bars: (0..).zip(days).map(bar).collect(),
        }
    }

    /// What it says when there is nothing to draw.
    #[must_use]
    pub fn empty(mut self, text: String) -> Self {
        self.empty = text;
        self
    }

    /// The words at the line of the highest day, and the same as a sentence.
    #[must_use]
    pub fn highest(mut self, short: String, sentence: String) -> Self {
        (self.highest, self.described) = (short, sentence);
        self
    }

    fn is_empty(&self) -> bool {
        self.bars.iter().all(|bar| bar.figures.is_empty())
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

/// The part of `room` that `value` is of `highest`; something where there is something.
fn part(value: i64, highest: i64, room: i64) -> i64 {
    if value <= 0 || highest <= 0 {
        return 0;
    }
    let wide = i128::from(value) * i128::from(room) / i128::from(highest);
    i64::try_from(wide).unwrap_or(room).clamp(1, room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_high_as_its_part_of_the_highest_and_never_lost() {
        for (value, highest, height) in
            [(100, 100, 158), (50, 100, 79), (1, 1_000_000, 1), (0, 100, 0), (-5, 100, 0), (0, 0, 0)]
        {
            assert_eq!(part(value, highest, 158), height, "{value} of {highest}");
        }
        assert_eq!(part(i64::MAX, i64::MAX, 158), 158);
    }
}
