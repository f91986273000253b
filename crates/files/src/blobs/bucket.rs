//! Blobs in a bucket of an S3-compatible service, under the same names as in a folder. An object is there whole or not at all.

mod s3;
mod trouble;
mod upload;

use std::{io, io::Read, ops::Range, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Error, Result};
use net::reqwest;
use object_store::{
    BackoffConfig, ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    client::{HttpClient, HttpConnector},
    path::Path,
};
use tempfile::NamedTempFile;
use tokio::sync::{Semaphore, mpsc};

use self::trouble::{answerless, refused_at_the_start};
use super::{Incoming, Reading, own::Own};
use crate::Hash;

pub use self::s3::S3;

/// A person waits for it: a service that does not answer is said to be silent after a few tries.
const RETRY: RetryConfig = RetryConfig {
    backoff: BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(2),
        base: 2.0,
    },
    max_retries: 3,
    retry_timeout: Duration::from_secs(20),
};
/// Pieces, each of up to some hundred kilobytes, that wait for a slow reader.
const AHEAD: usize = 1;
/// Parts and small files that are held in memory at once: five megabytes each.
const HELD: usize = 1;
/// What is written at the start, to know that it can be.
const MARK: &str = "karvon";

#[derive(Debug, Clone)]
pub(super) struct Bucket {
    store: Arc<AmazonS3>,
    prefix: Arc<str>,
    held: Arc<Semaphore>,
    own: Arc<Own>,
}

/// Our client instead of one of the library's own.
#[derive(Debug)]
struct Ours(reqwest::Client);

impl HttpConnector for Ours {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

impl Bucket {
    /// Writes a mark and looks whether it is there.
    pub(super) fn open(s3: &S3, client: reqwest::Client) -> Result<Self> {
        let address = s3.address();
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&s3.bucket)
            .with_region(&s3.region)
            .with_access_key_id(&s3.key_id)
            .with_secret_access_key(&s3.secret_key)
            .with_virtual_hosted_style_request(!s3.path_style)
            .with_allow_http(address.starts_with("http://"))
            .with_retry(RETRY)
            .with_http_connector(Ours(client));
        if !s3.endpoint.is_empty() {
            builder = builder.with_endpoint(&address);
        }
        let store = builder.build().map_err(|error| refused_at_the_start(s3, error))?;
        let bucket = Self {
            store: Arc::new(store),
            prefix: s3.prefix.trim_matches('/').into(),
            held: Arc::new(Semaphore::new(HELD)),
            own: Arc::new(Own::start()?),
        };
        let (store, mark) = (Arc::clone(&bucket.store), bucket.at(MARK));
        let tried = bucket.own.now(async move {
            let tried = async {
                store.put(&mark, PutPayload::from_static(b"")).await?;
                store.head(&mark).await
            };
            Ok(tried.await)
        })?;
        tried.map_err(|error| refused_at_the_start(s3, error))?;
        Ok(bucket)
    }

    pub(super) async fn put(&self, bytes: Bytes) -> Result<Hash> {
        self.own.run(self.clone().put_here(bytes)).await
    }

    pub(super) fn put_now(&self, bytes: Bytes) -> Result<Hash> {
        self.own.now(self.clone().put_here(bytes))
    }

    async fn put_here(self, bytes: Bytes) -> Result<Hash> {
        let hash = Hash::of(&bytes);
        if !self.has(hash, u64::try_from(bytes.len()).map_err(Error::internal)?).await? {
            self.store.put(&self.path(hash), bytes.into()).await.map_err(answerless)?;
        }
        Ok(hash)
    }

    /// Also when the caller goes away: an upload in parts is ended or given up.
    pub(super) async fn keep(
        self,
        hash: Hash,
        size: u64,
        file: NamedTempFile,
        incoming: Incoming,
    ) -> Result<Hash> {
        let own = Arc::clone(&self.own);
        own.run_to_end(self.keep_here(hash, size, file, incoming)).await
    }

    pub(super) fn keep_now(
        self,
        hash: Hash,
        size: u64,
        file: NamedTempFile,
        incoming: Incoming,
    ) -> Result<Hash> {
        let own = Arc::clone(&self.own);
        own.now(self.keep_here(hash, size, file, incoming))
    }

