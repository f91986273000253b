//! The pages: the list, forms of the three kinds, one document, and a place to try a question.

mod form;
mod import;
mod list;
mod one;
mod try_question;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use context::Permission;
use web::{
    App,
    pages::{MenuEntry, Section, Shell, Tone},
};

use crate::{DocumentState, upload::BODY_BYTES};

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/knowledge/files/new", get(form::new_file_page).post(form::create_file))
        .route("/knowledge/pairs/import", get(import::import_page).post(import::import_pairs))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .route("/knowledge", get(list::documents_page))
        .route("/knowledge/try", get(try_question::try_page))
        .route("/knowledge/pairs/new", get(form::new_pair_page).post(form::create_pair))
        .route("/knowledge/texts/new", get(form::new_text_page).post(form::create_text))
        .route("/knowledge/{id}", get(one::document_page))
        .route("/knowledge/{id}/edit", get(form::edit_page).post(form::update_document))
        .route("/knowledge/{id}/on", post(one::switch_on))
        .route("/knowledge/{id}/off", post(one::switch_off))
        .route("/knowledge/{id}/read", post(one::read_again))
        .route("/knowledge/{id}/delete", post(one::delete_document))
}

/// The entry of the side menu.
pub(crate) const MENU: [MenuEntry; 1] = [MenuEntry {
    section: Section::Bots,
    order: 40,
    href: "/knowledge",
    text: "knowledge-menu",
    icon: "book",
    permission: Some(Permission::BotsRead),
}];

/// The colour of a state.
const fn tone(state: DocumentState) -> Tone {
    match state {
        DocumentState::Waiting => Tone::Info,
        DocumentState::Ready => Tone::Success,
        DocumentState::Failed => Tone::Error,
    }
}

fn under_list(p: Shell) -> Shell {
    p.crumb("/knowledge", "knowledge-menu")
}

fn address(number: i64) -> String {
    format!("/knowledge/{number}")
}
