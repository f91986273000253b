//! The workspaces of a person: open one, answer an invitation, make one more.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kernel::{Error, Text};
use serde::Deserialize;
use web::{
    App, Caller,
    pages::{
        self, Action, Cell, Column, Field, FormPage, Go, ListPage, Shell, Table, Tone, form_again, render,
    },
};

use super::{back_with, role_name};
use crate::{
    Belonging,
    actions::{self, CreateWorkspace},
    api::{Turn, belongings, turn},
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/workspaces", get(list_page))
        .route("/workspaces/new", get(new_page).post(create))
        .route("/workspaces/{slug}/{turn}", post(take_turn))
}

async fn list_page(caller: Caller) -> web::Result<Response> {
    let all = belongings(&caller).await?;
    let p = caller.shell().titled("auth-workspaces");
    let columns =
        vec![Column::main("auth-company-name"), Column::new("auth-role"), Column::new("web-actions")];
    let rows = all.iter().map(|one| row(&p, one, one.workspace == caller.ctx.workspace())).collect();
    let table = Table::of(&p.words, "workspaces", columns, rows);
    let new = Action::link("/workspaces/new", p.t("auth-workspace-new")).icon("plus-lg");
    Ok(render(&ListPage::new(p, table).action(new)))
}

fn row(p: &Shell, one: &Belonging, is_open: bool) -> pages::Row {
    let Belonging { workspace: _, name, slug, role: _, role_kind, role_name: own, invitation } = one;
    let button = |turn: &str, key| Action::post(p, format!("/workspaces/{slug}/{turn}"), p.t(key));
    let last = match invitation {
        _ if is_open => Cell::badge(Tone::Success, p.t("auth-workspace-open-now")),
        Some(_) => Cell::Actions(vec![
            button("accept", "auth-invitation-accept").primary(),
            button("decline", "auth-invitation-decline").danger(),
        ]),
        None => Cell::Actions(vec![button("open", "auth-workspace-open")]),
    };
    vec![Cell::Two(name.clone(), slug.clone()), Cell::text(role_name(&p.words, *role_kind, own)), last]
}

async fn take_turn(caller: Caller, Path((slug, word)): Path<(String, String)>) -> web::Result<Response> {
    let (taken, to) = match word.as_str() {
        "open" => (Turn::Open, "/"),
        "accept" => (Turn::Accept, "/workspaces"),
        "decline" => (Turn::Decline, "/workspaces"),
        _ => return Err(Error::not_found().into()),
    };
    match turn(&caller, slug, taken).await {
        Ok(()) => Ok(Go::to(to).into_response()),
        Err(error) => Ok(back_with(&caller.words(), "/workspaces".to_owned(), error)?),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
struct NewForm {
    #[serde(default)]
    name: String,
}

fn form_page(p: Shell, typed: &NewForm, error: Option<&Error>) -> FormPage {
    let p = p.titled("auth-workspace-new").crumb("/workspaces", "auth-workspaces").narrow();
    let form = pages::Form::new(&p, "/workspaces/new")
        .error(error)
        .field(Field::text("name", "auth-company-name").value(&typed.name).required().focus().max(120))
        .cancel("/workspaces");
    FormPage::new(p, form)
}

async fn new_page(caller: Caller) -> web::Result<Response> {
    Ok(render(&form_page(caller.shell(), &NewForm::default(), None)))
}

async fn create(caller: Caller, web::Form(typed): web::Form<NewForm>) -> web::Result<Response> {
    let input = CreateWorkspace { name: typed.name.clone() };
    match caller.once(move |ctx, tx| actions::create_workspace(ctx, tx, &input)).await {
        Ok(_) => {
            Ok(Go::to("/workspaces").done(&caller.words(), &Text::new("auth-workspace-made")).into_response())
        }
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), &typed, Some(error)))?),
    }
}
