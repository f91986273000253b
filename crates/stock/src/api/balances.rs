//! `/api/stock/balances`, `/moves`, `/adjustments`, `/low`.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use axum::http::StatusCode;
use catalog::ProductFilter;
use context::Ctx;
use db::ReadTx;
use kernel::{Date, Error, Money, Page, Quantity, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{Caller, Json, Listed, PageQuery, ProblemBody, Query};

use super::{product_by_number, warehouse_by_number};
use crate::{
    Adjust, AdjustBy, Balance, LowStock, Move, MoveFilter, MoveKind, adjust, list_low_stock, list_moves,
    seen::{SeenMove, Standing, Warehouses, all_warehouses, products_of, seen_moves, standings},
};

/// What stands of one product, everywhere and in each warehouse.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BalanceOut {
    pub product_id: i64,
    pub product_code: String,
    pub product_name: String,
    pub unit: String,
    #[schema(value_type = f64)]
    pub on_hand: Quantity,
    #[schema(value_type = f64)]
    pub reserved: Quantity,
    #[schema(value_type = f64)]
    pub free: Quantity,
    #[schema(value_type = f64)]
    pub minimum_quantity: Quantity,
    /// What it all cost, in so'm.
    #[schema(value_type = f64)]
    pub value: Money,
    pub warehouses: Vec<WarehouseBalanceOut>,
}

/// What stands of a product in one warehouse.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WarehouseBalanceOut {
    pub warehouse_id: Option<i64>,
    pub warehouse: String,
    #[schema(value_type = f64)]
    pub on_hand: Quantity,
    #[schema(value_type = f64)]
    pub reserved: Quantity,
    #[schema(value_type = f64)]
    pub value: Money,
}

impl BalanceOut {
    fn of(ctx: &Ctx, standing: Standing, warehouses: &Warehouses) -> Self {
        let Standing { product, balances, on_hand, reserved, free, value } = standing;
        let place = |balance: Balance| {
            let Balance { warehouse, product: _, on_hand, reserved, value, moves: _, may_be_negative: _ } =
                balance;
            let warehouse = warehouses.get(&warehouse);
            WarehouseBalanceOut {
                warehouse_id: warehouse.map(|found| found.number),
                warehouse: warehouse.map(|found| found.name.clone()).unwrap_or_default(),
                on_hand,
                reserved,
                value,
            }
        };
        Self {
            product_id: product.number,
            product_name: product.name.get(ctx.lang()).to_owned(),
            product_code: product.code,
            unit: product.unit,
            on_hand,
            reserved,
            free,
            minimum_quantity: product.minimum_quantity,
            value,
            warehouses: balances.into_iter().map(place).collect(),
        }
    }
}

/// Which balances are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BalanceQuery {
    /// Words of the product's names, brand, code or barcode.
    q: Option<String>,
    /// This product only.
    product_id: Option<i64>,
    page: Option<u32>,
    page_size: Option<u32>,
}

fn balances(ctx: &Ctx, tx: &mut ReadTx, query: &BalanceQuery) -> Result<Page<BalanceOut>> {
    let BalanceQuery { q, product_id, page, page_size } = query;
    let part = PageQuery::of(*page, *page_size).request();
    let products = match product_id {
        Some(number) => Page::new(part, 1, vec![product_by_number(ctx, tx, *number)?]),
        None => {
            let q = q.clone().filter(|q| !q.trim().is_empty());
            catalog::list(ctx, tx, &ProductFilter { q, ..ProductFilter::default() }, part)?
        }
    };
    let Page { count, results, request } = products;
    let warehouses = all_warehouses(ctx, tx)?;
    let found = standings(ctx, tx, results)?;
    let shown = found.into_iter().map(|standing| BalanceOut::of(ctx, standing, &warehouses)).collect();
    Ok(Page::new(request, count, shown))
}

/// What stands of the products.
#[utoipa::path(get, path = "/api/stock/balances", tag = "stock", params(BalanceQuery),
    responses((status = 200, body = Listed<BalanceOut>)))]
