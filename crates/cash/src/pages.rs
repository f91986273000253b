//! The pages of cash.

mod listed;
mod moving;
mod overview;
mod registers;
mod reversing;
mod transactions;
mod transferring;

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use context::Permission;
use kernel::{Error, Money, Text};
use ledger::Source;
use web::{
    App, Caller,
    pages::{AddressedBy, Choice, DocumentKind, DocumentName, Go, MenuEntry, Section, Shell, Tone},
};

use crate::{
    Register, RegisterKind, Transaction,
    transaction::{MANUAL, TRANSFER},
};

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/cash", get(overview::cash_page))
        // The way back from a button of a register leads here.
        .route("/cash/registers", get(overview::cash_page))
        .route("/cash/registers/new", get(registers::new_register_page).post(registers::create_register))
        .route("/cash/registers/{id}", get(transactions::register_page))
        .route(
            "/cash/registers/{id}/edit",
            get(registers::edit_register_page).post(registers::update_register),
        )
        .route("/cash/registers/{id}/delete", post(registers::delete_register))
        .route("/cash/registers/{id}/in", get(moving::money_in_page).post(moving::take_money_in))
        .route("/cash/registers/{id}/out", get(moving::money_out_page).post(moving::pay_money_out))
        .route(
            "/cash/registers/{id}/transfer",
            get(transferring::transfer_page).post(transferring::transfer_money),
        )
        .route("/cash/transactions", get(transactions::transactions_page))
        .route("/cash/transactions/{id}", get(transactions::transaction_page))
        .route(
            "/cash/transactions/{id}/reverse",
            get(reversing::reverse_transaction_page).post(reversing::reverse_transaction),
        )
}

const fn entry(order: u8, href: &'static str, text: &'static str, icon: &'static str) -> MenuEntry {
    MenuEntry { section: Section::Books, order, href, text, icon, permission: Some(Permission::FinanceRead) }
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 2] = [
    entry(2, "/cash", "cash-menu-cash", "wallet2"),
    entry(4, "/cash/transactions", "cash-menu-transactions", "arrow-down-up"),
];

/// Where a register's transactions stand.
fn address(register: &Register) -> String {
    format!("/cash/registers/{}", register.number)
}

fn transaction_address(transaction: &Transaction) -> String {
    format!("/cash/transactions/{}", transaction.number)
}

/// The document of a transaction.
fn document(p: &Shell, transaction: &Transaction) -> DocumentName {
    let Source { kind, id, number } = &transaction.source;
    p.document(kind, *id, *number).unwrap_or_else(|| {
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        DocumentName { text: p.t1("cash-document-number", "number", number), href: None }
    })
}

const fn documents(kind: &'static str) -> DocumentKind {
    DocumentKind {
        kind,
        text: "cash-transaction-number",
        list: "/cash/transactions",
        by: AddressedBy::Number,
        permission: Permission::FinanceRead,
    }
}

/// The documents that have pages here.
pub(crate) const DOCUMENTS: [DocumentKind; 2] = [documents(MANUAL), documents(TRANSFER)];

/// `1 500 000 soʻm`.
fn som(p: &Shell, money: Money) -> String {
    format!("{} {}", p.money(money), p.t("web-som"))
}

const fn icon(kind: RegisterKind) -> &'static str {
    match kind {
        RegisterKind::Cash => "wallet2",
        RegisterKind::Bank => "bank",
    }
}

/// What there is to say of a register beyond that it is open.
fn state(register: &Register) -> Option<(Tone, &'static str)> {
    match (register.active, register.is_default) {
        (false, _) => Some((Tone::Plain, "cash-register-shut")),
        (true, true) => Some((Tone::Accent, "cash-register-default")),
        (true, false) => None,
    }
}

/// The open registers to choose from, each with what lies in it.
fn choices(p: &Shell, registers: &[Register]) -> Vec<Choice> {
    let open = registers.iter().filter(|register| register.active);
    open.map(|register| {
        Choice::new(register.number.to_string(), format!("{}: {}", register.name, som(p, register.balance)))
    })
    .collect()
}

/// That too little lies in the register is said beside the amount.
fn beside_amount(error: Error) -> Error {
    if error.text().key() == "cash-register-has-only" && error.field_errors().is_empty() {
        return Error::field("amount", error.text().clone());
    }
    error
}

/// To a page with a notice that this transaction is recorded.
fn recorded(caller: &Caller, to: String, number: i64) -> Response {
    let said = Text::new("cash-transaction-recorded").with("number", number.to_string());
    Go::to(to).done(&caller.words(), &said).into_response()
}
