//! What others may read of orders and their documents, and the lists of pages and API.

use std::collections::{HashMap, HashSet};

use cash::Register;
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Error, Id, Money, Page, PageRequest, Quantity, Result};
use ledger::Role;

use crate::{
    Allocation, CustomerStanding, DeliveryLine, DeliveryNote, Invoice, InvoiceKind, InvoiceLine, Order,
    OrderLine, Payment, PaymentKind, Source, StatementLine, Status, delivery::with_invoiced, store,
};

/// Which orders are wanted; what is `None` does not matter.
#[derive(Debug, Clone)]
pub struct OrderFilter {
    /// Standing here.
    pub status: Option<Status>,
    /// Written by these.
    pub source: Option<Source>,
    /// For this customer.
    pub customer: Option<Id<Contact>>,
    /// Placed in this chat.
    pub chat_ref: Option<String>,
    /// Each of these words, in either script, is in the number, the customer's name or phone, or the note.
    pub text: String,
    /// Of this day or later.
    pub from: Option<Date>,
    /// Of this day or earlier.
    pub until: Option<Date>,
    /// Drafts are left out.
    pub without_drafts: bool,
    /// In which order.
    pub order: OrderOrder,
    /// From the end of that order.
    pub descending: bool,
}

impl Default for OrderFilter {
    /// All, newest first.
    fn default() -> Self {
        Self {
            status: None,
            source: None,
            customer: None,
            chat_ref: None,
            text: String::new(),
            from: None,
            until: None,
            without_drafts: false,
            order: OrderOrder::Number,
            descending: true,
        }
    }
}

/// Which deliveries are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeliveryFilter {
    /// Of this day or later.
    pub from: Option<Date>,
    /// Of this day or earlier.
    pub until: Option<Date>,
}

/// Which invoices and credit notes are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct InvoiceFilter {
    /// Invoices or credit notes.
    pub kind: Option<InvoiceKind>,
    /// For this customer.
    pub customer: Option<Id<Contact>>,
    /// Of this order.
    pub order: Option<Id<Order>>,
    /// Of this day or later.
    pub from: Option<Date>,
    /// Of this day or earlier.
    pub until: Option<Date>,
    /// Only those that something is still to be paid of.
    pub open: bool,
    /// The one with this kind, year and number.
    pub label: Option<(InvoiceKind, i32, i64)>,
}

/// Which payments and refunds are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct PaymentFilter {
    /// Payments or refunds.
    pub kind: Option<PaymentKind>,
    /// Of this customer.
    pub customer: Option<Id<Contact>>,
    /// Of this order.
    pub order: Option<Id<Order>>,
    /// Into this register, or out of it.
    pub register: Option<Id<Register>>,
    /// Of this day or later.
    pub from: Option<Date>,
    /// Of this day or earlier.
    pub until: Option<Date>,
}

/// The orders a list of orders can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrderOrder {
    /// By number, that is by age.
    #[default]
    Number,
    /// By the business date.
    Day,
    /// By what they come to.
    Total,
}

impl OrderOrder {
    /// All of them, as lists offer them.
    pub const ALL: [Self; 3] = [Self::Number, Self::Day, Self::Total];

    /// The word in `?ordering=`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Number => "id",
            Self::Day => "ordered_on",
            Self::Total => "total_amount",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.word() == word)
    }
}

/// The order with this id.
pub fn get_order(ctx: &Ctx, tx: &mut ReadTx, id: Id<Order>) -> Result<Order> {
    ctx.require(Permission::SalesRead)?;
    store::orders::get(ctx, tx, id)
}

/// The order with this number.
pub fn get_order_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Order> {
    ctx.require(Permission::SalesRead)?;
    store::orders::get_by_number(ctx, tx, number)
}

/// The lines of an order, in order.
pub fn order_lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<Order>) -> Result<Vec<OrderLine>> {
    ctx.require(Permission::SalesRead)?;
    store::lines::list(ctx, tx, id)
}

/// The orders that fit.
pub fn list_orders(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &OrderFilter,
    page: PageRequest,
) -> Result<Page<Order>> {
    ctx.require(Permission::SalesRead)?;
    store::orders::list(ctx, tx, filter, page)
}

/// A customer's orders, newest first, drafts of the staff left out.
pub fn orders_of_customer(
    ctx: &Ctx,
    tx: &mut ReadTx,
    customer: Id<Contact>,
    page: PageRequest,
) -> Result<Page<Order>> {
    let filter = OrderFilter { customer: Some(customer), without_drafts: true, ..OrderFilter::default() };
    list_orders(ctx, tx, &filter, page)
}

