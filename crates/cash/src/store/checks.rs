//! What the rows must agree on, asked of the database as a whole.

use context::Ctx;
use db::{ReadTx, params};
use kernel::Result;

/// Registers that are not the sum of their transactions: balance and count.
pub(crate) fn balances_without_transactions(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    tx.query(
        "SELECT r.number, r.balance_tiyin, r.transactions, CAST(COALESCE(t.sum_tiyin, 0) AS BIGINT),
             CAST(COALESCE(t.transactions, 0) AS BIGINT)
         FROM cash_register r
         LEFT JOIN (
             SELECT register_id, SUM(CASE WHEN flow = 'in' THEN amount_tiyin ELSE -amount_tiyin END) AS sum_tiyin,
                 COUNT(*) AS transactions
             FROM cash_transaction WHERE workspace_id = $1 GROUP BY register_id
         ) t ON t.register_id = r.id
         WHERE r.workspace_id = $1
             AND (r.balance_tiyin <> COALESCE(t.sum_tiyin, 0) OR r.transactions <> COALESCE(t.transactions, 0))
         ORDER BY r.number",
        params![ctx.workspace()],
        |row| {
            let numbers: [i64; 5] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            let [register, balance, count, sum, found] = numbers;
            Ok(format!(
                "register {register} says {balance} tiyin of {count} transactions; they say {sum} of {found}"
            ))
        },
    )
}

/// Transactions whose balance does not follow from the one before them, and gaps in their count.
pub(crate) fn broken_chains(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    tx.query(
        "SELECT number FROM (
             SELECT number, register_id, ordinal, balance_after_tiyin,
                 CASE WHEN flow = 'in' THEN amount_tiyin ELSE -amount_tiyin END AS change_tiyin,
                 COALESCE(LAG(ordinal) OVER chain, 0) AS place_before,
                 COALESCE(LAG(balance_after_tiyin) OVER chain, 0) AS balance_before
             FROM cash_transaction WHERE workspace_id = $1
             WINDOW chain AS (PARTITION BY register_id ORDER BY ordinal)
         ) t
         WHERE ordinal <> place_before + 1 OR balance_after_tiyin <> balance_before + change_tiyin
         ORDER BY register_id, ordinal",
        params![ctx.workspace()],
        |row| {
            let number: i64 = row.get(0)?;
            Ok(format!("cash transaction {number} does not follow from the one before it in its register"))
        },
    )
}

/// Gaps in the numbers of transactions.
pub(crate) fn gaps(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    tx.query(
        "SELECT number FROM (
             SELECT number, COALESCE(LAG(number) OVER (ORDER BY number), 0) AS before
             FROM cash_transaction WHERE workspace_id = $1
         ) t WHERE number <> before + 1 ORDER BY number",
        params![ctx.workspace()],
        |row| {
            let number: i64 = row.get(0)?;
            Ok(format!("there is no cash transaction before number {number}"))
        },
    )
}

/// Reversals that are not the mirror of what they take back.
pub(crate) fn crooked_reversals(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    tx.query(
        "SELECT r.number, t.number FROM cash_transaction r
         JOIN cash_transaction t ON t.workspace_id = r.workspace_id AND t.id = r.reverses_id
         WHERE r.workspace_id = $1 AND (r.register_id <> t.register_id OR r.amount_tiyin <> t.amount_tiyin
             OR r.flow = t.flow OR r.kind <> t.kind OR t.reverses_id IS NOT NULL)
         ORDER BY r.number",
        params![ctx.workspace()],
        |row| {
            let (reversal, of): (i64, i64) = (row.get(0)?, row.get(1)?);
            Ok(format!("cash transaction {reversal} does not take back what {of} did"))
        },
    )
}

/// Transfers whose two sides are not alike.
pub(crate) fn crooked_transfers(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    tx.query(
        "SELECT MIN(number) FROM cash_transaction
         WHERE workspace_id = $1 AND source_kind = 'cash_transfer' GROUP BY source_id
         HAVING SUM(CASE WHEN flow = 'in' THEN amount_tiyin ELSE -amount_tiyin END) <> 0
             OR COUNT(*) NOT IN (2, 4)
         ORDER BY 1",
        params![ctx.workspace()],
        |row| {
            let number: i64 = row.get(0)?;
            Ok(format!("the transfer of cash transaction {number} does not come to nothing"))
        },
    )
}
