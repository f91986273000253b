//! One import: its columns, its first rows, what is wrong, the decision, the progress, the result.

use askama::{Template, filters::HtmlSafe};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jobs::Job;
use kernel::{Error, Kind, Text};
use web::{
    Caller, Multi, RowKey,
    pages::{
        Action, Badge, Cell, Choice, Column, DetailPage, Facts, Field, Form, Go, Notice, Shell, Table, Tone,
        render, render_with,
    },
};

use super::list::tone;
use crate::{
    Import, ImportState, Policy, Refused, actions::receipt_before, api::read, apply_import as apply,
    cancel_import as cancel, download::bad_rows_file, is_stopped, set_columns as name_columns,
};

/// Characters of a cell that a line about its mistake shows.
const CELL_CHARS: usize = 80;

/// What is known of an import.
struct Known {
    import: Import,
    job: Option<Job>,
    bad: Vec<Refused>,
    /// The receipt that came of the same file before.
    before: Option<i64>,
}

async fn known(caller: &Caller, key: RowKey) -> kernel::Result<Known> {
    caller
        .read(move |ctx, tx| {
            let (import, job, bad) = read(ctx, tx, key)?;
            let before = receipt_before(ctx, tx, &import)?.filter(|number| Some(*number) != import.receipt);
            Ok(Known { import, job, bad, before })
        })
        .await
}

/// `GET /imports/{id}`.
pub(super) async fn import_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let known = known(&caller, key).await?;
    Ok(render(&page(caller.shell(), &known, None)))
}

/// `POST /imports/{id}/columns`.
pub(super) async fn set_columns(
    caller: Caller,
    Path(key): Path<RowKey>,
    sent: Multi,
) -> web::Result<Response> {
    let fields: Vec<String> = sent.all("fields").map(str::to_owned).collect();
    let done =
        caller.once(move |ctx, tx| name_columns(ctx, tx, key, &fields).map(|import| import.number)).await;
    answer(&caller, key, done, "ingest-columns-saved").await
}

/// `POST /imports/{id}/apply`.
pub(super) async fn apply_import(
    caller: Caller,
    Path(key): Path<RowKey>,
    sent: Multi,
) -> web::Result<Response> {
    let again = !sent.get("again").is_empty();
    let done = match sent.get("policy").parse::<Policy>() {
        Ok(policy) => {
            caller.once(move |ctx, tx| apply(ctx, tx, key, policy, again).map(|import| import.number)).await
        }
        Err(error) => Err(error),
    };
    answer(&caller, key, done, "ingest-import-applying").await
}

/// `POST /imports/{id}/cancel`.
pub(super) async fn cancel_import(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let done = caller.once(move |ctx, tx| cancel(ctx, tx, key).map(|import| import.number)).await;
    answer(&caller, key, done, "ingest-import-cancelled").await
}

/// `GET /imports/{id}/bad-rows.csv`.
pub(super) async fn bad_rows(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    Ok(bad_rows_file(&caller, key).await?)
}

