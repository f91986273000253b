//! The form of an adjustment.

use axum::response::{IntoResponse, Response};
use catalog::Product;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Error, Money, Quantity, Result, Text};
use serde::Deserialize;
use web::{
    Caller,
    pages::{Choice, Field, Form, FormPage, Go, ListQuery, Shell, form_again, render},
};

use super::warehouse_choices;
use crate::{
    Adjust, AdjustBy, Warehouse, adjust,
    api::{product_by_number, warehouse_by_number},
    warehouses,
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct AdjustForm {
    product_id: String,
    product_id_shown: String,
    warehouse_id: String,
    way: String,
    quantity: String,
    unit_cost: String,
    note: String,
}

/// The form says how much is there, or how much more or less than the books say.
const COUNTED: &str = "counted";
const DIFFERENCE: &str = "difference";

impl AdjustForm {
    fn of(product: &Product, lang: kernel::Lang) -> Self {
        Self {
            product_id: product.number.to_string(),
            product_id_shown: product.name.get(lang).to_owned(),
            ..Self::default()
        }
    }

    fn input(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<(Adjust, i64)> {
        let mut checks = Checks::new();
        let given = |text: &str| !text.trim().is_empty();
        let no_product = || Error::invalid(Text::new("stock-product-choose"));
        let number = checks.take("product_id", self.product_id.parse::<i64>().map_err(|_| no_product()));
        let quantity = checks.take("quantity", Quantity::parse(&self.quantity));
        let unit_cost = match given(&self.unit_cost) {
            true => checks.take("unit_cost", Money::parse(&self.unit_cost)),
            false => None,
        };
        let no_warehouse = || Error::invalid(Text::new("stock-warehouse-unknown"));
        let warehouse = match given(&self.warehouse_id) {
            true => checks.take("warehouse_id", self.warehouse_id.parse::<i64>().map_err(|_| no_warehouse())),
            false => None,
        };
        checks.done()?;
        let quantity = quantity.unwrap_or_default();
        let by =
            if self.way == DIFFERENCE { AdjustBy::Difference(quantity) } else { AdjustBy::Counted(quantity) };
        let number = number.unwrap_or_default();
        let product = product_by_number(ctx, tx, number)?.id;
        let warehouse = warehouse_by_number(ctx, tx, warehouse)?;
        Ok((Adjust { warehouse, product, by, unit_cost, note: self.note.clone() }, number))
    }
}

fn page(p: Shell, typed: &AdjustForm, places: &[Warehouse], error: Option<&Error>) -> FormPage {
    let p = p.titled("stock-adjust").crumb("/stock", "stock-menu-balances").narrow();
    let ways = vec![
        Choice::new(COUNTED, p.t("stock-adjust-counted")),
        Choice::new(DIFFERENCE, p.t("stock-adjust-difference")),
    ];
    let way = if typed.way.is_empty() { COUNTED } else { &typed.way };
    let product = Field::combobox(
        "product_id",
        "web-line-product",
        "/products/options",
        &typed.product_id,
        &typed.product_id_shown,
    );
    let mut form = Form::new(&p, "/stock/adjust")
        .error(error)
        .field(product.required())
        .field(Field::select("way", "stock-field-way", ways).value(way).required().half())
        .field(
            Field::quantity("quantity", "stock-field-quantity", "").value(&typed.quantity).required().half(),
        );
    let choices = warehouse_choices(places);
    if choices.len() > 1 {
        form = form.field(
            Field::select("warehouse_id", "stock-field-warehouse", choices).value(&typed.warehouse_id).half(),
        );
    }
    form = form
        .field(
            Field::money("unit_cost", "stock-field-unit-cost")
                .value(&typed.unit_cost)
                .half()
                .help("stock-field-unit-cost-help"),
        )
        .field(Field::area("note", "stock-field-reason").value(&typed.note).max(500))
        .cancel("/stock");
    FormPage::new(p, form)
}

/// `GET /stock/adjust?product=`.
pub(super) async fn adjust_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryEdit)?;
    let number: Option<i64> = query.get("product").and_then(|number| number.parse().ok());
    let (product, places) = caller
        .read(move |ctx, tx| {
            let product = match number {
                None => None,
                Some(number) => catalog::find_by_number(ctx, tx, number)?,
            };
            Ok((product, warehouses(ctx, tx)?))
        })
        .await?;
    let typed = product.map(|product| AdjustForm::of(&product, caller.ctx.lang())).unwrap_or_default();
    Ok(render(&page(caller.shell(), &typed, &places, None)))
}

/// `POST /stock/adjust`.
pub(super) async fn adjust_stock(
    caller: Caller,
    web::Form(typed): web::Form<AdjustForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryEdit)?;
    let sent = typed.clone();
    let written = caller
        .once(move |ctx, tx| {
            let (input, number) = sent.input(ctx, tx)?;
            Ok((number, adjust(ctx, tx, input)?.is_some()))
        })
        .await;
    match written {
        Ok((number, changed)) => {
            let done = Text::new(if changed { "stock-adjusted" } else { "stock-adjusted-nothing" });
            Ok(Go::to(format!("/stock/products/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            let places = caller.read(warehouses).await?;
            Ok(form_again(error, |error| page(caller.shell(), &typed, &places, Some(error)))?)
        }
    }
}
