//! Receipts and their lines.

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result};

use crate::{
    Receipt, ReceiptFilter, ReceiptLine, ReceiptStatus,
    batch::{self, ROWS_PER_STATEMENT},
};

fn read(row: &Row<'_>) -> Result<Receipt> {
    let status: String = row.get(5)?;
    let status: ReceiptStatus =
        status.parse().map_err(|()| Error::internal(format!("a receipt that is {status:?}")))?;
    Ok(Receipt {
        id: row.get(0)?,
        number: row.get(1)?,
        warehouse: row.get(2)?,
        supplier: row.get(3)?,
        received_on: row.get(4)?,
        status,
        note: row.get(6)?,
        total: row.get(7)?,
        line_count: row.get(8)?,
        version: row.get(9)?,
        created_at: row.get(10)?,
        posted_at: row.get(11)?,
    })
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Receipt>) -> Result<Receipt> {
    tx.query_one(
        "SELECT id, number, warehouse_id, supplier_id, received_on, status, note, total_tiyin, line_count, version,
             created_at_ms, posted_at_ms
         FROM stock_receipt WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

pub(crate) fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Receipt> {
    tx.query_one(
        "SELECT id, number, warehouse_id, supplier_id, received_on, status, note, total_tiyin, line_count, version,
             created_at_ms, posted_at_ms
         FROM stock_receipt WHERE workspace_id = $1 AND number = $2",
        params![ctx.workspace(), number],
        read,
    )
}

/// The one with this id, held until the transaction ends: two people posting one draft come one after the other.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Receipt>) -> Result<Receipt> {
    tx.query_one(
        "SELECT id, number, warehouse_id, supplier_id, received_on, status, note, total_tiyin, line_count, version,
             created_at_ms, posted_at_ms
         FROM stock_receipt WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        params![ctx.workspace(), id],
        read,
    )
}

/// Those that fit, newest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ReceiptFilter,
    page: PageRequest,
) -> Result<Page<Receipt>> {
    let ReceiptFilter { status, warehouse, supplier, number, from, until, received_from, received_until } =
        filter;
    let statement =
        Query::select()
            .columns([
                "id",
                "number",
                "warehouse_id",
                "supplier_id",
                "received_on",
                "status",
                "note",
                "total_tiyin",
                "line_count",
                "version",
                "created_at_ms",
                "posted_at_ms",
            ])
            .from("stock_receipt")
            .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
            .and_where_option(status.map(|status| Expr::col("status").eq(status.word())))
            .and_where_option(warehouse.map(|id| Expr::col("warehouse_id").eq(id.to_value())))
            .and_where_option(supplier.map(|id| Expr::col("supplier_id").eq(id.to_value())))
            .and_where_option(number.map(|number| Expr::col("number").eq(number)))
            .and_where_option(
                from.map(|from| Expr::col("created_at_ms").gte(ctx.zone().start_of(from).as_millis())),
            )
            .and_where_option(received_from.map(|day| Expr::col("received_on").gte(day.to_value())))
            .and_where_option(received_until.map(|day| Expr::col("received_on").lte(day.to_value())))
            .and_where_option(until.map(|until| {
                Expr::col("created_at_ms").lt(ctx.zone().start_of(until.plus_days(1)).as_millis())
            }))
            .order_by("number", Order::Desc)
            .to_owned();
    tx.page(&statement, page, read)
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, receipt: &Receipt) -> Result<()> {
    let Receipt {
        id,
        number,
        warehouse,
        supplier,
        received_on,
        status,
        note,
        total,
        line_count,
        version,
        created_at,
        posted_at,
    } = receipt;
    tx.execute_one(
        "INSERT INTO stock_receipt (workspace_id, id, number, warehouse_id, supplier_id, received_on, status, note,
             total_tiyin, line_count, version, created_at_ms, posted_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            ctx.workspace(),
            id,
            number,
            warehouse,
            supplier,
            received_on,
            status.word(),
            note,
            total,
            line_count,
            version,
            created_at,
            posted_at
        ],
    )
}

pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, receipt: &Receipt) -> Result<()> {
    let Receipt {
        id,
        number: _,
        warehouse,
        supplier,
        received_on,
        status,
        note,
        total,
        line_count,
        version,
        created_at: _,
        posted_at,
    } = receipt;
    tx.execute_one(
        "UPDATE stock_receipt SET warehouse_id = $3, supplier_id = $4, received_on = $5, status = $6, note = $7,
             total_tiyin = $8, line_count = $9, version = $10, posted_at_ms = $11
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            warehouse,
            supplier,
            received_on,
            status.word(),
            note,
            total,
            line_count,
            version,
            posted_at
        ],
    )
}

pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Receipt>) -> Result<()> {
    delete_lines(ctx, tx, id)?;
    tx.execute_one(
        "DELETE FROM stock_receipt WHERE workspace_id = $1 AND id = $2 AND status = 'draft'",
        params![ctx.workspace(), id],
    )
}

pub(crate) fn delete_lines(ctx: &Ctx, tx: &mut Tx, id: Id<Receipt>) -> Result<()> {
    tx.execute(
        "DELETE FROM stock_receipt_line WHERE workspace_id = $1 AND receipt_id = $2",
        params![ctx.workspace(), id],
    )?;
    Ok(())
}

pub(crate) fn insert_lines(ctx: &Ctx, tx: &mut Tx, id: Id<Receipt>, lines: &[ReceiptLine]) -> Result<()> {
    for some in lines.chunks(ROWS_PER_STATEMENT) {
        let sql = format!(
            "INSERT INTO stock_receipt_line (workspace_id, receipt_id, position, product_id, quantity,
                 unit_cost_tiyin, value_tiyin)
             VALUES {}",
            batch::rows(some.len(), 7, 1)
        );
        let workspace = ctx.workspace();
        let mut values = Vec::with_capacity(some.len() * 7);
        for line in some {
            let ReceiptLine { position, product, quantity, unit_cost, value } = line;
            values.extend([
                workspace.to_value(),
                id.to_value(),
                position.to_value(),
                product.to_value(),
                quantity.to_value(),
                unit_cost.to_value(),
                value.to_value(),
            ]);
        }
        tx.execute(&sql, &values)?;
    }
    Ok(())
}

fn read_line(row: &Row<'_>) -> Result<ReceiptLine> {
    Ok(ReceiptLine {
        position: row.get(0)?,
        product: row.get(1)?,
        quantity: row.get(2)?,
        unit_cost: row.get(3)?,
        value: row.get(4)?,
    })
}

/// All lines of a receipt, in order.
pub(crate) fn lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<Receipt>) -> Result<Vec<ReceiptLine>> {
    tx.query(
        "SELECT position, product_id, quantity, unit_cost_tiyin, value_tiyin FROM stock_receipt_line
         WHERE workspace_id = $1 AND receipt_id = $2 ORDER BY position",
        params![ctx.workspace(), id],
        read_line,
    )
}

/// A part of the lines of a receipt.
pub(crate) fn some_lines(
    ctx: &Ctx,
    tx: &mut ReadTx,
    id: Id<Receipt>,
    page: PageRequest,
) -> Result<Vec<ReceiptLine>> {
    tx.query(
        "SELECT position, product_id, quantity, unit_cost_tiyin, value_tiyin FROM stock_receipt_line
         WHERE workspace_id = $1 AND receipt_id = $2 ORDER BY position LIMIT $3 OFFSET $4",
        params![ctx.workspace(), id, page.limit(), page.offset()],
        read_line,
    )
}
