//! `/bots/{number}/flow`: the draft as a graph of steps with forms, and, in `file`, as a file. Both are views of one draft.

pub(super) mod file;
mod texts;

use axum::{extract::Path, response::Response};
use context::Permission;
use serde_json::{Map, Value};
use web::{
    Caller, RowKey,
    pages::{Action, IslandPage, Shell, render},
};

use super::bot_crumbs;
use crate::{Bot, reads};

/// Texts that both views have; the messages are `bots-editor-…`.
const SHARED_TEXTS: &[&str] = &[
    "bots-editor-conflict",
    "bots-editor-fine",
    "bots-editor-keep-mine",
    "bots-editor-line",
    "bots-editor-not-saved",
    "bots-editor-offline",
    "bots-editor-problems",
    "bots-editor-read-only",
    "bots-editor-saved",
    "bots-editor-saving",
    "bots-editor-take-theirs",
    "bots-editor-unsaved",
];

pub(super) async fn page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let p = bot_crumbs(caller.shell().titled("bots-graph").lead("bots-graph-lead"), &bot);
    let shared = p.words.json("bots-editor-", SHARED_TEXTS);
    Ok(render(&island(p, &bot, "flow.js", shared, texts::TEXTS)))
}

/// A view of the draft: its script, with `texts` and the messages `bots-graph-…` besides.
fn island(p: Shell, bot: &Bot, script: &'static str, texts: String, graph_texts: &[&str]) -> IslandPage {
    let may = p.can(Permission::BotsEdit);
    let path = format!("/bots/{}", bot.number);
    let mut actions = vec![
        Action::link(format!("{path}/compare"), p.t("bots-compare")).icon("list-task"),
        Action::link(format!("{path}/versions"), p.t("bots-versions")).icon("clock-history"),
        Action::link(format!("{path}/trial"), p.t("bots-trial")).icon("play"),
    ];
    if may {
        actions.push(Action::link(format!("{path}/publish"), p.t("bots-publish")).primary().icon("check-lg"));
    }
    let texts = together(&texts, &p.words.json("bots-graph-", graph_texts));
    let attributes = vec![
        ("base", format!("/api/bots/{}", bot.number)),
        ("bot", bot.id.to_string()),
        ("page", path),
        ("writable", may.to_string()),
    ];
    IslandPage { p, script, attributes, texts, actions }
}

/// Two JSON objects as one.
fn together(one: &str, other: &str) -> String {
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let mut all = read(one);
    all.extend(read(other));
    Value::Object(all).to_string()
}
