//! `/applications/{number}`: what somebody applied for, what became of it, and where it goes on to.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Result, Text};
use serde::Deserialize;
use web::{
    Caller,
    pages::{Cell, Choice, Column, DetailPage, Facts, Field, Form, Go, Shell, Table, form_again, render},
};

use super::{APPLICANTS, LIST, under, words};
use crate::{
    Deed, Entry, Status, WholeApplication, actions, application::MESSAGE_CHARS, field::plain, reads,
};

/// What the form of the next status sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct StatusForm {
    status: String,
    message: String,
}

/// What the form of a note sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct NoteForm {
    text: String,
}

/// What was typed, and what is wrong with it: of one of the two forms.
#[derive(Debug, Default)]
struct Typed<'e> {
    status: StatusForm,
    status_error: Option<&'e Error>,
    note: NoteForm,
    note_error: Option<&'e Error>,
}

/// An application as the page shows it.
struct Opened {
    whole: WholeApplication,
    history: Vec<Entry>,
}

async fn opened(caller: &Caller, number: i64) -> Result<Opened> {
    caller
        .read(move |ctx, tx| {
            let whole = reads::get_by_number(ctx, tx, number)?;
            let history = reads::history(ctx, tx, whole.application.id)?;
            Ok(Opened { whole, history })
        })
        .await
}

/// What a path names.
fn number_of(typed: &str) -> Result<i64> {
    typed.parse().ok().filter(|number| *number > 0).ok_or_else(Error::not_found)
}

/// `GET /applications/{number}`.
pub(super) async fn page(caller: Caller, Path(number): Path<String>) -> web::Result<Response> {
    let opened = opened(&caller, number_of(&number)?).await?;
    Ok(render(&shown(caller.shell(), &opened, &Typed::default())))
}

fn shown(p: Shell, opened: &Opened, typed: &Typed<'_>) -> DetailPage {
    let Opened { whole, history } = opened;
    let WholeApplication { application, form, applicant, contact: _, chosen: _ } = whole;
    let title = format!("№ {} · {}", application.number, words::name(&p, applicant));
    let p = under(p).named(title);
    let facts = Facts::new()
        .text(p.t("applications-form"), form.names.get(p.lang()))
        .link(
            p.t("applications-applicant"),
            words::name(&p, applicant),
            format!("{APPLICANTS}/{}", applicant.id),
        )
        .text(p.t("applications-phone"), words::phone(applicant))
        .text(p.t("applications-submitted-at"), p.time(application.submitted_at))
        .text(p.t("applications-updated-at"), p.time(application.updated_at));
    let may = p.can(Permission::ApplicationsEdit);
    let (status_form, note_form) = (status_form(&p, whole, typed), note_form(&p, whole, typed));
    let (answers, table) = (answers(&p, whole), history_table(&p, whole, history));
    let badge = words::badge(&p, application.status);
    let mut page = DetailPage::new(p).badge(badge).facts(facts).part("applications-answers", &answers);
    if may {
        page = page.part("applications-status-new", &status_form).part("applications-note-new", &note_form);
    }
    page.table("applications-history", &table)
}

/// Every field with its answer, and behind them what no field asks for.
fn answers(p: &Shell, whole: &WholeApplication) -> Facts {
    let mut facts = Facts::new();
    for field in &whole.form.fields {
        facts = facts.text(field.label.get(p.lang()), words::answer(p, whole, field));
    }
    for (key, text) in whole.unasked() {
        facts = facts.text(key, text);
    }
    facts
}

fn status_form(p: &Shell, whole: &WholeApplication, typed: &Typed<'_>) -> Form {
    let application = &whole.application;
    let next = application.status.next();
    let choices = next.iter().map(|status| Choice::new(status.word(), p.t(status.text_key()))).collect();
    Form::new(p, format!("{LIST}/{}/status", application.number))
        .error(typed.status_error)
        .field(Field::select("status", "applications-status", choices).value(&typed.status.status).required())
        .field(
            Field::area("message", "applications-message")
                .value(&typed.status.message)
                .max(u16::try_from(MESSAGE_CHARS).unwrap_or(u16::MAX))
                .help("applications-message-help"),
        )
        .submit("applications-status-submit")
}

