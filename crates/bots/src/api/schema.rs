//! `/api/blueprints/schema`: the format of blueprints, for editors and for programs that write them.

use axum::http::header;
use serde_json::Value;
use web::{Json, ProblemBody};

use crate::host;

/// The format of blueprints as JSON Schema (draft 2020-12). Open to everybody: an editor asks for it without a key.
#[utoipa::path(get, path = "/api/blueprints/schema", tag = "bots",
    responses((status = 200, content_type = "application/schema+json", body = Value),
        (status = 503, body = ProblemBody)), security(()))]
pub(super) async fn get_blueprint_schema() -> ([(header::HeaderName, &'static str); 2], Json<Value>) {
    let headers =
        [(header::CONTENT_TYPE, "application/schema+json"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, Json(flow::schema(host::actions())))
}
