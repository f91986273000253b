//! The pages of stock.

mod adjusting;
mod balances;
mod receipt_form;
mod receipts;
mod warehouses;

use axum::{
    Router,
    routing::{get, post},
};
use context::Permission;
use web::{
    App,
    pages::{AddressedBy, Choice, DocumentKind, MenuEntry, Section, Shell},
};

use crate::Warehouse;

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/stock", get(balances::balances_page))
        .route("/stock/products/{id}", get(balances::stock_card_page))
        .route("/stock/moves", get(balances::moves_page))
        .route("/stock/low", get(balances::low_stock_page))
        .route("/stock/adjust", get(adjusting::adjust_page).post(adjusting::adjust_stock))
        .route("/stock/receipts", get(receipts::receipts_page))
        .route("/stock/receipts/new", get(receipt_form::new_receipt_page).post(receipt_form::create_receipt))
        .route("/stock/receipts/{id}", get(receipts::receipt_page))
        .route(
            "/stock/receipts/{id}/edit",
            get(receipt_form::edit_receipt_page).post(receipt_form::update_receipt),
        )
        .route("/stock/receipts/{id}/post", post(receipts::post_receipt))
        .route("/stock/receipts/{id}/delete", post(receipts::delete_receipt))
        .route("/warehouses", get(warehouses::warehouses_page))
        .route("/warehouses/new", get(warehouses::new_warehouse_page).post(warehouses::create_warehouse))
        .route("/warehouses/{id}", get(warehouses::edit_warehouse_page).post(warehouses::update_warehouse))
}

const fn entry(order: u8, href: &'static str, text: &'static str, icon: &'static str) -> MenuEntry {
    MenuEntry {
        section: Section::Goods,
        order,
        href,
        text,
        icon,
        permission: Some(Permission::InventoryRead),
    }
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 4] = [
    entry(30, "/stock", "stock-menu-balances", "boxes"),
    entry(40, "/stock/receipts", "stock-menu-receipts", "truck"),
    entry(50, "/stock/low", "stock-menu-low", "exclamation-triangle"),
    entry(60, "/warehouses", "stock-menu-warehouses", "building"),
];

const fn documents(kind: &'static str, text: &'static str, list: &'static str) -> DocumentKind {
    DocumentKind { kind, text, list, by: AddressedBy::Number, permission: Permission::InventoryRead }
}

/// The documents that have pages here. An adjustment stands on the card of its product.
pub(crate) const DOCUMENTS: [DocumentKind; 2] = [
    documents("stock_receipt", "stock-receipt-number", "/stock/receipts"),
    documents("stock_adjustment", "stock-adjustment-document", "/stock/products"),
];

/// Open warehouses as choices, by number.
fn warehouse_choices<'w>(warehouses: impl IntoIterator<Item = &'w Warehouse>) -> Vec<Choice> {
    let open = warehouses.into_iter().filter(|warehouse| warehouse.active);
    open.map(|warehouse| Choice::new(warehouse.number.to_string(), warehouse.name.as_str())).collect()
}

/// `1 500 000 soʻm`.
fn som(p: &Shell, money: kernel::Money) -> String {
    format!("{} {}", p.money(money), p.t("web-som"))
}
