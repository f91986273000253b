//! A file as rows of texts: a workbook or a table as text. Pure; knows limits, and nothing of what rows mean.

mod table;
mod workbook;

use kernel::{Error, Kind, Result, Text};

/// Bytes of a file.
pub const FILE_BYTES_AT_MOST: usize = 20 * 1_024 * 1_024;
/// Rows of a file, the headings not counted.
pub const ROWS_AT_MOST: usize = 100_000;
/// Columns of a file; nobody maps more by hand.
pub const COLUMNS_AT_MOST: usize = 100;
/// Characters of a cell: what a spreadsheet's cell holds at most.
pub const CELL_CHARS_AT_MOST: usize = 32_767;
/// Bytes that a workbook may unpack to; real ones of 100,000 rows stay below 150 MB.
pub(crate) const UNPACKED_BYTES_AT_MOST: u64 = 400 * 1_024 * 1_024;

/// What both readers give: the first row that holds anything, and the rows after it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// The headings.
    pub headings: Vec<String>,
    /// The rows under them that hold anything.
    pub lines: Vec<Line>,
}

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number as a spreadsheet shows it, from 1; the headings count.
    pub number: u32,
    /// Its cells, as many as the row has.
    pub cells: Vec<String>,
}

/// Reads a workbook (XLSX, its first sheet) or a table as text (CSV with `,`, `;` or tab; UTF-8, UTF-16 or Windows-1251).
/// The kind is told by the bytes, not by the name.
pub fn read(bytes: &[u8]) -> Result<Sheet> {
    if bytes.len() > FILE_BYTES_AT_MOST {
        let words = Text::new("ingest-file-too-large").with("max", FILE_BYTES_AT_MOST / 1_048_576);
        return Err(Error::new(Kind::TooMuch { retry_after_s: None }, words));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(refused("ingest-file-empty"));
    }
    let sheet = match bytes {
        [b'P', b'K', 3 | 5, ..] => workbook::read(bytes)?,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(refused("ingest-file-is-xls")),
        _ => table::read(bytes)?,
    };
    if sheet.headings.is_empty() {
        return Err(refused("ingest-file-empty"));
    }
    if sheet.lines.is_empty() {
        return Err(refused("ingest-file-without-rows"));
    }
    Ok(sheet)
}

fn refused(key: &'static str) -> Error {
    Error::field("file", Text::new(key))
}

/// Rows of cells, one after another, as a sheet; watches the limits.
#[derive(Debug, Default)]
struct Builder {
    sheet: Sheet,
    has_headings: bool,
}

impl Builder {
    fn push(&mut self, number: u32, mut cells: Vec<String>) -> Result<()> {
        while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        if cells.len() > COLUMNS_AT_MOST {
            let words = Text::new("ingest-too-many-columns").with("max", COLUMNS_AT_MOST);
            return Err(Error::field("file", words));
        }
        if cells.iter().any(|cell| cell.chars().count() > CELL_CHARS_AT_MOST) {
            let words = Text::new("ingest-cell-too-long").with("row", number).with("max", CELL_CHARS_AT_MOST);
            return Err(Error::field("file", words));
        }
        if !self.has_headings {
            self.sheet.headings = cells.iter().map(|cell| cell.trim().replace('\0', "\u{fffd}")).collect();
            self.has_headings = true;
            return Ok(());
        }
        if self.sheet.lines.len() >= ROWS_AT_MOST {
            return Err(Error::field("file", Text::new("ingest-too-many-rows").with("max", ROWS_AT_MOST)));
        }
        self.sheet.lines.push(Line { number, cells });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
