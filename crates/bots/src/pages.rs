//! Pages.
use axum::Router;
use web::App;
pub(crate) fn routes() -> Router<App> { Router::new() }
pub(crate) fn menu() -> Vec<web::pages::MenuEntry> { Vec::new() }
