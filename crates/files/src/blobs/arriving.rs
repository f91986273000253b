//! Bytes that come one after the other: written to a file that nobody knows, hashed on the way, named at the end.

use std::{
    io::{Read, Write},
    mem,
};

use kernel::{Error, Result};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::{Blobs, Place, own};
use crate::{Hash, MediaType};

/// Bytes that are gathered before they are written.
const PIECE_BYTES: usize = 128 * 1024;
/// How much of the beginning is remembered, to tell what the bytes are.
const HEAD_BYTES: usize = 64;

/// Bytes on their way in. Dropped before their end they leave nothing.
#[derive(Debug)]
pub struct Arriving {
    gathered: Vec<u8>,
    /// `None` after a failure.
    rest: Option<Rest>,
}

#[derive(Debug)]
struct Rest {
    blobs: Blobs,
    file: NamedTempFile,
    digest: Sha256,
    size: u64,
    head: Vec<u8>,
}

impl Arriving {
    pub(super) fn begin(blobs: Blobs) -> Result<Self> {
        Ok(Self { gathered: Vec::new(), rest: Some(Rest::begin(blobs)?) })
    }

    pub(super) fn all_of(blobs: Blobs, from: &mut dyn Read) -> Result<Arrived> {
        let mut rest = Rest::begin(blobs)?;
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = from.read(&mut piece).map_err(Error::internal)?;
            match piece.get(..read) {
                Some(read) if !read.is_empty() => rest.take(read)?,
                _ => return Ok(rest.end()),
            }
        }
    }

    /// Takes the next bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() < PIECE_BYTES { Ok(()) } else { self.flush().await }
    }

    /// There are no more.
    pub async fn end(mut self) -> Result<Arrived> {
        self.flush().await?;
        Ok(self.rest.take().ok_or_else(failed)?.end())
    }

    async fn flush(&mut self) -> Result<()> {
        let mut rest = self.rest.take().ok_or_else(failed)?;
        let mut gathered = mem::take(&mut self.gathered);
        let write = move || rest.take(&gathered).map(|()| (rest, gathered));
        let (rest, written) = own::blocking(write).await?;
        (self.rest, gathered) = (Some(rest), written);
        gathered.clear();
        self.gathered = gathered;
        Ok(())
    }
}

fn failed() -> Error {
    Error::internal("bytes came after a failure")
}

impl Rest {
    fn begin(blobs: Blobs) -> Result<Self> {
        let file = blobs.incoming.file().map_err(Error::internal)?;
        Ok(Self { blobs, file, digest: Sha256::new(), size: 0, head: Vec::new() })
    }

    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(Error::internal)?;
        self.digest.update(bytes);
        let missing = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(missing));
        let length = u64::try_from(bytes.len()).map_err(Error::internal)?;
        self.size = self.size.saturating_add(length);
        Ok(())
    }

    fn end(self) -> Arrived {
        let Self { blobs, file, digest, size, head } = self;
        Arrived { blobs, file, hash: Hash::end(digest), size, head }
    }
}

/// Bytes that are here and not kept yet. Dropped they leave nothing.
#[derive(Debug)]
pub struct Arrived {
    blobs: Blobs,
    file: NamedTempFile,
    hash: Hash,
    size: u64,
    head: Vec<u8>,
}

impl Arrived {
    /// The name that they get when they are kept.
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// How many there are.
    pub fn size(&self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }

    /// The first of them, enough to tell what they are.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// What they are.
    pub fn media_type(&self) -> MediaType {
        MediaType::of(&self.head)
    }

    /// Keeps them under their hash; they are safe when it answers. Bytes that are there already are not written again.
    pub async fn keep(self) -> Result<Hash> {
        match &self.blobs.place {
            Place::Bucket(bucket) => {
                let bucket = bucket.clone();
                bucket.keep(self.hash, self.size, self.file, self.blobs.incoming).await
            }
            Place::Folder(_) => own::blocking(move || self.keep_now()).await,
        }
    }

    /// [`Arrived::keep`] for commands and threads that may block.
    pub fn keep_now(self) -> Result<Hash> {
        let Self { blobs, file, hash, size, head: _ } = self;
        match blobs.place {
            Place::Folder(folder) if folder.has(hash, size) => Ok(hash),
            Place::Folder(folder) => folder.keep(hash, file).map(|()| hash),
            Place::Bucket(bucket) => bucket.keep_now(hash, size, file, blobs.incoming),
        }
    }
}
