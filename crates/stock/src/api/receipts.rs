//! `/api/stock/receipts`.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use axum::{extract::Path, http::StatusCode};
use context::Ctx;
use db::ReadTx;
use kernel::{Date, Error, Money, Page, Quantity, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::{products_by_number, supplier_by_number, warehouse_by_number};
use crate::{
    NewReceipt, NewReceiptLine, Receipt, ReceiptFilter, ReceiptLine, ReceiptStatus, create_receipt,
    delete_receipt, list_receipts, post_receipt, receive,
    seen::{SeenLine, SeenReceipt, find_receipt, seen_lines, seen_receipts},
    update_receipt,
};

/// Goods that came in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ReceiptIn {
    /// The warehouse; the default one where nobody says.
    pub warehouse_id: Option<i64>,
    /// From whom: a contact.
    pub supplier_id: Option<i64>,
    /// On which day; today where nobody says.
    #[schema(value_type = Option<String>, example = "2026-11-20")]
    pub received_on: Option<Date>,
    /// Whatever else there is to say.
    #[serde(default)]
    pub note: String,
    /// What came.
    pub lines: Vec<ReceiptLineIn>,
    /// Whether to put the goods into the warehouse at once. POST only.
    #[serde(default)]
    pub post: bool,
    /// The version that was read; another one since then is a conflict. PUT only.
    pub version: Option<i64>,
}

/// One product that came in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ReceiptLineIn {
    /// The product.
    pub product_id: i64,
    /// How much.
    #[schema(value_type = f64)]
    pub quantity: Quantity,
    /// What one unit cost, in so'm.
    #[schema(value_type = f64)]
    pub unit_cost: Money,
}

impl ReceiptIn {
    fn input(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<NewReceipt> {
        let Self { warehouse_id, supplier_id, received_on, note, lines, post: _, version: _ } = self;
        if lines.len() > crate::MAX_RECEIPT_LINES {
            let text = Text::new("stock-lines-too-many").with("max", crate::MAX_RECEIPT_LINES);
            return Err(Error::field("lines", text));
        }
        let numbers: Vec<_> = lines.iter().map(|line| line.product_id).collect();
        let products = products_by_number(ctx, tx, &numbers)?;
        let supplier = supplier_by_number(ctx, tx, supplier_id)?;
        let lines = lines.into_iter().zip(products).map(|(line, product)| NewReceiptLine {
            product: product.id,
            quantity: line.quantity,
            unit_cost: line.unit_cost,
        });
        let lines = lines.collect();
        Ok(NewReceipt {
            warehouse: warehouse_by_number(ctx, tx, warehouse_id)?,
            supplier,
            received_on,
            note,
            lines,
        })
    }
}

/// A receipt as the API shows it; lists leave its lines out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReceiptOut {
    pub id: i64,
    pub uuid: Uuid,
    /// `draft` or `posted`.
    pub status: String,
    pub warehouse_id: Option<i64>,
    pub supplier_id: Option<i64>,
    #[schema(value_type = String)]
    pub received_on: Date,
    pub note: String,
    #[schema(value_type = f64)]
    pub total: Money,
    pub line_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<ReceiptLineOut>>,
    pub version: i64,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    pub posted_at: Option<Timestamp>,
}

/// A line of a receipt as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReceiptLineOut {
    pub product_id: Option<i64>,
    pub product_name: String,
    #[schema(value_type = f64)]
    pub quantity: Quantity,
    #[schema(value_type = f64)]
    pub unit_cost: Money,
    #[schema(value_type = f64)]
    pub value: Money,
}

impl From<SeenReceipt> for ReceiptOut {
    fn from(seen: SeenReceipt) -> Self {
        let SeenReceipt { receipt, warehouse, supplier } = seen;
        let Receipt {
            id,
            number,
            warehouse: _,
            supplier: _,
            received_on,
            status,
            note,
            total,
            line_count,
            version,
            created_at,
            posted_at,
        } = receipt;
        Self {
            id: number,
            uuid: id.uuid(),
            status: status.word().to_owned(),
            warehouse_id: warehouse.map(|warehouse| warehouse.number),
            supplier_id: supplier.map(|supplier| supplier.number),
            received_on,
            note,
            total,
            line_count,
            lines: None,
            version,
            created_at,
            posted_at,
        }
    }
}

fn shown(ctx: &Ctx, tx: &mut ReadTx, receipt: Receipt) -> Result<ReceiptOut> {
    let lines = seen_lines(ctx, tx, receipt.id)?.into_iter().map(|SeenLine { line, product }| {
        let ReceiptLine { position: _, product: _, quantity, unit_cost, value } = line;
        ReceiptLineOut {
            product_id: product.as_ref().map(|product| product.number),
            product_name: product.map(|product| product.name.get(ctx.lang()).to_owned()).unwrap_or_default(),
            quantity,
            unit_cost,
            value,
        }
    });
    let lines = Some(lines.collect());
    let seen = seen_receipts(ctx, tx, vec![receipt])?.pop().ok_or_else(Error::not_found)?;
    Ok(ReceiptOut { lines, ..seen.into() })
}

