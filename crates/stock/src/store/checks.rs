//! What the rows must agree on, asked of the database as a whole.

use context::Ctx;
use db::{ReadTx, params};
use kernel::Result;

use crate::Violation;

/// Balances that are not the sum of their moves: quantity, value, count.
pub(crate) fn balances_without_moves(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Violation>> {
    tx.query(
        "SELECT b.warehouse_id, b.product_id, b.on_hand, b.value_tiyin, b.moves, CAST(COALESCE(m.quantity, 0) AS BIGINT),
             CAST(COALESCE(m.value_tiyin, 0) AS BIGINT), CAST(COALESCE(m.moves, 0) AS BIGINT)
         FROM stock_balance b
         LEFT JOIN (
             SELECT warehouse_id, product_id, SUM(quantity) AS quantity, SUM(value_tiyin) AS value_tiyin,
                 COUNT(*) AS moves
             FROM stock_move WHERE workspace_id = $1 GROUP BY warehouse_id, product_id
         ) m ON m.warehouse_id = b.warehouse_id AND m.product_id = b.product_id
         WHERE b.workspace_id = $1 AND (b.on_hand <> COALESCE(m.quantity, 0)
             OR b.value_tiyin <> COALESCE(m.value_tiyin, 0) OR b.moves <> COALESCE(m.moves, 0))
         ORDER BY b.warehouse_id, b.product_id",
        params![ctx.workspace()],
        |row| {
            let numbers: [i64; 6] =
                [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?];
            let [on_hand, value, moves, sum, worth, count] = numbers;
            Ok(Violation {
                warehouse: row.get(0)?,
                product: row.get(1)?,
                what: format!(
                    "the balance says {on_hand} thousandths, {value} tiyin, {moves} moves; \
                     its moves say {sum}, {worth}, {count}"
                ),
            })
        },
    )
}

/// Balances whose promised quantity is not the sum of the open reservations.
pub(crate) fn reserved_without_reservations(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Violation>> {
    tx.query(
        "SELECT b.warehouse_id, b.product_id, b.reserved, CAST(COALESCE(r.quantity, 0) AS BIGINT)
         FROM stock_balance b
         LEFT JOIN (
             SELECT warehouse_id, product_id, SUM(quantity) AS quantity
             FROM stock_reservation WHERE workspace_id = $1 GROUP BY warehouse_id, product_id
         ) r ON r.warehouse_id = b.warehouse_id AND r.product_id = b.product_id
         WHERE b.workspace_id = $1 AND b.reserved <> COALESCE(r.quantity, 0)
         ORDER BY b.warehouse_id, b.product_id",
        params![ctx.workspace()],
        |row| {
            let (reserved, open): (i64, i64) = (row.get(2)?, row.get(3)?);
            Ok(Violation {
                warehouse: row.get(0)?,
                product: row.get(1)?,
                what: format!(
                    "the balance says {reserved} thousandths are reserved; open reservations say {open}"
                ),
            })
        },
    )
}

/// Moves whose running figures do not follow from the move before them, and gaps in their count.
pub(crate) fn broken_chains(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Violation>> {
    tx.query(
        "SELECT warehouse_id, product_id, ordinal FROM (
             SELECT warehouse_id, product_id, ordinal, quantity, value_tiyin, on_hand_after, value_after_tiyin,
                 COALESCE(LAG(ordinal) OVER chain, 0) AS place_before,
                 COALESCE(LAG(on_hand_after) OVER chain, 0) AS on_hand_before,
                 COALESCE(LAG(value_after_tiyin) OVER chain, 0) AS value_before
             FROM stock_move WHERE workspace_id = $1
             WINDOW chain AS (PARTITION BY warehouse_id, product_id ORDER BY ordinal)
         ) m
         WHERE ordinal <> place_before + 1 OR on_hand_after <> on_hand_before + quantity
             OR value_after_tiyin <> value_before + value_tiyin
         ORDER BY warehouse_id, product_id, ordinal",
        params![ctx.workspace()],
        |row| {
            let ordinal: i64 = row.get(2)?;
            Ok(Violation {
                warehouse: row.get(0)?,
                product: row.get(1)?,
                what: format!("move {ordinal} does not follow from the move before it"),
            })
        },
    )
}
