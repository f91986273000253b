//! Customers pay, and are given money back.

use cash::{Flow, NewTransaction, Register, TransactionKind};
use contacts::Contact;
use context::{Ctx, Permission, next_number};
use db::Tx;
use kernel::{Checks, Date, Error, Id, Money, Result, Text};
use ledger::Source;
use serde_json::json;

use super::{
    accounting::{Shares, account_reversed},
    counting::NOTE_CHARS,
    fulfilling::{Fulfilment, day, not_before},
};
use crate::{
    Allocation, Invoice, Order, PAYMENT_RECEIVED, PAYMENT_REVERSED, Payment, PaymentKind, REFUND_PAID,
    events::Told, payment::allocate, store, to_ledger,
};

/// The series of payment numbers.
const SERIES: &str = "sales_payment";

/// Money that comes from a customer or goes back to one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewPayment {
    /// Where the money goes or comes from; the default till where nobody says.
    pub register: Option<Id<Register>>,
    /// How much; all that is due where nobody says.
    pub amount: Option<Money>,
    /// The business date; today where nobody says.
    pub on: Option<Date>,
    /// Whatever else there is to say.
    pub note: String,
}

/// A customer pays an order: its invoices first, the oldest before the others; the rest is an advance that pays the
/// next invoice. More than is due is refused with what is.
pub fn pay_order(ctx: &Ctx, tx: &mut Tx, id: Id<Order>, new: NewPayment) -> Result<(Order, Payment)> {
    ctx.require(Permission::FinanceCreate)?;
    let mut work = Fulfilment::open(ctx, tx, id)?;
    let invoices = store::invoices::lock_open_of_order(ctx, tx, id)?;
    let payment = work.pay(ctx, tx, new, invoices)?;
    Ok((work.finish(ctx, tx)?, payment))
}

/// Gives a customer money back: what of an order's payments pays nothing. More than that, or than lies in the register,
/// is refused with what does.
pub fn refund_order(ctx: &Ctx, tx: &mut Tx, id: Id<Order>, new: NewPayment) -> Result<(Order, Payment)> {
    ctx.require(Permission::FinanceCreate)?;
    let mut work = Fulfilment::open(ctx, tx, id)?;
    let free = store::payments::lock_free(ctx, tx, Some(id), None)?;
    let (number, customer) = (work.order.number, work.order.customer);
    let too_large = Text::new("sales-refund-too-large").with("number", number);
    let (refund, register) = give_back(ctx, tx, new, free, (Some(id), customer), too_large)?;
    audit(ctx, tx, "sales_refund.pay", &refund)?;
    work.entries.push(to_ledger::refunded(&refund, &register));
    work.told.push((
        REFUND_PAID,
        Told { amount: Some(refund.amount), number: Some(refund.number), ..Told::default() },
    ));
    Ok((work.finish(ctx, tx)?, refund))
}

