//! Pages for people: the settings, and the log of calls.

mod calls;
mod settings;

use axum::{
    Router,
    routing::{get, post},
};
use context::Permission;
use web::{
    App,
    pages::{MenuEntry, Section},
};

/// Every page of this crate.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/ai", get(settings::page).post(settings::edit))
        .route("/ai/check", post(settings::check))
        .route("/ai/remove-key", post(settings::remove_key))
        .route("/ai/calls", get(calls::list))
        .route("/ai/calls/{id}", get(calls::one))
}

/// What this crate puts into the side menu.
pub(crate) fn menu() -> [MenuEntry; 2] {
    [
        MenuEntry {
            section: Section::Settings,
            order: 70,
            href: "/ai",
            text: "models-menu-settings",
            icon: "stars",
            permission: Some(Permission::SettingsRead),
        },
        MenuEntry {
            section: Section::Bots,
            order: 80,
            href: "/ai/calls",
            text: "models-menu-calls",
            icon: "robot",
            permission: Some(Permission::BotsRead),
        },
    ]
}
