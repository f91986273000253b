//! A list as a file: the table's own cells, plain, as CSV or as a workbook.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::{Error, Page, PageRequest, Result, Text};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::{Cell, ListQuery, Table};

/// Rows that one file holds at most: what a small server reads and writes while somebody waits.
const MAX_ROWS: u32 = 50_000;
/// Rows that one step of an export reads.
const STEP_ROWS: u32 = 500;
/// Excel takes a CSV for UTF-8 when it begins with this.
const BOM: &str = "\u{feff}";

/// The kinds of file a list is offered as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// Comma-separated values, UTF-8.
    Csv,
    /// A workbook of Office Open XML.
    Xlsx,
}

impl Export {
    /// The file that `?format=` asks for, when it asks for one.
    pub fn asked(query: &ListQuery) -> Option<Self> {
        match query.get("format")? {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// The part of the list that the query asks for: one page, or for an export all of them, read in steps by `list`.
/// Errors: those of `list`; a list too long for one file, with words that say so.
pub fn asked_page<T>(
    query: &ListQuery,
    mut list: impl FnMut(PageRequest) -> Result<Page<T>>,
) -> Result<Page<T>> {
    if Export::asked(query).is_none() {
        return list(query.page());
    }
    let mut all = list(PageRequest::new(1, STEP_ROWS))?;
    if all.count > i64::from(MAX_ROWS) {
        let text =
            Text::new("web-export-too-long").with("count", all.count).with("most", i64::from(MAX_ROWS));
        return Err(Error::invalid(text));
    }
    let mut last = all.request;
    while i64::try_from(all.results.len()).is_ok_and(|have| have < all.count) {
        last = PageRequest::new(last.page().saturating_add(1), STEP_ROWS);
        let more = list(last)?;
        if more.results.is_empty() {
            break;
        }
        all.results.extend(more.results);
    }
    Ok(all)
}

impl Table {
    /// The rows as a file of this kind, called `name` and the kind's ending.
    pub fn download(&self, kind: Export, name: &str) -> Result<Response> {
        let (bytes, content_type, ending) = match kind {
            Export::Csv => (self.csv()?.into_bytes(), "text/csv; charset=utf-8", "csv"),
            Export::Xlsx => {
                let bytes = self.workbook().map_err(Error::internal)?;
                (bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
            }
        };
        let attachment = HeaderValue::try_from(format!("attachment; filename=\"{name}.{ending}\""));
        let attachment = attachment.map_err(Error::internal)?;
        let kind = HeaderValue::from_static(content_type);
        Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, attachment)], bytes).into_response())
    }

    fn csv(&self) -> Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.headings()).map_err(Error::internal)?;
        for row in self.rows() {
            writer.write_record(row.iter().map(harmless)).map_err(Error::internal)?;
        }
        let bytes = writer.into_inner().map_err(|error| Error::internal(error.to_string()))?;
        Ok(BOM.to_owned() + &String::from_utf8(bytes).map_err(Error::internal)?)
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let bold = Format::new().set_bold();
        for (column, heading) in (0_u16..).zip(self.headings()) {
            sheet.write_string_with_format(0, column, heading, &bold)?;
        }
        for (line, row) in (1_u32..).zip(self.rows()) {
            for (column, cell) in (0_u16..).zip(row) {
                match (cell, cell.plain()) {
                    (_, plain) if plain.is_empty() => continue,
                    // A spreadsheet counts in binary fractions; these are figures to look at, not the books.
                    (Cell::Money(_) | Cell::Quantity(..) | Cell::Number(_), plain) => {
                        match plain.parse::<f64>() {
                            Ok(number) => sheet.write_number(line, column, number)?,
                            Err(_) => sheet.write_string(line, column, plain)?,
                        }
                    }
                    (_, plain) => sheet.write_string(line, column, plain)?,
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofit();
        workbook.save_to_buffer()
    }
}

/// Words that a spreadsheet would take for a formula are given as words (OWASP, "CSV Injection").
fn harmless(cell: &Cell) -> String {
    let plain = cell.plain();
    let is_figure = matches!(cell, Cell::Money(_) | Cell::Quantity(..) | Cell::Number(_));
    if !is_figure && plain.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{plain}")
    } else {
        plain
    }
}
