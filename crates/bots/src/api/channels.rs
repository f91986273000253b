//! `/api/bots/{id}/channels`.

use axum::{extract::Path, http::StatusCode};
use context::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Caller, Json, ProblemBody, RowKey};

use crate::{
    Bots, Channel, ChannelKind, ChannelState, Intake, actions,
    connect::{Proved, prove},
    reads,
};

/// A Telegram bot to connect.
#[derive(Clone, Deserialize, ToSchema)]
pub struct ChannelIn {
    /// The token that @BotFather gave.
    #[schema(format = Password)]
    pub token: String,
    /// How updates come: `polling` (unless said) or `webhook`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub intake: Option<Intake>,
}

impl std::fmt::Debug for ChannelIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelIn").field("intake", &self.intake).finish_non_exhaustive()
    }
}

/// A way by which people reach a bot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChannelOut {
    /// Its UUID.
    pub id: Uuid,
    /// `simulator`, `telegram` or `web`.
    #[schema(value_type = String)]
    pub kind: ChannelKind,
    /// `live`; `broken` until somebody mends it; `held` while the workspace is suspended.
    #[schema(value_type = String)]
    pub state: ChannelState,
    /// The platform's name of the bot, without `@`.
    pub username: Option<String>,
    /// `polling` or `webhook`.
    #[schema(value_type = Option<String>)]
    pub intake: Option<Intake>,
    /// What is wrong, in the platform's words.
    pub problem: Option<String>,
}

impl From<Channel> for ChannelOut {
    fn from(channel: Channel) -> Self {
        // The token and the webhook's secret never leave the server.
        let Channel {
            id,
            workspace: _,
            bot: _,
            kind,
            state,
            username,
            token_sealed: _,
            intake,
            webhook_secret: _,
            next_update: _,
            problem,
            fence: _,
        } = channel;
        Self { id: id.uuid(), kind, state, username, intake, problem }
    }
}

/// The channels of a bot.
#[utoipa::path(get, path = "/api/bots/{id}/channels", tag = "bots",
    params(("id" = String, Path, description = "number or UUID of the bot")),
    responses((status = 200, body = Vec<ChannelOut>), (status = 404, body = ProblemBody)))]
pub(super) async fn list_channels(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<Vec<ChannelOut>>> {
    let (_, channels) = caller.read(move |ctx, tx| reads::get_bot_with_channels(ctx, tx, key)).await?;
    Ok(Json(channels.into_iter().map(ChannelOut::from).collect()))
}

/// Connects a Telegram bot. Telegram is asked first whose token it is.
#[utoipa::path(post, path = "/api/bots/{id}/channels", tag = "bots", request_body = ChannelIn,
    params(("id" = String, Path, description = "number or UUID of the bot")),
    responses((status = 201, body = ChannelOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn connect_channel(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(ChannelIn { token, intake }): Json<ChannelIn>,
) -> web::Result<(StatusCode, Json<ChannelOut>)> {
    caller.ctx.require(Permission::BotsEdit)?;
    let bot = caller.read(move |ctx, tx| reads::get_bot(ctx, tx, key)).await?.id;
    let bots = caller.app.service::<Bots>()?;
    let Proved { token, profile, intake } = prove(&bots, &token, intake.unwrap_or(Intake::Polling)).await?;
    let connected = caller.once(move |ctx, tx| {
        actions::connect_telegram(ctx, tx, &bots, bot, &token, &profile, intake).map(ChannelOut::from)
    });
    Ok((StatusCode::CREATED, Json(connected.await?)))
}

/// Takes a channel away. Its conversations stay.
#[utoipa::path(delete, path = "/api/bots/{id}/channels/{channel}", tag = "bots",
    params(("id" = String, Path, description = "number or UUID of the bot"), ("channel" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn disconnect_channel(
    caller: Caller,
    Path((bot, channel)): Path<(RowKey, RowKey)>,
) -> web::Result<StatusCode> {
    let done = caller.write(move |ctx, tx| {
        let channel = reads::get_channel(ctx, tx, bot, channel)?;
        actions::disconnect(ctx, tx, channel.id).map(drop)
    });
    done.await?;
    Ok(StatusCode::NO_CONTENT)
}
