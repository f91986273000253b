//! The pages of the books.

mod accounts;
mod balances;
mod entries;
mod entry_form;
mod filtered;
mod periods;
mod roles;
mod typed;

use axum::{
    Router,
    routing::{get, post},
};
use context::Permission;
use kernel::Money;
use web::{
    App,
    pages::{DocumentName, MenuEntry, Section, Shell, Words},
};

use crate::{Entry, Line, Memo, Source};

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/ledger/entries", get(entries::entries_page))
        .route("/ledger/entries/new", get(entry_form::new_entry_page).post(entry_form::create_entry))
        .route("/ledger/entries/totals", post(entry_form::entry_totals))
        .route("/ledger/entries/{id}", get(entries::entry_page))
        .route(
            "/ledger/entries/{id}/reverse",
            get(entry_form::reverse_entry_page).post(entry_form::reverse_entry),
        )
        .route("/ledger/journal", get(entries::journal_file))
        .route("/ledger/trial-balance", get(balances::trial_balance_page))
        .route("/ledger/accounts", get(accounts::accounts_page))
        .route("/ledger/accounts/new", get(accounts::new_account_page).post(accounts::create_account))
        .route("/ledger/accounts/options", get(accounts::account_options))
        .route("/ledger/accounts/{id}", get(balances::account_page))
        .route("/ledger/accounts/{id}/edit", get(accounts::edit_account_page).post(accounts::update_account))
        .route("/ledger/accounts/{id}/delete", post(accounts::delete_account))
        .route("/ledger/periods", get(periods::periods_page))
        .route("/ledger/periods/close", post(periods::close_period))
        .route("/ledger/periods/reopen", post(periods::reopen_period))
        .route("/settings/ledger", get(roles::roles_page).post(roles::save_roles))
}

const fn entry(order: u8, href: &'static str, text: &'static str, icon: &'static str) -> MenuEntry {
    MenuEntry { section: Section::Books, order, href, text, icon, permission: Some(Permission::FinanceRead) }
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 5] = [
    entry(10, "/ledger/entries", "ledger-menu-entries", "journal-text"),
    entry(20, "/ledger/trial-balance", "ledger-menu-trial-balance", "calculator"),
    entry(30, "/ledger/accounts", "ledger-menu-accounts", "diagram-3"),
    entry(40, "/ledger/periods", "ledger-menu-periods", "calendar3"),
    MenuEntry {
        section: Section::Settings,
        order: 65,
        href: "/settings/ledger",
        text: "ledger-menu-roles",
        icon: "sliders",
        permission: Some(Permission::SettingsRead),
    },
];

/// What an entry is about, as the reader reads it.
pub(crate) fn memo(words: &Words, memo: &Memo) -> String {
    let Memo { key, args, text } = memo;
    if key.is_empty() { text.clone() } else { words.say_stored(key, args) }
}

/// The document that an entry comes from.
fn source(p: &Shell, entry: &Entry) -> DocumentName {
    let Source { kind, id, number } = &entry.source;
    let text = match number {
        _ if entry.is_manual() => p.t("ledger-source-manual"),
        Some(number) => p.t1("ledger-source-document", "number", number.to_string()),
        None => p.t("ledger-source-other"),
    };
    p.document(kind, *id, *number).unwrap_or(DocumentName { text, href: None })
}

/// An amount, or nothing where there is none.
fn side(amount: Money) -> web::pages::Cell {
    if amount.is_zero() { web::pages::Cell::Blank } else { web::pages::Cell::Money(amount) }
}

fn sides_of(line: &Line) -> [web::pages::Cell; 2] {
    [side(line.debit()), side(line.credit())]
}

/// `1 500 000 soʻm`.
fn som(p: &Shell, money: Money) -> String {
    format!("{} {}", p.money(money), p.t("web-som"))
}
