//! What a list of applications shows, as a file: CSV, a workbook, or a PDF.

use std::sync::LazyLock;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Result};
use print::Printer;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Serialize;
use web::{
    Caller,
    pages::{Export, ListQuery, Shell},
};

use super::{
    list::{self, Whole, label},
    words,
};
use crate::{Form, WholeApplication};

/// Rows of a PDF: some dozens of sheets.
const PDF_ROWS: u32 = 1_000;
/// Rows of a table in a file.
const TABLE_ROWS: u32 = 50_000;
/// Excel takes a CSV for UTF-8 when it begins with this.
const BOM: &str = "\u{feff}";

/// Made once: it holds fonts.
static PRINTER: LazyLock<Printer> = LazyLock::new(|| Printer::new(include_str!("../../print/list.typ")));

/// A list as it is written into a file: plain words.
#[derive(Debug)]
struct Sheet {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The sheet. A file of one form has every field of it, and what nobody asked for; a paper only what the table shows.
fn sheet(p: &Shell, form: Option<&Form>, found: &[WholeApplication], is_paper: bool) -> Sheet {
    let mut head: Vec<String> =
        ["applications-number", "applications-applicant", "applications-phone"].map(|key| p.t(key)).to_vec();
    if form.is_none() {
        head.push(p.t("applications-form"));
    }
    let fields: Vec<_> = match form {
        Some(form) if !is_paper => form.fields.iter().collect(),
        form => list::columns(form),
    };
    head.extend(fields.iter().map(|field| label(&field.label, p)));
    let has_rest = form.is_some() && !is_paper;
    if has_rest {
        head.push(p.t("applications-unasked"));
    }
    head.extend(["applications-status", "applications-submitted-at"].map(|key| p.t(key)));
    let row = |whole: &WholeApplication| {
        let WholeApplication { application, form: own, applicant, contact: _, chosen: _ } = whole;
        let mut row = vec![
            application.number.to_string(),
            words::name(p, applicant),
            applicant.phone.as_ref().map(ToString::to_string).unwrap_or_default(),
        ];
        if form.is_none() {
            row.push(label(&own.names, p));
        }
        row.extend(fields.iter().map(|field| words::answer(p, whole, field)));
        if has_rest {
            let rest: Vec<String> = whole.unasked().map(|(key, text)| format!("{key}: {text}")).collect();
            row.push(rest.join("; "));
        }
        row.push(p.t(application.status.text_key()));
        row.push(p.time(application.submitted_at));
        row
    };
    Sheet { head, rows: found.iter().map(row).collect() }
}

/// The list as the file that the query asks for, for whoever may take data out.
pub(super) async fn answer(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::ReportsExport)?;
    let export = Export::asked(&query);
    let most = if export.is_some() { TABLE_ROWS } else { PDF_ROWS };
    let whole = caller.read(move |ctx, tx| list::whole(ctx, tx, &query, most)).await?;
    let p = caller.shell();
    // A long list is written for a second or two.
    let writing = tokio::task::spawn_blocking(move || match export {
        Some(export) => table(&p, export, &whole),
        None => paper(&p, &whole),
    });
    Ok(writing.await.map_err(Error::internal)??)
}

/// The list as CSV or as a workbook.
fn table(p: &Shell, export: Export, whole: &Whole) -> Result<Response> {
    let Whole { form, found } = whole;
    let sheet = sheet(p, form.as_ref(), found, false);
    let (bytes, kind, ending) = match export {
        Export::Csv => (sheet.csv()?.into_bytes(), "text/csv; charset=utf-8", "csv"),
        Export::Xlsx => (
            sheet.workbook().map_err(Error::internal)?,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
    };
    let name = form.as_ref().map_or("applications", |form| form.code.as_str());
    let attachment = HeaderValue::try_from(format!("attachment; filename=\"{name}.{ending}\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, attachment.map_err(Error::internal)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes).into_response())
}

impl Sheet {
    fn csv(&self) -> Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.head).map_err(Error::internal)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(Error::internal)?;
        }
        let bytes = writer.into_inner().map_err(|error| Error::internal(error.to_string()))?;
        Ok(BOM.to_owned() + &String::from_utf8(bytes).map_err(Error::internal)?)
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let bold = Format::new().set_bold();
        for (column, heading) in (0_u16..).zip(&self.head) {
            sheet.write_string_with_format(0, column, heading, &bold)?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(line, column, cell)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofit();
        workbook.save_to_buffer()
    }
}

/// Words that a spreadsheet would take for a formula are given as words (OWASP, "CSV Injection").
fn harmless(cell: &str) -> String {
    // A phone begins with a plus sign and is no formula.
    let is_phone =
        cell.strip_prefix('+').is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == ' '));
    if !is_phone && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// The document that the template prints.
#[derive(Debug, Serialize)]
struct Document {
    lang: &'static str,
    title: String,
    subtitle: String,
    foot: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The list as a PDF.
fn paper(p: &Shell, whole: &Whole) -> Result<Response> {
    let form = whole.form.as_ref();
    let Sheet { head, rows } = sheet(p, form, &whole.found, true);
    let title = form.map_or_else(|| p.t("applications-menu"), |form| label(&form.names, p));
    let subtitle = p.t1("applications-found", "count", rows.len());
    let foot = format!("{title}, {subtitle}");
    let bytes = PRINTER.pdf(&Document { lang: p.lang().code(), title, subtitle, foot, head, rows })?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"applications.pdf\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes).into_response())
}
