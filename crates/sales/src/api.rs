//! `/api/sales-orders`, with the fields of the seed and ours.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

mod deliveries;
mod documents;
mod input;
mod invoices;
mod output;
mod papers;
mod payments;
mod quick_sale;
mod settings;
mod statement;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use context::{ActorKind, Ctx};
use db::{ReadTx, Tx};
use kernel::{Date, Error, Page, Result, Text};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, OptionalJson, PageQuery, ProblemBody, Query, RowKey, pages::Words};

pub(crate) use deliveries::find_delivery;
use input::SalesOrderIn;
pub(crate) use input::{SalesOrderLineIn, customer, lines};
pub(crate) use invoices::find_invoice;
use output::SalesOrderOut;
pub(crate) use payments::find_payment;

use crate::{
    Order, OrderFilter, OrderOrder, Source, Status, cancel_order, confirm_order, create_order, delete_order,
    list_orders, move_order,
    seen::{find, seen_orders, whole},
    update_order,
};

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sales_orders, create_sales_order))
        .routes(routes!(get_sales_order, replace_sales_order, change_sales_order, delete_sales_order))
        .routes(routes!(confirm_sales_order))
        .routes(routes!(cancel_sales_order))
        .routes(routes!(documents::deliver_sales_order))
        .routes(routes!(documents::invoice_sales_order))
        .routes(routes!(documents::close_sales_order))
        .routes(routes!(documents::pay_sales_order))
        .routes(routes!(documents::refund_sales_order))
        .routes(routes!(documents::get_sales_order_documents))
        .routes(routes!(documents::undo_sales_delivery))
        .routes(routes!(deliveries::list_sales_deliveries))
        .routes(routes!(deliveries::get_sales_delivery))
        .routes(routes!(invoices::list_sales_invoices))
        .routes(routes!(invoices::get_sales_invoice))
        .routes(routes!(invoices::credit_sales_invoice))
        .routes(routes!(payments::list_sales_payments, payments::receive_sales_payment))
        .routes(routes!(payments::pay_sales_refund))
        .routes(routes!(payments::get_sales_payment))
        .routes(routes!(payments::reverse_sales_payment))
        .routes(routes!(statement::get_customer_statement))
        .routes(routes!(quick_sale::sell_quickly))
        .routes(routes!(papers::sales_invoice_pdf))
        .routes(routes!(settings::get_sales_settings, settings::replace_sales_settings))
}

fn shown(ctx: &Ctx, tx: &mut ReadTx, words: &Words, order: Order) -> Result<SalesOrderOut> {
    SalesOrderOut::whole(words, whole(ctx, tx, order)?)
}

/// Which orders are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SalesOrderQuery {
    /// Words of the number, the customer's name or phone, the note; in either script.
    q: Option<String>,
    /// `draft`, `new`, `confirmed`, `cancelled`, or a name such as `Yangi`.
    status: Option<String>,
    /// `staff`, `chat` or `api`.
    source: Option<String>,
    /// Of this customer.
    customer_id: Option<i64>,
    /// Of this day or later.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Of this day or earlier.
    #[param(value_type = Option<String>)]
    until: Option<Date>,
    /// `id`, `ordered_on` or `total_amount`; with `-` before it from the end.
    ordering: Option<String>,
    page: Option<u32>,
    page_size: Option<u32>,
}

impl SalesOrderQuery {
    fn filter(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<OrderFilter> {
        let Self { q, status, source, customer_id, from, until, ordering, page: _, page_size: _ } = self;
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let status = given(status).map(|text| Status::parse(&text).map_err(|error| error.under("status")));
        let no_source = || Error::field("source", Text::new("sales-source-unknown"));
        let source = given(source).map(|word| word.parse::<Source>().map_err(|()| no_source()));
        let customer = match customer_id {
            None => None,
            Some(number) => Some(customer(ctx, tx, *number)?),
        };
        let (order, descending) = match given(ordering) {
            None => (OrderOrder::Number, true),
            Some(text) => {
                let (word, down) = text.strip_prefix('-').map_or((text.as_str(), false), |word| (word, true));
                let unknown = || Error::field("ordering", Text::new("sales-ordering-unknown"));
                (OrderOrder::parse(word).ok_or_else(unknown)?, down)
            }
        };
        Ok(OrderFilter {
            status: status.transpose()?,
            source: source.transpose()?,
            customer,
            chat_ref: None,
            text: q.clone().unwrap_or_default(),
            from: *from,
            until: *until,
            without_drafts: false,
            order,
            descending,
        })
    }
}

/// The orders that fit, newest first unless another order is asked for. Their lines are left out.
#[utoipa::path(get, path = "/api/sales-orders", tag = "sales", params(SalesOrderQuery),
    responses((status = 200, body = Listed<SalesOrderOut>)))]
async fn list_sales_orders(
    caller: Caller,
    Query(query): Query<SalesOrderQuery>,
) -> web::Result<Json<Listed<SalesOrderOut>>> {
    let words = caller.words();
    let found = caller
        .read(move |ctx, tx| {
            let filter = query.filter(ctx, tx)?;
            let part = PageQuery::of(query.page, query.page_size).request();
            let Page { count, results, request } = list_orders(ctx, tx, &filter, part)?;
            let seen = seen_orders(ctx, tx, results)?;
            let listed = seen.into_iter().map(|seen| SalesOrderOut::listed(&words, seen));
            Ok(Page::new(request, count, listed.collect::<Result<_>>()?))
        })
        .await?;
    Ok(Json(Listed::of(&caller, found)))
}

