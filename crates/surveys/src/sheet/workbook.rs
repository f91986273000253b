//! A workbook of Office Open XML: the first sheet that is shown, cell by cell.

use std::io::{Cursor, Read, sink};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use kernel::Result;
use zip::ZipArchive;

use super::{COLUMNS_AT_MOST, Counting, UNPACKED_BYTES_AT_MOST, refused};

/// Digits that a spreadsheet's number really has.
const SIGNIFICANT_DIGITS: usize = 15;

pub(super) fn read(bytes: &[u8], counting: &mut Counting<'_>) -> Result<()> {
    refuse_bombs(bytes, UNPACKED_BYTES_AT_MOST)?;
    let malformed = |error: XlsxError| refused("surveys-workbook-malformed").because(error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(malformed)?;
    let shown = book.sheets_metadata().iter().find(|sheet| is_shown(sheet)).map(|sheet| sheet.name.clone());
    let name = shown.ok_or_else(|| refused("surveys-file-empty"))?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(malformed)?;
    // Read as a stream: a range would reserve every cell between the first and the last, however far apart they are.
    let mut row: Option<(u32, Vec<String>)> = None;
    while let Some(cell) = cells.next_cell().map_err(malformed)? {
        let (at, column) = cell.get_position();
        let Ok(column) = usize::try_from(column) else { continue };
        let text = text_of(cell.get_value());
        // Formats reach far to the right of what is written; a word there is too many columns.
        if column > COLUMNS_AT_MOST && text.trim().is_empty() {
            continue;
        }
        if row.as_ref().is_some_and(|(number, _)| *number != at)
            && let Some((number, cells)) = row.take()
        {
            counting.cells(number.saturating_add(1), cells)?;
        }
        let (_, cells) = row.get_or_insert_with(|| (at, Vec::new()));
        let column = column.min(COLUMNS_AT_MOST);
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(place) = cells.get_mut(column) {
            *place = text;
        }
    }
    if let Some((number, cells)) = row {
        counting.cells(number.saturating_add(1), cells)?;
    }
    Ok(())
}

/// Whether people see the sheet as a table.
fn is_shown(sheet: &calamine::Sheet) -> bool {
    sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
}

/// Unpacks everything into nothing, up to `at_most` bytes: what an archive says of its sizes is not to be believed.
fn refuse_bombs(bytes: &[u8], at_most: u64) -> Result<()> {
    let malformed = |error: String| refused("surveys-workbook-malformed").because(error);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| malformed(error.to_string()))?;
    let mut left = at_most;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| malformed(error.to_string()))?;
        let read = std::io::copy(&mut entry.take(left + 1), &mut sink())
            .map_err(|error| malformed(error.to_string()))?;
        left = left.checked_sub(read).ok_or_else(|| refused("surveys-workbook-too-large"))?;
    }
    Ok(())
}

/// A cell as people read it: numbers without an exponent, days as ISO dates, formulas by the value they had.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                date
            } else {
                format!("{date} {hour:02}:{minute:02}:{second:02}")
            }
        }
        DataRef::DateTime(span) => number_text(span.as_f64()),
        DataRef::Error(error) => error.to_string(),
    }
}

/// `0.1 + 0.2` is 0.30000000000000004 in binary; a spreadsheet shows 15 digits, and so do we.
fn number_text(number: f64) -> String {
    let places = SIGNIFICANT_DIGITS - 1;
    let shown = format!("{number:.places$e}");
    shown.parse::<f64>().map_or(shown, |number| number.to_string())
}
