//! `/conversations`: who talks with the bots, and what was said, to read.

use askama::Template;
use axum::{extract::Path, http::HeaderMap, response::Response};
use context::Permission;
use flow::Document;
use kernel::PageRequest;
use serde::Deserialize;
use web::{
    Caller, Query, RowKey,
    pages::{
        Badge, Cell, Choice, Column, Empty, Facts, Filter, ListPage, ListQuery, Row, Shell, Table,
        asked_page, render,
    },
};

use super::words;
use crate::{
    Bot, ChannelKind,
    reads::{self, ConversationFilter, ConversationSummary, MESSAGES_AT_ONCE},
    said::{Chat, From, Looks, Media, Said},
    simulator::picture_address,
};

/// Bots offered in the filter.
const BOTS_OFFERED: u32 = 200;

fn columns() -> Vec<Column> {
    vec![
        Column::main("bots-person"),
        Column::new("bots-last-said").wide(),
        Column::new("bots-bot"),
        Column::new("bots-state"),
        Column::new("bots-last-at"),
    ]
}

fn row(p: &Shell, summary: &ConversationSummary) -> Row {
    let ConversationSummary { row, bot, kind, contact, last_said } = summary;
    let (tone, state) = words::conversation_state(&p.words, row.state());
    let under = match (contact.as_ref().and_then(|contact| contact.phone.as_ref()), &row.username) {
        (Some(phone), _) => phone.pretty(),
        (None, Some(name)) => format!("@{name}"),
        (None, None) => String::new(),
    };
    vec![
        Cell::Link {
            href: format!("/conversations/{}", row.id),
            text: words::person(&p.words, summary),
            sub: under,
        },
        Cell::text(words::last_said(&p.words, last_said.as_ref())),
        Cell::Two(bot.name.clone(), words::kind(&p.words, *kind)),
        Cell::Badge(tone, state),
        Cell::Time(row.last_at),
    ]
}

/// A short list of them, for the page of a bot.
pub(super) fn conversations_table(p: &Shell, id: &'static str, latest: &[ConversationSummary]) -> Table {
    let rows = latest.iter().map(|summary| row(p, summary)).collect();
    Table::of(&p.words, id, columns(), rows).empty(nobody(p))
}

fn nobody(p: &Shell) -> Empty {
    Empty::new("chat-dots", p.t("bots-conversations-empty"), p.t("bots-conversations-empty-hint"))
}

pub(super) async fn page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (offered, found) = caller
        .read(move |ctx, tx| {
            let offered = reads::list_bots(ctx, tx, None, PageRequest::new(1, BOTS_OFFERED))?.results;
            let filter = filter(&asked, &offered);
            let found = asked_page(&asked, |part| reads::list_conversations(ctx, tx, &filter, part))?;
            Ok((offered, found))
        })
        .await?;
    let p = caller.shell().titled("bots-conversations").lead("bots-conversations-lead");
    let bots = offered.iter().map(|bot| Choice::new(bot.number.to_string(), bot.name.clone())).collect();
    let kinds = [ChannelKind::Telegram, ChannelKind::Simulator]
        .map(|kind| Choice::new(kind.word(), words::kind(&p.words, kind)));
    let table = Table::new(&p.words, "conversations", &query, columns(), &found, |summary| row(&p, summary))
        .search("bots-conversations-search")
        .filter(Filter::select("bot", "bots-bot", bots))
        .filter(Filter::select("channel", "bots-channel", kinds.to_vec()))
        .empty(nobody(&p));
    Ok(render(&ListPage::new(p, table)))
}

fn filter(asked: &ListQuery, bots: &[Bot]) -> ConversationFilter {
    let number: Option<i64> = asked.get("bot").and_then(|number| number.parse().ok());
    ConversationFilter {
        bot: number.and_then(|number| bots.iter().find(|bot| bot.number == number)).map(|bot| bot.id),
        kind: asked.get("channel").and_then(|word| word.parse().ok()),
        text: asked.q().unwrap_or_default(),
        ..ConversationFilter::default()
    }
}

