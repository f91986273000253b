//! What the rows must agree on, asked of the database as a whole.

use context::Ctx;
use db::{ReadTx, params};
use kernel::Result;

use crate::Month;

/// Months of accounts whose turnover is not the sum of their lines, either way round.
pub(crate) fn balances_without_lines(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    // The month of a line comes from its day, which both databases write as text in the same way.
    tx.query(
        "WITH sums AS (
             SELECT account_id, CAST(SUBSTR(CAST(entry_on AS TEXT), 1, 4) || SUBSTR(CAST(entry_on AS TEXT), 6, 2) AS BIGINT) AS month,
                 SUM(CASE WHEN amount_tiyin > 0 THEN amount_tiyin ELSE 0 END) AS debit,
                 SUM(CASE WHEN amount_tiyin < 0 THEN -amount_tiyin ELSE 0 END) AS credit, COUNT(*) AS lines
             FROM ledger_line WHERE workspace_id = $1 GROUP BY 1, 2
         ), kept AS (
             SELECT account_id, month, debit_tiyin AS debit, credit_tiyin AS credit, lines
             FROM ledger_balance WHERE workspace_id = $1
         )
         SELECT a.code, w.month, CAST(COALESCE(k.debit, 0) AS BIGINT), CAST(COALESCE(k.credit, 0) AS BIGINT),
             CAST(COALESCE(k.lines, 0) AS BIGINT), CAST(COALESCE(s.debit, 0) AS BIGINT),
             CAST(COALESCE(s.credit, 0) AS BIGINT), CAST(COALESCE(s.lines, 0) AS BIGINT)
         FROM (SELECT account_id, month FROM sums UNION SELECT account_id, month FROM kept) w
         JOIN ledger_account a ON a.workspace_id = $1 AND a.id = w.account_id
         LEFT JOIN kept k ON k.account_id = w.account_id AND k.month = w.month
         LEFT JOIN sums s ON s.account_id = w.account_id AND s.month = w.month
         WHERE COALESCE(k.debit, 0) <> COALESCE(s.debit, 0) OR COALESCE(k.credit, 0) <> COALESCE(s.credit, 0)
             OR COALESCE(k.lines, 0) <> COALESCE(s.lines, 0)
         ORDER BY a.code, w.month",
        params![ctx.workspace()],
        |row| {
            let (code, month): (String, Month) = (row.get(0)?, row.get(1)?);
            let numbers: [i64; 6] =
                [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?];
            let [debit, credit, lines, debits, credits, count] = numbers;
            Ok(format!(
                "account {code} in {month}: the balance says {debit} debit, {credit} credit, {lines} lines; \
                 its lines say {debits}, {credits}, {count}"
            ))
        },
    )
}

/// Entries whose lines do not balance or are not all there, and lines without an entry.
pub(crate) fn broken_entries(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    tx.query(
        "WITH sums AS (
             SELECT entry_id, SUM(CASE WHEN off_balance THEN 0 ELSE amount_tiyin END) AS balance, COUNT(*) AS lines
             FROM ledger_line WHERE workspace_id = $1 GROUP BY entry_id
         )
         SELECT COALESCE(e.number, 0), CAST(COALESCE(s.balance, 0) AS BIGINT), CAST(COALESCE(s.lines, 0) AS BIGINT)
         FROM sums s
         LEFT JOIN ledger_entry e ON e.workspace_id = $1 AND e.id = s.entry_id
         WHERE e.id IS NULL OR s.balance <> 0 OR s.lines <> e.line_count
         UNION ALL
         SELECT e.number, 0, 0 FROM ledger_entry e
         WHERE e.workspace_id = $1 AND NOT EXISTS (
             SELECT 1 FROM ledger_line l WHERE l.workspace_id = $1 AND l.entry_id = e.id)",
        params![ctx.workspace()],
        |row| {
            let (number, balance, lines): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("entry {number}: {lines} lines that come to {balance}"))
        },
    )
}

/// Where the numbers of entries have a gap, or are not as many as the book says.
pub(crate) fn gaps(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    tx.query(
        "SELECT b.last_number, CAST(e.entries AS BIGINT), CAST(e.last AS BIGINT) FROM ledger_book b
         JOIN (SELECT COUNT(*) AS entries, COALESCE(MAX(number), 0) AS last FROM ledger_entry WHERE workspace_id = $1) e
             ON e.entries <> b.last_number OR e.last <> b.last_number
         WHERE b.workspace_id = $1",
        params![ctx.workspace()],
        |row| {
            let (said, entries, last): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("the book says {said} entries; there are {entries}, the last is {last}"))
        },
    )
}
