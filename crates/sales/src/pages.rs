//! The pages of orders and of what follows them.

mod counter;
mod deliver;
mod deliveries;
mod followed;
mod form;
mod invoices;
mod list;
mod money;
mod order;
pub(crate) mod papers;
mod payments;
mod settings;
mod statement;
mod typed;

use axum::{
    Router,
    routing::{get, post},
};
use context::Permission;
use web::{
    App,
    pages::{AddressedBy, DocumentKind, MenuEntry, Section, Tone},
};

pub(crate) use statement::find_contact;

use crate::Status;

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/orders", get(list::orders_page))
        .route("/orders/new", get(form::new_order_page).post(form::create_order))
        .route("/orders/totals", post(form::order_totals))
        .route("/orders/{id}", get(order::order_page))
        .route("/orders/{id}/edit", get(form::edit_order_page).post(form::update_order))
        .route("/orders/{id}/submit", post(order::submit_order))
        .route("/orders/{id}/confirm", post(order::confirm_order))
        .route("/orders/{id}/cancel", get(order::cancel_order_page).post(order::cancel_order))
        .route("/orders/{id}/delete", post(order::delete_order))
        .route("/orders/{id}/deliver", get(deliver::deliver_page).post(deliver::deliver_order))
        .route("/orders/{id}/close", post(deliver::close_order))
        .route("/orders/{id}/invoice", post(invoices::invoice_order))
        .route("/orders/{id}/pay", get(money::pay_page).post(money::pay_order))
        .route("/orders/{id}/refund", get(money::refund_page).post(money::refund_order))
        .route("/deliveries", get(deliveries::deliveries_page))
        .route("/deliveries/{id}", get(deliveries::delivery_page))
        .route("/deliveries/{id}/undo", post(deliveries::undo_delivery))
        .route("/invoices", get(invoices::invoices_page))
        .route("/invoices/{label}", get(invoices::invoice_page))
        .route("/invoices/{label}/credit", get(invoices::credit_page).post(invoices::credit))
        .route("/payments", get(payments::payments_page))
        .route("/payments/{id}", get(payments::payment_page))
        .route("/payments/{id}/reverse", post(payments::reverse_payment))
        .route("/contacts/{id}/statement", get(statement::statement_page))
        .route("/contacts/{id}/pay", get(money::account_pay_page).post(money::pay_account))
        .route("/contacts/{id}/refund", get(money::account_refund_page).post(money::refund_account))
        .route("/sell", get(counter::sell_page).post(counter::sell_now))
        .route("/orders/{id}/receipt.pdf", get(papers::receipt_pdf))
        .route("/invoices/{label}/pdf", get(papers::invoice_pdf))
        .route("/settings/sales", get(settings::sales_settings_page).post(settings::save_sales_settings))
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 6] = [
    MenuEntry {
        section: Section::Sales,
        order: 10,
        href: "/orders",
        text: "sales-menu-orders",
        icon: "cart3",
        permission: Some(Permission::SalesRead),
    },
    MenuEntry {
        section: Section::Sales,
        order: 5,
        href: "/sell",
        text: "sales-sell",
        icon: "bag-check",
        permission: Some(Permission::SalesCreate),
    },
    MenuEntry {
        section: Section::Sales,
        order: 11,
        href: "/deliveries",
        text: "sales-menu-deliveries",
        icon: "truck",
        permission: Some(Permission::SalesRead),
    },
    MenuEntry {
        section: Section::Sales,
        order: 12,
        href: "/invoices",
        text: "sales-menu-invoices",
        icon: "receipt",
        permission: Some(Permission::SalesRead),
    },
    MenuEntry {
        section: Section::Sales,
        order: 14,
        href: "/payments",
        text: "sales-menu-payments",
        icon: "cash-coin",
        permission: Some(Permission::SalesRead),
    },
    MenuEntry {
        section: Section::Settings,
        order: 55,
        href: "/settings/sales",
        text: "sales-menu-settings",
        icon: "sliders",
        permission: Some(Permission::SettingsRead),
    },
];

const fn documents(
    kind: &'static str,
    text: &'static str,
    list: &'static str,
    by: AddressedBy,
) -> DocumentKind {
    DocumentKind { kind, text, list, by, permission: Permission::SalesRead }
}

/// The documents that have pages here.
pub(crate) const DOCUMENTS: [DocumentKind; 6] = [
    documents("sales_order", "sales-order-number", "/orders", AddressedBy::Number),
    documents("sales_delivery", "sales-delivery-number", "/deliveries", AddressedBy::Number),
    documents("sales_invoice", "sales-invoice-number", "/invoices", AddressedBy::Id),
    documents("sales_credit_note", "sales-credit-note-number", "/invoices", AddressedBy::Id),
    documents("sales_payment", "sales-payment-number", "/payments", AddressedBy::Number),
    documents("sales_refund", "sales-refund-number", "/payments", AddressedBy::Number),
];

const fn tone(status: Status) -> Tone {
    match status {
        Status::Draft => Tone::Plain,
        Status::New => Tone::Accent,
        Status::Confirmed => Tone::Success,
        Status::Cancelled => Tone::Error,
    }
}
