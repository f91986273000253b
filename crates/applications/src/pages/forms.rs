//! `/applications/forms`: what can be applied for.

use std::collections::HashMap;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use catalog::Names;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Kind, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{
        Action, Cell, Column, Empty, Field, Form as PageForm, FormPage, Go, ListPage, Shell, Table, Tone,
        form_again, render,
    },
};

use super::{FORMS, LIST, under};
use crate::{Form, actions, reads};

/// `GET /applications/forms`.
pub(super) async fn page(caller: Caller) -> web::Result<Response> {
    let read =
        |ctx: &Ctx, tx: &mut ReadTx<'_>| Ok((reads::forms(ctx, tx)?, reads::counts_of_forms(ctx, tx)?));
    let (forms, counts) = caller.read(read).await?;
    let p = under(caller.shell()).titled("applications-forms").lead("applications-forms-lead");
    let may = p.can(Permission::SettingsEdit);
    let table = table(&p, &forms, &counts);
    let new = |p: &Shell| {
        Action::link(format!("{FORMS}/new"), p.t("applications-form-new")).primary().icon("plus-lg")
    };
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn table(p: &Shell, forms: &[Form], counts: &HashMap<Id<Form>, i64>) -> Table {
    let columns = vec![
        Column::main("applications-form"),
        Column::figures("applications-fields"),
        Column::figures("applications-menu"),
        Column::new("applications-state"),
        Column::new("web-actions"),
    ];
    let empty =
        Empty::new("list-task", p.t("applications-forms-empty"), p.t("applications-forms-empty-hint"));
    let may = p.can(Permission::SettingsEdit);
    let rows = forms.iter().map(|form| {
        let count = counts.get(&form.id).copied().unwrap_or_default();
        let name = form.names.get(p.lang()).to_owned();
        let first = if may {
            Cell::Link { href: format!("{FORMS}/{}", form.id), text: name, sub: form.code.clone() }
        } else {
            Cell::Two(name, form.code.clone())
        };
        let (tone, state) = match form.is_open {
            true => (Tone::Success, "applications-form-open"),
            false => (Tone::Plain, "applications-form-shut"),
        };
        vec![
            first,
            Cell::Number(i64::try_from(form.fields.len()).unwrap_or(i64::MAX)),
            Cell::Number(count),
            Cell::badge(tone, p.t(state)),
            Cell::Actions(form_actions(p, form, count, may)),
        ]
    });
    Table::of(&p.words, "forms", columns, rows.collect()).empty(empty)
}

fn form_actions(p: &Shell, form: &Form, count: i64, may: bool) -> Vec<Action> {
    let address = |what: &str| format!("{FORMS}/{}/{what}", form.id);
    let mut actions = vec![
        Action::link(format!("{LIST}?form={}", form.code), p.t("applications-menu")).icon("clipboard-check"),
    ];
    if !may {
        return actions;
    }
    actions.push(Action::link(address("copy"), p.t("applications-form-copy")).icon("clipboard"));
    actions.push(match form.is_open {
        true => Action::post(p, address("close"), p.t("applications-form-close")).icon("lock"),
        false => Action::post(p, address("open"), p.t("applications-form-reopen")).icon("check-lg"),
    });
    if count == 0 {
        let question = p.t1("applications-form-delete-question", "name", form.names.get(p.lang()));
        let delete = Action::post(p, address("delete"), p.t("applications-form-delete"));
        actions.push(delete.danger().icon("trash").confirm(question));
    }
    actions
}

/// The form that a path names.
pub(super) fn id_of(key: RowKey) -> kernel::Result<Id<Form>> {
    key.id().ok_or_else(Error::not_found)
}

/// `POST /applications/forms/{id}/open`.
pub(super) async fn open(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    set_open(&caller, key, true, "applications-form-opened").await
}

/// `POST /applications/forms/{id}/close`.
pub(super) async fn close(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    set_open(&caller, key, false, "applications-form-closed-now").await
}

async fn set_open(caller: &Caller, key: RowKey, is_open: bool, done: &'static str) -> web::Result<Go> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::set_form_open(ctx, tx, id, is_open).map(drop)).await?;
    Ok(Go::to(FORMS).done(&caller.words(), &Text::new(done)))
}

/// `POST /applications/forms/{id}/delete`.
pub(super) async fn delete(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let id = id_of(key)?;
    let deleted = caller.write(move |ctx, tx| actions::delete_form(ctx, tx, id)).await;
    let words = caller.words();
    match deleted {
        Ok(()) => Ok(Go::to(FORMS).done(&words, &Text::new("applications-form-deleted"))),
        Err(error) if error.kind() == Kind::Conflict => {
            Ok(Go::to(FORMS).toast(Tone::Error, words.say(error.text())))
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form of a copy sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CopyForm {
    code: String,
    name_uz: String,
    name_ru: String,
    name_en: String,
}

fn copy_form(p: Shell, from: &Form, typed: &CopyForm, error: Option<&Error>) -> FormPage {
    let p = under(p).crumb(FORMS, "applications-forms").titled("applications-form-copy-title");
    let form = PageForm::new(&p, format!("{FORMS}/{}/copy", from.id))
        .error(error)
        .field(
            Field::text("code", "applications-code")
                .value(&typed.code)
                .required()
                .focus()
                .max(50)
                .help("applications-code-help"),
        )
        .field(
            Field::text("name_uz", "applications-name-uz").value(&typed.name_uz).required().third().max(100),
        )
        .field(Field::text("name_ru", "applications-name-ru").value(&typed.name_ru).third().max(100))
        .field(Field::text("name_en", "applications-name-en").value(&typed.name_en).third().max(100))
        .submit("applications-form-copy")
        .cancel(FORMS);
    FormPage::new(p, form)
}

async fn form_at(caller: &Caller, key: RowKey) -> kernel::Result<Form> {
    let id = id_of(key)?;
    caller.read(move |ctx, tx| reads::form(ctx, tx, id)).await
}

/// `GET /applications/forms/{id}/copy`.
pub(super) async fn copy_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsEdit)?;
    let from = form_at(&caller, key).await?;
    let Names { uz, ru, en } = from.names.clone();
    let typed = CopyForm {
        code: String::new(),
        name_uz: uz,
        name_ru: ru.unwrap_or_default(),
        name_en: en.unwrap_or_default(),
    };
    Ok(render(&copy_form(caller.shell(), &from, &typed, None)))
}

/// `POST /applications/forms/{id}/copy`.
pub(super) async fn copy(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<CopyForm>,
) -> web::Result<Response> {
    let (id, sent) = (id_of(key)?, typed.clone());
    let made = caller
        .once(move |ctx, tx| {
            let CopyForm { code, name_uz, name_ru, name_en } = sent.clone();
            let names = Names { uz: name_uz, ru: Some(name_ru), en: Some(name_en) };
            actions::copy_form(ctx, tx, id, code, names).map(|form| form.id)
        })
        .await;
    match made {
        Ok(id) => {
            let go = Go::to(format!("{FORMS}/{id}"));
            Ok(go.done(&caller.words(), &Text::new("applications-form-copied")).into_response())
        }
        Err(error) => {
            let from = form_at(&caller, key).await?;
            Ok(form_again(error, |error| copy_form(caller.shell(), &from, &typed, Some(error)))?)
        }
    }
}
