//! Telegram calls us: the secret first, then the update, then 200 when it is durably taken.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use channels::telegram::{SECRET_HEADER, parse, secret_matches};
use db::{ReadTx, Scope};
use kernel::{Error, Id};
use web::App;

use super::intake::{ctx_of, take_all};
use crate::{Bots, Channel, ChannelState, store};

/// An update of Telegram's is far smaller.
const BODY_BYTES: usize = 1 << 20;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/webhook/telegram/{channel}", post(take_update))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

async fn take_update(
    State(app): State<App>,
    Path(channel): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> web::Result<StatusCode> {
    let channel = find(&app, &channel).await?;
    let secret = channel.webhook_secret.as_deref().unwrap_or_default();
    // Whoever does not know the secret learns nothing, not even that the channel exists.
    if secret.is_empty() || !secret_matches(secret, headers.get(SECRET_HEADER).map(|value| value.as_bytes()))
    {
        return Err(Error::not_found().into());
    }
    // Its workspace is suspended: Telegram keeps the update and calls again.
    if channel.state == ChannelState::Held {
        return Err(Error::busy().into());
    }
    let Ok(update) = parse(&body) else {
        // Without an id it can be neither deduped nor asked for again.
        tracing::warn!(channel.id = %channel.id, "a webhook call holds no update");
        return Ok(StatusCode::OK);
    };
    let ctx = ctx_of(&channel, app.clock().now(), app.random());
    let bots: Arc<Bots> = app.service()?;
    take_all(&ctx, app.db(), &bots, &channel, &[update]).await?;
    Ok(StatusCode::OK)
}

async fn find(app: &App, text: &str) -> web::Result<Channel> {
    let id = Id::parse(text)?;
    let read = move |tx: &mut ReadTx<'_>| store::channel::find_anywhere(tx, id);
    Ok(app.db().read(Scope::Server, read).await?.ok_or_else(Error::not_found)?)
}
