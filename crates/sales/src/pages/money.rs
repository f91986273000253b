//! Customers pay and are given money back: the forms, the list of payments.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use cash::Register;
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Date, Error, Money, Page, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{
        Action, Cell, Choice, Column, DayRange, Empty, Export, Field, Filter, Form, FormPage, Go, ListPage,
        ListQuery, Notice, Row, Shell, Table, Tone, asked_page, form_again, render,
    },
};

use super::deliver::about;
use crate::{
    NewPayment, Order, Payment, PaymentFilter, PaymentKind, Status, api::find_payment, list_payments,
    pay_order as pay, payments_of, refund_order as refund, reverse_payment as reverse, seen::find,
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

/// `POST /payments/{id}/reverse`.
pub(super) async fn reverse_payment(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let (payment, order) = caller
        .read(move |ctx, tx| {
            let payment = find_payment(ctx, tx, key)?;
            let order = payment.order.map(|id| crate::get_order(ctx, tx, id)).transpose()?;
            Ok((payment, order))
        })
        .await?;
    let back = order.map_or_else(|| "/payments".to_owned(), |order| format!("/orders/{}", order.number));
    let outcome = caller.once(move |ctx, tx| reverse(ctx, tx, payment.id, None).map(drop)).await;
    let (back, words) = (Go::to(back), caller.words());
    match outcome {
        Ok(()) => {
            let done = Text::new("sales-payment-reversed").with("number", payment.number.to_string());
            Ok(back.done(&words, &done))
        }
        Err(error) if error.kind() == kernel::Kind::Conflict => {
            Ok(back.toast(Tone::Error, words.say(error.text())))
        }
        Err(error) => Err(error.into()),
    }
}

/// A payment with what people know it by.
struct Seen {
    payment: Payment,
    customer: Option<Contact>,
    order: Option<i64>,
    register: String,
}

fn seen(ctx: &Ctx, tx: &mut ReadTx, payments: Vec<Payment>) -> Result<Vec<Seen>> {
    let registers = cash::registers(ctx, tx)?;
    let mut ids: Vec<_> = payments.iter().filter_map(|payment| payment.customer).collect();
    ids.sort_unstable();
    ids.dedup();
    let customers = if ids.is_empty() { Vec::new() } else { contacts::get_many(ctx, tx, &ids)? };
    let mut all = Vec::with_capacity(payments.len());
    for payment in payments {
        let order = match payment.order {
            Some(id) => Some(crate::get_order(ctx, tx, id)?.number),
            None => None,
        };
        let register = registers.iter().find(|register| register.id == payment.register);
        all.push(Seen {
            customer: payment.customer.and_then(|id| customers.iter().find(|c| c.id == id).cloned()),
            order,
            register: register.map(|register| register.name.clone()).unwrap_or_default(),
            payment,
        });
    }
    Ok(all)
}

/// `GET /payments?kind=&from=&until=`.
pub(super) async fn payments_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let page = caller
        .read(move |ctx, tx| {
            let DayRange { from, until, .. } = DayRange::asked(&asked);
            let kind = asked.get("kind").and_then(|word| word.parse().ok());
            let filter = PaymentFilter { kind, from, until, ..PaymentFilter::default() };
            asked_page(&asked, |part| {
                let Page { count, results, request } = list_payments(ctx, tx, &filter, part)?;
                Ok(Page::new(request, count, seen(ctx, tx, results)?))
            })
        })
        .await?;
    let p = caller.shell().titled("sales-menu-payments");
    let table = table(&p, &query, &page).days(caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "payments")?);
    }
    Ok(render(&ListPage::new(p, table)))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Seen>) -> Table {
    let columns = vec![
        Column::main("sales-payment"),
        Column::new("sales-field-day"),
        Column::new("sales-field-customer"),
        Column::new("sales-field-register"),
        Column::figures("sales-field-amount"),
        Column::new("sales-field-status"),
    ];
    let kinds = PaymentKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
    let cells = |seen: &Seen| -> Row {
        let Seen { payment, customer, order, register } = seen;
        let name = format!("№ {}", payment.number);
        let amount = match payment.kind {
            PaymentKind::Payment => payment.amount,
            PaymentKind::Refund => Money::ZERO.minus(payment.amount).unwrap_or_default(),
        };
        vec![
            match order {
                Some(number) => Cell::Link {
                    href: format!("/orders/{number}"),
                    text: name,
                    sub: p.t1("sales-order-number", "number", number.to_string()),
                },
                None => Cell::text(name),
            },
            Cell::Date(payment.paid_on),
            customer.as_ref().map_or(Cell::Blank, |contact| Cell::text(contact.name.clone())),
            Cell::text(register.clone()),
            Cell::Money(amount),
            payment_state(p, payment),
        ]
    };
    Table::new(&p.words, "payments", query, columns, page, cells)
        .filter(Filter::select("kind", "sales-field-kind", kinds))
        .export("/payments")
        .empty(Empty::new("cash-coin", p.t("sales-payments-empty"), p.t("sales-payments-empty-hint")))
}

/// Whether it is a refund, or was a mistake.
pub(super) fn payment_state(p: &Shell, payment: &Payment) -> Cell {
    match payment.kind {
        _ if payment.reversed_at.is_some() => Cell::badge(Tone::Plain, p.t("sales-taken-back")),
        PaymentKind::Refund => Cell::badge(Tone::Warning, p.t("sales-refund")),
        PaymentKind::Payment => Cell::badge(Tone::Success, p.t("sales-payment")),
    }
}

/// What takes a payment back, where that may be.
pub(super) fn reversal(p: &Shell, payment: &Payment) -> Option<Action> {
    let may = p.can(Permission::FinanceEdit)
        && payment.kind == PaymentKind::Payment
        && payment.reversed_at.is_none()
        && payment.refunded.is_zero();
    let question = p.t1("sales-payment-reverse-question", "number", payment.number.to_string());
    may.then(|| {
        let href = format!("/payments/{}/reverse", payment.number);
        Action::post(p, href, p.t("sales-take-back"))
            .danger()
            .icon("arrow-counterclockwise")
            .confirm(question)
    })
}
