//! Letters at rest: they hold links that open doors, so they are sealed with the server's secret (XChaCha20-Poly1305),
//! bound to their row.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use context::Random;
use kernel::{Error, Result};

/// Bytes of a nonce.
const NONCE: usize = 24;

/// `secret` in a form that only this server opens, and only for `row`.
pub(crate) fn seal(key: &[u8; 32], random: &Random, row: &[u8], secret: &str) -> Result<Vec<u8>> {
    let nonce = random.bytes::<NONCE>();
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: secret.as_bytes(), aad: row })
        .map_err(|_| Error::internal("a secret could not be sealed"))?;
    let mut out = nonce.to_vec();
    out.extend(sealed);
    Ok(out)
}

/// What [`seal`] made; an error when the server's secret is another one by now.
pub(crate) fn open(key: &[u8; 32], row: &[u8], sealed: &[u8]) -> Result<String> {
    let refused = || Error::internal("a sealed secret does not open: is KARVON_SECRET another one?");
    let (nonce, body) = sealed.split_at_checked(NONCE).ok_or_else(refused)?;
    let opened = XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad: row })
        .map_err(|_| refused())?;
    String::from_utf8(opened).map_err(|_| refused())
}
