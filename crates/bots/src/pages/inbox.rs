//! `/conversations`: the inbox. Who talks with the bots stands at the left, the conversation that is open in the middle,
//! what is known of the person at the right; on a phone one of them fills the screen.

mod acts;
mod live;
mod log;
mod open;
mod person;
mod rows;

use askama::Template;
use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use context::Ctx;
use db::ReadTx;
use kernel::{Date, Error, Id, Page, PageRequest, Result};
use tickets::Label;
use web::{
    App, Caller, RowKey,
    pages::{Empty, ListQuery, Shell, asked_page, render},
};

use self::{
    open::{Found, Open},
    person::PersonForm,
    rows::{BotChoice, InboxRow, ViewLink},
};
use crate::{
    Bot, Conversation,
    reads::{self, ConversationFilter, ConversationSummary, DeskCounts, View},
};

/// Bots offered in the filter.
const BOTS_OFFERED: u32 = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/conversations", get(list_page))
        .route("/conversations/{id}", get(open_page))
        .route("/conversations/{id}/log", get(log::part))
        .route("/conversations/{id}/events", get(live::events))
        .route("/conversations/{id}/files/{message}", get(log::file))
        .route("/conversations/{id}/say", post(acts::say))
        .route("/conversations/{id}/take-over", post(acts::take_over))
        .route("/conversations/{id}/hand-back", post(acts::hand_back))
        .route("/conversations/{id}/labels", post(acts::set_labels))
        .route("/conversations/{id}/contact", post(person::save))
        .route("/conversations/{id}/contact/clear", post(person::clear))
}

/// What the reader asked to see at the left.
#[derive(Debug, Clone, Default)]
struct Asked {
    view: View,
    text: String,
    bot: Option<i64>,
    label: Option<Id<Label>>,
    query: ListQuery,
}

impl Asked {
    fn of(query: ListQuery) -> Self {
        Self {
            view: View::parse(query.get("view").unwrap_or_default()),
            text: query.q().unwrap_or_default(),
            bot: query.get("bot").and_then(|number| number.parse().ok()),
            label: query.get("label").and_then(|id| Id::parse(id).ok()),
            query,
        }
    }

    fn has_bot(&self, bot: &BotChoice) -> bool {
        self.bot == Some(bot.number)
    }

    fn has_label(&self, label: &Label) -> bool {
        self.label == Some(label.id)
    }

    /// The address of a page under `/conversations` that keeps what was asked for.
    fn href(&self, path: &str, changes: &[(&str, &str)]) -> String {
        self.query.href_of(path, changes)
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    p: Shell,
    asked: Asked,
    views: Vec<ViewLink>,
    bots: Vec<BotChoice>,
    labels: Vec<Label>,
    rows: Vec<InboxRow>,
    rows_href: String,
    nobody: Empty,
    newer: Option<String>,
    older: Option<String>,
    /// Where a phone goes back to.
    back: String,
    open: Option<Open>,
}

/// What the left part shows.
struct Listed {
    bots: Vec<Bot>,
    labels: Vec<Label>,
    counts: DeskCounts,
    page: Page<ConversationSummary>,
}

fn listed(ctx: &Ctx, tx: &mut ReadTx, asked: &Asked) -> Result<Listed> {
    let bots = reads::list_bots(ctx, tx, None, PageRequest::new(1, BOTS_OFFERED))?.results;
    let bot = asked.bot.and_then(|number| bots.iter().find(|bot| bot.number == number)).map(|bot| bot.id);
    let filter = ConversationFilter {
        bot,
        view: asked.view,
        label: asked.label,
        text: asked.text.clone(),
        ..ConversationFilter::default()
    };
    let page = asked_page(&asked.query, |part| reads::list_conversations(ctx, tx, &filter, part))?;
    Ok(Listed { bots, labels: tickets::reads::labels(ctx, tx)?, counts: reads::desk_counts(ctx, tx)?, page })
}

async fn list_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = Asked::of(query);
    let wanted = asked.clone();
    let listed = caller.read(move |ctx, tx| listed(ctx, tx, &wanted)).await?;
    // A row stays marked when the list is drawn again beside an open conversation.
    let current = asked.query.get("open").and_then(|id| Id::parse(id).ok());
    let p = caller.shell().titled("bots-conversations");
    Ok(render(&page_of(p, asked, listed, current, None, caller.ctx.today())))
}

async fn open_page(caller: Caller, Path(key): Path<RowKey>, query: ListQuery) -> web::Result<Response> {
    Ok(render(&drawn(&caller, key, Asked::of(query), &Kept::Nothing).await?))
}

/// What somebody sent that was refused; it stands where they typed it, with the reason beside it.
#[derive(Debug)]
enum Kept<'a> {
    Nothing,
    Words { typed: &'a str, problem: String },
    Person { typed: &'a PersonForm, error: &'a Error },
}

/// The page with this conversation open.
async fn drawn(caller: &Caller, key: RowKey, asked: Asked, kept: &Kept<'_>) -> web::Result<InboxPage> {
    let before = asked.query.get("before").and_then(|seq| seq.parse().ok());
    let wanted = asked.clone();
    let (listed, found) = caller
        .read(move |ctx, tx| {
            let found = Found::find(ctx, tx, key, before)?;
            Ok((listed(ctx, tx, &wanted)?, found))
        })
        .await?;
    let current = Some(found.summary.row.id);
    let p = caller.shell();
    let open = Open::new(caller, &p, found, kept);
    let p = p.named(open.person.clone()).crumb("/conversations", "bots-conversations");
    Ok(page_of(p, asked, listed, current, Some(open), caller.ctx.today()))
}

fn page_of(
    p: Shell,
    asked: Asked,
    listed: Listed,
    current: Option<Id<Conversation>>,
    open: Option<Open>,
    today: Date,
) -> InboxPage {
    let Listed { bots, labels, counts, page } = listed;
    let part = |number: u32| asked.href("/conversations", &[("page", &number.to_string()), ("open", "")]);
    let number = page.request.page();
    let has_more = page.request.offset() + i64::from(page.request.page_size()) < page.count;
    let current_text = current.map(|id| id.to_string()).unwrap_or_default();
    InboxPage {
        views: rows::views(&p, &asked, &counts),
        bots: bots.into_iter().map(BotChoice::from).collect(),
        labels,
        rows: page.results.iter().map(|one| InboxRow::new(&p, &asked, one, current, today)).collect(),
        rows_href: asked.href("/conversations", &[("open", &current_text), ("before", "")]),
        nobody: rows::nobody(&p, &asked),
        newer: (number > 1).then(|| part(number - 1)),
        older: has_more.then(|| part(number + 1)),
        back: asked.href("/conversations", &[("open", ""), ("before", "")]),
        p,
        asked,
        open,
    }
}
