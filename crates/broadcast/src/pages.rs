//! The pages of broadcasts: the list, one of them as it goes, its form, its people.

mod acts;
mod form;
mod list;
mod one;
mod people;
mod words;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use context::{Ctx, Permission};
use web::{
    App,
    pages::{Choice, MenuEntry, Section, Shell},
};

use crate::actions::FILE_BYTES_MAX;

pub(crate) fn routes() -> Router<App> {
    let files = Router::new()
        .route("/broadcasts/{number}/file", post(acts::set_file))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX + 16 * 1024));
    Router::new()
        .route("/broadcasts", get(list::page))
        .route("/broadcasts/new", get(form::new_page).post(form::create))
        .route("/broadcasts/{number}", get(one::page))
        .route("/broadcasts/{number}/edit", get(form::edit_page).post(form::save))
        .route("/broadcasts/{number}/file/delete", post(acts::remove_file))
        .route("/broadcasts/{number}/files/{hash}", get(one::file))
        .route("/broadcasts/{number}/try", post(acts::try_out))
        .route("/broadcasts/{number}/schedule", post(acts::schedule))
        .route("/broadcasts/{number}/unschedule", post(acts::unschedule))
        .route("/broadcasts/{number}/start", post(acts::start))
        .route("/broadcasts/{number}/pause", post(acts::pause))
        .route("/broadcasts/{number}/resume", post(acts::resume))
        .route("/broadcasts/{number}/cancel", post(acts::cancel))
        .route("/broadcasts/{number}/copy", post(acts::copy))
        .route("/broadcasts/{number}/delete", post(acts::delete))
        .route("/broadcasts/{number}/people", get(people::page))
        .merge(files)
}

pub(crate) fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry {
        section: Section::Bots,
        order: 30,
        href: "/broadcasts",
        text: "broadcast-menu",
        icon: "megaphone",
        permission: Some(Permission::BroadcastRead),
    }]
}

/// Whether they may write broadcasts, which are written in a bot's name.
fn may_write(ctx: &Ctx) -> bool {
    ctx.may(Permission::BroadcastCreate) && ctx.may(Permission::BotsRead)
}

/// The shell of a page under a broadcast's.
fn crumbs(p: Shell, number: i64, name: &str) -> Shell {
    under(p).crumb_named(format!("/broadcasts/{number}"), name.to_owned())
}

/// The shell of a page under the list.
fn under(p: Shell) -> Shell {
    p.crumb("/broadcasts", "broadcast-menu")
}

/// The choices with what was chosen, should it be none of them any more: a form comes back as it was sent.
fn with_chosen(mut choices: Vec<Choice>, chosen: &str) -> Vec<Choice> {
    if !chosen.is_empty() && !choices.iter().any(|choice| choice.value == chosen) {
        choices.push(Choice::new(chosen, chosen));
    }
    choices
}
