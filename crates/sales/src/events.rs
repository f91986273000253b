//! What sales tell after a commit. The subject is the order's id, the payload an [`OrderEvent`].

use contacts::Contact;
use context::{Ctx, Event};
use db::Tx;
use kernel::{Id, Lang, Money, Result};
use serde::{Deserialize, Serialize};

use crate::Order;

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

/// Tells that `name` happened to the order.
pub(crate) fn emit(
    ctx: &Ctx,
    tx: &mut Tx,
    name: &'static str,
    order: &Order,
    contact: Option<&Contact>,
) -> Result<()> {
    let payload = OrderEvent {
        number: order.number,
        status: order.status.word().to_owned(),
        source: order.source.word().to_owned(),
        total: order.amounts.total,
        customer: contact.map(|c| Customer { id: c.id, name: c.name.clone(), lang: c.lang }),
        chat_ref: order.chat_ref.clone(),
        reason: order.cancel_reason.clone(),
        by_customer: ctx.actor().kind == context::ActorKind::Bot,
    };
    ctx.emit(tx, Event::new(name, order.id).with(&payload)?)
}
