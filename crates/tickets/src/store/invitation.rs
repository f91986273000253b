//! The SQL of invitations.

use context::Ctx;
use db::{ReadTx, Row, Tx, params};
use kernel::{Error, Id, Lang, Result};
use serde_json::Value;

use crate::{Agent, Invitation};

const COLUMNS: &str = "id, is_head, categories, lang, invited_by, created_at_ms, expires_at_ms, revoked_at_ms, accepted_at_ms, accepted_by";

fn read(row: &Row<'_>) -> Result<Invitation> {
    let (categories, lang): (Value, String) = (row.get(2)?, row.get(3)?);
    let (at, by): (Option<_>, Option<Id<Agent>>) = (row.get(8)?, row.get(9)?);
    Ok(Invitation {
        id: row.get(0)?,
        is_head: row.get(1)?,
        categories: serde_json::from_value(categories).map_err(Error::internal)?,
        lang: Lang::parse(&lang).unwrap_or_default(),
        invited_by: row.get(4)?,
        created_at: row.get(5)?,
        expires_at: row.get(6)?,
        revoked_at: row.get(7)?,
        accepted: by.zip(at),
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, invitation: &Invitation, key_hash: &[u8]) -> Result<()> {
    let Invitation {
        id,
        is_head,
        categories,
        lang,
        invited_by,
        created_at,
        expires_at,
        revoked_at: _,
        accepted: _,
    } = invitation;
    let categories = serde_json::to_value(categories).map_err(Error::internal)?;
    tx.execute_one(
        "INSERT INTO tickets_invitation (workspace_id, id, key_hash, is_head, categories, lang, invited_by, created_at_ms,
             expires_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            ctx.workspace(), id, key_hash, is_head, categories, lang.code(), invited_by, created_at, expires_at
        ],
    )
}

/// The invitations of the workspace, the newest first.
pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx, at_most: usize) -> Result<Vec<Invitation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets_invitation WHERE workspace_id = $1 ORDER BY created_at_ms DESC, id DESC LIMIT {at_most}"
    );
    tx.query(&sql, params![ctx.workspace()], read)
}

/// How many wait for somebody.
pub(crate) fn count_pending(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    tx.query_one(
        "SELECT COUNT(*) FROM tickets_invitation
         WHERE workspace_id = $1 AND expires_at_ms > $2 AND revoked_at_ms IS NULL AND accepted_at_ms IS NULL",
        params![ctx.workspace(), ctx.now()],
        |row| row.get(0),
    )
}

/// The invitation, held until the end of the transaction.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Invitation>) -> Result<Invitation> {
    let sql =
        format!("SELECT {COLUMNS} FROM tickets_invitation WHERE workspace_id = $1 AND id = $2 FOR UPDATE");
    tx.query_one(&sql, params![ctx.workspace(), id], read)
}

/// The invitation of this key, held until the end of the transaction.
pub(crate) fn lock_by_key(ctx: &Ctx, tx: &mut Tx, key_hash: &[u8]) -> Result<Option<Invitation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets_invitation WHERE workspace_id = $1 AND key_hash = $2 FOR UPDATE"
    );
    tx.query_opt(&sql, params![ctx.workspace(), key_hash], read)
}

/// Whether the invitation has this key.
pub(crate) fn has_key(ctx: &Ctx, tx: &mut ReadTx, id: Id<Invitation>, key_hash: &[u8]) -> Result<bool> {
    let count: i64 = tx.query_one(
        "SELECT COUNT(*) FROM tickets_invitation WHERE workspace_id = $1 AND id = $2 AND key_hash = $3",
        params![ctx.workspace(), id, key_hash],
        |row| row.get(0),
    )?;
    Ok(count == 1)
}

/// Writes what became of it.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, invitation: &Invitation) -> Result<()> {
    let Invitation { id, revoked_at, accepted, .. } = invitation;
    tx.execute_one(
        "UPDATE tickets_invitation SET revoked_at_ms = $3, accepted_at_ms = $4, accepted_by = $5
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            revoked_at,
            accepted.map(|(_, at)| at),
            accepted.map(|(agent, _)| agent)
        ],
    )
}
