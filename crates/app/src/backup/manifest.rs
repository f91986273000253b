//! What a backup holds, so that a restored server can be held against it.

use std::collections::BTreeMap;

use db::{CopiedTable, CopySink, Target, Value};
use kernel::{Result, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::row;

/// The layout of the archive; one that we do not know is refused.
pub(super) const FORMAT: u32 = 1;

/// The list of what is in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout of the archive.
    pub format: u32,
    /// The version of the program that made it.
    pub karvon: String,
    /// When it was begun.
    pub made_at: Timestamp,
    /// `sqlite` or `postgres`: where the rows come from.
    pub database: String,
    /// How many migrations of each domain had been applied.
    pub steps: BTreeMap<String, usize>,
    /// Its tables, in their order.
    pub tables: Vec<Kept>,
    /// How many blobs.
    pub files: usize,
}

/// What is kept of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The table.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// The sum of its rows' hashes, whatever their order.
    pub sum: String,
}

impl Manifest {
    /// How many rows all tables have.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

pub(super) const fn name_of(target: &Target) -> &'static str {
    match target {
        Target::Sqlite(_) => "sqlite",
        Target::Postgres(_) => "postgres",
    }
}

/// Counts rows and adds up their hashes.
#[derive(Debug, Default)]
pub(super) struct Tally {
    done: Vec<Kept>,
    table: String,
    rows: u64,
    sum: u128,
}

impl Tally {
    pub(super) fn begin(&mut self, table: &str) {
        self.close();
        table.clone_into(&mut self.table);
    }

    pub(super) fn count(&mut self, line: &str) {
        let hash: [u8; 32] = Sha256::digest(line).into();
        let part = hash.first_chunk::<16>().copied().unwrap_or_default();
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(part));
        self.rows += 1;
    }

    pub(super) fn end(mut self) -> Vec<Kept> {
        self.close();
        self.done
    }

    fn close(&mut self) {
        if !self.table.is_empty() {
            let name = std::mem::take(&mut self.table);
            self.done.push(Kept { name, rows: self.rows, sum: format!("{:032x}", self.sum) });
        }
        (self.rows, self.sum) = (0, 0);
    }
}

impl CopySink for Tally {
    fn table(&mut self, table: &CopiedTable) -> Result<()> {
        self.begin(&table.name);
        Ok(())
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        self.count(&row::line(values));
        Ok(())
    }
}