/// Writes an order, with lines or with sums only, and brings it to its `status` (`new` where nobody says).
#[utoipa::path(post, path = "/api/sales-orders", tag = "sales", request_body = SalesOrderIn,
    responses((status = 201, body = SalesOrderOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn create_sales_order(
    caller: Caller,
    Json(body): Json<SalesOrderIn>,
) -> web::Result<impl IntoResponse> {
    let words = caller.words();
    let out = caller
        .once(move |ctx, tx| {
            let status = body.status()?.unwrap_or(Status::New);
            let content = body.clone().content(ctx, tx)?;
            let order = create_order(ctx, tx, source(ctx), status, content)?;
            shown(ctx, tx, &words, order)
        })
        .await?;
    let place = [(header::LOCATION, format!("/api/sales-orders/{}", out.id))];
    Ok((StatusCode::CREATED, place, Json(out)))
}

/// Who writes through the API: a member with their session is staff.
fn source(ctx: &Ctx) -> Source {
    if ctx.actor().kind == ActorKind::Member { Source::Staff } else { Source::Api }
}

/// One order with its lines.
#[utoipa::path(get, path = "/api/sales-orders/{id}", tag = "sales", params(("id" = String, Path)),
    responses((status = 200, body = SalesOrderOut), (status = 404, body = ProblemBody)))]
async fn get_sales_order(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<SalesOrderOut>> {
    let words = caller.words();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let order = find(ctx, tx, key)?;
        shown(ctx, tx, &words, order)
    };
    Ok(Json(caller.read(read).await?))
}

/// Changes an order that is not confirmed yet, and brings it to another `status` when one is said; what is absent
/// stays. A confirmed order answers 409: cancel it and write a new one.
#[utoipa::path(put, path = "/api/sales-orders/{id}", tag = "sales", params(("id" = String, Path)),
    request_body = SalesOrderIn, responses((status = 200, body = SalesOrderOut), (status = 409, body = ProblemBody)))]
async fn replace_sales_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<SalesOrderIn>,
) -> web::Result<Json<SalesOrderOut>> {
    write(&caller, key, body).await
}

/// The same as PUT.
#[utoipa::path(patch, path = "/api/sales-orders/{id}", tag = "sales", params(("id" = String, Path)),
    request_body = SalesOrderIn, responses((status = 200, body = SalesOrderOut), (status = 409, body = ProblemBody)))]
async fn change_sales_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<SalesOrderIn>,
) -> web::Result<Json<SalesOrderOut>> {
    write(&caller, key, body).await
}

async fn write(caller: &Caller, key: RowKey, body: SalesOrderIn) -> web::Result<Json<SalesOrderOut>> {
    let words = caller.words();
    let out = caller
        .write(move |ctx, tx| {
            let order = changed(ctx, tx, key, &body)?;
            shown(ctx, tx, &words, order)
        })
        .await?;
    Ok(Json(out))
}

fn changed(ctx: &Ctx, tx: &mut Tx, key: RowKey, body: &SalesOrderIn) -> Result<Order> {
    let mut order = find(ctx, tx, key)?;
    let status = body.status()?;
    if body.says_content() {
        let content = body.clone().over(ctx, tx, &order)?;
        order = update_order(ctx, tx, order.id, body.version, content)?;
    }
    match status.filter(|status| *status != order.status) {
        Some(status) => move_order(ctx, tx, order.id, status, body.reason.as_deref().unwrap_or_default()),
        None => Ok(order),
    }
}

/// Throws away an order that is not confirmed yet; one from a chat is cancelled instead.
#[utoipa::path(delete, path = "/api/sales-orders/{id}", tag = "sales", params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = ProblemBody)))]
async fn delete_sales_order(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let delete = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let id = find(ctx, tx, key)?.id;
        delete_order(ctx, tx, id)
    };
    caller.write(delete).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accepts an order: its goods are kept.
#[utoipa::path(post, path = "/api/sales-orders/{id}/confirm", tag = "sales", params(("id" = String, Path)),
    responses((status = 200, body = SalesOrderOut), (status = 409, body = ProblemBody)))]
async fn confirm_sales_order(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<SalesOrderOut>> {
    let words = caller.words();
    let out = caller
        .once(move |ctx, tx| {
            let id = find(ctx, tx, key)?.id;
            let order = confirm_order(ctx, tx, id)?;
            shown(ctx, tx, &words, order)
        })
        .await?;
    Ok(Json(out))
}

/// Why an order is called off.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct CancelIn {
    /// What the customer is told; may be left out.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: String,
}

/// Calls an order off: its goods are free again, and a customer from a chat is told.
#[utoipa::path(post, path = "/api/sales-orders/{id}/cancel", tag = "sales", params(("id" = String, Path)),
    request_body = CancelIn, responses((status = 200, body = SalesOrderOut), (status = 409, body = ProblemBody)))]
async fn cancel_sales_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    OptionalJson(CancelIn { reason }): OptionalJson<CancelIn>,
) -> web::Result<Json<SalesOrderOut>> {
    let words = caller.words();
    let out = caller
        .once(move |ctx, tx| {
            let id = find(ctx, tx, key)?.id;
            let order = cancel_order(ctx, tx, id, &reason)?;
            shown(ctx, tx, &words, order)
        })
        .await?;
    Ok(Json(out))
}
