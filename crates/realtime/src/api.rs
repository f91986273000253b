//! `/api/realtime`: the stream of what happens, and events of outside systems.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use std::sync::Arc;

use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use context::settled_events;
use db::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, ProblemBody, Query, event_stream};

use crate::{Realtime, Topics, hub::Told, missed::missed, publish, stream::Listening};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(stream_events)).routes(routes!(publish_event))
}

/// What somebody wants to hear.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StreamQuery {
    /// Names of events, or their beginnings, with commas: `sales_order,stock.changed`. All that the caller may see unless said.
    #[serde(default)]
    topics: String,
    /// The last event heard; the header `Last-Event-ID` comes before it.
    #[serde(default)]
    last_event_id: Option<String>,
}

/// What happens in the workspace, as server-sent events. Each is `{"name", "subject", "at", "data"}`, and only those
/// come that the caller may see. `ready` says that nothing was missed, `reset` that everything has to be read anew.
/// A caller that goes on after `Last-Event-ID` is told what it missed.
#[utoipa::path(get, path = "/api/realtime/stream", tag = "realtime", params(StreamQuery),
    responses((status = 200, body = String, content_type = "text/event-stream"),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn stream_events(
    caller: Caller,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let StreamQuery { topics, last_event_id } = query;
    let topics = Topics::parse(&topics)?;
    let header = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    // What is no place of ours was never reached.
    let heard = header.or(last_event_id).filter(|id| !id.is_empty()).map(|id| id.parse().unwrap_or(-1));
    // The seat first: what happens while the outbox is read is heard twice rather than never.
    let seat = caller.app.service::<Realtime>()?.sit(&caller.ctx).await?;
    let (permissions, wanted) = (caller.ctx.permissions(), topics.clone());
    let is_for = move |told: &Told| told.is_for(permissions, &wanted);
    let settled = caller.db().read(Scope::Server, settled_events).await?;
    let missed = caller.read(move |ctx, tx| missed(ctx, tx, settled, heard, &is_for)).await?;
    let listening = Listening::new(seat, permissions, topics, missed);
    Ok(event_stream(&caller.app, listening.events()))
}

/// An event of an outside system.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct EventIn {
    /// Its topic; it is told as `custom.{topic}`.
    #[schema(example = "order.shipped", max_length = 64)]
    topic: String,
    /// What it tells, at most 8 KiB.
    #[serde(default)]
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

/// An event that is on its way.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct EventOut {
    /// The name under which it is told.
    #[schema(example = "custom.order.shipped")]
    name: String,
}

/// Tells everybody of the workspace who listens.
#[utoipa::path(post, path = "/api/realtime/publish", tag = "realtime", request_body = EventIn,
    responses((status = 202, body = EventOut), (status = 422, body = ProblemBody)))]
async fn publish_event(
    caller: Caller,
    Json(body): Json<EventIn>,
) -> web::Result<(StatusCode, Json<EventOut>)> {
    let body = Arc::new(body);
    let name = caller.once(move |ctx, tx| publish(ctx, tx, &body.topic, &body.data)).await?;
    Ok((StatusCode::ACCEPTED, Json(EventOut { name })))
}
