//! The REST API of stock.

mod balances;
mod receipts;
mod warehouses;

use std::collections::HashMap;

use catalog::Product;
use context::Ctx;
use db::ReadTx;
use kernel::{Checks, Error, Id, Result, Text};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

pub(crate) use warehouses::find as find_warehouse;

use crate::Warehouse;

/// Every route, with its OpenAPI.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(balances::list_stock_balances))
        .routes(routes!(balances::list_stock_moves))
        .routes(routes!(balances::list_low_stock_products))
        .routes(routes!(balances::list_stock_adjustments, balances::adjust_stock))
        .routes(routes!(receipts::list_stock_receipts, receipts::create_stock_receipt))
        .routes(routes!(
            receipts::get_stock_receipt,
            receipts::replace_stock_receipt,
            receipts::delete_stock_receipt
        ))
        .routes(routes!(receipts::post_stock_receipt))
        .routes(routes!(warehouses::list_warehouses, warehouses::create_warehouse))
        .routes(routes!(
            warehouses::get_warehouse,
            warehouses::replace_warehouse,
            warehouses::change_warehouse
        ))
}

/// The products with these numbers, in this order; every unknown one is named as `lines.N.product_id`.
pub(crate) fn products_by_number(ctx: &Ctx, tx: &mut ReadTx, numbers: &[i64]) -> Result<Vec<Product>> {
    let mut distinct = numbers.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut found: HashMap<i64, Product> = HashMap::with_capacity(distinct.len());
    for some in distinct.chunks(crate::batch::ROWS_PER_STATEMENT) {
        found.extend(catalog::find_by_numbers(ctx, tx, some)?.into_iter().map(|p| (p.number, p)));
    }
    let mut checks = Checks::new();
    let mut products = Vec::with_capacity(numbers.len());
    for (place, number) in numbers.iter().enumerate() {
        match found.get(number) {
            Some(product) => products.push(product.clone()),
            None => {
                checks.refuse(format!("lines.{place}.product_id"), Text::new("stock-product-unknown"));
            }
        }
    }
    checks.done().map(|()| products)
}

/// The product with this number; an unknown one is named as `product_id`.
pub(crate) fn product_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Product> {
    let unknown = || Error::field("product_id", Text::new("stock-product-unknown"));
    catalog::find_by_number(ctx, tx, number)?.ok_or_else(unknown)
}

/// The id of the warehouse with this number, where one is named; an unknown one is named as `warehouse_id`.
pub(crate) fn warehouse_by_number(
    ctx: &Ctx,
    tx: &mut ReadTx,
    number: Option<i64>,
) -> Result<Option<Id<Warehouse>>> {
    let Some(number) = number else { return Ok(None) };
    let unknown = || Error::field("warehouse_id", Text::new("stock-warehouse-unknown"));
    crate::find_warehouse_by_number(ctx, tx, number)?.map(|found| Some(found.id)).ok_or_else(unknown)
}

/// The id of the supplier with this number, where one is named; an unknown one is named as `supplier_id`.
pub(crate) fn supplier_by_number(
    ctx: &Ctx,
    tx: &mut ReadTx,
    number: Option<i64>,
) -> Result<Option<Id<contacts::Contact>>> {
    let Some(number) = number else { return Ok(None) };
    let unknown = || Error::field("supplier_id", Text::new("stock-supplier-unknown"));
    contacts::find_by_number(ctx, tx, number)?.map(|found| Some(found.id)).ok_or_else(unknown)
}
