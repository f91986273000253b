//! The SQL of canned replies.

use context::Ctx;
use db::{ReadTx, Row, Tx, params};
use kernel::{Id, Result};

use crate::CannedReply;

const COLUMNS: &str = "id, shortcut, text_uz, text_ru, text_en";

fn read(row: &Row<'_>) -> Result<CannedReply> {
    Ok(CannedReply {
        id: row.get(0)?,
        shortcut: row.get(1)?,
        uz: row.get(2)?,
        ru: row.get(3)?,
        en: row.get(4)?,
    })
}

pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<CannedReply>> {
    let sql = format!("SELECT {COLUMNS} FROM tickets_canned_reply WHERE workspace_id = $1 ORDER BY shortcut");
    tx.query(&sql, params![ctx.workspace()], read)
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<CannedReply>) -> Result<CannedReply> {
    let sql = format!("SELECT {COLUMNS} FROM tickets_canned_reply WHERE workspace_id = $1 AND id = $2");
    tx.query_one(&sql, params![ctx.workspace(), id], read)
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, reply: &CannedReply) -> Result<()> {
    let CannedReply { id, shortcut, uz, ru, en } = reply;
    tx.execute_one(
        "INSERT INTO tickets_canned_reply (workspace_id, id, shortcut, text_uz, text_ru, text_en, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![ctx.workspace(), id, shortcut, uz, ru, en, ctx.now()],
    )
}

pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, reply: &CannedReply) -> Result<()> {
    let CannedReply { id, shortcut, uz, ru, en } = reply;
    tx.execute_one(
        "UPDATE tickets_canned_reply SET shortcut = $3, text_uz = $4, text_ru = $5, text_en = $6
         WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, shortcut, uz, ru, en],
    )
}

pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<CannedReply>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM tickets_canned_reply WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
}
