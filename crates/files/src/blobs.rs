//! The store of blobs: a folder, content-addressed.

use std::{
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use kernel::{Error, Result};
use sha2::{Digest, Sha256};

/// The SHA-256 of a blob's bytes: its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
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

/// The blobs of this server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs {
    root: Arc<Path>,
}

impl Blobs {
    /// The store in this folder, which is made when it is not there.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        fs::create_dir_all(&root).map_err(Error::internal)?;
        Ok(Self { root: root.into() })
    }

    /// Keeps these bytes; they are on the disk when it answers. Bytes that are there already are not written again.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Hash> {
        let store = self.clone();
        let written = tokio::task::spawn_blocking(move || store.put_now(&bytes)).await;
        written.map_err(Error::internal)?
    }

    /// The bytes with this hash; "not found" when they are not here.
    pub async fn get(&self, hash: Hash) -> Result<Vec<u8>> {
        let path = self.path(hash);
        tokio::fs::read(path).await.map_err(unread)
    }

    /// [`Blobs::put`] for commands and threads that may block.
    pub fn put_now(&self, bytes: &[u8]) -> Result<Hash> {
        let hash = Hash::of(bytes);
        let path = self.path(hash);
        let there = fs::metadata(&path).is_ok_and(|found| usize::try_from(found.len()) == Ok(bytes.len()));
        if !there {
            write(&path, bytes).map_err(Error::internal)?;
        }
        Ok(hash)
    }

    /// [`Blobs::get`] for commands and threads that may block.
    pub fn get_now(&self, hash: Hash) -> Result<Vec<u8>> {
        fs::read(self.path(hash)).map_err(unread)
    }

    /// The names of all that is kept, in order. Blocks.
    pub fn all(&self) -> Result<Vec<Hash>> {
        let mut all = Vec::new();
        for folder in fs::read_dir(&self.root).map_err(Error::internal)? {
            let folder = folder.map_err(Error::internal)?;
            if !folder.path().is_dir() {
                continue;
            }
            let begin = folder.file_name().to_string_lossy().into_owned();
            for file in fs::read_dir(folder.path()).map_err(Error::internal)? {
                let rest = file.map_err(Error::internal)?.file_name();
                // What is being written has another name.
                all.extend(format!("{begin}{}", rest.to_string_lossy()).parse::<Hash>().ok());
            }
        }
        all.sort_unstable();
        Ok(all)
    }

    /// `ab/cdef…`: 256 folders, so that none grows too long.
    fn path(&self, hash: Hash) -> PathBuf {
        let name = hash.to_string();
        let (folder, file) = name.split_at(2);
        self.root.join(folder).join(file)
    }
}

fn unread(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::NotFound { Error::not_found() } else { Error::internal(error) }
}

/// Writes beside, flushes, renames, flushes the folder: after a crash there is the whole file or none.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|error| error.error)?;
    fs::File::open(folder)?.sync_all()
}
