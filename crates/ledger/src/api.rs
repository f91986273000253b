//! The REST API of the books.

mod accounts;
mod balances;
mod entries;
mod periods;

use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(accounts::list_ledger_accounts, accounts::create_ledger_account))
        .routes(routes!(
            accounts::get_ledger_account,
            accounts::change_ledger_account,
            accounts::delete_ledger_account
        ))
        .routes(routes!(balances::list_ledger_account_lines))
        .routes(routes!(accounts::list_ledger_roles, accounts::change_ledger_roles))
        .routes(routes!(entries::list_ledger_entries, entries::create_ledger_entry))
        .routes(routes!(entries::get_ledger_entry))
        .routes(routes!(entries::reverse_ledger_entry))
        .routes(routes!(entries::get_ledger_journal))
        .routes(routes!(balances::get_trial_balance))
        .routes(routes!(periods::list_ledger_periods))
        .routes(routes!(periods::close_ledger_period))
        .routes(routes!(periods::reopen_ledger_period))
}
