//! Orders: checking and placing one, looking at one's own, cancelling.

use serde::{Deserialize, Serialize};

use super::{CartLine, CartViewLine};
#[cfg(doc)]
use super::{Gone, NotEnough};

/// `check_order`: what the order would be. Outcomes: `ok` with [`OrderPreview`], `not_enough` with [`NotEnough`],
/// `gone` with [`Gone`], `empty`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckOrder {
    /// The cart as it is.
    pub cart: Vec<CartLine>,
    /// How the goods get to the person.
    pub delivery: Delivery,
}

/// How goods get to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// The shop brings them.
    Delivery,
    /// The person fetches them.
    Pickup,
}

/// An order before it is placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPreview {
    /// The lines.
    pub lines: Vec<CartViewLine>,
    /// The sum of the goods.
    pub goods_tiyin: i64,
    /// What delivery costs; zero for fetching.
    pub delivery_tiyin: i64,
    /// Everything; comes back in [`PlaceOrder::total_tiyin`].
    pub total_tiyin: i64,
}

/// `place_order`. Outcomes: `ok` with [`Placed`], `not_enough` with [`NotEnough`], `gone` with [`Gone`],
/// `price_changed` when the order would cost something else than the person agreed to, `empty`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceOrder {
    /// The cart as it is.
    pub cart: Vec<CartLine>,
    /// The person's name.
    pub name: String,
    /// The person's own number, E.164.
    pub phone: String,
    /// How the goods get to the person.
    pub delivery: Delivery,
    /// Where to, in words.
    pub address: Option<String>,
    /// Where to, on the map.
    pub location: Option<crate::Location>,
    /// What the person added.
    pub comment: Option<String>,
    /// What the person was told that it costs.
    pub total_tiyin: i64,
}

/// A placed order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The number that people say.
    pub number: i64,
    /// What it costs.
    pub total_tiyin: i64,
    /// Its state.
    pub state: OrderState,
}

/// The state of an order as the blueprint's `[words.order_state]` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Nobody has looked at it yet.
    New,
    /// Accepted, being prepared.
    Confirmed,
    /// On its way, or waiting to be fetched.
    Shipped,
    /// In the person's hands.
    Delivered,
    /// Cancelled by either side.
    Cancelled,
}

/// `my_orders`: the contact's orders, the newest first. Outcomes: `ok` with [`OrderPage`], `empty`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyOrders {
    /// From 1.
    pub page: i64,
}

/// A page of orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPage {
    /// At most five.
    pub items: Vec<OrderLine>,
    /// Which page this is, from 1.
    pub page: i64,
    /// How many there are; at least 1.
    pub pages: i64,
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The number that people say.
    pub number: i64,
    /// Its state.
    pub state: OrderState,
    /// What it costs.
    pub total_tiyin: i64,
    /// When it was placed.
    pub placed_at_ms: i64,
}

/// `order_status` and `cancel_order`. Only orders whose phone is exactly the one the contact shared are told:
/// any other is `not_found`, and a contact who has shared none gets `no_phone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderNumber {
    /// As typed or from a button: an integer or the text of one, perhaps with `#` or `№` before it.
    pub number: serde_json::Value,
}

impl OrderNumber {
    /// The number, when there is one.
    pub fn read(&self) -> Option<i64> {
        let typed = self.number.as_str().map(|text| text.trim().trim_start_matches(['#', '№', ' ']));
        typed.map_or_else(|| self.number.as_i64(), |digits| digits.parse().ok()).filter(|number| *number > 0)
    }
}

/// An order with its lines. `send_invoice`: `ok`, and the invoice follows by itself; `not_found` when there is none.
/// `order_status`: `ok` with this; `cancel_order`: `ok` and `too_late` with this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderView {
    /// The number that people say.
    pub number: i64,
    /// Its state.
    pub state: OrderState,
    /// When it was placed.
    pub placed_at_ms: i64,
    /// The lines, at the prices of the order.
    pub lines: Vec<CartViewLine>,
    /// What delivery costs.
    pub delivery_tiyin: i64,
    /// What it costs.
    pub total_tiyin: i64,
    /// How the goods get to the person.
    pub delivery: Delivery,
    /// Where to; empty for none.
    #[serde(default)]
    pub address: String,
    /// Whether the person may still cancel it.
    pub can_cancel: bool,
    /// Whether some of its goods were handed over and some were not.
    #[serde(default)]
    pub partly_delivered: bool,
    /// What people call its newest invoice; empty for none.
    #[serde(default)]
    pub invoice: String,
    /// What was paid of it.
    #[serde(default)]
    pub paid_tiyin: i64,
    /// What is still to be paid, once anything was invoiced or paid.
    #[serde(default)]
    pub due_tiyin: i64,
}
