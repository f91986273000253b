//! Deliveries and their lines.

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Order as Direction, Query},
};
use kernel::{Id, Page, PageRequest, Result};

use crate::{DeliveryFilter, DeliveryLine, DeliveryNote, Order, delivery::Gone};

/// What [`read`] reads, in its order.
const COLUMNS: [&str; 9] = [
    "id",
    "number",
    "order_id",
    "delivered_on",
    "cost_tiyin",
    "line_count",
    "note",
    "created_at_ms",
    "undone_at_ms",
];

fn read(row: &Row<'_>) -> Result<DeliveryNote> {
    Ok(DeliveryNote {
        id: row.get(0)?,
        number: row.get(1)?,
        order: row.get(2)?,
        delivered_on: row.get(3)?,
        cost: row.get(4)?,
        line_count: row.get(5)?,
        note: row.get(6)?,
        created_at: row.get(7)?,
        undone_at: row.get(8)?,
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, delivery: &DeliveryNote, lines: &[DeliveryLine]) -> Result<()> {
    let DeliveryNote { id, number, order, delivered_on, cost, line_count, note, created_at, undone_at } =
        delivery;
    tx.execute_one(
        "INSERT INTO sales_delivery (workspace_id, id, number, order_id, delivered_on, cost_tiyin, line_count, note,
             created_at_ms, undone_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            ctx.workspace(),
            id,
            number,
            order,
            delivered_on,
            cost,
            line_count,
            note,
            created_at,
            undone_at
        ],
    )?;
    let rows: Vec<_> = lines.iter().map(|line| values(ctx, *id, line)).collect();
    tx.insert_many(
        "INSERT INTO sales_delivery_line (workspace_id, delivery_id, position, order_line_id, product_id, warehouse_id,
             quantity, cost_tiyin)
         VALUES {}",
        &rows,
    )
}

fn values<'v>(ctx: &Ctx, delivery: Id<DeliveryNote>, line: &'v DeliveryLine) -> Vec<Value<'v>> {
    let DeliveryLine { position, order_line, product, warehouse, quantity, cost } = line;
    vec![
        Value::Uuid(ctx.workspace().uuid()),
        Value::Uuid(delivery.uuid()),
        position.to_value(),
        order_line.to_value(),
        product.to_value(),
        warehouse.to_value(),
        quantity.to_value(),
        cost.to_value(),
    ]
}

/// The one with this id, held.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<DeliveryNote>) -> Result<DeliveryNote> {
    tx.query_one(
        "SELECT id, number, order_id, delivered_on, cost_tiyin, line_count, note, created_at_ms, undone_at_ms
         FROM sales_delivery WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        params![ctx.workspace(), id],
        read,
    )
}

/// The one with this number.
pub(crate) fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<DeliveryNote> {
    tx.query_one(
        "SELECT id, number, order_id, delivered_on, cost_tiyin, line_count, note, created_at_ms, undone_at_ms
         FROM sales_delivery WHERE workspace_id = $1 AND number = $2",
        params![ctx.workspace(), number],
        read,
    )
}

/// The one with this id.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<DeliveryNote>) -> Result<DeliveryNote> {
    tx.query_one(
        "SELECT id, number, order_id, delivered_on, cost_tiyin, line_count, note, created_at_ms, undone_at_ms
         FROM sales_delivery WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

/// An order's, oldest first.
pub(crate) fn of_order(ctx: &Ctx, tx: &mut ReadTx, order: Id<Order>) -> Result<Vec<DeliveryNote>> {
    tx.query(
        "SELECT id, number, order_id, delivered_on, cost_tiyin, line_count, note, created_at_ms, undone_at_ms
         FROM sales_delivery WHERE workspace_id = $1 AND order_id = $2 ORDER BY number",
        params![ctx.workspace(), order],
        read,
    )
}

/// The lines of one, in order.
pub(crate) fn lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<DeliveryNote>) -> Result<Vec<DeliveryLine>> {
    tx.query(
        "SELECT position, order_line_id, product_id, warehouse_id, quantity, cost_tiyin
         FROM sales_delivery_line WHERE workspace_id = $1 AND delivery_id = $2 ORDER BY position",
        params![ctx.workspace(), id],
        |row| {
            Ok(DeliveryLine {
                position: row.get(0)?,
                order_line: row.get(1)?,
                product: row.get(2)?,
                warehouse: row.get(3)?,
                quantity: row.get(4)?,
                cost: row.get(5)?,
            })
        },
    )
}

/// What stands delivered of the lines of an order, in the order it went.
pub(crate) fn gone(ctx: &Ctx, tx: &mut ReadTx, order: Id<Order>) -> Result<Vec<Gone>> {
    tx.query(
        "SELECT d.id, l.order_line_id, l.quantity, l.cost_tiyin, d.delivered_on FROM sales_delivery d
         JOIN sales_delivery_line l ON l.workspace_id = d.workspace_id AND l.delivery_id = d.id
         WHERE d.workspace_id = $1 AND d.order_id = $2 AND d.undone_at_ms IS NULL ORDER BY d.number, l.position",
        params![ctx.workspace(), order],
        |row| {
            Ok(Gone {
                delivery: row.get(0)?,
                order_line: row.get(1)?,
                quantity: row.get(2)?,
                cost: row.get(3)?,
                on: row.get(4)?,
            })
        },
    )
}

/// Those that fit, newest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &DeliveryFilter,
    page: PageRequest,
) -> Result<Page<DeliveryNote>> {
    let DeliveryFilter { from, until } = filter;
    let statement = Query::select()
        .columns(COLUMNS)
        .from("sales_delivery")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(from.map(|day| Expr::col("delivered_on").gte(day.to_value())))
        .and_where_option(until.map(|day| Expr::col("delivered_on").lte(day.to_value())))
        .order_by("number", Direction::Desc)
        .to_owned();
    tx.page(&statement, page, read)
}

/// Writes down that one was a mistake.
pub(crate) fn set_undone(ctx: &Ctx, tx: &mut Tx, id: Id<DeliveryNote>) -> Result<()> {
    tx.execute_one(
        "UPDATE sales_delivery SET undone_at_ms = $3
         WHERE workspace_id = $1 AND id = $2 AND undone_at_ms IS NULL",
        params![ctx.workspace(), id, ctx.now()],
    )
}
