//! The name of a blob.

use std::{fmt, io::Read, str::FromStr};

use kernel::{Error, Result};
use sha2::{Digest, Sha256};

/// Bytes that are read at once.
const PIECE_BYTES: usize = 64 * 1024;

/// The SHA-256 of a blob's bytes: its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash of all that a reader gives.
    pub fn of_all(from: &mut dyn Read) -> Result<Self> {
        let mut digest = Sha256::new();
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = from.read(&mut piece).map_err(Error::internal)?;
            match piece.get(..read) {
                Some(read) if !read.is_empty() => digest.update(read),
                _ => return Ok(Self::end(digest)),
            }
        }
    }

    /// The hash of all that this one was told.
    pub(crate) fn end(digest: Sha256) -> Self {
        Self(digest.finalize().into())
    }

    /// `ab/cdef…`: 256 folders, so that none grows too long.
    pub(crate) fn place(self) -> (String, String) {
        let name = self.to_string();
        let (folder, file) = name.split_at(2);
        (folder.to_owned(), file.to_owned())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
impl FromStr for Hash {
    type Err = Error;
    /// Reads 64 lower-case hexadecimal digits; anything else is the hash of nothing: "not found".
    fn from_str(text: &str) -> Result<Self> {
        let mut bytes = [0; 32];
        let is_lower = !text.bytes().any(|b| b.is_ascii_uppercase());
        match hex::decode_to_slice(text, &mut bytes) {
            Ok(()) if is_lower => Ok(Self(bytes)),
            _ => Err(Error::not_found()),
        }
    }
}
