//! Sales: orders with their lines, discounts and VAT, the checkout of a chat, and what follows: deliveries, invoices,
//! payments, credit notes, refunds.
//!
//! An order keeps and sends goods through `stock`, finds its rates in `tax`, takes money through `cash`, posts itself to
//! the `ledger` as `to_ledger.rs` says, and tells what happened with an event; it knows nothing of chats.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod delivery;
mod events;
mod invoice;
mod order;
mod pages;
mod payment;
mod preview;
mod printing;
mod progress;
mod reads;
mod reports;
mod seen;
mod statement;
mod status;
mod store;
mod to_ledger;
mod totals;

pub use actions::{
    NewCreditNote, NewDelivery, NewInvoice, NewPayment, QuickSale, Sold, cancel_order, close_order,
    confirm_order, create_order, credit_invoice, delete_order, deliver_order, invoice_order, move_order,
    pay_on_account, pay_order, place_order, prices_include_vat, refund_on_account, refund_order,
    reverse_payment, sell, set_prices_include_vat, submit_order, undo_delivery, update_order,
};
pub use delivery::{DeliveryLine, DeliveryNote};
pub use events::{
    AccountEvent, CREDIT_NOTE_POSTED, Customer, DELIVERY_POSTED, DELIVERY_UNDONE, INVOICE_POSTED,
    ORDER_CANCELLED, ORDER_CHANGED, ORDER_CLOSED, ORDER_CONFIRMED, ORDER_CREATED, ORDER_DELETED,
    ORDER_PLACED, OrderEvent, PAYMENT_ON_ACCOUNT, PAYMENT_ON_ACCOUNT_REVERSED, PAYMENT_RECEIVED,
    PAYMENT_REVERSED, REFUND_ON_ACCOUNT, REFUND_PAID, Told,
};
pub use invoice::{Invoice, InvoiceKind, InvoiceLine};
pub use order::{
    Delivery, DeliveryKind, Goods, LineQuantities, MAX_LINES, NewLine, Order, OrderContent, OrderLine,
    PlaceLine, PlaceOrder, Source,
};
pub use payment::{Allocation, Payment, PaymentKind};
pub use preview::{LineState, OrderPreview, PreviewLine, preview_order};
pub use printing::{
    InvoicePaper, PaperKind, PaperLine, PaperPayment, Papers, Party, ReceiptPaper, Seller, invoice_paper,
    receipt_paper,
};
pub use progress::{DeliveryState, LineProgress, PaymentState, Progress};
pub use reads::{
    DeliveryFilter, InvoiceFilter, OrderFilter, OrderOrder, PaymentFilter, allocations_of, check,
    credited_of, customer_standing, customer_statement, deliveries_of, delivery_lines, get_delivery,
    get_delivery_by_number, get_invoice, get_invoice_by_label, get_order, get_order_by_number, get_payment,
    get_payment_by_number, invoice_lines, invoices_of, list_deliveries, list_invoices, list_orders,
    list_payments, order_lines, orders_by_status, orders_of_chat, orders_of_customer, payments_of,
};
pub use reports::{SalesSums, SoldOf, sales_by_customer, sales_by_day, sales_by_product, top_products};
pub use statement::{CustomerStanding, StatementKind, StatementLine};
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
        .documents(pages::DOCUMENTS)
        .usage(USAGE)
}

/// What a workspace has of this, for whoever runs the server.
const USAGE: [web::UsageKind; 1] =
    [web::UsageKind { word: "orders", text: "sales-usage", count: store::orders::count }];

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations =
    db::migrations!("sales"; "V1__orders", "V2__delivery_vat_and_kept_goods", "V3__to_the_books");

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
        auth::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        tax::MIGRATIONS,
        ledger::MIGRATIONS,
        cash::MIGRATIONS,
        stock::MIGRATIONS,
        MIGRATIONS,
    ]
}
