//! Tells a customer in their chat what becomes of their order: in words at once, invoices as files by a job.

mod admissions;
mod agents;
mod audience;
mod desk;
mod editing;
mod papers;
mod report;

use std::collections::HashMap;

use context::{Ctx, StoredEvent};
use db::{ReadTx, Tx};
use jobs::{Handler, Listener};
use kernel::{Error, Id, Lang, Money, Result};
use sales::{
    CREDIT_NOTE_POSTED, DELIVERY_POSTED, INVOICE_POSTED, ORDER_CANCELLED, ORDER_CONFIRMED, OrderEvent,
    PAYMENT_RECEIVED, REFUND_PAID,
};
use serde_json::{Map, Value, json};
use tickets::events::{TICKET_CLOSED, TICKET_MOVED, TICKET_REOPENED, TICKET_SAID};

use self::{audience::Audience, papers::send_once};
pub(crate) use self::{audience::put, editing::edit_answer, papers::send_again, report::send_report};
use crate::Conversation;

pub(crate) fn listeners() -> Vec<Listener> {
    let orders = Listener {
        name: "bots.tell_customer",
        events: &[
            ORDER_CONFIRMED,
            ORDER_CANCELLED,
            DELIVERY_POSTED,
            INVOICE_POSTED,
            CREDIT_NOTE_POSTED,
            PAYMENT_RECEIVED,
            REFUND_PAID,
        ],
        on: tell,
    };
    let desk = Listener {
        name: "bots.tell_who_asked",
        events: &[TICKET_SAID, TICKET_MOVED, TICKET_CLOSED, TICKET_REOPENED],
        on: desk::tell,
    };
    vec![orders, desk, agents::listener(), admissions::listener()]
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![papers::handler(), report::handler()]
}

fn tell(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let order: OrderEvent = serde_json::from_value(event.payload.clone()).map_err(Error::internal)?;
    let Some(conversation) = conversation_of(&order) else { return Ok(()) };
    let lang = order.customer.as_ref().map(|customer| customer.lang);
    if let Some(invoice) = order.told.invoice {
        return send_once(ctx, tx, invoice, conversation, lang);
    }
    let Some(audience) = Audience::find(ctx, tx, conversation, lang)? else { return Ok(()) };
    let (notification, args) = match event.name.as_str() {
        ORDER_CONFIRMED => ("order_confirmed", json!({})),
        ORDER_CANCELLED => ("order_cancelled", json!({ "reason": order.reason })),
        DELIVERY_POSTED if order.told.whole => ("order_delivered", json!({})),
        DELIVERY_POSTED => ("order_partly_delivered", went_out(ctx, tx, &order, audience.lang)?),
        PAYMENT_RECEIVED => ("payment", money(&order)),
        REFUND_PAID => ("refund", money(&order)),
        other => return Err(Error::internal(format!("nothing is told of {other}"))),
    };
    audience.tell(ctx, tx, notification, &of_order(&order, args))
}

/// The conversation that an order came from, when there is something to tell there: whoever did it themselves has read
/// it already, and an order whose conversation is not ours was taken by another bot.
fn conversation_of(order: &OrderEvent) -> Option<Id<Conversation>> {
    let chat_ref = order.chat_ref.as_ref().filter(|_| !order.by_customer)?;
    Id::parse(chat_ref).ok()
}

/// The arguments with those that every notification about an order has.
fn of_order(order: &OrderEvent, args: Value) -> Value {
    let mut all = match args {
        Value::Object(all) => all,
        _ => Map::new(),
    };
    all.insert("number".to_owned(), order.number.into());
    all.insert("total_tiyin".to_owned(), order.total.tiyin().into());
    Value::Object(all)
}

fn money(order: &OrderEvent) -> Value {
    let left = order.told.left.unwrap_or_default().max(Money::ZERO);
    json!({ "amount_tiyin": order.told.amount.unwrap_or_default().tiyin(), "due_tiyin": left.tiyin() })
}

/// Which goods went out.
fn went_out(ctx: &Ctx, tx: &mut ReadTx, order: &OrderEvent, lang: Lang) -> Result<Value> {
    let number = order.told.number.ok_or_else(|| Error::internal("a delivery without a number"))?;
    let delivery = sales::get_delivery_by_number(ctx, tx, number)?;
    let lines = sales::delivery_lines(ctx, tx, delivery.id)?;
    let ids: Vec<_> = lines.iter().map(|line| line.product).collect();
    let products: HashMap<_, _> =
        catalog::get_many(ctx, tx, &ids)?.into_iter().map(|product| (product.id, product)).collect();
    let lines = lines.iter().filter_map(|line| products.get(&line.product).map(|product| (line, product)));
    let lines: Vec<Value> = lines
        .map(|(line, product)| {
            json!({
                "name": product.name.get(lang),
                "quantity_thousandths": line.quantity.thousandths(),
                "unit": product.unit_in(lang),
            })
        })
        .collect();
    Ok(json!({ "lines": lines }))
}
