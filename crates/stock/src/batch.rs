//! Statements about many rows at once: the parts of their SQL that depend on how many.

use std::fmt::Write;

/// Rows in one statement. SQLite takes 32,766 parameters; the widest row here has 16.
pub const ROWS_PER_STATEMENT: usize = 500;

/// `($3, $4), ($5, $6)`: `rows` rows of `columns` parameters, of which the first is `$first`.
pub fn rows(rows: usize, columns: usize, first: usize) -> String {
    let mut out = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        out.push_str(if row == 0 { "(" } else { ", (" });
        list_into(&mut out, columns, first + row * columns);
        out.push(')');
    }
    out
}

/// `$3, $4, $5`: `count` parameters, of which the first is `$first`.
pub fn list(count: usize, first: usize) -> String {
    let mut out = String::with_capacity(count * 5);
    list_into(&mut out, count, first);
    out
}

fn list_into(out: &mut String, count: usize, first: usize) {
    for number in first..first + count {
        let comma = if number == first { "" } else { ", " };
        // Writing to a string does not fail.
        let _written = write!(out, "{comma}${number}");
    }
}

/// The same values, the last one repeated, so that there are 1, 2, 4, 8, … of them: lists of every length share a
/// few prepared statements. For `IN (…)` only.
pub fn padded<T: Clone>(values: &[T]) -> Vec<T> {
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
        assert_eq!(list(3, 1), "$1, $2, $3");
        assert_eq!(padded(&[1, 2, 3]), [1, 2, 3, 3]);
        assert!(padded::<i32>(&[]).is_empty());
    }
}
