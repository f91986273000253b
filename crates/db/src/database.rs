//! [`Db`]: the two ways into the database.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use futures::executor::block_on;
use kernel::{Error, Result, WorkspaceId};
use tokio::sync::{oneshot, watch};

use crate::{
    Backend, Config, Migrations, ReadTx, Topic, Tx, Value, Wakes, config::Target, migrate, postgres,
    queue::Queue, sqlite,
};

/// Whose write it is. People's go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Somebody waits for the answer.
    People,
    /// Jobs, imports, senders.
    Background,
}

/// Whose rows a transaction sees. On PostgreSQL row-level security holds it to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One workspace's rows.
    Workspace(WorkspaceId),
    /// The server's own business: sign-in, taking jobs, routing webhooks.
    Server,
}

impl From<WorkspaceId> for Scope {
    fn from(workspace: WorkspaceId) -> Self {
        Self::Workspace(workspace)
    }
}

impl Scope {
    /// Sets the scope for the rest of the transaction (PostgreSQL).
    pub(crate) fn set_local(self) -> String {
        match self {
            Self::Workspace(id) => {
                format!("SET LOCAL karvon.workspace = '{id}'; SET LOCAL karvon.server = 'off'")
            }
            Self::Server => "SET LOCAL karvon.server = 'on'".to_owned(),
        }
    }
}

/// A recorded statement; benchmarks replay them through the bare driver and count them.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// As the domain wrote it, with `$1` parameters.
    pub sql: String,
    /// Its values.
    pub values: Vec<Value<'static>>,
}

/// A write on its way to a writer thread.
pub(crate) trait WriteCall: Send {
    fn scope(&self) -> Scope;
    /// Runs the closure; may be called again when the transaction must be run again.
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<()>;
    /// Answers the caller: what `run` gave, or why the commit failed.
    fn answer(self: Box<Self>, committed: Result<()>);
}

/// A read on its way to a reader thread.
pub(crate) trait ReadCall: Send {
    fn scope(&self) -> Scope;
    fn run(&mut self, tx: &mut ReadTx<'_>) -> Result<()>;
    fn answer(self: Box<Self>, outcome: Result<()>);
}

struct Call<F, T> {
    scope: Scope,
    closure: F,
    value: Option<T>,
    caller: oneshot::Sender<Result<T>>,
}

impl<F, T> Call<F, T> {
    fn run_with<X>(&mut self, tx: &mut X, run: impl FnOnce(&F, &mut X) -> Result<T>) -> Result<()> {
        let closure = &self.closure;
        self.value = None;
        let value = catch_unwind(AssertUnwindSafe(|| run(closure, tx)))
            .map_err(|panic| Error::internal(format!("a panic: {}", panic_message(panic.as_ref()))))??;
        self.value = Some(value);
        Ok(())
    }

    fn send(self, outcome: Result<()>) {
        let Self { value, caller, .. } = self;
        let answer = outcome.and_then(|()| value.ok_or_else(|| Error::internal("an answer without a value")));
        // A caller that went away does not want the answer.
        let _gone = caller.send(answer);
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without words")
}

impl<F, T> WriteCall for Call<F, T>
where
    F: Fn(&mut Tx<'_>) -> Result<T> + Send,
    T: Send,
{
    fn scope(&self) -> Scope {
        self.scope
    }
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.run_with(tx, |closure, tx| closure(tx))?;
        if tx.is_failed() {
            return Err(Error::internal("a statement failed and its error was dropped"));
        }
        Ok(())
    }
    fn answer(self: Box<Self>, committed: Result<()>) {
        self.send(committed);
    }
}

impl<F, T> ReadCall for Call<F, T>
where
    F: Fn(&mut ReadTx<'_>) -> Result<T> + Send,
    T: Send,
{
    fn scope(&self) -> Scope {
        self.scope
    }
    fn run(&mut self, tx: &mut ReadTx<'_>) -> Result<()> {
        self.run_with(tx, |closure, tx| closure(tx))
    }
    fn answer(self: Box<Self>, outcome: Result<()>) {
        self.send(outcome);
    }
}

/// What callers and database threads share.
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) writes: Queue<Box<dyn WriteCall>>,
    pub(crate) reads: Queue<Box<dyn ReadCall>>,
    pub(crate) wakes: Wakes,
    /// Others on the same database; nobody on SQLite.
    pub(crate) nodes: postgres::nodes::Nodes,
    pub(crate) recording: AtomicBool,
    pub(crate) record: Mutex<Vec<Vec<Statement>>>,
}

impl Shared {
    pub(crate) fn is_recording(&self) -> bool {
        self.recording.load(Ordering::Relaxed)
    }

    pub(crate) fn keep_record(&self, statements: Vec<Statement>) {
        self.record.lock().unwrap_or_else(PoisonError::into_inner).push(statements);
    }
}

/// The database. Cheap to clone; the threads end when the last one goes.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    backend: Backend,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.shared.writes.close();
        self.shared.reads.close();
        self.shared.nodes.close();
        let threads = std::mem::take(self.threads.get_mut().unwrap_or_else(PoisonError::into_inner));
        // A closure may hold the last handle: then this is a database thread, which ends by itself when it is done.
        let own = thread::current().id();
        for thread in threads.into_iter().filter(|thread| thread.thread().id() != own) {
            // A thread that panicked has already answered with an error.
            let _panicked = thread.join();
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.inner.backend)
    }
}

