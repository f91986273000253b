//! The form of a receipt.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Date, Error, FieldError, Kind, Lang, Money, Quantity, Rate, Result, Text};
use web::{
    Caller, Multi, RowKey,
    pages::{Field, Form, FormPage, Go, Line, Lines, Shell, form_again, render},
};

use super::{receipts::fits_a_form, warehouse_choices};
use crate::{
    NewReceipt, NewReceiptLine, Receipt, ReceiptStatus, Warehouse,
    api::{products_by_number, supplier_by_number, warehouse_by_number},
    create_receipt as create,
    seen::{SeenLine, SeenReceipt, find_receipt, seen_lines, seen_receipts},
    update_receipt as update, warehouses,
};

/// The fields as typed.
#[derive(Debug, Clone, Default)]
struct ReceiptForm {
    warehouse: String,
    supplier: String,
    supplier_shown: String,
    received_on: String,
    note: String,
    version: String,
    lines: Vec<Line>,
}

impl ReceiptForm {
    fn empty(today: Date) -> Self {
        Self { received_on: today.to_string(), lines: vec![Line::default()], ..Self::default() }
    }

    fn sent(form: &Multi) -> Self {
        let text = |name: &str| form.get(name).trim().to_owned();
        Self {
            warehouse: text("warehouse_id"),
            supplier: text("supplier_id"),
            supplier_shown: text("supplier_id_shown"),
            received_on: text("received_on"),
            note: form.get("note").to_owned(),
            version: text("version"),
            lines: Line::sent(form),
        }
    }

    fn of(seen: &SeenReceipt, lines: &[SeenLine], lang: Lang) -> Self {
        let SeenReceipt { receipt, warehouse, supplier } = seen;
        let line = |seen: &SeenLine| {
            let product = seen.product.as_ref()?;
            Some(Line::stored(
                product.number.to_string(),
                product.name.get(lang),
                product.unit_in(lang),
                seen.line.quantity,
                seen.line.unit_cost,
                Rate::default(),
            ))
        };
        Self {
            warehouse: warehouse.as_ref().map(|found| found.number.to_string()).unwrap_or_default(),
            supplier: supplier.as_ref().map(|contact| contact.number.to_string()).unwrap_or_default(),
            supplier_shown: supplier.as_ref().map(|contact| contact.name.clone()).unwrap_or_default(),
            received_on: receipt.received_on.to_string(),
            note: receipt.note.clone(),
            version: receipt.version.to_string(),
            lines: lines.iter().filter_map(line).collect(),
        }
    }

    /// What the action takes, or everything that is wrong with what was typed.
    fn input(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<NewReceipt> {
        let mut checks = Checks::new();
        let given = |text: &str| !text.is_empty();
        let received_on = checks.take("received_on", Date::parse(&self.received_on));
        let number =
            |text: &str, key: &'static str| text.parse::<i64>().map_err(|_| Error::invalid(Text::new(key)));
        let warehouse = match given(&self.warehouse) {
            true => checks.take("warehouse_id", number(&self.warehouse, "stock-warehouse-unknown")),
            false => None,
        };
        let supplier = match given(&self.supplier) || given(&self.supplier_shown) {
            true => checks.take("supplier_id", number(&self.supplier, "stock-supplier-choose")),
            false => None,
        };
        let mut lines = Vec::with_capacity(self.lines.len());
        for (place, line) in self.lines.iter().enumerate() {
            let field = |name: &str| format!("lines.{place}.{name}");
            let product = checks.take(&field("product_id"), number(&line.product_id, "stock-product-choose"));
            let quantity = checks.take(&field("quantity"), Quantity::parse(&line.quantity));
            let unit_cost = checks.take(&field("price"), Money::parse(&line.price));
            if let (Some(product), Some(quantity), Some(unit_cost)) = (product, quantity, unit_cost) {
                lines.push((product, quantity, unit_cost));
            }
        }
        checks.done()?;
        let numbers: Vec<_> = lines.iter().map(|(number, ..)| *number).collect();
        let products = products_by_number(ctx, tx, &numbers)?;
        let lines = lines.into_iter().zip(products).map(|((_, quantity, unit_cost), product)| {
            NewReceiptLine { product: product.id, quantity, unit_cost }
        });
        let lines = lines.collect();
        let supplier = supplier_by_number(ctx, tx, supplier)?;
        let warehouse = warehouse_by_number(ctx, tx, warehouse)?;
        Ok(NewReceipt { warehouse, supplier, received_on, note: self.note.clone(), lines })
    }
}

/// The form's name for the cost of one unit is that of every line: the price.
fn as_the_form_says(error: Error) -> Error {
    if error.kind() != Kind::Invalid || error.field_errors().is_empty() {
        return error;
    }
    let renamed = |FieldError { field, text }: &FieldError| {
        let field =
            field.strip_suffix("unit_cost").map_or_else(|| field.clone(), |start| format!("{start}price"));
        FieldError { field, text: text.clone() }
    };
    Error::fields(error.field_errors().iter().map(renamed).collect())
}

fn page(
    p: Shell,
    receipt: Option<&Receipt>,
    typed: &ReceiptForm,
    places: &[Warehouse],
    error: Option<&Error>,
) -> FormPage {
    let p = p.crumb("/stock/receipts", "stock-menu-receipts");
    let (p, action, back) = match receipt {
        None => {
            (p.titled("stock-receipt-new"), "/stock/receipts/new".to_owned(), "/stock/receipts".to_owned())
        }
        Some(receipt) => {
            let title = p.t1("stock-receipt-number", "number", receipt.number.to_string());
            let back = format!("/stock/receipts/{}", receipt.number);
            (p.named(title.clone()).crumb_named(back.clone(), title), format!("{back}/edit"), back)
        }
    };
    let supplier = Field::combobox(
        "supplier_id",
        "stock-field-supplier",
        "/contacts/options",
        &typed.supplier,
        &typed.supplier_shown,
    );
    let mut form = Form::new(&p, action).error(error).field(supplier.half()).field(
        Field::date("received_on", "stock-field-received-on").value(&typed.received_on).required().quarter(),
    );
    let choices = warehouse_choices(places);
    if choices.len() > 1 {
        let first = places.iter().find(|place| place.is_default).map(|place| place.number.to_string());
        let value =
            if typed.warehouse.is_empty() { first.unwrap_or_default() } else { typed.warehouse.clone() };
        let field = Field::select("warehouse_id", "stock-field-warehouse", choices).value(value);
        form = form.field(field.required().quarter());
    }
    let lines = Lines::new(&p.words, "/products/options", typed.lines.clone()).error(error);
    let form = form
        .field(Field::area("note", "stock-field-note").value(&typed.note).max(1_000))
        .hidden("version", &typed.version)
        .lines(lines)
        .cancel(back);
    FormPage::new(p, form)
}

/// `GET /stock/receipts/new`.
pub(super) async fn new_receipt_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryCreate)?;
    let places = caller.read(warehouses).await?;
    let typed = ReceiptForm::empty(caller.ctx.today());
    Ok(render(&page(caller.shell(), None, &typed, &places, None)))
}

