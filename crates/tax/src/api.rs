//! `/api/vat-rates`.

use axum::{extract::Path, http::StatusCode};
use context::Permission;
use kernel::{Date, Id, Page, PageRequest, Rate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, ProblemBody};

use crate::{Period, VatRate, add_vat_rate as add, delete_vat_rate as delete, vat_rates};

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_vat_rates, add_vat_rate)).routes(routes!(delete_vat_rate))
}

/// A rate from a day on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct VatRateIn {
    /// The first day it holds.
    #[schema(value_type = String, example = "2027-01-01")]
    starts_on: Date,
    /// Percent, with at most two decimals.
    #[schema(value_type = f64, example = 12)]
    rate: Rate,
}

/// A rate from a day on, until the next begins.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct VatRateOut {
    /// The workspace's own row; none for the law's.
    id: Option<Uuid>,
    /// The first day it holds.
    #[schema(value_type = String)]
    starts_on: Date,
    /// Percent.
    #[schema(value_type = f64)]
    rate: Rate,
}

impl From<Period> for VatRateOut {
    fn from(period: Period) -> Self {
        let Period { starts_on, rate, own } = period;
        Self { id: own.map(Id::uuid), starts_on, rate }
    }
}

/// The standard rates, the law's and the workspace's own, oldest first.
#[utoipa::path(get, path = "/api/vat-rates", tag = "settings",
    responses((status = 200, body = Listed<VatRateOut>)))]
async fn list_vat_rates(caller: Caller) -> web::Result<Json<Listed<VatRateOut>>> {
    caller.ctx.require(Permission::SettingsRead)?;
    let rates = caller.read(vat_rates).await?;
    let all: Vec<_> = rates.periods().iter().copied().map(VatRateOut::from).collect();
    let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
    Ok(Json(Listed::of(&caller, Page::new(PageRequest::new(1, count), i64::from(count), all))))
}

/// Sets the standard rate from a day on.
#[utoipa::path(post, path = "/api/vat-rates", tag = "settings", request_body = VatRateIn,
    responses((status = 201, body = VatRateOut), (status = 422, body = ProblemBody)))]
async fn add_vat_rate(
    caller: Caller,
    Json(body): Json<VatRateIn>,
) -> web::Result<(StatusCode, Json<VatRateOut>)> {
    let VatRateIn { starts_on, rate } = body;
    let out = caller
        .once(move |ctx, tx| {
            let VatRate { id, starts_on, rate, created_at: _ } = add(ctx, tx, starts_on, rate)?;
            Ok(VatRateOut { id: Some(id.uuid()), starts_on, rate })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(out)))
}

/// Takes a rate of the workspace's own away.
#[utoipa::path(delete, path = "/api/vat-rates/{id}", tag = "settings", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn delete_vat_rate(caller: Caller, Path(id): Path<String>) -> web::Result<StatusCode> {
    let id = Id::parse(&id)?;
    caller.write(move |ctx, tx| delete(ctx, tx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