impl Db {
    /// Brings the database up to date with `migrations` (lower domains first) and opens it.
    /// Blocks; an error says what is wrong with the database or the migration.
    pub fn open(config: Config, migrations: &[Migrations]) -> Result<Self> {
        migrate::run(&config, migrations)?;
        Self::open_unmigrated(config)
    }

    /// Opens the database as it is.
    pub fn open_unmigrated(config: Config) -> Result<Self> {
        let queue = config.limits.queue;
        let shared = Arc::new(Shared {
            config,
            writes: Queue::new(queue),
            reads: Queue::new(queue),
            wakes: Wakes::default(),
            nodes: postgres::nodes::Nodes::default(),
            recording: AtomicBool::new(false),
            record: Mutex::new(Vec::new()),
        });
        let (backend, threads) = match &shared.config.target {
            Target::Sqlite(path) => (Backend::Sqlite, sqlite::start(&shared, path)?),
            Target::Postgres(url) => (Backend::Postgres, postgres::start(&shared, url)?),
        };
        Ok(Self { inner: Arc::new(Inner { shared, backend, threads: Mutex::new(threads) }) })
    }

    /// Which database it is; for benchmarks and tests.
    pub fn backend(&self) -> Backend {
        self.inner.backend
    }

    /// Runs `closure` in a transaction and commits it durably before it answers. `closure` may run twice.
    /// Errors: its own; "busy" when the queue is full or the time limit is over.
    pub async fn write<T, F>(&self, scope: impl Into<Scope>, lane: Lane, closure: F) -> Result<T>
    where
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.send_write(scope.into(), lane, closure).await.map_err(|_| Error::busy())?
    }

    /// [`Db::write`] for commands and tests that have no runtime. Blocks.
    pub fn write_now<T, F>(&self, scope: impl Into<Scope>, closure: F) -> Result<T>
    where
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        block_on(self.send_write(scope.into(), Lane::People, closure)).map_err(|_| Error::busy())?
    }

    /// Runs `closure` on a snapshot. A caller sees what it wrote before.
    pub async fn read<T, F>(&self, scope: impl Into<Scope>, closure: F) -> Result<T>
    where
        F: Fn(&mut ReadTx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.send_read(scope.into(), closure).await.map_err(|_| Error::busy())?
    }

    /// [`Db::read`] for commands and tests that have no runtime. Blocks.
    pub fn read_now<T, F>(&self, scope: impl Into<Scope>, closure: F) -> Result<T>
    where
        F: Fn(&mut ReadTx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        block_on(self.send_read(scope.into(), closure)).map_err(|_| Error::busy())?
    }

    fn send_write<T, F>(&self, scope: Scope, lane: Lane, closure: F) -> oneshot::Receiver<Result<T>>
    where
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let call = Box::new(Call { scope, closure, value: None, caller });
        // A refused call is dropped with its sender, which the caller reads as "busy".
        if self.inner.shared.writes.push(lane, call).is_err() {
            metrics::counter!("db_queue_full_total").increment(1);
        }
        answer
    }

    fn send_read<T, F>(&self, scope: Scope, closure: F) -> oneshot::Receiver<Result<T>>
    where
        F: Fn(&mut ReadTx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let call = Box::new(Call { scope, closure, value: None, caller });
        if self.inner.shared.reads.push(Lane::People, call).is_err() {
            metrics::counter!("db_queue_full_total").increment(1);
        }
        answer
    }

    /// A receiver that changes after commits that woke `topic`.
    pub fn subscribe(&self, topic: Topic) -> watch::Receiver<u64> {
        self.inner.shared.wakes.subscribe(topic)
    }

    /// From now on whoever sleeps at other nodes of this database is woken by what is committed here, and the other way
    /// round. On SQLite there is one node. Blocks; an error says that PostgreSQL does not answer.
    pub fn join_nodes(&self) -> Result<()> {
        if let Target::Postgres(url) = &self.inner.shared.config.target {
            let threads = postgres::nodes::join(&self.inner.shared, url)?;
            self.inner.threads.lock().unwrap_or_else(PoisonError::into_inner).extend(threads);
        }
        Ok(())
    }

    /// Calls that wait for a writer and for a reader; for health and metrics.
    pub fn waiting(&self) -> (usize, usize) {
        (self.inner.shared.writes.len(), self.inner.shared.reads.len())
    }

    /// Starts or stops keeping every transaction's statements; for benchmarks and for tests that count them.
    pub fn set_recording(&self, on: bool) {
        self.inner.shared.recording.store(on, Ordering::Relaxed);
    }

    /// The statements kept so far, one list a transaction, oldest first.
    pub fn take_record(&self) -> Vec<Vec<Statement>> {
        std::mem::take(&mut *self.inner.shared.record.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
