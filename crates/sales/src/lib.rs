//! Sales: orders with their lines, discounts and VAT, the steps from a draft to a confirmed order, and the checkout
//! of a chat.
//!
//! An order keeps goods through `stock`, finds its rates in `tax`, and tells what happened to it with an event; it
//! knows nothing of chats, invoices or money.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod events;
mod order;
mod pages;
mod preview;
mod reads;
mod seen;
mod status;
mod store;
mod totals;

pub use actions::{
    cancel_order, confirm_order, create_order, delete_order, move_order, place_order, prices_include_vat,
    set_prices_include_vat, submit_order, update_order,
};
pub use events::{
    Customer, ORDER_CANCELLED, ORDER_CHANGED, ORDER_CONFIRMED, ORDER_CREATED, ORDER_DELETED, ORDER_PLACED,
    OrderEvent,
};
pub use order::{
    Delivery, DeliveryKind, Goods, MAX_LINES, NewLine, Order, OrderContent, OrderLine, PlaceLine, PlaceOrder,
    Source,
};
pub use preview::{LineState, OrderPreview, PreviewLine, preview_order};
pub use reads::{
    OrderFilter, OrderOrder, check, get_order, get_order_by_number, list_orders, order_lines,
    orders_by_status, orders_of_customer,
};
pub use status::{STEPS, Status, Step};
pub use totals::{Amounts, Counted, Fee, TOTAL_MAX, Terms, count};

/// Sales' part of the application.
pub fn module() -> web::Module {
    web::Module::new("sales")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::MENU)
}

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations =
    db::migrations!("sales"; "V1__orders", "V2__delivery_vat_and_kept_goods");

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("sales");

/// The setting that says whether prices have VAT in them; they have, until it says otherwise.
pub const PRICES_INCLUDE_VAT: &str = "sales.prices_include_vat";

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![
        context::MIGRATIONS,
        web::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        tax::MIGRATIONS,
        ledger::MIGRATIONS,
        stock::MIGRATIONS,
        MIGRATIONS,
    ]
}
