//! What the documents of sales must agree on, asked of the database as a whole.

use std::collections::BTreeMap;

use contacts::Contact;
use context::Ctx;
use db::{ReadTx, params};
use kernel::{Id, Money, Result};

/// Queries that find nothing when all is well: what is wrong, and the rows of which it is, as `name`, `one`, `other`.
const FINDINGS: &[(&str, &str)] = &[
    (
        "the order's line was delivered otherwise than its deliveries say",
        "SELECT CAST(o.number AS TEXT), l.delivered, CAST(COALESCE(d.quantity, 0) AS BIGINT)
         FROM sales_order_line l
         JOIN sales_order o ON o.workspace_id = l.workspace_id AND o.id = l.order_id
         LEFT JOIN (
             SELECT x.order_line_id, SUM(x.quantity) AS quantity, SUM(x.cost_tiyin) AS cost
             FROM sales_delivery_line x
             JOIN sales_delivery y ON y.workspace_id = x.workspace_id AND y.id = x.delivery_id
             WHERE x.workspace_id = $1 AND y.undone_at_ms IS NULL GROUP BY x.order_line_id
         ) d ON d.order_line_id = l.id
         WHERE l.workspace_id = $1 AND (l.delivered <> COALESCE(d.quantity, 0)
             OR l.delivered_cost_tiyin <> COALESCE(d.cost, 0) OR l.delivered > l.quantity)",
    ),
    (
        "the order's line was invoiced otherwise than its invoices say",
        "SELECT CAST(o.number AS TEXT), l.invoiced, CAST(COALESCE(d.quantity, 0) AS BIGINT)
         FROM sales_order_line l
         JOIN sales_order o ON o.workspace_id = l.workspace_id AND o.id = l.order_id
         LEFT JOIN (
             SELECT x.order_line_id, SUM(x.quantity) AS quantity FROM sales_invoice_line x
             JOIN sales_invoice y ON y.workspace_id = x.workspace_id AND y.id = x.invoice_id
             WHERE x.workspace_id = $1 AND y.kind = 'invoice' GROUP BY x.order_line_id
         ) d ON d.order_line_id = l.id
         WHERE l.workspace_id = $1 AND (l.invoiced <> COALESCE(d.quantity, 0) OR l.invoiced > l.delivered)",
    ),
    (
        "the order's line came back otherwise than its credit notes say",
        "SELECT CAST(o.number AS TEXT), l.returned, CAST(COALESCE(d.quantity, 0) AS BIGINT)
         FROM sales_order_line l
         JOIN sales_order o ON o.workspace_id = l.workspace_id AND o.id = l.order_id
         LEFT JOIN (
             SELECT x.order_line_id, SUM(x.quantity) AS quantity FROM sales_invoice_line x
             JOIN sales_invoice y ON y.workspace_id = x.workspace_id AND y.id = x.invoice_id
             WHERE x.workspace_id = $1 AND y.kind = 'credit_note' GROUP BY x.order_line_id
         ) d ON d.order_line_id = l.id
         WHERE l.workspace_id = $1 AND (l.returned <> COALESCE(d.quantity, 0) OR l.returned > l.invoiced
             OR l.returned_cost_tiyin > l.delivered_cost_tiyin)",
    ),
    (
        "the invoice is not the sum of its lines and its fee",
        "SELECT i.kind || ' ' || CAST(i.number AS TEXT), i.total_tiyin,
             CAST(COALESCE(l.total, 0) AS BIGINT) + i.fee_total_tiyin
         FROM sales_invoice i
         JOIN sales_order o ON o.workspace_id = i.workspace_id AND o.id = i.order_id
         LEFT JOIN (
             SELECT invoice_id, SUM(total_tiyin) AS total, SUM(vat_tiyin) AS vat, COUNT(*) AS lines
             FROM sales_invoice_line WHERE workspace_id = $1 GROUP BY invoice_id
         ) l ON l.invoice_id = i.id
         WHERE i.workspace_id = $1 AND (i.line_count <> COALESCE(l.lines, 0) OR (NOT o.amounts_only
             AND (i.total_tiyin <> COALESCE(l.total, 0) + i.fee_total_tiyin
                 OR i.vat_tiyin <> COALESCE(l.vat, 0) + i.fee_vat_tiyin)))",
    ),
    (
        "the invoice was credited otherwise than its credit notes say",
        "SELECT CAST(i.number AS TEXT), i.credited_tiyin, CAST(COALESCE(c.total, 0) AS BIGINT)
         FROM sales_invoice i
         LEFT JOIN (
             SELECT credits_id, SUM(total_tiyin) AS total FROM sales_invoice
             WHERE workspace_id = $1 AND kind = 'credit_note' GROUP BY credits_id
         ) c ON c.credits_id = i.id
         WHERE i.workspace_id = $1 AND i.credited_tiyin <> COALESCE(c.total, 0)",
    ),
    (
        "the invoice was paid otherwise than its allocations say",
        "SELECT CAST(i.number AS TEXT), i.paid_tiyin, CAST(COALESCE(a.amount, 0) AS BIGINT)
         FROM sales_invoice i
         LEFT JOIN (
             SELECT invoice_id, SUM(amount_tiyin) AS amount FROM sales_allocation
             WHERE workspace_id = $1 GROUP BY invoice_id
         ) a ON a.invoice_id = i.id
         WHERE i.workspace_id = $1 AND i.paid_tiyin <> COALESCE(a.amount, 0)",
    ),
    (
        "the payment pays otherwise than its allocations say",
        "SELECT CAST(p.number AS TEXT), p.allocated_tiyin, CAST(COALESCE(a.amount, 0) AS BIGINT)
         FROM sales_payment p
         LEFT JOIN (
             SELECT payment_id, SUM(amount_tiyin) AS amount FROM sales_allocation
             WHERE workspace_id = $1 GROUP BY payment_id
         ) a ON a.payment_id = p.id
         WHERE p.workspace_id = $1 AND p.allocated_tiyin <> COALESCE(a.amount, 0)",
    ),
    (
        "more was given back than payments say",
        "SELECT 'all', CAST(COALESCE(SUM(CASE WHEN kind = 'refund' THEN amount_tiyin ELSE 0 END), 0) AS BIGINT),
             CAST(COALESCE(SUM(refunded_tiyin), 0) AS BIGINT)
         FROM sales_payment WHERE workspace_id = $1
         HAVING COALESCE(SUM(CASE WHEN kind = 'refund' THEN amount_tiyin ELSE 0 END), 0)
             <> COALESCE(SUM(refunded_tiyin), 0)",
    ),
    (
        "the numbers of a year have a gap or a double",
        "SELECT kind || ' ' || CAST(year AS TEXT), CAST(MAX(number) AS BIGINT), COUNT(*)
         FROM sales_invoice WHERE workspace_id = $1 GROUP BY kind, year
         HAVING MAX(number) <> COUNT(*) OR MIN(number) <> 1",
    ),
    (
        "the order's sums are not those of its documents",
        "SELECT CAST(o.number AS TEXT), o.invoiced_tiyin - o.credited_tiyin + o.paid_tiyin,
             CAST(COALESCE(i.invoiced, 0) - COALESCE(i.credited, 0) + COALESCE(i.paid, 0) + COALESCE(p.free, 0)
                 AS BIGINT)
         FROM sales_order o
         LEFT JOIN (
             SELECT order_id, SUM(CASE WHEN kind = 'invoice' THEN total_tiyin ELSE 0 END) AS invoiced,
                 SUM(CASE WHEN kind = 'credit_note' THEN total_tiyin ELSE 0 END) AS credited,
                 SUM(paid_tiyin) AS paid
             FROM sales_invoice WHERE workspace_id = $1 GROUP BY order_id
         ) i ON i.order_id = o.id
         LEFT JOIN (
             SELECT order_id, SUM(amount_tiyin - allocated_tiyin - refunded_tiyin) AS free FROM sales_payment
             WHERE workspace_id = $1 AND kind = 'payment' AND reversed_at_ms IS NULL GROUP BY order_id
         ) p ON p.order_id = o.id
         WHERE o.workspace_id = $1 AND (o.invoiced_tiyin <> COALESCE(i.invoiced, 0)
             OR o.credited_tiyin <> COALESCE(i.credited, 0)
             OR o.paid_tiyin <> COALESCE(i.paid, 0) + COALESCE(p.free, 0))",
    ),
];

