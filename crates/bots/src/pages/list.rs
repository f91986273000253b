//! `/bots`: every bot, how people reach it, how many they are and how much was said lately.

use axum::response::Response;
use context::Permission;
use kernel::Page;
use web::{
    Caller,
    pages::{
        Action, Badge, Cell, Choice, Column, Empty, Filter, ListPage, ListQuery, Shell, Table, Tone,
        asked_page, render,
    },
};

use super::words;
use crate::{
    Bot, BotState, ChannelKind, ChannelState,
    reads::{self, BotSummary},
};

pub(super) async fn page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let found = caller
        .read(move |ctx, tx| {
            asked_page(&asked, |part| reads::list_summaries(ctx, tx, state_of(&asked), part))
        })
        .await?;
    let p = caller.shell().titled("bots-menu").lead("bots-lead");
    let table = bots_table(&p, &query, &found);
    let may = p.can(Permission::BotsCreate);
    Ok(render(&ListPage::new(p, table).action_if(may, new_action)))
}

/// The state that is asked for; all but those put away when none is.
fn state_of(query: &ListQuery) -> Option<BotState> {
    query.get("state").and_then(|word| word.parse().ok())
}

fn new_action(p: &Shell) -> Action {
    Action::link("/bots/new", p.t("bots-new")).primary().icon("plus-lg")
}

fn bots_table(p: &Shell, query: &ListQuery, page: &Page<BotSummary>) -> Table {
    let columns = vec![
        Column::main("bots-name"),
        Column::new("bots-state"),
        Column::new("bots-channels"),
        Column::figures("bots-people"),
        Column::figures("bots-messages-week"),
        Column::figures(""),
    ];
    let mut empty = Empty::new("robot", p.t("bots-empty"), p.t("bots-empty-hint"));
    if p.can(Permission::BotsCreate) {
        empty = empty.action(new_action(p));
    }
    Table::new(&p.words, "bots", query, columns, page, |summary| {
        let BotSummary { bot, channels: _, contacts, messages, draft_problems } = summary;
        let path = format!("/bots/{}", bot.number);
        let Badge { tone, label } = match (bot.state, draft_problems) {
            (BotState::Active, Some(0)) => Badge::new(Tone::Info, p.t("bots-draft-waits")),
            (BotState::Active, Some(_)) => Badge::new(Tone::Warning, p.t("bots-draft-waits")),
            (state, _) => words::bot_state(&p.words, state),
        };
        let simulator = Action::link(format!("{path}/simulator"), p.t("bots-simulator")).icon("play");
        vec![
            Cell::Link { href: path, text: bot.name.clone(), sub: shop_name(bot) },
            Cell::Badge(tone, label),
            channels_cell(p, summary),
            Cell::Number(*contacts),
            Cell::Number(*messages),
            Cell::Actions(vec![simulator]),
        ]
    })
    .filter(Filter::select("state", "bots-state", states(p)))
    .empty(empty)
}

fn states(p: &Shell) -> Vec<Choice> {
    [BotState::Active, BotState::Paused, BotState::Archived]
        .map(|state| Choice::new(state.word(), words::bot_state(&p.words, state).label))
        .to_vec()
}

/// The shop it speaks for, where its own name does not say so already.
fn shop_name(bot: &Bot) -> String {
    if bot.shop.name == bot.name { String::new() } else { bot.shop.name.clone() }
}

/// The bot's names on the platforms; what is wrong stands first.
fn channels_cell(p: &Shell, summary: &BotSummary) -> Cell {
    let outside: Vec<_> =
        summary.channels.iter().filter(|channel| channel.kind != ChannelKind::Simulator).collect();
    if let Some(broken) = outside.iter().find(|channel| channel.state == ChannelState::Broken) {
        let (tone, label) = words::channel_state(&p.words, broken);
        return Cell::Badge(tone, format!("@{}: {label}", broken.username.as_deref().unwrap_or_default()));
    }
    let names: Vec<String> = outside
        .iter()
        .filter_map(|channel| channel.username.as_ref())
        .map(|name| format!("@{name}"))
        .collect();
    let chat = outside.iter().any(|channel| channel.kind == ChannelKind::Web).then(|| p.t("bots-web-chat"));
    match (names.as_slice(), chat) {
        ([], None) => Cell::text(p.t("bots-only-simulator")),
        ([], Some(chat)) => Cell::text(chat),
        (names, None) => Cell::Two(names.join(", "), p.t("bots-telegram")),
        (names, Some(chat)) => Cell::Two(names.join(", "), format!("{}, {chat}", p.t("bots-telegram"))),
    }
}
