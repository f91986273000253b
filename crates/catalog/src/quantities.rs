//! How much there is of a product: known by `stock`, shown and written with the product.

use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Id, Quantity, Result};

use crate::Product;

/// Answers the quantity on hand of each product asked for; those it does not name have none.
pub type OnHand = fn(&Ctx, &mut ReadTx, &[Id<Product>]) -> Result<Vec<(Id<Product>, Quantity)>>;
/// Makes the quantity on hand of a product this much: an opening move when it has none yet, an adjustment after.
pub type SetOnHand = fn(&Ctx, &mut Tx, Id<Product>, Quantity) -> Result<()>;

/// The port through which the catalog's API and pages see and set stock. `stock` stands above the catalog, so the
/// program hands it down (docs/DECISIONS.md, 2026-11-20).
#[derive(Debug, Clone, Copy)]
pub struct Quantities {
    /// Quantities on hand, over all warehouses.
    pub on_hand: OnHand,
    /// Sets the quantity on hand in the default warehouse.
    pub set: SetOnHand,
}
