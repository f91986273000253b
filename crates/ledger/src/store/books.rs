//! The book of a workspace: the last number, and how far its months are closed.

use context::Ctx;
use db::{ReadTx, Tx, params};
use kernel::Result;

use crate::{Closing, Month};

/// Begins the book unless it has been begun.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    tx.execute(
        "INSERT INTO ledger_book (workspace_id, last_number) VALUES ($1, $2)
         ON CONFLICT (workspace_id) DO NOTHING",
        params![ctx.workspace(), 0_i64],
    )?;
    Ok(())
}

/// Takes `count` numbers: the first of them, and the last closed month. The book is held until the transaction ends.
/// None when there is no book yet.
pub(crate) fn take_numbers(ctx: &Ctx, tx: &mut Tx, count: i64) -> Result<Option<(i64, Option<Month>)>> {
    tx.query_opt(
        "UPDATE ledger_book SET last_number = last_number + $2 WHERE workspace_id = $1
         RETURNING last_number, closed_through",
        params![ctx.workspace(), count],
        |row| Ok((row.get::<i64>(0)? - count + 1, row.get(1)?)),
    )
}

/// The last closed month; the book is held until the transaction ends.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx) -> Result<Option<Month>> {
    tx.query_one(
        "SELECT closed_through FROM ledger_book WHERE workspace_id = $1 FOR UPDATE",
        params![ctx.workspace()],
        |row| row.get(0),
    )
}

/// The last closed month, if there is one.
pub(crate) fn closed_through(ctx: &Ctx, tx: &mut ReadTx) -> Result<Option<Month>> {
    let found = tx.query_opt(
        "SELECT closed_through FROM ledger_book WHERE workspace_id = $1",
        params![ctx.workspace()],
        |row| row.get(0),
    )?;
    Ok(found.flatten())
}

pub(crate) fn set_closed_through(ctx: &Ctx, tx: &mut Tx, month: Option<Month>) -> Result<()> {
    tx.execute_one(
        "UPDATE ledger_book SET closed_through = $2 WHERE workspace_id = $1",
        params![ctx.workspace(), month],
    )
}

pub(crate) fn insert_closing(ctx: &Ctx, tx: &mut Tx, month: Month, closing: &Closing) -> Result<()> {
    let Closing { by, at } = closing;
    tx.execute_one(
        "INSERT INTO ledger_period (workspace_id, month, closed_at_ms, closed_by) VALUES ($1, $2, $3, $4)",
        params![ctx.workspace(), month, at, by],
    )
}

pub(crate) fn delete_closing(ctx: &Ctx, tx: &mut Tx, month: Month) -> Result<()> {
    tx.execute_one(
        "DELETE FROM ledger_period WHERE workspace_id = $1 AND month = $2",
        params![ctx.workspace(), month],
    )
}

/// The closed months, the first one first.
pub(crate) fn closings(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(Month, Closing)>> {
    tx.query(
        "SELECT month, closed_by, closed_at_ms FROM ledger_period WHERE workspace_id = $1 ORDER BY month",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, Closing { by: row.get(1)?, at: row.get(2)? })),
    )
}

/// The first and the last month in which anything was posted.
pub(crate) fn months(ctx: &Ctx, tx: &mut ReadTx) -> Result<Option<(Month, Month)>> {
    let found = tx.query_one(
        "SELECT MIN(month), MAX(month) FROM ledger_balance WHERE workspace_id = $1",
        params![ctx.workspace()],
        |row| Ok((row.get::<Option<Month>>(0)?, row.get::<Option<Month>>(1)?)),
    )?;
    Ok(found.0.zip(found.1))
}
