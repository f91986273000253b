//! The bad rows of an import as a file that a person can mend and send again.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use context::Ctx;
use db::ReadTx;
use kernel::{Error, Result};
use web::{Caller, RowKey, pages::Words};

use crate::{Import, Refused, bad_rows, get_import};

/// Rows read in one statement.
const STEP_ROWS: u32 = 2_000;
/// Excel takes a CSV for UTF-8 when it begins with this.
const MARK: &str = "\u{feff}";

/// Every bad row: its number, what is wrong with it, and its cells under their headings.
pub(crate) async fn bad_rows_file(caller: &Caller, key: RowKey) -> Result<Response> {
    let (import, rows) = caller.read(move |ctx, tx| all(ctx, tx, key)).await?;
    let csv = csv(&caller.words(), &import, &rows)?;
    let name = format!("attachment; filename=\"import-{}-bad-rows.csv\"", import.number);
    let name = HeaderValue::try_from(name).map_err(Error::internal)?;
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], csv).into_response())
}

fn all(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<(Import, Vec<Refused>)> {
    let import = get_import(ctx, tx, key)?;
    let mut rows: Vec<Refused> = Vec::new();
    loop {
        let after = rows.last().map_or(0, |refused| refused.row);
        let more = bad_rows(ctx, tx, import.id, after, STEP_ROWS)?;
        if more.is_empty() {
            return Ok((import, rows));
        }
        rows.extend(more);
    }
}

fn csv(words: &Words, import: &Import, rows: &[Refused]) -> Result<String> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let first = [words.t("ingest-field-row"), words.t("ingest-field-problem")];
    let headings = first.into_iter().chain(import.headings.iter().map(|heading| harmless(heading)));
    writer.write_record(headings).map_err(Error::internal)?;
    for Refused { row, cells, problems } in rows {
        let said: Vec<String> =
            problems.iter().map(|(column, text)| in_column(column, &words.say(text))).collect();
        let first = [row.to_string(), harmless(&said.join("; "))];
        let record = first.into_iter().chain(cells.iter().map(|cell| harmless(cell)));
        writer.write_record(record).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(|error| Error::internal(error.to_string()))?;
    Ok(MARK.to_owned() + &String::from_utf8(bytes).map_err(Error::internal)?)
}

/// `Sotuv narxi: not a number`.
pub(crate) fn in_column(column: &str, words: &str) -> String {
    if column.is_empty() { words.to_owned() } else { format!("{column}: {words}") }
}

/// Words that a spreadsheet would take for a formula are given as words (OWASP, "CSV Injection"); numbers stay.
fn harmless(cell: &str) -> String {
    let is_number = cell.strip_prefix(['-', '+']).is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '))
    });
    if !is_number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_downloaded_is_a_formula() {
        for cell in ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        for cell in ["-7", "-1 500,5", "A=1", "", "Choy"] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
