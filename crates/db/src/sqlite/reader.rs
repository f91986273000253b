//! A reader thread: each read on a snapshot of its own, with a deadline.

use std::{sync::Arc, time::Duration};

use kernel::Result;
use rusqlite::Connection;

use super::Deadline;
use crate::{
    ReadTx,
    database::{ReadCall, Shared},
    dialect::Rewrites,
    error::from_sqlite,
    queue::Taken,
    timer::Moment,
    tx::Conn,
};

pub(super) struct Reader {
    shared: Arc<Shared>,
    conn: Connection,
    rewrites: Rewrites,
    deadline: Arc<Deadline>,
}

impl Reader {
    pub(super) fn new(shared: Arc<Shared>, conn: Connection) -> Result<Self> {
        let deadline = Deadline::install(&conn)?;
        Ok(Self { shared, conn, rewrites: Rewrites::default(), deadline })
    }

    pub(super) fn serve(mut self) {
        loop {
            match self.shared.reads.take(Duration::from_secs(3600)) {
                Taken::One(call) => self.read(call),
                Taken::Idle => {}
                Taken::Closed => return,
            }
        }
    }

    fn read(&mut self, mut call: Box<dyn ReadCall>) {
        let started = Moment::now();
        self.deadline.arm(self.shared.config.limits.read_ms);
        let outcome = self.on_snapshot(call.as_mut());
        self.deadline.disarm();
        metrics::histogram!("db_read_seconds").record(started.elapsed());
        call.answer(outcome);
    }

    fn on_snapshot(&mut self, call: &mut dyn ReadCall) -> Result<()> {
        let Self { conn, rewrites, shared, .. } = self;
        control(conn, "BEGIN DEFERRED")?;
        let mut tx = ReadTx::new(Conn::Sqlite { conn, rewrites }, shared.is_recording());
        let outcome = call.run(&mut tx);
        if shared.is_recording() {
            shared.keep_record(tx.take_record());
        }
        control(conn, "COMMIT")?;
        outcome
    }
}

fn control(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql).and_then(|mut s| s.execute([])).map(drop).map_err(from_sqlite)
}
