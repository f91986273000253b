//! `/bots/{number}/flow`: the draft as a file, in an editor.

use axum::{extract::Path, response::Response};
use context::Permission;
use web::{
    Caller, RowKey,
    pages::{Action, IslandPage, render},
};

use super::bot_crumbs;
use crate::reads;

/// Texts of the editor; the messages are `bots-editor-…`.
const TEXTS: &[&str] = &[
    "bots-editor-conflict",
    "bots-editor-find",
    "bots-editor-find-all",
    "bots-editor-find-case",
    "bots-editor-find-close",
    "bots-editor-find-next",
    "bots-editor-find-previous",
    "bots-editor-find-regexp",
    "bots-editor-find-replace",
    "bots-editor-find-replace-all",
    "bots-editor-find-replace-one",
    "bots-editor-find-word",
    "bots-editor-fine",
    "bots-editor-keep-mine",
    "bots-editor-label",
    "bots-editor-line",
    "bots-editor-not-saved",
    "bots-editor-offline",
    "bots-editor-problems",
    "bots-editor-read-only",
    "bots-editor-restored",
    "bots-editor-saved",
    "bots-editor-saving",
    "bots-editor-take-theirs",
    "bots-editor-unsaved",
];

pub(super) async fn page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let p = bot_crumbs(caller.shell().titled("bots-flow").lead("bots-flow-lead"), &bot);
    let may = p.can(Permission::BotsEdit);
    let path = format!("/bots/{}", bot.number);
    let mut actions = vec![
        Action::link(format!("{path}/compare"), p.t("bots-compare")).icon("list-task"),
        Action::link(format!("{path}/versions"), p.t("bots-versions")).icon("clock-history"),
    ];
    if may {
        actions.push(Action::link(format!("{path}/publish"), p.t("bots-publish")).primary().icon("check-lg"));
    }
    let texts = p.words.json("bots-editor-", TEXTS);
    let attributes = vec![
        ("base", format!("/api/bots/{}", bot.number)),
        ("bot", bot.id.to_string()),
        ("writable", may.to_string()),
    ];
    Ok(render(&IslandPage { p, script: "blueprint.js", attributes, texts, actions }))
}
