//! Cash: tills and bank accounts, what came into them and what went out, and what lies there now.
//!
//! A register's balance stands in its row and follows every transaction; transactions are only ever added. Documents
//! move money by [`record`] in their own transaction and post it with the rest of the document; what people move by hand
//! posts itself (`to_ledger.rs`). Cash knows contacts and the ledger; it does not know what was sold or bought.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod actions;
mod api;
mod events;
mod pages;
mod reads;
mod register;
mod seen;
mod store;
mod to_ledger;
mod transaction;

pub use actions::{
    MoveMoney, Transfer, create_register, default_register, delete_register, post_transaction, record,
    reverse_transaction, transfer, update_register,
};
pub use events::TRANSACTION_RECORDED;
pub use reads::{
    TransactionFilter, check, find_register, find_register_by_number, get_transaction,
    get_transaction_by_number, list_transactions, registers, total, transactions_of,
};
pub(crate) use register::MAX_NAME;
pub use register::{MAX_BALANCE, NewRegister, Register, RegisterKind};
pub(crate) use transaction::MAX_NOTE;
pub use transaction::{Flow, MANUAL, NewTransaction, TRANSFER, Transaction, TransactionKind};

/// Cash's part of the application.
pub fn module() -> web::Module {
    web::Module::new("cash")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::MENU)
        .documents(pages::DOCUMENTS)
}

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("cash"; "V1__cash");

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("cash");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS, contacts::MIGRATIONS, ledger::MIGRATIONS, MIGRATIONS]
}