/// Takes a payment back that was a mistake: what it paid is open again, the money is out of the register. One of which
/// something was given back stands.
pub fn reverse_payment(ctx: &Ctx, tx: &mut Tx, id: Id<Payment>, on: Option<Date>) -> Result<Payment> {
    ctx.require(Permission::FinanceEdit)?;
    let order = store::payments::get(ctx, tx, id)?.order;
    // Orders before payments, as every step takes them. An invoice that is made this very moment may still take money
    // on account, and its order is taken late; should that wait crosswise, the database ends one and it runs again.
    let mut work = order.map(|order| Fulfilment::open(ctx, tx, order)).transpose()?;
    if order.is_none() {
        store::orders::lock_paid_by(ctx, tx, id)?;
    }
    let mut payment = store::payments::lock(ctx, tx, id)?;
    let refuse = |key: &'static str| Err(Error::conflict(Text::new(key).with("number", payment.number)));
    if payment.reversed_at.is_some() {
        return refuse("sales-payment-is-reversed");
    }
    if payment.kind == PaymentKind::Refund {
        return refuse("sales-refund-stands");
    }
    if payment.refunded.is_positive() {
        return refuse("sales-payment-is-refunded");
    }
    let mut checks = Checks::new();
    let on = day(ctx, &mut checks, on);
    not_before(&mut checks, on, payment.paid_on);
    checks.done()?;
    let allocations = store::payments::allocations_of_payment(ctx, tx, id)?;
    let mut shares = Shares::new();
    for allocation in &allocations {
        let mut invoice = store::invoices::lock(ctx, tx, allocation.invoice)?;
        invoice.paid = invoice.paid.minus(allocation.amount)?;
        store::invoices::set_settled(ctx, tx, &invoice)?;
        shares.add(invoice.order, allocation.amount)?;
    }
    let nothing: Vec<_> = allocations.iter().map(|a| Allocation { amount: Money::ZERO, ..*a }).collect();
    store::payments::set_allocations(ctx, tx, &nothing)?;
    let transaction = NewTransaction {
        register: Some(payment.register),
        flow: Flow::Out,
        amount: payment.amount,
        kind: TransactionKind::SalePayment,
        contact: payment.customer,
        source: Source::new("sales_payment", id, Some(payment.number)),
        on,
        note: String::new(),
    };
    let (_, register) = cash::record(ctx, tx, transaction)?;
    let entry = to_ledger::unpaid(&payment, &register, on)?;
    payment.allocated = Money::ZERO;
    payment.reversed_at = Some(ctx.now());
    store::payments::set_used(ctx, tx, &payment)?;
    audit(ctx, tx, "sales_payment.reverse", &payment)?;
    match work.take() {
        Some(mut work) => {
            work.entries.push(entry);
            let told = Told { amount: Some(payment.amount), number: Some(payment.number), ..Told::default() };
            work.told.push((PAYMENT_REVERSED, told));
            work.finish(ctx, tx)?;
        }
        None => account_reversed(ctx, tx, &payment, shares, entry)?,
    }
    Ok(payment)
}

impl Fulfilment {
    /// Takes money for the order; `invoices` are its open ones, held.
    pub(super) fn pay(
        &mut self,
        ctx: &Ctx,
        tx: &mut Tx,
        new: NewPayment,
        mut invoices: Vec<Invoice>,
    ) -> Result<Payment> {
        let NewPayment { register, amount, on, note } = new;
        let mut checks = Checks::new();
        let note = checks.prose("note", &note, NOTE_CHARS);
        let on = day(ctx, &mut checks, on);
        checks.done()?;
        let due = self.due(&invoices)?;
        let amount = amount.unwrap_or(due);
        let number = self.order.number;
        if !due.is_positive() {
            return Err(Error::conflict(Text::new("sales-order-is-paid").with("number", number)));
        }
        if amount > due {
            let text = Text::new("sales-payment-too-large").with("number", number).with("due", due);
            return Err(Error::field("amount", text));
        }
        let taken = Taken {
            kind: PaymentKind::Payment,
            id: ctx.new_id(),
            order: Some(self.order.id),
            customer: self.order.customer,
            register,
            amount,
            on,
            note,
        };
        let (mut payment, register) = taken.record(ctx, tx)?;
        let allocations = allocate(&mut invoices, std::slice::from_mut(&mut payment))?;
        write(ctx, tx, &payment, &invoices, &allocations)?;
        audit(ctx, tx, "sales_payment.receive", &payment)?;
        self.entries.push(to_ledger::paid(&payment, &register)?);
        let told = Told {
            amount: Some(amount),
            left: Some(due.minus(amount)?),
            number: Some(payment.number),
            ..Told::default()
        };
        self.told.push((PAYMENT_RECEIVED, told));
        Ok(payment)
    }

    /// What is due: by the order's sums as they stood, and by invoices made in this transaction.
    fn due(&self, invoices: &[Invoice]) -> Result<Money> {
        let open = Money::sum(invoices.iter().map(Invoice::open).collect::<Result<Vec<_>>>()?)?;
        Ok(self.order.due()?.max(open))
    }
}

