//! The cart: what the session keeps of it, how it changes, how it is shown.

use serde::{Deserialize, Serialize};

#[cfg(doc)]
use super::CART_LINES_MAX;

/// A line of the cart, as the session keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// The host's id of the product.
    pub product: String,
    /// How much.
    pub quantity_thousandths: i64,
}

/// `change_cart`. Outcomes: `ok` with [`CartChanged`]; `not_enough` with [`NotEnough`] (the cart unchanged);
/// `gone` with [`Gone`]; `full` when the cart has [`CART_LINES_MAX`] lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeCart {
    /// The cart as it is.
    pub cart: Vec<CartLine>,
    /// Which product.
    pub product: String,
    /// What to do.
    pub change: CartChange,
}

/// A change of a cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CartChange {
    /// One unit more.
    More,
    /// One unit less; the line goes when nothing is left.
    Less,
    /// The line goes.
    Remove,
}

/// The cart after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartChanged {
    /// The cart to keep.
    pub cart: Vec<CartLine>,
    /// How much of the product is in it now.
    pub quantity_thousandths: i64,
}

/// There is less than was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotEnough {
    /// The product's name.
    pub name: String,
    /// How much is left.
    pub available_thousandths: i64,
    /// The unit's name.
    pub unit: String,
    /// The cart brought down to what there is, without the lines of which nothing is left.
    pub cart: Vec<CartLine>,
}

/// A product is not sold any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// The product's name; empty when that is not known either.
    #[serde(default)]
    pub name: String,
    /// The cart without it.
    pub cart: Vec<CartLine>,
}

/// `view_cart`. Outcomes: `ok` with [`CartView`], `empty`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewCart {
    /// The cart as it is.
    pub cart: Vec<CartLine>,
}

/// The cart with names and today's prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartView {
    /// The lines.
    pub lines: Vec<CartViewLine>,
    /// The sum of the lines.
    pub total_tiyin: i64,
    /// The cart without what is not sold any more, to keep.
    pub cart: Vec<CartLine>,
}

/// A line of the cart with its name and price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartViewLine {
    /// The host's id of the product.
    pub product: String,
    /// Its name.
    pub name: String,
    /// How much.
    pub quantity_thousandths: i64,
    /// The unit's name.
    pub unit: String,
    /// The price of a unit.
    pub price_tiyin: i64,
    /// Price by quantity, rounded as an order rounds it.
    pub sum_tiyin: i64,
}
