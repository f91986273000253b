//! Every row of a database, out and in again: for backups, and from one kind of database to the other.
//!
//! Rows travel in the form that SQLite keeps: integers, text, bytes, nothing. What the migrations write by themselves
//! (their own history, transaction numbers) does not travel. Coming in, rows are taken as they are: triggers rest, and
//! foreign keys are compared at the end, before anything is committed.

mod postgres;
mod sqlite;

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::{Config, Target, Value};

/// A table whose rows follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedTable {
    /// Its name.
    pub name: String,
    /// The columns, in the order of each row's values.
    pub columns: Vec<String>,
    /// The last number that its serial column gave, where it has one: numbers do not come again.
    pub last_serial: Option<i64>,
}

/// What takes rows: an archive when they go out, a database when they come in.
pub trait CopySink {
    /// The rows of this table follow. Tables come in the order in which they were made.
    fn table(&mut self, table: &CopiedTable) -> Result<()>;
    /// One row: `Int`, `Text`, `Bytes` or `Null` for each column.
    fn row(&mut self, values: &[Value<'_>]) -> Result<()>;
}

/// Tables of `refinery`: each database has its own.
const HISTORY: &str = "_migration";

/// Gives all rows, as they stand at one moment, to `sink`. Others may go on writing. Blocks.
pub fn copy_out(config: &Config, sink: &mut dyn CopySink) -> Result<()> {
    match &config.target {
        Target::Sqlite(path) => sqlite::copy_out(path, sink),
        Target::Postgres(url) => postgres::copy_out(url, sink),
    }
}

/// Whether nobody has made a table there yet. A SQLite file that does not exist is empty.
pub fn is_empty(config: &Config) -> Result<bool> {
    match &config.target {
        Target::Sqlite(path) => Ok(!path.exists() || sqlite::is_empty(path)?),
        Target::Postgres(url) => postgres::is_empty(url),
    }
}

/// Fills a database whose tables are there and hold nothing: `load` gives the rows. All of it is committed at once,
/// or nothing. Errors: a table or a column that is not there, a row that another row needs and that did not come.
/// Blocks.
pub fn copy_in(config: &Config, load: &mut dyn FnMut(&mut dyn CopySink) -> Result<()>) -> Result<()> {
    match &config.target {
        Target::Sqlite(path) => sqlite::copy_in(path, load),
        Target::Postgres(url) => postgres::copy_in(url, load),
    }
}

fn not_there(table: &CopiedTable, column: &str) -> Error {
    Error::internal(format!("{}.{column} is not in this database", table.name))
}

fn row_does_not_fit(table: &str) -> Error {
    Error::internal(format!("a row of {table} does not fit its columns"))
}

/// A name as SQL writes it, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn listed(columns: &[String]) -> String {
    columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
