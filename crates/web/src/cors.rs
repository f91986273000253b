//! Pages of other sites that may call the API (Fetch, "CORS protocol"): those that the configuration names.
//!
//! Nobody is let in by a cookie from there: the API's keys and tokens travel in headers, so browsers are never told
//! that they may send cookies along.

use std::{fmt, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower::{Layer, Service};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser need not ask again what it may send; longer times are cut by browsers.
const PREFLIGHT: Duration = Duration::from_hours(2);
/// What a page may ask with.
const METHODS: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
/// What a page may send beside what every page may.
const SENT: [HeaderName; 9] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::IF_NONE_MATCH,
    header::RANGE,
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("x-service-token"),
    HeaderName::from_static("idempotency-key"),
];
/// What a page may read of an answer beside what every page may.
const READ: [HeaderName; 6] = [
    header::RETRY_AFTER,
    header::ETAG,
    header::CONTENT_DISPOSITION,
    header::CONTENT_RANGE,
    header::LOCATION,
    HeaderName::from_static("x-request-id"),
];

/// The sites whose pages may call the API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origins {
    /// None but this server's own.
    #[default]
    None,
    /// These: `https://dashboard.example`.
    List(Vec<String>),
    /// Every site.
    Any,
}

impl Origins {
    /// Reads origins as people list them, by commas: scheme, host and, where it is no usual one, port. `*` alone is
    /// every site. `None`: one of them is none.
    pub fn parse(text: &str) -> Option<Self> {
        let named = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        let named: Vec<&str> = named.collect();
        match named.as_slice() {
            [] => Some(Self::None),
            ["*"] => Some(Self::Any),
            named => named.iter().map(|text| origin(text)).collect::<Option<_>>().map(Self::List),
        }
    }
}

/// An origin as browsers write it (RFC 6454, section 6.2): small letters, no slash at the end, no usual port.
fn origin(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?.to_lowercase(), uri.authority()?);
    let usual = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let is_bare = uri.query().is_none() && matches!(uri.path(), "" | "/") && !text.contains('#');
    let is_host = !authority.host().is_empty() && !authority.as_str().contains(['@', '*']);
    if !is_bare || !is_host {
        return None;
    }
    let host = authority.host().to_lowercase();
    let port = authority.port_u16();
    if port.is_none() && authority.as_str() != authority.host() {
        return None;
    }
    Some(match port.filter(|port| *port != usual) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

/// The way in for those pages; nothing where there are none.
#[derive(Clone, Default)]
pub(crate) struct Door(Option<CorsLayer>);

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Door")
    }
}

impl Door {
    pub(crate) fn of(origins: &Origins) -> Self {
        let allowed = match origins {
            Origins::None => return Self(None),
            Origins::Any => AllowOrigin::any(),
            Origins::List(list) => {
                AllowOrigin::list(list.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
            }
        };
        let cors = CorsLayer::new().allow_origin(allowed).allow_methods(METHODS).allow_headers(SENT);
        Self(Some(cors.expose_headers(READ).max_age(PREFLIGHT)))
    }
}

/// Answers the questions of browsers and says of every answer of the API whether the page may read it. What is not of
/// the API passes as it is.
pub(crate) async fn layer(State(door): State<Door>, request: Request<Body>, next: Next) -> Response {
    let path = request.uri().path();
    let is_api = path == "/api" || path.starts_with("/api/");
    match door.0.filter(|_| is_api) {
        // Always ready: the router is.
        Some(cors) => match cors.layer(next).call(request).await {
            Ok(response) => response.into_response(),
            Err(never) => match never {},
        },
        None => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&[&str]>) {
        let list = expected.map(|list| Origins::List(list.iter().map(|one| (*one).to_owned()).collect()));
        assert_eq!(Origins::parse(text), list, "{text}");
    }

    #[test]
    fn origins_are_read_as_browsers_write_them() {
        check("http://localhost:3000", Some(&["http://localhost:3000"]));
        check(
            " https://Dash.Example/ ,http://10.0.0.5:80,",
            Some(&["https://dash.example", "http://10.0.0.5"]),
        );
        check("https://dash.example:443", Some(&["https://dash.example"]));
        check("http://[::1]:3000", Some(&["http://[::1]:3000"]));
        assert_eq!(Origins::parse(" , "), Some(Origins::None));
        assert_eq!(Origins::parse("*"), Some(Origins::Any));
        for wrong in [
            "dash.example",
            "https://",
            "ftp://dash.example",
            "https://dash.example/app",
            "https://dash.example?x",
            "https://dash.example#x",
            "https://*.example",
            "https://user@dash.example",
            "https://dash.example:port",
            "https://dash.example:",
            "https://dash.example,*",
            "null",
        ] {
            check(wrong, None);
        }
    }
}
