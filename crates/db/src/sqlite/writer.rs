//! The writer thread: all writes that wait at a moment run one after the other, each in its own savepoint,
//! are committed together, durably, and only then answered.

use std::{path::PathBuf, sync::Arc, time::Duration};

use kernel::{Error, Result};
use rusqlite::Connection;

use super::Deadline;
use crate::{
    Tx,
    database::{Shared, WriteCall},
    dialect::Rewrites,
    error::from_sqlite,
    queue::Taken,
    timer::Moment,
    tx::Conn,
    wake::WakeSet,
};

/// How long the writer sleeps before it looks after the WAL.
const IDLE: Duration = Duration::from_secs(1);
/// A WAL larger than this is truncated when the writer is idle.
const WAL_TRUNCATE_BYTES: u64 = 16 << 20;
/// A group gathers no further writes after this; the rest waits for the next commit.
const GROUP_MS: u64 = 50;

pub(super) struct Writer {
    shared: Arc<Shared>,
    conn: Connection,
    rewrites: Rewrites,
    deadline: Arc<Deadline>,
    wal: PathBuf,
}

/// A write that has run and waits for the group's commit.
struct Done {
    call: Box<dyn WriteCall>,
    outcome: Result<()>,
}

/// Why the group's transaction is gone, with all that it did.
struct GroupLost;

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, conn: Connection, wal: PathBuf) -> Result<Self> {
        let deadline = Deadline::install(&conn)?;
        Ok(Self { shared, conn, rewrites: Rewrites::default(), deadline, wal })
    }

    pub(super) fn serve(mut self) {
        loop {
            match self.shared.writes.take(IDLE) {
                Taken::One(call) => self.group(call),
                Taken::Idle => self.look_after_wal(),
                Taken::Closed => return,
            }
        }
    }

    fn group(&mut self, first: Box<dyn WriteCall>) {
        let started = Moment::now();
        if let Err(error) = self.control("BEGIN IMMEDIATE") {
            return first.answer(Err(error));
        }
        let until = started.after_ms(GROUP_MS);
        let mut wakes = WakeSet::default();
        let mut done: Vec<Done> = Vec::new();
        let mut next = Some(first);
        while let Some(call) = next.take() {
            match self.run_one(call, &mut wakes) {
                Ok(one) => done.push(one),
                Err((culprit, GroupLost)) => {
                    culprit.call.answer(culprit.outcome.and_then(|()| Err(Error::busy())));
                    return self.run_apart(done);
                }
            }
            let open = done.len() < self.shared.config.limits.group && !until.is_past();
            next = if open { self.shared.writes.try_take() } else { None };
        }
        let size = done.len();
        match self.control("COMMIT") {
            Ok(()) => {
                metrics::histogram!("db_group_seconds").record(started.elapsed());
                metrics::counter!("db_writes_total").increment(u64::try_from(size).unwrap_or_default());
                metrics::counter!("db_groups_total").increment(1);
                for Done { call, outcome } in done {
                    call.answer(outcome);
                }
                self.shared.wakes.fire(wakes);
            }
            Err(error) => {
                tracing::error!(db.error = %error, db.group = size, "a group of writes was not committed");
                self.roll_back();
                if size == 1 {
                    for Done { call, outcome } in done {
                        call.answer(outcome.and_then(|()| Err(Error::internal(error.to_string()))));
                    }
                } else {
                    self.run_apart(done);
                }
            }
        }
    }

    /// The group is lost by no fault of these: each runs again in a transaction of its own.
    fn run_apart(&mut self, done: Vec<Done>) {
        for Done { call, .. } in done {
            let mut wakes = WakeSet::default();
            if let Err(error) = self.control("BEGIN IMMEDIATE") {
                call.answer(Err(error));
                continue;
            }
            match self.run_one(call, &mut wakes) {
                Ok(Done { call, outcome }) => match self.control("COMMIT") {
                    Ok(()) => {
                        call.answer(outcome);
                        self.shared.wakes.fire(wakes);
                    }
                    Err(error) => {
                        self.roll_back();
                        call.answer(outcome.and(Err(error)));
                    }
                },
                Err((culprit, GroupLost)) => {
                    culprit.call.answer(culprit.outcome.and_then(|()| Err(Error::busy())));
                }
            }
        }
    }

    /// Runs one write in its savepoint. `Err` when it took the whole transaction with it: an I/O error, a full
    /// disk, or an interrupted statement makes SQLite roll everything back by itself.
    fn run_one(
        &mut self,
        mut call: Box<dyn WriteCall>,
        wakes: &mut WakeSet,
    ) -> Result<Done, (Done, GroupLost)> {
        let started = Moment::now();
        if let Err(error) = self.control("SAVEPOINT call") {
            self.roll_back();
            return Err((Done { call, outcome: Err(error) }, GroupLost));
        }
        self.deadline.arm(self.shared.config.limits.write_ms);
        let recording = self.shared.is_recording();
        let Self { conn, rewrites, .. } = self;
        let mut tx = Tx::new(Conn::Sqlite { conn, rewrites }, recording);
        let outcome = call.run(&mut tx);
        let record = tx.take_record();
        let woken = tx.wakes();
        self.deadline.disarm();
        metrics::histogram!("db_write_seconds").record(started.elapsed());
        if self.conn.is_autocommit() {
            return Err((Done { call, outcome }, GroupLost));
        }
        let ended = match &outcome {
            Ok(()) => self.control("RELEASE call"),
            Err(_) => self.control("ROLLBACK TO call").and_then(|()| self.control("RELEASE call")),
        };
        if let Err(error) = ended {
            self.roll_back();
            return Err((Done { call, outcome: outcome.and(Err(error)) }, GroupLost));
        }
        if outcome.is_ok() {
            wakes.join(woken);
            if recording {
                self.shared.keep_record(record);
            }
        }
        Ok(Done { call, outcome })
    }

    fn roll_back(&self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.control("ROLLBACK")
        {
            tracing::error!(db.error = %error, "a rollback failed");
        }
    }

    fn control(&self, sql: &str) -> Result<()> {
        self.conn.prepare_cached(sql).and_then(|mut s| s.execute([])).map(drop).map_err(from_sqlite)
    }

    fn look_after_wal(&self) {
        let bytes = std::fs::metadata(&self.wal).map_or(0, |file| file.len());
        #[expect(clippy::as_conversions, reason = "a gauge takes a float")]
        metrics::gauge!("db_wal_bytes").set(bytes as f64);
        if bytes > WAL_TRUNCATE_BYTES
            && let Err(error) = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        {
            tracing::warn!(db.error = %error, "the WAL was not truncated");
        }
    }
}
