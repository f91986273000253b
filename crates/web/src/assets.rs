//! The built front end (web/dist) inside the binary: names with a content hash, kept by browsers for ever,
//! sent compressed as they were compressed at build time.

use std::{collections::HashMap, sync::LazyLock};

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

/// Where the assets are served.
pub const ROUTE: &str = "/assets/{name}";

/// What sites of others load has one name for ever: asked for again after an hour, and shown meanwhile.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600, stale-while-revalidate=86400");
/// A year: the name changes with the content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// `app.css` → `app-3f2a….css`. Empty when the front end was not built; then pages are bare and the log says why.
static MANIFEST: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let read = Dist::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok());
    read.unwrap_or_else(|| {
        tracing::warn!("web/dist is not built: pages have no styles (npm ci && npm run build in web/)");
        HashMap::new()
    })
});

/// The address of a built file: `app.css` → `/assets/app-3f2a….css`.
pub fn address(name: &str) -> String {
    format!("/assets/{}", MANIFEST.get(name).map_or(name, String::as_str))
}

/// Answers [`ROUTE`].
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    answer(&name, &headers)
}

/// Answers with a built file under its plain name, to pages of other sites too. The tag is the name with the content's
/// hash, so that what has not changed is not sent again.
pub fn serve_by_name(name: &str, headers: &HeaderMap) -> Response {
    let Some(hashed) = MANIFEST.get(name) else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = answer(hashed, headers);
    let own = response.headers_mut();
    own.insert(header::CACHE_CONTROL, AN_HOUR);
    own.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    own.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}

fn answer(name: &str, headers: &HeaderMap) -> Response {
    let is_hashed = MANIFEST.values().any(|hashed| hashed == name);
    if !is_hashed {
        return StatusCode::NOT_FOUND.into_response();
    }
    let tag = format!("\"{name}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, common(&tag)).into_response();
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let choices = [("br", "br"), ("gz", "gzip")].into_iter().filter(|(_, coding)| accepts(accepted, coding));
    for (suffix, coding) in choices {
        if let Some(file) = Dist::get(&format!("{name}.{suffix}")) {
            let coding = [(header::CONTENT_ENCODING, HeaderValue::from_static(coding))];
            return (common(&tag), kind(name), coding, file.data.into_owned()).into_response();
        }
    }
    match Dist::get(name) {
        Some(file) => (common(&tag), kind(name), file.data.into_owned()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether an `Accept-Encoding` names this coding and does not refuse it (RFC 9110, section 12.5.3).
fn accepts(header: Option<&str>, coding: &str) -> bool {
    header.unwrap_or_default().split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding))
            && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn common(tag: &str) -> [(HeaderName, HeaderValue); 3] {
    let tag = HeaderValue::from_str(tag).unwrap_or(HeaderValue::from_static("\"\""));
    let vary = HeaderValue::from_static("accept-encoding");
    [(header::CACHE_CONTROL, FOREVER), (header::VARY, vary), (header::ETAG, tag)]
}

fn kind(name: &str) -> [(HeaderName, HeaderValue); 1] {
    let kind = match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    };
    [(header::CONTENT_TYPE, HeaderValue::from_static(kind))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_counts_unless_it_is_refused() {
        assert!(accepts(Some("gzip, deflate, br;q=0.9"), "br"));
        assert!(!accepts(Some("gzip, br;q=0"), "br"));
        assert!(!accepts(Some("brotli"), "br"));
        assert!(!accepts(None, "gzip"));
    }

    #[test]
    fn only_names_of_the_manifest_are_served() {
        for name in ["manifest.json", "../Cargo.toml", "app.css", "", "%2e%2e"] {
            assert_eq!(answer(name, &HeaderMap::new()).status(), StatusCode::NOT_FOUND, "{name}");
        }
    }
}
