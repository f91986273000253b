//! `/api/bots/{id}/web-chats`: chats on sites.

use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use context::Ctx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Caller, Json, ProblemBody, RowKey};

use crate::{
    WebChat, actions, reads,
    webchat::{NewWebChat, Side, Site, home, snippet},
};

/// A chat on a site, as it shall be.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct WebChatIn {
    /// Stands above the chat; empty means the name of the shop.
    #[schema(max_length = 60)]
    pub title: String,
    /// Said beside the button; may be empty.
    #[schema(max_length = 300)]
    pub greeting: String,
    /// `#rrggbb`; empty means the usual colour.
    #[schema(example = "#1f6feb")]
    pub colour: String,
    /// The corner of the button: `right` (unless said) or `left`.
    #[schema(value_type = Option<String>)]
    pub side: Side,
    /// Sites that may show it, such as `https://shop.uz` or `https://*.shop.uz`. While there are none, only the server's
    /// own page for trying it may.
    #[schema(max_items = 20, example = json!(["https://shop.uz"]))]
    pub origins: Vec<String>,
}

impl From<WebChatIn> for NewWebChat {
    fn from(input: WebChatIn) -> Self {
        let WebChatIn { title, greeting, colour, side, origins } = input;
        Self { title, greeting, colour, side, origins }
    }
}

/// A chat on a site.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WebChatOut {
    /// The UUID of its channel.
    pub id: Uuid,
    /// Names it in the snippet. No secret.
    pub key: String,
    /// Stands above the chat.
    pub title: String,
    /// Said beside the button.
    pub greeting: String,
    /// `#rrggbb`.
    pub colour: String,
    /// `right` or `left`.
    #[schema(value_type = String)]
    pub side: Side,
    /// Sites that may show it.
    pub origins: Vec<String>,
    /// What is put into a page of those sites.
    pub snippet: String,
}

impl WebChatOut {
    fn new(chat: WebChat, public_url: &str) -> Self {
        let snippet = snippet(public_url, &chat.key);
        let WebChat { channel, key, title, greeting, colour, side, sites } = chat;
        let origins = sites.iter().map(Site::as_str).map(str::to_owned).collect();
        Self { id: channel.uuid(), key, title, greeting, colour, side, origins, snippet }
    }
}

/// The chats of a bot on sites.
#[utoipa::path(get, path = "/api/bots/{id}/web-chats", tag = "bots",
    params(("id" = String, Path, description = "number or UUID of the bot")),
    responses((status = 200, body = Vec<WebChatOut>), (status = 404, body = ProblemBody)))]
pub(super) async fn list_web_chats(
    caller: Caller,
    Path(key): Path<RowKey>,
    headers: HeaderMap,
) -> web::Result<Json<Vec<WebChatOut>>> {
    let url = home(&caller.app, &headers);
    let chats = caller.read(move |ctx, tx| reads::list_web_chats(ctx, tx, key)).await?;
    Ok(Json(chats.into_iter().map(|chat| WebChatOut::new(chat, &url)).collect()))
}

/// Makes a chat that sites can show.
#[utoipa::path(post, path = "/api/bots/{id}/web-chats", tag = "bots", request_body = WebChatIn,
    params(("id" = String, Path, description = "number or UUID of the bot")),
    responses((status = 201, body = WebChatOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn create_web_chat(
    caller: Caller,
    Path(key): Path<RowKey>,
    headers: HeaderMap,
    Json(input): Json<WebChatIn>,
) -> web::Result<(StatusCode, Json<WebChatOut>)> {
    let (url, new) = (home(&caller.app, &headers), NewWebChat::from(input));
    let make = move |ctx: &Ctx, tx: &mut db::Tx<'_>| {
        let bot = reads::get_bot(ctx, tx, key)?.id;
        actions::connect_web_chat(ctx, tx, bot, &new).map(|chat| WebChatOut::new(chat, &url))
    };
    Ok((StatusCode::CREATED, Json(caller.once(make).await?)))
}

/// Changes what a chat shows and where. What is left out is as when it is made.
#[utoipa::path(put, path = "/api/bots/{id}/web-chats/{channel}", tag = "bots", request_body = WebChatIn,
    params(("id" = String, Path, description = "number or UUID of the bot"), ("channel" = Uuid, Path)),
    responses((status = 200, body = WebChatOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn update_web_chat(
    caller: Caller,
    Path((bot, channel)): Path<(RowKey, RowKey)>,
    headers: HeaderMap,
    Json(input): Json<WebChatIn>,
) -> web::Result<Json<WebChatOut>> {
    let (url, new) = (home(&caller.app, &headers), NewWebChat::from(input));
    let change = move |ctx: &Ctx, tx: &mut db::Tx<'_>| {
        let channel = reads::get_channel(ctx, tx, bot, channel)?.id;
        actions::change_web_chat(ctx, tx, channel, &new).map(|chat| WebChatOut::new(chat, &url))
    };
    Ok(Json(caller.write(change).await?))
}
