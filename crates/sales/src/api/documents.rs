//! What is done with a confirmed order: `/api/sales-orders/{id}/deliver`, `/invoice`, `/payments`, `/refunds`, `/close`,
//! and `/api/sales-deliveries`.

use axum::extract::Path;
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Checks, Date, Money, Quantity, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Caller, Json, OptionalJson, ProblemBody, RowKey};

use super::{
    deliveries::find_delivery,
    invoices::SalesInvoiceOut,
    output::SalesOrderOut,
    payments::{SalesPaymentIn, SalesPaymentOut},
    shown,
};
use crate::{
    DeliveryLine, DeliveryNote, LineQuantities, NewDelivery, NewInvoice, Order, OrderLine, close_order,
    deliver_order, deliveries_of, delivery_lines, get_order, invoice_order, invoices_of, order_lines,
    pay_order, payments_of, refund_order, seen::find, undo_delivery,
};

/// How much of a line of the order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LineQuantityIn {
    /// The place of the line in the order, from 1.
    pub line: u32,
    /// How much of it.
    #[schema(value_type = f64)]
    pub quantity: Quantity,
}

/// The ids of the lines that are named by their places.
pub(super) fn lines_said(
    lines: &[OrderLine],
    said: Option<Vec<LineQuantityIn>>,
) -> Result<Option<LineQuantities>> {
    let Some(said) = said else { return Ok(None) };
    let mut checks = Checks::new();
    let mut found = Vec::with_capacity(said.len());
    for (place, LineQuantityIn { line, quantity }) in said.into_iter().enumerate() {
        match lines.iter().find(|one| one.position == line) {
            Some(one) => found.push((one.id, quantity)),
            None => checks.refuse(format!("lines.{place}.line"), Text::new("sales-line-unknown")),
        }
    }
    checks.done()?;
    Ok(Some(found))
}

/// What goes out.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct DeliverIn {
    /// How much of which line; everything that is left where nobody says.
    pub lines: Option<Vec<LineQuantityIn>>,
    /// The business date; today where nobody says.
    #[schema(value_type = Option<String>)]
    pub date: Option<Date>,
    /// Whatever else there is to say.
    pub note: String,
}

/// Sends goods of a confirmed order out, all that is left or a part. They leave the warehouse at their average cost, and
/// the ledger has it.
#[utoipa::path(post, path = "/api/sales-orders/{id}/deliver", tag = "sales", params(("id" = String, Path)),
    request_body = DeliverIn, responses((status = 200, body = SalesOrderOut), (status = 409, body = ProblemBody)))]
pub(super) async fn deliver_sales_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    OptionalJson(body): OptionalJson<DeliverIn>,
) -> web::Result<Json<SalesOrderOut>> {
    let words = caller.words();
    let deliver = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let order = find(ctx, tx, key)?;
        let DeliverIn { lines, date, note } = body.clone();
        let lines = lines_said(&order_lines(ctx, tx, order.id)?, lines)?;
        let (order, _) = deliver_order(ctx, tx, order.id, NewDelivery { lines, on: date, note })?;
        shown(ctx, tx, &words, order)
    };
    Ok(Json(caller.once(deliver).await?))
}

/// What an invoice is made with.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct InvoiceIn {
    /// The business date, whose rates of VAT hold; today where nobody says.
    #[schema(value_type = Option<String>)]
    pub date: Option<Date>,
    /// Whatever else there is to say.
    pub note: String,
}

/// Invoices what went out for an order and is not invoiced yet. Advances pay it at once.
#[utoipa::path(post, path = "/api/sales-orders/{id}/invoice", tag = "sales", params(("id" = String, Path)),
    request_body = InvoiceIn, responses((status = 200, body = SalesInvoiceOut), (status = 409, body = ProblemBody)))]
pub(super) async fn invoice_sales_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    OptionalJson(InvoiceIn { date, note }): OptionalJson<InvoiceIn>,
) -> web::Result<Json<SalesInvoiceOut>> {
    let lang = caller.ctx.lang();
    let invoice = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let id = find(ctx, tx, key)?.id;
        let (_, invoice) = invoice_order(ctx, tx, id, NewInvoice { on: date, note: note.clone() })?;
        SalesInvoiceOut::whole(ctx, tx, invoice, lang)
    };
    Ok(Json(caller.once(invoice).await?))
}

/// Ends an order of which a part went out: the rest never will, and what is kept for it is free.
#[utoipa::path(post, path = "/api/sales-orders/{id}/close", tag = "sales", params(("id" = String, Path)),
    responses((status = 200, body = SalesOrderOut), (status = 409, body = ProblemBody)))]
pub(super) async fn close_sales_order(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<SalesOrderOut>> {
    let words = caller.words();
    let close = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let id = find(ctx, tx, key)?.id;
        let order = close_order(ctx, tx, id)?;
        shown(ctx, tx, &words, order)
    };
    Ok(Json(caller.once(close).await?))
}

/// Takes a customer's money for an order: its invoices first; the rest is an advance.
#[utoipa::path(post, path = "/api/sales-orders/{id}/payments", tag = "sales", params(("id" = String, Path)),
    request_body = SalesPaymentIn, responses((status = 200, body = SalesPaymentOut), (status = 409, body = ProblemBody)))]
pub(super) async fn pay_sales_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    OptionalJson(body): OptionalJson<SalesPaymentIn>,
) -> web::Result<Json<SalesPaymentOut>> {
    let pay = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let id = find(ctx, tx, key)?.id;
        let new = body.clone().payment(ctx, tx)?;
        let (_, payment) = pay_order(ctx, tx, id, new)?;
        SalesPaymentOut::one(ctx, tx, payment)
    };
    Ok(Json(caller.once(pay).await?))
}

