//! Rows of PostgreSQL.

use std::io::Write;

use kernel::{Error, Result};
use postgres::{Client, IsolationLevel, Transaction, fallible_iterator::FallibleIterator, types::ToSql};

use super::{CopiedTable, CopySink, HISTORY, listed, not_there, quoted, row_does_not_fit};
use crate::{Value, postgres::connect};

/// Rows are handed over in parts of about this size.
const PART_BYTES: usize = 1 << 20;

/// A column as PostgreSQL knows it.
struct Column {
    name: String,
    kind: Kind,
    /// Filled with the number of the writing transaction, which means nothing elsewhere.
    is_transaction: bool,
    is_serial: bool,
}

/// How a value of SQLite's form is written for a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Uuid,
    Bytes,
    /// Integers, text, dates and JSON are written as they are.
    Plain,
}

pub(super) fn is_empty(url: &str) -> Result<bool> {
    let mut client = connect(url)?;
    Ok(tables(&mut client.transaction().map_err(failed)?)?.is_empty())
}

pub(super) fn copy_out(url: &str, sink: &mut dyn CopySink) -> Result<()> {
    let mut client = connect(url)?;
    let mut tx = begin(&mut client, true)?;
    for name in tables(&mut tx)?.into_iter().filter(|name| !name.ends_with(HISTORY)) {
        let columns = columns(&mut tx, &name)?;
        let table = CopiedTable {
            last_serial: last_serial(&mut tx, &name, &columns)?,
            columns: columns.iter().map(|column| column.name.clone()).collect(),
            name,
        };
        sink.table(&table)?;
        let sql = format!("SELECT {} FROM {}", listed(&table.columns), quoted(&table.name));
        let none: [&(dyn ToSql + Sync); 0] = [];
        let mut rows = tx.query_raw(&sql, none).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let mut values = Vec::with_capacity(columns.len());
            for (place, column) in columns.iter().enumerate() {
                let value = row.try_get(place).map_err(failed)?;
                values.push(if column.is_transaction { Value::Int(0) } else { as_kept_by_sqlite(value) });
            }
            sink.row(&values)?;
        }
    }
    Ok(())
}

fn as_kept_by_sqlite(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Bool(yes) => Value::Int(yes.into()),
        Value::Uuid(id) => Value::Bytes(id.as_bytes().to_vec().into()),
        Value::Date(date) => Value::Text(date.to_string().into()),
        plain => plain,
    }
}

pub(super) fn copy_in(url: &str, load: &mut dyn FnMut(&mut dyn CopySink) -> Result<()>) -> Result<()> {
    let mut client = connect(url)?;
    let mut tx = begin(&mut client, false)?;
    let keys = foreign_keys(&mut tx)?;
    let names = tables(&mut tx)?;
    each(&mut tx, &keys, |(table, key)| {
        format!("ALTER TABLE {table} ALTER CONSTRAINT {key} DEFERRABLE INITIALLY DEFERRED")
    })?;
    each(&mut tx, &names, |table| format!("ALTER TABLE {} DISABLE TRIGGER USER", quoted(table)))?;
    // COPY fills no table whose owner is bound by row-level security.
    let bound = bound_tables(&mut tx)?;
    each(&mut tx, &bound, |table| format!("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY", quoted(table)))?;
    let mut sink = Into { tx: &mut tx, table: None, columns: Vec::new(), part: Vec::new() };
    load(&mut sink)?;
    sink.flush()?;
    // Here the foreign keys are compared.
    tx.batch_execute("SET CONSTRAINTS ALL IMMEDIATE").map_err(failed)?;
    each(&mut tx, &keys, |(table, key)| {
        format!("ALTER TABLE {table} ALTER CONSTRAINT {key} NOT DEFERRABLE")
    })?;
    each(&mut tx, &names, |table| format!("ALTER TABLE {} ENABLE TRIGGER USER", quoted(table)))?;
    each(&mut tx, &bound, |table| format!("ALTER TABLE {} FORCE ROW LEVEL SECURITY", quoted(table)))?;
    tx.commit().map_err(failed)?;
    client.batch_execute("ANALYZE").map_err(failed)
}

/// Rows on their way into the tables, in the text form of COPY.
struct Into<'c, 't> {
    tx: &'c mut Transaction<'t>,
    table: Option<CopiedTable>,
    /// The table's columns in the order of the rows; `None` for one that is not filled from outside.
    columns: Vec<Option<Column>>,
    part: Vec<u8>,
}

impl Into<'_, '_> {
    fn flush(&mut self) -> Result<()> {
        let Some(table) = self.table.as_ref().filter(|_| !self.part.is_empty()) else { return Ok(()) };
        let filled: Vec<String> = self.columns.iter().flatten().map(|column| column.name.clone()).collect();
        let sql = format!("COPY {} ({}) FROM STDIN", quoted(&table.name), listed(&filled));
        let mut copy = self.tx.copy_in(&sql).map_err(failed)?;
        copy.write_all(&self.part).map_err(Error::internal)?;
        copy.finish().map_err(failed)?;
        self.part.clear();
        Ok(())
    }
}