pub(super) async fn list_stock_balances(
    caller: Caller,
    Query(query): Query<BalanceQuery>,
) -> web::Result<Json<Listed<BalanceOut>>> {
    let found = caller.read(move |ctx, tx| balances(ctx, tx, &query)).await?;
    Ok(Json(Listed::of(&caller, found)))
}

/// A move as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MoveOut {
    pub id: Uuid,
    pub product_id: Option<i64>,
    pub product_name: String,
    pub warehouse_id: Option<i64>,
    /// `opening`, `receipt`, `adjustment`, `delivery`, `return` or `revaluation`.
    pub kind: String,
    #[schema(value_type = f64)]
    pub quantity: Quantity,
    #[schema(value_type = f64)]
    pub value: Money,
    #[schema(value_type = f64)]
    pub on_hand_after: Quantity,
    #[schema(value_type = f64)]
    pub value_after: Money,
    pub source: Uuid,
    pub note: String,
    #[schema(value_type = String)]
    pub moved_on: Date,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
}

impl MoveOut {
    fn of(ctx: &Ctx, seen: SeenMove) -> Self {
        let SeenMove { moved, product, warehouse } = seen;
        let Move {
            id,
            warehouse: _,
            product: _,
            ordinal: _,
            kind,
            quantity,
            value,
            on_hand_after,
            value_after,
            source,
            moved_on,
            at,
            note,
        } = moved;
        Self {
            id: id.uuid(),
            product_id: product.as_ref().map(|product| product.number),
            product_name: product.map(|product| product.name.get(ctx.lang()).to_owned()).unwrap_or_default(),
            warehouse_id: warehouse.map(|warehouse| warehouse.number),
            kind: kind.word().to_owned(),
            quantity,
            value,
            on_hand_after,
            value_after,
            source,
            note,
            moved_on,
            created_at: at,
        }
    }
}

/// Which moves are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MoveQuery {
    /// Of this product.
    product_id: Option<i64>,
    /// In this warehouse.
    warehouse_id: Option<i64>,
    /// Of this kind.
    kind: Option<String>,
    /// From this day on.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Until this day.
    #[param(value_type = Option<String>)]
    until: Option<Date>,
    page: Option<u32>,
    page_size: Option<u32>,
}

fn moves(ctx: &Ctx, tx: &mut ReadTx, query: &MoveQuery, kind: Option<MoveKind>) -> Result<Page<MoveOut>> {
    let MoveQuery { product_id, warehouse_id, kind: word, from, until, page, page_size } = query;
    let unknown = || Error::field("kind", Text::new("stock-move-kind-unknown"));
    let asked = word.as_deref().map(|word| word.parse::<MoveKind>().map_err(|()| unknown())).transpose()?;
    let product = product_id.map(|number| product_by_number(ctx, tx, number)).transpose()?;
    let filter = MoveFilter {
        product: product.map(|product| product.id),
        warehouse: warehouse_by_number(ctx, tx, *warehouse_id)?,
        kind: kind.or(asked),
        source: None,
        from: *from,
        until: *until,
    };
    let part = PageQuery::of(*page, *page_size).request();
    let Page { count, results, request } = list_moves(ctx, tx, &filter, part)?;
    let seen = seen_moves(ctx, tx, results)?;
    Ok(Page::new(request, count, seen.into_iter().map(|one| MoveOut::of(ctx, one)).collect()))
}

/// The moves that fit, newest first.
#[utoipa::path(get, path = "/api/stock/moves", tag = "stock", params(MoveQuery),
    responses((status = 200, body = Listed<MoveOut>)))]
pub(super) async fn list_stock_moves(
    caller: Caller,
    Query(query): Query<MoveQuery>,
) -> web::Result<Json<Listed<MoveOut>>> {
    let found = caller.read(move |ctx, tx| moves(ctx, tx, &query, None)).await?;
    Ok(Json(Listed::of(&caller, found)))
}

/// The adjustments that fit, newest first.
#[utoipa::path(get, path = "/api/stock/adjustments", tag = "stock", params(MoveQuery),
    responses((status = 200, body = Listed<MoveOut>)))]
