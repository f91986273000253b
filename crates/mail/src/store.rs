//! The SQL of letters.

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Id, Page, PageRequest, Result, Timestamp};

use crate::{LetterState, Posted};

/// The columns of a [`Posted`], in the order [`read`] takes them.
const COLUMNS: [&str; 10] = [
    "id",
    "kind",
    "recipient",
    "subject",
    "state",
    "attempts",
    "error",
    "created_at_ms",
    "expires_at_ms",
    "ended_at_ms",
];

fn read(row: &Row<'_>) -> Result<Posted> {
    Ok(Posted {
        id: row.get(0)?,
        kind: row.get(1)?,
        recipient: row.get(2)?,
        subject: row.get(3)?,
        state: row.parse(4)?,
        attempts: row.get(5)?,
        error: row.get(6)?,
        created_at: row.get(7)?,
        expires_at: row.get(8)?,
        ended_at: row.get(9)?,
    })
}

/// Puts a letter in, with what it says.
pub fn insert(ctx: &Ctx, tx: &mut Tx, letter: &Posted, sealed: &[u8]) -> Result<()> {
    let Posted { id, kind, recipient, subject, state, attempts, error, created_at, expires_at, ended_at } =
        letter;
    tx.execute_one(
        "INSERT INTO mail_letter (workspace_id, id, kind, recipient, subject, sealed, state, attempts, error,
             created_at_ms, expires_at_ms, ended_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            ctx.workspace(),
            id,
            kind,
            recipient,
            subject,
            sealed,
            state.word(),
            attempts,
            error,
            created_at,
            expires_at,
            ended_at
        ],
    )
}

/// The letter and what it says, while it waits.
pub fn find_waiting(ctx: &Ctx, tx: &mut ReadTx, id: Id<Posted>) -> Result<Option<(Posted, Vec<u8>)>> {
    tx.query_opt(
        "SELECT id, kind, recipient, subject, state, attempts, error, created_at_ms, expires_at_ms, ended_at_ms,
             sealed
         FROM mail_letter
         WHERE workspace_id = $1 AND id = $2 AND state = 'queued' AND sealed IS NOT NULL",
        params![ctx.workspace(), id],
        |row| Ok((read(row)?, row.get(10)?)),
    )
}

/// The letters of the workspace, newest first; only those in `state` when it is given.
pub fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    state: Option<LetterState>,
    page: PageRequest,
) -> Result<Page<Posted>> {
    let statement = Query::select()
        .columns(COLUMNS)
        .from("mail_letter")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(state.map(|state| Expr::col("state").eq(state.word())))
        .order_by("id", Order::Desc)
        .to_owned();
    tx.page(&statement, page, read)
}

/// Notes an attempt that failed and will be made again.
pub fn set_tried(ctx: &Ctx, tx: &mut Tx, id: Id<Posted>, attempts: u32, error: &str) -> Result<()> {
    tx.execute_one(
        "UPDATE mail_letter SET attempts = $3, error = $4 WHERE workspace_id = $1 AND id = $2 AND state = 'queued'",
        params![ctx.workspace(), id, attempts, error],
    )
}

/// Ends a letter that waits; what it says is forgotten.
pub fn set_ended(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Posted>,
    state: LetterState,
    attempts: u32,
    error: &str,
) -> Result<()> {
    tx.execute_one(
        "UPDATE mail_letter SET state = $3, attempts = $4, error = $5, ended_at_ms = $6, sealed = NULL
         WHERE workspace_id = $1 AND id = $2 AND state = 'queued'",
        params![ctx.workspace(), id, state.word(), attempts, error, ctx.now()],
    )
}

/// Forgets letters that were posted before `moment`; answers how many.
pub fn delete_older(tx: &mut Tx, moment: Timestamp) -> Result<u64> {
    // tidy: no workspace: housekeeping of the whole server
    tx.execute("DELETE FROM mail_letter WHERE created_at_ms < $1", params![moment])
}
