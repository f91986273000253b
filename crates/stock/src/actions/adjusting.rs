//! What a count found: more or less than the books say.

use catalog::Product;
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Checks, Error, Id, Money, Quantity, Result, Text};
use serde_json::json;

use super::{
    moving::{Cause, Held},
    post_entry,
    warehouses::{default_warehouse, named},
};
use crate::{Move, MoveKind, price_within, quantity_within, store, to_ledger};

/// Characters of a note.
const NOTE_CHARS: usize = 500;

/// What a count found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjust {
    /// Where; the default warehouse where nobody says.
    pub warehouse: Option<Id<crate::Warehouse>>,
    /// Of what.
    pub product: Id<Product>,
    /// How much.
    pub by: AdjustBy,
    /// What one unit of a surplus cost; the average of what lies there, or the purchase price, where nobody says.
    pub unit_cost: Option<Money>,
    /// Why.
    pub note: String,
}

/// How much a count found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdjustBy {
    /// This much more, or less when below zero.
    Difference(Quantity),
    /// This much in all.
    Counted(Quantity),
}

/// Brings the books to what a count found; answers the move, or none when they agreed. Goods that are promised to
/// orders do not go: release them first.
pub fn adjust(ctx: &Ctx, tx: &mut Tx, input: Adjust) -> Result<Option<Move>> {
    ctx.require(Permission::InventoryEdit)?;
    let Adjust { warehouse, product, by, unit_cost, note } = input;
    let mut checks = Checks::new();
    let note = checks.prose("note", &note, NOTE_CHARS);
    if let Some(cost) = unit_cost {
        checks.take("unit_cost", price_within(cost));
    }
    match by {
        AdjustBy::Difference(difference) => {
            checks.hold(!difference.is_zero(), "quantity", Text::new("stock-difference-zero"));
            let size = if difference.is_negative() {
                checks.take("quantity", Quantity::ZERO.minus(difference))
            } else {
                Some(difference)
            };
            if let Some(size) = size.filter(|size| !size.is_zero()) {
                checks.take("quantity", quantity_within(size));
            }
        }
        AdjustBy::Counted(counted) if counted.is_zero() => {}
        AdjustBy::Counted(counted) => {
            checks.take("quantity", quantity_within(counted));
        }
    }
    checks.done()?;
    let product = existing(ctx, tx, product)?;
    let warehouse = named(ctx, tx, warehouse, "warehouse_id")?;
    write(ctx, tx, &warehouse, &product, by, MoveKind::Adjustment, unit_cost, note)
}

fn existing(ctx: &Ctx, tx: &mut Tx, id: Id<Product>) -> Result<Product> {
    let found = catalog::get_many(ctx, tx, &[id])?.into_iter().find(|product| product.deleted_at.is_none());
    found.ok_or_else(|| Error::field("product_id", Text::new("stock-product-unknown")))
}

fn write(
    ctx: &Ctx,
    tx: &mut Tx,
    warehouse: &crate::Warehouse,
    product: &Product,
    by: AdjustBy,
    kind: MoveKind,
    unit_cost: Option<Money>,
    note: String,
) -> Result<Option<Move>> {
    let id: Id<Move> = ctx.new_id();
    let cause = Cause { kind, source: id.uuid(), moved_on: ctx.today(), note };
    let mut held = Held::lock(ctx, tx, warehouse, [product.id], cause)?;
    let place = (warehouse.id, product.id);
    let balance = held.balance(place)?.clone();
    let difference = match by {
        AdjustBy::Difference(difference) => difference,
        AdjustBy::Counted(counted) => counted.minus(balance.on_hand)?,
    };
    if difference.is_negative() {
        held.issue(ctx, warehouse.id, product, Quantity::ZERO.minus(difference)?)?;
    } else if difference.is_positive() {
        let unit_cost = match (unit_cost, balance.average_cost()?) {
            (Some(cost), _) | (None, Some(cost)) => cost,
            (None, None) => product.purchase_price,
        };
        held.receive(ctx, place, difference, unit_cost.times(difference)?)?;
    }
    let moves = held.write(ctx, tx)?;
    let Some(first) = moves.first().cloned() else { return Ok(None) };
    post_entry(ctx, tx, to_ledger::counted(ctx, product, id, kind, &moves)?, "quantity")?;
    let after = json!({ "warehouse": warehouse.number, "kind": kind.word(), "quantity": first.quantity,
                        "on_hand": first.on_hand_after, "note": first.note });
    ctx.audit(
        tx,
        "stock.adjust",
        "product",
        product.id,
        Some(&json!({ "on_hand": balance.on_hand })),
        Some(&after),
    )?;
    Ok(Some(first))
}

/// The catalog's view of stock: `quantity` of a product in its API and on its pages.
pub const fn quantities() -> catalog::Quantities {
    catalog::Quantities { on_hand, set }
}

fn on_hand(ctx: &Ctx, tx: &mut ReadTx, products: &[Id<Product>]) -> Result<Vec<(Id<Product>, Quantity)>> {
    if products.is_empty() { Ok(Vec::new()) } else { store::balances::on_hand(ctx, tx, products) }
}

/// Makes the quantity on hand over all warehouses this much, by a change in the default one: an opening move when the
/// product never moved, an adjustment after. Who may is the catalog's question.
fn set(ctx: &Ctx, tx: &mut Tx, product: Id<Product>, quantity: Quantity) -> Result<()> {
    if !quantity.is_zero() {
        quantity_within(quantity).map_err(|error| error.under("quantity"))?;
    }
    let now = on_hand(ctx, tx, &[product])?.first().map_or(Quantity::ZERO, |(_, quantity)| *quantity);
    let difference = quantity.minus(now)?;
    if difference.is_zero() {
        return Ok(());
    }
    let product = existing(ctx, tx, product)?;
    let kind =
        if store::moves::exist(ctx, tx, product.id)? { MoveKind::Adjustment } else { MoveKind::Opening };
    let warehouse = default_warehouse(ctx, tx)?;
    let by = AdjustBy::Difference(difference);
    write(ctx, tx, &warehouse, &product, by, kind, None, String::new())?;
    Ok(())
}
