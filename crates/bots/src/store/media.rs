//! The SQL of files that people sent.

use context::Ctx;
use db::{ReadTx, Tx, params};
use kernel::{Id, Result};

use crate::Message;

/// The stored file that the message brought, by its hash.
pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, message: Id<Message>) -> Result<Option<String>> {
    tx.query_opt(
        "SELECT file FROM bots_media WHERE workspace_id = $1 AND message_id = $2",
        params![ctx.workspace(), message],
        |row| row.get(0),
    )
}

/// Notes the file. Who was quicker has noted the same.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, message: Id<Message>, hash: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO bots_media (workspace_id, message_id, file, created_at_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id, message_id) DO NOTHING",
        params![ctx.workspace(), message, hash, ctx.now()],
    )?;
    Ok(())
}
