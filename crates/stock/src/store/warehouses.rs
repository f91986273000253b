//! Warehouses.

use context::Ctx;
use db::{Constraint, OnConstraint, ReadTx, Row, Tx, params};
use kernel::{Error, Id, Result, Text};

use crate::Warehouse;

fn read(row: &Row<'_>) -> Result<Warehouse> {
    Ok(Warehouse {
        id: row.get(0)?,
        number: row.get(1)?,
        name: row.get(2)?,
        is_default: row.get(3)?,
        may_be_negative: row.get(4)?,
        active: row.get(5)?,
        created_at: row.get(6)?,
    })
}

/// All of them, the default one first, then in the order they were made.
pub(crate) fn all(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Warehouse>> {
    tx.query(
        "SELECT id, number, name, is_default, may_be_negative, active, created_at_ms FROM stock_warehouse
         WHERE workspace_id = $1 ORDER BY is_default DESC, number",
        params![ctx.workspace()],
        read,
    )
}

/// The one with this id, held until the transaction ends.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Warehouse>) -> Result<Warehouse> {
    tx.query_one(
        "SELECT id, number, name, is_default, may_be_negative, active, created_at_ms FROM stock_warehouse
         WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        params![ctx.workspace(), id],
        read,
    )
}

fn taken() -> Error {
    Error::field("name", Text::new("stock-warehouse-name-taken"))
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, warehouse: &Warehouse) -> Result<()> {
    let Warehouse { id, number, name, is_default, may_be_negative, active, created_at } = warehouse;
    tx.execute_one(
        "INSERT INTO stock_warehouse (workspace_id, id, number, name, name_fold, is_default, may_be_negative,
             active, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            ctx.workspace(),
            id,
            number,
            name,
            uztext::fold(name),
            is_default,
            may_be_negative,
            active,
            created_at
        ],
    )
    .on_unique(taken)
}

/// Makes the default warehouse unless another call did so a moment ago.
pub(crate) fn insert_first(ctx: &Ctx, tx: &mut Tx, warehouse: &Warehouse) -> Result<bool> {
    let Warehouse { id, number, name, is_default, may_be_negative, active, created_at } = warehouse;
    let made = tx.execute(
        "INSERT INTO stock_warehouse (workspace_id, id, number, name, name_fold, is_default, may_be_negative,
             active, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        params![
            ctx.workspace(),
            id,
            number,
            name,
            uztext::fold(name),
            is_default,
            may_be_negative,
            active,
            created_at
        ],
    )?;
    Ok(made == 1)
}

pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, warehouse: &Warehouse) -> Result<()> {
    let Warehouse { id, number: _, name, is_default, may_be_negative, active, created_at: _ } = warehouse;
    tx.execute_one(
        "UPDATE stock_warehouse SET name = $3, name_fold = $4, is_default = $5, may_be_negative = $6, active = $7
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            name,
            uztext::fold(name),
            is_default,
            may_be_negative,
            active
        ],
    )
    .on_unique(taken)
}

/// No warehouse is the default one any more; the caller makes another so.
pub(crate) fn clear_default(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    tx.execute(
        "UPDATE stock_warehouse SET is_default = $2 WHERE workspace_id = $1 AND is_default",
        params![ctx.workspace(), false],
    )?;
    Ok(())
}

/// Says on every balance of the warehouse whether it may be below zero. The database refuses when some are.
pub(crate) fn set_may_be_negative(ctx: &Ctx, tx: &mut Tx, id: Id<Warehouse>, may: bool) -> Result<()> {
    tx.execute(
        "UPDATE stock_balance SET may_be_negative = $3 WHERE workspace_id = $1 AND warehouse_id = $2",
        params![ctx.workspace(), id, may],
    )
    .on(Constraint::Check, || Error::conflict(Text::new("stock-warehouse-is-negative")))?;
    Ok(())
}

/// Whether anything lies in it or is promised from it.
pub(crate) fn holds_goods(ctx: &Ctx, tx: &mut ReadTx, id: Id<Warehouse>) -> Result<bool> {
    let found = tx.query(
        "SELECT product_id FROM stock_balance
         WHERE workspace_id = $1 AND warehouse_id = $2 AND (on_hand <> 0 OR reserved <> 0) LIMIT 1",
        params![ctx.workspace(), id],
        |row| row.get::<Id<catalog::Product>>(0),
    )?;
    Ok(!found.is_empty())
}
