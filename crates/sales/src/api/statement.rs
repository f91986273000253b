//! `/api/customers/{id}/statement`: how we stand with a customer.

use axum::extract::Path;
use context::Ctx;
use db::ReadTx;
use kernel::{Date, Money, Page, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Caller, Json, PageQuery, ProblemBody, Query, RowKey};

use crate::{
    CustomerStanding, StatementLine, customer_standing, customer_statement, get_order, pages::find_contact,
};

/// How we stand with a customer, and the newest documents that made it so.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CustomerStatementOut {
    pub customer_id: i64,
    pub customer_name: String,
    /// What they owe, in so'm; below zero we owe them.
    #[schema(value_type = f64)]
    pub balance: Money,
    /// What is still to be paid of their invoices.
    #[schema(value_type = f64)]
    pub open: Money,
    /// What they paid that pays nothing yet.
    #[schema(value_type = f64)]
    pub advance: Money,
    /// How much of that was paid on account, for no order in particular: it can be given back by `/api/sales-refunds`.
    #[schema(value_type = f64)]
    pub on_account: Money,
    /// Lines in the whole statement.
    pub count: i64,
    /// Newest first.
    pub results: Vec<StatementLineOut>,
}

/// A document, and how we stood after it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StatementLineOut {
    /// `invoice`, `credit_note`, `payment` or `refund`.
    pub kind: String,
    pub uuid: Uuid,
    /// What people call the document by.
    pub label: String,
    /// The number of the order, where it is for one.
    pub order_id: Option<i64>,
    #[schema(value_type = String)]
    pub date: Date,
    /// What it adds to what the customer owes; below zero what it takes off.
    #[schema(value_type = f64)]
    pub amount: Money,
    /// What the customer owed after it.
    #[schema(value_type = f64)]
    pub balance: Money,
}

impl StatementLineOut {
    fn of(ctx: &Ctx, tx: &mut ReadTx, line: StatementLine) -> Result<Self> {
        let label = line.label();
        let StatementLine { kind, id, year: _, number: _, order, on, amount, balance } = line;
        let order_id = match order {
            Some(order) => Some(get_order(ctx, tx, order)?.number),
            None => None,
        };
        Ok(Self { kind: kind.word().to_owned(), uuid: id, label, order_id, date: on, amount, balance })
    }
}

/// How we stand with a customer: what they owe, and their invoices, credit notes, payments and refunds, newest first.
#[utoipa::path(get, path = "/api/customers/{id}/statement", tag = "sales",
    params(("id" = String, Path), PageQuery),
    responses((status = 200, body = CustomerStatementOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_customer_statement(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(part): Query<PageQuery>,
) -> web::Result<Json<CustomerStatementOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let contact = find_contact(ctx, tx, key)?;
        let standing = customer_standing(ctx, tx, contact.id)?;
        let CustomerStanding { open, advance, on_account } = standing;
        let Page { count, results, request: _ } = customer_statement(ctx, tx, contact.id, part.request())?;
        let results = results.into_iter().map(|line| StatementLineOut::of(ctx, tx, line));
        Ok(CustomerStatementOut {
            customer_id: contact.number,
            customer_name: contact.name,
            balance: standing.balance()?,
            open,
            advance,
            on_account,
            count,
            results: results.collect::<Result<_>>()?,
        })
    };
    Ok(Json(caller.read(read).await?))
}
