//! PostgreSQL: a pool of connections, one thread each; serialization failures and deadlocks are run again here.
//!
//! Writes run at READ COMMITTED: an action locks the row that it decides on (`FOR UPDATE`, a guarded UPDATE),
//! and a counter row is waited for instead of failing. Reads run at REPEATABLE READ: one snapshot.

mod connection;
pub(crate) mod nodes;
mod statements;
mod wire;

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use kernel::{Error, Result};

use connection::Connection;
pub(crate) use connection::{Left, connect};
use statements::Statements;
pub(crate) use wire::Wire;

use crate::{
    database::{ReadCall, Shared, WriteCall},
    error::is_retry,
    queue::Taken,
    timer::Moment,
};

/// Runs of one closure at most; a conflict that lasts longer is answered "busy".
const ATTEMPTS: u32 = 8;
/// Waiting before the second run, doubled for each further one: conflicting transactions are shorter than that.
const BACK_OFF: Duration = Duration::from_millis(2);

pub(crate) fn start(shared: &Arc<Shared>, url: &str) -> Result<Vec<JoinHandle<()>>> {
    let mut threads = Vec::new();
    let limits = &shared.config.limits;
    let spawn = |name: String, serve: Box<dyn FnOnce() + Send>| {
        thread::Builder::new().name(name).spawn(serve).map_err(Error::internal)
    };
    for number in 0..limits.writers.max(1) {
        let mut connection = Connection::open(url, limits.write_ms, shared.config.durable)?;
        let shared = Arc::clone(shared);
        let serve = Box::new(move || serve_writes(&shared, &mut connection));
        threads.push(spawn(format!("db-writer-{number}"), serve)?);
    }
    for number in 0..limits.readers.max(1) {
        let mut connection = Connection::open(url, limits.read_ms, shared.config.durable)?;
        let shared = Arc::clone(shared);
        let serve = Box::new(move || serve_reads(&shared, &mut connection));
        threads.push(spawn(format!("db-reader-{number}"), serve)?);
    }
    Ok(threads)
}

fn serve_writes(shared: &Shared, connection: &mut Connection) {
    loop {
        match shared.writes.take(Duration::from_secs(3600)) {
            Taken::One(call) => write(shared, connection, call),
            Taken::Idle => {}
            Taken::Closed => return,
        }
    }
}

fn serve_reads(shared: &Shared, connection: &mut Connection) {
    loop {
        match shared.reads.take(Duration::from_secs(3600)) {
            Taken::One(call) => read(shared, connection, call),
            Taken::Idle => {}
            Taken::Closed => return,
        }
    }
}

fn write(shared: &Shared, connection: &mut Connection, mut call: Box<dyn WriteCall>) {
    let started = Moment::now();
    let begin = format!("BEGIN ISOLATION LEVEL READ COMMITTED; {}", call.scope().set_local());
    let outcome = again(|| {
        connection.ensure_open()?;
        let mut tx = connection.tx(&begin, shared.is_recording());
        let ran = call.run(&mut tx);
        let (record, wakes, left) = (tx.take_record(), tx.wakes(), tx.left());
        connection.end(ran, left)?;
        if shared.is_recording() {
            shared.keep_record(record);
        }
        shared.wakes.fire(wakes);
        shared.nodes.note(wakes);
        Ok(())
    });
    metrics::histogram!("db_write_seconds").record(started.elapsed());
    metrics::counter!("db_writes_total").increment(1);
    call.answer(outcome);
}

fn read(shared: &Shared, connection: &mut Connection, mut call: Box<dyn ReadCall>) {
    let started = Moment::now();
    let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {}", call.scope().set_local());
    let outcome = again(|| {
        connection.ensure_open()?;
        let mut tx = connection.read_tx(&begin, shared.is_recording());
        let ran = call.run(&mut tx);
        if shared.is_recording() {
            shared.keep_record(tx.take_record());
        }
        let left = tx.left();
        connection.end(ran, left)
    });
    metrics::histogram!("db_read_seconds").record(started.elapsed());
    call.answer(outcome);
}

/// Runs a transaction again while the database asks for it.
fn again(mut run: impl FnMut() -> Result<()>) -> Result<()> {
    let mut wait = BACK_OFF;
    for _ in 1..ATTEMPTS {
        match run() {
            Err(error) if is_retry(&error) => {
                metrics::counter!("db_retries_total").increment(1);
                #[expect(clippy::disallowed_methods, reason = "a database thread waits out a conflict")]
                thread::sleep(wait);
                wait = wait.saturating_mul(2);
            }
            outcome => return outcome,
        }
    }
    run().map_err(|error| if is_retry(&error) { Error::busy().because(error) } else { error })
}
