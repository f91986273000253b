//! `rusqlite` alone.

use std::collections::HashMap;

use db::Value;
use rusqlite::{Connection, params_from_iter};

use super::{Call, answers};

/// One connection.
pub struct Sqlite {
    connection: Connection,
    rewritten: HashMap<String, String>,
}

impl Sqlite {
    /// With the pragmas that `db` sets.
    pub fn open(path: &str) -> Self {
        let connection = Connection::open(path).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.pragma_update(None, "synchronous", "FULL").unwrap();
        connection.pragma_update(None, "foreign_keys", true).unwrap();
        connection.pragma_update(None, "temp_store", "MEMORY").unwrap();
        connection.pragma_update(None, "cache_size", -16_384).unwrap();
        connection.set_prepared_statement_cache_capacity(512);
        Self { connection, rewritten: HashMap::new() }
    }

    pub fn commit_each(&mut self, sql: &[String], transactions: &[Vec<Call>]) {
        let sql = self.rewrite(sql);
        for transaction in transactions {
            self.control("BEGIN IMMEDIATE");
            self.run(&sql, transaction);
            self.control("COMMIT");
        }
    }

    pub fn commit_once(&mut self, sql: &[String], transactions: &[Vec<Call>]) {
        let sql = self.rewrite(sql);
        self.control("BEGIN IMMEDIATE");
        for transaction in transactions {
            self.run(&sql, transaction);
        }
        self.control("COMMIT");
    }

    /// Each read on a snapshot of its own.
    pub fn read(&mut self, sql: &str, calls: &[Vec<Value<'static>>]) {
        let sql = rewrite(sql);
        for values in calls {
            self.control("BEGIN DEFERRED");
            self.query(&sql, values);
            self.control("COMMIT");
        }
    }

    /// Brings what lies in the log into the file.
    pub fn checkpoint(&self) {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    }

    fn rewrite(&mut self, all: &[String]) -> Vec<String> {
        let one = |sql: &String| self.rewritten.entry(sql.clone()).or_insert_with(|| rewrite(sql)).clone();
        all.iter().map(one).collect()
    }

    fn run(&self, sql: &[String], calls: &[Call]) {
        for (place, values) in calls {
            let sql = &sql[*place];
            if answers(sql) {
                self.query(sql, values);
            } else {
                let mut statement = self.connection.prepare_cached(sql).unwrap();
                statement.execute(params_from_iter(values)).unwrap();
            }
        }
    }

    /// Reads every column of every row.
    fn query(&self, sql: &str, values: &[Value<'static>]) {
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values)).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                std::hint::black_box(row.get_ref(column).unwrap());
            }
        }
    }

    fn control(&self, sql: &str) {
        self.connection.prepare_cached(sql).unwrap().execute([]).unwrap();
    }
}

/// As SQLite wants it: `?1` for `$1`, and no row locks.
fn rewrite(sql: &str) -> String {
    let sql = sql.trim_end();
    let sql =
        sql.strip_suffix("FOR UPDATE SKIP LOCKED").or_else(|| sql.strip_suffix("FOR UPDATE")).unwrap_or(sql);
    let part =
        |(place, part): (usize, &str)| if place % 2 == 0 { part.replace('$', "?") } else { part.to_owned() };
    sql.split('\'').enumerate().map(part).collect::<Vec<_>>().join("'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_rewritten_outside_of_quotes_and_locks_are_left_out() {
        assert_eq!(rewrite("SELECT '$1', $2 FROM t FOR UPDATE"), "SELECT '$1', ?2 FROM t ");
    }
}
