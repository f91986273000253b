//! Bots: blueprints that answer people over channels, and what they can do in the shop.
//!
//! One incoming update is one transaction ([`turn`]); senders drain what it left behind. The engine is `flow`, the
//! wire is `channels`; here is what holds them together: rows, leases, the simulator, the bot's actions.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod analytics;
mod api;
mod assistant;
mod audience;
mod bot;
mod bots;
mod connect;
mod diff;
mod door;
mod events;
mod faults;
mod forgetting;
mod held;
mod host;
mod inbox;
mod later;
mod notify;
mod pages;
mod person_file;
mod reads;
mod ready;
mod receive;
mod said;
mod simulator;
mod store;
mod telegram;
mod template;
mod ticketing;
mod trial;
mod turn;
mod update;
mod version;
mod webchat;
mod webhook;

pub use actions::{
    NewBot, Publish, SaveDraft, change_web_chat, connect_telegram, connect_web_chat, create_bot, delete_bot,
    discard_draft, disconnect, duplicate_bot, list_bots, publish, roll_back, save_draft, set_bot_state,
    set_shop_info, set_staff_chat, simulator_channel,
};
pub use audience::{
    Arrived, Audience, Listener, Readiness, Segment, Voice, Way, WayName, count_audience, label_name,
    list_audience, note_arrived, note_blocked, readiness, send_trial, trial_chats, voice, way, way_name,
    way_of, ways,
};
pub use bot::{
    Body, Bot, BotState, Channel, ChannelKind, ChannelState, Conversation, DeliveryState, Desk, DeskAct,
    Intake, Message,
};
pub use bots::{Bots, BotsConfig};
pub use connect::connect_once;
pub use events::BOT_DELETED;
pub use host::actions;
pub use inbox::{HANDED_BACK, HANDED_OVER, SAID, TAKEN};
pub use receive::receive;
pub use telegram::{Mailing, Post, Runner, RunnerHandle, stored_upload};
pub use update::{Chat, Place, Update, What};
pub use webchat::{NewWebChat, Side, Site, WebChat};

use web::UsageKind;

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("bots"; "V1__bots", "V2__search", "V3__inbox", "V4__factory", "V5__webchat", "V6__analytics", "V7__assistant", "V8__names", "V9__said", "V10__desk", "V11__labels");

/// The words of this crate.
pub const TEXTS: text::TextFiles = text::files!("bots");

/// This domain's part of the application.
pub fn module() -> web::Module {
    web::Module::new("bots")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes().merge(simulator::routes()).merge(telegram::routes()).merge(webchat::routes()))
        .menu(pages::menu())
        .usage(USAGE)
}

/// What a workspace has of bots, for whoever runs the server.
const USAGE: [UsageKind; 2] = [
    UsageKind { word: "bots", text: "bots-usage-bots", count: store::bot::count },
    UsageKind { word: "messages", text: "bots-usage-messages", count: store::message::count_this_month },
];

/// What this domain does after the answer.
pub fn work() -> jobs::Work {
    let mut handlers = notify::handlers();
    handlers.extend([
        actions::erase_handler(),
        telegram::menu::handler(),
        webhook::handler(),
        assistant::handler(),
        ticketing::fetching::handler(),
    ]);
    let mut listeners = notify::listeners();
    listeners.extend([forgetting::listener(), held::listener(), ticketing::fetching::listener()]);
    jobs::Work { handlers, listeners, ..jobs::Work::default() }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![
        context::MIGRATIONS,
        jobs::MIGRATIONS,
        web::MIGRATIONS,
        auth::MIGRATIONS,
        files::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        tax::MIGRATIONS,
        ledger::MIGRATIONS,
        stock::MIGRATIONS,
        cash::MIGRATIONS,
        sales::MIGRATIONS,
        knowledge::MIGRATIONS,
        models::MIGRATIONS,
        tickets::MIGRATIONS,
        applications::MIGRATIONS,
        surveys::MIGRATIONS,
        MIGRATIONS,
    ]
}
