//! `/bots/{number}/flow/file`: the draft as a file, in an editor.

use axum::{extract::Path, response::Response};
use web::{Caller, RowKey, pages::render};

use super::island;
use crate::{pages::bot_crumbs, reads};

/// Texts that the two views share; the messages are `bots-graph-…`.
const GRAPH_TEXTS: &[&str] = &["bots-graph-view-file", "bots-graph-view-graph", "bots-graph-views"];

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

pub(in crate::pages) async fn page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?;
    let p = bot_crumbs(caller.shell().titled("bots-flow").lead("bots-flow-lead"), &bot);
    let texts = p.words.json("bots-editor-", TEXTS);
    Ok(render(&island(p, &bot, "blueprint.js", texts, GRAPH_TEXTS)))
}
