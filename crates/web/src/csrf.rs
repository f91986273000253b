//! Proof that a page of ours made a request: a token bound to the browser's cookie, with an age.

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Kind, Result, Text, Timestamp};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// A page older than this has to be loaded again before its forms are taken.
const MAX_AGE_MS: i64 = 24 * 60 * 60 * 1_000;
/// The field of a form that carries the token.
pub(crate) const FIELD: &str = "csrf_token";
/// The header that carries it from scripts.
pub(crate) const HEADER: &str = "x-csrf-token";
/// Says that a token was ours and is too old.
pub(crate) const EXPIRED: &str = "web-form-expired";
/// The cookie that stands for a browser nobody has signed in with.
pub(crate) const GUEST_COOKIE: &str = "karvon_guest";

/// A token for the browser whose cookie is `holder`.
pub(crate) fn token(secret: &[u8; 32], holder: &str, now: Timestamp) -> String {
    let issued = now.as_millis();
    format!("{issued:x}.{}", seal(secret, holder, issued))
}

/// Whether `token` was made for this browser and is not too old.
pub(crate) fn check(secret: &[u8; 32], holder: &str, token: &str, now: Timestamp) -> Result<()> {
    let refused = |key| Error::new(Kind::Forbidden, Text::new(key));
    let (issued, seal_given) = token.split_once('.').ok_or_else(|| refused("web-form-not-ours"))?;
    let issued = i64::from_str_radix(issued, 16).map_err(|_| refused("web-form-not-ours"))?;
    let is_sealed: bool = seal(secret, holder, issued).as_bytes().ct_eq(seal_given.as_bytes()).into();
    if !is_sealed {
        return Err(refused("web-form-not-ours"));
    }
    if now.as_millis().saturating_sub(issued) > MAX_AGE_MS {
        return Err(refused(EXPIRED));
    }
    Ok(())
}

fn seal(secret: &[u8; 32], holder: &str, issued: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(b"csrf");
    mac.update(holder.as_bytes());
    mac.update(&issued.to_be_bytes());
    hex::encode(mac.finalize().into_bytes().get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    #[track_caller]
    fn key(outcome: Result<()>) -> Option<&'static str> {
        outcome.err().map(|error| error.text().key())
    }

    #[test]
    fn a_token_is_good_for_its_browser_and_its_day() {
        let secret = [7; 32];
        let good = token(&secret, "cookie", NOW);
        assert_eq!(key(check(&secret, "cookie", &good, NOW.plus_seconds(3_600))), None);
        assert_eq!(key(check(&secret, "another", &good, NOW)), Some("web-form-not-ours"));
        assert_eq!(key(check(&[8; 32], "cookie", &good, NOW)), Some("web-form-not-ours"));
        assert_eq!(key(check(&secret, "cookie", "", NOW)), Some("web-form-not-ours"));
        assert_eq!(key(check(&secret, "cookie", &good, NOW.plus_seconds(90_000))), Some("web-form-expired"));
    }
}
