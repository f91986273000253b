//! The SQL of histories.

use context::Ctx;
use db::{ReadTx, Row, Tx, params};
use kernel::{Error, Id, Result};

use crate::{Application, Deed, Entry};

fn entry(row: &Row<'_>) -> Result<Entry> {
    let body: serde_json::Value = row.get(3)?;
    Ok(Entry {
        id: row.get(0)?,
        application: row.get(1)?,
        author: row.get(2)?,
        deed: serde_json::from_value(body).map_err(Error::internal)?,
        created_at: row.get(4)?,
    })
}

/// The history of an application, as it was done.
pub(crate) fn of(ctx: &Ctx, tx: &mut ReadTx, application: Id<Application>) -> Result<Vec<Entry>> {
    tx.query(
        "SELECT id, application_id, author, body, created_at_ms FROM applications_entry
         WHERE workspace_id = $1 AND application_id = $2 ORDER BY created_at_ms, id",
        params![ctx.workspace(), application],
        entry,
    )
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, application: Id<Application>, deed: &Deed) -> Result<()> {
    let id: Id<Entry> = ctx.new_id();
    let body = serde_json::to_value(deed).map_err(Error::internal)?;
    tx.insert_later(
        "INSERT INTO applications_entry (workspace_id, id, application_id, author, body, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![ctx.workspace(), id, application, ctx.actor().name, body, ctx.now()],
    )
}

/// Writes over what an entry says: only where a person asks to be forgotten.
pub(crate) fn set_deed(ctx: &Ctx, tx: &mut Tx, id: Id<Entry>, deed: &Deed) -> Result<()> {
    let body = serde_json::to_value(deed).map_err(Error::internal)?;
    tx.execute_one(
        "UPDATE applications_entry SET body = $3 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, body],
    )
}
