//! `/bots/{number}`: one bot, with its channels, what it says of the shop, and who wrote lately.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::{Ctx, Permission};
use db::ReadTx;
use flow::shop::ShopInfo;
use kernel::{Money, PageRequest, Result, Text};
use web::{
    Caller, RowKey,
    pages::{Action, DetailPage, Facts, Go, Notice, Shell, Tone, render},
};

use super::{channels::channels_table, conversations::conversations_table, words};
use crate::{
    Bot, BotState, Channel, ChannelState,
    actions::set_bot_state,
    connect::problem_text,
    reads::{self, ConversationFilter, ConversationSummary},
};

/// Conversations that the bot's page shows.
const LATEST: u32 = 8;

struct Seen {
    bot: Bot,
    channels: Vec<Channel>,
    latest: Vec<ConversationSummary>,
}

fn see(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Seen> {
    let (bot, channels) = reads::get_bot_with_channels(ctx, tx, key)?;
    let filter = ConversationFilter { bot: Some(bot.id), ..ConversationFilter::default() };
    let latest = reads::list_conversations(ctx, tx, &filter, PageRequest::new(1, LATEST))?.results;
    Ok(Seen { bot, channels, latest })
}

pub(super) async fn page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let Seen { bot, channels, latest } = caller.read(move |ctx, tx| see(ctx, tx, key)).await?;
    let p = caller.shell().named(bot.name.clone()).crumb("/bots", "bots-menu");
    let channels_part = channels_table(&p, &bot, &channels);
    let conversations = conversations_table(&p, "conversations", &latest);
    let shop = shop_facts(&p, &bot.shop);
    let mut page = DetailPage::new(p.clone()).badge(words::bot_state(&p.words, bot.state));
    for action in actions(&p, &bot) {
        page = page.action(action);
    }
    for notice in notices(&p, &bot, &channels) {
        page = page.notice(notice);
    }
    let page = page
        .table("bots-channels", &channels_part)
        .table("bots-conversations-latest", &conversations)
        .part("bots-shop", &shop);
    Ok(render(&page))
}

fn actions(p: &Shell, bot: &Bot) -> Vec<Action> {
    let path = format!("/bots/{}", bot.number);
    let mut actions =
        vec![Action::link(format!("{path}/simulator"), p.t("bots-simulator-open")).primary().icon("play")];
    if p.can(Permission::BotsEdit) {
        actions.push(Action::link(format!("{path}/edit"), p.t("bots-edit")).icon("pencil"));
        actions.push(match bot.state {
            BotState::Active => Action::post(p, format!("{path}/pause"), p.t("bots-pause"))
                .icon("pause")
                .confirm(p.t("bots-pause-confirm")),
            BotState::Paused => Action::post(p, format!("{path}/resume"), p.t("bots-resume")).icon("play"),
        });
    }
    actions
}

/// What somebody has to know or to mend.
fn notices(p: &Shell, bot: &Bot, channels: &[Channel]) -> Vec<Notice> {
    let mut notices = Vec::new();
    if bot.state == BotState::Paused {
        notices.push(Notice::new(Tone::Warning, p.t("bots-state-paused-long")));
    }
    for channel in channels.iter().filter(|channel| channel.state == ChannelState::Broken) {
        let problem = problem_text(channel.problem.as_deref().unwrap_or_default());
        let name = channel.username.as_deref().unwrap_or_default();
        notices.push(Notice::new(Tone::Error, format!("@{name}: {}", p.words.say(&problem))));
    }
    notices
}

fn shop_facts(p: &Shell, shop: &ShopInfo) -> Facts {
    let ShopInfo { name, about, phone, address, hours, site, delivers, pickup, delivery_tiyin } = shop;
    let phone = kernel::Phone::parse(phone).map_or_else(|_| phone.clone(), |phone| phone.pretty());
    let fee = match delivery_tiyin {
        0 => p.t("bots-shop-delivery-free"),
        tiyin => format!("{} {}", p.words.money(Money::from_tiyin(*tiyin)), p.t("web-som")),
    };
    let ways = match (delivers, pickup) {
        (true, true) => format!("{}, {}", p.t("bots-shop-delivers"), p.t("bots-shop-pickup").to_lowercase()),
        (true, false) => p.t("bots-shop-delivers"),
        (false, _) => p.t("bots-shop-pickup"),
    };
    let facts = Facts::new()
        .text(p.t("bots-shop-name"), name)
        .text(p.t("bots-shop-phone"), phone)
        .text(p.t("bots-shop-address"), address)
        .text(p.t("bots-shop-hours"), hours)
        .text(p.t("bots-shop-site"), site)
        .text(p.t("bots-shop-ways"), ways);
    let facts = if *delivers { facts.text(p.t("bots-shop-delivery"), fee) } else { facts };
    facts.text(p.t("bots-shop-about"), about)
}

pub(super) async fn pause(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    set_state(&caller, key, BotState::Paused, "bots-paused").await
}

pub(super) async fn resume(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    set_state(&caller, key, BotState::Active, "bots-resumed").await
}

async fn set_state(
    caller: &Caller,
    key: RowKey,
    state: BotState,
    done: &'static str,
) -> web::Result<Response> {
    let number = caller
        .once(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            set_bot_state(ctx, tx, bot.id, state).map(|bot| bot.number)
        })
        .await?;
    Ok(Go::to(format!("/bots/{number}")).done(&caller.words(), &Text::new(done)).into_response())
}
