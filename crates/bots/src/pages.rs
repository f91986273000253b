//! The pages of bots: the list, a bot with its channels, its forms, and its conversations.

mod bot;
mod channels;
mod conversations;
mod forms;
mod inbox;
mod list;
mod words;

use axum::{
    Router,
    routing::{get, post},
};
use context::Permission;
use web::{
    App,
    pages::{MenuEntry, Section, Shell},
};

use crate::Bot;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/bots", get(list::page))
        .route("/bots/new", get(forms::new_page).post(forms::create))
        .route("/bots/{number}", get(bot::page))
        .route("/bots/{number}/edit", get(forms::edit_page).post(forms::save))
        .route("/bots/{number}/pause", post(bot::pause))
        .route("/bots/{number}/resume", post(bot::resume))
        .route("/bots/{number}/channels/new", get(channels::new_page).post(channels::connect))
        .route("/bots/{number}/channels/{channel}/disconnect", post(channels::disconnect_channel))
        .route("/bots/{number}/channels/{channel}/retry", post(channels::retry))
        .merge(inbox::routes())
}

pub(crate) fn menu() -> Vec<MenuEntry> {
    let entry = |order, href, text, icon| MenuEntry {
        section: Section::Bots,
        order,
        href,
        text,
        icon,
        permission: Some(Permission::BotsRead),
    };
    vec![
        entry(10, "/bots", "bots-menu", "robot"),
        entry(20, "/conversations", "bots-conversations", "chat-dots"),
    ]
}

/// The shell of a page under a bot's.
pub(crate) fn bot_crumbs(p: Shell, bot: &Bot) -> Shell {
    p.crumb("/bots", "bots-menu").crumb_named(format!("/bots/{}", bot.number), bot.name.clone())
}
