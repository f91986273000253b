//! The REST API of cash.

mod registers;
mod transactions;
mod transfers;

use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(registers::list_cash_registers, registers::create_cash_register))
        .routes(routes!(
            registers::get_cash_register,
            registers::replace_cash_register,
            registers::change_cash_register,
            registers::delete_cash_register
        ))
        .routes(routes!(transactions::list_cash_transactions, transactions::create_cash_transaction))
        .routes(routes!(transactions::get_cash_transaction))
        .routes(routes!(transactions::reverse_cash_transaction))
        .routes(routes!(transfers::create_cash_transfer))
}
