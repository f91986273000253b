//! `/api/sales-settings`.

use context::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Json, ProblemBody};

use crate::{prices_include_vat, set_prices_include_vat};

/// The settings of sales.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct SalesSettings {
    /// Whether prices have VAT in them.
    prices_include_vat: bool,
}

/// The settings of sales.
#[utoipa::path(get, path = "/api/sales-settings", tag = "settings",
    responses((status = 200, body = SalesSettings)))]
pub(super) async fn get_sales_settings(caller: Caller) -> web::Result<Json<SalesSettings>> {
    caller.ctx.require(Permission::SettingsRead)?;
    Ok(Json(SalesSettings { prices_include_vat: caller.read(prices_include_vat).await? }))
}

/// Changes the settings of sales. Orders that stand keep what they were written with.
#[utoipa::path(put, path = "/api/sales-settings", tag = "settings", request_body = SalesSettings,
    responses((status = 200, body = SalesSettings), (status = 403, body = ProblemBody)))]
pub(super) async fn replace_sales_settings(
    caller: Caller,
    Json(body): Json<SalesSettings>,
) -> web::Result<Json<SalesSettings>> {
    let include = body.prices_include_vat;
    caller.write(move |ctx, tx| set_prices_include_vat(ctx, tx, include)).await?;
    Ok(Json(body))
}
