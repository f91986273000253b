//! Moves: only ever inserted.

use catalog::Product;
use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result};

use crate::{
    Move, MoveFilter, MoveKind,
    batch::{self, ROWS_PER_STATEMENT},
};

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, moves: &[Move]) -> Result<()> {
    for some in moves.chunks(ROWS_PER_STATEMENT) {
        let sql = format!(
            "INSERT INTO stock_move (workspace_id, warehouse_id, product_id, ordinal, id, kind, quantity,
                 value_tiyin, on_hand_after, value_after_tiyin, source_id, moved_on, at_ms, note)
             VALUES {}",
            batch::rows(some.len(), 14, 1)
        );
        let workspace = ctx.workspace();
        let mut values = Vec::with_capacity(some.len() * 14);
        for one in some {
            let Move {
                id,
                warehouse,
                product,
                ordinal,
                kind,
                quantity,
                value,
                on_hand_after,
                value_after,
                source,
                moved_on,
                at,
                note,
            } = one;
            values.extend([
                workspace.to_value(),
                warehouse.to_value(),
                product.to_value(),
                ordinal.to_value(),
                id.to_value(),
                kind.word().to_value(),
                quantity.to_value(),
                value.to_value(),
                on_hand_after.to_value(),
                value_after.to_value(),
                source.to_value(),
                moved_on.to_value(),
                at.to_value(),
                note.to_value(),
            ]);
        }
        let written = tx.execute(&sql, &values)?;
        if usize::try_from(written).ok() != Some(some.len()) {
            return Err(Error::internal(format!("{written} moves written of {}", some.len())));
        }
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Move> {
    let kind: String = row.get(5)?;
    let kind: MoveKind = kind.parse().map_err(|()| Error::internal(format!("a move of kind {kind:?}")))?;
    Ok(Move {
        id: row.get(0)?,
        warehouse: row.get(1)?,
        product: row.get(2)?,
        ordinal: row.get(3)?,
        moved_on: row.get(4)?,
        kind,
        quantity: row.get(6)?,
        value: row.get(7)?,
        on_hand_after: row.get(8)?,
        value_after: row.get(9)?,
        source: row.get(10)?,
        at: row.get(11)?,
        note: row.get(12)?,
    })
}

/// Those that fit, newest first.
pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx, filter: &MoveFilter, page: PageRequest) -> Result<Page<Move>> {
    let MoveFilter { product, warehouse, kind, source, from, until } = filter;
    let statement = Query::select()
        .columns([
            "id",
            "warehouse_id",
            "product_id",
            "ordinal",
            "moved_on",
            "kind",
            "quantity",
            "value_tiyin",
            "on_hand_after",
            "value_after_tiyin",
            "source_id",
            "at_ms",
            "note",
        ])
        .from("stock_move")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(product.map(|id| Expr::col("product_id").eq(id.to_value())))
        .and_where_option(warehouse.map(|id| Expr::col("warehouse_id").eq(id.to_value())))
        .and_where_option(kind.map(|kind| Expr::col("kind").eq(kind.word())))
        .and_where_option(source.map(|id| Expr::col("source_id").eq(id)))
        .and_where_option(from.map(|from| Expr::col("at_ms").gte(ctx.zone().start_of(from).as_millis())))
        .and_where_option(
            until.map(|until| Expr::col("at_ms").lt(ctx.zone().start_of(until.plus_days(1)).as_millis())),
        )
        .order_by("at_ms", Order::Desc)
        .order_by("ordinal", Order::Desc)
        .order_by("id", Order::Desc)
        .to_owned();
    tx.page(&statement, page, read)
}

/// Whether the product ever moved.
pub(crate) fn exist(ctx: &Ctx, tx: &mut ReadTx, product: Id<Product>) -> Result<bool> {
    let found = tx.query(
        "SELECT ordinal FROM stock_move WHERE workspace_id = $1 AND product_id = $2 LIMIT 1",
        params![ctx.workspace(), product],
        |row| row.get::<i64>(0),
    )?;
    Ok(!found.is_empty())
}
