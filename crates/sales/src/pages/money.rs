//! The forms by which customers pay and are given money back, for an order or on account.

use std::sync::Arc;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use cash::Register;
use contacts::Contact;
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Checks, Date, Error, Money, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{Choice, Field, Form, FormPage, Go, Notice, Shell, Tone, form_again, render},
};

use super::{deliver::about, statement::find_contact};
use crate::{
    CustomerStanding, NewPayment, Order, Payment, PaymentKind, Status, customer_standing, pay_on_account,
    pay_order as pay, payments_of, refund_on_account, refund_order as refund, seen::find,
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

/// What the money is for.
enum About {
    Order(Order),
    /// What a customer owes, whatever it is for.
    Account(Contact),
}

impl About {
    /// The page that the form comes from and goes back to.
    fn back(&self) -> String {
        match self {
            Self::Order(order) => format!("/orders/{}", order.number),
            Self::Account(contact) => format!("/contacts/{}/statement", contact.number),
        }
    }

    fn address(&self, kind: PaymentKind) -> String {
        let word = match kind {
            PaymentKind::Payment => "pay",
            PaymentKind::Refund => "refund",
        };
        match self {
            Self::Order(order) => format!("/orders/{}/{word}", order.number),
            Self::Account(contact) => format!("/contacts/{}/{word}", contact.number),
        }
    }

    fn shell(&self, p: Shell, key: &'static str) -> Shell {
        match self {
            Self::Order(order) => about(p, order, key),
            Self::Account(contact) => {
                let statement = p.t("sales-statement");
                p.titled(key)
                    .crumb("/contacts", "contacts-menu")
                    .crumb_named(format!("/contacts/{}", contact.number), contact.name.clone())
                    .crumb_named(self.back(), statement)
                    .narrow()
            }
        }
    }

    /// What the form is called, and what it says above its fields of this amount.
    fn words(&self, kind: PaymentKind) -> (&'static str, &'static str) {
        match (self, kind) {
            (Self::Order(_), PaymentKind::Payment) => ("sales-pay", "sales-due-of-order"),
            (Self::Account(_), PaymentKind::Payment) => ("sales-pay-on-account", "sales-open-of-customer"),
            (Self::Order(_), PaymentKind::Refund) => ("sales-refund", "sales-free-of-order"),
            (Self::Account(_), PaymentKind::Refund) => ("sales-refund", "sales-free-on-account"),
        }
    }

    fn done(&self, kind: PaymentKind) -> Text {
        match (self, kind) {
            (Self::Order(order), PaymentKind::Payment) => {
                Text::new("sales-order-paid").with("number", order.number.to_string())
            }
            (Self::Order(order), PaymentKind::Refund) => {
                Text::new("sales-order-refunded").with("number", order.number.to_string())
            }
            (Self::Account(_), PaymentKind::Payment) => Text::new("sales-account-paid"),
            (Self::Account(_), PaymentKind::Refund) => Text::new("sales-account-refunded"),
        }
    }

    /// Moves the money.
    fn record(&self, ctx: &Ctx, tx: &mut Tx, kind: PaymentKind, new: NewPayment) -> Result<()> {
        match (self, kind) {
            (Self::Order(order), PaymentKind::Payment) => pay(ctx, tx, order.id, new).map(drop),
            (Self::Order(order), PaymentKind::Refund) => refund(ctx, tx, order.id, new).map(drop),
            (Self::Account(contact), PaymentKind::Payment) => {
                pay_on_account(ctx, tx, contact.id, new).map(drop)
            }
            (Self::Account(contact), PaymentKind::Refund) => {
                refund_on_account(ctx, tx, contact.id, new).map(drop)
            }
        }
    }
}

/// What the money is for, how much it is about, and the registers that it may go through.
struct Asked {
    about: About,
    amount: Money,
    registers: Vec<Register>,
}

fn registers(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Register>> {
    let mut registers = cash::registers(ctx, tx)?;
    registers.retain(|register| register.active);
    Ok(registers)
}

fn asked_of_order(ctx: &Ctx, tx: &mut ReadTx, key: RowKey, kind: PaymentKind) -> Result<Asked> {
    let order = find(ctx, tx, key)?;
    let amount = match kind {
        PaymentKind::Payment => order.due()?,
        PaymentKind::Refund => {
            let payments = payments_of(ctx, tx, order.id)?;
            own_advances(&order, &payments)?
        }
    };
    Ok(Asked { about: About::Order(order), amount, registers: registers(ctx, tx)? })
}

fn asked_on_account(ctx: &Ctx, tx: &mut ReadTx, key: RowKey, kind: PaymentKind) -> Result<Asked> {
    let contact = find_contact(ctx, tx, key)?;
    let CustomerStanding { open, advance: _, on_account } = customer_standing(ctx, tx, contact.id)?;
    let amount = match kind {
        PaymentKind::Payment => open,
        PaymentKind::Refund => on_account,
    };
    Ok(Asked { about: About::Account(contact), amount, registers: registers(ctx, tx)? })
}

/// What of an order's own payments pays nothing, and can be given back for it.
pub(super) fn own_advances<'p>(
    order: &Order,
    payments: impl IntoIterator<Item = &'p Payment>,
) -> Result<Money> {
    let own = payments.into_iter().filter(|payment| payment.order == Some(order.id));
    Money::sum(own.map(Payment::free).collect::<Result<Vec<_>>>()?)
}

fn page(p: Shell, asked: &Asked, kind: PaymentKind, typed: &MoneyForm, error: Option<&Error>) -> FormPage {
    let Asked { about, amount, registers } = asked;
    let (key, notice) = about.words(kind);
    let icon = match kind {
        PaymentKind::Payment => "cash-coin",
        PaymentKind::Refund => "arrow-counterclockwise",
    };
    let p = about.shell(p, key);
    let choices: Vec<_> = registers
        .iter()
        .map(|register| {
            let balance = format!("{} ({} {})", register.name, p.money(register.balance), p.t("web-som"));
            Choice::new(register.number.to_string(), balance)
        })
        .collect();
    let mut form = Form::new(&p, about.address(kind))
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
        .cancel(about.back());
    let text = p.t1(notice, "amount", p.money(*amount));
    FormPage::new(p, form).notice(Notice::new(Tone::Info, text))
}

fn form(caller: Caller, asked: &Asked, kind: PaymentKind) -> Response {
    let Asked { about, amount, registers } = asked;
    let may = match about {
        About::Order(order) => order.status == Status::Confirmed && amount.is_positive(),
        // Who owes nothing may pay ahead.
        About::Account(_) => kind == PaymentKind::Payment || amount.is_positive(),
    };
    if !may {
        return Go::to(about.back()).into_response();
    }
    let first = registers.iter().find(|r| r.is_default && r.kind == cash::RegisterKind::Cash);
    let typed = MoneyForm {
        amount: if amount.is_positive() { amount.to_string() } else { String::new() },
        register_id: first.map(|register| register.number.to_string()).unwrap_or_default(),
        date: caller.ctx.today().to_string(),
        note: String::new(),
    };
    render(&page(caller.shell(), asked, kind, &typed, None))
}

async fn send(caller: Caller, asked: Asked, kind: PaymentKind, typed: MoneyForm) -> web::Result<Response> {
    let sent = typed.clone();
    let asked = Arc::new(asked);
    let own = Arc::clone(&asked);
    let done = caller
        .once(move |ctx, tx| {
            let new = sent.read(ctx, tx)?;
            own.about.record(ctx, tx, kind, new)
        })
        .await;
    match done {
        Ok(()) => {
            let about = &asked.about;
            Ok(Go::to(about.back()).done(&caller.words(), &about.done(kind)).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), &asked, kind, &typed, Some(error)))?),
    }
}

