//! Tables, and bars that are met or short.

use std::process::ExitCode;

/// What was measured against its bars.
#[derive(Debug, Default)]
pub struct Bars {
    lines: Vec<(String, bool)>,
}

impl Bars {
    /// `value` has to be at least `limit`.
    pub fn at_least(&mut self, name: &str, value: f64, limit: f64) {
        self.add(name, value, "at least", limit, value >= limit);
    }

    /// `value` has to be at most `limit`.
    pub fn at_most(&mut self, name: &str, value: f64, limit: f64) {
        self.add(name, value, "at most", limit, value <= limit);
    }

    fn add(&mut self, name: &str, value: f64, side: &str, limit: f64, met: bool) {
        let end = if met { "met" } else { "short" };
        self.lines.push((format!("bar {name}: {} {side} {}: {end}", figure(value), figure(limit)), met));
    }

    /// Prints a line a bar; the exit code says whether all are met.
    pub fn end(self) -> ExitCode {
        println!();
        for (line, _) in &self.lines {
            println!("{line}");
        }
        if self.lines.iter().all(|(_, met)| *met) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// A number with as many digits as it deserves.
pub fn figure(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 1_000.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// Prints rows in columns; the first column is words, the others are figures.
pub fn table(head: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or(0)
    };
    let print = |cells: Vec<&str>| {
        let mut line = String::new();
        for (column, cell) in cells.into_iter().enumerate() {
            let pad = " ".repeat(width(column).saturating_sub(cell.chars().count()));
            line += &if column == 0 { format!("{cell}{pad}") } else { format!("  {pad}{cell}") };
        }
        println!("{}", line.trim_end());
    };
    print(head.to_vec());
    for row in rows {
        print(row.iter().map(String::as_str).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_says_its_value_its_limit_and_whether_it_is_met() {
        let mut bars = Bars::default();
        bars.at_least("writes", 17.25, 16.0);
        bars.at_most("p99, ms", 260.5, 250.0);
        let lines: Vec<&str> = bars.lines.iter().map(|(line, _)| line.as_str()).collect();
        assert_eq!(lines, ["bar writes: 17.2 at least 16: met", "bar p99, ms: 260.5 at most 250: short"]);
    }
}
