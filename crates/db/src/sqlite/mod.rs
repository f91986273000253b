//! SQLite: one writer thread with group commit, a few reader threads on WAL snapshots.

mod reader;
mod writer;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use kernel::{Error, Result};
use rusqlite::{Connection, OpenFlags};

use crate::{database::Shared, timer::Moment};

/// Statements kept prepared on one connection.
const STATEMENTS: usize = 512;
/// Virtual machine steps between two looks at the time limit; about ten microseconds.
const STEPS_PER_LOOK: i32 = 2_000;
/// Bytes of the file's beginning that readers see as the system's own pages of it (sqlite.org/mmap.html), instead of a copy in
/// each reader's cache.
const MAPPED_BYTES: i64 = 256 << 20;

/// Opens a connection with the pragmas that every connection of ours has.
pub(crate) fn connect(path: &Path, read_only: bool, durable: bool) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
        | if read_only {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        };
    let open = || -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(std::time::Duration::from_secs(10))?;
        if read_only {
            conn.pragma_update(None, "mmap_size", MAPPED_BYTES)?;
        } else {
            conn.pragma_update(None, "journal_mode", "WAL")?;
        }
        conn.pragma_update(None, "synchronous", if durable { "FULL" } else { "OFF" })?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        conn.pragma_update(None, "cache_size", -16_384)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(conn)
    };
    open().map_err(|error| Error::internal(format!("{}: {error}", path.display())))
}

pub(crate) fn start(shared: &Arc<Shared>, path: &Path) -> Result<Vec<JoinHandle<()>>> {
    let mut threads = Vec::new();
    let conn = connect(path, false, shared.config.durable)?;
    let wal = path.with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().to_string_lossy()));
    let writer = writer::Writer::new(Arc::clone(shared), conn, wal)?;
    threads.push(spawn("db-writer".to_owned(), move || writer.serve())?);
    for number in 0..shared.config.limits.readers.max(1) {
        let conn = connect(path, true, shared.config.durable)?;
        let reader = reader::Reader::new(Arc::clone(shared), conn)?;
        threads.push(spawn(format!("db-reader-{number}"), move || reader.serve())?);
    }
    Ok(threads)
}

fn spawn(name: String, serve: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    thread::Builder::new().name(name).spawn(serve).map_err(Error::internal)
}

/// Interrupts a closure that holds its connection for too long.
#[derive(Debug)]
struct Deadline {
    until: std::sync::Mutex<Option<Moment>>,
    armed: AtomicBool,
}

impl Deadline {
    fn install(conn: &Connection) -> Result<Arc<Self>> {
        let deadline = Arc::new(Self { until: std::sync::Mutex::new(None), armed: AtomicBool::new(false) });
        let watched = Arc::clone(&deadline);
        conn.progress_handler(STEPS_PER_LOOK, Some(move || watched.is_over())).map_err(Error::internal)?;
        Ok(deadline)
    }

    fn arm(&self, ms: u64) {
        if let Ok(mut until) = self.until.lock() {
            *until = Some(Moment::now().after_ms(ms));
            self.armed.store(true, Ordering::Relaxed);
        }
    }

    fn disarm(&self) {
        self.armed.store(false, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.armed.load(Ordering::Relaxed)
            && self.until.lock().is_ok_and(|until| until.is_some_and(Moment::is_past))
    }
}