async fn answer(
    caller: &Caller,
    key: RowKey,
    outcome: kernel::Result<i64>,
    done: &'static str,
) -> web::Result<Response> {
    match outcome {
        Ok(number) => {
            let go = Go::to(format!("/imports/{number}")).done(&caller.words(), &Text::new(done));
            Ok(go.into_response())
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => {
            let status = if error.kind() == Kind::Conflict {
                StatusCode::CONFLICT
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            let known = known(caller, key).await?;
            Ok(render_with(status, &page(caller.shell(), &known, Some(&error))))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(p: Shell, known: &Known, error: Option<&Error>) -> DetailPage {
    let Known { import, job, bad, before } = known;
    let p = p.named(import.filename.clone()).crumb("/imports", "ingest-menu-imports");
    let address = format!("/imports/{}", import.number);
    let badge = Badge::new(tone(import.state), p.t(import.state.text_key()));
    let mut page = DetailPage::new(p.clone()).badge(badge).facts(facts(&p, import));
    if import.bad_count > 0 {
        let file = Action::link(format!("{address}/bad-rows.csv"), p.t("ingest-bad-rows-download"));
        page = page.action(file.icon("download"));
    }
    if !matches!(import.state, ImportState::Done | ImportState::Cancelled) {
        let cancel =
            Action::post(&p, format!("{address}/cancel"), p.t("ingest-cancel")).danger().icon("x-lg");
        page = page.action(cancel.confirm(p.t("ingest-cancel-question")));
    }
    for notice in notices(&p, known, error) {
        page = page.notice(notice);
    }
    if is_stopped(import, job.as_ref()) {
        let again = Form::new(&p, format!("{address}/apply")).submit("ingest-go-on").submit_icon("check-lg");
        let again = again.hidden("policy", import.policy.word());
        page = page.part(import.state.text_key(), &again);
    } else if import.state.is_busy() {
        page = page.part(import.state.text_key(), &Progress::new(&p, &address, job.as_ref(), import));
    }
    if import.state == ImportState::Ready && import.good_count > 0 {
        page = page.part("ingest-apply-title", &decision(&p, &address, import, *before));
    }
    if !bad.is_empty() {
        page = page.table("ingest-bad-rows", &bad_table(&p, import, bad));
    }
    page = page.part("ingest-columns", &Columns::new(&p, &address, import));
    page.part("ingest-sample", &Sample { headings: import.headings.clone(), rows: import.sample.clone() })
}

fn notices(p: &Shell, known: &Known, error: Option<&Error>) -> Vec<Notice> {
    let Known { import, job, bad, before } = known;
    let mut notices = Vec::new();
    if let Some(error) = error {
        let items = error.field_errors().iter().map(|error| p.say(&error.text)).collect();
        notices.push(Notice::new(Tone::Error, p.say(error.text())).items(items));
    }
    if let Some(refusal) = import.refusal() {
        notices.push(Notice::new(Tone::Error, p.say(refusal)));
    }
    let problems = import.column_problems();
    if error.is_none() && !problems.is_empty() {
        let items = problems.iter().map(|text| p.say(text)).collect();
        notices.push(Notice::new(Tone::Warning, p.t("ingest-columns-problems")).items(items));
    }
    if import.state == ImportState::Ready && import.good_count == 0 {
        notices.push(Notice::new(Tone::Error, p.t("ingest-no-good-rows")));
    } else if import.state == ImportState::Ready && import.bad_count > 0 {
        let words = Text::new("ingest-ready-with-bad").with("bad", import.bad_count);
        notices.push(Notice::new(Tone::Warning, p.say(&words.with("good", import.good_count))));
    }
    if is_stopped(import, job.as_ref()) {
        notices.push(Notice::new(Tone::Error, p.t("ingest-stopped")));
    }
    if let Some(number) = before.filter(|_| import.state == ImportState::Ready) {
        let words = Text::new("ingest-receipt-before").with("number", number);
        notices.push(Notice::new(Tone::Warning, p.say(&words)));
    }
    let shown = i64::try_from(bad.len()).unwrap_or(i64::MAX);
    if shown < import.bad_count && shown > 0 {
        let words = Text::new("ingest-bad-rows-more").with("shown", shown).with("count", import.bad_count);
        notices.push(Notice::new(Tone::Info, p.say(&words)));
    }
    notices
}

fn facts(p: &Shell, import: &Import) -> Facts {
    let mut facts = Facts::new()
        .text(p.t("ingest-field-kind"), p.t(import.kind.text_key()))
        .text(p.t("ingest-field-rows"), p.number(import.row_count));
    if !matches!(import.state, ImportState::Columns | ImportState::Reading) {
        facts = facts
            .text(p.t("ingest-field-good"), p.number(import.good_count))
            .text(p.t("ingest-field-bad"), p.number(import.bad_count));
    }
    if import.applied_count() > 0 || import.state == ImportState::Done {
        facts = facts
            .text(p.t("ingest-field-created"), p.number(import.created_count))
            .text(p.t("ingest-field-changed"), p.number(import.changed_count))
            .text(p.t("ingest-field-same"), p.number(import.same_count));
    }
    if let Some(number) = import.receipt {
        let words = p.t1("ingest-field-receipt-number", "number", number);
        facts = facts.link(p.t("ingest-field-receipt"), words, format!("/stock/receipts/{number}"));
    }
    facts = facts
        .text(p.t("ingest-field-by"), &import.created_by)
        .text(p.t("ingest-field-when"), p.time(import.created_at));
    match import.finished_at {
        Some(at) => facts.text(p.t("ingest-field-finished"), p.time(at)),
        None => facts,
    }
}

/// One button: all rows where none is bad, else the good ones. That bad ones are mended first is the other way, and a
/// notice says so.
fn decision(p: &Shell, address: &str, import: &Import, before: Option<i64>) -> Form {
    let (policy, words) = match import.bad_count {
        0 => (Policy::All, "ingest-apply"),
        _ => (Policy::Good, "ingest-apply-good"),
    };
    let form = Form::new(p, format!("{address}/apply")).submit(words).submit_icon("check-lg");
    let form = form.hidden("policy", policy.word());
    match before {
        Some(_) => form.field(Field::check("again", "ingest-field-again")),
        None => form,
    }
}

/// A line for each mistake: where it is, what is wrong, what stands there.
fn bad_table(p: &Shell, import: &Import, bad: &[Refused]) -> Table {
    let columns = vec![
        Column::main("ingest-field-row"),
        Column::new("ingest-field-column"),
        Column::new("ingest-field-problem"),
        Column::new("ingest-field-cell"),
    ];
    let line = |refused: &Refused, (column, text): &(String, Text)| {
        let place = import.headings.iter().position(|heading| !column.is_empty() && heading == column);
        let cell = place.and_then(|place| refused.cells.get(place)).map_or("", |cell| cell.trim());
        let cell: String = cell.chars().take(CELL_CHARS).collect();
        let filled = |text: String| if text.is_empty() { Cell::Blank } else { Cell::text(text) };
        vec![
            Cell::text(refused.row.to_string()),
            filled(column.clone()),
            Cell::text(p.say(text)),
            filled(cell),
        ]
    };
    let lines =
        bad.iter().flat_map(|refused| refused.problems.iter().map(move |problem| line(refused, problem)));
    Table::of(&p.words, "bad-rows", columns, lines.collect())
}

/// How far the job is; asks again every second.
#[derive(Template)]
#[template(path = "progress.html")]
struct Progress {
    address: String,
    done: i64,
    total: i64,
    words: String,
}
impl HtmlSafe for Progress {}

impl Progress {
    fn new(p: &Shell, address: &str, job: Option<&Job>, import: &Import) -> Self {
        let (done, total) = job.map_or((0, 0), |job| (job.progress_done, job.progress_total));
        let total = if total > 0 { total } else { import.row_count };
        let words = p.say(&Text::new("ingest-progress").with("done", done).with("total", total));
        Self { address: address.to_owned(), done, total, words }
    }
}

/// What each column holds; a form while a person can say so.
#[derive(Template)]
#[template(path = "columns.html")]
struct Columns {
    p: Shell,
    key: String,
    address: String,
    is_open: bool,
    columns: Vec<(String, &'static str)>,
    fields: Vec<Choice>,
}
impl HtmlSafe for Columns {}

impl Columns {
    fn new(p: &Shell, address: &str, import: &Import) -> Self {
        let fields = import.kind.fields().iter().map(|field| Choice::new(field.name, p.t(field.text)));
        Self {
            p: p.clone(),
            key: p.next_form_key(),
            address: format!("{address}/columns"),
            is_open: import.file_kept && matches!(import.state, ImportState::Columns | ImportState::Ready),
            columns: import.headings.iter().cloned().zip(import.mapping.names()).collect(),
            fields: fields.collect(),
        }
    }

    fn label(&self, field: &str) -> String {
        let found = self.fields.iter().find(|choice| choice.value == field);
        found.map_or_else(|| self.p.t("ingest-column-not-taken"), |choice| choice.label.clone())
    }
}

/// The file's first rows.
#[derive(Template)]
#[template(path = "sample.html")]
struct Sample {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}
impl HtmlSafe for Sample {}
