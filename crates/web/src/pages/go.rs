//! Answers of pages: a drawn template, or a way to another page with a notice to show there.

use askama::Template;
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use kernel::{Error, Kind, Result, Text};

use super::{Toast, Tone, Words};
use crate::Problem;

/// The cookie that carries notices over a redirect.
const FLASH_COOKIE: &str = "karvon_flash";
/// A notice that nobody has fetched by then is stale.
const FLASH_SECONDS: u32 = 60;
/// Longest cookie that is read.
const MAX_FLASH_BYTES: usize = 3_000;

/// A drawn page, 200.
pub fn render(page: &impl Template) -> Response {
    render_with(StatusCode::OK, page)
}

/// A drawn page with another status: 422 for a form with errors, 404 for nothing here.
pub fn render_with(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The form again with what was wrong, where the person can mend it (422, 409, 429); every other error stays one.
pub fn form_again<T: Template>(error: Error, page: impl FnOnce(&Error) -> T) -> Result<Response> {
    match error.kind() {
        Kind::Invalid | Kind::Conflict | Kind::TooMuch { .. } => {
            Ok(render_with(Problem::status(error.kind()), &page(&error)))
        }
        _ => Err(error),
    }
}

/// Go to another page (303 See Other), with notices to show there.
#[derive(Debug)]
pub struct Go {
    to: String,
    toasts: Vec<Toast>,
}

impl Go {
    /// To this page of ours. Anything but a local path becomes the first page.
    pub fn to(path: impl Into<String>) -> Self {
        let path = path.into();
        let to = if is_local(&path) { path } else { "/".to_owned() };
        Self { to, toasts: Vec::new() }
    }

    /// With a notice that something was done.
    #[must_use]
    pub fn done(self, words: &Words, text: &Text) -> Self {
        self.toast(Tone::Success, words.say(text))
    }

    /// With a notice.
    #[must_use]
    pub fn toast(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.toasts.push(Toast { tone, text: text.into() });
        self
    }
}

impl IntoResponse for Go {
    fn into_response(self) -> Response {
        let Self { to, toasts } = self;
        let mut response = StatusCode::SEE_OTHER.into_response();
        let location = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/"));
        response.headers_mut().insert(header::LOCATION, location);
        if let Ok(json) = serde_json::to_vec(&toasts)
            && !toasts.is_empty()
        {
            set_flash(response.headers_mut(), &BASE64.encode(json), FLASH_SECONDS);
        }
        response
    }
}

/// The notices that the request brings from the page before; what is malformed is none.
pub fn flash(headers: &HeaderMap) -> Vec<Toast> {
    let read = |value: &str| {
        let bytes = BASE64.decode(value).ok()?;
        serde_json::from_slice::<Vec<Toast>>(&bytes).ok()
    };
    flash_cookie(headers).filter(|value| value.len() <= MAX_FLASH_BYTES).and_then(read).unwrap_or_default()
}

/// What pages need around every route: notices are shown once, and htmx is sent on by a header, because a browser
/// would follow a 303 behind its back.
pub async fn layer(request: Request<Body>, next: Next) -> Response {
    let is_htmx = request.headers().contains_key("hx-request");
    let has_flash = flash_cookie(request.headers()).is_some();
    let mut response = next.run(request).await;
    if is_htmx
        && response.status() == StatusCode::SEE_OTHER
        && let Some(location) = response.headers_mut().remove(header::LOCATION)
    {
        *response.status_mut() = StatusCode::NO_CONTENT;
        response.headers_mut().insert("hx-redirect", location);
    } else if has_flash && is_page(response.headers()) {
        set_flash(response.headers_mut(), "", 0);
    }
    response
}

/// A path of this server: no scheme, no host, no way to smuggle one in.
pub(crate) fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\t'])
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

fn flash_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == FLASH_COOKIE)
        .map(|(_, value)| value)
}

fn set_flash(headers: &mut HeaderMap, value: &str, seconds: u32) {
    let cookie = format!("{FLASH_COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}
