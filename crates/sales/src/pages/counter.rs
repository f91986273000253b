//! A sale over the counter.

use axum::response::{IntoResponse, Response};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Result, Text};
use web::{
    Caller, Multi,
    pages::{Choice, Field, Form, FormPage, Go, Lines, Shell, form_again, render},
};

use super::typed::OrderForm;
use crate::{Goods, NewPayment, OrderContent, QuickSale, Source, sell};

fn page(
    p: Shell,
    typed: &OrderForm,
    register: &str,
    registers: &[cash::Register],
    error: Option<&Error>,
) -> FormPage {
    let p = p.titled("sales-sell");
    let customer = Field::combobox(
        "customer_id",
        "sales-field-customer",
        "/contacts/options",
        &typed.customer,
        &typed.customer_shown,
    );
    let mut choices: Vec<_> = registers
        .iter()
        .map(|register| Choice::new(register.number.to_string(), register.name.clone()))
        .collect();
    choices.push(Choice::new(ON_CREDIT, p.t("sales-sell-on-credit")));
    let lines = Lines::new(&p.words, "/products/options", typed.lines.clone());
    let form = Form::new(&p, "/sell")
        .error(error)
        .field(customer.third())
        .field(
            Field::select("register_id", "sales-field-paid-into", choices).value(register).required().third(),
        )
        .field(Field::money("discount", "sales-field-discount").value(&typed.discount).third())
        .hidden("ordered_on", &typed.ordered_on)
        .lines(lines.discounts().preview("/orders/totals").error(error))
        .submit("sales-sell")
        .submit_icon("bag-check")
        .cancel("/orders");
    FormPage::new(p, form)
}

/// What is chosen instead of a register when nothing is paid yet.
const ON_CREDIT: &str = "credit";

fn registers(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<cash::Register>> {
    let mut all = cash::registers(ctx, tx)?;
    all.retain(|register| register.active);
    all.sort_by_key(|register| !(register.is_default && register.kind == cash::RegisterKind::Cash));
    Ok(all)
}

/// `GET /sell`.
pub(super) async fn sell_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesCreate)?;
    let registers = caller.read(registers).await?;
    let first = registers.first().map_or_else(|| ON_CREDIT.to_owned(), |first| first.number.to_string());
    let typed = OrderForm::empty(caller.ctx.today());
    Ok(render(&page(caller.shell(), &typed, &first, &registers, None)))
}

fn sale(ctx: &Ctx, tx: &mut ReadTx, typed: &OrderForm, register: &str) -> Result<QuickSale> {
    let OrderContent { customer, ordered_on: _, goods, discount, delivery: _, note } =
        typed.content(ctx, tx, None)?;
    let lines = match goods {
        Goods::Lines(lines) => lines,
        Goods::Sums { .. } => Vec::new(),
    };
    let payments = if register == ON_CREDIT {
        Vec::new()
    } else {
        let unknown = || Error::field("register_id", Text::new("cash-register-unknown"));
        let number = register.parse().map_err(|_| unknown())?;
        let found = cash::find_register_by_number(ctx, tx, number)?.ok_or_else(unknown)?;
        vec![NewPayment { register: Some(found.id), ..NewPayment::default() }]
    };
    Ok(QuickSale { customer, lines, discount, on: None, payments: Some(payments), note })
}

/// `POST /sell`.
pub(super) async fn sell_now(caller: Caller, form: Multi) -> web::Result<Response> {
    let (typed, register) = (OrderForm::sent(&form), form.get("register_id").trim().to_owned());
    let (sent, into) = (typed.clone(), register.clone());
    let sold = caller
        .once(move |ctx, tx| {
            let sale = sale(ctx, tx, &sent, &into)?;
            Ok(sell(ctx, tx, Source::Staff, sale)?.order.number)
        })
        .await;
    match sold {
        Ok(number) => {
            let done = Text::new("sales-sold").with("number", number.to_string());
            Ok(Go::to(format!("/orders/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            let registers = caller.read(registers).await?;
            let again = |error: &Error| page(caller.shell(), &typed, &register, &registers, Some(error));
            Ok(form_again(error, again)?)
        }
    }
}
