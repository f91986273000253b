//! For whoever watches the server: is it alive, can it work, what are its numbers.

use std::sync::OnceLock;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use db::{ReadTx, Scope};
use kernel::Error;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use web::{App, Meta, Module};

/// The token of `/metrics`, set once at start.
static METRICS: OnceLock<(PrometheusHandle, Option<String>)> = OnceLock::new();

/// Starts collecting numbers. A second call changes nothing.
pub(crate) fn start(token: Option<String>) -> kernel::Result<()> {
    if METRICS.get().is_none() {
        let handle = PrometheusBuilder::new().install_recorder().map_err(Error::internal)?;
        let _first = METRICS.get_or_init(|| (handle, token));
    }
    Ok(())
}

pub(crate) fn module() -> Module {
    let routes = Router::new()
        .route("/health/live", get(|| async { "ok" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(numbers));
    Module::new("health").pages(routes)
}

/// 200 when the database answers.
async fn ready(State(app): State<App>) -> web::Result<&'static str> {
    let look = |tx: &mut ReadTx<'_>| tx.query_one("SELECT 1", &[], |row| row.get::<i64>(0));
    app.db().read(Scope::Server, look).await?;
    Ok("ok")
}

/// The numbers, for whoever has the token, or for this machine when there is none.
async fn numbers(meta: axum::Extension<Meta>, headers: HeaderMap) -> Response {
    let Some((handle, token)) = METRICS.get() else { return StatusCode::NOT_FOUND.into_response() };
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let allowed = match token {
        Some(token) => given == Some(token.as_str()),
        None => matches!(meta.address.as_str(), "127.0.0.1" | "::1" | "local"),
    };
    if allowed { handle.render().into_response() } else { StatusCode::NOT_FOUND.into_response() }
}
