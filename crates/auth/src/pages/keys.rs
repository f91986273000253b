//! API keys, and the service tokens of outside bots.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use context::{Permission, Permissions};
use kernel::{Error, Id, Text, Timestamp};
use web::{
    App, Caller, Multi, RowKey,
    pages::{
        self, Action, Cell, Choice, Column, Empty, Field, Go, ListPage, Notice, Shell, Table, Tone,
        form_again, render,
    },
};

use super::{
    back_with,
    grid::{Grid, GridPage},
};
use crate::{
    ApiKey, KeyKind,
    actions::{self, NewKey},
    api::make_key,
    parse_words,
};

/// How long a key may hold, in days, with the keys of the words; the last is until it is revoked.
const TERMS: [(i64, &str); 4] = [
    (30, "auth-key-term-30"),
    (90, "auth-key-term-90"),
    (365, "auth-key-term-365"),
    (0, "auth-key-term-none"),
];

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api-keys", get(list_page))
        .route("/api-keys/new", get(new_page).post(create))
        .route("/api-keys/{id}/revoke", post(revoke))
}

async fn list_page(caller: Caller) -> web::Result<Response> {
    let keys = caller.read(actions::keys).await?;
    let p = caller.shell().titled("auth-keys").lead("auth-keys-lead");
    let columns = vec![
        Column::main("auth-key-name"),
        Column::new("auth-key-kind").wide(),
        Column::new("auth-key-maker").wide(),
        Column::new("auth-key-used"),
        Column::new("auth-key-expires"),
        Column::new("auth-state"),
        Column::new("web-actions"),
    ];
    let rows = keys.iter().map(|key| row(&p, key, caller.ctx.now())).collect();
    let may = p.can(Permission::UsersCreate);
    let new = |p: &Shell| Action::link("/api-keys/new", p.t("auth-key-new")).primary().icon("plus-lg");
    let table = Table::of(&p.words, "keys", columns, rows).empty(Empty::new(
        "key",
        p.t("auth-keys-empty"),
        p.t("auth-keys-empty-hint"),
    ));
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn row(p: &Shell, key: &ApiKey, now: Timestamp) -> pages::Row {
    let time = |at: Option<Timestamp>| at.map_or(Cell::Blank, Cell::Time);
    let (tone, state) = match key.revoked_at {
        Some(_) => (Tone::Plain, "auth-key-revoked"),
        None if key.holds(now) => (Tone::Success, "auth-key-holds"),
        None => (Tone::Warning, "auth-key-expired"),
    };
    let may_revoke = key.revoked_at.is_none() && p.can(Permission::UsersDelete);
    let revoke = || {
        Action::post(p, format!("/api-keys/{}/revoke", key.id), p.t("auth-key-revoke"))
            .danger()
            .confirm(p.t1("auth-key-revoke-ask", "name", key.name.as_str()))
    };
    vec![
        Cell::Two(key.name.clone(), format!("{}…", key.prefix)),
        Cell::text(p.t(key.kind.text_key())),
        Cell::text(&key.maker),
        time(key.used_at),
        time(key.expires_at),
        Cell::badge(tone, p.t(state)),
        if may_revoke { Cell::Actions(vec![revoke()]) } else { Cell::Blank },
    ]
}

/// A key as it was typed.
struct Typed {
    kind: KeyKind,
    name: String,
    term_days: i64,
    permissions: Permissions,
}

fn form_page(p: Shell, typed: &Typed, error: Option<&Error>) -> GridPage {
    let p = p.titled("auth-key-new").lead("auth-key-new-lead").crumb("/api-keys", "auth-keys");
    let terms = TERMS.map(|(days, key)| Choice::new(days.to_string(), p.t(key))).to_vec();
    let kinds = KeyKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
    let form = pages::Form::new(&p, "/api-keys/new")
        .error(error)
        .field(
            Field::text("name", "auth-key-name")
                .value(&typed.name)
                .required()
                .focus()
                .half()
                .max(120)
                .help("auth-key-name-help"),
        )
        .field(
            Field::select("kind", "auth-key-kind", kinds)
                .value(typed.kind.word())
                .required()
                .half()
                .help("auth-key-kind-help"),
        )
        .field(
            Field::select("term_days", "auth-key-term", terms)
                .value(typed.term_days.to_string())
                .required()
                .half(),
        )
        .submit("auth-key-make")
        .cancel("/api-keys");
    let grid = Grid::new(&p, typed.permissions, p.permissions);
    GridPage {
        p,
        actions: Vec::new(),
        notices: Vec::new(),
        form,
        names: &["name", "kind", "term_days"],
        grid,
        is_open: true,
    }
}

async fn new_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::UsersCreate)?;
    let typed =
        Typed { kind: KeyKind::ApiKey, name: String::new(), term_days: 365, permissions: Permissions::NONE };
    Ok(render(&form_page(caller.shell(), &typed, None)))
}

/// The key itself, shown once.
#[derive(Debug, Template)]
#[template(path = "key_made.html")]
struct KeyMadePage {
    p: Shell,
    notice: Notice,
    sent: String,
    secret: Option<String>,
    copy: String,
    back: String,
}

async fn create(caller: Caller, form: Multi) -> web::Result<Response> {
    let typed = Typed {
        kind: form.get("kind").parse().unwrap_or_default(),
        name: form.get("name").to_owned(),
        term_days: form.get("term_days").parse().unwrap_or(0),
        permissions: parse_words(form.all("permissions"))?,
    };
    let known = TERMS.iter().any(|(days, _)| *days == typed.term_days && *days > 0);
    let expires_at = known.then(|| caller.ctx.now().plus_seconds(typed.term_days.saturating_mul(86_400)));
    let Typed { kind, name, term_days: _, permissions } = &typed;
    let input = NewKey { kind: *kind, name: name.clone(), permissions: *permissions, expires_at };
    match make_key(&caller, input).await {
        Ok((key, secret)) => Ok(render(&made(&caller, &key, secret))),
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), &typed, Some(error)))?),
    }
}

fn made(caller: &Caller, key: &ApiKey, secret: Option<String>) -> KeyMadePage {
    let p = caller.shell().named(&key.name).crumb("/api-keys", "auth-keys").narrow();
    let said = if secret.is_some() { "auth-key-shown-once" } else { "auth-key-shown-before" };
    let notice = Notice::new(Tone::Warning, p.t(said));
    let sent = p.t1("auth-key-sent-as", "header", key.kind.header());
    let (copy, back) = (p.t("auth-key-copy"), p.t("auth-key-done"));
    KeyMadePage { p, notice, sent, secret, copy, back }
}

async fn revoke(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<ApiKey> = key.id().ok_or_else(Error::not_found)?;
    match caller.write(move |ctx, tx| actions::revoke_key(ctx, tx, id)).await {
        Ok(()) => {
            Ok(Go::to("/api-keys").done(&caller.words(), &Text::new("auth-key-revoked-now")).into_response())
        }
        Err(error) => Ok(back_with(&caller.words(), "/api-keys".to_owned(), error)?),
    }
}
