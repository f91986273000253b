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

use crate::inbox::{self, CannedReply, NewCannedReply};

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
    let all = caller.read(inbox::canned_replies).await?;
    let p = caller
        .shell()
        .titled("bots-canned")
        .lead("bots-canned-lead")
        .crumb("/conversations", "bots-conversations");
    let may = p.can(Permission::TicketsEdit) || p.can(Permission::BotsEdit);
    let row = |reply: &CannedReply| {
        let path = format!("/conversations/canned/{}", reply.id);
        let delete = Action::post(&p, format!("{path}/delete"), p.t("bots-inbox-delete"))
            .danger()
            .confirm(p.t1("bots-canned-delete-ask", "shortcut", reply.shortcut.as_str()));
        let name = format!("/{}", reply.shortcut);
        vec![
            if may { Cell::link(path, name) } else { Cell::text(name) },
            Cell::text(reply.text(p.lang())),
            if may { Cell::Actions(vec![delete]) } else { Cell::Blank },
        ]
    };
    let columns = vec![
        Column::main("bots-canned-shortcut"),
        Column::new("bots-canned-text").wide(),
        Column::new("web-actions"),
    ];
    let table = Table::of(&p.words, "canned", columns, all.iter().map(row).collect()).empty(Empty::new(
        "lightning",
        p.t("bots-canned-empty"),
        p.t("bots-canned-empty-hint"),
    ));
    let new = |p: &Shell| {
        Action::link("/conversations/canned/new", p.t("bots-canned-new")).primary().icon("plus-lg")
    };
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn form_page(p: Shell, id: Option<Id<CannedReply>>, typed: &CannedForm, error: Option<&Error>) -> FormPage {
    let (action, title) = match id {
        None => ("/conversations/canned/new".to_owned(), "bots-canned-new"),
        Some(id) => (format!("/conversations/canned/{id}"), "bots-canned-edit"),
    };
    let p = p
        .titled(title)
        .crumb("/conversations", "bots-conversations")
        .crumb("/conversations/canned", "bots-canned")
        .narrow();
    let shortcut = Field::text("shortcut", "bots-canned-shortcut").value(&typed.shortcut).required().focus();
    let form = Form::new(&p, action)
        .error(error)
        .field(shortcut.max(31).help("bots-canned-shortcut-help"))
        .field(Field::area("uz", "bots-canned-uz").value(&typed.uz))
        .field(Field::area("ru", "bots-canned-ru").value(&typed.ru))
        .field(Field::area("en", "bots-canned-en").value(&typed.en))
        .cancel("/conversations/canned");
    FormPage::new(p, form)
}

pub(super) async fn new_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsRead)?;
    Ok(render(&form_page(caller.shell(), None, &CannedForm::default(), None)))
}

pub(super) async fn create(caller: Caller, Sent(form): Sent<CannedForm>) -> web::Result<Response> {
    let new = form.clone();
    let made =
        caller.once(move |ctx, tx| inbox::create_canned_reply(ctx, tx, new.clone().into()).map(drop)).await;
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
            Ok(go.done(&caller.words(), &Text::new("bots-canned-saved")).into_response())
        }
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), id, form, Some(error)))?),
    }
}

pub(super) async fn edit_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<CannedReply> = key.id().ok_or_else(Error::not_found)?;
    let all = caller.read(inbox::canned_replies).await?;
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
        .write(move |ctx, tx| inbox::update_canned_reply(ctx, tx, id, new.clone().into()).map(drop))
        .await;
    saved(&caller, done, Some(id), &form)
}

pub(super) async fn delete(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<CannedReply> = key.id().ok_or_else(Error::not_found)?;
    caller.once(move |ctx, tx| inbox::delete_canned_reply(ctx, tx, id)).await?;
    let go = Go::to("/conversations/canned");
    Ok(go.done(&caller.words(), &Text::new("bots-canned-deleted")).into_response())
}
