//! Rows of SQLite.

use std::path::Path;

use kernel::{Error, Result};
use rusqlite::{Connection, params_from_iter};

use super::{CopiedTable, CopySink, HISTORY, listed, not_there, quoted, row_does_not_fit};
use crate::{Value, sqlite::connect};

pub(super) fn is_empty(path: &Path) -> Result<bool> {
    Ok(tables(&connect(path, true, true)?)?.is_empty())
}

pub(super) fn copy_out(path: &Path, sink: &mut dyn CopySink) -> Result<()> {
    let conn = connect(path, true, true)?;
    conn.execute_batch("BEGIN").map_err(Error::internal)?;
    for name in tables(&conn)?.into_iter().filter(|name| !name.ends_with(HISTORY)) {
        let columns = columns(&conn, &name)?;
        let table = CopiedTable { last_serial: last_serial(&conn, &name)?, columns, name };
        sink.table(&table)?;
        rows(&conn, &table, sink)?;
    }
    Ok(())
}

fn rows(conn: &Connection, table: &CopiedTable, sink: &mut dyn CopySink) -> Result<()> {
    let sql = format!("SELECT {} FROM {}", listed(&table.columns), quoted(&table.name));
    let mut statement = conn.prepare(&sql).map_err(Error::internal)?;
    let mut found = statement.query([]).map_err(Error::internal)?;
    while let Some(row) = found.next().map_err(Error::internal)? {
        let mut values = Vec::with_capacity(table.columns.len());
        for column in 0..table.columns.len() {
            let value = row.get_ref(column).map_err(Error::internal)?;
            values.push(Value::from_sqlite(value).ok_or_else(|| row_does_not_fit(&table.name))?);
        }
        sink.row(&values)?;
    }
    Ok(())
}

pub(super) fn copy_in(path: &Path, load: &mut dyn FnMut(&mut dyn CopySink) -> Result<()>) -> Result<()> {
    let conn = connect(path, false, true)?;
    // Outside of the transaction: inside it would change nothing.
    conn.pragma_update(None, "foreign_keys", false).map_err(Error::internal)?;
    conn.execute_batch("BEGIN IMMEDIATE").map_err(Error::internal)?;
    let triggers = texts(&conn, "SELECT name FROM sqlite_master WHERE type = 'trigger'")?;
    let made_by = texts(&conn, "SELECT sql FROM sqlite_master WHERE type = 'trigger'")?;
    for name in triggers {
        conn.execute_batch(&format!("DROP TRIGGER {}", quoted(&name))).map_err(Error::internal)?;
    }
    let mut sink = Into { conn: &conn, table: None, insert: String::new() };
    load(&mut sink)?;
    for sql in made_by {
        conn.execute_batch(&sql).map_err(Error::internal)?;
    }
    let orphans = texts(&conn, "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check")?;
    if !orphans.is_empty() {
        return Err(Error::internal(format!("rows that others need are missing: {}", orphans.join(", "))));
    }
    conn.execute_batch("COMMIT").map_err(Error::internal)
}

/// Rows on their way into the tables.
struct Into<'c> {
    conn: &'c Connection,
    table: Option<CopiedTable>,
    insert: String,
}

impl CopySink for Into<'_> {
    fn table(&mut self, table: &CopiedTable) -> Result<()> {
        let there = columns(self.conn, &table.name)?;
        if let Some(column) = table.columns.iter().find(|column| !there.contains(column)) {
            return Err(not_there(table, column));
        }
        let holes: Vec<String> = (1..=table.columns.len()).map(|hole| format!("?{hole}")).collect();
        let (name, columns) = (quoted(&table.name), listed(&table.columns));
        self.insert = format!("INSERT INTO {name} ({columns}) VALUES ({})", holes.join(", "));
        if let Some(last) = table.last_serial {
            let keep = "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)";
            self.conn.execute(keep, (&table.name, last)).map_err(Error::internal)?;
        }
        self.table = Some(table.clone());
        Ok(())
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        let table = self.table.as_ref().ok_or_else(|| row_does_not_fit("no table"))?;
        if values.len() != table.columns.len() {
            return Err(row_does_not_fit(&table.name));
        }
        let mut insert = self.conn.prepare_cached(&self.insert).map_err(Error::internal)?;
        let inserted = insert.execute(params_from_iter(values));
        inserted.map(drop).map_err(|error| Error::internal(format!("{}: {error}", table.name)))
    }
}

fn tables(conn: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY rowid";
    texts(conn, sql)
}

fn columns(conn: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement =
        conn.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid").map_err(Error::internal)?;
    let names = statement.query_map([table], |row| row.get(0)).map_err(Error::internal)?;
    names.collect::<rusqlite::Result<_>>().map_err(Error::internal)
}

fn last_serial(conn: &Connection, table: &str) -> Result<Option<i64>> {
    // The table of sequences is there as soon as a table has one.
    let there = "SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'";
    if texts(conn, there)?.is_empty() {
        return Ok(None);
    }
    let mut statement =
        conn.prepare("SELECT seq FROM sqlite_sequence WHERE name = ?1").map_err(Error::internal)?;
    let mut rows = statement.query([table]).map_err(Error::internal)?;
    let row = rows.next().map_err(Error::internal)?;
    row.map(|row| row.get(0)).transpose().map_err(Error::internal)
}

fn texts(conn: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare(sql).map_err(Error::internal)?;
    let rows = statement.query_map([], |row| row.get(0)).map_err(Error::internal)?;
    rows.collect::<rusqlite::Result<_>>().map_err(Error::internal)
}