/// Everything that does not agree, a sentence each.
pub(crate) fn all(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (what, sql) in FINDINGS {
        found.extend(tx.query(sql, params![ctx.workspace()], |row| {
            let (name, one, other): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("{name}: {what}: {one} and {other}"))
        })?);
    }
    Ok(found)
}

/// What customers owe by their open invoices, and what they have paid in advance.
pub(crate) type Standing = BTreeMap<Option<Id<Contact>>, (Money, Money)>;

/// Of every customer with documents; those of nobody in particular together.
pub(crate) fn standing(ctx: &Ctx, tx: &mut ReadTx) -> Result<Standing> {
    let open = tx.query(
        "SELECT customer_id, CAST(SUM(total_tiyin - paid_tiyin - credited_tiyin) AS BIGINT) FROM sales_invoice
         WHERE workspace_id = $1 AND kind = 'invoice' GROUP BY customer_id",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let free = tx.query(
        "SELECT customer_id, CAST(SUM(amount_tiyin - allocated_tiyin - refunded_tiyin) AS BIGINT) FROM sales_payment
         WHERE workspace_id = $1 AND kind = 'payment' AND reversed_at_ms IS NULL GROUP BY customer_id",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut standing = Standing::new();
    for (customer, amount) in open {
        standing.entry(customer).or_default().0 = amount;
    }
    for (customer, amount) in free {
        standing.entry(customer).or_default().1 = amount;
    }
    Ok(standing)
}
