//! Streams of server-sent events: kept open through proxies, ended as soon as the server stops.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt};

use crate::App;

/// A comment keeps the connection open through proxies.
const COMMENT: Duration = Duration::from_secs(15);

/// The answer that tells these events for as long as they come and the server runs. A browser whose stream ends
/// connects again by itself, and a stopping server would wait for it otherwise.
pub fn event_stream<S>(app: &App, events: S) -> Response
where
    S: Stream<Item = Result<Event, Infallible>> + Send + 'static,
{
    let events = events.take_until(app.stopping().clone().cancelled_owned());
    let comments = KeepAlive::new().interval(COMMENT);
    // Buffering proxies would hold the events back.
    ([("x-accel-buffering", "no")], Sse::new(events).keep_alive(comments)).into_response()
}
