//! Payments, refunds, and what they pay.

use contacts::Contact;
use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Order as Direction, Query},
};
use kernel::{Id, Page, PageRequest, Result};

use crate::{Allocation, Invoice, Order, Payment, PaymentFilter};

/// What [`read`] reads, in its order.
const COLUMNS: [&str; 14] = [
    "id",
    "kind",
    "number",
    "order_id",
    "customer_id",
    "register_id",
    "transaction_id",
    "amount_tiyin",
    "allocated_tiyin",
    "refunded_tiyin",
    "paid_on",
    "note",
    "created_at_ms",
    "reversed_at_ms",
];

fn read(row: &Row<'_>) -> Result<Payment> {
    Ok(Payment {
        id: row.get(0)?,
        kind: row.parse(1)?,
        number: row.get(2)?,
        order: row.get(3)?,
        customer: row.get(4)?,
        register: row.get(5)?,
        transaction: row.get(6)?,
        amount: row.get(7)?,
        allocated: row.get(8)?,
        refunded: row.get(9)?,
        paid_on: row.get(10)?,
        note: row.get(11)?,
        created_at: row.get(12)?,
        reversed_at: row.get(13)?,
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, payment: &Payment) -> Result<()> {
    let Payment {
        id,
        kind,
        number,
        order,
        customer,
        register,
        transaction,
        amount,
        allocated,
        refunded,
        paid_on,
        note,
        created_at,
        reversed_at,
    } = payment;
    tx.execute_one(
        "INSERT INTO sales_payment (workspace_id, id, kind, number, order_id, customer_id, register_id, transaction_id,
             amount_tiyin, allocated_tiyin, refunded_tiyin, paid_on, note, created_at_ms, reversed_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        params![
            ctx.workspace(),
            id,
            kind.word(),
            number,
            order,
            customer,
            register,
            transaction,
            amount,
            allocated,
            refunded,
            paid_on,
            note,
            created_at,
            reversed_at
        ],
    )
}

/// The advances of an order, or of its customer on account, oldest first, held until the transaction ends.
pub(crate) fn lock_free(
    ctx: &Ctx,
    tx: &mut Tx,
    order: Option<Id<Order>>,
    customer: Option<Id<Contact>>,
) -> Result<Vec<Payment>> {
    tx.query(
        "SELECT id, kind, number, order_id, customer_id, register_id, transaction_id, amount_tiyin, allocated_tiyin,
             refunded_tiyin, paid_on, note, created_at_ms, reversed_at_ms
         FROM sales_payment
         WHERE workspace_id = $1 AND number IN (
                 SELECT number FROM sales_payment WHERE workspace_id = $1 AND order_id = $2
                 UNION ALL
                 SELECT number FROM sales_payment WHERE workspace_id = $1 AND customer_id = $3 AND order_id IS NULL)
             AND kind = 'payment' AND reversed_at_ms IS NULL AND allocated_tiyin + refunded_tiyin < amount_tiyin
         ORDER BY number FOR UPDATE",
        params![ctx.workspace(), order, customer],
        read,
    )
}

/// The one with this id, held.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Payment>) -> Result<Payment> {
    tx.query_one(
        "SELECT id, kind, number, order_id, customer_id, register_id, transaction_id, amount_tiyin, allocated_tiyin,
             refunded_tiyin, paid_on, note, created_at_ms, reversed_at_ms
         FROM sales_payment WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        params![ctx.workspace(), id],
        read,
    )
}

/// The one with this number.
pub(crate) fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Payment> {
    tx.query_one(
        "SELECT id, kind, number, order_id, customer_id, register_id, transaction_id, amount_tiyin, allocated_tiyin,
             refunded_tiyin, paid_on, note, created_at_ms, reversed_at_ms
         FROM sales_payment WHERE workspace_id = $1 AND number = $2",
        params![ctx.workspace(), number],
        read,
    )
}

/// The one with this id.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Payment>) -> Result<Payment> {
    tx.query_one(
        "SELECT id, kind, number, order_id, customer_id, register_id, transaction_id, amount_tiyin, allocated_tiyin,
             refunded_tiyin, paid_on, note, created_at_ms, reversed_at_ms
         FROM sales_payment WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

/// An order's payments and refunds, and those on account that pay its invoices, oldest first.
pub(crate) fn of_order(ctx: &Ctx, tx: &mut ReadTx, order: Id<Order>) -> Result<Vec<Payment>> {
    tx.query(
        "SELECT id, kind, number, order_id, customer_id, register_id, transaction_id, amount_tiyin, allocated_tiyin,
             refunded_tiyin, paid_on, note, created_at_ms, reversed_at_ms
         FROM sales_payment
         WHERE workspace_id = $1 AND (order_id = $2 OR id IN (
             SELECT a.payment_id FROM sales_allocation a
             JOIN sales_invoice i ON i.workspace_id = a.workspace_id AND i.id = a.invoice_id
             WHERE a.workspace_id = $1 AND i.order_id = $2 AND a.amount_tiyin > 0))
         ORDER BY number",
        params![ctx.workspace(), order],
        read,
    )
}

/// Writes what of a payment pays something, what was given back, and whether it was a mistake.
pub(crate) fn set_used(ctx: &Ctx, tx: &mut Tx, payment: &Payment) -> Result<()> {
    let Payment { id, allocated, refunded, reversed_at, .. } = payment;
    tx.execute_one(
        "UPDATE sales_payment SET allocated_tiyin = $3, refunded_tiyin = $4, reversed_at_ms = $5
         WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, allocated, refunded, reversed_at],
    )
}

/// Adds to what payments pay of invoices.
pub(crate) fn add_allocations(ctx: &Ctx, tx: &mut Tx, allocations: &[Allocation]) -> Result<()> {
    let rows: Vec<_> = allocations.iter().map(|allocation| values(ctx, allocation)).collect();
    tx.insert_many(
        "INSERT INTO sales_allocation (workspace_id, invoice_id, payment_id, amount_tiyin) VALUES {}
         ON CONFLICT (workspace_id, invoice_id, payment_id)
         DO UPDATE SET amount_tiyin = sales_allocation.amount_tiyin + excluded.amount_tiyin",
        &rows,
    )
}

fn values<'v>(ctx: &Ctx, allocation: &'v Allocation) -> Vec<Value<'v>> {
    let Allocation { invoice, payment, amount } = allocation;
    vec![Value::Uuid(ctx.workspace().uuid()), invoice.to_value(), payment.to_value(), amount.to_value()]
}

