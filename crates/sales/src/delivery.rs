//! Goods that went out for an order. Pure.

use catalog::Product;
use kernel::{Date, Id, Money, Quantity, Timestamp};
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
