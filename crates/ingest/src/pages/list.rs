//! The list of imports, and the form that brings a file.

use axum::response::{IntoResponse, Response};
use context::Permission;
use kernel::{Error, Page, Text};
use web::{
    Caller, Upload,
    pages::{
        Action, Cell, Choice, Column, Empty, Export, Field, Filter, Form, FormPage, Go, ListPage, ListQuery,
        Shell, Table, Tone, asked_page, render, render_with,
    },
};

use crate::{
    Import, ImportKind, ImportState, list_imports,
    upload::{is_about_file, take_in},
};

/// The colour of a state.
pub(super) const fn tone(state: ImportState) -> Tone {
    match state {
        ImportState::Columns => Tone::Warning,
        ImportState::Reading | ImportState::Applying => Tone::Info,
        ImportState::Ready => Tone::Accent,
        ImportState::Done => Tone::Success,
        ImportState::Cancelled => Tone::Plain,
    }
}

/// `GET /imports`.
pub(super) async fn imports_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let kind = query.get("kind").and_then(|word| word.parse().ok());
    let state = query.get("state").and_then(|word| word.parse().ok());
    let page = caller
        .read(move |ctx, tx| asked_page(&asked, |part| list_imports(ctx, tx, kind, state, part)))
        .await?;
    let p = caller.shell().titled("ingest-menu-imports");
    let table = table(&p, &query, &page);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "imports")?);
    }
    Ok(render(&ListPage::new(p.clone(), table).action(new(&p))))
}

fn new(p: &Shell) -> Action {
    Action::link("/imports/new", p.t("ingest-import-new")).primary().icon("upload")
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Import>) -> Table {
    let columns = vec![
        Column::main("ingest-field-file-name"),
        Column::new("ingest-field-kind"),
        Column::new("ingest-field-state"),
        Column::figures("ingest-field-rows"),
        Column::figures("ingest-field-bad"),
        Column::new("ingest-field-by").wide(),
        Column::new("ingest-field-when").wide(),
    ];
    let kinds = ImportKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
    let states = ImportState::ALL.map(|state| Choice::new(state.word(), p.t(state.text_key()))).to_vec();
    let empty = Empty::new("upload", p.t("ingest-imports-empty"), p.t("ingest-imports-empty-hint"));
    Table::new(&p.words, "imports", query, columns, page, |import| {
        vec![
            Cell::link(format!("/imports/{}", import.number), &import.filename),
            Cell::text(p.t(import.kind.text_key())),
            Cell::badge(tone(import.state), p.t(import.state.text_key())),
            Cell::Number(import.row_count),
            Cell::Number(import.bad_count),
            Cell::text(&import.created_by),
            Cell::Time(import.created_at),
        ]
    })
    .filter(Filter::select("kind", "ingest-field-kind", kinds))
    .filter(Filter::select("state", "ingest-field-state", states))
    .export("/imports")
    .empty(empty.action(new(p)))
}

fn form_page(p: Shell, kind: &str, error: Option<&Error>) -> FormPage {
    let p = p
        .titled("ingest-import-new")
        .crumb("/imports", "ingest-menu-imports")
        .lead("ingest-new-lead")
        .narrow();
    let kinds = ImportKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
    let form = Form::new(&p, "/imports/new")
        .error(error)
        .field(Field::select("kind", "ingest-field-kind", kinds).value(kind).required())
        .field(Field::file("file", "ingest-field-file", ".xlsx,.csv,.txt,.tsv").required())
        .submit("ingest-import-new")
        .submit_icon("upload")
        .cancel("/imports");
    FormPage::new(p, form)
}

/// `GET /imports/new`.
pub(super) async fn new_import_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryCreate)?;
    let kind = query.get("kind").unwrap_or(ImportKind::Products.word()).to_owned();
    Ok(render(&form_page(caller.shell(), &kind, None)))
}

/// `POST /imports/new`.
pub(super) async fn create_import(caller: Caller, upload: Upload) -> web::Result<Response> {
    let typed = upload.get("kind").to_owned();
    let made = match typed.parse() {
        Ok(kind) => take_in(&caller, kind, upload).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(number) => {
            let done = Text::new("ingest-import-created");
            Ok(Go::to(format!("/imports/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) if is_about_file(&error) => {
            let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(render_with(status, &form_page(caller.shell(), &typed, Some(&error))))
        }
        Err(error) => Err(error.into()),
    }
}
