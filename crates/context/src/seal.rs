//! Secrets at rest (tokens of channels, letters with links): sealed with the server's secret (XChaCha20-Poly1305), bound to the row they belong to.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use kernel::{Error, Result};

use crate::Random;

/// Bytes of a nonce.
const NONCE: usize = 24;

/// `secret` in a form that only this server opens, and only for `row`.
pub fn seal(key: &[u8; 32], random: &Random, row: &[u8], secret: &str) -> Result<Vec<u8>> {
    let nonce = random.bytes::<NONCE>();
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: secret.as_bytes(), aad: row })
        .map_err(|_| Error::internal("a secret could not be sealed"))?;
    let mut out = nonce.to_vec();
    out.extend(sealed);
    Ok(out)
}

/// What [`seal`] made; an error when the server's secret is another one by now.
pub fn unseal(key: &[u8; 32], row: &[u8], sealed: &[u8]) -> Result<String> {
    let refused = || Error::internal("a sealed secret does not open: is KARVON_SECRET another one?");
    let (nonce, body) = sealed.split_at_checked(NONCE).ok_or_else(refused)?;
    let opened = XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad: row })
        .map_err(|_| refused())?;
    String::from_utf8(opened).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_with_its_key_in_its_row_only() {
        let random = Random::from_seed(5);
        let sealed = seal(&[1; 32], &random, b"row", "12:token").unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"token"));
        assert_eq!(unseal(&[1; 32], b"row", &sealed).unwrap(), "12:token");
        assert!(unseal(&[2; 32], b"row", &sealed).is_err());
        assert!(unseal(&[1; 32], b"another", &sealed).is_err());
        assert!(unseal(&[1; 32], b"row", b"short").is_err());
    }
}
