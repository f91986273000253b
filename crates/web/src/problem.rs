//! Errors as answers: RFC 9457 problem details for programs, a page for people, in the caller's language.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Error, FieldError, Kind, Text};
use serde::Serialize;
use text::Texts;
use utoipa::ToSchema;

use crate::{
    App, Caller, Meta, guard,
    pages::{Action, ErrorPage, Shell, render_with},
    stale,
};

/// Seconds after which a busy server may be asked again.
const BUSY_RETRY_S: u32 = 2;

/// What handlers answer.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// An [`Error`] on its way to the caller.
#[derive(Debug)]
pub struct Problem(pub Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl Problem {
    /// The status of an error of this kind.
    pub(crate) const fn status(kind: Kind) -> StatusCode {
        match kind {
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::TooMuch { .. } => StatusCode::TOO_MANY_REQUESTS,
            Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A problem without words yet; [`layer`] finds it and knows the caller's language.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Self::status(self.0.kind()).into_response();
        response.extensions_mut().insert(Arc::new(self.0));
        response
    }
}

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// Always `about:blank`: the code says what it is.
    pub r#type: &'static str,
    /// The sentence for the person, in the caller's language.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code: the key of the text.
    pub code: &'static str,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// What to quote to whoever runs the server.
    pub request_id: String,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// The field's path: `lines.0.quantity`.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// The sentence for the person.
    pub message: String,
}

fn body_of(error: &Error, status: StatusCode, meta: &Meta, texts: &Texts) -> ProblemBody {
    let lang = meta.lang();
    let errors = error
        .field_errors()
        .iter()
        .map(|FieldError { field, text }| ProblemField {
            field: field.clone(),
            code: text.key(),
            message: texts.say(lang, text),
        })
        .collect();
    ProblemBody {
        r#type: "about:blank",
        title: texts.say(lang, error.text()),
        status: status.as_u16(),
        code: error.text().key(),
        errors,
        request_id: meta.request_id.clone(),
    }
}

/// Gives words to problems, and a body to the bare statuses that the framework answers.
pub(crate) async fn layer(State(app): State<App>, request: Request<Body>, next: Next) -> Response {
    let meta = request.extensions().get::<Meta>().cloned();
    let asker = meta.as_ref().filter(|meta| !meta.wants_json).map(|meta| asker(&request, meta));
    let mut response = next.run(request).await;
    let Some(meta) = meta else { return response };
    let error = match response.extensions_mut().remove::<Arc<Error>>() {
        Some(error) => error,
        None => match bare(&response) {
            Some(error) => Arc::new(error),
            None => return response,
        },
    };
    let status = response.status();
    if error.kind() == Kind::Internal {
        tracing::error!(%error, http.request_id = meta.request_id, http.path = meta.path, "a request failed");
    }
    let mut answer = if meta.wants_json {
        let body = body_of(&error, status, &meta, app.texts());
        let mut answer = (status, Json(body)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        answer.headers_mut().insert(header::CONTENT_TYPE, kind);
        answer
    } else {
        page_of(&app, &error, status, &meta, asker).await
    };
    let retry_after = match error.kind() {
        Kind::TooMuch { retry_after_s } => retry_after_s,
        Kind::Busy => Some(BUSY_RETRY_S),
        _ => None,
    };
    if let Some(seconds) = retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    for (name, value) in response.headers() {
        // Which page of another site may read the answer is no matter of what it says.
        let is_about_pages = name == header::VARY || name.as_str().starts_with("access-control-");
        if name == header::SET_COOKIE || name == header::ALLOW || is_about_pages {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer
}

/// Who asked, kept for the page that says no.
fn asker(request: &Request<Body>, meta: &Meta) -> Parts {
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.method = request.method().clone();
    parts.headers = request.headers().clone();
    parts.extensions.insert(guard::credentials(request.headers()));
    parts.extensions.insert(meta.clone());
    parts
}

/// A page that says no. Whoever is signed in keeps the menu around it, unless the server is too busy to look.
async fn page_of(
    app: &App,
    error: &Error,
    status: StatusCode,
    meta: &Meta,
    asker: Option<Parts>,
) -> Response {
    let title = match error.kind() {
        Kind::Invalid => "web-error-invalid-title",
        Kind::Unauthenticated => "web-error-unauthenticated-title",
        Kind::Forbidden => "web-error-forbidden-title",
        Kind::NotFound => "web-error-not-found-title",
        Kind::Conflict => "web-error-conflict-title",
        Kind::TooMuch { .. } => "web-error-too-much-title",
        Kind::Busy => "web-error-busy-title",
        Kind::Internal => "web-error-internal-title",
    };
    let is_anybody = matches!(error.kind(), Kind::Busy | Kind::Unauthenticated);
    let from = asker.as_ref().and_then(|parts| stale::referer(&parts.headers));
    let is_read = asker.as_ref().is_some_and(|parts| parts.method == Method::GET);
    let caller = match asker.filter(|_| !is_anybody) {
        Some(mut parts) => <Caller as FromRequestParts<App>>::from_request_parts(&mut parts, app).await.ok(),
        None => None,
    };
    let mut p = match caller {
        Some(caller) => caller.shell(),
        None => {
            let words = app.words(meta.lang(), kernel::Zone::default());
            Shell::new(words, meta.path.clone(), "", meta.request_id.clone())
        }
    };
    // A notice waits for the page that the person meant to see.
    p.toasts.clear();
    if !is_read {
        // What only takes forms cannot be opened again in another language.
        p.path = from.clone().unwrap_or_else(|| stale::list_of(&meta.path));
    }
    let is_suspended = error.text().key() == "web-suspended";
    let elsewhere = is_suspended.then(|| Action::link("/workspaces", p.t("web-workspaces")).primary());
    let back = elsewhere.or_else(|| way_back(&p, from.filter(|from| *from != meta.path), &meta.path));
    let text = p.say(error.text());
    let p = p.titled(title);
    let request_id = meta.request_id.clone();
    render_with(status, &ErrorPage { p, status: status.as_u16(), text, back, request_id })
}

/// To the page before; without one to the list of the menu under which this page lies.
fn way_back(p: &Shell, from: Option<String>, path: &str) -> Option<Action> {
    if let Some(from) = from {
        return Some(Action::link(from, p.t("web-go-back")).primary().icon("arrow-left"));
    }
    let bare = path.split('?').next().unwrap_or_default();
    let mut links = p.menu.iter().flat_map(|group| &group.links);
    let above = links.find(|link| link.current && link.href != bare && link.href != "/")?;
    Some(Action::link(above.href, above.label.clone()).primary().icon("arrow-left"))
}

/// What a status without a body of ours means: the framework's own refusals.
fn bare(response: &Response) -> Option<Error> {
    let is_ours = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"application/") || kind.as_bytes().starts_with(b"text/html")
    });
    if is_ours {
        return None;
    }
    let text = |key| Text::new(key);
    Some(match response.status() {
        StatusCode::NOT_FOUND => Error::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Error::new(Kind::Invalid, text("web-method-not-allowed")),
        StatusCode::PAYLOAD_TOO_LARGE => {
            Error::new(Kind::TooMuch { retry_after_s: None }, text("web-body-too-large"))
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::invalid(text("web-body-not-json")),
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => Error::busy(),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            Error::invalid(text("web-request-malformed"))
        }
        StatusCode::INTERNAL_SERVER_ERROR => Error::internal("a handler panicked"),
        _ => return None,
    })
}
