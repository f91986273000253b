//! The form that takes a transaction back.

use axum::{extract::Path, response::Response};
use context::Permission;
use kernel::{Date, Error};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Field, Form, FormPage, Shell, form_again, render},
};

use super::{moving::note_chars, recorded, transaction_address};
use crate::{
    Transaction, reverse_transaction as reverse,
    seen::{seen_transaction, stored_transaction},
};

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReverseForm {
    date: String,
    reason: String,
}

fn page(p: Shell, transaction: &Transaction, typed: &ReverseForm, error: Option<&Error>) -> FormPage {
    let title = p.t1("cash-transaction-number", "number", transaction.number.to_string());
    let back = transaction_address(transaction);
    let p = p
        .titled("cash-transaction-reverse")
        .lead("cash-transaction-reverse-lead")
        .crumb("/cash/transactions", "cash-menu-transactions")
        .crumb_named(back.clone(), title)
        .narrow();
    let form = Form::new(&p, format!("{back}/reverse"))
        .error(error)
        .field(Field::date("date", "cash-field-date").value(&typed.date).required())
        .field(Field::text("reason", "cash-field-reason").value(&typed.reason).max(note_chars()))
        .submit("cash-transaction-reverse")
        .cancel(back);
    FormPage::new(p, form)
}

/// `GET /cash/transactions/{id}/reverse`.
pub(super) async fn reverse_transaction_page(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let transaction = caller.read(move |ctx, tx| seen_transaction(ctx, tx, key)).await?;
    let typed = ReverseForm { date: caller.ctx.today().to_string(), reason: String::new() };
    Ok(render(&page(caller.shell(), &transaction, &typed, None)))
}

/// `POST /cash/transactions/{id}/reverse`.
pub(super) async fn reverse_transaction(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<ReverseForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let transaction = caller.read(move |ctx, tx| stored_transaction(ctx, tx, key)).await?;
    let (id, sent) = (transaction.id, typed.clone());
    let made = caller
        .once(move |ctx, tx| {
            let on = Date::parse(&sent.date).map_err(|error| error.under("date"))?;
            let made = reverse(ctx, tx, id, on, &sent.reason)?;
            let own = made.iter().find(|one| one.reverses == Some(id)).map(|one| one.number);
            own.ok_or_else(Error::not_found)
        })
        .await;
    match made {
        Ok(number) => Ok(recorded(&caller, format!("/cash/transactions/{number}"), number)),
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), &transaction, &typed, Some(error)))?),
    }
}
