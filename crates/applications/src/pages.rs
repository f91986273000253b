//! The pages of applications, applicants and forms.

mod analytics;
mod applicants;
mod application;
mod bulk;
mod editor;
mod file;
mod forms;
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

/// The addresses of the lists.
const LIST: &str = "/applications";
const APPLICANTS: &str = "/applicants";
const FORMS: &str = "/applications/forms";
const ANALYTICS: &str = "/applications/analytics";

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/applications", get(list::page))
        .route("/applications/bulk", post(bulk::set_statuses))
        .route("/applications/analytics", get(analytics::page))
        .route("/applications/forms", get(forms::page))
        .route("/applications/forms/new", get(editor::new_page).post(editor::create))
        .route("/applications/forms/{id}", get(editor::edit_page).post(editor::save))
        .route("/applications/forms/{id}/copy", get(forms::copy_page).post(forms::copy))
        .route("/applications/forms/{id}/open", post(forms::open))
        .route("/applications/forms/{id}/close", post(forms::close))
        .route("/applications/forms/{id}/delete", post(forms::delete))
        .route("/applications/{number}", get(application::page))
        .route("/applications/{number}/status", post(application::set_status))
        .route("/applications/{number}/notes", post(application::add_note))
        .route("/applicants", get(applicants::page))
        .route("/applicants/{id}", get(applicants::one_page))
        .route("/applicants/{id}/personal-data", get(applicants::personal_data))
        .route("/applicants/{id}/erase", post(applicants::erase))
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 2] = [
    MenuEntry {
        section: Section::Desk,
        order: 20,
        href: LIST,
        text: "applications-menu",
        icon: "clipboard-check",
        permission: Some(Permission::ApplicationsRead),
    },
    MenuEntry {
        section: Section::Desk,
        order: 30,
        href: APPLICANTS,
        text: "applications-menu-applicants",
        icon: "people",
        permission: Some(Permission::ApplicationsRead),
    },
];

/// The shell of a page under the list of applications.
fn under(p: Shell) -> Shell {
    p.crumb(LIST, "applications-menu")
}