/// Which receipts are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReceiptQuery {
    /// `draft` or `posted`.
    status: Option<String>,
    /// Into this warehouse.
    warehouse_id: Option<i64>,
    /// Made on this day or later.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Made on this day or earlier.
    #[param(value_type = Option<String>)]
    until: Option<Date>,
    page: Option<u32>,
    page_size: Option<u32>,
}

/// The receipts that fit, newest first.
#[utoipa::path(get, path = "/api/stock/receipts", tag = "stock", params(ReceiptQuery),
    responses((status = 200, body = Listed<ReceiptOut>)))]
pub(super) async fn list_stock_receipts(
    caller: Caller,
    Query(query): Query<ReceiptQuery>,
) -> web::Result<Json<Listed<ReceiptOut>>> {
    let found = caller
        .read(move |ctx, tx| {
            let ReceiptQuery { status, warehouse_id, from, until, page, page_size } = &query;
            let unknown = || Error::field("status", Text::new("stock-receipt-status-unknown"));
            let status = status.as_deref().map(|word| word.parse::<ReceiptStatus>().map_err(|()| unknown()));
            let warehouse = warehouse_by_number(ctx, tx, *warehouse_id)?;
            let (from, until) = (*from, *until);
            let filter =
                ReceiptFilter { status: status.transpose()?, warehouse, from, until, ..Default::default() };
            let part = PageQuery::of(*page, *page_size).request();
            let Page { count, results, request } = list_receipts(ctx, tx, &filter, part)?;
            Ok(Page::new(request, count, seen_receipts(ctx, tx, results)?).map(ReceiptOut::from))
        })
        .await?;
    Ok(Json(Listed::of(&caller, found)))
}

/// Writes a receipt down, as a draft or posted at once.
#[utoipa::path(post, path = "/api/stock/receipts", tag = "stock", request_body = ReceiptIn,
    responses((status = 201, body = ReceiptOut), (status = 422, body = ProblemBody)))]
pub(super) async fn create_stock_receipt(
    caller: Caller,
    Json(body): Json<ReceiptIn>,
) -> web::Result<(StatusCode, Json<ReceiptOut>)> {
    let made = caller
        .once(move |ctx, tx| {
            let new = body.clone().input(ctx, tx)?;
            let receipt = if body.post { receive(ctx, tx, new)? } else { create_receipt(ctx, tx, new)? };
            shown(ctx, tx, receipt)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One receipt with its lines.
#[utoipa::path(get, path = "/api/stock/receipts/{id}", tag = "stock", params(("id" = String, Path)),
    responses((status = 200, body = ReceiptOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_stock_receipt(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<ReceiptOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let receipt = find_receipt(ctx, tx, key)?;
        shown(ctx, tx, receipt)
    };
    Ok(Json(caller.read(read).await?))
}

/// Writes a draft anew.
#[utoipa::path(put, path = "/api/stock/receipts/{id}", tag = "stock", params(("id" = String, Path)),
    request_body = ReceiptIn, responses((status = 200, body = ReceiptOut), (status = 409, body = ProblemBody)))]
pub(super) async fn replace_stock_receipt(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<ReceiptIn>,
) -> web::Result<Json<ReceiptOut>> {
    let written = caller
        .write(move |ctx, tx| {
            let id = find_receipt(ctx, tx, key)?.id;
            let new = body.clone().input(ctx, tx)?;
            let receipt = update_receipt(ctx, tx, id, body.version, new)?;
            shown(ctx, tx, receipt)
        })
        .await?;
    Ok(Json(written))
}

/// Throws a draft away.
#[utoipa::path(delete, path = "/api/stock/receipts/{id}", tag = "stock", params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = ProblemBody)))]
pub(super) async fn delete_stock_receipt(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    let delete = move |ctx: &Ctx, tx: &mut db::Tx<'_>| {
        let id = find_receipt(ctx, tx, key)?.id;
        delete_receipt(ctx, tx, id)
    };
    caller.write(delete).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts the goods of a draft into the warehouse.
#[utoipa::path(post, path = "/api/stock/receipts/{id}/post", tag = "stock", params(("id" = String, Path)),
    responses((status = 200, body = ReceiptOut), (status = 409, body = ProblemBody)))]
pub(super) async fn post_stock_receipt(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<ReceiptOut>> {
    let posted = caller
        .once(move |ctx, tx| {
            let id = find_receipt(ctx, tx, key)?.id;
            let receipt = post_receipt(ctx, tx, id)?;
            shown(ctx, tx, receipt)
        })
        .await?;
    Ok(Json(posted))
}
