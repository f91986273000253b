//! REST.
use utoipa_axum::router::OpenApiRouter;
use web::App;
pub(crate) fn routes() -> OpenApiRouter<App> { OpenApiRouter::new() }
