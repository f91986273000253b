//! What the log holds beyond its lists: one entry, and what there is to filter by. The table is `context`'s.

use context::{AuditEntry, Ctx};
use db::{ReadTx, params};
use kernel::{Id, Result};
use uuid::Uuid;

/// Newest entries that are looked at for what to filter by: a year of a small shop.
const LOOKED_AT: i64 = 5_000;

/// What the newest entries can be filtered by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Kinds of rows, by word.
    pub entities: Vec<String>,
    /// Actions, by word.
    pub actions: Vec<String>,
    /// Who acted, with what they are called.
    pub actors: Vec<(Uuid, String)>,
}

/// The entry with this id.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<AuditEntry>) -> Result<AuditEntry> {
    tx.query_one(
        "SELECT id, at_ms, actor_kind, actor_id, actor_name, action, entity, entity_id, before, after, origin
         FROM context_audit_entry WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
        |row| {
            Ok(AuditEntry {
                id: row.get(0)?,
                at: row.get(1)?,
                actor_kind: row.get(2)?,
                actor_id: row.get(3)?,
                actor_name: row.get(4)?,
                action: row.get(5)?,
                entity: row.get(6)?,
                entity_id: row.get(7)?,
                before: row.get(8)?,
                after: row.get(9)?,
                origin: row.get(10)?,
            })
        },
    )
}

/// What to filter by.
pub fn choices(ctx: &Ctx, tx: &mut ReadTx) -> Result<Choices> {
    let entities = tx.query(
        "SELECT DISTINCT entity FROM (SELECT entity FROM context_audit_entry WHERE workspace_id = $1
             ORDER BY id DESC LIMIT $2) newest ORDER BY entity",
        params![ctx.workspace(), LOOKED_AT],
        |row| row.get(0),
    )?;
    let actions = tx.query(
        "SELECT DISTINCT action FROM (SELECT action FROM context_audit_entry WHERE workspace_id = $1
             ORDER BY id DESC LIMIT $2) newest ORDER BY action",
        params![ctx.workspace(), LOOKED_AT],
        |row| row.get(0),
    )?;
    let actors = tx.query(
        "SELECT actor_id, MAX(actor_name) FROM (SELECT actor_id, actor_name FROM context_audit_entry
             WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2) newest
         WHERE actor_id IS NOT NULL GROUP BY actor_id ORDER BY 2, 1",
        params![ctx.workspace(), LOOKED_AT],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Choices { entities, actions, actors })
}
