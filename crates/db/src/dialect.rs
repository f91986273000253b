//! The few true differences between SQLite and PostgreSQL, and nothing else.

use std::{borrow::Cow, collections::HashMap};

use kernel::{Error, Result};

/// Which database a transaction is on. For `db` itself and for tests that compare the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// SQLite, bundled.
    Sqlite,
    /// PostgreSQL 15 or later.
    Postgres,
}

/// Type words of migrations: word, SQLite (STRICT), PostgreSQL.
const TYPE_WORDS: &[(&str, &str, &str)] = &[
    ("{id}", "BLOB", "uuid"),
    ("{text}", "TEXT", "text COLLATE \"C\""),
    ("{money}", "INTEGER", "bigint"),
    ("{quantity}", "INTEGER", "bigint"),
    ("{rate}", "INTEGER", "bigint"),
    ("{instant}", "INTEGER", "bigint"),
    ("{bigint}", "INTEGER", "bigint"),
    ("{int}", "INTEGER", "integer"),
    ("{bool}", "INTEGER", "boolean"),
    ("{true}", "1", "true"),
    ("{false}", "0", "false"),
    ("{date}", "TEXT", "date"),
    ("{json}", "TEXT", "jsonb"),
    ("{bytes}", "BLOB", "bytea"),
    // The transaction that wrote the row.
    (
        "{txid}",
        "INTEGER NOT NULL DEFAULT 0",
        "bigint NOT NULL DEFAULT CAST(CAST(pg_current_xact_id() AS text) AS bigint)",
    ),
    ("{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
    ("{strict}", "STRICT", ""),
];

/// Whether a statement that answers rows holds them until its transaction ends, too.
pub(crate) fn holds_rows(sql: &str) -> bool {
    !sql.trim_start().starts_with("SELECT") || sql.contains("FOR UPDATE")
}

/// The database's clock, in milliseconds since the epoch. For leases only.
pub(crate) const fn clock(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)",
        Backend::Postgres => "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
    }
}

/// The last number of a series that was given out.
pub(crate) fn last_of_series(series: &str) -> String {
    format!("SELECT last_value FROM {series}")
}

/// The smallest number that a series had come to when somebody began to write whose transaction still runs; nothing when nobody
/// writes. They hold a shared advisory lock that names it, see [`crate::ReadTx::settled`].
pub(crate) fn entered_series() -> String {
    format!(
        "SELECT MIN(CAST(classid AS bigint) * 4294967296 + CAST(objid AS bigint)) - {SERIES_LOCK} FROM pg_locks
         WHERE locktype = 'advisory' AND objsubid = 1 AND CAST(classid AS bigint) >= 1073741824
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
}

/// 2^62, which sets the locks of a series apart from other advisory locks.
const SERIES_LOCK: i64 = 1 << 62;

/// A migration's SQL for `backend`: type words replaced, `{sqlite: …}` and `{postgres: …}` lines kept or dropped.
pub(crate) fn migration(sql: &str, backend: Backend) -> Result<String> {
    let mut out = String::with_capacity(sql.len());
    for line in sql.lines() {
        let line = match (
            line.trim_start().strip_prefix("--sqlite:"),
            line.trim_start().strip_prefix("--postgres:"),
        ) {
            (Some(only), _) if backend == Backend::Sqlite => only,
            (_, Some(only)) if backend == Backend::Postgres => only,
            (None, None) => line,
            _ => continue,
        };
        out.push_str(line);
        out.push('\n');
    }
    for (word, sqlite, postgres) in TYPE_WORDS {
        out = out.replace(word, if backend == Backend::Sqlite { sqlite } else { postgres });
    }
    match out.split_once('{') {
        Some((_, rest)) if rest.starts_with(|c: char| c.is_ascii_lowercase()) => {
            let word = rest.split('}').next().unwrap_or_default();
            Err(Error::internal(format!("migration: no such type word: {{{word}}}")))
        }
        _ => Ok(out),
    }
}

/// Statements rewritten for SQLite, remembered by their text.
#[derive(Debug, Default)]
pub(crate) struct Rewrites(HashMap<Box<str>, Box<str>>);

impl Rewrites {
    pub(crate) fn get(&mut self, sql: &str) -> Result<&str> {
        // Two look-ups instead of `entry`, which would allocate the key on every call.
        if !self.0.contains_key(sql) {
            let rewritten = for_sqlite(sql)?;
            self.0.insert(sql.into(), rewritten.into());
        }
        self.0.get(sql).map(AsRef::as_ref).ok_or_else(|| Error::internal("a rewrite was lost"))
    }
}

/// `$1` becomes `?1` (SQLite numbers `$1` by first appearance), a trailing row lock goes (there is one writer),
/// and a `::` cast is refused so that it is found on the first run on either database.
fn for_sqlite(sql: &str) -> Result<String> {
    if has_cast(sql) {
        return Err(Error::internal("a `::` cast; write CAST(x AS t)"));
    }
    let sql = without_lock(sql);
    let mut out = String::with_capacity(sql.len());
    let mut in_text = false;
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        in_text ^= c == '\'';
        let parameter = c == '$' && !in_text && chars.peek().is_some_and(char::is_ascii_digit);
        out.push(if parameter { '?' } else { c });
    }
    Ok(out)
}