    async fn keep_here(self, hash: Hash, size: u64, file: NamedTempFile, incoming: Incoming) -> Result<Hash> {
        if !self.has(hash, size).await? {
            upload::upload(&self, &self.path(hash), size, file, &incoming).await?;
        }
        Ok(hash)
    }

    /// Ends the upload in parts that a crash left, by what its note says.
    pub(super) fn give_up(&self, note: &str) -> Result<()> {
        let (bucket, note) = (self.clone(), note.to_owned());
        self.own.now(async move { upload::give_up(&bucket, &note).await })
    }

    async fn has(&self, hash: Hash, size: u64) -> Result<bool> {
        match self.store.head(&self.path(hash)).await {
            Ok(found) => Ok(found.size == size),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(answerless(error)),
        }
    }

    pub(super) async fn read(&self, hash: Hash, part: Option<Range<u64>>) -> Result<Reading> {
        self.own.run(self.clone().read_here(hash, part)).await
    }

    /// The pieces are fetched where the connections are, and no faster than they are read.
    async fn read_here(self, hash: Hash, part: Option<Range<u64>>) -> Result<Reading> {
        let unread = |error| match error {
            object_store::Error::NotFound { .. } => Error::not_found(),
            error => answerless(error),
        };
        if part.as_ref().is_some_and(Range::is_empty) {
            let found = self.store.head(&self.path(hash)).await.map_err(unread)?;
            return Ok(Reading { size: found.size, pieces: stream::empty().boxed() });
        }
        let options = GetOptions { range: part.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.store.get_opts(&self.path(hash), options).await.map_err(unread)?;
        let size = found.meta.size;
        let (give, mut pieces) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let mut found = found.into_stream();
            while let Some(piece) = found.next().await {
                if give.send(piece.map_err(io::Error::other)).await.is_err() {
                    return;
                }
            }
        });
        let pieces = stream::poll_fn(move |context| pieces.poll_recv(context));
        Ok(Reading { size, pieces: pieces.boxed() })
    }

    pub(super) fn read_now(&self, hash: Hash) -> Result<impl Read + Send + 'static> {
        let reading = self.own.now(self.clone().read_here(hash, None))?;
        Ok(Blocking { bucket: self.clone(), reading: Some(reading), piece: Bytes::new() })
    }

    pub(super) fn all(&self) -> Result<Vec<Hash>> {
        let bucket = self.clone();
        self.own.now(async move {
            let under = (!bucket.prefix.is_empty()).then(|| Path::from(bucket.prefix.as_ref()));
            let found = bucket.store.list(under.as_ref()).map_err(answerless);
            found.try_filter_map(|found| async move { Ok(name_of(&found.location)) }).try_collect().await
        })
    }

    fn path(&self, hash: Hash) -> Path {
        let (folder, file) = hash.place();
        self.at(&format!("{folder}/{file}"))
    }

    fn at(&self, name: &str) -> Path {
        if self.prefix.is_empty() { Path::from(name) } else { Path::from(format!("{}/{name}", self.prefix)) }
    }
}

/// The hash that the object is named by; anything else in the bucket is not ours.
fn name_of(path: &Path) -> Option<Hash> {
    let mut names = path.as_ref().rsplit('/');
    let (file, folder) = (names.next()?, names.next()?);
    format!("{folder}{file}").parse().ok()
}

/// A stream, read by whoever may block.
struct Blocking {
    bucket: Bucket,
    /// `None` at its end.
    reading: Option<Reading>,
    piece: Bytes,
}

impl Read for Blocking {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            let Some(mut reading) = self.reading.take() else { return Ok(0) };
            let next = async move {
                let piece = reading.pieces.try_next().await.map_err(Error::internal)?;
                Ok((piece, reading))
            };
            let (piece, reading) = self.bucket.own.now(next).map_err(io::Error::other)?;
            let Some(piece) = piece else { return Ok(0) };
            (self.piece, self.reading) = (piece, Some(reading));
        }
        let length = self.piece.len().min(into.len());
        let piece = self.piece.split_to(length);
        into.iter_mut().zip(&piece).for_each(|(to, from)| *to = *from);
        Ok(length)
    }
}
