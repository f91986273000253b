//! The secret of a webhook, checked before anything else of a request is looked at.

use subtle::ConstantTimeEq;

/// The header that carries the secret given to `setWebhook`.
pub const SECRET_HEADER: &str = "X-Telegram-Bot-Api-Secret-Token";

/// Whether the header's value is the secret of this bot. Takes as long for a nearly right value as for a wrong one.
/// An empty secret matches nothing: every webhook of ours has one.
pub fn secret_matches(secret: &str, header: Option<&[u8]>) -> bool {
    let given = header.unwrap_or_default();
    !secret.is_empty() && bool::from(secret.as_bytes().ct_eq(given))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_secret_matches() {
        assert!(secret_matches("s3cret", Some(b"s3cret")));
        assert!(!secret_matches("s3cret", Some(b"s3creT")));
        assert!(!secret_matches("s3cret", Some(b"s3cret ")));
        assert!(!secret_matches("s3cret", None));
        assert!(!secret_matches("", Some(b"")));
        assert!(!secret_matches("", None));
    }
}