impl CopySink for Into<'_, '_> {
    fn table(&mut self, table: &CopiedTable) -> Result<()> {
        self.flush()?;
        let mut there = columns(self.tx, &table.name)?;
        self.columns.clear();
        for name in &table.columns {
            let place = there.iter().position(|column| column.name == *name);
            let column = there.swap_remove(place.ok_or_else(|| not_there(table, name))?);
            if let (true, Some(last)) = (column.is_serial, table.last_serial.filter(|last| *last > 0)) {
                let keep = "SELECT setval(pg_get_serial_sequence($1, $2), $3)";
                let sequence: [&(dyn ToSql + Sync); 3] = [&table.name, name, &last];
                self.tx.query_one(keep, &sequence).map_err(failed)?;
            }
            self.columns.push((!column.is_transaction).then_some(column));
        }
        self.table = Some(table.clone());
        Ok(())
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        let table = self.table.as_ref().map_or("no table", |table| table.name.as_str());
        if values.len() != self.columns.len() {
            return Err(row_does_not_fit(table));
        }
        let mut is_first = true;
        for (value, column) in values.iter().zip(&self.columns) {
            let Some(column) = column else { continue };
            if !is_first {
                self.part.push(b'\t');
            }
            is_first = false;
            let text = as_copied(value, column.kind).ok_or_else(|| row_does_not_fit(table))?;
            self.part.extend_from_slice(text.as_bytes());
        }
        self.part.push(b'\n');
        if self.part.len() >= PART_BYTES { self.flush() } else { Ok(()) }
    }
}

/// A value in the text form of COPY; nothing where it cannot be of this kind.
fn as_copied(value: &Value<'_>, kind: Kind) -> Option<String> {
    Some(match (value, kind) {
        (Value::Null, _) => "\\N".to_owned(),
        (Value::Int(0), Kind::Bool) => "f".to_owned(),
        (Value::Int(1), Kind::Bool) => "t".to_owned(),
        (Value::Int(number), Kind::Plain) => number.to_string(),
        (Value::Bytes(bytes), Kind::Uuid) => uuid::Uuid::from_slice(bytes).ok()?.to_string(),
        (Value::Bytes(bytes), Kind::Bytes) => {
            let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
            ["\\\\x".to_owned()].into_iter().chain(digits).collect()
        }
        (Value::Text(text), Kind::Plain) => {
            text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
        }
        _ => return None,
    })
}

/// One snapshot, of every workspace.
fn begin(client: &mut Client, read_only: bool) -> Result<Transaction<'_>> {
    let how = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
    let mut tx = how.read_only(read_only).start().map_err(failed)?;
    tx.batch_execute("SET LOCAL karvon.server = 'on'").map_err(failed)?;
    Ok(tx)
}

/// Tables in the order in which they were made.
fn tables(tx: &mut Transaction<'_>) -> Result<Vec<String>> {
    names(tx, "true")
}

/// Tables whose owner is bound by row-level security, as the migrator makes those of workspaces.
fn bound_tables(tx: &mut Transaction<'_>) -> Result<Vec<String>> {
    names(tx, "c.relforcerowsecurity")
}

fn names(tx: &mut Transaction<'_>, which: &str) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT CAST(c.relname AS text) FROM pg_class c
         JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
         WHERE c.relkind = 'r' AND {which} ORDER BY c.oid"
    );
    let rows = tx.query(&sql, &[]).map_err(failed)?;
    rows.iter().map(|row| row.try_get(0).map_err(failed)).collect()
}

fn columns(tx: &mut Transaction<'_>, table: &str) -> Result<Vec<Column>> {
    let sql =
        "SELECT CAST(a.attname AS text), format_type(a.atttypid, NULL), CAST(a.attidentity AS text) <> '',
                   COALESCE(pg_get_expr(d.adbin, d.adrelid) LIKE '%pg_current_xact_id%', false)
               FROM pg_attribute a
               JOIN pg_class c ON c.oid = a.attrelid AND c.relname = $1 AND c.relkind = 'r'
               JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
               LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
               WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
    let rows = tx.query(sql, &[&table]).map_err(failed)?;
    let column = |row: &postgres::Row| -> std::result::Result<Column, postgres::Error> {
        let kind = match row.try_get::<_, String>(1)?.as_str() {
            "boolean" => Kind::Bool,
            "uuid" => Kind::Uuid,
            "bytea" => Kind::Bytes,
            _ => Kind::Plain,
        };
        Ok(Column {
            name: row.try_get(0)?,
            kind,
            is_serial: row.try_get(2)?,
            is_transaction: row.try_get(3)?,
        })
    };
    rows.iter().map(|row| column(row).map_err(failed)).collect()
}

fn last_serial(tx: &mut Transaction<'_>, table: &str, columns: &[Column]) -> Result<Option<i64>> {
    let Some(column) = columns.iter().find(|column| column.is_serial) else { return Ok(None) };
    let sql = "SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence($1, $2) AS regclass))";
    let row = tx.query_one(sql, &[&table, &column.name]).map_err(failed)?;
    row.try_get(0).map_err(failed)
}

/// Table and name of every foreign key, quoted.
fn foreign_keys(tx: &mut Transaction<'_>) -> Result<Vec<(String, String)>> {
    let sql = "SELECT CAST(CAST(c.conrelid AS regclass) AS text), quote_ident(CAST(c.conname AS text)) FROM pg_constraint c
               JOIN pg_namespace n ON n.oid = c.connamespace AND n.nspname = current_schema()
               WHERE c.contype = 'f'";
    let rows = tx.query(sql, &[]).map_err(failed)?;
    let key = |row: &postgres::Row| -> std::result::Result<_, postgres::Error> {
        Ok((row.try_get(0)?, row.try_get(1)?))
    };
    rows.iter().map(|row| key(row).map_err(failed)).collect()
}

/// What the database says, which the driver's own words leave out.
fn failed(error: postgres::Error) -> Error {
    let said = error.as_db_error().map(|said| match said.where_() {
        Some(place) => format!("{}, at {place}", said.message()),
        None => said.message().to_owned(),
    });
    Error::internal(said.unwrap_or_else(|| error.to_string()))
}

fn each<T>(tx: &mut Transaction<'_>, all: &[T], sql: impl Fn(&T) -> String) -> Result<()> {
    all.iter().try_for_each(|one| tx.batch_execute(&sql(one)).map_err(failed))
}
