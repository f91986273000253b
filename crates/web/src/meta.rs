//! What is known of a request before anybody is: language, address, id, what kind of answer it wants.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use kernel::{Lang, Timestamp};

use crate::{App, LANG_COOKIE, cookie};

/// The header that carries a request's id in and out.
const REQUEST_ID: &str = "x-request-id";

/// What is known of a request before anybody is.
#[derive(Debug, Clone)]
pub struct Meta {
    /// The id that logs and error pages quote.
    pub request_id: String,
    /// The caller's address.
    pub address: String,
    /// The path with its query.
    pub path: String,
    /// The moment of the call.
    pub now: Timestamp,
    /// Whether the answer is for a program: problem+json instead of a page.
    pub wants_json: bool,
    asked_lang: Lang,
    /// The language of whoever turned out to call.
    chosen_lang: Arc<OnceLock<Lang>>,
}

impl Meta {
    /// The language of the answer.
    pub fn lang(&self) -> Lang {
        self.chosen_lang.get().copied().unwrap_or(self.asked_lang)
    }

    /// Notes the language that the caller chose in the profile. The first note counts.
    pub(crate) fn choose_lang(&self, lang: Lang) {
        let _first = self.chosen_lang.get_or_init(|| lang);
    }

    fn read(app: &App, request: &Request<Body>) -> Self {
        let headers = request.headers();
        let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let is_api = path.starts_with("/api/") || path == "/api";
        let from_cookie = cookie::find(headers, LANG_COOKIE).and_then(Lang::parse);
        let from_header = text_of(headers, header::ACCEPT_LANGUAGE.as_str()).and_then(Lang::from_accept);
        let accepts = text_of(headers, header::ACCEPT.as_str()).unwrap_or_default();
        let wants_json = is_api
            || headers.contains_key("hx-request")
            || (accepts.contains("json") && !accepts.contains("text/html"));
        // A program says what it wants by the header; a page's reader chose by a link.
        let asked_lang = if is_api { from_header.or(from_cookie) } else { from_cookie.or(from_header) };
        Self {
            request_id: request_id(app, headers),
            address: address(app, request),
            path,
            now: app.clock().now(),
            wants_json,
            asked_lang: asked_lang.unwrap_or_default(),
            chosen_lang: Arc::default(),
        }
    }
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn request_id(app: &App, headers: &HeaderMap) -> String {
    let plausible = |id: &&str| {
        (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    match text_of(headers, REQUEST_ID).filter(plausible) {
        Some(id) if app.config().behind_proxy => id.to_owned(),
        _ => hex::encode(app.random().bytes::<8>()),
    }
}

fn address(app: &App, request: &Request<Body>) -> String {
    let forwarded = text_of(request.headers(), "x-forwarded-for")
        .filter(|_| app.config().behind_proxy)
        // The last entry is the one that our own proxy added.
        .and_then(|list| list.rsplit(',').next())
        .map(|entry| entry.trim().to_owned())
        .filter(|entry| entry.len() <= 45);
    forwarded.unwrap_or_else(|| {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        peer.map_or_else(|| "local".to_owned(), |ConnectInfo(peer)| peer.ip().to_string())
    })
}

/// Reads [`Meta`] once and puts it where everybody finds it.
pub(crate) async fn layer(State(app): State<App>, mut request: Request<Body>, next: Next) -> Response {
    let meta = Meta::read(&app, &request);
    let id = HeaderValue::from_str(&meta.request_id).ok();
    request.extensions_mut().insert(meta);
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
