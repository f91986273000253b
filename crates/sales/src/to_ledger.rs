//! How sales look to the books. Pure.
//!
//! | document | debit | credit |
//! |---|---|---|
//! | delivery | cost of goods | goods |
//! | invoice | customers | revenue, output VAT |
//! | … paid from an advance | customers' advances | customers |
//! | payment | cash or bank | customers; what pays nothing yet, customers' advances |
//! | credit note | returns, output VAT | customers; what was paid already, customers' advances |
//! | … its goods | goods | cost of goods |
//! | refund | customers' advances | cash or bank |

use cash::Register;
use contacts::Contact;
use kernel::{Date, Id, Money, Result, Text};
use ledger::{NewEntry, NewLine, Role, Source};
use stock::Move;

use crate::{DeliveryLine, DeliveryNote, Invoice, Order, Payment};

/// About this customer, when it is somebody in particular.
fn of(customer: Option<Id<Contact>>, line: NewLine) -> NewLine {
    match customer {
        Some(customer) => line.contact(customer),
        None => line,
    }
}

fn memo(key: &'static str, number: String) -> Text {
    Text::new(key).with("number", number)
}

/// Goods went out. None when they cost nothing.
pub(crate) fn delivered(
    order: &Order,
    delivery: &DeliveryNote,
    lines: &[DeliveryLine],
) -> Result<Option<NewEntry>> {
    let source = Source::new("sales_delivery", delivery.id, Some(delivery.number));
    let words = memo("sales-memo-delivery", order.number.to_string());
    let entry = NewEntry::new(delivery.delivered_on, source, "delivery", words);
    let mut entry = entry.with(NewLine::debit(Role::CostOfGoods, delivery.cost));
    for DeliveryLine { product, warehouse, cost, .. } in lines {
        entry = entry.with(NewLine::credit(Role::Goods, *cost).product(*product).warehouse(*warehouse));
    }
    Ok(something(entry))
}

/// A delivery was a mistake. None when its goods cost nothing.
pub(crate) fn undelivered(
    order: &Order,
    delivery: &DeliveryNote,
    on: Date,
    moves: &[Move],
) -> Result<Option<NewEntry>> {
    let source = Source::new("sales_delivery", delivery.id, Some(delivery.number));
    let words = memo("sales-memo-undone", order.number.to_string());
    let entry = stock::goods_lines(NewEntry::new(on, source, "undone", words), moves)?;
    Ok(something(entry.with(NewLine::credit(Role::CostOfGoods, delivery.cost))))
}

/// Money is owed, and an advance pays it or a part. None for an invoice of nothing.
pub(crate) fn invoiced(invoice: &Invoice) -> Result<Option<NewEntry>> {
    let Invoice { id, number, customer, invoiced_on, amounts, fee, paid, .. } = invoice;
    let source = Source::new("sales_invoice", *id, Some(*number));
    let words = memo("sales-memo-invoice", invoice.label());
    let entry = NewEntry::new(*invoiced_on, source, "invoice", words)
        .with(of(*customer, NewLine::debit(Role::Customers, amounts.total)))
        .with(NewLine::credit(Role::RevenueGoods, amounts.net.minus(fee.net)?))
        .with(NewLine::credit(Role::RevenueServices, fee.net))
        .with(NewLine::credit(Role::VatOutput, amounts.vat))
        .with(of(*customer, NewLine::debit(Role::CustomerAdvances, *paid)))
        .with(of(*customer, NewLine::credit(Role::Customers, *paid)));
    Ok(something(entry))
}

/// A customer paid.
pub(crate) fn paid(payment: &Payment, register: &Register) -> Result<NewEntry> {
    let Payment { id, number, customer, amount, allocated, paid_on, .. } = payment;
    let source = Source::new("sales_payment", *id, Some(*number));
    let words = memo("sales-memo-payment", number.to_string());
    Ok(NewEntry::new(*paid_on, source, "payment", words)
        .with(NewLine::debit(register.role(), *amount))
        .with(of(*customer, NewLine::credit(Role::Customers, *allocated)))
        .with(of(*customer, NewLine::credit(Role::CustomerAdvances, amount.minus(*allocated)?))))
}

/// A payment was a mistake; `payment` as it stood.
pub(crate) fn unpaid(payment: &Payment, register: &Register, on: Date) -> Result<NewEntry> {
    let Payment { id, number, customer, amount, allocated, .. } = payment;
    let source = Source::new("sales_payment", *id, Some(*number));
    let words = memo("sales-memo-payment-reversed", number.to_string());
    Ok(NewEntry::new(on, source, "reversed", words)
        .with(of(*customer, NewLine::debit(Role::Customers, *allocated)))
        .with(of(*customer, NewLine::debit(Role::CustomerAdvances, amount.minus(*allocated)?)))
        .with(NewLine::credit(register.role(), *amount)))
}

/// A credit note; `freed` of it had been paid and is an advance again. None when its goods were for nothing.
pub(crate) fn credited(credit: &Invoice, freed: Money) -> Result<Option<NewEntry>> {
    let Invoice { id, number, customer, invoiced_on, amounts, .. } = credit;
    let source = Source::new("sales_credit_note", *id, Some(*number));
    let words = memo("sales-memo-credit-note", credit.label());
    let entry = NewEntry::new(*invoiced_on, source, "credit_note", words)
        .with(NewLine::debit(Role::Returns, amounts.net))
        .with(NewLine::debit(Role::VatOutput, amounts.vat))
        .with(of(*customer, NewLine::credit(Role::Customers, amounts.total.minus(freed)?)))
        .with(of(*customer, NewLine::credit(Role::CustomerAdvances, freed)));
    Ok(something(entry))
}

/// The goods of a credit note. None when they cost nothing.
pub(crate) fn came_back(credit: &Invoice, cost: Money, moves: &[Move]) -> Result<Option<NewEntry>> {
    let source = Source::new("sales_credit_note", credit.id, Some(credit.number));
    let words = memo("sales-memo-return", credit.label());
    let entry = stock::goods_lines(NewEntry::new(credit.invoiced_on, source, "goods", words), moves)?;
    Ok(something(entry.with(NewLine::credit(Role::CostOfGoods, cost))))
}

/// A customer was given money back.
pub(crate) fn refunded(refund: &Payment, register: &Register) -> NewEntry {
    let Payment { id, number, customer, amount, paid_on, .. } = refund;
    let source = Source::new("sales_refund", *id, Some(*number));
    let words = memo("sales-memo-refund", number.to_string());
    NewEntry::new(*paid_on, source, "refund", words)
        .with(of(*customer, NewLine::debit(Role::CustomerAdvances, *amount)))
        .with(NewLine::credit(register.role(), *amount))
}

fn something(entry: NewEntry) -> Option<NewEntry> {
    (!entry.lines.is_empty()).then_some(entry)
}
