//! Forms of a page that was open for too long: shown again with everything that was typed, and nothing is written.
//!
//! The handler runs as for a form with mistakes, and whatever it wants to write is refused ([`Stale::refuse`]); so the
//! form comes back by the way on which every form comes back. A button without a form leads back to its page.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Error, Result, Text, Zone};

use crate::{
    App, Meta,
    pages::{Go, Tone, is_local},
};

/// Stands on a request whose form was ours and is too old.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stale;

/// What the form says when it is shown again.
const FORM: &str = "web-form-again";
/// What is said beside a button that was no form.
const BUTTON: &str = "web-button-again";

impl Stale {
    /// Refuses to write on behalf of a stale form; fine on behalf of any other request.
    pub(crate) fn refuse(stale: Option<Self>) -> Result<()> {
        if stale.is_some() { Err(Error::invalid(Text::new(FORM))) } else { Ok(()) }
    }
}

/// Where the person stands, for a button that has no form of its own to show again.
pub(crate) struct Back {
    to: String,
    is_htmx: bool,
    meta: Option<Meta>,
}

impl Back {
    /// Of a request that is stale; `None` of any other.
    pub(crate) fn of(request: &Request<Body>) -> Option<Self> {
        request.extensions().get::<Stale>()?;
        let headers = request.headers();
        let to = referer(headers).unwrap_or_else(|| list_of(request.uri().path()));
        let meta = request.extensions().get::<Meta>().cloned();
        Some(Self { to, is_htmx: headers.contains_key("hx-request"), meta })
    }

    /// The answer, unless it is our refusal without a form around it: then the way back, with a notice there.
    pub(crate) fn instead_of(self, app: &App, answer: Response) -> Response {
        let is_bare = answer.extensions().get::<Arc<Error>>().is_some_and(|error| error.text().key() == FORM);
        let Self { to, is_htmx, meta: Some(meta) } = self else { return answer };
        if !is_bare {
            return answer;
        }
        let said = app.words(meta.lang(), Zone::default()).t(BUTTON);
        let mut back = Go::to(to).toast(Tone::Warning, said).into_response();
        if is_htmx && let Some(location) = back.headers_mut().remove(header::LOCATION) {
            *back.status_mut() = StatusCode::NO_CONTENT;
            back.headers_mut().insert("hx-redirect", location);
        }
        back
    }
}

/// For a browser that does not say where it was: the list of what the address names. `/orders/7/confirm` is of `/orders`.
pub(crate) fn list_of(path: &str) -> String {
    let is_row = |part: &str| part.starts_with(|first: char| first.is_ascii_digit()) || part.len() == 36;
    let above = path.rsplit_once('/').map_or("", |(above, _)| above);
    let list: String =
        above.split('/').skip(1).take_while(|part| !is_row(part)).map(|part| format!("/{part}")).collect();
    if list.is_empty() { "/".to_owned() } else { list }
}

/// The page of ours that the request came from.
pub(crate) fn referer(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let (_, rest) = text(header::REFERER)?.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let path = format!("/{path}");
    (text(header::HOST) == Some(host) && is_local(&path)).then_some(path)
}
