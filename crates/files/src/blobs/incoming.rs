//! What is on its way: files that nobody has named yet. Each is locked by whoever writes it, so what a crash left is told
//! from what another process is writing.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use kernel::{Error, Result};
use tempfile::NamedTempFile;

/// The end of the name of a note about an upload in parts.
const NOTE: &str = ".parts";

/// The folder of what is on its way.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    folder: Arc<Path>,
}

impl Incoming {
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder: folder.into() })
    }

    /// An empty file, gone when it is dropped.
    pub(super) fn file(&self) -> io::Result<NamedTempFile> {
        self.locked("")
    }

    /// A file that remembers an upload in parts, gone when it is dropped.
    pub(super) fn note(&self) -> io::Result<NamedTempFile> {
        self.locked(NOTE)
    }

    fn locked(&self, end: &str) -> io::Result<NamedTempFile> {
        loop {
            let file = tempfile::Builder::new().suffix(end).tempfile_in(&self.folder)?;
            file.as_file().lock()?;
            // Between its making and its lock another process may have taken it for one that a crash left.
            if file.as_file().metadata()?.nlink() > 0 {
                return Ok(file);
            }
        }
    }

    /// Takes away what processes left that are no more; `give_up` gets what each note says.
    pub(super) fn sweep(&self, give_up: impl Fn(&str) -> Result<()>) -> Result<()> {
        for entry in fs::read_dir(&self.folder).map_err(Error::internal)? {
            let path = entry.map_err(Error::internal)?.path();
            if let Some(_held) = left(&path).map_err(Error::internal)? {
                if path.to_string_lossy().ends_with(NOTE) {
                    give_up(&fs::read_to_string(&path).map_err(Error::internal)?)?;
                }
                fs::remove_file(&path).or_else(gone).map_err(Error::internal)?;
            }
        }
        Ok(())
    }
}

/// The file, where nobody writes it; locked, so that nobody else takes it away.
fn left(path: &Path) -> io::Result<Option<File>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return gone(error).map(|()| None),
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn gone(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
