//! What sales tell after a commit. The subject is the order's id, the payload an [`OrderEvent`]; of money on account that
//! belongs to no order, the payment's id and an [`AccountEvent`].

use contacts::Contact;
use context::{Ctx, Event};
use db::Tx;
use kernel::{Id, Lang, Money, Result};
use serde::{Deserialize, Serialize};

use crate::{Invoice, Order, Payment};

/// A customer ordered in a chat; the goods are reserved.
pub const ORDER_PLACED: &str = "sales_order.placed";
/// Staff or an outside system wrote an order.
pub const ORDER_CREATED: &str = "sales_order.created";
/// Staff accepted it.
pub const ORDER_CONFIRMED: &str = "sales_order.confirmed";
/// It was called off; nothing is reserved any more.
pub const ORDER_CANCELLED: &str = "sales_order.cancelled";
/// Its lines, sums or delivery are others now.
pub const ORDER_CHANGED: &str = "sales_order.changed";
/// It was thrown away: a draft, or one that never was an order.
pub const ORDER_DELETED: &str = "sales_order.deleted";

/// Nothing more of it will go out.
pub const ORDER_CLOSED: &str = "sales_order.closed";
/// Goods of it went out.
pub const DELIVERY_POSTED: &str = "sales_delivery.posted";
/// Goods that went out by mistake are back.
pub const DELIVERY_UNDONE: &str = "sales_delivery.undone";
/// It was invoiced, in whole or in part.
pub const INVOICE_POSTED: &str = "sales_invoice.posted";
/// Goods of an invoice came back.
pub const CREDIT_NOTE_POSTED: &str = "sales_credit_note.posted";
/// Money for it came.
pub const PAYMENT_RECEIVED: &str = "sales_payment.received";
/// A payment was a mistake.
pub const PAYMENT_REVERSED: &str = "sales_payment.reversed";
/// Money was given back.
pub const REFUND_PAID: &str = "sales_refund.paid";

/// Money came on account. The subject of this one and of the next two is the payment's id, the payload an
/// [`AccountEvent`]; each order that it pays is told by itself, with [`PAYMENT_RECEIVED`] and its share.
pub const PAYMENT_ON_ACCOUNT: &str = "sales_payment.received_on_account";
/// A payment on account was a mistake.
pub const PAYMENT_ON_ACCOUNT_REVERSED: &str = "sales_payment.reversed_on_account";
/// What was paid on account was given back.
pub const REFUND_ON_ACCOUNT: &str = "sales_refund.paid_on_account";

/// What a message about the order is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderEvent {
    /// The order's number.
    pub number: i64,
    /// Where it stands, the word.
    pub status: String,
    /// Who wrote it, the word.
    pub source: String,
    /// What it comes to.
    pub total: Money,
    /// For whom.
    pub customer: Option<Customer>,
    /// The conversation it came from.
    pub chat_ref: Option<String>,
    /// Why it was called off; empty otherwise.
    pub reason: String,
    /// Whether the customer did it themselves and need not be told.
    pub by_customer: bool,
    /// What is told of the document that it is about. A part of its own: money keeps its digits as it is read, and what
    /// serde flattens it reads through a value of its own, where there are none.
    #[serde(default)]
    pub told: Told,
}

/// What is told of a delivery, an invoice or a payment of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// The number of the delivery or the payment.
    #[serde(rename = "document_number", skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// The invoice or the credit note.
    #[serde(rename = "invoice_id", skip_serializing_if = "Option::is_none")]
    pub invoice: Option<Id<Invoice>>,
    /// What people call it.
    #[serde(rename = "invoice", skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it comes to, or how much was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Of a payment: what is left to pay. Of an invoice: the same. Of a credit note: what the customer may ask back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Money>,
    /// Of a delivery: everything has gone out now.
    #[serde(rename = "delivered_whole", skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
}

impl Told {
    /// Of an invoice or a credit note.
    pub(crate) fn of(invoice: &Invoice) -> Result<Self> {
        Ok(Self {
            number: None,
            invoice: Some(invoice.id),
            label: Some(invoice.label()),
            amount: Some(invoice.amounts.total),
            left: Some(invoice.open()?),
            whole: false,
        })
    }
}

/// What is told of money on account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountEvent {
    /// The number of the payment or the refund.
    pub number: i64,
    /// How much.
    pub amount: Money,
    /// How much of it pays invoices.
    pub allocated: Money,
    /// Whose money.
    pub customer: Option<Customer>,
}

/// For whom an order is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The contact.
    pub id: Id<Contact>,
    /// Their name.
    pub name: String,
    /// Their language.
    pub lang: Lang,
}

impl Customer {
    fn of(contact: &Contact) -> Self {
        Self { id: contact.id, name: contact.name.clone(), lang: contact.lang }
    }
}

/// Tells that `name` happened to the order.
pub(crate) fn emit(
    ctx: &Ctx,
    tx: &mut Tx,
    name: &'static str,
    order: &Order,
    contact: Option<&Contact>,
) -> Result<()> {
    emit_told(ctx, tx, name, order, contact, Told::default())
}

/// Tells that `name` happened to the order, and what is to be told of its document.
pub(crate) fn emit_told(
    ctx: &Ctx,
    tx: &mut Tx,
    name: &'static str,
    order: &Order,
    contact: Option<&Contact>,
    told: Told,
) -> Result<()> {
    let payload = OrderEvent {
        number: order.number,
        status: order.status.word().to_owned(),
        source: order.source.word().to_owned(),
        total: order.amounts.total,
        customer: contact.map(Customer::of),
        chat_ref: order.chat_ref.clone(),
        reason: order.cancel_reason.clone(),
        by_customer: ctx.actor().kind == context::ActorKind::Bot,
        told,
    };
    ctx.emit(tx, Event::new(name, order.id).with(&payload)?)
}

/// Tells that `name` happened to money on account.
pub(crate) fn emit_on_account(
    ctx: &Ctx,
    tx: &mut Tx,
    name: &'static str,
    payment: &Payment,
    contact: Option<&Contact>,
) -> Result<()> {
    let Payment { id, number, amount, allocated, .. } = payment;
    let customer = contact.map(Customer::of);
    let payload = AccountEvent { number: *number, amount: *amount, allocated: *allocated, customer };
    ctx.emit(tx, Event::new(name, *id).with(&payload)?)
}
