//! Who may come in: the chat that an address names, the page's origin, the visitor's token, and the headers by which a
//! browser lets another site's page read the answer (Fetch, "CORS protocol").

use std::sync::{Arc, OnceLock};

use axum::{
    extract::{FromRequestParts, RawPathParams, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use context::{Actor, ActorKind, Ctx, CtxBuilder, Permissions};
use db::{ReadTx, Scope};
use kernel::{Error, Kind, Result, Text, Zone};
use web::{App, Meta, Problem};

use super::{Visitor, WebChat, pace::Doing, site::is_own, visitor::hash};
use crate::{Bots, Channel, ChannelState, store};

/// The header that carries a visitor's token.
const TOKEN_HEADER: &str = "x-chat-token";
/// Characters of a key and of a token; nothing longer is ours.
const WORD_CHARS: usize = 100;
/// How long a browser need not ask again what it may send, seconds; longer ones are cut by browsers.
const PREFLIGHT_S: &str = "7200";

/// The chat that an address names, opened to the page that asks.
pub(super) struct Door {
    pub(super) app: App,
    pub(super) meta: Meta,
    pub(super) bots: Arc<Bots>,
    pub(super) channel: Channel,
    pub(super) chat: WebChat,
    pub(super) ctx: Ctx,
    /// Whether the page's origin was said, and let in.
    pub(super) is_from_page: bool,
}

impl FromRequestParts<App> for Door {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let meta = parts.extensions.get::<Meta>().cloned().ok_or_else(|| Error::internal("no meta"))?;
        let bots: Arc<Bots> = app.service()?;
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::not_found())?;
        let key = params.iter().find(|(name, _)| *name == "key").map(|(_, key)| key.to_owned());
        let key = key.filter(|key| key.len() <= WORD_CHARS).ok_or_else(Error::not_found)?;
        let find = move |tx: &mut ReadTx<'_>| find(tx, &key);
        let (chat, channel) = app.db().read(Scope::Server, find).await?.ok_or_else(Error::not_found)?;
        let is_from_page = let_in(app, &chat, parts)?;
        // Only what a page may read is counted: its refusal can be read by it, too.
        bots.pace().count(Doing::Asking, &meta.address, meta.now)?;
        // Its workspace is suspended: the page keeps what was written, and asks again.
        if channel.state == ChannelState::Held {
            return Err(Error::busy().into());
        }
        let ctx = ctx_of(app, &meta, &channel);
        Ok(Self { app: app.clone(), meta, bots, channel, chat, ctx, is_from_page })
    }
}

fn find(tx: &mut ReadTx, key: &str) -> Result<Option<(WebChat, Channel)>> {
    let Some(chat) = store::web_chat::find_anywhere(tx, key)? else { return Ok(None) };
    let channel = store::channel::find_anywhere(tx, chat.channel)?;
    Ok(channel.map(|channel| (chat, channel)))
}

/// Refuses pages of other sites. Whoever says no origin is no page of another site: a browser says it for them.
fn let_in(app: &App, chat: &WebChat, parts: &Parts) -> Result<bool> {
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return Ok(false) };
    let said = origin.to_str().unwrap_or_default();
    let host = host_of(app, &parts.headers);
    if !chat.allows(said) && !is_own(said, host, &app.config().public_url) {
        return Err(Error::new(Kind::Forbidden, Text::new("bots-web-origin-refused")));
    }
    if let Some(allowed) = parts.extensions.get::<Allowed>() {
        let _first = allowed.0.set(origin.clone());
    }
    Ok(true)
}

/// The address of this server in snippets: the one that people type, or where none is said, the one that was asked for.
pub(crate) fn home(app: &App, headers: &HeaderMap) -> String {
    match (app.config().public_url.as_str(), host_of(app, headers)) {
        ("", Some(host)) => format!("http://{host}"),
        (url, _) => url.to_owned(),
    }
}

/// The name by which the browser asked for this server.
fn host_of<'h>(app: &App, headers: &'h HeaderMap) -> Option<&'h str> {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let forwarded = headers.get("x-forwarded-host").and_then(|value| value.to_str().ok());
    forwarded.filter(|_| app.config().behind_proxy).or_else(|| text(&header::HOST))
}

/// A context for what comes over this channel: the bot's, which may nothing by itself.
fn ctx_of(app: &App, meta: &Meta, channel: &Channel) -> Ctx {
    let actor = Actor { kind: ActorKind::Bot, id: Some(channel.bot.uuid()), name: "web".to_owned() };
    CtxBuilder {
        workspace: channel.workspace,
        actor,
        operator: None,
        permissions: Permissions::NONE,
        lang: meta.lang(),
        zone: Zone::default(),
        now: meta.now,
        random: app.random().clone(),
        origin: meta.address.clone(),
    }
    .build()
}

impl Door {
    /// Whose token this is; "not found" when it is nobody's here.
    pub(super) async fn visitor(&self, token: &str) -> Result<Visitor> {
        let (ctx, channel, hash) = (self.ctx.clone(), self.channel.id, hash(token));
        let find = move |tx: &mut ReadTx<'_>| store::web_chat::find_visitor(&ctx, tx, channel, &hash);
        let found = match token.len() {
            1..=WORD_CHARS => self.app.db().read(&self.ctx, find).await?,
            _ => None,
        };
        found.ok_or_else(Error::not_found)
    }
}

/// A visitor who has shown their token.
pub(super) struct Guest {
    pub(super) door: Door,
    pub(super) visitor: Visitor,
}

impl FromRequestParts<App> for Guest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let door = Door::from_request_parts(parts, app).await?;
        let token = parts.headers.get(TOKEN_HEADER).and_then(|token| token.to_str().ok());
        let visitor = door.visitor(token.unwrap_or_default()).await?;
        Ok(Self { door, visitor })
    }
}

/// The origin that was let in, for the answer's headers.
#[derive(Debug, Clone, Default)]
struct Allowed(Arc<OnceLock<HeaderValue>>);

/// Tells the browser that the page which was let in may read the answer, be it a refusal.
pub(super) async fn cors(mut request: Request, next: Next) -> Response {
    let allowed = Allowed::default();
    request.extensions_mut().insert(allowed.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = allowed.0.get() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    }
    response
}

/// `OPTIONS`: what a page may send.
pub(super) async fn preflight(_: Door) -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "accept, content-type, x-chat-token"),
        (header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_S),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
