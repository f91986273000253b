//! Many rows in few statements.

use kernel::{Error, Result};

use crate::{Backend, Tx, Value};

/// Values in one statement. SQLite takes 32,766 and PostgreSQL 65,535; beyond some thousands nothing is gained.
const VALUES_AT_MOST: usize = 4_096;
/// Up to so many rows are one statement, each number its own: few are written often.
const FEW: usize = 8;

impl Tx<'_> {
    /// Inserts `rows`, each with as many values as the first, in few statements. `{}` in `sql` is the place of the rows:
    /// `INSERT INTO probe (workspace_id, id) VALUES {}`. Every row must be written: none may be skipped.
    ///
    /// More than a few rows go by powers of two, so that lists of all lengths share some prepared statements.
    pub fn insert_many(&mut self, sql: &str, rows: &[Vec<Value<'_>>]) -> Result<()> {
        self.insert_parts(sql, rows, Self::execute_exactly)
    }

    /// [`Tx::insert_many`] as [`Tx::insert_later`] writes one row: for a few of which nothing is asked.
    pub fn insert_many_later(&mut self, sql: &str, rows: &[Vec<Value<'_>>]) -> Result<()> {
        self.insert_parts(sql, rows, Self::insert_rows_later)
    }

    fn insert_parts(
        &mut self,
        sql: &str,
        rows: &[Vec<Value<'_>>],
        insert: impl Fn(&mut Self, u64, &str, &[Value<'_>]) -> Result<()>,
    ) -> Result<()> {
        let width = rows.first().map_or(1, Vec::len);
        if width == 0 || rows.iter().any(|row| row.len() != width) {
            return Err(Error::internal("rows of different lengths"));
        }
        let mut rest = rows;
        while !rest.is_empty() {
            let (part, after) = rest.split_at(part_length(rest.len(), width));
            rest = after;
            let values: Vec<Value<'_>> = part.iter().flatten().cloned().collect();
            let sql = sql.replacen("{}", &places(part.len(), width), 1);
            insert(self, u64::try_from(part.len()).map_err(Error::internal)?, &sql, &values)?;
        }
        Ok(())
    }

    /// Changes many rows in few statements, each by values of its own. `{}` in `sql` is the place of the rows, whose columns are
    /// `column1` and on, of these types; `$1` and on are the values in `all`:
    /// `UPDATE probe SET amount_tiyin = v.column2 FROM (VALUES {}) AS v WHERE workspace_id = $1 AND probe.id = v.column1`.
    /// Answers how many were changed.
    pub fn change_many(
        &mut self,
        sql: &str,
        all: &[Value<'_>],
        types: &[&'static str],
        rows: &[Vec<Value<'_>>],
    ) -> Result<u64> {
        if types.is_empty() || rows.iter().any(|row| row.len() != types.len()) {
            return Err(Error::internal("rows of other lengths than their types"));
        }
        let (mut rest, mut changed) = (rows, 0);
        while !rest.is_empty() {
            let (part, after) = rest.split_at(part_length(rest.len(), types.len()));
            rest = after;
            let values: Vec<Value<'_>> = all.iter().chain(part.iter().flatten()).cloned().collect();
            let sql = sql.replacen("{}", &typed_places(all.len(), part.len(), types), 1);
            changed += self.execute(&sql, &values)?;
        }
        Ok(changed)
    }

    /// Has PostgreSQL look at what these tables hold, now that they have grown much: it plans by what it knew last, and
    /// its autovacuum looks once a minute. Until then it takes any index of a table that was empty for as good as any
    /// other, and walks along a whole workspace for each row. SQLite plans by the indexes alone.
    pub fn have_grown(&mut self, tables: &[&'static str]) -> Result<()> {
        match self.backend() {
            Backend::Sqlite => Ok(()),
            Backend::Postgres => self.control(&format!("ANALYZE {}", tables.join(", "))),
        }
    }
}

/// How many of `count` rows the next statement takes: a few at once, of more the largest power of two that fits.
fn part_length(count: usize, width: usize) -> usize {
    let most = count.min(VALUES_AT_MOST / width).max(1);
    if most <= FEW { most } else { 1 << most.ilog2() }
}

/// `($1, $2), ($3, $4)`.
fn places(rows: usize, width: usize) -> String {
    let mut out = String::with_capacity(rows * width * 7);
    for number in 1..=rows * width {
        out.push_str(if (number - 1) % width == 0 { "($" } else { "$" });
        out.push_str(&number.to_string());
        out.push_str(if number % width == 0 { "), " } else { ", " });
    }
    out.truncate(out.trim_end_matches([',', ' ']).len());
    out
}

/// `(CAST($2 AS bigint), CAST($3 AS text)), ($4, $5)`, behind one place that is taken. The first row says what all are.
fn typed_places(taken: usize, rows: usize, types: &[&str]) -> String {
    let row = |n: usize| {
        let place = |(at, of): (usize, &&str)| match taken + n * types.len() + at + 1 {
            place if n == 0 => format!("CAST(${place} AS {of})"),
            place => format!("${place}"),
        };
        format!("({})", types.iter().enumerate().map(place).collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_parted_into_powers_of_two_that_the_databases_take() {
        let parts = |mut count: usize, width| {
            let mut parts = Vec::new();
            while count > 0 {
                parts.push(part_length(count, width));
                count -= part_length(count, width);
            }
            parts
        };
        assert_eq!(parts(7, 3), [7]);
        assert_eq!(parts(15, 3), [8, 7]);
        assert_eq!(parts(300, 29), [128, 128, 32, 8, 4]);
        assert_eq!(parts(2, 10_000), [1, 1]);
        assert_eq!(places(2, 2), "($1, $2), ($3, $4)");
        assert_eq!(places(3, 1), "($1), ($2), ($3)");
        assert_eq!(places(1, 3), "($1, $2, $3)");
        assert_eq!(
            typed_places(1, 2, &["bigint", "text"]),
            "(CAST($2 AS bigint), CAST($3 AS text)), ($4, $5)"
        );
    }
}
