//! Customers pay on account, for whatever they owe, and are given back what of that pays nothing.

use std::collections::BTreeMap;

use contacts::Contact;
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Id, Money, Result, Text};
use ledger::NewEntry;
use serde_json::json;

use super::{
    counting::NOTE_CHARS,
    customer,
    fulfilling::{Fulfilment, day},
    paying::{NewPayment, Taken, audit, give_back, write},
    whoever,
};
use crate::{
    Invoice, Order, PAYMENT_ON_ACCOUNT, PAYMENT_ON_ACCOUNT_REVERSED, PAYMENT_RECEIVED, PAYMENT_REVERSED,
    Payment, PaymentKind, REFUND_ON_ACCOUNT, events, events::Told, payment::allocate, store, to_ledger,
};

/// A customer pays on account: their open invoices of all orders, the oldest first; the rest is an advance. Each order
/// that it pays is told of its share.
pub fn pay_on_account(ctx: &Ctx, tx: &mut Tx, whom: Id<Contact>, new: NewPayment) -> Result<Payment> {
    ctx.require(Permission::FinanceCreate)?;
    let contact = customer(ctx, tx, Some(whom))?;
    let NewPayment { register, amount, on, note } = new;
    let mut checks = Checks::new();
    let note = checks.prose("note", &note, NOTE_CHARS);
    let on = day(ctx, &mut checks, on);
    checks.done()?;
    // Orders before invoices, as every step takes them. An invoice that is made this very moment waits for the next money.
    let held = store::orders::lock_owing(ctx, tx, whom)?;
    let mut invoices = store::invoices::open_of_customer(ctx, tx, whom)?;
    invoices.retain(|invoice| held.contains(&invoice.order));
    let due = Money::sum(invoices.iter().map(Invoice::open).collect::<Result<Vec<_>>>()?)?;
    let amount = amount.unwrap_or(due);
    let (kind, customer) = (PaymentKind::Payment, Some(whom));
    let taken = Taken { kind, id: ctx.new_id(), order: None, customer, register, amount, on, note };
    let (mut payment, register) = taken.record(ctx, tx)?;
    let allocations = allocate(&mut invoices, std::slice::from_mut(&mut payment))?;
    write(ctx, tx, &payment, &invoices, &allocations)?;
    let mut shares = Shares::new();
    for allocation in &allocations {
        if let Some(invoice) = invoices.iter().find(|invoice| invoice.id == allocation.invoice) {
            shares.add(invoice.order, allocation.amount)?;
        }
    }
    for (order, share) in shares.0 {
        let mut work = Fulfilment::open(ctx, tx, order)?;
        let left = Some(work.order.due()?.minus(share)?);
        work.tell_share(ctx, tx, &payment, "sales_payment.allocate", (PAYMENT_RECEIVED, share, left))?;
        work.finish(ctx, tx)?;
    }
    audit(ctx, tx, "sales_payment.receive", &payment)?;
    events::emit_on_account(ctx, tx, PAYMENT_ON_ACCOUNT, &payment, contact.as_ref())?;
    ledger::post(ctx, tx, to_ledger::paid(&payment, &register)?)?;
    Ok(payment)
}

/// Gives a customer back what they paid on account and what pays nothing: paid too much, or freed by goods that came
/// back. More than that, or than lies in the register, is refused with what does.
pub fn refund_on_account(ctx: &Ctx, tx: &mut Tx, whom: Id<Contact>, new: NewPayment) -> Result<Payment> {
    ctx.require(Permission::FinanceCreate)?;
    let contact = customer(ctx, tx, Some(whom))?;
    let free = store::payments::lock_free(ctx, tx, None, Some(whom))?;
    let too_large = Text::new("sales-refund-on-account-too-large");
    let (refund, register) = give_back(ctx, tx, new, free, (None, Some(whom)), too_large)?;
    audit(ctx, tx, "sales_refund.pay", &refund)?;
    events::emit_on_account(ctx, tx, REFUND_ON_ACCOUNT, &refund, contact.as_ref())?;
    ledger::post(ctx, tx, to_ledger::refunded(&refund, &register))?;
    Ok(refund)
}

/// What is left to do of the reversal of a payment on account: the orders that it paid are told, and it is posted.
pub(super) fn account_reversed(
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    shares: Shares,
    entry: NewEntry,
) -> Result<()> {
    for (order, share) in shares.0 {
        let mut work = Fulfilment::open(ctx, tx, order)?;
        work.tell_share(ctx, tx, payment, "sales_payment.free", (PAYMENT_REVERSED, share, None))?;
        work.finish(ctx, tx)?;
    }
    let contact = whoever(ctx, tx, payment.customer)?;
    events::emit_on_account(ctx, tx, PAYMENT_ON_ACCOUNT_REVERSED, payment, contact.as_ref())?;
    ledger::post(ctx, tx, entry)?;
    Ok(())
}

/// How much of a payment pays which order.
pub(super) struct Shares(BTreeMap<Id<Order>, Money>);

impl Shares {
    pub(super) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(super) fn add(&mut self, order: Id<Order>, amount: Money) -> Result<()> {
        let share = self.0.entry(order).or_default();
        *share = share.plus(amount)?;
        Ok(())
    }
}

impl Fulfilment {
    /// Writes into the order's history that a payment on account pays a share of it, or no longer does.
    fn tell_share(
        &mut self,
        ctx: &Ctx,
        tx: &mut Tx,
        payment: &Payment,
        action: &'static str,
        (event, share, left): (&'static str, Money, Option<Money>),
    ) -> Result<()> {
        let after = json!({ "number": payment.number, "amount": share, "order": self.order.number });
        ctx.audit_new(tx, action, "sales_order", self.order.id, &after)?;
        let told = Told { amount: Some(share), left, number: Some(payment.number), ..Told::default() };
        self.told.push((event, told));
        Ok(())
    }
}
