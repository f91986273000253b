//! Secrets that are shown once and kept as SHA-256: of sessions, API keys and service tokens.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use context::Random;
use sha2::{Digest, Sha256};

/// Random bytes of a secret: more than anyone can guess.
const SECRET_BYTES: usize = 32;
/// What a key begins with, so that scanners of leaked secrets find it and people know whose it is.
const KEY_MARK: &str = "krv_";
/// What the token of an outside bot begins with.
const SERVICE_MARK: &str = "krs_";
/// Characters of a key that are kept in the clear, so that its owner knows it again in the list.
const PREFIX_LENGTH: usize = KEY_MARK.len() + 6;

/// A secret in the clear; goes to its owner once and is stored nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new secret of a session: 43 characters that a cookie takes as they are.
    pub fn for_session(random: &Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random.bytes::<SECRET_BYTES>()))
    }

    /// A new secret of a link in a letter: 43 characters that an address takes as they are.
    pub fn for_link(random: &Random) -> Self {
        Self::for_session(random)
    }

    /// A new API key: `krv_` and 43 characters.
    pub fn for_key(random: &Random) -> Self {
        Self(format!("{KEY_MARK}{}", URL_SAFE_NO_PAD.encode(random.bytes::<SECRET_BYTES>())))
    }

    /// A new token of an outside bot: `krs_` and 43 characters.
    pub fn for_service(random: &Random) -> Self {
        Self(format!("{SERVICE_MARK}{}", URL_SAFE_NO_PAD.encode(random.bytes::<SECRET_BYTES>())))
    }

    /// A new refresh token: 43 characters.
    pub fn for_refresh(random: &Random) -> Self {
        Self::for_session(random)
    }

    /// The secret, for its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The first characters, which are no secret.
    pub fn prefix(&self) -> &str {
        self.0.get(..PREFIX_LENGTH).unwrap_or_default()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What is kept of a secret. Random secrets of 256 bits need no salt and no slow hash.
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_only_its_beginning() {
        let random = Random::from_seed(1);
        let key = Secret::for_key(&random);
        assert_eq!((key.reveal().len(), key.prefix().len()), (47, 10));
        assert!(key.prefix().starts_with("krv_"));
        assert_ne!(digest(key.reveal()), digest(Secret::for_key(&random).reveal()));
        assert_eq!(format!("{key:?}"), "Secret");
        assert_eq!(Secret::for_session(&random).reveal().len(), 43);
    }
}