pub(super) async fn list_stock_adjustments(
    caller: Caller,
    Query(query): Query<MoveQuery>,
) -> web::Result<Json<Listed<MoveOut>>> {
    let found = caller.read(move |ctx, tx| moves(ctx, tx, &query, Some(MoveKind::Adjustment))).await?;
    Ok(Json(Listed::of(&caller, found)))
}

/// What a count found: either how much is there, or how much more or less than the books say.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct AdjustmentIn {
    /// The product.
    pub product_id: i64,
    /// The warehouse; the default one where nobody says.
    pub warehouse_id: Option<i64>,
    /// How much is there.
    #[schema(value_type = Option<f64>)]
    pub counted: Option<Quantity>,
    /// How much more (or, below zero, less) than the books say.
    #[schema(value_type = Option<f64>)]
    pub difference: Option<Quantity>,
    /// What one unit of a surplus cost, in so'm; the average where nobody says.
    #[schema(value_type = Option<f64>)]
    pub unit_cost: Option<Money>,
    /// Why.
    #[serde(default)]
    pub note: String,
}

impl AdjustmentIn {
    fn by(&self) -> Result<AdjustBy> {
        match (self.counted, self.difference) {
            (Some(counted), None) => Ok(AdjustBy::Counted(counted)),
            (None, Some(difference)) => Ok(AdjustBy::Difference(difference)),
            _ => Err(Error::field("counted", Text::new("stock-adjustment-one-of"))),
        }
    }

    fn input(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<Adjust> {
        let by = self.by()?;
        let Self { product_id, warehouse_id, counted: _, difference: _, unit_cost, note } = self;
        let product = product_by_number(ctx, tx, product_id)?.id;
        Ok(Adjust { warehouse: warehouse_by_number(ctx, tx, warehouse_id)?, product, by, unit_cost, note })
    }
}

/// What came of a count.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AdjustmentOut {
    /// The move that was written; none when the books agreed with the count.
    #[serde(rename = "move")]
    pub moved: Option<MoveOut>,
}

/// Brings the books to what a count found.
#[utoipa::path(post, path = "/api/stock/adjustments", tag = "stock", request_body = AdjustmentIn,
    responses((status = 201, body = AdjustmentOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn adjust_stock(
    caller: Caller,
    Json(body): Json<AdjustmentIn>,
) -> web::Result<(StatusCode, Json<AdjustmentOut>)> {
    let out = caller
        .once(move |ctx, tx| {
            let input = body.clone().input(ctx, tx)?;
            let moves: Vec<Move> = adjust(ctx, tx, input)?.into_iter().collect();
            let moved = seen_moves(ctx, tx, moves)?.pop().map(|seen| MoveOut::of(ctx, seen));
            Ok(AdjustmentOut { moved })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(out)))
}

/// A product of which too little is left.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LowStockOut {
    pub product_id: Option<i64>,
    pub product_name: String,
    pub unit: String,
    #[schema(value_type = f64)]
    pub free: Quantity,
    #[schema(value_type = f64)]
    pub minimum_quantity: Quantity,
}

/// The products of which less is free than their cards ask for, those that lack most first.
#[utoipa::path(get, path = "/api/stock/low", tag = "stock", params(PageQuery),
    responses((status = 200, body = Listed<LowStockOut>)))]
pub(super) async fn list_low_stock_products(
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> web::Result<Json<Listed<LowStockOut>>> {
    let found = caller
        .read(move |ctx, tx| {
            let page = list_low_stock(ctx, tx, query.request())?;
            let products = products_of(ctx, tx, page.results.iter().map(|low| low.product))?;
            Ok(page.map(|LowStock { product, free, minimum }| {
                let product = products.get(&product);
                LowStockOut {
                    product_id: product.map(|p| p.number),
                    product_name: product.map(|p| p.name.get(ctx.lang()).to_owned()).unwrap_or_default(),
                    unit: product.map(|p| p.unit.clone()).unwrap_or_default(),
                    free,
                    minimum_quantity: minimum,
                }
            }))
        })
        .await?;
    Ok(Json(Listed::of(&caller, found)))
}
