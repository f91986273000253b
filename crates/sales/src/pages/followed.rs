//! What followed an order: its deliveries, invoices and payments, as its page shows them.

use std::collections::HashSet;

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Money, Result, Timestamp};
use ledger::Entry;
use web::pages::{Action, Cell, Column, Row, Shell, Table};

use super::{deliveries, invoices, money, payments};
use crate::{
    DeliveryNote, Invoice, InvoiceKind, Order, Payment, PaymentKind, deliveries_of, invoices_of, payments_of,
    reads::{amount_for, undoable_of},
};

/// One document of an order with what it says in the books.
pub(super) struct Followed {
    at: Timestamp,
    document: Document,
    entries: Vec<Entry>,
}

enum Document {
    /// With whether it can be undone.
    Delivery(DeliveryNote, bool),
    Invoice(Invoice),
    /// With how much of it is for this order.
    Payment(Payment, Money),
}

/// The documents of an order, oldest first.
pub(super) fn followed(ctx: &Ctx, tx: &mut ReadTx, order: &Order) -> Result<Vec<Followed>> {
    let mut all = Vec::new();
    let deliveries = deliveries_of(ctx, tx, order.id)?;
    let undoable = if deliveries.is_empty() { HashSet::new() } else { undoable_of(ctx, tx, order.id)? };
    for delivery in deliveries {
        let may_undo = undoable.contains(&delivery.id);
        let entries = ledger::entries_of(ctx, tx, "sales_delivery", delivery.id.uuid())?;
        all.push(Followed {
            at: delivery.created_at,
            document: Document::Delivery(delivery, may_undo),
            entries,
        });
    }
    let invoices = invoices_of(ctx, tx, order.id)?;
    for invoice in invoices.clone() {
        let kind = match invoice.kind {
            InvoiceKind::Invoice => "sales_invoice",
            InvoiceKind::CreditNote => "sales_credit_note",
        };
        let entries = ledger::entries_of(ctx, tx, kind, invoice.id.uuid())?;
        all.push(Followed { at: invoice.created_at, document: Document::Invoice(invoice), entries });
    }
    for payment in payments_of(ctx, tx, order.id)? {
        let kind = match payment.kind {
            PaymentKind::Payment => "sales_payment",
            PaymentKind::Refund => "sales_refund",
        };
        let entries = ledger::entries_of(ctx, tx, kind, payment.id.uuid())?;
        let amount = amount_for(ctx, tx, &payment, &invoices)?;
        all.push(Followed { at: payment.created_at, document: Document::Payment(payment, amount), entries });
    }
    all.sort_by_key(|one| one.at);
    Ok(all)
}

/// What of the order's own payments pays nothing, and can be given back for it.
pub(super) fn advances(order: &Order, followed: &[Followed]) -> Result<Money> {
    let payments = followed.iter().filter_map(|one| match &one.document {
        Document::Payment(payment, _) => Some(payment),
        Document::Delivery(..) | Document::Invoice(_) => None,
    });
    money::own_advances(order, payments)
}

/// The documents as a table, each with its entries and what can be done with it.
pub(super) fn table(p: &Shell, followed: &[Followed]) -> Table {
    let books = p.can(Permission::FinanceRead);
    let mut columns = vec![
        Column::main("sales-document"),
        Column::new("sales-field-day"),
        Column::figures("sales-field-total"),
        Column::new("sales-field-status"),
    ];
    if books {
        columns.push(Column::new("sales-entry"));
    }
    columns.push(Column::new("sales-actions"));
    let row = |one: &Followed| -> Row {
        let Followed { at: _, document, entries } = one;
        let (name, day, amount, state, actions) = match document {
            Document::Delivery(delivery, may_undo) => of_delivery(p, delivery, *may_undo),
            Document::Invoice(invoice) => of_invoice(p, invoice),
            Document::Payment(payment, amount) => of_payment(p, payment, *amount),
        };
        let mut row = vec![name, Cell::Date(day), Cell::Money(amount), state];
        if books {
            let links = entries.iter().map(|entry| {
                Action::link(format!("/ledger/entries/{}", entry.number), format!("№ {}", entry.number))
            });
            row.push(Cell::Actions(links.collect()));
        }
        row.push(Cell::Actions(actions));
        row
    };
    Table::of(&p.words, "documents", columns, followed.iter().map(row).collect())
}

type Cells = (Cell, Date, Money, Cell, Vec<Action>);

fn of_delivery(p: &Shell, delivery: &DeliveryNote, may_undo: bool) -> Cells {
    let name = Cell::Link {
        href: deliveries::address(delivery),
        text: deliveries::name(p, delivery),
        sub: p.t("sales-delivery-cost"),
    };
    let state = deliveries::state(p, delivery);
    let actions = deliveries::undoing(p, delivery, may_undo).into_iter().collect();
    (name, delivery.delivered_on, delivery.cost, Cell::Badge(state.tone, state.label), actions)
}

fn of_invoice(p: &Shell, invoice: &Invoice) -> Cells {
    let label = invoice.label();
    let name = Cell::Link {
        href: format!("/invoices/{label}"),
        text: format!("{} {label}", p.t(invoice.kind.text_key())),
        sub: String::new(),
    };
    let state = invoices::state(p, invoice);
    (name, invoice.invoiced_on, invoice.amounts.total, Cell::Badge(state.tone, state.label), Vec::new())
}

fn of_payment(p: &Shell, payment: &Payment, amount: Money) -> Cells {
    let name = Cell::link(payments::address(payment), payments::name(p, payment));
    let actions = payments::reversal(p, payment).into_iter().collect();
    (name, payment.paid_on, amount, payments::state(p, payment), actions)
}
