//! `/api/cash-transfers`.

use axum::http::StatusCode;
use context::Permission;
use kernel::{Date, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Json, ProblemBody};

use super::transactions::{CashTransactionOut, whole};
use crate::{Transfer, seen::named_register, transfer};

/// Money from one register to another.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct CashTransferIn {
    #[schema(example = 1)]
    from_register_id: i64,
    #[schema(example = 2)]
    to_register_id: i64,
    /// In so'm, above zero.
    #[schema(value_type = f64, example = 100000)]
    amount: Money,
    /// The business date; today where nobody says.
    #[serde(alias = "on")]
    #[schema(value_type = Option<String>, example = "2026-11-20")]
    date: Option<Date>,
    #[serde(alias = "description")]
    #[schema(max_length = 300)]
    note: Option<String>,
}

/// Both sides of a transfer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct CashTransferOut {
    /// What went out.
    from: CashTransactionOut,
    /// What came in.
    to: CashTransactionOut,
}

/// Moves money between two registers: two transactions, one entry in the ledger.
#[utoipa::path(post, path = "/api/cash-transfers", tag = "cash", request_body = CashTransferIn,
    responses((status = 201, body = CashTransferOut), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn create_cash_transfer(
    caller: Caller,
    Json(body): Json<CashTransferIn>,
) -> web::Result<(StatusCode, Json<CashTransferOut>)> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let words = caller.words();
    let made = caller
        .once(move |ctx, tx| {
            let CashTransferIn { from_register_id, to_register_id, amount, date, note } = body.clone();
            let from = named_register(ctx, tx, from_register_id, "from_register_id")?;
            let to = named_register(ctx, tx, to_register_id, "to_register_id")?;
            let on = date.unwrap_or_else(|| ctx.today());
            let input = Transfer { from, to, amount, on, note: note.unwrap_or_default() };
            let ([out, into], _) = transfer(ctx, tx, input)?;
            Ok(CashTransferOut { from: whole(ctx, tx, &words, out)?, to: whole(ctx, tx, &words, into)? })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}
