//! Goods that went out for an order. Pure.

use std::collections::HashMap;

use catalog::Product;
use kernel::{Date, Id, Money, Quantity, Result, Timestamp};
use stock::Warehouse;

use crate::{Order, OrderLine};

/// Goods that went out for an order, together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryNote {
    /// Its id.
    pub id: Id<DeliveryNote>,
    /// What people call it by.
    pub number: i64,
    /// For which order.
    pub order: Id<Order>,
    /// The business date.
    pub delivered_on: Date,
    /// What the goods cost.
    pub cost: Money,
    /// How many lines it has.
    pub line_count: u32,
    /// Whatever else there is to say.
    pub note: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was taken back as a mistake.
    pub undone_at: Option<Timestamp>,
}

/// What went of one line of the order from one warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryLine {
    /// Its place, from 1.
    pub position: u32,
    /// The order's line.
    pub order_line: Id<OrderLine>,
    /// The product.
    pub product: Id<Product>,
    /// From where.
    pub warehouse: Id<Warehouse>,
    /// How much.
    pub quantity: Quantity,
    /// What it cost.
    pub cost: Money,
}

/// What went of one line of the order in one delivery that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gone {
    pub(crate) delivery: Id<DeliveryNote>,
    pub(crate) order_line: Id<OrderLine>,
    pub(crate) quantity: Quantity,
    pub(crate) cost: Money,
    pub(crate) on: Date,
}

/// These, in the order they went, each with how much of it is invoiced: an invoice takes all that has gone out until
/// then, so what is invoiced of a line is what went first.
pub(crate) fn with_invoiced(gone: Vec<Gone>, lines: &[OrderLine]) -> Result<Vec<(Gone, Quantity)>> {
    let mut left: HashMap<_, _> = lines.iter().map(|line| (line.id, line.progress.invoiced)).collect();
    let mut all = Vec::with_capacity(gone.len());
    for piece in gone {
        let left = left.entry(piece.order_line).or_default();
        let invoiced = piece.quantity.min(*left);
        *left = left.minus(invoiced)?;
        all.push((piece, invoiced));
    }
    Ok(all)
}

/// What the invoiced goods of each line cost.
pub(crate) fn cost_of_invoiced(gone: &[(Gone, Quantity)]) -> Result<HashMap<Id<OrderLine>, Money>> {
    let mut costs: HashMap<Id<OrderLine>, Money> = HashMap::new();
    for (piece, invoiced) in gone {
        let cost = costs.entry(piece.order_line).or_default();
        *cost = cost.plus(piece.cost.share(*invoiced, piece.quantity)?)?;
    }
    Ok(costs)
}
