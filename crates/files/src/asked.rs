//! What a request for a file asks for besides its address (RFC 9110, sections 13 and 14).

use std::{convert::Infallible, ops::Range};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, Method, header, request::Parts},
};

/// Which bytes, and what of them is known already.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    is_head: bool,
    headers: HeaderMap,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self { is_head: parts.method == Method::HEAD, headers: parts.headers.clone() })
    }
}

/// Which bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Of(Range<u64>),
    /// None of them: the file ends before.
    Behind,
}

impl Asked {
    /// Whether only the head of the answer is wanted.
    pub(crate) const fn is_head(&self) -> bool {
        self.is_head
    }

    /// Whether the bytes with this tag are known already.
    pub(crate) fn knows(&self, tag: &str) -> bool {
        let is_tag = |one: &str| one == "*" || one.trim_start_matches("W/") == tag;
        self.text(header::IF_NONE_MATCH).is_some_and(|known| known.split(',').any(|one| is_tag(one.trim())))
    }

    /// The bytes that are wanted of so many. Several ranges, other units and what cannot be read are the whole, as is a
    /// range of bytes that are others by now.
    pub(crate) fn part(&self, tag: &str, size: u64) -> Part {
        if self.is_head || self.text(header::IF_RANGE).is_some_and(|wanted| wanted.trim() != tag) {
            return Part::Whole;
        }
        self.text(header::RANGE).and_then(|range| part(range, size)).unwrap_or(Part::Whole)
    }

    fn text(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// One range; `None` where it is none that we read.
fn part(range: &str, size: u64) -> Option<Part> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (start, end) = match (first.trim(), last.trim()) {
        ("", last) => (size.saturating_sub(number(last)?), size),
        (first, "") => (number(first)?, size),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.saturating_add(1).min(size))
        }
    };
    Some(if start < end { Part::Of(start..end) } else { Part::Behind })
}

/// Digits and nothing else; more of them than fit are as many as can be.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(range: &str, expected: Part) {
        let headers = HeaderMap::from_iter([(header::RANGE, range.parse().unwrap())]);
        assert_eq!(Asked { is_head: false, headers }.part("\"t\"", 100), expected, "{range}");
    }

    #[test]
    fn a_range_is_read_as_the_standard_has_it() {
        check("bytes=0-0", Part::Of(0..1));
        check("bytes=10-19", Part::Of(10..20));
        check("bytes=10-", Part::Of(10..100));
        check("bytes=-10", Part::Of(90..100));
        check("bytes=-1000", Part::Of(0..100));
        check("Bytes = 90-1000", Part::Of(90..100));
        check("bytes=99-99999999999999999999999", Part::Of(99..100));
        for behind in ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"] {
            check(behind, Part::Behind);
        }
        for other in
            ["bytes=20-10", "bytes=0-1,5-6", "bytes=a-b", "bytes=+1-2", "bytes=-", "lines=0-1", "bytes", ""]
        {
            check(other, Part::Whole);
        }
    }

    #[test]
    fn a_range_of_other_bytes_is_the_whole_and_nothing_of_nothing_is_behind() {
        let of = |tag: &str| {
            let range = [(header::RANGE, "bytes=1-2"), (header::IF_RANGE, tag)];
            let headers = range.into_iter().map(|(name, value)| (name, value.parse().unwrap())).collect();
            Asked { is_head: false, headers }
        };
        assert_eq!(of("\"t\"").part("\"t\"", 100), Part::Of(1..3));
        assert_eq!(of("\"other\"").part("\"t\"", 100), Part::Whole);
        assert_eq!(of("\"t\"").part("\"t\"", 0), Part::Behind);
    }
}
