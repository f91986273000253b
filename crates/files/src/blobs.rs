//! The store of blobs, content-addressed: a folder, or a bucket of an S3-compatible service. Bytes go through it in pieces.

mod arriving;
mod bucket;
mod folder;
mod incoming;
mod own;
mod reading;

use std::{
    io::{self, Read},
    ops::Range,
    path::PathBuf,
};

use bytes::Bytes;
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use kernel::{Error, Result};
use net::reqwest;

use self::{bucket::Bucket, folder::Folder, incoming::Incoming};
use crate::Hash;

pub use self::{
    arriving::{Arrived, Arriving},
    bucket::S3,
    reading::Reading,
};

/// The folder, beside the blobs, of what is on its way.
const INCOMING: &str = "incoming";

/// The blobs of this server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs {
    place: Place,
    incoming: Incoming,
}

#[derive(Debug, Clone)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

impl Blobs {
    /// The store in this folder, which is made when it is not there. What a crash left half written is taken away.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        let incoming = Incoming::open(root.join(INCOMING)).map_err(Error::internal)?;
        incoming.sweep(|_| Ok(()))?;
        Ok(Self { place: Place::Folder(Folder::new(root, true)), incoming })
    }

    /// The same for tests and benchmarks that do not wait for the disk: a crash of the machine may tear its files.
    pub fn open_volatile(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        let Self { incoming, .. } = Self::open(&root)?;
        Ok(Self { place: Place::Folder(Folder::new(root, false)), incoming })
    }

    /// The store in a bucket; in the folder, which is made when it is not there, lies only what is on its way. Blocks
    /// until the bucket has answered. Errors say in one sentence what of the settings does not hold.
    pub fn open_bucket(root: impl Into<PathBuf>, s3: &S3, client: reqwest::Client) -> Result<Self> {
        let incoming = Incoming::open(root.into().join(INCOMING)).map_err(Error::internal)?;
        let bucket = Bucket::open(s3, client)?;
        incoming.sweep(|unfinished| bucket.give_up(unfinished))?;
        Ok(Self { place: Place::Bucket(bucket), incoming })
    }

    /// Keeps these bytes; they are safe when it answers. Bytes that are there already are not written again.
    pub async fn put(&self, bytes: impl Into<Bytes>) -> Result<Hash> {
        let bytes = bytes.into();
        match &self.place {
            Place::Bucket(bucket) => bucket.put(bytes).await,
            Place::Folder(folder) => {
                let (folder, incoming) = (folder.clone(), self.incoming.clone());
                own::blocking(move || folder.put(&incoming, &bytes)).await
            }
        }
    }

    /// [`Blobs::put`] for commands and threads that may block.
    pub fn put_now(&self, bytes: &[u8]) -> Result<Hash> {
        match &self.place {
            Place::Folder(folder) => folder.put(&self.incoming, bytes),
            Place::Bucket(bucket) => bucket.put_now(Bytes::copy_from_slice(bytes)),
        }
    }

    /// A place for bytes that come one after the other and whose name is known at their end.
    pub async fn receive(&self) -> Result<Arriving> {
        let blobs = self.clone();
        own::blocking(move || Arriving::begin(blobs)).await
    }

    /// All bytes of a reader, for commands and threads that may block.
    pub fn receive_now(&self, from: &mut dyn Read) -> Result<Arrived> {
        Arriving::all_of(self.clone(), from)
    }

    /// The bytes with this hash, as a stream; "not found" when they are not here.
    pub async fn read(&self, hash: Hash) -> Result<Reading> {
        self.read_part(hash, None).await
    }

    /// The bytes with this hash; they are opened when the first is asked for.
    pub fn pieces(&self, hash: Hash) -> BoxStream<'static, io::Result<Bytes>> {
        let blobs = self.clone();
        let open =
            async move { blobs.read(hash).await.map(|reading| reading.pieces).map_err(io::Error::other) };
        stream::once(open).try_flatten().boxed()
    }

    /// This part of the bytes, or all of them. A part that ends behind the bytes' end is an error of whoever asks.
    pub async fn read_part(&self, hash: Hash, part: Option<Range<u64>>) -> Result<Reading> {
        match &self.place {
            Place::Bucket(bucket) => bucket.read(hash, part).await,
            Place::Folder(folder) => {
                let folder = folder.clone();
                own::blocking(move || folder.read(hash, part)).await
            }
        }
    }

    /// The bytes with this hash, whole: for what is small, or has to be whole.
    pub async fn get(&self, hash: Hash) -> Result<Vec<u8>> {
        let reading = self.read(hash).await?;
        let mut bytes = Vec::with_capacity(usize::try_from(reading.size).map_err(Error::internal)?);
        let mut pieces = reading.pieces;
        while let Some(piece) = pieces.try_next().await.map_err(Error::internal)? {
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    /// [`Blobs::get`] for commands and threads that may block.
    pub fn get_now(&self, hash: Hash) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_now(hash)?.read_to_end(&mut bytes).map_err(Error::internal)?;
        Ok(bytes)
    }

    /// [`Blobs::read`] for commands and threads that may block.
    pub fn read_now(&self, hash: Hash) -> Result<Box<dyn Read + Send>> {
        match &self.place {
            Place::Folder(folder) => Ok(Box::new(folder.open(hash)?.0)),
            Place::Bucket(bucket) => Ok(Box::new(bucket.read_now(hash)?)),
        }
    }

    /// The names of all that is kept, in order. Blocks.
    pub fn all(&self) -> Result<Vec<Hash>> {
        let mut all = match &self.place {
            Place::Folder(folder) => folder.all().map_err(Error::internal),
            Place::Bucket(bucket) => bucket.all(),
        }?;
        all.sort_unstable();
        Ok(all)
    }
}
