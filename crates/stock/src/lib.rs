//! Stock: warehouses, moves that are never changed, balances with their weighted-average cost, and what is promised
//! to orders.
//!
//! Every change of a balance locks it first, in the order of product and warehouse, so that two orders never deadlock
//! and never sell the same piece. Stock knows products; it does not know who buys them or why.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod balance;
pub mod batch;
mod delivery;
mod movement;
mod pages;
mod reads;
mod receipt;
mod reservation;
mod seen;
mod store;
mod to_ledger;
mod warehouse;

pub use actions::{
    Adjust, AdjustBy, adjust, create_receipt, create_warehouse, default_warehouse, delete_receipt, deliver,
    post_receipt, quantities, receive, release, reserve, take_back, update_receipt, update_warehouse,
};
pub use balance::{Balance, Change};
pub use delivery::{Deliver, DeliverLine, Delivered, TakeBack};
pub use movement::{Move, MoveKind};
pub use reads::{
    LowStock, MoveFilter, ReceiptFilter, Violation, available, balances_of, check, check_worth,
    find_warehouse_by_number, get_receipt, get_receipt_by_number, list_low_stock, list_moves, list_receipts,
    receipt_lines, receipt_lines_page, reservations_of, total_value, warehouses,
};
pub use receipt::{
    MAX_RECEIPT_LINES, NewReceipt, NewReceiptLine, Receipt, ReceiptLine, ReceiptStatus, price_within,
    quantity_within,
};
pub use reservation::{Reservation, ReserveLine, Shortage};
pub use to_ledger::goods_lines;
pub use warehouse::{NewWarehouse, Warehouse};

/// Stock's part of the application.
pub fn module() -> web::Module {
    web::Module::new("stock")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::MENU)
        .documents(pages::DOCUMENTS)
}

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("stock"; "V1__stock", "V2__value_index");

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("stock");

/// Goods came in or went out: the payload's `products` are their ids. The subject is the document.
pub const STOCK_CHANGED: &str = "stock.changed";

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![
        context::MIGRATIONS,
        web::MIGRATIONS,
        files::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        ledger::MIGRATIONS,
        MIGRATIONS,
    ]
}
