//! `/api/sales-deliveries`: what went out, of all orders.

use axum::extract::Path;
use context::Ctx;
use db::ReadTx;
use kernel::{Date, Id, Page, Result};
use serde::Deserialize;
use utoipa::IntoParams;
use web::{Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::documents::SalesDeliveryOut;
use crate::{DeliveryFilter, DeliveryNote, get_delivery, get_delivery_by_number, list_deliveries};

/// The delivery that a path names by number or id.
pub(crate) fn find_delivery(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<DeliveryNote> {
    match key {
        RowKey::Number(number) => get_delivery_by_number(ctx, tx, number),
        RowKey::Id(uuid) => get_delivery(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// Which deliveries are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SalesDeliveryQuery {
    /// Of this day or later.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Of this day or earlier.
    #[param(value_type = Option<String>)]
    until: Option<Date>,
    page: Option<u32>,
    page_size: Option<u32>,
}

/// The deliveries that fit, newest first; those that were taken back, too.
#[utoipa::path(get, path = "/api/sales-deliveries", tag = "sales", params(SalesDeliveryQuery),
    responses((status = 200, body = Listed<SalesDeliveryOut>)))]
pub(super) async fn list_sales_deliveries(
    caller: Caller,
    Query(query): Query<SalesDeliveryQuery>,
) -> web::Result<Json<Listed<SalesDeliveryOut>>> {
    let SalesDeliveryQuery { from, until, page, page_size } = query;
    let part = PageQuery::of(page, page_size).request();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let Page { count, results, request } =
            list_deliveries(ctx, tx, &DeliveryFilter { from, until }, part)?;
        let shown = results.into_iter().map(|delivery| SalesDeliveryOut::one(ctx, tx, delivery));
        Ok(Page::new(request, count, shown.collect::<Result<_>>()?))
    };
    let found = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, found)))
}

/// A delivery with its lines.
#[utoipa::path(get, path = "/api/sales-deliveries/{id}", tag = "sales", params(("id" = String, Path)),
    responses((status = 200, body = SalesDeliveryOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_sales_delivery(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<SalesDeliveryOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let delivery = find_delivery(ctx, tx, key)?;
        SalesDeliveryOut::one(ctx, tx, delivery)
    };
    Ok(Json(caller.read(read).await?))
}
