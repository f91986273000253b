//! The lines of orders.

use context::Ctx;
use db::{ReadTx, ToValue, Tx, params};
use kernel::{Error, Id, Result};
use stock::batch::{self, ROWS_PER_STATEMENT};

use crate::{Amounts, LineProgress, Order, OrderLine};

/// Writes the lines of a new order.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, order: Id<Order>, lines: &[OrderLine]) -> Result<()> {
    write(ctx, tx, order, lines, "")
}

/// Writes what became of lines of an order that this transaction holds.
pub(crate) fn follow(ctx: &Ctx, tx: &mut Tx, order: Id<Order>, lines: &[OrderLine]) -> Result<()> {
    write(
        ctx,
        tx,
        order,
        lines,
        "ON CONFLICT (workspace_id, order_id, position) DO UPDATE SET delivered = excluded.delivered,
             delivered_cost_tiyin = excluded.delivered_cost_tiyin, invoiced = excluded.invoiced,
             returned = excluded.returned, returned_cost_tiyin = excluded.returned_cost_tiyin",
    )
}

fn write(ctx: &Ctx, tx: &mut Tx, order: Id<Order>, lines: &[OrderLine], on_conflict: &str) -> Result<()> {
    for some in lines.chunks(ROWS_PER_STATEMENT) {
        let sql = format!(
            "INSERT INTO sales_order_line (workspace_id, order_id, position, id, product_id, quantity, price_tiyin,
                 discount_basis_points, vat, vat_basis_points, net_tiyin, vat_tiyin, total_tiyin, delivered,
                 delivered_cost_tiyin, invoiced, returned, returned_cost_tiyin)
             VALUES {} {on_conflict}",
            batch::rows(some.len(), 18, 1)
        );
        let workspace = ctx.workspace();
        let mut values = Vec::with_capacity(some.len() * 18);
        for line in some {
            let OrderLine {
                id,
                position,
                product,
                quantity,
                price,
                discount,
                vat,
                vat_rate,
                amounts: Amounts { net, vat: tax, total },
                progress: LineProgress { delivered, delivered_cost, invoiced, returned, returned_cost },
            } = line;
            values.extend([
                workspace.to_value(),
                order.to_value(),
                position.to_value(),
                id.to_value(),
                product.to_value(),
                quantity.to_value(),
                price.to_value(),
                discount.to_value(),
                vat.word().to_value(),
                vat_rate.to_value(),
                net.to_value(),
                tax.to_value(),
                total.to_value(),
                delivered.to_value(),
                delivered_cost.to_value(),
                invoiced.to_value(),
                returned.to_value(),
                returned_cost.to_value(),
            ]);
        }
        let written = tx.execute(&sql, &values)?;
        if usize::try_from(written).ok() != Some(some.len()) {
            return Err(Error::internal(format!("{written} lines written of {}", some.len())));
        }
    }
    Ok(())
}

pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, order: Id<Order>) -> Result<()> {
    tx.execute(
        "DELETE FROM sales_order_line WHERE workspace_id = $1 AND order_id = $2",
        params![ctx.workspace(), order],
    )?;
    Ok(())
}

/// The order's lines, in order.
pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx, order: Id<Order>) -> Result<Vec<OrderLine>> {
    tx.query(
        "SELECT id, position, product_id, quantity, price_tiyin, discount_basis_points, vat, vat_basis_points, net_tiyin,
             vat_tiyin, total_tiyin, delivered, delivered_cost_tiyin, invoiced, returned, returned_cost_tiyin
         FROM sales_order_line WHERE workspace_id = $1 AND order_id = $2 ORDER BY position",
        params![ctx.workspace(), order],
        |row| {
            Ok(OrderLine {
                id: row.get(0)?,
                position: row.get(1)?,
                product: row.get(2)?,
                quantity: row.get(3)?,
                price: row.get(4)?,
                discount: row.get(5)?,
                vat: row.parse(6)?,
                vat_rate: row.get(7)?,
                amounts: Amounts { net: row.get(8)?, vat: row.get(9)?, total: row.get(10)? },
                progress: LineProgress {
                    delivered: row.get(11)?,
                    delivered_cost: row.get(12)?,
                    invoiced: row.get(13)?,
                    returned: row.get(14)?,
                    returned_cost: row.get(15)?,
                },
            })
        },
    )
}
