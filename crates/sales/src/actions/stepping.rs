//! The steps of an order: submitted, confirmed, cancelled.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Error, Id, Result, Text};
use serde_json::json;

use super::{customer_of, keep};
use crate::{
    DeliveryState, ORDER_CANCELLED, ORDER_CHANGED, ORDER_CONFIRMED, Order, Status, Step, events,
    progress::Stands, store,
};

/// Characters of a reason.
const REASON_CHARS: usize = 500;

/// Makes an order of a draft. It promises nothing yet.
pub fn submit_order(ctx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    ctx.require(Permission::SalesEdit)?;
    let (before, mut order) = stepped(ctx, tx, id, Step::Submit)?;
    order.version += 1;
    finish(ctx, tx, &before, &order, "sales_order.submit", ORDER_CHANGED)?;
    Ok(order)
}

/// Accepts an order: its goods are kept, those from a chat are kept already. Of two people who confirm it at once the
/// second is told that it is confirmed.
pub fn confirm_order(ctx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    ctx.require(Permission::SalesEdit)?;
    let (before, mut order) = stepped(ctx, tx, id, Step::Confirm)?;
    if stock::reservations_of(ctx, tx, id.uuid())?.is_empty() {
        let lines = store::lines::list(ctx, tx, id)?;
        keep(ctx, tx, id, &lines)?;
    }
    order.confirmed_at = Some(ctx.now());
    order.version += 1;
    finish(ctx, tx, &before, &order, "sales_order.confirm", ORDER_CONFIRMED)?;
    Ok(order)
}

/// Calls an order off: what was promised to it is free again.
pub fn cancel_order(ctx: &Ctx, tx: &mut Tx, id: Id<Order>, reason: &str) -> Result<Order> {
    ctx.require(Permission::SalesEdit)?;
    let mut checks = Checks::new();
    let reason = checks.prose("reason", reason, REASON_CHARS);
    checks.done()?;
    let (before, mut order) = stepped(ctx, tx, id, Step::Cancel)?;
    let lines = match before.progress.delivery {
        DeliveryState::None => Vec::new(),
        _ => store::lines::list(ctx, tx, id)?,
    };
    if let Some(what) = Stands::of(&before, &lines) {
        return Err(Error::conflict(Text::new(what.against_cancelling()).with("number", before.number)));
    }
    stock::release(ctx, tx, id.uuid())?;
    order.cancelled_at = Some(ctx.now());
    order.cancel_reason = reason;
    order.version += 1;
    finish(ctx, tx, &before, &order, "sales_order.cancel", ORDER_CANCELLED)?;
    Ok(order)
}

/// Brings an order to `status` by the step that leads there; already there is a conflict.
pub fn move_order(ctx: &Ctx, tx: &mut Tx, id: Id<Order>, status: Status, reason: &str) -> Result<Order> {
    ctx.require(Permission::SalesEdit)?;
    match status {
        Status::New => submit_order(ctx, tx, id),
        Status::Confirmed => confirm_order(ctx, tx, id),
        Status::Cancelled => cancel_order(ctx, tx, id, reason),
        Status::Draft => Err(Error::field("status", Text::new("sales-status-not-back-to-draft"))),
    }
}

/// The order with this id, held, before and after `step`; what the steps do not allow is refused.
fn stepped(ctx: &Ctx, tx: &mut Tx, id: Id<Order>, step: Step) -> Result<(Order, Order)> {
    let before = store::orders::lock(ctx, tx, id)?;
    let Some(status) = before.status.after(step) else {
        let key = match before.status {
            Status::Draft | Status::New => "sales-order-is-new",
            Status::Confirmed => "sales-order-is-confirmed",
            Status::Cancelled => "sales-order-is-cancelled",
        };
        return Err(Error::conflict(Text::new(key).with("number", before.number)));
    };
    let after = Order { status, ..before.clone() };
    Ok((before, after))
}

fn finish(
    ctx: &Ctx,
    tx: &mut Tx,
    before: &Order,
    order: &Order,
    action: &'static str,
    event: &'static str,
) -> Result<()> {
    store::orders::set_status(ctx, tx, order)?;
    let old = json!({ "status": before.status.word() });
    let mut new = json!({ "status": order.status.word() });
    if let (false, Some(fields)) = (order.cancel_reason.is_empty(), new.as_object_mut()) {
        fields.insert("reason".to_owned(), json!(order.cancel_reason));
    }
    ctx.audit(tx, action, "sales_order", order.id, Some(&old), Some(&new))?;
    let contact = customer_of(ctx, tx, order)?;
    events::emit(ctx, tx, event, order, contact.as_ref())
}
