//! Invoices, credit notes and their lines.

use std::collections::HashMap;

use contacts::Contact;
use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Order as Direction, Query},
};
use kernel::{Id, Page, PageRequest, Quantity, Result};

use crate::{Amounts, Invoice, InvoiceFilter, InvoiceKind, InvoiceLine, Order, OrderLine};

/// What [`read`] reads, in its order.
const COLUMNS: [&str; 20] = [
    "id",
    "kind",
    "year",
    "number",
    "order_id",
    "credits_id",
    "customer_id",
    "invoiced_on",
    "net_tiyin",
    "vat_tiyin",
    "total_tiyin",
    "fee_net_tiyin",
    "fee_vat_tiyin",
    "fee_total_tiyin",
    "fee_vat_basis_points",
    "line_count",
    "paid_tiyin",
    "credited_tiyin",
    "note",
    "created_at_ms",
];

fn read(row: &Row<'_>) -> Result<Invoice> {
    Ok(Invoice {
        id: row.get(0)?,
        kind: row.parse(1)?,
        year: row.get(2)?,
        number: row.get(3)?,
        order: row.get(4)?,
        credits: row.get(5)?,
        customer: row.get(6)?,
        invoiced_on: row.get(7)?,
        amounts: Amounts { net: row.get(8)?, vat: row.get(9)?, total: row.get(10)? },
        fee: Amounts { net: row.get(11)?, vat: row.get(12)?, total: row.get(13)? },
        fee_vat_rate: row.get(14)?,
        line_count: row.get(15)?,
        paid: row.get(16)?,
        credited: row.get(17)?,
        note: row.get(18)?,
        created_at: row.get(19)?,
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, invoice: &Invoice, lines: &[InvoiceLine]) -> Result<()> {
    let Invoice {
        id,
        kind,
        year,
        number,
        order,
        credits,
        customer,
        invoiced_on,
        amounts: Amounts { net, vat, total },
        fee: Amounts { net: fee_net, vat: fee_vat, total: fee_total },
        fee_vat_rate,
        line_count,
        paid,
        credited,
        note,
        created_at,
    } = invoice;
    tx.execute_one(
        "INSERT INTO sales_invoice (workspace_id, id, kind, year, number, order_id, credits_id, customer_id, invoiced_on,
             net_tiyin, vat_tiyin, total_tiyin, fee_net_tiyin, fee_vat_tiyin, fee_total_tiyin, fee_vat_basis_points,
             line_count, paid_tiyin, credited_tiyin, note, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        params![
            ctx.workspace(),
            id,
            kind.word(),
            year,
            number,
            order,
            credits,
            customer,
            invoiced_on,
            net,
            vat,
            total,
            fee_net,
            fee_vat,
            fee_total,
            fee_vat_rate,
            line_count,
            paid,
            credited,
            note,
            created_at
        ],
    )?;
    let rows: Vec<_> = lines.iter().map(|line| values(ctx, *id, line)).collect();
    tx.insert_many(
        "INSERT INTO sales_invoice_line (workspace_id, invoice_id, position, order_line_id, product_id, quantity,
             price_tiyin, discount_basis_points, vat, vat_basis_points, net_tiyin, vat_tiyin, total_tiyin)
         VALUES {}",
        &rows,
    )
}

fn values<'v>(ctx: &Ctx, invoice: Id<Invoice>, line: &'v InvoiceLine) -> Vec<Value<'v>> {
    let InvoiceLine {
        position,
        order_line,
        product,
        quantity,
        price,
        discount,
        vat,
        vat_rate,
        amounts: Amounts { net, vat: tax, total },
    } = line;
    vec![
        Value::Uuid(ctx.workspace().uuid()),
        Value::Uuid(invoice.uuid()),
        position.to_value(),
        order_line.to_value(),
        product.to_value(),
        quantity.to_value(),
        price.to_value(),
        discount.to_value(),
        vat.word().to_value(),
        vat_rate.to_value(),
        net.to_value(),
        tax.to_value(),
        total.to_value(),
    ]
}

