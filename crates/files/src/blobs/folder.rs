//! Blobs in a folder. Written beside, flushed, renamed, the folder flushed: after a crash there is the whole file or none.

use std::{
    fs::{self, File},
    io::{self, Write},
    ops::Range,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use futures::stream;
use kernel::{Error, Result};
use tempfile::NamedTempFile;

use super::{Incoming, Reading};
use crate::Hash;

/// Bytes that are read at once.
const PIECE_BYTES: u64 = 64 * 1024;

#[derive(Debug, Clone)]
pub(super) struct Folder {
    root: Arc<Path>,
    /// Whether what is kept has reached the disk when it is answered.
    durable: bool,
}

impl Folder {
    pub(super) fn new(root: PathBuf, durable: bool) -> Self {
        Self { root: root.into(), durable }
    }

    pub(super) fn put(&self, incoming: &Incoming, bytes: &[u8]) -> Result<Hash> {
        let hash = Hash::of(bytes);
        if !self.has(hash, u64::try_from(bytes.len()).map_err(Error::internal)?) {
            let written = incoming.file().and_then(|mut file| file.write_all(bytes).map(|()| file));
            self.keep(hash, written.map_err(Error::internal)?)?;
        }
        Ok(hash)
    }

    /// Whether all bytes are there; a torn file is not.
    pub(super) fn has(&self, hash: Hash, size: u64) -> bool {
        fs::metadata(self.path(hash)).is_ok_and(|found| found.len() == size)
    }

    /// Gives the file its name.
    pub(super) fn keep(&self, hash: Hash, file: NamedTempFile) -> Result<()> {
        let path = self.path(hash);
        let folder = path.parent().unwrap_or(&path);
        let named = || {
            fs::create_dir_all(folder)?;
            if !self.durable {
                return file.persist(&path).map(drop).map_err(|error| error.error);
            }
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
            File::open(folder)?.sync_all()
        };
        named().map_err(Error::internal)
    }

    /// The file and its length.
    pub(super) fn open(&self, hash: Hash) -> Result<(File, u64)> {
        let file = File::open(self.path(hash)).map_err(unread)?;
        let size = file.metadata().map_err(unread)?.len();
        Ok((file, size))
    }

    pub(super) fn read(&self, hash: Hash, part: Option<Range<u64>>) -> Result<Reading> {
        let (file, size) = self.open(hash)?;
        let part = part.unwrap_or(0..size);
        if part.start > part.end || part.end > size {
            return Err(Error::internal(format!("{hash} has {size} bytes and was asked for {part:?}")));
        }
        let file = Arc::new(file);
        let pieces = stream::try_unfold(part, move |rest| {
            let file = Arc::clone(&file);
            async move {
                if rest.is_empty() {
                    return Ok(None);
                }
                let end = rest.end.min(rest.start.saturating_add(PIECE_BYTES));
                let piece = tokio::task::spawn_blocking(move || piece(&file, rest.start..end)).await;
                Ok(Some((piece.map_err(io::Error::other)??, end..rest.end)))
            }
        });
        Ok(Reading { size, pieces: Box::pin(pieces) })
    }

    pub(super) fn all(&self) -> io::Result<Vec<Hash>> {
        let mut all = Vec::new();
        for folder in fs::read_dir(&self.root)? {
            let folder = folder?;
            if !folder.path().is_dir() {
                continue;
            }
            let begin = folder.file_name().to_string_lossy().into_owned();
            for file in fs::read_dir(folder.path())? {
                let rest = file?.file_name();
                // What is on its way has another name.
                all.extend(format!("{begin}{}", rest.to_string_lossy()).parse::<Hash>().ok());
            }
        }
        Ok(all)
    }

    fn path(&self, hash: Hash) -> PathBuf {
        let (folder, file) = hash.place();
        self.root.join(folder).join(file)
    }
}

/// These bytes of the file, all of them.
fn piece(file: &File, part: Range<u64>) -> io::Result<Bytes> {
    let length = usize::try_from(part.end.saturating_sub(part.start)).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, part.start)?;
    Ok(bytes.into())
}

fn unread(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::NotFound { Error::not_found() } else { Error::internal(error) }
}
