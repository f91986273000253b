//! Simulator.
use axum::Router;
use web::App;
pub(crate) fn routes() -> Router<App> { Router::new() }
