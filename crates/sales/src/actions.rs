//! What people, chats and outside systems do with orders.

mod accounting;
mod counting;
mod delivering;
mod fulfilling;
mod invoicing;
mod paying;
mod placing;
mod returning;
mod selling;
mod setting;
mod stepping;
mod writing;

pub use accounting::{pay_on_account, refund_on_account};
pub use delivering::{NewDelivery, close_order, deliver_order, undo_delivery};
pub use invoicing::{NewInvoice, invoice_order};
pub use paying::{NewPayment, pay_order, refund_order, reverse_payment};
pub use placing::place_order;
pub use returning::{NewCreditNote, credit_invoice};
pub use selling::{QuickSale, Sold, sell};
pub use setting::{prices_include_vat, set_prices_include_vat};
pub use stepping::{cancel_order, confirm_order, move_order, submit_order};
pub use writing::{create_order, delete_order, update_order};

use catalog::Product;
use contacts::Contact;
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Error, Id, Result, Text};
use serde_json::{Value, json};
use stock::{ReserveLine, reserve};

use crate::{Order, OrderLine};

/// The contact for whom an order is; one that was deleted orders nothing.
fn customer(ctx: &Ctx, tx: &mut ReadTx, id: Option<Id<Contact>>) -> Result<Option<Contact>> {
    let Some(id) = id else { return Ok(None) };
    let found = contacts::get_many(ctx, tx, &[id])?.into_iter().find(|contact| contact.deleted_at.is_none());
    let unknown = || Error::field("customer_id", Text::new("sales-customer-unknown"));
    found.ok_or_else(unknown).map(Some)
}

/// The contact of an order that stands, whatever became of them.
fn customer_of(ctx: &Ctx, tx: &mut ReadTx, order: &Order) -> Result<Option<Contact>> {
    whoever(ctx, tx, order.customer)
}

/// The same of a document.
fn whoever(ctx: &Ctx, tx: &mut ReadTx, id: Option<Id<Contact>>) -> Result<Option<Contact>> {
    let Some(id) = id else { return Ok(None) };
    Ok(contacts::get_many(ctx, tx, &[id])?.into_iter().next())
}

/// What a list finds an order by.
fn search_text(order: &Order, contact: Option<&Contact>) -> String {
    let (name, phone) = contact.map_or(("", ""), |contact| {
        (contact.name.as_str(), contact.phone.as_ref().map_or("", |phone| phone.as_str()))
    });
    uztext::fold(&format!("{} {name} {phone} {}", order.number, order.note))
}

/// Keeps the goods of all these lines for the order.
fn keep(ctx: &Ctx, tx: &mut Tx, id: Id<Order>, lines: &[OrderLine]) -> Result<()> {
    let wishes: Vec<_> = lines
        .iter()
        .map(|line| ReserveLine {
            product: line.product,
            quantity: line.quantity,
            source: id.uuid(),
            line: line.id.uuid(),
        })
        .collect();
    reserve(ctx, tx, &wishes)?;
    Ok(())
}

/// What an audit entry keeps of an order.
fn audited(order: &Order, lines: &[OrderLine], products: &[Product]) -> Value {
    let code = |id: Id<Product>| products.iter().find(|p| p.id == id).map_or("", |p| p.code.as_str());
    let lines: Vec<_> = lines
        .iter()
        .map(|line| json!({ "product": code(line.product), "quantity": line.quantity, "price": line.price }))
        .collect();
    json!({ "number": order.number, "status": order.status.word(), "customer": order.customer,
            "total": order.amounts.total, "vat": order.amounts.vat, "discount": order.discount, "lines": lines })
}
