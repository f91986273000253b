//! The form of an order, with the server's own sums while it is typed.

use std::collections::HashMap;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use catalog::Vat;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Money, Rate, Result, Text};
use web::{
    Caller, Multi, RowKey,
    pages::{
        Choice, Field, Form, FormPage, Go, Lines, ListQuery, Notice, Shell, Tone, Totals, form_again, render,
    },
};

use super::typed::OrderForm;
use crate::{
    Amounts, DeliveryKind, Fee, Order, Source, Status, Terms, count, create_order as create,
    prices_include_vat,
    seen::{find, whole},
    update_order as update,
};

/// Whose form it is: of a new order, or of one that stands.
enum Of<'o> {
    New,
    Order(&'o Order),
}

fn page(p: Shell, of: &Of<'_>, typed: &OrderForm, error: Option<&Error>) -> FormPage {
    let (action, back) = match of {
        Of::New => ("/orders/new".to_owned(), "/orders".to_owned()),
        Of::Order(order) => (format!("/orders/{}/edit", order.number), format!("/orders/{}", order.number)),
    };
    let p = match of {
        Of::New => p.titled("sales-order-new"),
        Of::Order(order) => {
            let title = p.t1("sales-order-number", "number", order.number.to_string());
            let crumb = title.clone();
            p.named(title).crumb("/orders", "sales-menu-orders").crumb_named(back.clone(), crumb)
        }
    };
    let p = if matches!(of, Of::New) { p.crumb("/orders", "sales-menu-orders") } else { p };
    let sums_only = matches!(of, Of::Order(order) if order.amounts_only);
    let kinds = DeliveryKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
    let kind =
        if typed.delivery_kind.is_empty() { DeliveryKind::Unsaid.word() } else { &typed.delivery_kind };
    let customer = Field::combobox(
        "customer_id",
        "sales-field-customer",
        "/contacts/options",
        &typed.customer,
        &typed.customer_shown,
    );
    let mut form = Form::new(&p, action)
        .error(error)
        .field(customer.half())
        .field(Field::date("ordered_on", "sales-field-day").value(&typed.ordered_on).required().quarter());
    if let Of::New = of {
        let states = [Status::New, Status::Draft, Status::Confirmed];
        let states = states.map(|status| Choice::new(status.word(), p.t(status.text_key()))).to_vec();
        let status = if typed.status.is_empty() { Status::New.word() } else { &typed.status };
        form = form.field(
            Field::select("status", "sales-field-status", states)
                .value(status)
                .required()
                .quarter()
                .help("sales-field-status-help"),
        );
    }
    if sums_only {
        form = form
            .field(
                Field::money("total_amount", "sales-field-total")
                    .value(&typed.total_amount)
                    .required()
                    .third(),
            )
            .field(Field::money("tax_amount", "sales-field-vat").value(&typed.tax_amount).third());
    }
    form = form
        .field(Field::money("discount", "sales-field-discount").value(&typed.discount).third())
        .field(Field::select("delivery.kind", "sales-field-delivery", kinds).value(kind).required().third())
        .field(Field::money("delivery.fee", "sales-field-delivery-fee").value(&typed.delivery_fee).third())
        .field(
            Field::text("delivery.address", "sales-field-delivery-address")
                .value(&typed.delivery_address)
                .max(500),
        )
        .field(Field::area("note", "sales-field-note").value(&typed.note).max(2_000))
        .hidden("version", &typed.version)
        .hidden("delivery.place", &typed.delivery_place)
        .cancel(back);
    if !sums_only {
        let lines = Lines::new(&p.words, "/products/options", typed.lines.clone());
        form = form.lines(lines.discounts().preview("/orders/totals").error(error));
    }
    let notice = matches!(of, Of::Order(order) if order.source == Source::Chat)
        .then(|| Notice::new(Tone::Info, p.t("sales-order-chat-edit")));
    let page = FormPage::new(p, form);
    match notice {
        Some(notice) => page.notice(notice),
        None => page,
    }
}

/// `GET /orders/new?customer=`.
pub(super) async fn new_order_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesCreate)?;
    let mut typed = OrderForm::empty(caller.ctx.today());
    if let Some(number) = query.get("customer").and_then(|number| number.parse().ok()) {
        let found = caller.read(move |ctx, tx| contacts::find_by_number(ctx, tx, number)).await?;
        if let Some(contact) = found {
            typed = typed.for_customer(&contact);
        }
    }
    Ok(render(&page(caller.shell(), &Of::New, &typed, None)))
}