/// The one with this id, held until the transaction ends.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Invoice>) -> Result<Invoice> {
    tx.query_one(
        "SELECT id, kind, year, number, order_id, credits_id, customer_id, invoiced_on, net_tiyin, vat_tiyin,
             total_tiyin, fee_net_tiyin, fee_vat_tiyin, fee_total_tiyin, fee_vat_basis_points, line_count, paid_tiyin,
             credited_tiyin, note, created_at_ms
         FROM sales_invoice WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        params![ctx.workspace(), id],
        read,
    )
}

/// The open invoices of an order, oldest first, held until the transaction ends.
pub(crate) fn lock_open_of_order(ctx: &Ctx, tx: &mut Tx, order: Id<Order>) -> Result<Vec<Invoice>> {
    tx.query(
        "SELECT id, kind, year, number, order_id, credits_id, customer_id, invoiced_on, net_tiyin, vat_tiyin,
             total_tiyin, fee_net_tiyin, fee_vat_tiyin, fee_total_tiyin, fee_vat_basis_points, line_count, paid_tiyin,
             credited_tiyin, note, created_at_ms
         FROM sales_invoice
         WHERE workspace_id = $1 AND order_id = $2 AND kind = 'invoice' AND paid_tiyin + credited_tiyin < total_tiyin
         ORDER BY year, number FOR UPDATE",
        params![ctx.workspace(), order],
        read,
    )
}

/// The open invoices of a customer, oldest first. Whoever holds their orders is alone with them.
pub(crate) fn open_of_customer(ctx: &Ctx, tx: &mut ReadTx, customer: Id<Contact>) -> Result<Vec<Invoice>> {
    tx.query(
        "SELECT id, kind, year, number, order_id, credits_id, customer_id, invoiced_on, net_tiyin, vat_tiyin,
             total_tiyin, fee_net_tiyin, fee_vat_tiyin, fee_total_tiyin, fee_vat_basis_points, line_count, paid_tiyin,
             credited_tiyin, note, created_at_ms
         FROM sales_invoice
         WHERE workspace_id = $1 AND customer_id = $2 AND kind = 'invoice'
             AND paid_tiyin + credited_tiyin < total_tiyin
         ORDER BY year, number",
        params![ctx.workspace(), customer],
        read,
    )
}

/// The one with this id.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Invoice>) -> Result<Invoice> {
    tx.query_one(
        "SELECT id, kind, year, number, order_id, credits_id, customer_id, invoiced_on, net_tiyin, vat_tiyin,
             total_tiyin, fee_net_tiyin, fee_vat_tiyin, fee_total_tiyin, fee_vat_basis_points, line_count, paid_tiyin,
             credited_tiyin, note, created_at_ms
         FROM sales_invoice WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

/// The one with this number of this kind and year.
pub(crate) fn get_by_number(
    ctx: &Ctx,
    tx: &mut ReadTx,
    kind: InvoiceKind,
    year: i32,
    number: i64,
) -> Result<Invoice> {
    tx.query_one(
        "SELECT id, kind, year, number, order_id, credits_id, customer_id, invoiced_on, net_tiyin, vat_tiyin,
             total_tiyin, fee_net_tiyin, fee_vat_tiyin, fee_total_tiyin, fee_vat_basis_points, line_count, paid_tiyin,
             credited_tiyin, note, created_at_ms
         FROM sales_invoice WHERE workspace_id = $1 AND kind = $2 AND year = $3 AND number = $4",
        params![ctx.workspace(), kind.word(), year, number],
        read,
    )
}

/// The invoices and credit notes of an order, oldest first.
pub(crate) fn of_order(ctx: &Ctx, tx: &mut ReadTx, order: Id<Order>) -> Result<Vec<Invoice>> {
    tx.query(
        "SELECT id, kind, year, number, order_id, credits_id, customer_id, invoiced_on, net_tiyin, vat_tiyin,
             total_tiyin, fee_net_tiyin, fee_vat_tiyin, fee_total_tiyin, fee_vat_basis_points, line_count, paid_tiyin,
             credited_tiyin, note, created_at_ms
         FROM sales_invoice WHERE workspace_id = $1 AND order_id = $2 ORDER BY created_at_ms, year, number",
        params![ctx.workspace(), order],
        read,
    )
}

/// The lines of one, in order.
pub(crate) fn lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<Invoice>) -> Result<Vec<InvoiceLine>> {
    tx.query(
        "SELECT position, order_line_id, product_id, quantity, price_tiyin, discount_basis_points, vat,
             vat_basis_points, net_tiyin, vat_tiyin, total_tiyin
         FROM sales_invoice_line WHERE workspace_id = $1 AND invoice_id = $2 ORDER BY position",
        params![ctx.workspace(), id],
        |row| {
            Ok(InvoiceLine {
                position: row.get(0)?,
                order_line: row.get(1)?,
                product: row.get(2)?,
                quantity: row.get(3)?,
                price: row.get(4)?,
                discount: row.get(5)?,
                vat: row.parse(6)?,
                vat_rate: row.get(7)?,
                amounts: Amounts { net: row.get(8)?, vat: row.get(9)?, total: row.get(10)? },
            })
        },
    )
}

