//! `/bots/{number}/compare`: what differs between two versions, or a version and the draft.

use askama::Template;
use axum::{extract::Path, response::Response};
use context::Permission;
use kernel::{Error, PageRequest};
use serde::Deserialize;
use web::{
    Caller, Query, RowKey,
    pages::{Action, Shell, render},
};

use super::bot_crumbs;
use crate::{
    diff::{Change, Diff, DiffLine, diff},
    reads::{self, Which},
};

/// Versions that can be chosen.
const OFFERED: u32 = 200;
/// Lines that the page shows.
const LINES_AT_MOST: usize = 4_000;

/// What is compared.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "compare.html")]
struct ComparePage {
    p: Shell,
    actions: Vec<Action>,
    path: String,
    choices: Vec<(String, String)>,
    from: String,
    to: String,
    diff: Diff,
    is_cut: bool,
}

impl ComparePage {
    fn class(&self, line: &DiffLine) -> &'static str {
        match line.change {
            Change::Same => "",
            Change::Added => "is-added",
            Change::Removed => "is-removed",
        }
    }

    fn sign(&self, line: &DiffLine) -> &'static str {
        match line.change {
            Change::Same => "",
            Change::Added => "+",
            Change::Removed => "−",
        }
    }

    /// What the sign means, for whoever listens.
    fn word(&self, line: &DiffLine) -> Option<String> {
        match line.change {
            Change::Same => None,
            Change::Added => Some(self.p.t("bots-compare-added")),
            Change::Removed => Some(self.p.t("bots-compare-removed")),
        }
    }

    fn number(&self, number: &Option<usize>) -> String {
        number.map(|number| number.to_string()).unwrap_or_default()
    }
}

pub(super) async fn page(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(Asked { from, to }): Query<Asked>,
) -> web::Result<Response> {
    let from = from.filter(|word| !word.is_empty()).map(|word| word.parse::<Which>()).transpose()?;
    let to: Which = to.as_deref().filter(|word| !word.is_empty()).unwrap_or("draft").parse()?;
    let (bot, from, old, new, versions) = caller
        .read(move |ctx, tx| {
            let (bot, versions) = reads::list_versions(ctx, tx, key, PageRequest::new(1, OFFERED))?;
            let from = from.unwrap_or(Which::Version(bot.version));
            let (_, old) = reads::get_source(ctx, tx, key, from)?;
            let (_, new) = reads::get_source(ctx, tx, key, to)?;
            Ok((bot, from, old, new, versions.results))
        })
        .await?;
    let told = tokio::task::spawn_blocking(move || diff(&old, &new)).await.map_err(Error::internal)?;
    let (told, is_cut) = cut(told);
    let p = bot_crumbs(caller.shell().titled("bots-compare"), &bot);
    let versions = versions.iter().map(|version| {
        (version.version.to_string(), p.t1("bots-version-number", "version", version.version))
    });
    let choices = [("draft".to_owned(), p.t("bots-draft"))].into_iter().chain(versions).collect();
    let path = format!("/bots/{}", bot.number);
    let mut actions =
        vec![Action::link(format!("{path}/versions"), p.t("bots-versions")).icon("clock-history")];
    if p.can(Permission::BotsEdit) && to == Which::Draft {
        actions.push(Action::link(format!("{path}/publish"), p.t("bots-publish")).primary().icon("check-lg"));
    }
    let path = format!("{path}/compare");
    let (from, to) = (from.to_string(), to.to_string());
    Ok(render(&ComparePage { p, actions, path, choices, from, to, diff: told, is_cut }))
}

/// As many lines as a page can show.
fn cut(mut told: Diff) -> (Diff, bool) {
    let mut left = LINES_AT_MOST;
    let mut is_cut = false;
    for hunk in &mut told.hunks {
        is_cut |= hunk.lines.len() > left;
        hunk.lines.truncate(left);
        left = left.saturating_sub(hunk.lines.len());
    }
    told.hunks.retain(|hunk| !hunk.lines.is_empty());
    (told, is_cut)
}
