//! `/bots/{number}`: one bot, with its channels, what it says of the shop, and who wrote lately.

use std::sync::Arc;

use axum::{extract::Path, response::Response};
use context::{Ctx, Permission};
use db::ReadTx;
use flow::shop::ShopInfo;
use kernel::{Money, PageRequest, Result};
use web::{
    Caller, RowKey,
    pages::{Action, Badge, DetailPage, Facts, Notice, Shell, Tone, render},
};

use super::{card::Card, channels::channels_table, conversations::conversations_table, words};
use crate::{
    Bot, BotState, Bots, Channel, ChannelState, WebChat,
    connect::problem_text,
    reads::{self, ConversationFilter, ConversationSummary},
    store,
    version::{Draft, Version},
};

/// Conversations that the bot's page shows.
const LATEST: u32 = 8;

struct Seen {
    bot: Bot,
    channels: Vec<Channel>,
    chats: Vec<WebChat>,
    latest: Vec<ConversationSummary>,
    version: Version,
    draft: Option<Draft>,
    /// Whether its blueprint speaks for a shop.
    is_shop: bool,
    /// Whether its blueprint tells the staff something, and the chat that was chosen.
    tells_staff: bool,
    staff: Option<ConversationSummary>,
    /// The forms of applications that its blueprint submits.
    forms: Vec<applications::Form>,
}

fn see(ctx: &Ctx, tx: &mut ReadTx, bots: &Bots, key: RowKey) -> Result<Seen> {
    let (bot, channels) = reads::get_bot_with_channels(ctx, tx, key)?;
    let chats = store::web_chat::list(ctx, tx, bot.id)?;
    let filter = ConversationFilter { bot: Some(bot.id), ..ConversationFilter::default() };
    let latest = reads::list_conversations(ctx, tx, &filter, PageRequest::new(1, LATEST))?.results;
    let version = store::version::get(ctx, tx, bot.id, bot.version)?;
    let draft = store::draft::find(ctx, tx, bot.id)?;
    let is_shop = calls(ctx, tx, bots, &bot, "register")?;
    let tells_staff = calls(ctx, tx, bots, &bot, "tell_staff")?;
    let staff = match bot.staff_chat {
        Some(id) => reads::get_conversation(ctx, tx, None, RowKey::Id(id.uuid())).ok(),
        None => None,
    };
    let mut forms = Vec::new();
    if ctx.may(Permission::ApplicationsRead) {
        for asked in bots.blueprint(ctx, tx, bot.id, bot.version)?.forms() {
            forms.extend(applications::reads::find_form(ctx, tx, &asked.form)?);
        }
    }
    Ok(Seen { bot, channels, chats, latest, version, draft, is_shop, tells_staff, staff, forms })
}

/// Whether the blueprint that answers calls this action.
pub(super) fn calls(ctx: &Ctx, tx: &mut ReadTx, bots: &Bots, bot: &Bot, action: &str) -> Result<bool> {
    Ok(bots.blueprint(ctx, tx, bot.id, bot.version)?.calls().any(|call| call == action))
}

pub(super) async fn page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let bots: Arc<Bots> = caller.app.service()?;
    let Seen { bot, channels, chats, latest, version, draft, is_shop, tells_staff, staff, forms } =
        caller.read(move |ctx, tx| see(ctx, tx, &bots, key)).await?;
    let p = caller.shell().named(bot.name.clone()).crumb("/bots", "bots-menu");
    let channels_part = channels_table(&p, &bot, &channels, &chats);
    let conversations = conversations_table(&p, "conversations", &latest);
    let shop = shop_facts(&p, &bot.shop);
    let mut page = DetailPage::new(p.clone()).badge(words::bot_state(&p.words, bot.state));
    for action in actions(&p, &bot) {
        page = page.action(action);
    }
    for notice in notices(&p, &bot, &channels) {
        page = page.notice(notice);
    }
    let mut page = page
        .part("bots-blueprint", &blueprint_card(&p, &bot, &version, draft.as_ref()))
        .table("bots-channels", &channels_part)
        .table("bots-conversations-latest", &conversations);
    if tells_staff {
        page = page.part("bots-staff", &staff_card(&p, &bot, staff.as_ref()));
    }
    if is_shop {
        page = page.part("bots-shop", &shop);
    }
    if !forms.is_empty() && p.can(Permission::BotsEdit) && p.can(Permission::SettingsEdit) {
        page = page.part("bots-forms", &forms_card(&p, &bot, &forms));
    }
    if p.can(Permission::BotsEdit) {
        page = page.part("bots-more", &more_card(&p, &bot));
    }
    Ok(render(&page))
}