/// Whether the statement casts with `::` outside of quoted text.
pub(crate) fn has_cast(sql: &str) -> bool {
    sql.split('\'').step_by(2).any(|part| part.contains("::"))
}

fn without_lock(sql: &str) -> Cow<'_, str> {
    let is_name = |of: &str| of.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match sql.trim_end().rsplit_once("FOR UPDATE") {
        Some((rest, "" | " SKIP LOCKED")) => Cow::Borrowed(rest),
        Some((rest, of)) if of.strip_prefix(" OF ").is_some_and(is_name) => Cow::Borrowed(rest),
        _ => Cow::Borrowed(sql),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: &str) {
        assert_eq!(for_sqlite(sql).unwrap(), expected);
    }

    #[test]
    fn parameters_are_numbered_by_their_number_and_locks_fall_away() {
        check("SELECT $2, $1", "SELECT ?2, ?1");
        check("SELECT '$1' || $1", "SELECT '$1' || ?1");
        check("SELECT id FROM t WHERE id = $1 FOR UPDATE", "SELECT id FROM t WHERE id = ?1 ");
        check("SELECT 1 FOR UPDATE SKIP LOCKED\n", "SELECT 1 ");
        check(
            "SELECT t.id FROM t JOIN s ON s.id = t.id FOR UPDATE OF t",
            "SELECT t.id FROM t JOIN s ON s.id = t.id ",
        );
        check("SELECT 'FOR UPDATE' FROM t", "SELECT 'FOR UPDATE' FROM t");
    }

    #[test]
    fn rows_are_held_by_what_locks_or_changes_them() {
        assert!(holds_rows("SELECT id FROM t WHERE id = $1 FOR UPDATE"));
        assert!(holds_rows("\n  UPDATE t SET n = n + 1 RETURNING n"));
        assert!(!holds_rows("\n  SELECT id FROM t"));
    }

    #[test]
    fn casts_are_refused_outside_of_quotes() {
        assert!(for_sqlite("SELECT $1::text").is_err());
        assert!(for_sqlite("SELECT '::'").is_ok());
    }

    #[test]
    fn a_migration_names_only_known_type_words() {
        let sql = "CREATE TABLE t (id {id} PRIMARY KEY, n {money} NOT NULL) {strict};\n--sqlite: SELECT 1;\n--postgres: SELECT 2;";
        assert!(
            migration(sql, Backend::Sqlite)
                .unwrap()
                .contains("id BLOB PRIMARY KEY, n INTEGER NOT NULL) STRICT;\n SELECT 1;")
        );
        assert!(migration(sql, Backend::Postgres).unwrap().contains("id uuid PRIMARY KEY"));
        assert!(migration("CREATE TABLE t (id {uuid})", Backend::Sqlite).is_err());
    }
}