/// The orders of a customer that were placed in one chat, newest first.
pub fn orders_of_chat(
    ctx: &Ctx,
    tx: &mut ReadTx,
    customer: Id<Contact>,
    chat_ref: &str,
    page: PageRequest,
) -> Result<Page<Order>> {
    let filter = OrderFilter {
        customer: Some(customer),
        chat_ref: Some(chat_ref.to_owned()),
        without_drafts: true,
        ..OrderFilter::default()
    };
    list_orders(ctx, tx, &filter, page)
}

/// How many orders stand where.
pub fn orders_by_status(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(Status, i64)>> {
    ctx.require(Permission::SalesRead)?;
    let counts = store::orders::count_by_status(ctx, tx)?;
    let of = |status: Status| counts.iter().find(|(word, _)| word == status.word()).map_or(0, |(_, n)| *n);
    Ok(Status::ALL.map(|status| (status, of(status))).to_vec())
}

/// What went out for an order, oldest first.
pub fn deliveries_of(ctx: &Ctx, tx: &mut ReadTx, order: Id<Order>) -> Result<Vec<DeliveryNote>> {
    ctx.require(Permission::SalesRead)?;
    store::deliveries::of_order(ctx, tx, order)
}

/// The deliveries that fit, newest first; undone ones too.
pub fn list_deliveries(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &DeliveryFilter,
    page: PageRequest,
) -> Result<Page<DeliveryNote>> {
    ctx.require(Permission::SalesRead)?;
    store::deliveries::list(ctx, tx, filter, page)
}

/// The delivery with this id.
pub fn get_delivery(ctx: &Ctx, tx: &mut ReadTx, id: Id<DeliveryNote>) -> Result<DeliveryNote> {
    ctx.require(Permission::SalesRead)?;
    store::deliveries::get(ctx, tx, id)
}

/// The delivery with this number.
pub fn get_delivery_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<DeliveryNote> {
    ctx.require(Permission::SalesRead)?;
    store::deliveries::get_by_number(ctx, tx, number)
}

/// The lines of a delivery, in order.
pub fn delivery_lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<DeliveryNote>) -> Result<Vec<DeliveryLine>> {
    ctx.require(Permission::SalesRead)?;
    store::deliveries::lines(ctx, tx, id)
}

/// The deliveries of an order that can be taken back as mistakes: they stand, and nothing of them is invoiced.
pub(crate) fn undoable_of(ctx: &Ctx, tx: &mut ReadTx, order: Id<Order>) -> Result<HashSet<Id<DeliveryNote>>> {
    let lines = order_lines(ctx, tx, order)?;
    let gone = with_invoiced(store::deliveries::gone(ctx, tx, order)?, &lines)?;
    let invoiced = gone.iter().filter(|(_, invoiced)| invoiced.is_positive());
    let invoiced: HashSet<_> = invoiced.map(|(piece, _)| piece.delivery).collect();
    Ok(gone.iter().map(|(piece, _)| piece.delivery).filter(|id| !invoiced.contains(id)).collect())
}

/// The invoice or credit note with this id.
pub fn get_invoice(ctx: &Ctx, tx: &mut ReadTx, id: Id<Invoice>) -> Result<Invoice> {
    ctx.require(Permission::SalesRead)?;
    store::invoices::get(ctx, tx, id)
}

/// The invoice or credit note that people call `label`.
pub fn get_invoice_by_label(ctx: &Ctx, tx: &mut ReadTx, label: &str) -> Result<Invoice> {
    ctx.require(Permission::SalesRead)?;
    let (kind, year, number) = Invoice::parse_label(label).ok_or_else(Error::not_found)?;
    store::invoices::get_by_number(ctx, tx, kind, year, number)
}

/// The lines of an invoice or a credit note, in order.
pub fn invoice_lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<Invoice>) -> Result<Vec<InvoiceLine>> {
    ctx.require(Permission::SalesRead)?;
    store::invoices::lines(ctx, tx, id)
}

/// The invoices and credit notes of an order, oldest first.
pub fn invoices_of(ctx: &Ctx, tx: &mut ReadTx, order: Id<Order>) -> Result<Vec<Invoice>> {
    ctx.require(Permission::SalesRead)?;
    store::invoices::of_order(ctx, tx, order)
}

