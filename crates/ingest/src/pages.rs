//! The pages of imports.

mod list;
mod one;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use context::Permission;
use web::{
    App,
    pages::{MenuEntry, Section},
};

use crate::upload::BODY_BYTES_AT_MOST;

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/imports", get(list::imports_page))
        .route("/imports/new", get(list::new_import_page).post(list::create_import))
        .layer(DefaultBodyLimit::max(BODY_BYTES_AT_MOST))
        .route("/imports/{id}", get(one::import_page))
        .route("/imports/{id}/columns", post(one::set_columns))
        .route("/imports/{id}/apply", post(one::apply_import))
        .route("/imports/{id}/cancel", post(one::cancel_import))
        .route("/imports/{id}/bad-rows.csv", get(one::bad_rows))
}

/// The entry of the side menu.
pub(crate) const MENU: [MenuEntry; 1] = [MenuEntry {
    section: Section::Goods,
    order: 60,
    href: "/imports",
    text: "ingest-menu-imports",
    icon: "upload",
    permission: Some(Permission::InventoryCreate),
}];
