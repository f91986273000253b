//! The SQL of drafts: one a bot at most, and the count of what was done to it, which outlives it.

use std::collections::HashMap;

use context::Ctx;
use db::{ReadTx, Row, Tx, params};
use kernel::{Id, Result};

use crate::{Bot, version::Draft};

fn read(row: &Row<'_>) -> Result<Draft> {
    Ok(Draft {
        revision: row.get(0)?,
        base_version: row.get(1)?,
        source: row.get(2)?,
        problems: row.get(3)?,
        changed_by: row.get(4)?,
        changed_at: row.get(5)?,
    })
}

pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>) -> Result<Option<Draft>> {
    tx.query_opt(
        "SELECT revision, base_version, source, problems, changed_by, changed_at_ms FROM bots_draft
         WHERE workspace_id = $1 AND bot_id = $2",
        params![ctx.workspace(), bot],
        read,
    )
}

/// How many faults each draft of the workspace has, by its bot.
pub(crate) fn list_problems(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<Id<Bot>, i64>> {
    let found = tx.query(
        "SELECT bot_id, problems FROM bots_draft WHERE workspace_id = $1",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// The draft, in place of the one before.
pub(crate) fn set(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, draft: &Draft) -> Result<()> {
    let Draft { revision, base_version, source, problems, changed_by, changed_at } = draft;
    tx.execute_one(
        "INSERT INTO bots_draft (workspace_id, bot_id, revision, base_version, source, problems, changed_by, changed_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (workspace_id, bot_id) DO UPDATE SET revision = excluded.revision, source = excluded.source,
             base_version = excluded.base_version, problems = excluded.problems, changed_by = excluded.changed_by,
             changed_at_ms = excluded.changed_at_ms",
        params![ctx.workspace(), bot, revision, base_version, source, problems, changed_by, changed_at],
    )
}

/// Takes the draft away; `false` when there is none.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>) -> Result<bool> {
    let sql = "DELETE FROM bots_draft WHERE workspace_id = $1 AND bot_id = $2";
    Ok(tx.execute(sql, params![ctx.workspace(), bot])? == 1)
}

/// The count of what was done to the bot's draft.
pub(crate) fn revision(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>) -> Result<i64> {
    tx.query_one(
        "SELECT draft_revision FROM bots_bot WHERE workspace_id = $1 AND id = $2 AND state <> 'deleted'",
        params![ctx.workspace(), bot],
        |row| row.get(0),
    )
}

/// The same, with the bot's row locked until the transaction ends.
pub(crate) fn lock_revision(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>) -> Result<i64> {
    tx.query_one(
        "SELECT draft_revision FROM bots_bot WHERE workspace_id = $1 AND id = $2 AND state <> 'deleted' FOR UPDATE",
        params![ctx.workspace(), bot],
        |row| row.get(0),
    )
}

pub(crate) fn set_revision(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, revision: i64) -> Result<()> {
    tx.execute_one(
        "UPDATE bots_bot SET draft_revision = $3 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), bot, revision],
    )
}
