//! The form of a manual entry, with the server's sums while it is typed; and the form that takes one back.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Date, Error, Result, Text};
use serde::Deserialize;
use web::{
    Caller, Multi, RowKey,
    pages::{Field, Form, FormPage, Go, Shell, Totals, form_again, render},
};

use super::typed::{TypedEntry, TypedLine, without_lines};
use crate::{Entry, MAX_MEMO, reverse_entry as reverse, seen::find_entry, write_entry};

/// The page of the form.
#[derive(Debug, Template)]
#[template(path = "entry_form.html")]
struct EntryFormPage {
    p: Shell,
    form: Form,
    lines: Vec<TypedLine>,
    error: String,
}

impl EntryFormPage {
    fn new(p: Shell, mut typed: TypedEntry, error: Option<&Error>) -> Self {
        let p = p.titled("ledger-entry-new").crumb("/ledger/entries", "ledger-menu-entries");
        let whole = typed.mark(error, &p.words);
        let others = error.and_then(without_lines);
        let shown = others.as_ref().or(error);
        let form = Form::new(&p, "/ledger/entries/new")
            .error(shown)
            .field(Field::date("date", "ledger-field-date").value(&typed.date).required().quarter())
            .field(
                Field::text("memo", "ledger-field-memo")
                    .value(&typed.memo)
                    .required()
                    .focus()
                    .max(memo_chars()),
            )
            .submit("ledger-entry-post")
            .cancel("/ledger/entries");
        Self { p, form, lines: typed.lines, error: whole }
    }

    fn fields(&self) -> impl Iterator<Item = &Field> {
        ["date", "memo"].iter().filter_map(|name| self.form.get(name))
    }

    fn blank(&self) -> TypedLine {
        TypedLine::default()
    }
}

fn memo_chars() -> u16 {
    u16::try_from(MAX_MEMO).unwrap_or(u16::MAX)
}

/// `GET /ledger/entries/new`.
pub(super) async fn new_entry_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let typed = TypedEntry::empty(caller.ctx.today());
    Ok(render(&EntryFormPage::new(caller.shell(), typed, None)))
}

/// `POST /ledger/entries/new`.
pub(super) async fn create_entry(caller: Caller, form: Multi) -> web::Result<Response> {
    let typed = TypedEntry::sent(&form);
    let sent = typed.clone();
    match caller.once(move |ctx, tx| write_entry(ctx, tx, sent.input()?)).await {
        Ok(posted) => Ok(done(&caller, "ledger-entry-posted", posted.number)),
        Err(error) => Ok(form_again(error, |error| EntryFormPage::new(caller.shell(), typed, Some(error)))?),
    }
}

fn done(caller: &Caller, key: &'static str, number: i64) -> Response {
    let said = Text::new(key).with("number", number.to_string());
    Go::to(format!("/ledger/entries/{number}")).done(&caller.words(), &said).into_response()
}

/// `POST /ledger/entries/totals`: what the form comes to as it is typed. What cannot be read yet is left out.
pub(super) async fn entry_totals(caller: Caller, form: Multi) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceRead)?;
    let (debit, credit) = TypedEntry::sent(&form).sums();
    let words = caller.words();
    let rows = [
        (words.t("ledger-field-debit"), debit),
        (words.t("ledger-field-credit"), credit),
        (words.t("ledger-difference"), debit.minus(credit)?),
    ];
    Ok(render(&Totals::new(&words, rows)))
}

/// What the form that takes an entry back sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReverseForm {
    date: String,
    reason: String,
}

fn reverse_page(p: Shell, entry: &Entry, typed: &ReverseForm, error: Option<&Error>) -> FormPage {
    let title = p.t1("ledger-entry-number", "number", entry.number.to_string());
    let back = format!("/ledger/entries/{}", entry.number);
    let p = p
        .titled("ledger-entry-reverse")
        .lead("ledger-entry-reverse-lead")
        .crumb("/ledger/entries", "ledger-menu-entries")
        .crumb_named(back.clone(), title)
        .narrow();
    let form = Form::new(&p, format!("{back}/reverse"))
        .error(error)
        .field(Field::date("date", "ledger-field-date").value(&typed.date).required())
        .field(Field::text("reason", "ledger-field-reason").value(&typed.reason).max(memo_chars()))
        .submit("ledger-entry-reverse")
        .cancel(back);
    FormPage::new(p, form)
}

/// `GET /ledger/entries/{id}/reverse`.
pub(super) async fn reverse_entry_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let entry = caller.read(move |ctx, tx| find_entry(ctx, tx, key)).await?;
    let date = caller.ctx.today().max(entry.date).to_string();
    let typed = ReverseForm { date, reason: String::new() };
    Ok(render(&reverse_page(caller.shell(), &entry, &typed, None)))
}

/// `POST /ledger/entries/{id}/reverse`.
pub(super) async fn reverse_entry(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<ReverseForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let entry = caller.read(move |ctx, tx| find_entry(ctx, tx, key)).await?;
    let (id, sent) = (entry.id, typed.clone());
    let posted = caller
        .once(move |ctx, tx| {
            let date = day(&sent.date)?;
            reverse(ctx, tx, id, date, &sent.reason)
        })
        .await;
    match posted {
        Ok(posted) => Ok(done(&caller, "ledger-entry-posted", posted.number)),
        Err(error) => {
            Ok(form_again(error, |error| reverse_page(caller.shell(), &entry, &typed, Some(error)))?)
        }
    }
}

fn day(text: &str) -> Result<Date> {
    Date::parse(text).map_err(|error| error.under("date"))
}
