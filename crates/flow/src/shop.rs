//! What the blueprint `shop` asks of its host: the actions by name, their arguments and answers as typed JSON.
//!
//! Money is in tiyin, quantities in thousandths of a unit, moments in UTC milliseconds; names come in the language of the
//! call. The cart lives in the session as [`CartLine`]s and holds no prices: the host looks them up at each showing and
//! checks them again when the order is placed.

use serde::{Deserialize, Serialize};

use crate::action::ActionSignature;

/// The blueprint itself, as it is delivered.
pub const BLUEPRINT: &str = include_str!("../blueprints/shop.toml");

/// Lines that a cart may have: each takes a row of four buttons, and a keyboard holds a hundred.
pub const CART_LINES_MAX: usize = 20;

/// Goods on a page of results or of a category.
pub const PAGE_PRODUCTS: usize = 5;

/// The actions that the blueprint `shop` calls.
pub const ACTIONS: &[ActionSignature] = &[
    ActionSignature { name: "register", args: &[("payload", false)], outcomes: &["ok"] },
    ActionSignature { name: "save_phone", args: &[("phone", true)], outcomes: &["ok"] },
    ActionSignature { name: "save_name", args: &[("name", true)], outcomes: &["ok"] },
    ActionSignature { name: "shop_info", args: &[], outcomes: &["ok"] },
    ActionSignature {
        name: "search_products",
        args: &[("query", true), ("page", true)],
        outcomes: &["ok", "empty"],
    },
    ActionSignature {
        name: "show_category",
        args: &[("category", true), ("page", true)],
        outcomes: &["ok", "gone"],
    },
    ActionSignature {
        name: "product",
        args: &[("product", true), ("cart", true)],
        outcomes: &["ok", "gone"],
    },
    ActionSignature {
        name: "change_cart",
        args: &[("cart", true), ("product", true), ("change", true)],
        outcomes: &["ok", "not_enough", "gone", "full"],
    },
    ActionSignature { name: "view_cart", args: &[("cart", true)], outcomes: &["ok", "empty"] },
    ActionSignature {
        name: "check_order",
        args: &[("cart", true), ("delivery", true)],
        outcomes: &["ok", "not_enough", "gone", "empty"],
    },
    ActionSignature {
        name: "place_order",
        args: &[
            ("cart", true),
            ("name", true),
            ("phone", true),
            ("delivery", true),
            ("address", true),
            ("location", true),
            ("comment", true),
            ("total_tiyin", true),
        ],
        outcomes: &["ok", "not_enough", "gone", "price_changed", "empty"],
    },
    ActionSignature { name: "my_orders", args: &[("page", true)], outcomes: &["ok", "empty"] },
    ActionSignature {
        name: "order_status",
        args: &[("number", true)],
        outcomes: &["ok", "not_found", "no_phone"],
    },
    ActionSignature {
        name: "cancel_order",
        args: &[("number", true)],
        outcomes: &["ok", "too_late", "not_found"],
    },
];

/// `register`: `/start` was pressed. Outcome `ok` with [`Known`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// What the deep link carried.
    #[serde(default)]
    pub payload: Option<String>,
}

/// What is known of the contact and of the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The contact's name, when they have given one.
    pub name: Option<String>,
    /// The contact's own phone in E.164, when they have shared it.
    pub phone: Option<String>,
    /// The shop.
    pub shop: ShopInfo,
}

/// `shop_info`: what "about us" says. Outcome `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopInfo {
    /// The shop's name.
    pub name: String,
    /// A few sentences; empty for none.
    #[serde(default)]
    pub about: String,
    /// E.164; empty for none.
    #[serde(default)]
    pub phone: String,
    /// Where it is; empty for none.
    #[serde(default)]
    pub address: String,
    /// When it is open; empty for none.
    #[serde(default)]
    pub hours: String,
    /// Its site's address; empty for none.
    #[serde(default)]
    pub site: String,
    /// Whether it brings goods home. At least one of `delivers` and `pickup` is true.
    pub delivers: bool,
    /// Whether goods can be fetched.
    pub pickup: bool,
    /// What delivery costs.
    pub delivery_tiyin: i64,
}

/// `save_phone`: the contact shared their own number. Outcome `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavePhone {
    /// E.164.
    pub phone: String,
}

/// `save_name`: the contact said their name. Outcome `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveName {
    /// As typed.
    pub name: String,
}

/// `search_products`. Outcomes: `ok` with [`ProductPage`], `empty`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchProducts {
    /// The words as typed, in any script.
    pub query: String,
    /// From 1; the host shows the last page for one beyond it.
    pub page: i64,
}

/// A page of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductPage {
    /// At most [`PAGE_PRODUCTS`], the best first.
    pub items: Vec<ProductLine>,
    /// Which page this is, from 1.
    pub page: i64,
    /// How many there are; at least 1.
    pub pages: i64,
    /// How many goods there are on all pages.
    pub total: i64,
    /// Number of the first item among all, from 1.
    pub first: i64,
}

/// A product in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductLine {
    /// The host's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The name of its category; empty for none.
    #[serde(default)]
    pub category: String,
    /// What it costs now, VAT inside.
    pub price_tiyin: i64,
    /// What it cost before, when that was more.
    pub old_price_tiyin: Option<i64>,
    /// A picture's address or stored id.
    pub picture: Option<String>,
    /// Whether any is there to sell.
    pub in_stock: bool,
}

/// `show_category`. Outcomes: `ok` with [`CategoryPage`], `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowCategory {
    /// The category's id; `null` for the top of the tree.
    pub category: Option<String>,
    /// From 1.
    pub page: i64,
}

/// A category with what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryPage {
    /// The category's id; `null` for the top.
    pub id: Option<String>,
    /// Its name; empty at the top.
    pub name: String,
    /// The category above; `null` when that is the top.
    pub parent: Option<String>,
    /// Categories inside, with the number of goods in each and below.
    pub categories: Vec<CategoryLine>,
    /// Goods of this very category.
    pub products: ProductPage,
}

/// A category in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryLine {
    /// The host's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Goods in it and below.
    pub count: i64,
}

/// `product`. Outcomes: `ok` with [`ProductCard`], `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowProduct {
    /// The host's id.
    pub product: String,
    /// The cart, to say how much of the product is in it.
    pub cart: Vec<CartLine>,
}

/// Everything about one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductCard {
    /// As in lists.
    #[serde(flatten)]
    pub line: ProductLine,
    /// A description without markup; empty for none.
    #[serde(default)]
    pub description: String,
    /// The unit's name: "dona".
    pub unit: String,
    /// How much can be sold now.
    pub available_thousandths: i64,
    /// How much of it is in the cart.
    pub in_cart_thousandths: i64,
}

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

/// An order with its lines. `order_status`: `ok` with this; `cancel_order`: `ok` and `too_late` with this.
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
}
