//! The REST API of surveys.

use utoipa_axum::router::OpenApiRouter;
use web::App;

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