/// Gives money back out of these advances, the oldest first, for an order or to a customer on account. More than they
/// come to is `too_large`, with what they do. The refund is written; what it says in the books is the caller's.
pub(super) fn give_back(
    ctx: &Ctx,
    tx: &mut Tx,
    new: NewPayment,
    mut free: Vec<Payment>,
    (order, customer): (Option<Id<Order>>, Option<Id<Contact>>),
    too_large: Text,
) -> Result<(Payment, Register)> {
    let NewPayment { register, amount, on, note } = new;
    let mut checks = Checks::new();
    let note = checks.prose("note", &note, NOTE_CHARS);
    let on = day(ctx, &mut checks, on);
    checks.done()?;
    let most = Money::sum(free.iter().map(Payment::free).collect::<Result<Vec<_>>>()?)?;
    // What is due to the customer is what they paid too much; an advance for goods to come is theirs to ask for, too.
    let amount = amount.unwrap_or(most);
    if amount > most || most.is_zero() {
        let text = too_large.with("max", most);
        return Err(if most.is_zero() { Error::conflict(text) } else { Error::field("amount", text) });
    }
    let (mut rest, mut checks) = (amount, Checks::new());
    for payment in &mut free {
        let take = rest.min(payment.free()?);
        if !take.is_positive() {
            break;
        }
        if !checks.has("date") {
            not_before(&mut checks, on, payment.paid_on);
        }
        payment.refunded = payment.refunded.plus(take)?;
        rest = rest.minus(take)?;
        store::payments::set_used(ctx, tx, payment)?;
    }
    checks.done()?;
    let kind = PaymentKind::Refund;
    let taken = Taken { kind, id: ctx.new_id(), order, customer, register, amount, on, note };
    let (refund, register) = taken.record(ctx, tx)?;
    store::payments::insert(ctx, tx, &refund)?;
    Ok((refund, register))
}

/// Money on its way into a register or out of it.
pub(super) struct Taken {
    pub(super) kind: PaymentKind,
    pub(super) id: Id<Payment>,
    pub(super) order: Option<Id<Order>>,
    pub(super) customer: Option<Id<Contact>>,
    pub(super) register: Option<Id<Register>>,
    pub(super) amount: Money,
    pub(super) on: Date,
    pub(super) note: String,
}

impl Taken {
    /// Moves the money; the payment itself is not written yet.
    pub(super) fn record(self, ctx: &Ctx, tx: &mut Tx) -> Result<(Payment, Register)> {
        let Self { kind, id, order, customer, register, amount, on, note } = self;
        if !amount.is_positive() {
            return Err(Error::field("amount", Text::new("sales-payment-not-positive")));
        }
        let number = next_number(ctx, tx, SERIES)?;
        let (flow, why, source) = match kind {
            PaymentKind::Payment => (Flow::In, TransactionKind::SalePayment, "sales_payment"),
            PaymentKind::Refund => (Flow::Out, TransactionKind::Refund, "sales_refund"),
        };
        let transaction = NewTransaction {
            register,
            flow,
            amount,
            kind: why,
            contact: customer,
            source: Source::new(source, id, Some(number)),
            on,
            note: String::new(),
        };
        let (transaction, register) = cash::record(ctx, tx, transaction)?;
        let payment = Payment {
            id,
            kind,
            number,
            order,
            customer,
            register: register.id,
            transaction: transaction.id,
            amount,
            allocated: Money::ZERO,
            refunded: Money::ZERO,
            paid_on: on,
            note,
            created_at: ctx.now(),
            reversed_at: None,
        };
        Ok((payment, register))
    }
}

/// Writes a payment and what it pays.
pub(super) fn write(
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    invoices: &[Invoice],
    allocations: &[Allocation],
) -> Result<()> {
    store::payments::insert(ctx, tx, payment)?;
    for invoice in invoices.iter().filter(|i| allocations.iter().any(|a| a.invoice == i.id)) {
        store::invoices::set_settled(ctx, tx, invoice)?;
    }
    store::payments::add_allocations(ctx, tx, allocations)
}

pub(super) fn audit(ctx: &Ctx, tx: &mut Tx, action: &'static str, payment: &Payment) -> Result<()> {
    let Payment { number, amount, paid_on, order, customer, allocated, .. } = payment;
    let after = json!({ "number": number, "amount": amount, "date": paid_on, "customer": customer,
                        "allocated": allocated });
    match order {
        Some(order) => ctx.audit_new(tx, action, "sales_order", *order, &after),
        None => ctx.audit_new(tx, action, "sales_payment", payment.id, &after),
    }
}
