//! `/conversations/labels`: the labels, and a form for one.

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
        Action, Cell, Choice, Column, Empty, Field, Form, FormPage, Go, ListPage, Shell, Table, Tone,
        form_again, render,
    },
};

use super::shared;
use crate::{Label, NewLabel, actions, label::TONES, reads};

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct LabelForm {
    name: String,
    tone: String,
}

impl From<LabelForm> for NewLabel {
    fn from(LabelForm { name, tone }: LabelForm) -> Self {
        Self { name, tone }
    }
}

fn may(p: &Shell) -> bool {
    p.can(Permission::TicketsEdit) || p.can(Permission::BotsEdit)
}

fn tone_of(word: &str) -> Tone {
    match word {
        "info" => Tone::Info,
        "success" => Tone::Success,
        "warning" => Tone::Warning,
        "danger" => Tone::Error,
        _ => Tone::Plain,
    }
}

fn tone_words(p: &Shell, word: &str) -> String {
    p.t(match word {
        "info" => "tickets-tone-info",
        "success" => "tickets-tone-success",
        "warning" => "tickets-tone-warning",
        "danger" => "tickets-tone-danger",
        _ => "tickets-tone-plain",
    })
}

pub(super) async fn page(caller: Caller, query: web::pages::ListQuery) -> web::Result<Response> {
    let labels = caller.read(reads::labels).await?;
    if query.get("new").is_some() {
        let typed = LabelForm { tone: "plain".to_owned(), ..LabelForm::default() };
        return Ok(render(&form_page(caller.shell(), None, &typed, None)));
    }
    let p = shared(caller.shell().titled("tickets-labels").lead("tickets-labels-lead"));
    let row = |label: &Label| {
        let edit = Action::link(format!("/conversations/labels/{}", label.id), p.t("tickets-edit"));
        let delete =
            Action::post(&p, format!("/conversations/labels/{}/delete", label.id), p.t("tickets-delete"))
                .danger()
                .confirm(p.t1("tickets-label-delete-ask", "name", label.name.as_str()));
        vec![
            Cell::badge(tone_of(&label.tone), label.name.clone()),
            Cell::text(tone_words(&p, &label.tone)),
            if may(&p) { Cell::Actions(vec![edit, delete]) } else { Cell::Blank },
        ]
    };
    let columns =
        vec![Column::main("tickets-label"), Column::new("tickets-label-tone"), Column::new("web-actions")];
    let table = Table::of(&p.words, "labels", columns, labels.iter().map(row).collect()).empty(Empty::new(
        "tags",
        p.t("tickets-labels-empty"),
        p.t("tickets-labels-empty-hint"),
    ));
    let new = |p: &Shell| {
        Action::link("/conversations/labels?new=1", p.t("tickets-label-new")).primary().icon("plus-lg")
    };
    let is_allowed = may(&p);
    Ok(render(&ListPage::new(p, table).action_if(is_allowed, new)))
}

fn form_page(p: Shell, id: Option<Id<Label>>, typed: &LabelForm, error: Option<&Error>) -> FormPage {
    let (action, title) = match id {
        None => ("/conversations/labels".to_owned(), "tickets-label-new"),
        Some(id) => (format!("/conversations/labels/{id}"), "tickets-label-edit"),
    };
    let p = shared(p.titled(title)).crumb("/conversations/labels", "tickets-labels").narrow();
    let tones = TONES.map(|word| Choice::new(word, tone_words(&p, word))).to_vec();
    let form = Form::new(&p, action)
        .error(error)
        .field(Field::text("name", "tickets-label-name").value(&typed.name).required().focus().half().max(40))
        .field(Field::select("tone", "tickets-label-tone", tones).value(&typed.tone).required().half())
        .cancel("/conversations/labels");
    FormPage::new(p, form)
}

pub(super) async fn create(caller: Caller, Sent(form): Sent<LabelForm>) -> web::Result<Response> {
    let new = form.clone();
    let made = caller.once(move |ctx, tx| actions::create_label(ctx, tx, new.clone().into()).map(drop)).await;
    saved(&caller, made, None, &form)
}

fn saved(
    caller: &Caller,
    saved: Result<()>,
    id: Option<Id<Label>>,
    form: &LabelForm,
) -> web::Result<Response> {
    match saved {
        Ok(()) => {
            let go = Go::to("/conversations/labels");
            Ok(go.done(&caller.words(), &Text::new("tickets-label-saved")).into_response())
        }
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), id, form, Some(error)))?),
    }
}

pub(super) async fn edit_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    reads::must_answer(&caller.ctx)?;
    let id: Id<Label> = key.id().ok_or_else(Error::not_found)?;
    let labels = caller.read(reads::labels).await?;
    let Label { name, tone, .. } =
        labels.into_iter().find(|label| label.id == id).ok_or_else(Error::not_found)?;
    Ok(render(&form_page(caller.shell(), Some(id), &LabelForm { name, tone }, None)))
}

pub(super) async fn save(
    caller: Caller,
    Path(key): Path<RowKey>,
    Sent(form): Sent<LabelForm>,
) -> web::Result<Response> {
    let id: Id<Label> = key.id().ok_or_else(Error::not_found)?;
    let new = form.clone();
    let done =
        caller.write(move |ctx, tx| actions::update_label(ctx, tx, id, new.clone().into()).map(drop)).await;
    saved(&caller, done, Some(id), &form)
}

pub(super) async fn delete(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<Label> = key.id().ok_or_else(Error::not_found)?;
    caller.once(move |ctx, tx| actions::delete_label(ctx, tx, id)).await?;
    let go = Go::to("/conversations/labels");
    Ok(go.done(&caller.words(), &Text::new("tickets-label-deleted")).into_response())
}
