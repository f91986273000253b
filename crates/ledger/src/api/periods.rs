//! `/api/v1/ledger/periods`.

use context::Permission;
use kernel::{Page, PageRequest, Result, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Json, Listed, ProblemBody};

use crate::{Month, Period, close_period, periods, reopen_period};

/// Which month.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct LedgerPeriodIn {
    #[schema(example = "2026-10")]
    month: String,
}

impl LedgerPeriodIn {
    fn month(&self) -> Result<Month> {
        Month::parse(&self.month).map_err(|error| error.under("month"))
    }
}

/// A month of the books.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct LedgerPeriodOut {
    #[schema(value_type = String, example = "2026-10")]
    month: Month,
    closed: bool,
    closed_by: Option<String>,
    #[schema(value_type = Option<String>)]
    closed_at: Option<Timestamp>,
}

impl From<Period> for LedgerPeriodOut {
    fn from(period: Period) -> Self {
        let Period { month, closed } = period;
        let (closed_by, closed_at) = closed.map(|closing| (closing.by, closing.at)).unzip();
        Self { month, closed: closed_at.is_some(), closed_by, closed_at }
    }
}

/// The months of the books, newest first.
#[utoipa::path(get, path = "/api/v1/ledger/periods", tag = "ledger",
    responses((status = 200, body = Listed<LedgerPeriodOut>)))]
pub(super) async fn list_ledger_periods(caller: Caller) -> web::Result<Json<Listed<LedgerPeriodOut>>> {
    let all: Vec<_> = caller.read(periods).await?.into_iter().map(LedgerPeriodOut::from).collect();
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let mut listed = Listed::of(&caller, Page::new(PageRequest::new(1, u32::MAX), count, all));
    // All of them stand in the one part.
    listed.next = None;
    Ok(Json(listed))
}

/// Closes a month that is over: nothing is posted into it any more. Those before it must be closed.
#[utoipa::path(post, path = "/api/v1/ledger/periods/close", tag = "ledger", request_body = LedgerPeriodIn,
    responses((status = 200, body = LedgerPeriodOut), (status = 409, body = ProblemBody)))]
pub(super) async fn close_ledger_period(
    caller: Caller,
    Json(body): Json<LedgerPeriodIn>,
) -> web::Result<Json<LedgerPeriodOut>> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let month = body.month()?;
    let out = caller.once(move |ctx, tx| Ok(LedgerPeriodOut::from(close_period(ctx, tx, month)?))).await?;
    Ok(Json(out))
}

/// Opens the last closed month again.
#[utoipa::path(post, path = "/api/v1/ledger/periods/reopen", tag = "ledger", request_body = LedgerPeriodIn,
    responses((status = 200, body = LedgerPeriodOut), (status = 409, body = ProblemBody)))]
pub(super) async fn reopen_ledger_period(
    caller: Caller,
    Json(body): Json<LedgerPeriodIn>,
) -> web::Result<Json<LedgerPeriodOut>> {
    caller.ctx.require(Permission::FinanceDelete)?;
    let month = body.month()?;
    let out = caller.once(move |ctx, tx| Ok(LedgerPeriodOut::from(reopen_period(ctx, tx, month)?))).await?;
    Ok(Json(out))
}
