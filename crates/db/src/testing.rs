//! Fresh databases for tests, on both sides. Used by `#[db_test]`, by the simulation and by benchmarks.

use std::{
    ops,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{Config, Db, Limits, Migrations, config::Target, migrate, postgres};

/// A database that goes away with the test.
#[derive(Debug)]
pub struct TestDb {
    // Dropped in this order: the threads end before the place goes.
    db: Option<Db>,
    config: Config,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(#[expect(dead_code, reason = "held so that the folder stays")] tempfile::TempDir),
    Server { admin_url: String, name: String },
}

impl ops::Deref for TestDb {
    type Target = Db;
    #[expect(clippy::expect_used, reason = "there until it is dropped; tests may panic")]
    fn deref(&self) -> &Db {
        self.db.as_ref().expect("the database is open")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        self.db = None;
        if let Place::Server { admin_url, name } = &self.place {
            // On a thread of its own: the driver waits by itself, which a test's runtime forbids.
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    if let Ok(mut client) = postgres::connect(admin_url) {
                        // What stays behind is dropped with the private server.
                        let _left =
                            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                    }
                });
            });
        }
    }
}

/// Where the tests' PostgreSQL is: the variable, or the file that `scripts/postgres.sh start` leaves.
pub fn postgres_url() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests are told where their server is")]
    let from_variable = std::env::var("KARVON_TEST_POSTGRES_URL").ok();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.test/postgres.url");
    from_variable.or_else(|| std::fs::read_to_string(file).ok()).map(|url| url.trim().to_owned())
}

#[expect(clippy::expect_used, clippy::panic, reason = "tests and benchmarks stop where they cannot go on")]
impl TestDb {
    /// An empty SQLite database with these migrations, not durable.
    pub fn sqlite(migrations: &[Migrations]) -> Self {
        Self::sqlite_with(migrations, patient(), false)
    }

    /// The same with these limits; `durable` for benchmarks.
    pub fn sqlite_with(migrations: &[Migrations], limits: Limits, durable: bool) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let target = Target::Sqlite(folder.path().join("karvon.db"));
        let config = Config { target, limits, durable };
        let db = Db::open(config.clone(), migrations).unwrap_or_else(|e| panic!("{e}"));
        Self { db: Some(db), config, place: Place::Folder(folder) }
    }

    /// A fresh PostgreSQL database with these migrations, not durable.
    pub fn postgres(migrations: &[Migrations]) -> Self {
        Self::postgres_with(migrations, patient(), false)
    }

    /// The same with these limits; `durable` for benchmarks.
    pub fn postgres_with(migrations: &[Migrations], limits: Limits, durable: bool) -> Self {
        let admin_url = postgres_url()
            .expect("KARVON_TEST_POSTGRES_URL says where the tests' PostgreSQL is; `scripts/postgres.sh start` makes one");
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let template = template(&admin_url, migrations);
        let mut client = postgres::connect(&admin_url).unwrap_or_else(|e| panic!("{e}"));
        client
            .batch_execute(&format!("DROP DATABASE IF EXISTS {name}"))
            .and_then(|()| {
                client
                    .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
            })
            .expect("a database of our own");
        let target = Target::Postgres(with_database(&admin_url, &name));
        let config = Config { target, limits, durable };
        let db = Db::open_unmigrated(config.clone()).unwrap_or_else(|e| panic!("{e}"));
        Self { db: Some(db), config, place: Place::Server { admin_url, name } }
    }

    /// How it was opened; a crash test opens it again with this.
    pub fn config(&self) -> Config {
        self.config.clone()
    }

    /// Closes it and opens it again, as a new process would.
    pub fn reopen(&mut self) {
        self.db = None;
        self.db = Some(Db::open_unmigrated(self.config.clone()).unwrap_or_else(|e| panic!("{e}")));
    }
}

/// The limits of tests. They ask what the program does, not how long the machine stood still beside its neighbours;
/// whoever tests a limit says which.
fn patient() -> Limits {
    Limits { write_ms: 60_000, read_ms: 60_000, ..Limits::default() }
}

/// A migrated database that others are copied from, made once for each set of migrations.
#[expect(clippy::panic, clippy::expect_used, reason = "tests stop where they cannot go on")]
fn template(admin_url: &str, migrations: &[Migrations]) -> String {
    let name = format!("tpl_{}", Migrations::fingerprint(migrations));
    let mut client = postgres::connect(admin_url).unwrap_or_else(|e| panic!("{e}"));
    // One process makes it, the others wait.
    client.batch_execute("SELECT pg_advisory_lock(7701)").expect("a lock");
    let found = client
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .expect("the list of databases");
    if found.is_none() {
        let raw = format!("{name}_raw");
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {raw}")).expect("no half-made template");
        client.batch_execute(&format!("CREATE DATABASE {raw} TEMPLATE template0")).expect("a template");
        let target = Target::Postgres(with_database(admin_url, &raw));
        let config = Config { target, limits: patient(), durable: false };
        migrate::run(&config, migrations).unwrap_or_else(|e| panic!("{e}"));
        client.batch_execute(&format!("ALTER DATABASE {raw} RENAME TO {name}")).expect("a finished template");
    }
    name
}

fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let server = base.rsplit_once('/').map_or(base, |(server, _)| server);
    if query.is_empty() { format!("{server}/{name}") } else { format!("{server}/{name}?{query}") }
}

/// Runs an asynchronous test on a runtime of its own.
#[expect(clippy::expect_used, reason = "tests stop where they cannot go on")]
pub fn block_on<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(test)
}
