//! `/api/sales-payments`: payments and refunds.

use std::collections::HashMap;

use axum::extract::Path;
use cash::Register;
use contacts::Contact;
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Date, Error, Id, Money, Page, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{Caller, Json, Listed, OptionalJson, PageQuery, ProblemBody, Query, RowKey};

use super::{customer, documents::TakeBackIn};
use crate::{
    NewPayment, Payment, PaymentFilter, get_order, get_payment, get_payment_by_number, list_payments,
    pay_on_account, refund_on_account, reverse_payment,
};

/// Money that comes or goes.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct SalesPaymentIn {
    /// How much, in so'm; all that is due where nobody says.
    #[schema(value_type = Option<f64>)]
    pub amount: Option<Money>,
    /// The number of the register; the default till where nobody says.
    pub register_id: Option<i64>,
    /// The business date; today where nobody says.
    #[schema(value_type = Option<String>)]
    pub date: Option<Date>,
    /// Whatever else there is to say.
    pub note: String,
}

/// Money that comes on account, or goes back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct AccountPaymentIn {
    /// Who pays, or is given money back.
    pub customer_id: i64,
    /// How much, in so'm; all that is open, or that can be given back, where nobody says.
    #[schema(value_type = Option<f64>)]
    pub amount: Option<Money>,
    /// The number of the register; the default till where nobody says.
    pub register_id: Option<i64>,
    /// The business date; today where nobody says.
    #[schema(value_type = Option<String>)]
    pub date: Option<Date>,
    /// Whatever else there is to say.
    #[serde(default)]
    pub note: String,
}

/// The register with this number.
pub(super) fn register(ctx: &Ctx, tx: &mut ReadTx, number: Option<i64>) -> Result<Option<Id<Register>>> {
    let Some(number) = number else { return Ok(None) };
    let unknown = || Error::field("register_id", Text::new("cash-register-unknown"));
    Ok(Some(cash::find_register_by_number(ctx, tx, number)?.ok_or_else(unknown)?.id))
}

impl SalesPaymentIn {
    /// What the action takes.
    pub(super) fn payment(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<NewPayment> {
        let Self { amount, register_id, date, note } = self;
        Ok(NewPayment { register: register(ctx, tx, register_id)?, amount, on: date, note })
    }
}

impl AccountPaymentIn {
    /// Who, and what the action takes.
    fn payment(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<(Id<Contact>, NewPayment)> {
        let Self { customer_id, amount, register_id, date, note } = self;
        let whom = customer(ctx, tx, customer_id)?;
        Ok((whom, SalesPaymentIn { amount, register_id, date, note }.payment(ctx, tx)?))
    }
}

/// A payment or a refund as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesPaymentOut {
    pub id: i64,
    pub uuid: Uuid,
    /// `payment` or `refund`.
    pub kind: String,
    /// The number of the order, where it is for one.
    pub order_id: Option<i64>,
    pub customer_id: Option<i64>,
    pub customer_name: Option<String>,
    pub register_id: Option<i64>,
    pub register_name: String,
    #[schema(value_type = f64)]
    pub amount: Money,
    /// How much of it pays invoices.
    #[schema(value_type = f64)]
    pub allocated: Money,
    /// How much of it was given back.
    #[schema(value_type = f64)]
    pub refunded: Money,
    #[schema(value_type = String)]
    pub date: Date,
    pub note: String,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it was taken back as a mistake.
    #[schema(value_type = Option<String>)]
    pub reversed_at: Option<Timestamp>,
}

impl SalesPaymentOut {
    /// These, in the same order.
    pub(super) fn all(ctx: &Ctx, tx: &mut ReadTx, payments: Vec<Payment>) -> Result<Vec<Self>> {
        let mut ids: Vec<_> = payments.iter().filter_map(|payment| payment.customer).collect();
        ids.sort_unstable();
        ids.dedup();
        let customers: HashMap<_, _> = if ids.is_empty() {
            HashMap::new()
        } else {
            contacts::get_many(ctx, tx, &ids)?.into_iter().map(|contact| (contact.id, contact)).collect()
        };
        let mut out = Vec::with_capacity(payments.len());
        for payment in payments {
            let order_id = match payment.order {
                Some(id) => Some(get_order(ctx, tx, id)?.number),
                None => None,
            };
            let register = cash::find_register(ctx, tx, payment.register)?;
            let customer = payment.customer.and_then(|id| customers.get(&id));
            let Payment {
                id,
                kind,
                number,
                order: _,
                customer: _,
                register: _,
                transaction: _,
                amount,
                allocated,
                refunded,
                paid_on,
                note,
                created_at,
                reversed_at,
            } = payment;
            out.push(Self {
                id: number,
                uuid: id.uuid(),
                kind: kind.word().to_owned(),
                order_id,
                customer_id: customer.map(|contact| contact.number),
                customer_name: customer.map(|contact| contact.name.clone()),
                register_id: register.as_ref().map(|register| register.number),
                register_name: register.map(|register| register.name).unwrap_or_default(),
                amount,
                allocated,
                refunded,
                date: paid_on,
                note,
                created_at,
                reversed_at,
            });
        }
        Ok(out)
    }