/// What answers, what is worked on, and the ways there.
fn blueprint_card(p: &Shell, bot: &Bot, version: &Version, draft: Option<&Draft>) -> Card {
    let path = format!("/bots/{}", bot.number);
    let Version { version: number, note, published_by, published_at, .. } = version;
    let published = [p.words.time(*published_at), published_by.clone()];
    let published: Vec<&str> = published.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let mut facts = Facts::new()
        .link(
            p.t("bots-version-name"),
            p.t1("bots-version-number", "version", *number),
            format!("{path}/versions"),
        )
        .text(p.t("bots-version-at"), published.join(" · "))
        .text(p.t("bots-version-note"), note);
    let may = p.can(Permission::BotsEdit);
    let mut actions = vec![
        Action::link(format!("{path}/flow"), p.t("bots-graph")).icon("diagram-3"),
        Action::link(format!("{path}/trial"), p.t("bots-trial")).icon("play"),
    ];
    if let Some(draft) = draft {
        let badge = match draft.problems {
            0 => Badge::new(Tone::Info, p.t("bots-draft-ready")),
            problems => Badge::new(Tone::Warning, p.t1("bots-draft-faults", "count", problems)),
        };
        let changed = format!("{} · {}", p.words.time(draft.changed_at), draft.changed_by);
        facts = facts.badge(p.t("bots-draft"), badge).text(p.t("bots-draft-changed"), changed);
        actions.push(Action::link(format!("{path}/compare"), p.t("bots-compare")).icon("list-task"));
        if may {
            actions.push(Action::link(format!("{path}/publish"), p.t("bots-publish")).icon("check-lg"));
            actions.push(
                Action::post(
                    p,
                    format!("{path}/discard?revision={}", draft.revision),
                    p.t("bots-draft-discard"),
                )
                .icon("x-lg")
                .danger()
                .confirm(p.t("bots-draft-discard-confirm")),
            );
        }
    } else {
        facts = facts.text(p.t("bots-draft"), p.t("bots-draft-same"));
    }
    actions.push(Action::link(format!("{path}/versions"), p.t("bots-versions")).icon("clock-history"));
    actions.push(Action::file(format!("/api/bots/{}/export", bot.number), p.t("bots-export")));
    Card { facts: Some(facts), actions, ..Card::default() }
}

/// In which chat the staff is told, where the blueprint tells it something.
fn staff_card(p: &Shell, bot: &Bot, staff: Option<&ConversationSummary>) -> Card {
    let (tone, name) = match staff {
        Some(staff) => (Tone::Success, words::person(&p.words, staff)),
        None => (Tone::Warning, p.t("bots-staff-none")),
    };
    let facts = Facts::new().badge(p.t("bots-staff-chat"), Badge::new(tone, name));
    let mut actions = Vec::new();
    if p.can(Permission::BotsEdit) {
        let path = format!("/bots/{}/staff", bot.number);
        actions.push(Action::link(path, p.t("bots-staff-choose")).icon("people"));
    }
    let mut notices = Vec::new();
    if staff.is_none() {
        notices.push(Notice::new(Tone::Warning, p.t("bots-staff-nobody")));
    }
    Card { facts: Some(facts), notices, actions }
}

/// The ways to a copy of each form that the bot submits.
fn forms_card(p: &Shell, bot: &Bot, forms: &[applications::Form]) -> Card {
    let copy = |form: &applications::Form| {
        let path = format!("/bots/{}/forms/{}/copy", bot.number, form.code);
        let name = form.names.get(p.words.lang);
        Action::link(path, p.t1("bots-form-copy-of", "form", name)).icon("clipboard")
    };
    Card { actions: forms.iter().map(copy).collect(), ..Card::default() }
}

/// What is seldom done.
fn more_card(p: &Shell, bot: &Bot) -> Card {
    let path = format!("/bots/{}", bot.number);
    let mut actions = Vec::new();
    if p.can(Permission::BotsCreate) {
        actions.push(Action::link(format!("{path}/duplicate"), p.t("bots-duplicate")).icon("clipboard"));
    }
    if bot.state != BotState::Archived {
        let archive = Action::post(p, format!("{path}/archive"), p.t("bots-archive"));
        actions.push(archive.icon("inbox").confirm(p.t("bots-archive-confirm")));
    }
    if p.can(Permission::BotsDelete) {
        actions.push(Action::link(format!("{path}/delete"), p.t("bots-delete")).icon("trash").danger());
    }
    Card { actions, ..Card::default() }
}

fn actions(p: &Shell, bot: &Bot) -> Vec<Action> {
    let path = format!("/bots/{}", bot.number);
    let mut actions =
        vec![Action::link(format!("{path}/simulator"), p.t("bots-simulator-open")).primary().icon("play")];
    actions.push(Action::link(format!("{path}/analytics"), p.t("bots-analytics")).icon("bar-chart-line"));
    if p.can(Permission::BotsEdit) {
        actions.push(Action::link(format!("{path}/edit"), p.t("bots-edit")).icon("pencil"));
        actions.push(match bot.state {
            BotState::Active => Action::post(p, format!("{path}/pause"), p.t("bots-pause"))
                .icon("pause")
                .confirm(p.t("bots-pause-confirm")),
            BotState::Paused => Action::post(p, format!("{path}/resume"), p.t("bots-resume")).icon("play"),
            BotState::Archived => {
                Action::post(p, format!("{path}/restore"), p.t("bots-restore")).icon("arrow-counterclockwise")
            }
        });
    }
    actions
}

/// What somebody has to know or to mend.
fn notices(p: &Shell, bot: &Bot, channels: &[Channel]) -> Vec<Notice> {
    let mut notices = Vec::new();
    match bot.state {
        BotState::Active => {}
        BotState::Paused => notices.push(Notice::new(Tone::Warning, p.t("bots-state-paused-long"))),
        BotState::Archived => notices.push(Notice::new(Tone::Info, p.t("bots-state-archived-long"))),
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
