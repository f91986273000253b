//! The parts of SQL that depend on how many rows a statement is about.

use std::fmt::Write;

/// Rows in one statement. SQLite takes 32,766 parameters; the widest row here has 18.
pub(crate) const ROWS_PER_STATEMENT: usize = 1_000;

/// `($3, $4), ($5, $6)`: `rows` rows of `columns` parameters, of which the first is `$first`.
pub(crate) fn rows(rows: usize, columns: usize, first: usize) -> String {
    let mut out = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        out.push_str(if row == 0 { "(" } else { ", (" });
        out.push_str(&list(columns, first + row * columns));
        out.push(')');
    }
    out
}

/// `$3, $4, $5`: `count` parameters, of which the first is `$first`.
pub(crate) fn list(count: usize, first: usize) -> String {
    let mut out = String::with_capacity(count * 5);
    for number in first..first + count {
        let comma = if number == first { "" } else { ", " };
        // Writing to a string does not fail.
        let _written = write!(out, "{comma}${number}");
    }
    out
}

/// The same values, the last one repeated, so that there are 1, 2, 4, 8, … of them: lists of every length share a few
/// prepared statements. For `IN (…)` only.
pub(crate) fn padded<T: Clone>(values: &[T]) -> Vec<T> {
    let mut padded = values.to_vec();
    if let Some(last) = values.last() {
        padded.resize(values.len().next_power_of_two(), last.clone());
    }
    padded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_on_from_the_first() {
        assert_eq!(rows(2, 2, 3), "($3, $4), ($5, $6)");
        assert_eq!(padded(&[1, 2, 3]), [1, 2, 3, 3]);
    }
}