    /// One of them.
    pub(super) fn one(ctx: &Ctx, tx: &mut ReadTx, payment: Payment) -> Result<Self> {
        Self::all(ctx, tx, vec![payment])?.pop().ok_or_else(Error::not_found)
    }
}

/// The payment that a path names by number or id.
pub(crate) fn find_payment(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Payment> {
    match key {
        RowKey::Number(number) => get_payment_by_number(ctx, tx, number),
        RowKey::Id(uuid) => get_payment(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// Which payments are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SalesPaymentQuery {
    /// `payment` or `refund`.
    kind: Option<String>,
    /// Of this customer.
    customer_id: Option<i64>,
    /// Into this register, or out of it.
    register_id: Option<i64>,
    /// Of this day or later.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Of this day or earlier.
    #[param(value_type = Option<String>)]
    until: Option<Date>,
    page: Option<u32>,
    page_size: Option<u32>,
}

impl SalesPaymentQuery {
    fn filter(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<PaymentFilter> {
        let Self { kind, customer_id, register_id, from, until, page: _, page_size: _ } = self;
        let unknown = || Error::field("kind", Text::new("sales-payment-kind-unknown"));
        let kind = kind.as_deref().filter(|word| !word.is_empty());
        let kind = kind.map(|word| word.parse().map_err(|()| unknown())).transpose()?;
        let customer = customer_id.map(|number| customer(ctx, tx, number)).transpose()?;
        let register = register(ctx, tx, *register_id)?;
        Ok(PaymentFilter { kind, customer, order: None, register, from: *from, until: *until })
    }
}

/// The payments and refunds that fit, newest first.
#[utoipa::path(get, path = "/api/sales-payments", tag = "sales", params(SalesPaymentQuery),
    responses((status = 200, body = Listed<SalesPaymentOut>)))]
pub(super) async fn list_sales_payments(
    caller: Caller,
    Query(query): Query<SalesPaymentQuery>,
) -> web::Result<Json<Listed<SalesPaymentOut>>> {
    let part = PageQuery::of(query.page, query.page_size).request();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let filter = query.filter(ctx, tx)?;
        let Page { count, results, request } = list_payments(ctx, tx, &filter, part)?;
        Ok(Page::new(request, count, SalesPaymentOut::all(ctx, tx, results)?))
    };
    let found = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, found)))
}

/// Takes a customer's money on account: their open invoices of all orders, the oldest first; the rest is an advance.
#[utoipa::path(post, path = "/api/sales-payments", tag = "sales", request_body = AccountPaymentIn,
    responses((status = 200, body = SalesPaymentOut), (status = 422, body = ProblemBody)))]
pub(super) async fn receive_sales_payment(
    caller: Caller,
    Json(body): Json<AccountPaymentIn>,
) -> web::Result<Json<SalesPaymentOut>> {
    let receive = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let (whom, new) = body.clone().payment(ctx, tx)?;
        let payment = pay_on_account(ctx, tx, whom, new)?;
        SalesPaymentOut::one(ctx, tx, payment)
    };
    Ok(Json(caller.once(receive).await?))
}

/// Gives a customer back what they paid on account and what pays nothing; what was paid for an order is given back by
/// `/api/sales-orders/{id}/refunds`.
#[utoipa::path(post, path = "/api/sales-refunds", tag = "sales", request_body = AccountPaymentIn,
    responses((status = 200, body = SalesPaymentOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn pay_sales_refund(
    caller: Caller,
    Json(body): Json<AccountPaymentIn>,
) -> web::Result<Json<SalesPaymentOut>> {
    let refund = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let (whom, new) = body.clone().payment(ctx, tx)?;
        let refund = refund_on_account(ctx, tx, whom, new)?;
        SalesPaymentOut::one(ctx, tx, refund)
    };
    Ok(Json(caller.once(refund).await?))
}

/// A payment or a refund.
#[utoipa::path(get, path = "/api/sales-payments/{id}", tag = "sales", params(("id" = String, Path)),
    responses((status = 200, body = SalesPaymentOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_sales_payment(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<SalesPaymentOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let payment = find_payment(ctx, tx, key)?;
        SalesPaymentOut::one(ctx, tx, payment)
    };
    Ok(Json(caller.read(read).await?))
}

/// Takes a payment back that was a mistake: what it paid is open again.
#[utoipa::path(post, path = "/api/sales-payments/{id}/reverse", tag = "sales", params(("id" = String, Path)),
    request_body = TakeBackIn, responses((status = 200, body = SalesPaymentOut), (status = 409, body = ProblemBody)))]
pub(super) async fn reverse_sales_payment(
    caller: Caller,
    Path(key): Path<RowKey>,
    OptionalJson(TakeBackIn { date }): OptionalJson<TakeBackIn>,
) -> web::Result<Json<SalesPaymentOut>> {
    let reverse = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let id = find_payment(ctx, tx, key)?.id;
        let payment = reverse_payment(ctx, tx, id, date)?;
        SalesPaymentOut::one(ctx, tx, payment)
    };
    Ok(Json(caller.once(reverse).await?))
}
