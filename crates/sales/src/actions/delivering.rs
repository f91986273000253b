//! Goods go out for an order, in whole or in part; a delivery that was a mistake is undone.

use std::collections::HashMap;

use context::{Ctx, Permission, next_number};
use db::Tx;
use kernel::{Checks, Date, Error, Id, Money, Quantity, Result, Text};
use serde_json::json;
use stock::{Deliver, DeliverLine, Delivered, TakeBack};

use super::{
    counting::NOTE_CHARS,
    fulfilling::{Fulfilment, day, not_before},
};
use crate::{
    DELIVERY_POSTED, DELIVERY_UNDONE, DeliveryLine, DeliveryNote, DeliveryState, LineQuantities,
    ORDER_CLOSED, Order, OrderLine, delivery::with_invoiced, events::Told, store, to_ledger,
};

/// The series of delivery numbers.
const SERIES: &str = "sales_delivery";

/// What goes out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewDelivery {
    /// How much of which line of the order; everything that is left where nobody says.
    pub lines: Option<LineQuantities>,
    /// The business date; today where nobody says.
    pub on: Option<Date>,
    /// Whatever else there is to say.
    pub note: String,
}

/// Sends goods of a confirmed order out: they leave the warehouse at what they cost on average. More than is left of a
/// line is refused beside it.
pub fn deliver_order(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Order>,
    new: NewDelivery,
) -> Result<(Order, DeliveryNote)> {
    ctx.require(Permission::SalesEdit)?;
    let mut work = Fulfilment::open(ctx, tx, id)?;
    let delivery = work.deliver(ctx, tx, new)?;
    Ok((work.finish(ctx, tx)?, delivery))
}

/// Takes a delivery back that was a mistake and is not invoiced: its goods are in the warehouse again, at what they had
/// cost, and kept for the order again.
pub fn undo_delivery(ctx: &Ctx, tx: &mut Tx, id: Id<DeliveryNote>, on: Option<Date>) -> Result<Order> {
    ctx.require(Permission::SalesEdit)?;
    let order = store::deliveries::get(ctx, tx, id)?.order;
    let mut work = Fulfilment::open(ctx, tx, order)?;
    let delivery = store::deliveries::lock(ctx, tx, id)?;
    work.undo(ctx, tx, &delivery, on)?;
    work.finish(ctx, tx)
}

/// Ends an order of which a part went out: nothing more will, and what is kept for it is free.
pub fn close_order(ctx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    ctx.require(Permission::SalesEdit)?;
    let mut work = Fulfilment::open(ctx, tx, id)?;
    let key = match work.order.progress.delivery {
        DeliveryState::Part => None,
        DeliveryState::None => Some("sales-order-nothing-delivered"),
        DeliveryState::Whole | DeliveryState::Closed => Some("sales-order-is-delivered"),
    };
    if let Some(key) = key {
        return Err(Error::conflict(Text::new(key).with("number", work.order.number)));
    }
    stock::release(ctx, tx, id.uuid())?;
    work.order.progress.delivery = DeliveryState::Closed;
    let old = json!({ "delivered": DeliveryState::Part.word() });
    let new = json!({ "delivered": DeliveryState::Closed.word() });
    ctx.audit(tx, "sales_order.close", "sales_order", id, Some(&old), Some(&new))?;
    work.told.push((ORDER_CLOSED, Told::default()));
    work.finish(ctx, tx)
}

impl Fulfilment {
    fn deliver(&mut self, ctx: &Ctx, tx: &mut Tx, new: NewDelivery) -> Result<DeliveryNote> {
        let sent = self.send(ctx, tx, new)?;
        self.note_delivery(ctx, tx, sent)
    }

    /// Takes the goods out of the warehouse; the delivery is not written yet.
    pub(super) fn send(&mut self, ctx: &Ctx, tx: &mut Tx, new: NewDelivery) -> Result<Sent> {
        let NewDelivery { lines, on, note } = new;
        let mut checks = Checks::new();
        let note = checks.prose("note", &note, NOTE_CHARS);
        let on = day(ctx, &mut checks, on);
        checks.done()?;
        let goods = self.goods(lines)?;
        let id: Id<DeliveryNote> = ctx.new_id();
        let promised = self.promised;
        let source = self.order.id.uuid();
        let sent = Deliver { source, document: id.uuid(), on, promised, lines: goods };
        self.load_products(ctx, tx)?;
        let gone = stock::deliver(ctx, tx, sent, &self.products)?;
        let mut lines = Vec::with_capacity(gone.len());
        for (position, Delivered { line, warehouse, product, quantity, cost }) in (1..).zip(gone) {
            let order_line = Id::from_uuid(line);
            let progress = &mut self.line_mut(order_line)?.progress;
            progress.delivered = progress.delivered.plus(quantity)?;
            progress.delivered_cost = progress.delivered_cost.plus(cost)?;
            lines.push(DeliveryLine { position, order_line, product, warehouse, quantity, cost });
        }
        Ok(Sent { id, on, note, lines })
    }

