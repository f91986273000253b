//! What is wrong in a file's rows, as a table that a person can go through.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::{Error, Result};
use web::pages::Words;

use crate::{Import, RowProblem};

/// Excel takes a CSV for UTF-8 when it begins with this.
const MARK: &str = "\u{feff}";

/// Every problem that is kept: its row, the column as the file calls it, and what is wrong.
pub(crate) fn problems_file(words: &Words, import: &Import) -> Result<Response> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let headings =
        ["surveys-field-row", "surveys-field-column", "surveys-field-problem"].map(|key| words.t(key));
    writer.write_record(headings).map_err(Error::internal)?;
    for RowProblem { row, column, text } in &import.problems {
        let record = [row.to_string(), harmless(column), harmless(&words.say(text))];
        writer.write_record(record).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(|error| Error::internal(error.to_string()))?;
    let csv = MARK.to_owned() + &String::from_utf8(bytes).map_err(Error::internal)?;
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let name = HeaderValue::from_static("attachment; filename=\"roster-errors.csv\"");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], csv).into_response())
}

/// Words that a spreadsheet would take for a formula are given as words (OWASP, "CSV Injection").
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}
