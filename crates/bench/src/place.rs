//! Where a measurement's database is.

use db::{Limits, Migrations, testing::TestDb};

/// Which database is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// SQLite, in a folder that goes away.
    Sqlite,
    /// PostgreSQL, with fsync; `cargo xtask bench` starts one and names it in the environment.
    Postgres,
}

impl Database {
    /// Reads the word of the command line.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Sqlite, Self::Postgres].into_iter().find(|database| database.word() == word)
    }

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// A fresh database whose commits wait for the disk.
    pub fn open(self, migrations: &[Migrations]) -> TestDb {
        match self {
            Self::Sqlite => TestDb::sqlite_with(migrations, Limits::default(), true),
            Self::Postgres => TestDb::postgres_with(migrations, Limits::default(), true),
        }
    }

    /// The first on SQLite, the second on PostgreSQL.
    pub fn choose<T>(self, sqlite: T, postgres: T) -> T {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }
}

/// The runtime of callers and fakes: two threads, as the machine has two cores.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