    /// Writes the delivery of what was sent.
    pub(super) fn note_delivery(&mut self, ctx: &Ctx, tx: &mut Tx, sent: Sent) -> Result<DeliveryNote> {
        let Sent { id, on, note, lines } = sent;
        let delivery = DeliveryNote {
            id,
            number: next_number(ctx, tx, SERIES)?,
            order: self.order.id,
            delivered_on: on,
            cost: Money::sum(lines.iter().map(|line| line.cost))?,
            line_count: u32::try_from(lines.len()).map_err(Error::internal)?,
            note,
            created_at: ctx.now(),
            undone_at: None,
        };
        store::deliveries::insert(ctx, tx, &delivery, &lines)?;
        let after = json!({ "number": delivery.number, "order": self.order.number, "date": on,
                            "cost": delivery.cost, "lines": delivery.line_count });
        ctx.audit_new(tx, "sales_delivery.post", "sales_order", self.order.id, &after)?;
        self.entries.extend(to_ledger::delivered(&self.order, &delivery, &lines)?);
        self.moved = true;
        let whole = self.lines.iter().all(|line| line.progress.delivered >= line.quantity);
        self.told.push((DELIVERY_POSTED, Told { whole, number: Some(delivery.number), ..Told::default() }));
        Ok(delivery)
    }

    /// What goes of which line; what is said must be left of it.
    fn goods(&self, said: Option<LineQuantities>) -> Result<Vec<DeliverLine>> {
        let number = self.order.number;
        let refuse = |key: &'static str| Err(Error::conflict(Text::new(key).with("number", number)));
        if self.order.amounts_only {
            return refuse("sales-order-without-goods");
        }
        if self.order.progress.delivery.is_over() {
            return refuse("sales-order-is-delivered");
        }
        let mut goods = Vec::with_capacity(self.lines.len());
        let mut go = |line: &OrderLine, quantity: Quantity| {
            if quantity.is_positive() {
                goods.push(DeliverLine { line: line.id.uuid(), product: line.product, quantity });
            }
        };
        match said {
            None => {
                for line in &self.lines {
                    go(line, line.to_deliver()?);
                }
            }
            Some(said) => {
                let mut checks = Checks::new();
                let mut seen: HashMap<Id<OrderLine>, usize> = HashMap::new();
                for (place, (id, quantity)) in said.into_iter().enumerate() {
                    let field = format!("lines.{place}.quantity");
                    let Some(line) = self.lines.iter().find(|line| line.id == id) else {
                        checks.refuse(format!("lines.{place}.line"), Text::new("sales-line-unknown"));
                        continue;
                    };
                    if seen.insert(id, place).is_some() {
                        checks.refuse(format!("lines.{place}.line"), Text::new("sales-line-twice"));
                    }
                    let left = line.to_deliver()?;
                    checks.hold(!quantity.is_negative(), &field, Text::new("sales-quantity-negative"));
                    let more = Text::new("sales-more-than-left").with("left", left);
                    checks.hold(quantity <= left, &field, more);
                    go(line, quantity);
                }
                checks.hold(!goods.is_empty(), "lines", Text::new("sales-nothing-to-deliver"));
                checks.done()?;
            }
        }
        Ok(goods)
    }

    fn undo(&mut self, ctx: &Ctx, tx: &mut Tx, delivery: &DeliveryNote, on: Option<Date>) -> Result<()> {
        let mut checks = Checks::new();
        let on = day(ctx, &mut checks, on);
        not_before(&mut checks, on, delivery.delivered_on);
        checks.done()?;
        let refuse = |key: &'static str| Err(Error::conflict(Text::new(key).with("number", delivery.number)));
        if delivery.undone_at.is_some() {
            return refuse("sales-delivery-is-undone");
        }
        let gone = with_invoiced(store::deliveries::gone(ctx, tx, self.order.id)?, &self.lines)?;
        if gone.iter().any(|(piece, invoiced)| piece.delivery == delivery.id && invoiced.is_positive()) {
            return refuse("sales-delivery-is-invoiced");
        }
        let lines = store::deliveries::lines(ctx, tx, delivery.id)?;
        for DeliveryLine { order_line, quantity, cost, .. } in &lines {
            let line = self.line_mut(*order_line)?;
            line.progress.delivered = line.progress.delivered.minus(*quantity)?;
            line.progress.delivered_cost = line.progress.delivered_cost.minus(*cost)?;
        }
        let pieces: Vec<_> = lines.iter().map(piece).collect();
        let is_open = self.order.progress.delivery != DeliveryState::Closed;
        let back = TakeBack {
            document: delivery.id.uuid(),
            on,
            pieces,
            promise_to: is_open.then_some(self.order.id.uuid()),
        };
        let moves = stock::take_back(ctx, tx, back)?;
        store::deliveries::set_undone(ctx, tx, delivery.id)?;
        let after = json!({ "number": delivery.number, "order": self.order.number, "date": on });
        ctx.audit_new(tx, "sales_delivery.undo", "sales_order", self.order.id, &after)?;
        self.entries.extend(to_ledger::undelivered(&self.order, delivery, on, &moves)?);
        self.moved = true;
        self.told.push((DELIVERY_UNDONE, Told { number: Some(delivery.number), ..Told::default() }));
        Ok(())
    }
}

/// Goods that left the warehouse, and the delivery that is to say so.
pub(super) struct Sent {
    id: Id<DeliveryNote>,
    on: Date,
    note: String,
    lines: Vec<DeliveryLine>,
}

/// What went, as stock takes it back.
fn piece(line: &DeliveryLine) -> Delivered {
    let DeliveryLine { position: _, order_line, product, warehouse, quantity, cost } = line;
    Delivered {
        line: order_line.uuid(),
        warehouse: *warehouse,
        product: *product,
        quantity: *quantity,
        cost: *cost,
    }
}
