//! A chart of shares as bars that lie, one for each name, drawn by the server: it needs no script, and its figures are text.

use askama::{Template, filters::HtmlSafe};
use kernel::Text;

use super::Words;

/// The width of a drawing, in units of its own.
const WIDTH: i64 = 1_000;
/// Bars that are shown at once; the rest unfolds.
const SHOWN: usize = 15;

/// One bar: so many are called so.
#[derive(Debug, Clone)]
pub struct ShareBar {
    name: String,
    count: i64,
    part: Option<i64>,
    href: String,
}

impl ShareBar {
    /// So many are called so.
    pub fn new(name: impl Into<String>, count: i64) -> Self {
        Self { name: name.into(), count, part: None, href: String::new() }
    }

    /// So many of them are what the chart is about, such as those who answered; at most all of them. Its hundredths are then
    /// those of this bar and not of the whole chart.
    #[must_use]
    pub fn part(mut self, part: i64) -> Self {
        self.part = Some(part);
        self
    }

    /// What is behind it; nothing where the address is empty.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }
}

/// A bar for each name, in the order in which they are given, with how many and how many of a hundred.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/share_chart.html")]
pub struct ShareChart {
    words: Words,
    title: String,
    empty: String,
    /// What the filled part of a bar is called, and the rest of it.
    legend: Option<(String, String)>,
    bars: Vec<ShareBar>,
    whole: i64,
}
impl HtmlSafe for ShareChart {}

/// A bar as it is drawn.
#[derive(Debug)]
struct Drawn<'b> {
    name: &'b str,
    href: &'b str,
    /// `1 234` or `30 of 40`.
    figure: String,
    /// `12 %`.
    percent: String,
    width: i64,
    filled: i64,
    is_part: bool,
}

impl ShareChart {
    /// A chart of these bars, which add up to the whole. `title` is what a screen reader calls it.
    pub fn new(words: &Words, title: impl Into<String>, bars: Vec<ShareBar>) -> Self {
        let whole = bars.iter().fold(0_i64, |sum, bar| sum.saturating_add(bar.count.max(0)));
        let empty = words.t("web-list-empty");
        Self { words: words.clone(), title: title.into(), empty, legend: None, bars, whole }
    }

    /// Of how many the hundredths are, where one may be counted in several bars or in none.
    #[must_use]
    pub const fn of(mut self, whole: i64) -> Self {
        self.whole = whole;
        self
    }

    /// What the filled part of a bar is called, and the rest of it.
    #[must_use]
    pub fn legend(mut self, part: impl Into<String>, rest: impl Into<String>) -> Self {
        self.legend = Some((part.into(), rest.into()));
        self
    }

    /// What it says when there is nothing to draw.
    #[must_use]
    pub fn empty(mut self, text: impl Into<String>) -> Self {
        self.empty = text.into();
        self
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.bars.iter().all(|bar| bar.count <= 0)
    }

    /// The bars that are always shown, and those that unfold.
    fn drawn(&self) -> (Vec<Drawn<'_>>, Vec<Drawn<'_>>) {
        let highest = self.bars.iter().map(|bar| bar.count).max().unwrap_or(0);
        let mut first: Vec<Drawn<'_>> = self.bars.iter().map(|bar| self.draw(bar, highest)).collect();
        // One that would unfold alone is shown as well.
        let rest = if first.len() > SHOWN + 1 { first.split_off(SHOWN) } else { Vec::new() };
        (first, rest)
    }

    fn draw<'b>(&self, bar: &'b ShareBar, highest: i64) -> Drawn<'b> {
        let ShareBar { name, count, part, href } = bar;
        let number = |count: i64| self.words.number(count);
        let width = scaled(*count, highest);
        let (figure, percent, filled) = match part {
            None => (number(*count), percent(*count, self.whole), width),
            Some(part) => {
                let part = (*part).min(*count);
                let text = Text::new("web-share-of").with("part", number(part)).with("whole", number(*count));
                (self.words.say(&text), percent(part, *count), scaled(part, highest).min(width))
            }
        };
        Drawn { name, href, figure, percent, width, filled, is_part: part.is_some() }
    }
}

/// How wide what `value` is of `highest` is drawn; something where there is something.
fn scaled(value: i64, highest: i64) -> i64 {
    if value <= 0 || highest <= 0 {
        return 0;
    }
    let wide = i128::from(value) * i128::from(WIDTH) / i128::from(highest);
    i64::try_from(wide).unwrap_or(WIDTH).clamp(1, WIDTH)
}

/// Hundredths, the half of one rounded up; what is little is never called nothing, and what is most never all. Empty where there
/// is no whole.
fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return String::new();
    }
    let (part, whole) = (i128::from(part.max(0)), i128::from(whole));
    let hundredths = (part * 200 + whole) / (whole * 2);
    let (sign, hundredths) = match hundredths {
        0 if part > 0 => ("<", 1),
        100 if part < whole => (">", 99),
        plain => ("", plain),
    };
    format!("{sign}{hundredths}\u{a0}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_wide_as_its_part_of_the_widest_and_never_lost() {
        for (value, highest, width) in
            [(8, 8, 1_000), (2, 8, 250), (1, 1_000_000, 1), (0, 8, 0), (-3, 8, 0), (0, 0, 0)]
        {
            assert_eq!(scaled(value, highest), width, "{value} of {highest}");
        }
        assert_eq!(scaled(i64::MAX, i64::MAX), WIDTH);
    }

    #[test]
    fn hundredths_are_rounded_and_neither_little_nor_most_is_hidden() {
        for (part, whole, expected) in [
            (1, 3, "33\u{a0}%"),
            (2, 3, "67\u{a0}%"),
            (1, 1_000, "<1\u{a0}%"),
            (999, 1_000, ">99\u{a0}%"),
            (0, 5, "0\u{a0}%"),
            (5, 5, "100\u{a0}%"),
            (1, 0, ""),
        ] {
            assert_eq!(percent(part, whole), expected, "{part} of {whole}");
        }
        assert_eq!(percent(i64::MAX, i64::MAX), "100\u{a0}%");
    }
}
