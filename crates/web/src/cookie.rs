//! Cookies: read leniently, written with every attribute said.

use axum::http::{HeaderMap, HeaderValue, header};

/// Whether a cookie goes along when another site leads here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// When a link is followed, not when a form or script of another site sends.
    Lax,
    /// Never.
    Strict,
}

/// A cookie to set. Always for the whole site; never readable by scripts unless said.
#[derive(Debug, Clone)]
pub struct Cookie {
    /// Its name.
    pub name: &'static str,
    /// Its value: letters, digits, `-`, `_`, `.`, `=`.
    pub value: String,
    /// Seconds until it goes; 0 takes it away, `None` ends with the browser.
    pub max_age_s: Option<i64>,
    /// Only over HTTPS.
    pub secure: bool,
    /// Whether it goes along from other sites.
    pub same_site: SameSite,
}

impl Cookie {
    /// As a `Set-Cookie` value; `None` when the value holds what a cookie cannot.
    pub fn header(&self) -> Option<HeaderValue> {
        let Self { name, value, max_age_s, secure, same_site } = self;
        let mut out = format!("{name}={value}; Path=/; HttpOnly");
        out.push_str(match same_site {
            SameSite::Lax => "; SameSite=Lax",
            SameSite::Strict => "; SameSite=Strict",
        });
        if let Some(seconds) = max_age_s {
            out.push_str(&format!("; Max-Age={seconds}"));
        }
        if *secure {
            out.push_str("; Secure");
        }
        HeaderValue::from_str(&out).ok()
    }

    /// Adds it to an answer.
    pub fn set(&self, headers: &mut HeaderMap) {
        if let Some(value) = self.header() {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

/// The value of the cookie `name`, if the request brings it.
pub fn find<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, value)| *found == name && !value.is_empty())
        .map(|(_, value)| value)
}
