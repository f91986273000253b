//! What the blueprint `shop` asks of its host: the actions by name, their arguments and answers as typed JSON.
//!
//! Money is in tiyin, quantities in thousandths of a unit, moments in UTC milliseconds; names come in the language of the
//! call. The cart lives in the session as [`CartLine`]s and holds no prices: the host looks them up at each showing and
//! checks them again when the order is placed.

mod cart;
mod order;

use serde::{Deserialize, Serialize};

pub use cart::{
    CartChange, CartChanged, CartLine, CartView, CartViewLine, ChangeCart, Gone, NotEnough, ViewCart,
};
pub use order::{
    CheckOrder, Delivery, MyOrders, OrderLine, OrderNumber, OrderPage, OrderPreview, OrderState, OrderView,
    PlaceOrder, Placed,
};

use crate::action::ActionSignature;

/// The blueprint itself, as it is delivered.
pub const BLUEPRINT: &str = include_str!("../blueprints/shop.toml");

/// Lines that a cart may have: each takes a row of four buttons, and a keyboard holds a hundred.
pub const CART_LINES_MAX: usize = 20;

/// Goods on a page of results or of a category.
pub const PAGE_PRODUCTS: usize = 5;

/// The actions that the blueprint `shop` calls.
pub const ACTIONS: &[ActionSignature] = &[
    ActionSignature { name: "register", args: &[("payload", false)], outcomes: &["ok"], checks: &[] },
    ActionSignature { name: "save_phone", args: &[("phone", true)], outcomes: &["ok"], checks: &[] },
    ActionSignature { name: "save_name", args: &[("name", true)], outcomes: &["ok"], checks: &[] },
    ActionSignature { name: "shop_info", args: &[], outcomes: &["ok"], checks: &[] },
    ActionSignature {
        name: "search_products",
        args: &[("query", true), ("page", true)],
        outcomes: &["ok", "empty"],
        checks: &[],
    },
    ActionSignature {
        name: "show_category",
        args: &[("category", true), ("page", true)],
        outcomes: &["ok", "gone"],
        checks: &[],
    },
    ActionSignature {
        name: "product",
        args: &[("product", true), ("cart", true)],
        outcomes: &["ok", "gone"],
        checks: &[],
    },
    ActionSignature {
        name: "change_cart",
        args: &[("cart", true), ("product", true), ("change", true)],
        outcomes: &["ok", "not_enough", "gone", "full"],
        checks: &[],
    },
    ActionSignature { name: "view_cart", args: &[("cart", true)], outcomes: &["ok", "empty"], checks: &[] },
    ActionSignature {
        name: "check_order",
        args: &[("cart", true), ("delivery", true)],
        outcomes: &["ok", "not_enough", "gone", "empty"],
        checks: &[],
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
        checks: &[],
    },
    ActionSignature { name: "my_orders", args: &[("page", true)], outcomes: &["ok", "empty"], checks: &[] },
    ActionSignature {
        name: "order_status",
        args: &[("number", true)],
        outcomes: &["ok", "not_found", "no_phone"],
        checks: &[],
    },
    ActionSignature {
        name: "cancel_order",
        args: &[("number", true)],
        outcomes: &["ok", "too_late", "not_found"],
        checks: &[],
    },
    ActionSignature {
        name: "send_invoice",
        args: &[("number", true)],
        outcomes: &["ok", "not_found"],
        checks: &[],
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
