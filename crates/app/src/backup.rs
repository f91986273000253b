//! Backups: everything that a server keeps, in one ZIP file that any computer can look into.
//!
//! `tables/` has a file of JSON lines for each table (its head, then a row a line), `files/` the blobs under their hashes,
//! `secret` the key that seals the bots' tokens, `manifest.json` what there has to be of each. The rows are those of one
//! moment; blobs are written before the rows that name them, so those that are read afterwards are all there.

mod archive;
mod manifest;
mod restore;
mod row;

use std::{
    fmt::Display,
    fs,
    io::{self, Write},
    path::Path,
};

use kernel::{Error, Result, Text, Timestamp};

use self::archive::Archive;
pub use self::{
    manifest::{Kept, Manifest},
    restore::restore,
};
use crate::{config::Config, parts};

/// Where the blobs are in the archive.
const FILES: &str = "files/";
/// The server's key, in the archive and in the folder of data.
const SECRET: &str = "secret";
const MANIFEST: &str = "manifest.json";

/// Writes everything into a new file, which only its owner may read. The server may run meanwhile. Errors: the file is
/// there already or cannot be written, the database is lost. What is not whole never has the name that was asked for.
pub fn back_up(config: &Config, path: &Path, now: Timestamp) -> Result<Manifest> {
    if path.exists() {
        return Err(Error::conflict(Text::new("app-backup-there").with("file", path.display().to_string())));
    }
    let unwritten = |error: &dyn Display| trouble("app-backup-not-written", path, error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(|error| unwritten(&error))?;
    let mut archive = Archive::new(beside.as_file_mut(), config, now);
    db::copy_out(&config.database(), &mut archive)?;
    let blobs = parts::blobs_of(config)?;
    for hash in blobs.all()? {
        archive.add_from(&format!("{FILES}{hash}"), &mut blobs.read_now(hash)?)?;
    }
    match fs::read(config.data.join(SECRET)) {
        Ok(secret) => archive.add(SECRET, &secret)?,
        // The configuration has it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::internal(error)),
    }
    let manifest = archive.end()?;
    beside.flush().and_then(|()| beside.as_file().sync_all()).map_err(|error| unwritten(&error))?;
    beside.persist_noclobber(path).map_err(|error| unwritten(&error.error))?;
    Ok(manifest)
}

/// What is wrong with a file of a backup, in words.
fn trouble(key: &'static str, path: &Path, problem: &dyn Display) -> Error {
    let text = Text::new(key).with("file", path.display().to_string());
    Error::invalid(text.with("problem", problem.to_string()))
}
