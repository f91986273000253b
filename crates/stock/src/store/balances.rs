//! Balances: locked in the order of product and warehouse, changed, written back.

use catalog::Product;
use context::Ctx;
use db::{ReadTx, Row, ToValue, Tx, Value, params};
use kernel::{Id, Money, Page, PageRequest, Quantity, Result};

use crate::{
    Balance, LowStock, Warehouse,
    batch::{self, ROWS_PER_STATEMENT},
};

fn read(row: &Row<'_>) -> Result<Balance> {
    Ok(Balance {
        warehouse: row.get(0)?,
        product: row.get(1)?,
        on_hand: row.get(2)?,
        reserved: row.get(3)?,
        value: row.get(4)?,
        moves: row.get(5)?,
        may_be_negative: row.get(6)?,
    })
}

/// What the SQL of these has in common: the workspace, then the products.
fn values<'v>(ctx: &Ctx, products: &[Id<Product>], more: Option<Value<'v>>) -> (Vec<Value<'v>>, usize) {
    let products = batch::padded(products);
    let count = products.len();
    let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
    values.extend(products.into_iter().map(|id| Value::Uuid(id.uuid())));
    values.extend(more);
    (values, count)
}

/// The balances of these products in every warehouse, held until the transaction ends, in the order of product and
/// warehouse, which is the order everybody takes them in. (In the order of the key SQLite would walk along the balances
/// of all products, rather than sort these.)
pub(crate) fn lock_everywhere(ctx: &Ctx, tx: &mut Tx, products: &[Id<Product>]) -> Result<Vec<Balance>> {
    let (values, count) = values(ctx, products, None);
    let sql = format!(
        "SELECT warehouse_id, product_id, on_hand, reserved, value_tiyin, moves, may_be_negative
         FROM stock_balance WHERE workspace_id = $1 AND product_id IN ({})
         ORDER BY product_id, warehouse_id FOR UPDATE",
        batch::list(count, 2)
    );
    tx.query(&sql, &values, read)
}

/// The balances of these products in this warehouse, held until the transaction ends, in the order of the product.
pub(crate) fn lock(
    ctx: &Ctx,
    tx: &mut Tx,
    warehouse: Id<Warehouse>,
    products: &[Id<Product>],
) -> Result<Vec<Balance>> {
    let (values, count) = values(ctx, products, Some(Value::Uuid(warehouse.uuid())));
    let sql = format!(
        "SELECT warehouse_id, product_id, on_hand, reserved, value_tiyin, moves, may_be_negative
         FROM stock_balance WHERE workspace_id = $1 AND product_id IN ({}) AND warehouse_id = ${}
         ORDER BY product_id FOR UPDATE",
        batch::list(count, 2),
        count + 2
    );
    tx.query(&sql, &values, read)
}

/// Makes the rows of these balances where they are not there yet.
pub(crate) fn insert_absent(ctx: &Ctx, tx: &mut Tx, balances: &[Balance]) -> Result<()> {
    write(ctx, tx, balances, "ON CONFLICT (workspace_id, warehouse_id, product_id) DO NOTHING")
}

/// Writes balances back that this transaction holds.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, balances: &[Balance]) -> Result<()> {
    write(
        ctx,
        tx,
        balances,
        "ON CONFLICT (workspace_id, warehouse_id, product_id) DO UPDATE SET on_hand = excluded.on_hand,
             reserved = excluded.reserved, value_tiyin = excluded.value_tiyin, moves = excluded.moves",
    )
}

fn write(ctx: &Ctx, tx: &mut Tx, balances: &[Balance], on_conflict: &str) -> Result<()> {
    for some in balances.chunks(ROWS_PER_STATEMENT) {
        let sql = format!(
            "INSERT INTO stock_balance (workspace_id, warehouse_id, product_id, on_hand, reserved, value_tiyin,
                 moves, may_be_negative)
             VALUES {} {on_conflict}",
            batch::rows(some.len(), 8, 1)
        );
        let workspace = ctx.workspace();
        let mut values = Vec::with_capacity(some.len() * 8);
        for balance in some {
            let Balance { warehouse, product, on_hand, reserved, value, moves, may_be_negative } = balance;
            values.extend([
                workspace.to_value(),
                warehouse.to_value(),
                product.to_value(),
                on_hand.to_value(),
                reserved.to_value(),
                value.to_value(),
                moves.to_value(),
                may_be_negative.to_value(),
            ]);
        }
        tx.execute(&sql, &values)?;
    }
    Ok(())
}

/// The balances of these products, in every warehouse.
pub(crate) fn of_products(ctx: &Ctx, tx: &mut ReadTx, products: &[Id<Product>]) -> Result<Vec<Balance>> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let (values, count) = values(ctx, products, None);
    let sql = format!(
        "SELECT warehouse_id, product_id, on_hand, reserved, value_tiyin, moves, may_be_negative
         FROM stock_balance WHERE workspace_id = $1 AND product_id IN ({}) ORDER BY product_id, warehouse_id",
        batch::list(count, 2)
    );
    tx.query(&sql, &values, read)
}

