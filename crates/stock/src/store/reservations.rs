//! Reservations: what is promised to whom. A row goes when the promise ends.

use context::Ctx;
use db::{ReadTx, Row, ToValue, Tx, params};
use kernel::{Error, Result};
use uuid::Uuid;

use crate::{
    Reservation,
    batch::{self, ROWS_PER_STATEMENT},
};

fn read(row: &Row<'_>) -> Result<Reservation> {
    Ok(Reservation {
        source: row.get(0)?,
        line: row.get(1)?,
        warehouse: row.get(2)?,
        product: row.get(3)?,
        quantity: row.get(4)?,
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, reservations: &[Reservation]) -> Result<()> {
    write(ctx, tx, reservations, "")
}

/// Promises these, on top of what is promised already.
pub(crate) fn add(ctx: &Ctx, tx: &mut Tx, reservations: &[Reservation]) -> Result<()> {
    write(
        ctx,
        tx,
        reservations,
        "ON CONFLICT (workspace_id, source_id, line_id, warehouse_id)
         DO UPDATE SET quantity = stock_reservation.quantity + excluded.quantity",
    )
}

fn write(ctx: &Ctx, tx: &mut Tx, reservations: &[Reservation], on_conflict: &str) -> Result<()> {
    for some in reservations.chunks(ROWS_PER_STATEMENT) {
        let sql = format!(
            "INSERT INTO stock_reservation (workspace_id, source_id, line_id, warehouse_id, product_id, quantity,
                 reserved_at_ms)
             VALUES {} {on_conflict}",
            batch::rows(some.len(), 7, 1)
        );
        let (workspace, now) = (ctx.workspace(), ctx.now());
        let mut values = Vec::with_capacity(some.len() * 7);
        for reservation in some {
            let Reservation { source, line, warehouse, product, quantity } = reservation;
            values.extend([
                workspace.to_value(),
                source.to_value(),
                line.to_value(),
                warehouse.to_value(),
                product.to_value(),
                quantity.to_value(),
                now.to_value(),
            ]);
        }
        let written = tx.execute(&sql, &values)?;
        if usize::try_from(written).ok() != Some(some.len()) {
            return Err(Error::internal(format!("{written} reservations written of {}", some.len())));
        }
    }
    Ok(())
}

/// Ends the promises of this source and answers what they were.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, source: Uuid) -> Result<Vec<Reservation>> {
    tx.query(
        "DELETE FROM stock_reservation WHERE workspace_id = $1 AND source_id = $2
         RETURNING source_id, line_id, warehouse_id, product_id, quantity",
        params![ctx.workspace(), source],
        read,
    )
}

/// The promises to this source.
pub(crate) fn of_source(ctx: &Ctx, tx: &mut ReadTx, source: Uuid) -> Result<Vec<Reservation>> {
    tx.query(
        "SELECT source_id, line_id, warehouse_id, product_id, quantity FROM stock_reservation
         WHERE workspace_id = $1 AND source_id = $2 ORDER BY line_id, warehouse_id",
        params![ctx.workspace(), source],
        read,
    )
}