/// Writes what payments pay of invoices.
pub(crate) fn set_allocations(ctx: &Ctx, tx: &mut Tx, allocations: &[Allocation]) -> Result<()> {
    for Allocation { invoice, payment, amount } in allocations {
        tx.execute_one(
            "UPDATE sales_allocation SET amount_tiyin = $4
             WHERE workspace_id = $1 AND invoice_id = $2 AND payment_id = $3",
            params![ctx.workspace(), invoice, payment, amount],
        )?;
    }
    Ok(())
}

fn read_allocation(row: &Row<'_>) -> Result<Allocation> {
    Ok(Allocation { invoice: row.get(0)?, payment: row.get(1)?, amount: row.get(2)? })
}

/// What pays an invoice, the oldest money first.
pub(crate) fn allocations_of_invoice(
    ctx: &Ctx,
    tx: &mut ReadTx,
    invoice: Id<Invoice>,
) -> Result<Vec<Allocation>> {
    tx.query(
        "SELECT a.invoice_id, a.payment_id, a.amount_tiyin FROM sales_allocation a
         JOIN sales_payment p ON p.workspace_id = a.workspace_id AND p.id = a.payment_id
         WHERE a.workspace_id = $1 AND a.invoice_id = $2 AND a.amount_tiyin > 0 ORDER BY p.number",
        params![ctx.workspace(), invoice],
        read_allocation,
    )
}

/// What a payment pays, the oldest invoice first.
pub(crate) fn allocations_of_payment(
    ctx: &Ctx,
    tx: &mut ReadTx,
    payment: Id<Payment>,
) -> Result<Vec<Allocation>> {
    tx.query(
        "SELECT a.invoice_id, a.payment_id, a.amount_tiyin FROM sales_allocation a
         JOIN sales_invoice i ON i.workspace_id = a.workspace_id AND i.id = a.invoice_id
         WHERE a.workspace_id = $1 AND a.payment_id = $2 AND a.amount_tiyin > 0 ORDER BY i.year, i.number",
        params![ctx.workspace(), payment],
        read_allocation,
    )
}

/// Those that fit, newest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &PaymentFilter,
    page: PageRequest,
) -> Result<Page<Payment>> {
    let PaymentFilter { kind, customer, order, register, from, until } = filter;
    let statement = Query::select()
        .columns(COLUMNS)
        .from("sales_payment")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(kind.map(|kind| Expr::col("kind").eq(kind.word())))
        .and_where_option(customer.map(|id| Expr::col("customer_id").eq(id.to_value())))
        .and_where_option(order.map(|id| Expr::col("order_id").eq(id.to_value())))
        .and_where_option(register.map(|id| Expr::col("register_id").eq(id.to_value())))
        .and_where_option(from.map(|day| Expr::col("paid_on").gte(day.to_value())))
        .and_where_option(until.map(|day| Expr::col("paid_on").lte(day.to_value())))
        .order_by("number", Direction::Desc)
        .to_owned();
    tx.page(&statement, page, read)
}
