//! `/api/quick-sales`: a sale over the counter in one call.

use axum::http::StatusCode;
use context::{ActorKind, Ctx};
use db::Tx;
use kernel::{Date, Money, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Json, ProblemBody};

use super::SalesOrderLineIn;
use super::{
    customer,
    invoices::SalesInvoiceOut,
    lines,
    output::SalesOrderOut,
    payments::{SalesPaymentIn, SalesPaymentOut},
    shown,
};
use crate::{QuickSale, Sold, Source, sell};

/// What is sold.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct QuickSaleIn {
    /// The customer; nobody in particular where nobody says.
    pub customer_id: Option<i64>,
    /// What is sold.
    pub lines: Vec<SalesOrderLineIn>,
    /// What is taken off the whole, in so'm.
    #[serde(default)]
    #[schema(value_type = f64)]
    pub discount: Money,
    /// The business date; today where nobody says.
    #[schema(value_type = Option<String>)]
    pub date: Option<Date>,
    /// What is paid into which registers; all of it into the default till where nobody says. An empty list sells on
    /// credit.
    pub payments: Option<Vec<SalesPaymentIn>>,
    /// Whatever else there is to say.
    #[serde(default)]
    pub note: String,
}

impl QuickSaleIn {
    fn sale(self, ctx: &Ctx, tx: &mut Tx) -> Result<QuickSale> {
        let Self { customer_id, lines: said, discount, date, payments, note } = self;
        let customer = customer_id.map(|number| customer(ctx, tx, number)).transpose()?;
        let payments = match payments {
            None => None,
            Some(said) => {
                let mut payments = Vec::with_capacity(said.len());
                for (place, payment) in said.into_iter().enumerate() {
                    let payment = payment.payment(ctx, tx);
                    payments.push(payment.map_err(|error| error.under(&format!("payments.{place}")))?);
                }
                Some(payments)
            }
        };
        Ok(QuickSale { customer, lines: lines(ctx, tx, said)?, discount, on: date, payments, note })
    }
}

/// What was sold.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuickSaleOut {
    pub order: SalesOrderOut,
    pub invoice: SalesInvoiceOut,
    pub payments: Vec<SalesPaymentOut>,
}

/// Sells over the counter: order, delivery, invoice and payment, all or nothing.
#[utoipa::path(post, path = "/api/quick-sales", tag = "sales", request_body = QuickSaleIn,
    responses((status = 201, body = QuickSaleOut), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn sell_quickly(
    caller: Caller,
    Json(body): Json<QuickSaleIn>,
) -> web::Result<(StatusCode, Json<QuickSaleOut>)> {
    let (words, lang) = (caller.words(), caller.ctx.lang());
    let source = if caller.ctx.actor().kind == ActorKind::Member { Source::Staff } else { Source::Api };
    let sell = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let sale = body.clone().sale(ctx, tx)?;
        let Sold { order, delivery: _, invoice, payments } = sell(ctx, tx, source, sale)?;
        Ok(QuickSaleOut {
            order: shown(ctx, tx, &words, order)?,
            invoice: SalesInvoiceOut::whole(ctx, tx, invoice, lang)?,
            payments: SalesPaymentOut::all(ctx, tx, payments)?,
        })
    };
    Ok((StatusCode::CREATED, Json(caller.once(sell).await?)))
}
