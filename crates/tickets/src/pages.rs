//! The pages of the desk: the queue with the ticket that is open, categories, agents, working hours, the report.

mod agents;
mod canned;
mod categories;
mod desk;
mod labels;
mod report;
mod settings;
mod ticket;
mod words;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use context::Permission;
use web::{
    App,
    pages::{MenuEntry, Section, Shell},
};

/// The longest file that one request brings: what a bot may send (Bot API, "Sending files").
const FILE_BYTES_MAX: usize = 50 * 1024 * 1024;

pub(crate) fn routes() -> Router<App> {
    let files = Router::new()
        .route("/desk/{number}/file", post(ticket::acts::send_file))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX + 16 * 1024));
    Router::new()
        .route("/desk", get(desk::queue_page))
        .route("/desk/new", get(ticket::form::new_page).post(ticket::form::create))
        .route("/desk/duty", post(agents::set_own_duty))
        .route("/desk/agents", get(agents::page))
        .route("/desk/agents/new", get(agents::new_page).post(agents::create))
        .route("/desk/agents/me", post(agents::become_one))
        .route("/desk/agents/{number}", get(agents::edit_page).post(agents::save))
        .route("/desk/agents/{number}/duty", post(agents::set_duty))
        .route("/desk/categories", get(categories::page))
        .route("/desk/categories/new", get(categories::new_page).post(categories::create))
        .route("/desk/categories/{number}", get(categories::edit_page).post(categories::save))
        .route("/desk/report", get(report::page))
        .route("/desk/settings", get(settings::page).post(settings::save))
        .route("/desk/{number}", get(desk::ticket_page))
        .route("/desk/{number}/files/{message}", get(ticket::file))
        .route("/desk/{number}/say", post(ticket::acts::say))
        .route("/desk/{number}/present", post(ticket::acts::be_present))
        .route("/desk/{number}/assign", post(ticket::acts::assign))
        .route("/desk/{number}/take", post(ticket::acts::take))
        .route("/desk/{number}/category", post(ticket::acts::move_to))
        .route("/desk/{number}/labels", post(ticket::acts::set_labels))
        .route("/desk/{number}/snooze", post(ticket::acts::snooze))
        .route("/desk/{number}/wake", post(ticket::acts::wake))
        .route("/desk/{number}/close", post(ticket::acts::close))
        .route("/desk/{number}/reopen", post(ticket::acts::reopen))
        .route("/desk/{number}/merge", post(ticket::acts::merge))
        .route("/conversations/labels", get(labels::page).post(labels::create))
        .route("/conversations/labels/{id}", get(labels::edit_page).post(labels::save))
        .route("/conversations/labels/{id}/delete", post(labels::delete))
        .route("/conversations/canned", get(canned::page))
        .route("/conversations/canned/new", get(canned::new_page).post(canned::create))
        .route("/conversations/canned/{id}", get(canned::edit_page).post(canned::save))
        .route("/conversations/canned/{id}/delete", post(canned::delete))
        .merge(files)
}

pub(crate) fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry {
        section: Section::Bots,
        order: 15,
        href: "/desk",
        text: "tickets-menu",
        icon: "headset",
        permission: Some(Permission::TicketsRead),
    }]
}

/// The shell of a page of what the desk and the inbox share: under the inbox for those who have it.
fn shared(p: Shell) -> Shell {
    match p.can(Permission::BotsRead) {
        true => p.crumb("/conversations", "tickets-conversations"),
        false => under(p),
    }
}

/// The shell of a page under the queue.
fn under(p: Shell) -> Shell {
    p.crumb("/desk", "tickets-menu")
}