fn note_form(p: &Shell, whole: &WholeApplication, typed: &Typed<'_>) -> Form {
    Form::new(p, format!("{LIST}/{}/notes", whole.application.number))
        .error(typed.note_error)
        .field(
            Field::area("text", "applications-note")
                .value(&typed.note.text)
                .required()
                .help("applications-note-help"),
        )
        .submit("applications-note-submit")
}

/// What became of it, the latest first.
fn history_table(p: &Shell, whole: &WholeApplication, history: &[Entry]) -> Table {
    let columns = vec![
        Column::main("applications-what"),
        Column::new("applications-who"),
        Column::new("applications-when"),
    ];
    let rows = history.iter().rev().map(|entry| {
        let (what, sub) = said(p, whole, &entry.deed);
        vec![Cell::Two(what, sub), Cell::text(entry.author.clone()), Cell::Time(entry.created_at)]
    });
    Table::of(&p.words, "history", columns, rows.collect())
}

/// What was done, in words, and what belongs to it.
pub(super) fn said(p: &Shell, whole: &WholeApplication, deed: &Deed) -> (String, String) {
    match deed {
        Deed::Submitted => (p.t("applications-deed-submitted"), String::new()),
        Deed::Erased => (p.t("applications-deed-erased"), String::new()),
        Deed::Note { text } => (p.t("applications-deed-note"), text.clone()),
        Deed::Status { from, to, message } => {
            let step = format!("{} → {}", p.t(from.text_key()), p.t(to.text_key()));
            (step, message.clone().unwrap_or_default())
        }
        Deed::Changed { fields } => {
            let said = fields.iter().map(|change| {
                let field = whole.form.field(&change.field);
                let name = field.map_or(change.field.as_str(), |field| field.label.get(p.lang()));
                let text = |value| plain(value).unwrap_or_else(|| "—".to_owned());
                format!("{name}: {} → {}", text(&change.from), text(&change.to))
            });
            (p.t("applications-deed-changed"), said.collect::<Vec<_>>().join("; "))
        }
    }
}

/// `POST /applications/{number}/status`.
pub(super) async fn set_status(
    caller: Caller,
    Path(number): Path<String>,
    web::Form(typed): web::Form<StatusForm>,
) -> web::Result<Response> {
    let number = number_of(&number)?;
    let sent = typed.clone();
    let done = caller
        .once(move |ctx, tx| {
            ctx.require(Permission::ApplicationsEdit)?;
            let id = reads::get_by_number(ctx, tx, number)?.application.id;
            let to = Status::read(&sent.status).map_err(|error| error.under("status"))?;
            actions::set_status(ctx, tx, id, to, Some(&sent.message)).map(drop)
        })
        .await;
    match done {
        Ok(()) => Ok(back(&caller, number, "applications-status-done")),
        Err(error) => {
            let opened = opened(&caller, number).await?;
            Ok(form_again(error, |error| {
                let typed = Typed { status: typed, status_error: Some(error), ..Typed::default() };
                shown(caller.shell(), &opened, &typed)
            })?)
        }
    }
}

/// `POST /applications/{number}/notes`.
pub(super) async fn add_note(
    caller: Caller,
    Path(number): Path<String>,
    web::Form(typed): web::Form<NoteForm>,
) -> web::Result<Response> {
    let number = number_of(&number)?;
    let sent = typed.clone();
    let done = caller
        .once(move |ctx, tx| {
            ctx.require(Permission::ApplicationsEdit)?;
            let id = reads::get_by_number(ctx, tx, number)?.application.id;
            actions::add_note(ctx, tx, id, &sent.text)
        })
        .await;
    match done {
        Ok(()) => Ok(back(&caller, number, "applications-note-done")),
        Err(error) => {
            let opened = opened(&caller, number).await?;
            Ok(form_again(error, |error| {
                let typed = Typed { note: typed, note_error: Some(error), ..Typed::default() };
                shown(caller.shell(), &opened, &typed)
            })?)
        }
    }
}

fn back(caller: &Caller, number: i64, done: &'static str) -> Response {
    Go::to(format!("{LIST}/{number}")).done(&caller.words(), &Text::new(done)).into_response()
}
