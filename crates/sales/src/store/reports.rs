//! Sums of invoices and credit notes. A credit note counts below zero.

use context::Ctx;
use db::{FromValue, ReadTx, Row, params};
use kernel::{Date, Id, Money, Page, PageRequest, Result};

use crate::{
    Amounts,
    reports::{SalesSums, SoldOf},
};

/// Invoices as they are, credit notes below zero.
const SIGN: &str = "CASE WHEN i.kind = 'invoice' THEN 1 ELSE -1 END";

fn amounts(row: &Row<'_>, at: usize) -> Result<Amounts> {
    let (net, vat): (Money, Money) = (row.get(at)?, row.get(at + 1)?);
    Ok(Amounts { net, vat, total: net.plus(vat)? })
}

/// The sums of each day with sales, oldest first.
pub(crate) fn by_day(ctx: &Ctx, tx: &mut ReadTx, from: Date, until: Date) -> Result<Vec<(Date, SalesSums)>> {
    let sql = format!(
        "SELECT i.invoiced_on, CAST(SUM(CASE WHEN i.kind = 'invoice' THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(i.net_tiyin * {SIGN}) AS BIGINT), CAST(SUM(i.vat_tiyin * {SIGN}) AS BIGINT)
         FROM sales_invoice i WHERE i.workspace_id = $1 AND i.kind IN ('invoice', 'credit_note')
             AND i.invoiced_on BETWEEN $2 AND $3
         GROUP BY i.invoiced_on ORDER BY i.invoiced_on"
    );
    tx.query(&sql, params![ctx.workspace(), from, until], |row| {
        Ok((row.get(0)?, SalesSums { count: row.get(1)?, amounts: amounts(row, 2)? }))
    })
}

/// The statement that sums lines by product. Both kinds are named so that the index of days is used, and the join is a
/// cross join so that SQLite, which knows no statistics here, begins with the days and not with the products.
fn of_products() -> String {
    format!(
        "SELECT l.product_id, CAST(SUM(l.quantity * {SIGN}) AS BIGINT), CAST(SUM(l.net_tiyin * {SIGN}) AS BIGINT),
             CAST(SUM(l.vat_tiyin * {SIGN}) AS BIGINT)
         FROM sales_invoice i CROSS JOIN sales_invoice_line l
         WHERE i.workspace_id = $1 AND i.kind IN ('invoice', 'credit_note') AND i.invoiced_on BETWEEN $2 AND $3
             AND l.workspace_id = i.workspace_id AND l.invoice_id = i.id
         GROUP BY l.product_id ORDER BY 3 DESC, 1 LIMIT $4"
    )
}

fn sold<K: FromValue>(row: &Row<'_>) -> Result<SoldOf<K>> {
    Ok(SoldOf { of: row.get(0)?, quantity: row.get(1)?, amounts: amounts(row, 2)? })
}

/// The products that brought most.
pub(crate) fn top_products(
    ctx: &Ctx,
    tx: &mut ReadTx,
    from: Date,
    until: Date,
    at_most: u32,
) -> Result<Vec<SoldOf<Id<catalog::Product>>>> {
    tx.query(&of_products(), params![ctx.workspace(), from, until, i64::from(at_most)], sold)
}

/// A part of the products that were sold, what brought most first.
pub(crate) fn by_product(
    ctx: &Ctx,
    tx: &mut ReadTx,
    from: Date,
    until: Date,
    page: PageRequest,
) -> Result<Page<SoldOf<Id<catalog::Product>>>> {
    let sql = format!("{} OFFSET $5", of_products());
    let (workspace, limit, offset) = (ctx.workspace(), page.limit(), page.offset());
    let found = tx.query(&sql, params![workspace, from, until, limit, offset], sold)?;
    let count = tx.query_one(
        "SELECT COUNT(DISTINCT l.product_id) FROM sales_invoice i CROSS JOIN sales_invoice_line l
         WHERE i.workspace_id = $1 AND i.kind IN ('invoice', 'credit_note') AND i.invoiced_on BETWEEN $2 AND $3
             AND l.workspace_id = i.workspace_id AND l.invoice_id = i.id",
        params![ctx.workspace(), from, until],
        |row| row.get(0),
    )?;
    Ok(Page::new(page, count, found))
}

/// A part of the customers who were sold to, who brought most first. The quantity counts their invoices.
pub(crate) fn by_customer(
    ctx: &Ctx,
    tx: &mut ReadTx,
    from: Date,
    until: Date,
    page: PageRequest,
) -> Result<Page<SoldOf<Option<Id<contacts::Contact>>>>> {
    let sql = format!(
        "SELECT i.customer_id, CAST(SUM(CASE WHEN i.kind = 'invoice' THEN 1000 ELSE 0 END) AS BIGINT),
             CAST(SUM(i.net_tiyin * {SIGN}) AS BIGINT), CAST(SUM(i.vat_tiyin * {SIGN}) AS BIGINT)
         FROM sales_invoice i WHERE i.workspace_id = $1 AND i.kind IN ('invoice', 'credit_note')
             AND i.invoiced_on BETWEEN $2 AND $3
         GROUP BY i.customer_id ORDER BY 3 DESC, 1 LIMIT $4 OFFSET $5"
    );
    let (workspace, limit, offset) = (ctx.workspace(), page.limit(), page.offset());
    let found = tx.query(&sql, params![workspace, from, until, limit, offset], sold)?;
    let count = tx.query_one(
        "SELECT COUNT(DISTINCT i.customer_id)
             + COALESCE(MAX(CASE WHEN i.customer_id IS NULL THEN 1 ELSE 0 END), 0) FROM sales_invoice i
         WHERE i.workspace_id = $1 AND i.kind IN ('invoice', 'credit_note')
             AND i.invoiced_on BETWEEN $2 AND $3",
        params![ctx.workspace(), from, until],
        |row| row.get(0),
    )?;
    Ok(Page::new(page, count, found))
}