/// How much of these products is in the active warehouses and promised to nobody; a product that is nowhere is
/// left out.
pub(crate) fn free(
    ctx: &Ctx,
    tx: &mut ReadTx,
    products: &[Id<Product>],
) -> Result<Vec<(Id<Product>, Quantity)>> {
    let (values, count) = values(ctx, products, None);
    let sql = format!(
        "SELECT b.product_id,
             CAST(SUM(CASE WHEN b.on_hand > b.reserved THEN b.on_hand - b.reserved ELSE 0 END) AS BIGINT)
         FROM stock_balance b JOIN stock_warehouse w ON w.workspace_id = b.workspace_id AND w.id = b.warehouse_id
         WHERE b.workspace_id = $1 AND b.product_id IN ({}) AND w.active GROUP BY b.product_id",
        batch::list(count, 2)
    );
    tx.query(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How much of these products lies in all warehouses; a product that is nowhere is left out.
pub(crate) fn on_hand(
    ctx: &Ctx,
    tx: &mut ReadTx,
    products: &[Id<Product>],
) -> Result<Vec<(Id<Product>, Quantity)>> {
    let (values, count) = values(ctx, products, None);
    let sql = format!(
        "SELECT product_id, CAST(SUM(on_hand) AS BIGINT) FROM stock_balance
         WHERE workspace_id = $1 AND product_id IN ({}) GROUP BY product_id",
        batch::list(count, 2)
    );
    tx.query(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What all the goods of the workspace cost; read from the index of what is worth something.
pub(crate) fn total_value(ctx: &Ctx, tx: &mut ReadTx) -> Result<Money> {
    tx.query_one(
        "SELECT CAST(COALESCE(SUM(value_tiyin), 0) AS BIGINT) FROM stock_balance
         WHERE workspace_id = $1 AND value_tiyin <> 0",
        params![ctx.workspace()],
        |row| row.get(0),
    )
}

/// Products on sale of which less is free than their card asks for. The one place where stock reads a table of the
/// catalog: asking the catalog for every product with a minimum would read them all for a page of 25.
pub(crate) fn low(ctx: &Ctx, tx: &mut ReadTx, page: PageRequest) -> Result<Page<LowStock>> {
    let count = tx.query_one(
        "SELECT COUNT(*) FROM catalog_product p
         LEFT JOIN (
             SELECT b.product_id,
                 SUM(CASE WHEN b.on_hand > b.reserved THEN b.on_hand - b.reserved ELSE 0 END) AS free
             FROM stock_balance b
             JOIN stock_warehouse w ON w.workspace_id = b.workspace_id AND w.id = b.warehouse_id AND w.active
             WHERE b.workspace_id = $1 GROUP BY b.product_id
         ) s ON s.product_id = p.id
         WHERE p.workspace_id = $1 AND p.deleted_at_ms IS NULL AND p.deactivated_at_ms IS NULL
             AND p.minimum_thousandths > COALESCE(s.free, 0)",
        params![ctx.workspace()],
        |row| row.get(0),
    )?;
    let results = tx.query(
        "SELECT p.id, CAST(COALESCE(s.free, 0) AS BIGINT), p.minimum_thousandths FROM catalog_product p
         LEFT JOIN (
             SELECT b.product_id,
                 SUM(CASE WHEN b.on_hand > b.reserved THEN b.on_hand - b.reserved ELSE 0 END) AS free
             FROM stock_balance b
             JOIN stock_warehouse w ON w.workspace_id = b.workspace_id AND w.id = b.warehouse_id AND w.active
             WHERE b.workspace_id = $1 GROUP BY b.product_id
         ) s ON s.product_id = p.id
         WHERE p.workspace_id = $1 AND p.deleted_at_ms IS NULL AND p.deactivated_at_ms IS NULL
             AND p.minimum_thousandths > COALESCE(s.free, 0)
         ORDER BY COALESCE(s.free, 0) - p.minimum_thousandths, p.number LIMIT $2 OFFSET $3",
        params![ctx.workspace(), page.limit(), page.offset()],
        |row| Ok(LowStock { product: row.get(0)?, free: row.get(1)?, minimum: row.get(2)? }),
    )?;
    Ok(Page::new(page, count, results))
}

/// What each product cost, in all warehouses; those of nothing are left out.
pub(crate) fn worth(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(Id<Product>, Money)>> {
    tx.query(
        "SELECT product_id, CAST(SUM(value_tiyin) AS BIGINT) FROM stock_balance
         WHERE workspace_id = $1 AND value_tiyin <> 0 GROUP BY product_id ORDER BY product_id",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
