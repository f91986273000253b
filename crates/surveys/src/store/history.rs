//! The SQL of what became of answers.

use context::Ctx;
use db::{ReadTx, Row, Tx, params};
use kernel::{Id, Result};

use super::{of_json, to_json};
use crate::{Entry, Response};

fn read(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        response: row.get(1)?,
        deed: row.parse(2)?,
        author: row.get(3)?,
        changes: of_json(row.get(4)?)?,
        at: row.get(5)?,
    })
}

/// What became of an answer, the latest first.
pub(crate) fn of(ctx: &Ctx, tx: &mut ReadTx, response: Id<Response>) -> Result<Vec<Entry>> {
    tx.query(
        "SELECT id, response_id, deed, author, changes, created_at_ms FROM surveys_history
         WHERE workspace_id = $1 AND response_id = $2 ORDER BY created_at_ms DESC, id DESC",
        params![ctx.workspace(), response],
        read,
    )
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, entry: &Entry) -> Result<()> {
    let Entry { id, response, deed, author, changes, at } = entry;
    tx.execute_one(
        "INSERT INTO surveys_history (workspace_id, id, response_id, deed, author, changes, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![ctx.workspace(), id, response, deed.word().to_owned(), author, to_json(changes)?, at],
    )
}

/// Takes a person's words out of a line; that it is there, and the figures in it, stay.
pub(crate) fn set_changes(ctx: &Ctx, tx: &mut Tx, entry: &Entry) -> Result<()> {
    tx.execute_one(
        "UPDATE surveys_history SET changes = $3, author = $4 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), entry.id, to_json(&entry.changes)?, entry.author],
    )
}
