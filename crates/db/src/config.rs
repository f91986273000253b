//! Where the database is and how much of it one process may take.

use std::path::PathBuf;

/// How to open the database.
#[derive(Debug, Clone)]
pub struct Config {
    /// A file for SQLite, a URL for PostgreSQL.
    pub target: Target,
    /// How much one process may take.
    pub limits: Limits,
    /// Whether a commit waits for the disk. Only tests say no.
    pub durable: bool,
}

/// Which database.
#[derive(Debug, Clone)]
pub enum Target {
    /// The database file; its folder exists.
    Sqlite(PathBuf),
    /// `postgres://user:password@host:port/name?sslmode=…`.
    Postgres(String),
}

/// What one process may take of the database, each with its reason.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Reading threads (connections). Two cores are kept busy by two; four hide page faults.
    pub readers: usize,
    /// Writing threads on PostgreSQL. More do not help on two cores (`DEPENDENCIES`).
    pub writers: usize,
    /// Waiting calls before the answer is "busy": about ten seconds of work.
    pub queue: usize,
    /// Writes in one group on SQLite: a group's commit is then far below a person's patience.
    pub group: usize,
    /// Milliseconds that one closure may hold the writer.
    pub write_ms: u64,
    /// Milliseconds that one closure may read.
    pub read_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { readers: 4, writers: 4, queue: 4_096, group: 256, write_ms: 5_000, read_ms: 20_000 }
    }
}

impl Config {
    /// Reads a database URL: `postgres://…`, `sqlite://path`, `sqlite:path` or a bare path.
    pub fn from_url(url: &str) -> Self {
        let target = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Target::Postgres(url.to_owned())
        } else {
            let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url);
            Target::Sqlite(PathBuf::from(path))
        };
        Self { target, limits: Limits::default(), durable: true }
    }
}
