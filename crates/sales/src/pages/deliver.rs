//! The form of a delivery, and orders that are closed without the rest.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Checks, Date, Id, Quantity, Result, Text};
use web::{
    Caller, Multi, RowKey,
    pages::{Field, Form, FormPage, Go, Shell, form_again, render},
};

use super::order::step;
use crate::{
    LineQuantities, NewDelivery, Order, OrderLine, close_order as close, deliver_order as deliver,
    seen::{SeenLine, WholeOrder, find, whole},
};

/// What the forms of a delivery and of a credit note send: how much of which line, on which day.
#[derive(Debug, Clone, Default)]
pub(super) struct QuantitiesForm {
    pub(super) date: String,
    pub(super) note: String,
    pub(super) quantities: Vec<String>,
}

impl QuantitiesForm {
    /// Filled in with these quantities.
    pub(super) fn of(today: Date, quantities: impl Iterator<Item = Quantity>) -> Self {
        let quantities = quantities.map(|quantity| quantity.to_string()).collect();
        Self { date: today.to_string(), note: String::new(), quantities }
    }

    /// As it was sent; the form has `lines` lines.
    pub(super) fn sent(form: &Multi, lines: usize) -> Self {
        let quantity = |place: usize| form.get(&format!("lines.{place}.quantity")).trim().to_owned();
        Self {
            date: form.get("date").trim().to_owned(),
            note: form.get("note").to_owned(),
            quantities: (0..lines).map(quantity).collect(),
        }
    }

    /// The day and the quantities, or everything that is wrong with what was typed. An empty field is nothing.
    pub(super) fn read(&self, lines: &[Id<OrderLine>]) -> Result<(Option<Date>, LineQuantities)> {
        let mut checks = Checks::new();
        let date = checks.take("date", Date::parse(&self.date));
        let mut quantities = Vec::with_capacity(lines.len());
        for (place, (id, text)) in lines.iter().zip(&self.quantities).enumerate() {
            let quantity = if text.is_empty() {
                Some(Quantity::ZERO)
            } else {
                checks.take(&format!("lines.{place}.quantity"), Quantity::parse(text))
            };
            quantities.push((*id, quantity.unwrap_or_default()));
        }
        checks.done()?;
        Ok((date, quantities))
    }

    /// The field of the line at `place`.
    pub(super) fn field(&self, place: usize, name: &str, unit: &str) -> Field {
        let value = self.quantities.get(place).cloned().unwrap_or_default();
        Field::quantity(format!("lines.{place}.quantity"), "web-line-quantity", unit)
            .called(name)
            .value(value)
            .half()
    }
}

fn title(p: &Shell, order: &Order) -> String {
    p.t1("sales-order-number", "number", order.number.to_string())
}

/// The shell of a form about an order, with the way back to it.
pub(super) fn about(p: Shell, order: &Order, key: &'static str) -> Shell {
    let name = title(&p, order);
    p.titled(key)
        .crumb("/orders", "sales-menu-orders")
        .crumb_named(format!("/orders/{}", order.number), name)
        .narrow()
}

fn page(p: Shell, whole: &WholeOrder, typed: &QuantitiesForm, error: Option<&kernel::Error>) -> FormPage {
    let WholeOrder { order, lines, .. } = whole;
    let back = format!("/orders/{}", order.number);
    let p = about(p, order, "sales-deliver");
    let mut form = Form::new(&p, format!("{back}/deliver"))
        .error(error)
        .field(Field::date("date", "sales-field-day").value(&typed.date).required().half());
    for (place, seen) in lines.iter().enumerate() {
        let SeenLine { line, product, .. } = seen;
        let left = line.to_deliver().unwrap_or_default();
        let unit = product.unit_in(p.lang());
        let field = typed.field(place, product.name.get(p.lang()), unit);
        form = form.field(field.hint(p.t1("sales-left-to-deliver", "quantity", left)));
    }
    let form = form
        .field(Field::area("note", "sales-field-note").value(&typed.note).max(2_000))
        .submit("sales-deliver")
        .submit_icon("truck")
        .cancel(back);
    FormPage::new(p, form)
}

/// `GET /orders/{id}/deliver`.
pub(super) async fn deliver_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesEdit)?;
    let whole = caller
        .read(move |ctx, tx| {
            let order = find(ctx, tx, key)?;
            whole(ctx, tx, order)
        })
        .await?;
    if !whole.order.can_deliver() {
        return Ok(Go::to(format!("/orders/{}", whole.order.number)).into_response());
    }
    let left = whole.lines.iter().map(|seen| seen.line.to_deliver()).collect::<Result<Vec<_>>>()?;
    let typed = QuantitiesForm::of(caller.ctx.today(), left.into_iter());
    Ok(render(&page(caller.shell(), &whole, &typed, None)))
}

/// `POST /orders/{id}/deliver`.
pub(super) async fn deliver_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    form: Multi,
) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesEdit)?;
    let whole = caller
        .read(move |ctx, tx| {
            let order = find(ctx, tx, key)?;
            whole(ctx, tx, order)
        })
        .await?;
    let typed = QuantitiesForm::sent(&form, whole.lines.len());
    let ids: Vec<_> = whole.lines.iter().map(|seen| seen.line.id).collect();
    let (id, number, sent) = (whole.order.id, whole.order.number, typed.clone());
    let done = caller
        .once(move |ctx, tx| {
            let (on, lines) = sent.read(&ids)?;
            let new = NewDelivery { lines: Some(lines), on, note: sent.note.clone() };
            deliver(ctx, tx, id, new).map(drop)
        })
        .await;
    match done {
        Ok(()) => {
            let done = Text::new("sales-order-delivered").with("number", number.to_string());
            Ok(Go::to(format!("/orders/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), &whole, &typed, Some(error)))?),
    }
}

/// `POST /orders/{id}/close`.
pub(super) async fn close_order(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    step(&caller, key, "sales-order-closed", |ctx, tx, order| close(ctx, tx, order.id).map(drop)).await
}