/// `POST /stock/receipts/new`.
pub(super) async fn create_receipt(caller: Caller, form: Multi) -> web::Result<Response> {
    let typed = ReceiptForm::sent(&form);
    let sent = typed.clone();
    let made = caller
        .once(move |ctx, tx| {
            let new = sent.input(ctx, tx)?;
            Ok(create(ctx, tx, new)?.number)
        })
        .await;
    match made {
        Ok(number) => {
            let done = Text::new("stock-receipt-saved").with("number", number.to_string());
            Ok(Go::to(format!("/stock/receipts/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            let places = caller.read(warehouses).await?;
            let again = |error: &Error| page(caller.shell(), None, &typed, &places, Some(error));
            Ok(form_again(as_the_form_says(error), again)?)
        }
    }
}

/// `GET /stock/receipts/{id}/edit`.
pub(super) async fn edit_receipt_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::InventoryEdit)?;
    let (receipt, seen, lines, places) = caller
        .read(move |ctx, tx| {
            let receipt = find_receipt(ctx, tx, key)?;
            let lines = if fits_a_form(&receipt) { seen_lines(ctx, tx, receipt.id)? } else { Vec::new() };
            let seen = seen_receipts(ctx, tx, vec![receipt.clone()])?.pop().ok_or_else(Error::not_found)?;
            Ok((receipt, seen, lines, warehouses(ctx, tx)?))
        })
        .await?;
    if receipt.status == ReceiptStatus::Posted || !fits_a_form(&receipt) {
        return Ok(Go::to(format!("/stock/receipts/{}", receipt.number)).into_response());
    }
    let typed = ReceiptForm::of(&seen, &lines, caller.ctx.lang());
    Ok(render(&page(caller.shell(), Some(&seen.receipt), &typed, &places, None)))
}

/// `POST /stock/receipts/{id}/edit`.
pub(super) async fn update_receipt(
    caller: Caller,
    Path(key): Path<RowKey>,
    form: Multi,
) -> web::Result<Response> {
    let typed = ReceiptForm::sent(&form);
    let receipt = caller.read(move |ctx, tx| find_receipt(ctx, tx, key)).await?;
    let (id, sent) = (receipt.id, typed.clone());
    let written = caller
        .write(move |ctx, tx| {
            let new = sent.input(ctx, tx)?;
            update(ctx, tx, id, sent.version.parse().ok(), new)
        })
        .await;
    match written {
        Ok(receipt) => {
            let done = Text::new("stock-receipt-saved").with("number", receipt.number.to_string());
            Ok(Go::to(format!("/stock/receipts/{}", receipt.number))
                .done(&caller.words(), &done)
                .into_response())
        }
        Err(error) => {
            let places = caller.read(warehouses).await?;
            let again = |error: &Error| page(caller.shell(), Some(&receipt), &typed, &places, Some(error));
            Ok(form_again(as_the_form_says(error), again)?)
        }
    }
}
