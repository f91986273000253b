//! The books: a chart of accounts, entries that balance and are never changed, months that close, and what stands on
//! every account.
//!
//! Documents post by [`post`] in their own transaction and name accounts by [`Role`]; the rules of what posts where
//! stand in each domain's `to_ledger.rs`. The database itself seals an entry: it refuses one that does not balance, and
//! every change of one that stands. The ledger knows contacts, products and warehouses by their ids and no more.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod account;
mod actions;
mod api;
mod balance;
mod batch;
mod chart;
mod entry;
mod events;
mod journal;
mod pages;
mod period;
mod reads;
mod reports;
mod role;
mod seen;
mod store;

pub use account::{Account, AccountKind, MAX_ACCOUNTS, Names, NewAccount};
pub use actions::{
    WriteEntry, close_period, create_account, delete_account, post, post_all, reopen_period, reverse,
    reverse_entry, set_role_accounts, update_account, write_entry,
};
pub use balance::{AccountLine, Sides, TrialBalance, TrialRow, Turnover};
pub use entry::{
    AccountRef, Entry, Line, MANUAL, MAX_AMOUNT, MAX_LINES, MAX_TURNOVER, Memo, NewEntry, NewLine, Posted,
    Side, Source,
};
pub(crate) use entry::{MAX_MEMO, MAX_NOTE};
pub use events::{ENTRY_POSTED, ENTRY_REVERSED};
pub use period::{Closing, FIRST_YEAR, LAST_YEAR, Month, Period};
pub use reads::{
    EntryFilter, account_for, account_lines, account_turnover, accounts, check, closed_through,
    contact_balances, entries_of, entry_lines, find_account, get_entry, get_entry_by_number, list_entries,
    periods, product_balances, role_accounts, trial_balance,
};
pub use reports::{RoleSum, role_balances, role_turnovers};
pub use role::Role;

/// The ledger's part of the application.
pub fn module() -> web::Module {
    web::Module::new("ledger")
        .migrations(MIGRATIONS)
        .texts(TEXTS)
        .api(api::routes())
        .pages(pages::routes())
        .menu(pages::MENU)
}

/// The tables of this crate.
pub const MIGRATIONS: db::Migrations = db::migrations!("ledger"; "V1__ledger", "V2__seal_by_the_entry");

/// The messages of this crate.
pub const TEXTS: text::TextFiles = text::files!("ledger");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) fn test_migrations() -> Vec<db::Migrations> {
    vec![context::MIGRATIONS, web::MIGRATIONS, MIGRATIONS]
}
