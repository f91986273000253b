//! Numbers without gaps: one counter row a series, taken with a wait and given back when the transaction fails.

use db::{Tx, params};
use kernel::Result;

use crate::Ctx;

/// The next number of `series` in the workspace, from 1. Other transactions that want one wait for this to end.
pub fn next_number(ctx: &Ctx, tx: &mut Tx, series: &str) -> Result<i64> {
    next_numbers(ctx, tx, series, 1)
}

/// Takes `count` numbers of `series` at once and answers the first; for imports.
pub fn next_numbers(ctx: &Ctx, tx: &mut Tx, series: &str, count: u32) -> Result<i64> {
    let count = i64::from(count);
    let last: i64 = tx.query_one(
        "INSERT INTO context_counter (workspace_id, series, last_number) VALUES ($1, $2, $3)
         ON CONFLICT (workspace_id, series)
         DO UPDATE SET last_number = context_counter.last_number + excluded.last_number
         RETURNING last_number",
        params![ctx.workspace(), series, count],
        |row| row.get(0),
    )?;
    Ok(last - count + 1)
}

/// Waits for other transactions that have taken numbers of `series`, and lets none take any until this one ends: what is
/// looked up after this call stays so until it is written. For actions that make many rows of which some may be there.
pub fn hold_numbers(ctx: &Ctx, tx: &mut Tx, series: &str) -> Result<()> {
    next_numbers(ctx, tx, series, 0).map(drop)
}
