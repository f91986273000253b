//! The settings of those who come from outside: sites whose pages call the API, and bots with tokens.

use super::Given;

/// Makes the token of a bot of its hash.
type OfDigest = fn([u8; 32]) -> auth::ServiceToken;

impl Given {
    /// The sites whose pages may call the API.
    pub(super) fn origins(&mut self) -> web::Origins {
        let wanted = "a list of origins, https://dashboard.example, or * alone";
        self.read_as("KARVON_CORS_ORIGINS", wanted, web::Origins::parse).unwrap_or_default()
    }

    /// Tokens of outside bots, of which the environment holds SHA-256. What is wrong with one must not be printed: it may
    /// be the token itself.
    pub(super) fn service_tokens(&mut self) -> Vec<auth::ServiceToken> {
        let bots: [(&str, OfDigest); 2] = [
            ("SERVICE_TOKEN_BOT1_HASH", auth::ServiceToken::bot1),
            ("SERVICE_TOKEN_BOT2_HASH", auth::ServiceToken::bot2),
        ];
        let mut tokens = Vec::new();
        for (name, bot) in bots {
            let text = self.text(name);
            if text.trim().is_empty() {
                continue;
            }
            match hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok()) {
                Some(digest) => tokens.push(bot(digest)),
                None => {
                    let why = "not the SHA-256 of a token, 64 hex digits: printf %s TOKEN | sha256sum";
                    self.wrong.push(format!("{name}: {why}"));
                }
            }
        }
        tokens
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use crate::config::Config;

    fn of(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn outside_bots_are_known_by_the_hashes_of_their_tokens() {
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let read = |pairs: &[(&str, &str)]| Config::from("", &of(pairs));
        let upper = hash.to_uppercase();
        let both = [("SERVICE_TOKEN_BOT1_HASH", upper.as_str()), ("BOT2_SERVICE_TOKEN_HASH", hash)];
        assert_eq!(read(&both).unwrap().service_tokens.len(), 2);
        assert_eq!(read(&[("SERVICE_TOKEN_BOT1_HASH", " ")]).unwrap().service_tokens.len(), 0);
        for wrong in ["raw-bot1-service-token", &hash[1..], &format!("{hash}00")] {
            let told = read(&[("SERVICE_TOKEN_BOT1_HASH", wrong)]).unwrap_err().to_string();
            assert!(told.starts_with("SERVICE_TOKEN_BOT1_HASH: ") && !told.contains(wrong), "{told}");
        }
    }

    #[test]
    fn sites_that_may_call_the_api_are_named_by_their_origins() {
        let read = |origins: &str| Config::from("", &of(&[("CORS_ALLOWED_ORIGINS", origins)]));
        let list = web::Origins::List(vec!["http://localhost:3000".to_owned()]);
        assert_eq!(read("http://localhost:3000/").unwrap().origins, list);
        assert_eq!(read("").unwrap().origins, web::Origins::None);
        let told = read("localhost:3000").unwrap_err().to_string();
        assert!(told.starts_with("KARVON_CORS_ORIGINS: "), "{told}");
    }
}
