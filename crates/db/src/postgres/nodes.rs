//! Other nodes on the same database: what a commit wakes here, they are told by `NOTIFY`, so that nobody waits for their
//! next look.
//!
//! It is said after the commit, by a connection of its own that gathers what many commits wake: a `NOTIFY` inside of the
//! transactions would have them wait for each other. A node that dies in between, and a lost connection, cost the others a
//! look and nothing else.

use std::{
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI32, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use kernel::{Error, Result};
use postgres::{Client, fallible_iterator::FallibleIterator};

use super::connection::connect;
use crate::{database::Shared, error::from_postgres, wake::WakeSet};

/// The channel of all nodes of a database.
const CHANNEL: &str = "karvon_wake";
/// How long wakes gather before they are told.
const GATHER: Duration = Duration::from_millis(5);
/// How soon a stop is seen, and a lost connection is opened again.
const LOOK: Duration = Duration::from_secs(1);

/// What is to be told to other nodes.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    /// Whether anybody is told.
    is_on: AtomicBool,
    is_closed: AtomicBool,
    waiting: Mutex<WakeSet>,
    woken: Condvar,
    /// The server's process behind the connection that tells: what it says is our own.
    teller: AtomicI32,
}

impl Nodes {
    /// Has the others told.
    pub(crate) fn note(&self, set: WakeSet) {
        if set.is_empty() || !self.is_on.load(Ordering::Relaxed) {
            return;
        }
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).join(set);
        self.woken.notify_one();
    }

    /// Tells and hears no more.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        self.woken.notify_one();
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    /// Waits for something to tell; `None` when there is none for a while.
    fn take(&self) -> Option<WakeSet> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let is_idle = |set: &mut WakeSet| set.is_empty() && !self.is_closed();
        let (waiting, _) =
            self.woken.wait_timeout_while(waiting, LOOK, is_idle).unwrap_or_else(PoisonError::into_inner);
        let has_any = !waiting.is_empty();
        drop(waiting);
        if !has_any {
            return None;
        }
        pause(GATHER);
        Some(std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Begins to tell the others and to hear them.
pub(crate) fn join(shared: &Arc<Shared>, url: &str) -> Result<Vec<JoinHandle<()>>> {
    if shared.nodes.is_on.swap(true, Ordering::Relaxed) {
        return Ok(Vec::new());
    }
    let spawn = |name: &str, run: fn(&Shared, &mut Client) -> Result<()>| {
        let mut client = connect(url)?;
        let (shared, url) = (Arc::clone(shared), url.to_owned());
        let serve = move || {
            while !shared.nodes.is_closed() {
                if let Err(error) = run(&shared, &mut client) {
                    tracing::warn!(%error, "other nodes are not heard now, only looked after");
                    pause(LOOK);
                    match connect(&url) {
                        Ok(again) => client = again,
                        Err(error) => tracing::warn!(%error, "the connection to other nodes does not open"),
                    }
                }
            }
        };
        thread::Builder::new().name(name.to_owned()).spawn(serve).map_err(Error::internal)
    };
    Ok(vec![spawn("db-nodes-tell", tell)?, spawn("db-nodes-hear", hear)?])
}

/// Tells what is woken until the connection is lost.
fn tell(shared: &Shared, client: &mut Client) -> Result<()> {
    // Only notices are committed here: none is worth waiting for the disk, which the commits of others wait for.
    client.batch_execute("SET synchronous_commit = off").map_err(from_postgres)?;
    let row = client.query_one("SELECT pg_backend_pid()", &[]).map_err(from_postgres)?;
    shared.nodes.teller.store(row.try_get(0).map_err(from_postgres)?, Ordering::Relaxed);
    while !shared.nodes.is_closed() {
        if let Some(set) = shared.nodes.take() {
            let told = client.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &set.word()]);
            if let Err(error) = told {
                // Told by the next connection.
                shared.nodes.note(set);
                return Err(from_postgres(error));
            }
        }
    }
    Ok(())
}

/// Wakes whoever sleeps here by what others tell, until the connection is lost.
fn hear(shared: &Shared, client: &mut Client) -> Result<()> {
    client.batch_execute(&format!("LISTEN {CHANNEL}")).map_err(from_postgres)?;
    // What was told while nobody listened here is looked for at once.
    shared.wakes.fire(WakeSet::all());
    while !shared.nodes.is_closed() {
        if client.is_closed() {
            return Err(Error::internal("the connection that hears other nodes is closed"));
        }
        let mut told = client.notifications();
        let mut heard = told.timeout_iter(LOOK);
        while let Some(notice) = heard.next().map_err(from_postgres)? {
            if notice.process_id() != shared.nodes.teller.load(Ordering::Relaxed) {
                shared.wakes.fire(WakeSet::read(notice.payload()));
            }
            if shared.nodes.is_closed() {
                return Ok(());
            }
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a thread of the database waits")]
fn pause(time: Duration) {
    thread::sleep(time);
}