/// `POST /orders/new`.
pub(super) async fn create_order(caller: Caller, form: Multi) -> web::Result<Response> {
    let typed = OrderForm::sent(&form);
    let sent = typed.clone();
    let made = caller
        .once(move |ctx, tx| {
            let status = sent.status()?;
            let content = sent.content(ctx, tx, None)?;
            Ok(create(ctx, tx, Source::Staff, status, content)?.number)
        })
        .await;
    match made {
        Ok(number) => {
            let done = Text::new("sales-order-created").with("number", number.to_string());
            Ok(Go::to(format!("/orders/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), &Of::New, &typed, Some(error)))?),
    }
}

/// `GET /orders/{id}/edit`.
pub(super) async fn edit_order_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesEdit)?;
    let whole = caller
        .read(move |ctx, tx| {
            let order = find(ctx, tx, key)?;
            whole(ctx, tx, order)
        })
        .await?;
    let number = whole.order.number;
    if !whole.order.status.is_editable() {
        return Ok(Go::to(format!("/orders/{number}")).into_response());
    }
    let typed = OrderForm::of(&whole, caller.ctx.lang());
    Ok(render(&page(caller.shell(), &Of::Order(&whole.order), &typed, None)))
}

/// `POST /orders/{id}/edit`.
pub(super) async fn update_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    form: Multi,
) -> web::Result<Response> {
    let typed = OrderForm::sent(&form);
    let order = caller.read(move |ctx, tx| find(ctx, tx, key)).await?;
    let (stands, sent) = (order.clone(), typed.clone());
    let written = caller
        .write(move |ctx, tx| {
            let sums_of = Some(&stands).filter(|order| order.amounts_only);
            let content = sent.content(ctx, tx, sums_of)?;
            update(ctx, tx, stands.id, sent.version(), content)
        })
        .await;
    match written {
        Ok(order) => {
            let done = Text::new("sales-order-saved").with("number", order.number.to_string());
            Ok(Go::to(format!("/orders/{}", order.number)).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            let of = Of::Order(&order);
            Ok(form_again(error, |error| page(caller.shell(), &of, &typed, Some(error)))?)
        }
    }
}

/// `POST /orders/totals`: what the form comes to as it is typed. What cannot be read yet is left out.
pub(super) async fn order_totals(caller: Caller, form: Multi) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesRead)?;
    let typed = OrderForm::sent(&form);
    let (amounts, off) = caller.read(move |ctx, tx| sums(ctx, tx, &typed)).await?;
    let words = caller.words();
    let Amounts { net, vat, total } = amounts;
    let mut rows = Vec::new();
    if !off.is_zero() {
        rows.push((words.t("sales-field-discount"), Money::ZERO.minus(off)?));
    }
    rows.extend([
        (words.t("sales-field-net"), net),
        (words.t("sales-field-vat"), vat),
        (words.t("sales-field-total"), total),
    ]);
    Ok(render(&Totals::new(&words, rows)))
}

fn sums(ctx: &Ctx, tx: &mut ReadTx, typed: &OrderForm) -> Result<(Amounts, Money)> {
    let (lines, discount, fee, day) = typed.readable(ctx.today());
    let mut numbers: Vec<_> = lines.iter().map(|line| line.product_id).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.truncate(crate::MAX_LINES);
    let products: HashMap<_, _> = if numbers.is_empty() {
        HashMap::new()
    } else {
        catalog::find_by_numbers(ctx, tx, &numbers)?.into_iter().map(|p| (p.number, p)).collect()
    };
    let rates = tax::vat_rates(ctx, tx)?;
    let whole_percent = Rate::from_percent(100);
    let terms: Vec<_> = lines
        .iter()
        .filter(|line| line.quantity.is_positive())
        .filter_map(|line| {
            let product = products.get(&line.product_id)?;
            Some(Terms {
                quantity: line.quantity,
                price: line.price.unwrap_or(product.sale_price).max(Money::ZERO),
                discount: line.discount_percent.clamp(Rate::default(), whole_percent),
                vat_rate: rates.on(product.vat, day),
            })
        })
        .collect();
    let fee = Fee { amount: fee.max(Money::ZERO), vat_rate: rates.on(Vat::Standard, day) };
    let includes_vat = prices_include_vat(ctx, tx)?;
    let with = |discount: Money| count(&terms, discount, fee, includes_vat);
    match with(discount) {
        Ok(counted) => Ok((counted.whole, discount)),
        // A discount above the goods, or a sum beyond all bounds: the form says so when it is sent.
        Err(_) => Ok((with(Money::ZERO).map(|counted| counted.whole).unwrap_or_default(), Money::ZERO)),
    }
}
