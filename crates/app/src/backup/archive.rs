//! The archive while it is written.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
};

use db::{CopiedTable, CopySink, Value};
use kernel::{Error, Result, Timestamp};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    FILES, MANIFEST,
    manifest::{FORMAT, Manifest, Tally, name_of},
    row,
};
use crate::{config::Config, modules};

/// A backup on its way to the disk.
pub(super) struct Archive<'f> {
    zip: ZipWriter<BufWriter<&'f mut File>>,
    manifest: Manifest,
    tally: Tally,
}

impl<'f> Archive<'f> {
    pub(super) fn new(file: &'f mut File, config: &Config, now: Timestamp) -> Self {
        let steps = modules::migrations();
        let manifest = Manifest {
            format: FORMAT,
            karvon: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: now,
            database: name_of(&config.database().target).to_owned(),
            steps: steps.iter().map(|domain| (domain.domain().to_owned(), domain.count())).collect(),
            tables: Vec::new(),
            files: 0,
        };
        Self { zip: ZipWriter::new(BufWriter::new(file)), manifest, tally: Tally::default() }
    }

    /// A file of its own.
    pub(super) fn add(&mut self, name: &str, mut bytes: &[u8]) -> Result<()> {
        self.add_from(name, &mut bytes)
    }

    /// [`Archive::add`] of what a reader gives.
    pub(super) fn add_from(&mut self, name: &str, from: &mut dyn Read) -> Result<()> {
        self.manifest.files += usize::from(name.starts_with(FILES));
        self.start(name)?;
        io::copy(from, &mut self.zip).map(drop).map_err(Error::internal)
    }

    /// Writes the list of what is there, and the end.
    pub(super) fn end(mut self) -> Result<Manifest> {
        self.manifest.tables = std::mem::take(&mut self.tally).end();
        let list = serde_json::to_vec_pretty(&self.manifest).map_err(Error::internal)?;
        self.add(MANIFEST, &list)?;
        let mut file = self.zip.finish().map_err(Error::internal)?;
        file.flush().map_err(Error::internal)?;
        Ok(self.manifest)
    }

    fn start(&mut self, name: &str) -> Result<()> {
        // Room for more than 4 GB in each.
        self.zip.start_file(name, SimpleFileOptions::default().large_file(true)).map_err(Error::internal)
    }

    fn line(&mut self, line: &str) -> Result<()> {
        let written = self.zip.write_all(line.as_bytes()).and_then(|()| self.zip.write_all(b"\n"));
        written.map_err(Error::internal)
    }
}

impl CopySink for Archive<'_> {
    fn table(&mut self, table: &CopiedTable) -> Result<()> {
        self.tally.begin(&table.name);
        self.start(&table_file(&table.name))?;
        self.line(&serde_json::to_string(table).map_err(Error::internal)?)
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        let line = row::line(values);
        self.tally.count(&line);
        self.line(&line)
    }
}

/// The file of a table in the archive.
pub(super) fn table_file(name: &str) -> String {
    format!("tables/{name}.jsonl")
}
