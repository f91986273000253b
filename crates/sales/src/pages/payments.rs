//! Payments and refunds: the list, one of them, and how one is taken back.

use axum::{extract::Path, response::Response};
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Money, Page, Result, Text};
use ledger::Entry;
use web::{
    Caller, RowKey,
    pages::{
        Action, Badge, Cell, Choice, Column, DayRange, DetailPage, Empty, Export, Facts, Filter, Go,
        ListPage, ListQuery, Row, Shell, Table, Tone, asked_page, render,
    },
};

use super::invoices::entries_table;
use crate::{
    Invoice, Payment, PaymentFilter, PaymentKind, allocations_of, api::find_payment, get_invoice,
    list_payments, reverse_payment as reverse,
};

/// Where a payment's page is.
pub(super) fn address(payment: &Payment) -> String {
    format!("/payments/{}", payment.number)
}

/// How a payment or a refund is called.
pub(super) fn name(p: &Shell, payment: &Payment) -> String {
    format!("{} № {}", p.t(payment.kind.text_key()), payment.number)
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
    let back = order.map_or_else(|| address(&payment), |order| format!("/orders/{}", order.number));
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
        let amount = match payment.kind {
            PaymentKind::Payment => payment.amount,
            PaymentKind::Refund => Money::ZERO.minus(payment.amount).unwrap_or_default(),
        };
        vec![
            Cell::Link {
                href: address(payment),
                text: format!("№ {}", payment.number),
                sub: order.map_or_else(String::new, |number| {
                    p.t1("sales-order-number", "number", number.to_string())
                }),
            },
            Cell::Date(payment.paid_on),
            customer.as_ref().map_or(Cell::Blank, |contact| Cell::text(contact.name.clone())),
            Cell::text(register.clone()),
            Cell::Money(amount),
            state(p, payment),
        ]
    };
    Table::new(&p.words, "payments", query, columns, page, cells)
        .filter(Filter::select("kind", "sales-field-kind", kinds))
        .export("/payments")
        .empty(Empty::new("cash-coin", p.t("sales-payments-empty"), p.t("sales-payments-empty-hint")))
}

/// Whether it is a refund, or was a mistake.
fn badge(p: &Shell, payment: &Payment) -> Badge {
    match payment.kind {
        _ if payment.reversed_at.is_some() => Badge::new(Tone::Plain, p.t("sales-taken-back")),
        PaymentKind::Refund => Badge::new(Tone::Warning, p.t("sales-refund")),
        PaymentKind::Payment => Badge::new(Tone::Success, p.t("sales-payment")),
    }
}

/// The same in a table.
pub(super) fn state(p: &Shell, payment: &Payment) -> Cell {
    let Badge { tone, label } = badge(p, payment);
    Cell::Badge(tone, label)
}

/// What takes a payment back, where that may be.
pub(super) fn reversal(p: &Shell, payment: &Payment) -> Option<Action> {
    let may = p.can(Permission::FinanceEdit)
        && payment.kind == PaymentKind::Payment
        && payment.reversed_at.is_none()
        && payment.refunded.is_zero();
    let question = p.t1("sales-payment-reverse-question", "number", payment.number.to_string());
    may.then(|| {
        let href = format!("{}/reverse", address(payment));
        Action::post(p, href, p.t("sales-take-back"))
            .danger()
            .icon("arrow-counterclockwise")
            .confirm(question)
    })
}

/// Everything that the page of a payment shows.
struct Whole {
    seen: Seen,
    /// What of it pays which invoice.
    paid: Vec<(Invoice, Money)>,
    entries: Vec<Entry>,
}

fn whole(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Whole> {
    let payment = find_payment(ctx, tx, key)?;
    let mut paid = Vec::new();
    for allocation in allocations_of(ctx, tx, payment.id)? {
        paid.push((get_invoice(ctx, tx, allocation.invoice)?, allocation.amount));
    }
    let kind = match payment.kind {
        PaymentKind::Payment => "sales_payment",
        PaymentKind::Refund => "sales_refund",
    };
    let entries = ledger::entries_of(ctx, tx, kind, payment.id.uuid())?;
    let seen = seen(ctx, tx, vec![payment])?.pop().ok_or_else(Error::not_found)?;
    Ok(Whole { seen, paid, entries })
}

/// `GET /payments/{id}`.
pub(super) async fn payment_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let whole = caller.read(move |ctx, tx| whole(ctx, tx, key)).await?;
    let Whole { seen, paid, entries } = &whole;
    let payment = &seen.payment;
    let p = caller.shell();
    let title = name(&p, payment);
    let p = p.named(title).crumb("/payments", "sales-menu-payments");
    let mut page = DetailPage::new(p.clone()).badge(badge(&p, payment)).facts(facts(&p, seen)?);
    if let Some(action) = reversal(&p, payment) {
        page = page.action(action);
    }
    if !paid.is_empty() {
        page = page.table("sales-paid-invoices", &paid_table(&p, paid));
    }
    if p.can(Permission::FinanceRead) {
        page = page.table("sales-entries", &entries_table(&p, entries));
    }
    Ok(render(&page))
}

fn facts(p: &Shell, seen: &Seen) -> Result<Facts> {
    let Seen { payment, customer, order, register } = seen;
    let som = |money: Money| format!("{} {}", p.money(money), p.t("web-som"));
    let mut facts = Facts::new()
        .text(p.t("sales-field-amount"), som(payment.amount))
        .text(p.t("sales-field-day"), p.date(payment.paid_on))
        .text(p.t("sales-field-register"), register.clone());
    if let Some(contact) = customer {
        let href = format!("/contacts/{}", contact.number);
        facts = facts.link(p.t("sales-field-customer"), contact.name.clone(), href);
    }
    if let Some(number) = order {
        let name = p.t1("sales-order-number", "number", number.to_string());
        facts = facts.link(p.t("sales-field-number"), name, format!("/orders/{number}"));
    }
    let free = payment.free()?;
    if !free.is_zero() {
        facts = facts.text(p.t("sales-field-advance"), som(free));
    }
    if !payment.refunded.is_zero() {
        facts = facts.text(p.t("sales-field-given-back"), som(payment.refunded));
    }
    Ok(facts.text(p.t("sales-field-note"), payment.note.clone()))
}

fn paid_table(p: &Shell, paid: &[(Invoice, Money)]) -> Table {
    let columns = vec![
        Column::main("sales-invoice"),
        Column::new("sales-field-day"),
        Column::figures("sales-field-total"),
        Column::figures("sales-field-paid"),
    ];
    let row = |(invoice, amount): &(Invoice, Money)| -> Row {
        vec![
            Cell::link(format!("/invoices/{}", invoice.label()), invoice.label()),
            Cell::Date(invoice.invoiced_on),
            Cell::Money(invoice.amounts.total),
            Cell::Money(*amount),
        ]
    };
    Table::of(&p.words, "paid", columns, paid.iter().map(row).collect())
}