async fn order_form(caller: Caller, key: RowKey, kind: PaymentKind) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let asked = caller.read(move |ctx, tx| asked_of_order(ctx, tx, key, kind)).await?;
    Ok(form(caller, &asked, kind))
}

async fn send_for_order(
    caller: Caller,
    key: RowKey,
    kind: PaymentKind,
    typed: MoneyForm,
) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let asked = caller.read(move |ctx, tx| asked_of_order(ctx, tx, key, kind)).await?;
    send(caller, asked, kind, typed).await
}

async fn account_form(caller: Caller, key: RowKey, kind: PaymentKind) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let asked = caller.read(move |ctx, tx| asked_on_account(ctx, tx, key, kind)).await?;
    Ok(form(caller, &asked, kind))
}

async fn send_on_account(
    caller: Caller,
    key: RowKey,
    kind: PaymentKind,
    typed: MoneyForm,
) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let asked = caller.read(move |ctx, tx| asked_on_account(ctx, tx, key, kind)).await?;
    send(caller, asked, kind, typed).await
}

/// `GET /orders/{id}/pay`.
pub(super) async fn pay_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    order_form(caller, key, PaymentKind::Payment).await
}

/// `POST /orders/{id}/pay`.
pub(super) async fn pay_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<MoneyForm>,
) -> web::Result<Response> {
    send_for_order(caller, key, PaymentKind::Payment, typed).await
}

/// `GET /orders/{id}/refund`.
pub(super) async fn refund_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    order_form(caller, key, PaymentKind::Refund).await
}

/// `POST /orders/{id}/refund`.
pub(super) async fn refund_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<MoneyForm>,
) -> web::Result<Response> {
    send_for_order(caller, key, PaymentKind::Refund, typed).await
}

/// `GET /contacts/{id}/pay`.
pub(super) async fn account_pay_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    account_form(caller, key, PaymentKind::Payment).await
}

/// `POST /contacts/{id}/pay`.
pub(super) async fn pay_account(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<MoneyForm>,
) -> web::Result<Response> {
    send_on_account(caller, key, PaymentKind::Payment, typed).await
}

/// `GET /contacts/{id}/refund`.
pub(super) async fn account_refund_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    account_form(caller, key, PaymentKind::Refund).await
}

/// `POST /contacts/{id}/refund`.
pub(super) async fn refund_account(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<MoneyForm>,
) -> web::Result<Response> {
    send_on_account(caller, key, PaymentKind::Refund, typed).await
}