/// How much of each line of an invoice credit notes took back, and whether one of them took the fee.
pub(crate) fn credited(
    ctx: &Ctx,
    tx: &mut ReadTx,
    invoice: Id<Invoice>,
) -> Result<(HashMap<Id<OrderLine>, Quantity>, bool)> {
    let quantities = tx.query(
        "SELECT order_line_id, CAST(SUM(quantity) AS BIGINT) FROM sales_invoice_line
         WHERE workspace_id = $1 AND invoice_id IN (
             SELECT id FROM sales_invoice WHERE workspace_id = $1 AND credits_id = $2)
         GROUP BY order_line_id",
        params![ctx.workspace(), invoice],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let fee: i64 = tx.query_one(
        "SELECT COUNT(*) FROM sales_invoice
         WHERE workspace_id = $1 AND credits_id = $2 AND fee_total_tiyin > 0",
        params![ctx.workspace(), invoice],
        |row| row.get(0),
    )?;
    Ok((quantities.into_iter().collect(), fee > 0))
}

/// Writes what was paid of one and taken back of it.
pub(crate) fn set_settled(ctx: &Ctx, tx: &mut Tx, invoice: &Invoice) -> Result<()> {
    tx.execute_one(
        "UPDATE sales_invoice SET paid_tiyin = $3, credited_tiyin = $4 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), invoice.id, invoice.paid, invoice.credited],
    )
}

/// Those that fit, newest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &InvoiceFilter,
    page: PageRequest,
) -> Result<Page<Invoice>> {
    let InvoiceFilter { kind, customer, order, from, until, open, label } = filter;
    let mut statement = Query::select();
    statement
        .columns(COLUMNS)
        .from("sales_invoice")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(kind.map(|kind| Expr::col("kind").eq(kind.word())))
        .and_where_option(customer.map(|id| Expr::col("customer_id").eq(id.to_value())))
        .and_where_option(order.map(|id| Expr::col("order_id").eq(id.to_value())))
        .and_where_option(from.map(|day| Expr::col("invoiced_on").gte(day.to_value())))
        .and_where_option(until.map(|day| Expr::col("invoiced_on").lte(day.to_value())));
    if *open {
        statement
            .and_where(Expr::col("kind").eq(InvoiceKind::Invoice.word()))
            .and_where(Expr::col("paid_tiyin").add(Expr::col("credited_tiyin")).lt(Expr::col("total_tiyin")));
    }
    if let Some((kind, year, number)) = label {
        statement
            .and_where(Expr::col("kind").eq(kind.word()))
            .and_where(Expr::col("year").eq(*year))
            .and_where(Expr::col("number").eq(*number));
    }
    statement
        .order_by("invoiced_on", Direction::Desc)
        .order_by("created_at_ms", Direction::Desc)
        .order_by("id", Direction::Desc);
    tx.page(&statement, page, read)
}