/// A conversation to read.
#[derive(Debug, Template)]
#[template(path = "conversation.html")]
struct ConversationPage {
    p: Shell,
    badge: Badge,
    facts: Facts,
    said: Vec<Said>,
    /// Where older messages stand.
    older: Option<String>,
    person: String,
}

impl ConversationPage {
    fn is_bot(&self, said: &Said) -> bool {
        said.from == From::Bot
    }

    /// The length of a file in whole kilobytes, the last one begun.
    fn size(&self, bytes: &u64) -> String {
        let kilobytes = i64::try_from(bytes.div_ceil(1024)).unwrap_or(i64::MAX);
        self.p.words.t1("bots-file-size", "kilobytes", self.p.words.number(kilobytes))
    }
}

/// Which part of a conversation is wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Part {
    before: Option<i64>,
}

pub(super) async fn one(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(Part { before }): Query<Part>,
) -> web::Result<Response> {
    let (summary, messages) = caller
        .read(move |ctx, tx| {
            let summary = reads::get_conversation(ctx, tx, None, key)?;
            let messages = reads::list_messages(ctx, tx, summary.row.id, before)?;
            Ok((summary, messages))
        })
        .await?;
    let p = caller.shell();
    let person = words::person(&p.words, &summary);
    let picture = picture_address(&caller.ctx, caller.app.secret());
    let looks = Looks { picture: &picture, person: &person, conversation: Some(summary.row.id) };
    let chat = Chat::of(&messages, &looks, true);
    let is_full = i64::try_from(messages.len()).is_ok_and(|count| count >= MESSAGES_AT_ONCE);
    let older = messages
        .first()
        .filter(|_| is_full)
        .map(|first| format!("/conversations/{key}?before={}", first.seq));
    let (tone, state) = words::conversation_state(&p.words, summary.row.state());
    let facts = facts(&p, &summary);
    let badge = Badge::new(tone, state);
    let p = p.named(person.clone()).crumb("/conversations", "bots-conversations");
    Ok(render(&ConversationPage { p, badge, facts, said: chat.said, older, person }))
}

/// `GET /conversations/{id}/files/{message}`: the file that a message brought.
pub(super) async fn file(
    caller: Caller,
    Path((conversation, message)): Path<(RowKey, RowKey)>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let read = caller.read(move |ctx, tx| reads::get_document(ctx, tx, conversation, message));
    let Document { file, name, .. } = read.await?;
    Ok(files::send(&caller, file.parse()?, &name, &headers).await?)
}

fn facts(p: &Shell, summary: &ConversationSummary) -> Facts {
    let ConversationSummary { row, bot, kind, contact, last_said: _ } = summary;
    let facts = Facts::new().link(p.t("bots-bot"), bot.name.clone(), format!("/bots/{}", bot.number));
    let facts = facts.text(p.t("bots-channel"), words::kind(&p.words, *kind));
    let facts = match contact {
        Some(contact) if p.can(Permission::SalesRead) => {
            let phone = contact.phone.as_ref().map(kernel::Phone::pretty).unwrap_or_default();
            facts
                .link(p.t("bots-contact"), contact.name.clone(), format!("/contacts/{}", contact.number))
                .text(p.t("bots-shop-phone"), phone)
        }
        _ => facts.text(p.t("bots-contact"), p.t("bots-contact-unknown")),
    };
    let username = row.username.as_ref().map(|name| format!("@{name}")).unwrap_or_default();
    facts
        .text(p.t("bots-username"), username)
        .text(p.t("web-language"), row.lang.map(|lang| lang.name()).unwrap_or_default())
        .text(p.t("bots-first-at"), p.words.time(row.created_at))
        .text(p.t("bots-last-at"), p.words.time(row.last_at))
}
