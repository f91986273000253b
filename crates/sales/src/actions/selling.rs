//! A sale over the counter: order, delivery, invoice and payment in one transaction.

use contacts::Contact;
use context::{Ctx, Permission, next_number};
use db::Tx;
use kernel::{Date, Id, Money, Result};

use super::{
    audited,
    delivering::NewDelivery,
    fulfilling::Fulfilment,
    invoicing::NewInvoice,
    paying::NewPayment,
    search_text,
    writing::{SERIES, Written, blank, write},
};
use crate::{
    DeliveryNote, Goods, Invoice, NewLine, ORDER_CREATED, Order, OrderContent, Payment, Source, Status,
    events::Told, store,
};

/// What is sold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuickSale {
    /// To whom; nobody in particular when none.
    pub customer: Option<Id<Contact>>,
    /// What.
    pub lines: Vec<NewLine>,
    /// What is taken off the whole.
    pub discount: Money,
    /// The business date of all of it; today where nobody says.
    pub on: Option<Date>,
    /// What is paid, into which registers; all of it into the default till where nobody says. A sale on credit pays
    /// less, or nothing.
    pub payments: Option<Vec<NewPayment>>,
    /// Whatever else there is to say.
    pub note: String,
}

/// What was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sold {
    /// The order, delivered.
    pub order: Order,
    /// What went out.
    pub delivery: DeliveryNote,
    /// What is owed for it.
    pub invoice: Invoice,
    /// What was paid.
    pub payments: Vec<Payment>,
}

/// Sells over the counter: the goods go from what is free, the invoice is made and paid, all or nothing.
pub fn sell(ctx: &Ctx, tx: &mut Tx, source: Source, sale: QuickSale) -> Result<Sold> {
    ctx.require(Permission::SalesCreate)?;
    let QuickSale { customer, lines, discount, on, payments, note } = sale;
    let payments = payments.unwrap_or_else(|| vec![NewPayment::default()]);
    if !payments.is_empty() {
        ctx.require(Permission::FinanceCreate)?;
    }
    let content = OrderContent {
        customer,
        ordered_on: on,
        goods: Goods::Lines(lines),
        discount,
        note,
        ..OrderContent::default()
    };
    let order = Order {
        status: Status::Confirmed,
        confirmed_at: Some(ctx.now()),
        ..blank(ctx, source, Status::Confirmed)
    };
    let Written { order, lines, products, contact } = write(ctx, tx, order, content)?;
    let mut work = Fulfilment::of(order, lines, contact, false);
    work.products = products;
    // The goods before the number, as everybody takes them.
    let sent = work.send(ctx, tx, NewDelivery { lines: None, on, note: String::new() })?;
    work.order.number = next_number(ctx, tx, SERIES)?;
    let search = search_text(&work.order, work.contact.as_ref());
    store::orders::insert(ctx, tx, &work.order, &search)?;
    store::lines::insert(ctx, tx, work.order.id, &work.lines)?;
    let after = audited(&work.order, &work.lines, &work.products);
    ctx.audit_new(tx, "sales_order.sell", "sales_order", work.order.id, &after)?;
    work.told.push((ORDER_CREATED, Told::default()));
    let delivery = work.note_delivery(ctx, tx, sent)?;
    let mut invoice = work.invoice(ctx, tx, NewInvoice { on, note: String::new() }, true)?;
    let mut paid = Vec::with_capacity(payments.len());
    for payment in payments {
        if invoice.amounts.is_zero() && payment.amount.is_none() {
            // All that is due of goods that cost nothing is nothing.
            continue;
        }
        let payment = work.pay(ctx, tx, NewPayment { on, ..payment }, vec![invoice.clone()])?;
        invoice.paid = invoice.paid.plus(payment.allocated)?;
        work.order.progress.paid = invoice.paid;
        paid.push(payment);
    }
    Ok(Sold { order: work.finish(ctx, tx)?, delivery, invoice, payments: paid })
}
