//! The forms by which customers pay and are given money back.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use cash::Register;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Date, Error, Money, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Choice, Field, Form, FormPage, Go, Notice, Shell, Tone, form_again, render},
};

use super::deliver::about;
use crate::{
    NewPayment, Order, Payment, PaymentKind, Status, pay_order as pay, payments_of, refund_order as refund,
    seen::find,
};

/// What the forms send.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoneyForm {
    amount: String,
    register_id: String,
    date: String,
    note: String,
}

impl MoneyForm {
    fn read(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<NewPayment> {
        let mut checks = Checks::new();
        let amount = checks.take("amount", Money::parse(&self.amount));
        let on = checks.take("date", Date::parse(&self.date));
        checks.done()?;
        let unknown = || Error::field("register_id", Text::new("cash-register-unknown"));
        let register = match self.register_id.trim() {
            "" => None,
            number => {
                let number = number.parse().map_err(|_| unknown())?;
                Some(cash::find_register_by_number(ctx, tx, number)?.ok_or_else(unknown)?.id)
            }
        };
        Ok(NewPayment { register, amount, on, note: self.note.clone() })
    }
}

/// An order, how much it is about, and the registers that the money may go through.
type Asked = (Order, Money, Vec<Register>);

fn asked(ctx: &Ctx, tx: &mut ReadTx, key: RowKey, kind: PaymentKind) -> Result<Asked> {
    let order = find(ctx, tx, key)?;
    let amount = match kind {
        PaymentKind::Payment => order.due()?,
        PaymentKind::Refund => {
            let payments = payments_of(ctx, tx, order.id)?;
            let of_order = payments.iter().filter(|payment| payment.order == Some(order.id));
            Money::sum(of_order.map(Payment::free).collect::<Result<Vec<_>>>()?)?
        }
    };
    let mut registers = cash::registers(ctx, tx)?;
    registers.retain(|register| register.active);
    Ok((order, amount, registers))
}

fn page(
    p: Shell,
    (order, amount, registers): &Asked,
    kind: PaymentKind,
    typed: &MoneyForm,
    error: Option<&Error>,
) -> FormPage {
    let (key, word, icon) = match kind {
        PaymentKind::Payment => ("sales-pay", "pay", "cash-coin"),
        PaymentKind::Refund => ("sales-refund", "refund", "arrow-counterclockwise"),
    };
    let back = format!("/orders/{}", order.number);
    let p = about(p, order, key);
    let choices: Vec<_> = registers
        .iter()
        .map(|register| {
            let balance = format!("{} ({} {})", register.name, p.money(register.balance), p.t("web-som"));
            Choice::new(register.number.to_string(), balance)
        })
        .collect();
    let mut form = Form::new(&p, format!("{back}/{word}"))
        .error(error)
        .field(Field::money("amount", "sales-field-amount").value(&typed.amount).required().focus().half())
        .field(Field::date("date", "sales-field-day").value(&typed.date).required().half());
    if choices.len() > 1 {
        form = form.field(
            Field::select("register_id", "sales-field-register", choices)
                .value(&typed.register_id)
                .required(),
        );
    }
    let form = form
        .field(Field::area("note", "sales-field-note").value(&typed.note).max(2_000))
        .submit(key)
        .submit_icon(icon)
        .cancel(back);
    let text = match kind {
        PaymentKind::Payment => p.t1("sales-due-of-order", "amount", p.money(*amount)),
        PaymentKind::Refund => p.t1("sales-free-of-order", "amount", p.money(*amount)),
    };
    FormPage::new(p, form).notice(Notice::new(Tone::Info, text))
}

async fn form(caller: Caller, key: RowKey, kind: PaymentKind) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let asked = caller.read(move |ctx, tx| asked(ctx, tx, key, kind)).await?;
    let (order, amount, registers) = &asked;
    if order.status != Status::Confirmed || !amount.is_positive() {
        return Ok(Go::to(format!("/orders/{}", order.number)).into_response());
    }
    let first = registers.iter().find(|r| r.is_default && r.kind == cash::RegisterKind::Cash);
    let typed = MoneyForm {
        amount: amount.to_string(),
        register_id: first.map(|register| register.number.to_string()).unwrap_or_default(),
        date: caller.ctx.today().to_string(),
        note: String::new(),
    };
    Ok(render(&page(caller.shell(), &asked, kind, &typed, None)))
}

async fn send(caller: Caller, key: RowKey, kind: PaymentKind, typed: MoneyForm) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let asked = caller.read(move |ctx, tx| asked(ctx, tx, key, kind)).await?;
    let (id, number, sent) = (asked.0.id, asked.0.number, typed.clone());
    let done = caller
        .once(move |ctx, tx| {
            let new = sent.read(ctx, tx)?;
            match kind {
                PaymentKind::Payment => pay(ctx, tx, id, new).map(drop),
                PaymentKind::Refund => refund(ctx, tx, id, new).map(drop),
            }
        })
        .await;
    match done {
        Ok(()) => {
            let key = match kind {
                PaymentKind::Payment => "sales-order-paid",
                PaymentKind::Refund => "sales-order-refunded",
            };
            let done = Text::new(key).with("number", number.to_string());
            Ok(Go::to(format!("/orders/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), &asked, kind, &typed, Some(error)))?),
    }
}

/// `GET /orders/{id}/pay`.
pub(super) async fn pay_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    form(caller, key, PaymentKind::Payment).await
}

/// `POST /orders/{id}/pay`.
pub(super) async fn pay_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<MoneyForm>,
) -> web::Result<Response> {
    send(caller, key, PaymentKind::Payment, typed).await
}

/// `GET /orders/{id}/refund`.
pub(super) async fn refund_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    form(caller, key, PaymentKind::Refund).await
}

/// `POST /orders/{id}/refund`.
pub(super) async fn refund_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<MoneyForm>,
) -> web::Result<Response> {
    send(caller, key, PaymentKind::Refund, typed).await
}
