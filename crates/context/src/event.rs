//! The outbox of events: what happened, told after the commit.

use db::{ReadTx, Row, Topic, Tx, Value, params, values};
use kernel::{Error, Id, Result, Timestamp, WorkspaceId};
use serde::Serialize;
use uuid::Uuid;

use crate::Ctx;

/// Something that happened, on its way to the outbox.
#[derive(Debug, Clone)]
pub struct Event {
    /// In the past tense: `sales_order.confirmed`.
    pub name: &'static str,
    /// The row it is about.
    pub subject: Uuid,
    /// What a listener needs beyond the row.
    pub payload: serde_json::Value,
}

impl Event {
    /// `name` happened to the row with this id.
    pub fn new<T>(name: &'static str, subject: Id<T>) -> Self {
        Self { name, subject: subject.uuid(), payload: serde_json::Value::Object(serde_json::Map::new()) }
    }

    /// The same event with a payload.
    pub fn with(mut self, payload: &impl Serialize) -> Result<Self> {
        self.payload = serde_json::to_value(payload).map_err(Error::internal)?;
        Ok(self)
    }
}

/// An event as the outbox holds it.
#[derive(Debug, Clone)]
pub struct StoredEvent {
    /// Its place in the outbox.
    pub seq: i64,
    /// Whose event.
    pub workspace: WorkspaceId,
    /// What happened.
    pub name: String,
    /// To which row.
    pub subject: Uuid,
    /// What a listener needs beyond the row.
    pub payload: serde_json::Value,
    /// When.
    pub at: Timestamp,
}

pub(crate) fn insert_many(ctx: &Ctx, tx: &mut Tx, events: &[Event]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let row = |Event { name, subject, payload }: &Event| {
        values![ctx.workspace(), name, subject, payload, ctx.now()]
    };
    let rows: Vec<Vec<Value<'_>>> = events.iter().map(row).collect();
    let sql = "INSERT INTO context_event (workspace_id, name, subject_id, payload, at_ms) VALUES {}";
    tx.insert_many_later(sql, &rows)?;
    tx.wake(Topic::Events);
    Ok(())
}

const COLUMNS: &str = "seq, workspace_id, name, subject_id, payload, at_ms";

fn read(row: &Row<'_>) -> Result<StoredEvent> {
    Ok(StoredEvent {
        seq: row.get(0)?,
        workspace: row.get(1)?,
        name: row.get(2)?,
        subject: row.get(3)?,
        payload: row.get(4)?,
        at: row.get(5)?,
    })
}

/// The numbers that are places in the outbox.
const SERIES: &str = "context_event_seq_seq";

/// The place up to which the outbox is settled: no event will still come before it. Read it in a transaction before the
/// one that reads events, or in one that writes.
pub fn settled(tx: &mut ReadTx) -> Result<i64> {
    tx.settled(SERIES)
}

/// The next events after `seq` up to what is [`settled`], oldest first, of every workspace (scope: server): a cursor never
/// passes one by.
pub fn after(tx: &mut ReadTx, seq: i64, settled: i64, at_most: u32) -> Result<Vec<StoredEvent>> {
    // tidy: no workspace: events of every workspace are told
    let sql =
        format!("SELECT {COLUMNS} FROM context_event WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3");
    tx.query(&sql, params![seq, settled, i64::from(at_most)], read)
}

/// The next events of the workspace after `seq`, oldest first; like [`after`].
pub fn of_workspace_after(
    ctx: &Ctx,
    tx: &mut ReadTx,
    seq: i64,
    settled: i64,
    at_most: u32,
) -> Result<Vec<StoredEvent>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM context_event
         WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4"
    );
    tx.query(&sql, params![ctx.workspace(), seq, settled, i64::from(at_most)], read)
}

/// The place of the newest event that nothing can come before any more; a reader that rebuilds from the tables starts here.
/// [`settled`] was read in a transaction before this one: what ended in between would be passed by.
pub fn last_seq(tx: &mut ReadTx, settled: i64) -> Result<i64> {
    Ok(newest_seq(tx)?.min(settled))
}

/// The place of the newest event that can be seen, even where an open transaction may still put one before it.
pub fn newest_seq(tx: &mut ReadTx) -> Result<i64> {
    // tidy: no workspace: a place in the outbox of the whole server
    tx.query_one("SELECT COALESCE(MAX(seq), 0) FROM context_event", &[], |row| row.get(0))
}
