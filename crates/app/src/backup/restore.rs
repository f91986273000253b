//! A backup, read into an empty server.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use db::{CopiedTable, CopySink, Db, Migrations};
use files::Hash;
use kernel::{Error, Result, Text};
use zip::ZipArchive;

use super::{
    FILES, MANIFEST, Manifest, SECRET,
    archive::table_file,
    manifest::{FORMAT, Kept, Tally, name_of},
    row, trouble,
};
use crate::{config::Config, modules, parts};

/// The most that a list of contents may take.
const MANIFEST_BYTES: u64 = 4 << 20;

/// Fills the configuration's database and its folder of data, both of which have to be empty, brings the tables up to
/// date and holds what is there against the list. Errors: something is there already; the file is no backup, is damaged,
/// or was made by a newer program: then nothing is changed. Rows come all or none.
pub fn restore(config: &Config, path: &Path) -> Result<Manifest> {
    let unreadable = |error: &dyn std::fmt::Display| trouble("app-backup-unreadable", path, error);
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| unreadable(&error))?;
    let manifest = read_manifest(&mut archive).map_err(|error| unreadable(&error))?;
    let steps = steps_of(&manifest)?;
    check(&mut archive, &manifest).map_err(|error| unreadable(&error))?;
    make_room(config)?;
    fill(&mut archive, &manifest, config, &steps)?;
    drop(Db::open(config.database(), &modules::migrations())?);
    Ok(manifest)
}

type Zip = ZipArchive<BufReader<File>>;

fn read_manifest(archive: &mut Zip) -> Result<Manifest> {
    let list = archive.by_name(MANIFEST).map_err(Error::internal)?;
    let manifest: Manifest = serde_json::from_reader(list.take(MANIFEST_BYTES)).map_err(Error::internal)?;
    if manifest.format == FORMAT { Ok(manifest) } else { Err(newer(&manifest)) }
}

fn newer(manifest: &Manifest) -> Error {
    Error::conflict(Text::new("app-backup-newer").with("version", manifest.karvon.clone()))
}

/// The tables as they were when the backup was made.
fn steps_of(manifest: &Manifest) -> Result<Vec<Migrations>> {
    let ours = modules::migrations();
    let is_known = |(domain, count): (&String, &usize)| {
        ours.iter().any(|own| own.domain() == domain && own.count() >= *count)
    };
    if !manifest.steps.iter().all(is_known) {
        return Err(newer(manifest));
    }
    let then = |own: &Migrations| manifest.steps.get(own.domain()).map(|count| own.first(*count));
    Ok(ours.iter().filter_map(then).collect())
}

/// Nothing of another business may be there; a search index is made anew.
fn make_room(config: &Config) -> Result<()> {
    let blobs = parts::blobs_of(config)?;
    if !db::is_empty(&config.database())? || !blobs.all()?.is_empty() {
        return Err(Error::conflict(Text::new("app-restore-not-empty")));
    }
    let index = config.data.join("search");
    if index.is_dir() {
        fs::remove_dir_all(index).map_err(Error::internal)?;
    }
    Ok(())
}

/// Reads everything once and holds it against the list.
fn check(archive: &mut Zip, manifest: &Manifest) -> Result<()> {
    let mut tally = Tally::default();
    manifest.tables.iter().try_for_each(|table| read_table(archive, &table.name, &mut tally))?;
    compare(&manifest.tables, &tally.end(), true)?;
    let files =
        read_files(
            archive,
            |file, hash| {
                if Hash::of_all(file)? == hash { Ok(()) } else { Err(not_what_it_was(hash)) }
            },
        )?;
    if files != manifest.files {
        return Err(Error::internal(format!("{files} files instead of {}", manifest.files)));
    }
    Ok(())
}

fn fill(archive: &mut Zip, manifest: &Manifest, config: &Config, steps: &[Migrations]) -> Result<()> {
    let blobs = parts::blobs_of(config)?;
    read_files(archive, |file, hash| {
        let arrived = blobs.receive_now(file)?;
        if arrived.hash() != hash {
            return Err(not_what_it_was(hash));
        }
        arrived.keep_now().map(drop)
    })?;
    drop(Db::open(config.database(), steps)?);
    db::copy_in(&config.database(), &mut |sink| {
        manifest.tables.iter().try_for_each(|table| read_table(archive, &table.name, sink))
    })?;
    let mut there = Tally::default();
    db::copy_out(&config.database(), &mut there)?;
    // PostgreSQL writes JSON in its own order of keys, so from one kind to the other only rows are counted.
    compare(&manifest.tables, &there.end(), manifest.database == name_of(&config.database().target))?;
    keep_secret(archive, config)
}

fn not_what_it_was(hash: Hash) -> Error {
    Error::internal(format!("{FILES}{hash} is not what it was"))
}

/// Gives each blob, with its name, to `take` and answers how many there are.
fn read_files(archive: &mut Zip, take: impl Fn(&mut dyn Read, Hash) -> Result<()>) -> Result<usize> {
    let mut names = Vec::new();
    for name in archive.file_names() {
        let name = name.map_err(Error::internal)?;
        if name.starts_with(FILES) {
            names.push(name.into_owned());
        }
    }
    for name in &names {
        let hash = name.trim_start_matches(FILES).parse()?;
        take(&mut archive.by_name(name).map_err(Error::internal)?, hash)?;
    }
    Ok(names.len())
}

fn read_table(archive: &mut Zip, name: &str, sink: &mut dyn CopySink) -> Result<()> {
    let file = archive.by_name(&table_file(name)).map_err(Error::internal)?;
    let mut lines = BufReader::new(file).lines();
    let head = lines.next().unwrap_or_else(|| Ok(String::new())).map_err(Error::internal)?;
    let table: CopiedTable = serde_json::from_str(&head).map_err(Error::internal)?;
    sink.table(&table)?;
    for line in lines {
        sink.row(&row::values(&line.map_err(Error::internal)?)?)?;
    }
    Ok(())
}

/// A file of the archive, where it has it.
fn read(archive: &mut Zip, name: &str) -> Result<Option<Vec<u8>>> {
    let mut file = match archive.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(Error::internal(error)),
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(Error::internal)?;
    Ok(Some(bytes))
}

/// Each table has the rows of the list, and with `sums` the very same ones.
fn compare(wanted: &[Kept], found: &[Kept], sums: bool) -> Result<()> {
    for want in wanted {
        let have = found.iter().find(|have| have.name == want.name);
        if !have.is_some_and(|have| have.rows == want.rows && (!sums || have.sum == want.sum)) {
            return Err(Error::internal(format!("{}: the rows are not those of the list", want.name)));
        }
    }
    Ok(())
}

/// Puts the key where the server looks for it; one that is there already, or given by the configuration, stays.
fn keep_secret(archive: &mut Zip, config: &Config) -> Result<()> {
    let path = config.data.join(SECRET);
    let Some(secret) = read(archive, SECRET)?.filter(|_| config.secret.is_none() && !path.exists()) else {
        return Ok(());
    };
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(Error::internal)?;
    file.write_all(&secret).and_then(|()| file.sync_all()).map_err(Error::internal)
}
