//! The drivers alone: prepared statements, the same pragmas, isolation and number of connections, and nothing else.

mod postgres;
mod sqlite;

use db::{Backend, Limits, Target, Value, testing::TestDb};

use self::{postgres::Postgres, sqlite::Sqlite};

/// A statement with its values.
pub type Call = (usize, Vec<Value<'static>>);

/// Connections over the driver alone.
pub enum Bare {
    /// One connection: SQLite has one writer.
    Sqlite(Box<Sqlite>),
    /// As many as the pool of writers has.
    Postgres(Vec<Postgres>),
}

impl Bare {
    /// As many connections for writing as [`db::Db`] has.
    pub fn writers(db: &TestDb) -> Self {
        match db.backend() {
            Backend::Sqlite => Self::Sqlite(Box::new(Sqlite::open(&place_of(db)))),
            Backend::Postgres => Self::Postgres(
                (0..Limits::default().writers).map(|_| Postgres::open(&place_of(db))).collect(),
            ),
        }
    }

    /// One connection.
    pub fn one(db: &TestDb) -> Self {
        match db.backend() {
            Backend::Sqlite => Self::Sqlite(Box::new(Sqlite::open(&place_of(db)))),
            Backend::Postgres => Self::Postgres(vec![Postgres::open(&place_of(db))]),
        }
    }

    /// Runs each of `transactions` and commits it by itself, on all connections at once.
    pub fn commit_each(&mut self, sql: &[String], transactions: &[Vec<Call>]) {
        match self {
            Self::Sqlite(connection) => connection.commit_each(sql, transactions),
            Self::Postgres(connections) => {
                let share = transactions.len().div_ceil(connections.len()).max(1);
                std::thread::scope(|scope| {
                    for (connection, part) in connections.iter_mut().zip(transactions.chunks(share)) {
                        scope.spawn(move || connection.commit_each(sql, part));
                    }
                });
            }
        }
    }

    /// Runs all of `transactions` on the first connection and commits once.
    pub fn commit_once(&mut self, sql: &[String], transactions: &[Vec<Call>]) {
        match self {
            Self::Sqlite(connection) => connection.commit_once(sql, transactions),
            Self::Postgres(connections) => connections[0].commit_once(sql, transactions),
        }
    }
}

/// Reads `rounds` times on each of as many connections as [`db::Db`] reads with, all at once.
pub fn read_on_all(db: &TestDb, sql: &str, calls: &[Vec<Value<'static>>]) {
    let (place, readers) = (place_of(db), Limits::default().readers);
    let share = calls.len().div_ceil(readers).max(1);
    let backend = db.backend();
    std::thread::scope(|scope| {
        for part in calls.chunks(share) {
            let place = &place;
            scope.spawn(move || match backend {
                Backend::Sqlite => Sqlite::open(place).read(sql, part),
                Backend::Postgres => Postgres::open(place).read(sql, part),
            });
        }
    });
}

/// What comes by itself soon after many writes: PostgreSQL's autovacuum, SQLite's checkpoint.
pub fn settle(db: &TestDb) {
    match db.backend() {
        Backend::Sqlite => Sqlite::open(&place_of(db)).checkpoint(),
        Backend::Postgres => Postgres::open(&place_of(db)).vacuum(),
    }
}

/// The file or the URL.
fn place_of(db: &TestDb) -> String {
    match db.config().target {
        Target::Sqlite(path) => path.display().to_string(),
        Target::Postgres(url) => url,
    }
}

/// Whether a statement answers rows.
fn answers(sql: &str) -> bool {
    sql.trim_start().starts_with("SELECT") || sql.contains("RETURNING")
}
