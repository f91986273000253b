//! How we stand with customers, out of their invoices and payments.

use contacts::Contact;
use context::Ctx;
use db::{ReadTx, params};
use kernel::{Error, Id, Page, PageRequest, Result};

use crate::{CustomerStanding, StatementLine};

/// What is open of a customer's invoices, and what they paid ahead.
pub(crate) fn standing(ctx: &Ctx, tx: &mut ReadTx, customer: Id<Contact>) -> Result<CustomerStanding> {
    let open = tx.query_one(
        "SELECT CAST(COALESCE(SUM(total_tiyin - paid_tiyin - credited_tiyin), 0) AS BIGINT) FROM sales_invoice
         WHERE workspace_id = $1 AND customer_id = $2 AND kind = 'invoice'",
        params![ctx.workspace(), customer],
        |row| row.get(0),
    )?;
    let (advance, on_account) = tx.query_one(
        "SELECT CAST(COALESCE(SUM(amount_tiyin - allocated_tiyin - refunded_tiyin), 0) AS BIGINT),
             CAST(COALESCE(SUM(CASE WHEN order_id IS NULL THEN amount_tiyin - allocated_tiyin - refunded_tiyin
                 ELSE 0 END), 0) AS BIGINT)
         FROM sales_payment
         WHERE workspace_id = $1 AND customer_id = $2 AND kind = 'payment' AND reversed_at_ms IS NULL",
        params![ctx.workspace(), customer],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(CustomerStanding { open, advance, on_account })
}

/// A customer's documents, newest first, each with how we stood after it. Payments that were mistakes are left out.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    customer: Id<Contact>,
    page: PageRequest,
) -> Result<Page<StatementLine>> {
    let count = tx.query_one(
        "SELECT (SELECT COUNT(*) FROM sales_invoice WHERE workspace_id = $1 AND customer_id = $2)
             + (SELECT COUNT(*) FROM sales_payment
                WHERE workspace_id = $1 AND customer_id = $2 AND reversed_at_ms IS NULL)",
        params![ctx.workspace(), customer],
        |row| row.get(0),
    )?;
    let lines = tx.query(
        "SELECT kind, id, year, number, order_id, on_day, amount,
             CAST(SUM(amount) OVER (ORDER BY on_day, at_ms, id) AS BIGINT)
         FROM (
             SELECT kind, id, year, number, order_id, invoiced_on AS on_day, created_at_ms AS at_ms,
                 CASE kind WHEN 'invoice' THEN total_tiyin ELSE -total_tiyin END AS amount
             FROM sales_invoice WHERE workspace_id = $1 AND customer_id = $2
             UNION ALL
             SELECT kind, id, 0, number, order_id, paid_on, created_at_ms,
                 CASE kind WHEN 'refund' THEN amount_tiyin ELSE -amount_tiyin END
             FROM sales_payment WHERE workspace_id = $1 AND customer_id = $2 AND reversed_at_ms IS NULL
         ) AS documents
         ORDER BY on_day DESC, at_ms DESC, id DESC LIMIT $3 OFFSET $4",
        params![ctx.workspace(), customer, page.limit(), page.offset()],
        |row| {
            let word: String = row.get(0)?;
            Ok(StatementLine {
                kind: word.parse().map_err(|()| Error::internal("a document of no kind"))?,
                id: row.get(1)?,
                year: row.get(2)?,
                number: row.get(3)?,
                order: row.get(4)?,
                on: row.get(5)?,
                amount: row.get(6)?,
                balance: row.get(7)?,
            })
        },
    )?;
    Ok(Page::new(page, count, lines))
}
