//! A bot's token: never printed, never logged.

use std::fmt;

use kernel::{Error, Result, Text};

/// Letters of the secret part, at least. Real ones have 35; those of a local test server may be shorter.
const SECRET_CHARS_MIN: usize = 3;
/// Letters of a whole token, at most.
const TOKEN_CHARS_MAX: usize = 120;

/// `123456:AA…`. Printing it shows the bot's number only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Token(String);

impl Token {
    /// Checks the form of a token that somebody typed or pasted.
    pub fn parse(text: &str) -> Result<Self> {
        let malformed = || Error::field("token", Text::new("channels-telegram-token-malformed"));
        let text = text.trim();
        let (id, secret) = text.split_once(':').ok_or_else(malformed)?;
        let is_id =
            !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) && id.parse::<i64>().is_ok();
        let is_secret = secret.len() >= SECRET_CHARS_MIN
            && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if is_id && is_secret && text.len() <= TOKEN_CHARS_MAX {
            Ok(Self(text.to_owned()))
        } else {
            Err(malformed())
        }
    }

    /// The bot's id in Telegram: the number before the colon.
    pub fn bot_id(&self) -> i64 {
        self.0.split(':').next().and_then(|id| id.parse().ok()).unwrap_or_default()
    }

    /// The token itself: for the address of a call and for the encrypted store, nowhere else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:…", self.bot_id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_and_never_printed() {
        let token = Token::parse(" 123456:AAH-secret_part \n").unwrap();
        assert_eq!((token.bot_id(), token.reveal()), (123_456, "123456:AAH-secret_part"));
        assert_eq!(format!("{token:?}"), "123456:…");
    }

    #[test]
    fn what_is_no_token_is_refused_at_its_field() {
        for text in
            ["", "123456", ":AAH", "12a:AAHH", "1:A", "1:AA/../x", "1:AA BB", "99999999999999999999:AAHH"]
        {
            let error = Token::parse(text).unwrap_err();
            assert_eq!(
                error.field_errors().first().map(|field| field.field.as_str()),
                Some("token"),
                "{text}"
            );
        }
    }
}
