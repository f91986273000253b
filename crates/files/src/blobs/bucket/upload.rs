//! A file into the bucket: in one piece, or in parts where it is long. A note on the disk remembers parts that were not
//! ended, for the next start.

use std::{fs::File, io::Write, os::unix::fs::FileExt, sync::Arc};

use bytes::Bytes;
use kernel::{Error, Result};
use object_store::{
    Error as StoreError, MultipartId, ObjectStoreExt, PutPayload,
    multipart::{MultipartStore, PartId},
    path::Path,
};
use tempfile::NamedTempFile;

use super::{Bucket, answerless};
use crate::blobs::{incoming::Incoming, own};

/// Bytes of a part: the least that S3 takes but for the last (Amazon S3 multipart upload limits), so that little lies in
/// memory. 10,000 of them are 50 GB.
const PART_BYTES: u64 = 5 << 20;
/// A part is held in pieces that the allocator gives again, and not in one that it maps.
const PIECE_BYTES: u64 = 64 * 1024;

pub(super) async fn upload(
    bucket: &Bucket,
    path: &Path,
    size: u64,
    file: NamedTempFile,
    incoming: &Incoming,
) -> Result<()> {
    let source = Arc::new(file.as_file().try_clone().map_err(Error::internal)?);
    if size <= PART_BYTES {
        let _held = bucket.held.acquire().await.map_err(Error::internal)?;
        let bytes = part(&source, 0, size).await?;
        return bucket.store.put(path, bytes).await.map(drop).map_err(answerless);
    }
    let incoming = incoming.clone();
    let mut note = own::blocking(move || incoming.note().map_err(Error::internal)).await?;
    let id = bucket.store.create_multipart(path).await.map_err(answerless)?;
    write!(note, "{id}\n{path}").map_err(Error::internal)?;
    let uploaded = parts(bucket, path, &id, &source, size).await;
    if uploaded.is_err() && bucket.store.abort_multipart(path, &id).await.is_err() {
        // The next start gives it up.
        note.keep().map_err(Error::internal)?;
    }
    uploaded
}

async fn parts(bucket: &Bucket, path: &Path, id: &MultipartId, source: &Arc<File>, size: u64) -> Result<()> {
    let mut sent: Vec<PartId> = Vec::new();
    let mut start = 0;
    while start < size {
        let end = size.min(start.saturating_add(PART_BYTES));
        let _held = bucket.held.acquire().await.map_err(Error::internal)?;
        let bytes = part(source, start, end).await?;
        sent.push(bucket.store.put_part(path, id, sent.len(), bytes).await.map_err(answerless)?);
        start = end;
    }
    bucket.store.complete_multipart(path, id, sent).await.map(drop).map_err(answerless)
}

/// These bytes of the file.
async fn part(file: &Arc<File>, start: u64, end: u64) -> Result<PutPayload> {
    let file = Arc::clone(file);
    own::blocking(move || {
        let mut pieces: Vec<Bytes> = Vec::new();
        let mut at = start;
        while at < end {
            let length = PIECE_BYTES.min(end.saturating_sub(at));
            let mut piece = vec![0; usize::try_from(length).map_err(Error::internal)?];
            file.read_exact_at(&mut piece, at).map_err(Error::internal)?;
            pieces.push(piece.into());
            at = at.saturating_add(length);
        }
        Ok(pieces.into_iter().collect())
    })
    .await
}

/// Gives up the upload of this note.
pub(super) async fn give_up(bucket: &Bucket, note: &str) -> Result<()> {
    // Of one that was never begun nothing is written.
    let Some((id, path)) = note.split_once('\n') else { return Ok(()) };
    match bucket.store.abort_multipart(&Path::from(path), &id.to_owned()).await {
        // It was ended, or the service gave it up by itself.
        Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
        Err(error) => Err(answerless(error)),
    }
}
