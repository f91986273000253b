//! Which sites may show a chat: origins (RFC 6454), as somebody types them and as a browser says them. Pure.

use kernel::{Error, Result, Text};
use serde::{Deserialize, Serialize};

/// Characters of an address that somebody types.
const ADDRESS_CHARS: usize = 300;

/// A site: `https://shop.uz`, `http://localhost:8080`, or all names under one, `https://*.shop.uz`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Site(String);

impl Site {
    /// Reads what somebody typed: an address with or without a path, or a name without a scheme, which means HTTPS.
    pub fn parse(typed: &str) -> Result<Self> {
        let wrong =
            || Error::invalid(Text::new("bots-web-origin-wrong").with("origin", typed.trim().to_owned()));
        let typed = typed.trim();
        if typed.chars().count() > ADDRESS_CHARS {
            return Err(wrong());
        }
        let (scheme, rest) = typed.split_once("://").unwrap_or(("https", typed));
        let scheme = scheme.to_ascii_lowercase();
        let place = rest.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        let (host, port) = split_port(&place).ok_or_else(wrong)?;
        let name = host.strip_prefix("*.").unwrap_or(host);
        // All names under `uz` would be everybody's.
        let is_wide = host.starts_with("*.") && !name.contains('.');
        if !matches!(scheme.as_str(), "http" | "https") || !is_name(name) || is_wide {
            return Err(wrong());
        }
        let is_usual =
            matches!((scheme.as_str(), port), (_, None) | ("https", Some(443)) | ("http", Some(80)));
        let port = port.filter(|_| !is_usual).map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self(format!("{scheme}://{host}{port}")))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a page of this origin, as a browser says it, is one of the site's.
    pub(super) fn allows(&self, origin: &str) -> bool {
        let origin = origin.to_ascii_lowercase();
        let Some((scheme, name)) = self.0.split_once("://*.") else { return self.0 == origin };
        let Some((said_scheme, said)) = origin.split_once("://") else { return false };
        said_scheme == scheme
            && said.strip_suffix(name).is_some_and(|under| under.len() > 1 && under.ends_with('.'))
    }
}

/// Host and port; `None` when the port is none.
fn split_port(place: &str) -> Option<(&str, Option<u16>)> {
    match place.rsplit_once(':') {
        None => Some((place, None)),
        Some((host, port)) if !port.starts_with('+') => Some((host, Some(port.parse().ok()?))),
        Some(_) => None,
    }
}

/// Whether it is a name of the internet, or an address of four numbers. Names in other letters are written in ASCII
/// (RFC 3490) by browsers, and so they are here.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (1..=253).contains(&name.len()) && name.split('.').all(is_label)
}

/// Whether a page of this origin is one of this server's own, by the name that the browser asked for or by the address
/// that people type.
pub(super) fn is_own(origin: &str, host: Option<&str>, public_url: &str) -> bool {
    let is_host = |(_, name): (&str, &str)| host.is_some_and(|host| name.eq_ignore_ascii_case(host));
    origin.split_once("://").is_some_and(is_host)
        || (!public_url.is_empty() && Site::parse(public_url).is_ok_and(|own| own.allows(origin)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, kept: Option<&str>) {
        assert_eq!(Site::parse(typed).ok().as_ref().map(Site::as_str), kept, "{typed}");
    }

    #[test]
    fn what_people_type_becomes_an_origin() {
        check("https://Shop.uz/", Some("https://shop.uz"));
        check(" shop.uz/katalog?x=1 ", Some("https://shop.uz"));
        check("http://localhost:8080", Some("http://localhost:8080"));
        check("https://shop.uz:443", Some("https://shop.uz"));
        check("http://127.0.0.1:80", Some("http://127.0.0.1"));
        check("https://*.shop.uz", Some("https://*.shop.uz"));
        for wrong in [
            "",
            "*",
            "https://*",
            "https://*.uz",
            "https://",
            "ftp://shop.uz",
            "javascript:alert(1)",
            "https://shop .uz",
            "https://do‘kon.uz",
            "https://a@b.uz",
            "https://shop.uz:99999",
            "https://shop.uz:+80",
            "https://-a.uz",
            "https://a..uz",
            "https://shop.*.uz",
            "null",
        ] {
            if wrong != "null" {
                check(wrong, None);
            }
        }
    }

    #[test]
    fn a_site_allows_its_own_pages_and_no_other() {
        let allows = |site: &str, origin: &str| Site::parse(site).unwrap().allows(origin);
        assert!(allows("https://shop.uz", "https://shop.uz") && allows("shop.uz", "https://SHOP.uz"));
        assert!(
            !allows("https://shop.uz", "http://shop.uz")
                && !allows("https://shop.uz", "https://shop.uz:8443")
        );
        assert!(
            !allows("https://shop.uz", "https://www.shop.uz")
                && !allows("https://shop.uz", "https://shop.uz.evil.uz")
        );
        assert!(
            allows("https://*.shop.uz", "https://www.shop.uz")
                && allows("https://*.shop.uz", "https://a.b.shop.uz")
        );
        for other in
            ["https://shop.uz", "https://evilshop.uz", "http://www.shop.uz", "https://.shop.uz", "null", ""]
        {
            assert!(!allows("https://*.shop.uz", other), "{other}");
        }
    }

    #[test]
    fn pages_of_this_server_are_its_own() {
        assert!(is_own("http://127.0.0.1:8080", Some("127.0.0.1:8080"), ""));
        assert!(is_own("https://karvon.example", Some("10.0.0.2:80"), "https://karvon.example"));
        assert!(!is_own("https://shop.uz", Some("karvon.example"), "https://karvon.example"));
        assert!(!is_own("null", None, "") && !is_own("", Some(""), ""));
    }
}
