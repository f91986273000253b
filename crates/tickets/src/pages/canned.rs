//! `/conversations/canned`: the canned replies, and a form for one.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Id, Result, Text};
use serde::Deserialize;
use web::{
    Caller, Form as Sent, RowKey,
    pages::{
        Action, Cell, Column, Empty, Field, Form, FormPage, Go, ListPage, Shell, Table, form_again, render,
    },
};

use super::shared;
use crate::{CannedReply, NewCannedReply, actions, filling::Variable, reads};

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CannedForm {
    shortcut: String,
    uz: String,
    ru: String,
    en: String,
}

impl From<CannedForm> for NewCannedReply {
    fn from(CannedForm { shortcut, uz, ru, en }: CannedForm) -> Self {
        Self { shortcut, uz, ru, en }
    }
}

pub(super) async fn page(caller: Caller) -> web::Result<Response> {
    let all = caller.read(reads::canned_replies).await?;
    let p = shared(caller.shell().titled("tickets-canned").lead("tickets-canned-lead"));
    let may = p.can(Permission::TicketsEdit) || p.can(Permission::BotsEdit);
    let row = |reply: &CannedReply| {
        let path = format!("/conversations/canned/{}", reply.id);
        let delete = Action::post(&p, format!("{path}/delete"), p.t("tickets-delete"))
            .danger()
            .confirm(p.t1("tickets-canned-delete-ask", "shortcut", reply.shortcut.as_str()));
        let name = format!("/{}", reply.shortcut);
        vec![
            if may { Cell::link(path, name) } else { Cell::text(name) },
            Cell::text(reply.text(p.lang())),
            if may { Cell::Actions(vec![delete]) } else { Cell::Blank },
        ]
    };
    let columns = vec![
        Column::main("tickets-canned-shortcut"),
        Column::new("tickets-canned-text").wide(),
        Column::new("web-actions"),
    ];
    let table = Table::of(&p.words, "canned", columns, all.iter().map(row).collect()).empty(Empty::new(
        "lightning",
        p.t("tickets-canned-empty"),
        p.t("tickets-canned-empty-hint"),
    ));
    let new = |p: &Shell| {
        Action::link("/conversations/canned/new", p.t("tickets-canned-new")).primary().icon("plus-lg")
    };
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn form_page(p: Shell, id: Option<Id<CannedReply>>, typed: &CannedForm, error: Option<&Error>) -> FormPage {
    let (action, title) = match id {
        None => ("/conversations/canned/new".to_owned(), "tickets-canned-new"),
        Some(id) => (format!("/conversations/canned/{id}"), "tickets-canned-edit"),
    };
    let p = shared(p.titled(title)).crumb("/conversations/canned", "tickets-canned").narrow();
    let shortcut =
        Field::text("shortcut", "tickets-canned-shortcut").value(&typed.shortcut).required().focus();
    let meanings = Variable::ALL.map(|one| format!("{{{}}} – {}", one.word(), p.t(one.meaning())));
    let variables = p.t1("tickets-canned-variables", "list", meanings.join(", "));
    let form = Form::new(&p, action)
        .error(error)
        .field(shortcut.max(31).help("tickets-canned-shortcut-help"))
        .field(Field::area("uz", "tickets-canned-uz").value(&typed.uz).hint(variables))
        .field(Field::area("ru", "tickets-canned-ru").value(&typed.ru))
        .field(Field::area("en", "tickets-canned-en").value(&typed.en))
        .cancel("/conversations/canned");
    FormPage::new(p, form)
}

pub(super) async fn new_page(caller: Caller) -> web::Result<Response> {
    reads::must_read_canned(&caller.ctx)?;
    Ok(render(&form_page(caller.shell(), None, &CannedForm::default(), None)))
}

pub(super) async fn create(caller: Caller, Sent(form): Sent<CannedForm>) -> web::Result<Response> {
    let new = form.clone();
    let made =
        caller.once(move |ctx, tx| actions::create_canned_reply(ctx, tx, new.clone().into()).map(drop)).await;
    saved(&caller, made, None, &form)
}

fn saved(
    caller: &Caller,
    saved: Result<()>,
    id: Option<Id<CannedReply>>,
    form: &CannedForm,
) -> web::Result<Response> {
    match saved {
        Ok(()) => {
            let go = Go::to("/conversations/canned");
            Ok(go.done(&caller.words(), &Text::new("tickets-canned-saved")).into_response())
        }
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), id, form, Some(error)))?),
    }
}

pub(super) async fn edit_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<CannedReply> = key.id().ok_or_else(Error::not_found)?;
    let all = caller.read(reads::canned_replies).await?;
    let CannedReply { shortcut, uz, ru, en, .. } =
        all.into_iter().find(|reply| reply.id == id).ok_or_else(Error::not_found)?;
    Ok(render(&form_page(caller.shell(), Some(id), &CannedForm { shortcut, uz, ru, en }, None)))
}

pub(super) async fn save(
    caller: Caller,
    Path(key): Path<RowKey>,
    Sent(form): Sent<CannedForm>,
) -> web::Result<Response> {
    let id: Id<CannedReply> = key.id().ok_or_else(Error::not_found)?;
    let new = form.clone();
    let done = caller
        .write(move |ctx, tx| actions::update_canned_reply(ctx, tx, id, new.clone().into()).map(drop))
        .await;
    saved(&caller, done, Some(id), &form)
}

pub(super) async fn delete(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<CannedReply> = key.id().ok_or_else(Error::not_found)?;
    caller.once(move |ctx, tx| actions::delete_canned_reply(ctx, tx, id)).await?;
    let go = Go::to("/conversations/canned");
    Ok(go.done(&caller.words(), &Text::new("tickets-canned-deleted")).into_response())
}
