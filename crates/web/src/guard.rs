//! What every unsafe request passes before a handler sees it: the size of its body, its origin, its CSRF token,
//! its idempotency key.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Kind, Result, Text};
use sha2::Sha256;

use crate::{
    App, Credentials, Problem, SESSION_COOKIE, cookie, csrf,
    once::Once,
    stale::{Back, Stale},
};

/// Bytes of a body that is read whole; files come as multipart, with limits of their own.
const MAX_BODY_BYTES: usize = 2 << 20;
/// Characters of an idempotency key.
const MAX_KEY_CHARS: usize = 200;

/// Passes or refuses the request; see the module.
pub(crate) async fn layer(State(app): State<App>, request: Request<Body>, next: Next) -> Response {
    match pass(&app, request).await {
        Ok(request) => match Back::of(&request) {
            Some(back) => back.instead_of(&app, next.run(request).await),
            None => next.run(request).await,
        },
        Err(error) => Problem(error).into_response(),
    }
}

async fn pass(app: &App, mut request: Request<Body>) -> Result<Request<Body>> {
    let credentials = credentials(request.headers());
    request.extensions_mut().insert(credentials.clone());
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(request);
    }
    let is_form = content_type(request.headers()).starts_with("application/x-www-form-urlencoded");
    let is_multipart = content_type(request.headers()).starts_with("multipart/form-data");
    let path = request.uri().path();
    let is_api = path == "/api" || path.starts_with("/api/");
    let (mut parts, body) = request.into_parts();
    // A file is not read here: its route has a limit of its own.
    let (bytes, body) = if is_multipart {
        (None, body)
    } else {
        let bytes = read(body).await?;
        (Some(bytes.clone()), Body::from(bytes))
    };
    let form: Vec<(String, String)> = match &bytes {
        Some(bytes) if is_form => serde_urlencoded::from_bytes(bytes)
            .map_err(|error| Error::invalid(Text::new("web-request-malformed")).because(error))?,
        _ => Vec::new(),
    };
    let field = |name| form.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    // Without a session there is nothing for a stranger's page to misuse, save the forms that make one.
    if credentials.are_ambient() || (is_form && !is_api) {
        let origin = own_origin(&parts.headers)?;
        match field(csrf::FIELD).or_else(|| header(csrf::HEADER)) {
            Some(token) => {
                let now = app.clock().now();
                match csrf::check(app.secret(), holder(&parts.headers), token, now) {
                    Ok(()) => {}
                    // As below: the header of a page that was open for long is no worse than none.
                    Err(_) if is_multipart && origin => {}
                    // Ours and old, or of the session before: shown again, and nothing is written.
                    Err(error)
                        if (is_form || is_multipart)
                            && !is_api
                            && (origin || error.text().key() == csrf::EXPIRED) =>
                    {
                        parts.extensions.insert(Stale);
                    }
                    Err(error) => return Err(error),
                }
            }
            // A plain form with a file cannot send a header: its origin is the proof.
            None if is_multipart && origin => {}
            None => return Err(Error::new(Kind::Forbidden, Text::new("web-form-not-ours"))),
        }
    }
    let key = header("idempotency-key").or_else(|| field("idempotency_key")).map(str::trim);
    if let Some(key) = key.filter(|key| !key.is_empty() && parts.method == Method::POST) {
        if key.chars().count() > MAX_KEY_CHARS || key.chars().any(char::is_control) {
            return Err(Error::invalid(Text::new("web-idempotency-key-malformed")));
        }
        let hash = request_hash(app.secret(), &parts.uri, bytes.as_deref(), &form)?;
        let once = Once { key: key.to_owned(), hash };
        parts.extensions.insert(once);
    }
    Ok(Request::from_parts(parts, body))
}

async fn read(body: Body) -> Result<axum::body::Bytes> {
    to_bytes(body, MAX_BODY_BYTES).await.map_err(|error| {
        Error::new(Kind::TooMuch { retry_after_s: None }, Text::new("web-body-too-large")).because(error)
    })
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What the request brings to say who it is from.
pub(crate) fn credentials(headers: &HeaderMap) -> Credentials {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let authorization = |wanted: &str| {
        let (scheme, token) = text(header::AUTHORIZATION.as_str())?.split_once(' ')?;
        scheme.eq_ignore_ascii_case(wanted).then_some(token.trim())
    };
    let said = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    Credentials {
        session: cookie::find(headers, SESSION_COOKIE).map(str::to_owned),
        api_key: said(text("x-api-key").or_else(|| authorization("token"))),
        bearer: said(authorization("bearer")),
        service_token: said(text("x-service-token")),
    }
}

/// The cookie that a CSRF token is bound to.
pub(crate) fn holder(headers: &HeaderMap) -> &str {
    cookie::find(headers, SESSION_COOKIE)
        .or_else(|| cookie::find(headers, csrf::GUEST_COOKIE))
        .unwrap_or_default()
}

/// Whether the browser says that a page of this host sent it; an error when it says that another did.
fn own_origin(headers: &HeaderMap) -> Result<bool> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let refused = || Error::new(Kind::Forbidden, Text::new("web-form-not-ours"));
    let site = match text("sec-fetch-site") {
        Some("same-origin") => true,
        Some("none") | None => false,
        Some(_) => return Err(refused()),
    };
    let Some(origin) = text("origin").filter(|origin| *origin != "null") else { return Ok(site) };
    let host = text("x-forwarded-host").or_else(|| text(header::HOST.as_str())).unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, name)| name.eq_ignore_ascii_case(host));
    if own { Ok(true) } else { Err(refused()) }
}

/// What makes two requests the same: address and body, without the token and the key, which a page renews.
/// Keyed, because a body may hold a password and a bare hash of it could be guessed.
fn request_hash(
    secret: &[u8; 32],
    uri: &axum::http::Uri,
    bytes: Option<&[u8]>,
    form: &[(String, String)],
) -> Result<[u8; 32]> {
    let mut hash = Hmac::<Sha256>::new_from_slice(secret).map_err(Error::internal)?;
    hash.update(b"idempotency");
    hash.update(uri.path().as_bytes());
    hash.update(&[0]);
    if form.is_empty() {
        hash.update(bytes.unwrap_or_default());
    }
    for (name, value) in form.iter().filter(|(name, _)| name != csrf::FIELD && name != "idempotency_key") {
        hash.update(name.as_bytes());
        hash.update(&[1]);
        hash.update(value.as_bytes());
        hash.update(&[2]);
    }
    Ok(hash.finalize().into_bytes().into())
}