/// How much of each line of an invoice credit notes took back, and whether one of them took the fee.
pub fn credited_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    invoice: Id<Invoice>,
) -> Result<(HashMap<Id<OrderLine>, Quantity>, bool)> {
    ctx.require(Permission::SalesRead)?;
    store::invoices::credited(ctx, tx, invoice)
}

/// The invoices and credit notes that fit, newest first.
pub fn list_invoices(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &InvoiceFilter,
    page: PageRequest,
) -> Result<Page<Invoice>> {
    ctx.require(Permission::SalesRead)?;
    store::invoices::list(ctx, tx, filter, page)
}

/// The payment or refund with this number.
pub fn get_payment_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Payment> {
    ctx.require(Permission::SalesRead)?;
    store::payments::get_by_number(ctx, tx, number)
}

/// The payment or refund with this id.
pub fn get_payment(ctx: &Ctx, tx: &mut ReadTx, id: Id<Payment>) -> Result<Payment> {
    ctx.require(Permission::SalesRead)?;
    store::payments::get(ctx, tx, id)
}

/// The payments and refunds of an order, and what a customer paid on account that pays its invoices; oldest first.
pub fn payments_of(ctx: &Ctx, tx: &mut ReadTx, order: Id<Order>) -> Result<Vec<Payment>> {
    ctx.require(Permission::SalesRead)?;
    store::payments::of_order(ctx, tx, order)
}

/// How much of a payment is for the order with these invoices: all of what was paid for it, and of money on account
/// what pays its invoices.
pub(crate) fn amount_for(
    ctx: &Ctx,
    tx: &mut ReadTx,
    payment: &Payment,
    invoices: &[Invoice],
) -> Result<Money> {
    if payment.order.is_some() {
        return Ok(payment.amount);
    }
    let pays = allocations_of(ctx, tx, payment.id)?;
    let here = pays.iter().filter(|one| invoices.iter().any(|invoice| invoice.id == one.invoice));
    Money::sum(here.map(|one| one.amount))
}

/// What a payment pays, the oldest invoice first.
pub fn allocations_of(ctx: &Ctx, tx: &mut ReadTx, payment: Id<Payment>) -> Result<Vec<Allocation>> {
    ctx.require(Permission::SalesRead)?;
    store::payments::allocations_of_payment(ctx, tx, payment)
}

/// The payments and refunds that fit, newest first.
pub fn list_payments(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &PaymentFilter,
    page: PageRequest,
) -> Result<Page<Payment>> {
    ctx.require(Permission::SalesRead)?;
    store::payments::list(ctx, tx, filter, page)
}

/// How we stand with a customer now.
pub fn customer_standing(ctx: &Ctx, tx: &mut ReadTx, customer: Id<Contact>) -> Result<CustomerStanding> {
    ctx.require(Permission::SalesRead)?;
    store::statements::standing(ctx, tx, customer)
}

/// A customer's invoices, credit notes, payments and refunds, newest first, each with how we stood after it.
pub fn customer_statement(
    ctx: &Ctx,
    tx: &mut ReadTx,
    customer: Id<Contact>,
    page: PageRequest,
) -> Result<Page<StatementLine>> {
    ctx.require(Permission::SalesRead)?;
    store::statements::list(ctx, tx, customer, page)
}

/// Everything about the workspace's orders that does not agree: sums against lines, promises against confirmed lines.
/// Empty when all is well; each finding is a sentence for developers and operators.
pub fn check(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    let mut found = store::orders::sums_unlike_their_lines(ctx, tx)?;
    found.extend(store::orders::promises_unlike_their_lines(ctx, tx)?);
    found.extend(store::checks::all(ctx, tx)?);
    found.extend(customers_unlike_the_books(ctx, tx)?);
    Ok(found)
}

/// Customers whose open invoices or advances are not what the books say of them.
fn customers_unlike_the_books(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let standing = store::checks::standing(ctx, tx)?;
    let customers: Vec<_> = standing.keys().flatten().map(|customer| customer.uuid()).collect();
    for (role, sign) in [(Role::Customers, 1), (Role::CustomerAdvances, -1)] {
        for (customer, booked) in ledger::contact_balances(ctx, tx, role, &customers)? {
            let (open, advance) = standing.get(&Some(Id::from_uuid(customer))).copied().unwrap_or_default();
            let own = if sign > 0 { open } else { Money::ZERO.minus(advance)? };
            if own != booked {
                found.push(format!("{role:?} of {customer}: {own} by documents, {booked} in the books"));
            }
        }
    }
    Ok(found)
}
