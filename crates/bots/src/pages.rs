//! The pages of bots: the list, a bot with its channels, its forms, and its conversations.

mod analytics;
mod bot;
mod card;
mod channels;
mod compare;
mod conversations;
mod desk_invitations;
mod ending;
mod flow;
mod form_copy;
mod forms;
mod inbox;
mod list;
mod making;
mod staff;
mod versions;
mod web_chats;
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
        .route("/bots/new", get(making::choose_page))
        .route("/bots/new/shop", get(forms::new_page).post(forms::create))
        .route("/bots/new/simple", get(making::named_page).post(making::create_named))
        .route("/bots/import", get(making::import_page).post(making::import))
        .route("/bots/{number}", get(bot::page))
        .route("/bots/{number}/analytics", get(analytics::page))
        .route("/bots/{number}/edit", get(forms::edit_page).post(forms::save))
        .route("/bots/{number}/duplicate", get(making::duplicate_page).post(making::duplicate))
        .route("/bots/{number}/pause", post(ending::pause))
        .route("/bots/{number}/resume", post(ending::resume))
        .route("/bots/{number}/archive", post(ending::archive))
        .route("/bots/{number}/restore", post(ending::restore))
        .route("/bots/{number}/delete", get(ending::delete_page).post(ending::delete))
        .route("/bots/{number}/staff", get(staff::page).post(staff::save))
        .route("/bots/{number}/flow", get(flow::page))
        .route("/bots/{number}/flow/file", get(flow::file::page))
        .route("/bots/{number}/forms/{form}/copy", get(form_copy::page).post(form_copy::copy))
        .route("/bots/{number}/versions", get(versions::page))
        .route("/bots/{number}/compare", get(compare::page))
        .route("/bots/{number}/publish", get(versions::publish_page).post(versions::publish_draft))
        .route("/bots/{number}/discard", post(versions::discard))
        .route(
            "/bots/{number}/versions/{version}/publish",
            get(versions::roll_back_page).post(versions::roll_back_to),
        )
        .route("/bots/{number}/channels/new", get(channels::new_page).post(channels::connect))
        .route("/bots/{number}/channels/{channel}/disconnect", post(channels::disconnect_channel))
        .route("/bots/{number}/channels/{channel}/retry", post(channels::retry))
        .route("/bots/{number}/web-chats/new", get(web_chats::new_page).post(web_chats::create))
        .route("/bots/{number}/web-chats/{channel}", get(web_chats::page))
        .route("/bots/{number}/web-chats/{channel}/edit", get(web_chats::edit_page).post(web_chats::save))
        .route("/desk/invitations", get(desk_invitations::page))
        .route("/desk/invitations/new", get(desk_invitations::new_page).post(desk_invitations::create))
        .route("/desk/invitations/{id}/revoke", post(desk_invitations::revoke))
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