/// Gives a customer money back: what of their payments pays nothing.
#[utoipa::path(post, path = "/api/sales-orders/{id}/refunds", tag = "sales", params(("id" = String, Path)),
    request_body = SalesPaymentIn, responses((status = 200, body = SalesPaymentOut), (status = 409, body = ProblemBody)))]
pub(super) async fn refund_sales_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    OptionalJson(body): OptionalJson<SalesPaymentIn>,
) -> web::Result<Json<SalesPaymentOut>> {
    let refund = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let id = find(ctx, tx, key)?.id;
        let new = body.clone().payment(ctx, tx)?;
        let (_, refund) = refund_order(ctx, tx, id, new)?;
        SalesPaymentOut::one(ctx, tx, refund)
    };
    Ok(Json(caller.once(refund).await?))
}

/// Goods that went out together.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesDeliveryOut {
    pub id: i64,
    pub uuid: Uuid,
    /// The number of the order.
    pub order_id: i64,
    #[schema(value_type = String)]
    pub date: Date,
    /// What the goods cost.
    #[schema(value_type = f64)]
    pub cost: Money,
    pub note: String,
    pub lines: Vec<SalesDeliveryLineOut>,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it was taken back as a mistake.
    #[schema(value_type = Option<String>)]
    pub undone_at: Option<Timestamp>,
}

/// What went of one line of the order from one warehouse.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesDeliveryLineOut {
    /// The place of the order's line.
    pub line: u32,
    #[schema(value_type = f64)]
    pub quantity: Quantity,
    #[schema(value_type = f64)]
    pub cost: Money,
}

impl SalesDeliveryOut {
    /// One of them, with its lines.
    pub(super) fn one(ctx: &Ctx, tx: &mut ReadTx, delivery: DeliveryNote) -> Result<Self> {
        let order = get_order(ctx, tx, delivery.order)?;
        let lines = order_lines(ctx, tx, order.id)?;
        Self::of(ctx, tx, &order, &lines, delivery)
    }

    fn of(
        ctx: &Ctx,
        tx: &mut ReadTx,
        order: &Order,
        lines: &[OrderLine],
        delivery: DeliveryNote,
    ) -> Result<Self> {
        let line = |one: DeliveryLine| {
            let DeliveryLine { position: _, order_line, product: _, warehouse: _, quantity, cost } = one;
            let place = lines.iter().find(|line| line.id == order_line).map_or(0, |line| line.position);
            SalesDeliveryLineOut { line: place, quantity, cost }
        };
        let lines = delivery_lines(ctx, tx, delivery.id)?.into_iter().map(line).collect();
        let DeliveryNote {
            id,
            number,
            order: _,
            delivered_on,
            cost,
            line_count: _,
            note,
            created_at,
            undone_at,
        } = delivery;
        Ok(Self {
            id: number,
            uuid: id.uuid(),
            order_id: order.number,
            date: delivered_on,
            cost,
            note,
            lines,
            created_at,
            undone_at,
        })
    }
}

/// Everything that followed an order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesOrderDocumentsOut {
    pub deliveries: Vec<SalesDeliveryOut>,
    /// Invoices and credit notes.
    pub invoices: Vec<SalesInvoiceOut>,
    /// Payments and refunds.
    pub payments: Vec<SalesPaymentOut>,
}

fn documents(
    ctx: &Ctx,
    tx: &mut ReadTx,
    order: &Order,
    lang: kernel::Lang,
) -> Result<SalesOrderDocumentsOut> {
    let lines = order_lines(ctx, tx, order.id)?;
    let mut deliveries = Vec::new();
    for delivery in deliveries_of(ctx, tx, order.id)? {
        deliveries.push(SalesDeliveryOut::of(ctx, tx, order, &lines, delivery)?);
    }
    let mut invoices = Vec::new();
    for invoice in invoices_of(ctx, tx, order.id)? {
        invoices.push(SalesInvoiceOut::whole(ctx, tx, invoice, lang)?);
    }
    let payments = payments_of(ctx, tx, order.id)?;
    let payments = SalesPaymentOut::all(ctx, tx, payments)?;
    Ok(SalesOrderDocumentsOut { deliveries, invoices, payments })
}

/// Everything that followed an order: deliveries, invoices and credit notes, payments and refunds.
#[utoipa::path(get, path = "/api/sales-orders/{id}/documents", tag = "sales", params(("id" = String, Path)),
    responses((status = 200, body = SalesOrderDocumentsOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_sales_order_documents(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<SalesOrderDocumentsOut>> {
    let lang = caller.ctx.lang();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let order = find(ctx, tx, key)?;
        documents(ctx, tx, &order, lang)
    };
    Ok(Json(caller.read(read).await?))
}

/// When something is taken back.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct TakeBackIn {
    /// The business date; today where nobody says.
    #[schema(value_type = Option<String>)]
    pub date: Option<Date>,
}

/// Takes a delivery back that was a mistake and is not invoiced: its goods are kept for the order again.
#[utoipa::path(post, path = "/api/sales-deliveries/{id}/undo", tag = "sales", params(("id" = String, Path)),
    request_body = TakeBackIn, responses((status = 200, body = SalesDeliveryOut), (status = 409, body = ProblemBody)))]
pub(super) async fn undo_sales_delivery(
    caller: Caller,
    Path(key): Path<RowKey>,
    OptionalJson(TakeBackIn { date }): OptionalJson<TakeBackIn>,
) -> web::Result<Json<SalesDeliveryOut>> {
    let undo = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let delivery = find_delivery(ctx, tx, key)?;
        undo_delivery(ctx, tx, delivery.id, date)?;
        let delivery = find_delivery(ctx, tx, key)?;
        SalesDeliveryOut::one(ctx, tx, delivery)
    };
    Ok(Json(caller.once(undo).await?))
}
