//! Blobs in a folder and in a bucket, and their route on both databases.

mod bucket;
mod routes;
mod stores;

use std::{io, path::PathBuf};

use net::{Net, Options};
use tempfile::TempDir;

use crate::{Arrived, Blobs, Hash, Reading, S3, testing::s3};

/// A store that goes away with the test.
pub(crate) struct Store {
    pub(crate) blobs: Blobs,
    folder: TempDir,
    s3: Option<S3>,
}

impl Store {
    pub(crate) fn folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { blobs: Blobs::open(folder.path()).unwrap(), folder, s3: None }
    }

    pub(crate) fn bucket() -> Self {
        let (folder, s3) = (tempfile::tempdir().unwrap(), s3());
        Self { blobs: Blobs::open_bucket(folder.path(), &s3, client()).unwrap(), folder, s3: Some(s3) }
    }

    /// As a new process opens it.
    pub(crate) fn again(&self) -> Blobs {
        match &self.s3 {
            None => Blobs::open(self.folder.path()).unwrap(),
            Some(s3) => Blobs::open_bucket(self.folder.path(), s3, client()).unwrap(),
        }
    }

    /// The files of what is on its way.
    pub(crate) fn on_its_way(&self) -> Vec<PathBuf> {
        let found = std::fs::read_dir(self.folder.path().join("incoming")).unwrap();
        found.map(|entry| entry.unwrap().path()).collect()
    }
}

pub(crate) fn client() -> net::reqwest::Client {
    Net::new(&Options::default()).unwrap().store().clone()
}

/// So many bytes, none like those around it.
pub(crate) fn bytes(length: usize, seed: u32) -> Vec<u8> {
    let step = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some((*state >> 24) as u8)
    };
    std::iter::successors(Some(seed.max(1)), |state| Some(*state))
        .scan(seed, |state, _| step(state))
        .take(length)
        .collect()
}

pub(crate) async fn receive(blobs: &Blobs, bytes: &[u8]) -> Arrived {
    let mut arriving = blobs.receive().await.unwrap();
    for piece in bytes.chunks(1_000) {
        arriving.write(piece).await.unwrap();
    }
    arriving.end().await.unwrap()
}

pub(crate) async fn all_of(reading: Reading) -> io::Result<Vec<u8>> {
    use futures::TryStreamExt;
    let pieces: Vec<_> = reading.pieces.try_collect().await?;
    Ok(pieces.concat())
}

pub(crate) fn place_of(store: &Store, hash: Hash) -> PathBuf {
    let (folder, file) = hash.place();
    store.folder.path().join(folder).join(file)
}
