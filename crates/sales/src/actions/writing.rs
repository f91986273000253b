//! Orders written by staff and by outside systems.

use catalog::Product;
use contacts::Contact;
use context::{Ctx, Permission, next_number};
use db::Tx;
use kernel::{Checks, Error, Id, Money, Result, Text};

use super::{
    audited,
    counting::{NOTE_CHARS, Priced, check_delivery, check_lines, price, products},
    customer, keep, move_order, search_text,
    setting::prices_include_vat,
};
use crate::{
    Goods, ORDER_CHANGED, ORDER_CREATED, ORDER_DELETED, Order, OrderContent, OrderLine, Source, Status,
    events, progress::Stands, store, totals::given,
};

/// The series of order numbers.
pub(super) const SERIES: &str = "sales_order";

/// Writes an order down and brings it to `status`: a draft or a new order promises nothing yet, a confirmed one keeps
/// its goods.
pub fn create_order(
    ctx: &Ctx,
    tx: &mut Tx,
    source: Source,
    status: Status,
    content: OrderContent,
) -> Result<Order> {
    ctx.require(Permission::SalesCreate)?;
    let first = if status == Status::Draft { Status::Draft } else { Status::New };
    let blank = blank(ctx, source, first);
    let mut written = write(ctx, tx, blank, content)?;
    if status == Status::Confirmed {
        // The goods before the number, as everybody takes them.
        keep(ctx, tx, written.order.id, &written.lines)?;
    }
    written.order.number = next_number(ctx, tx, SERIES)?;
    let Written { order, lines, products, contact } = written;
    store::orders::insert(ctx, tx, &order, &search_text(&order, contact.as_ref()))?;
    store::lines::insert(ctx, tx, order.id, &lines)?;
    let after = audited(&order, &lines, &products);
    ctx.audit_new(tx, "sales_order.create", "sales_order", order.id, &after)?;
    events::emit(ctx, tx, ORDER_CREATED, &order, contact.as_ref())?;
    if status == first { Ok(order) } else { move_order(ctx, tx, order.id, status, "") }
}

/// An order that says nothing yet.
pub(super) fn blank(ctx: &Ctx, source: Source, status: Status) -> Order {
    Order {
        id: ctx.new_id(),
        number: 0,
        status,
        source,
        customer: None,
        ordered_on: ctx.today(),
        prices_include_vat: true,
        amounts_only: false,
        discount: Money::ZERO,
        delivery: crate::Delivery::default(),
        amounts: crate::Amounts::default(),
        line_count: 0,
        note: String::new(),
        chat_ref: None,
        cancel_reason: String::new(),
        version: 1,
        created_at: ctx.now(),
        confirmed_at: None,
        cancelled_at: None,
        delivery_vat: Money::ZERO,
        kept_at_once: false,
        progress: crate::Progress::default(),
    }
}

/// Writes an order anew that is not confirmed yet. `version` is the one the person saw; another one since then is a
/// conflict. What the order had been promised is kept for its new lines, or the whole change is refused.
pub fn update_order(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Order>,
    version: Option<i64>,
    content: OrderContent,
) -> Result<Order> {
    ctx.require(Permission::SalesEdit)?;
    let before = editable(ctx, tx, id)?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::conflict(
            Text::new("sales-order-changed-meanwhile").with("number", before.number),
        ));
    }
    let old_lines = store::lines::list(ctx, tx, id)?;
    let next = Order { version: before.version + 1, ..before.clone() };
    let Written { order, lines, products, contact } = write(ctx, tx, next, content)?;
    let promised = !stock::release(ctx, tx, id.uuid())?.is_empty();
    store::lines::delete(ctx, tx, id)?;
    store::lines::insert(ctx, tx, id, &lines)?;
    if promised {
        keep(ctx, tx, id, &lines)?;
    }
    store::orders::update(ctx, tx, &order, &search_text(&order, contact.as_ref()))?;
    let (old, new) = (audited(&before, &old_lines, &products), audited(&order, &lines, &products));
    ctx.audit(tx, "sales_order.update", "sales_order", id, Some(&old), Some(&new))?;
    events::emit(ctx, tx, ORDER_CHANGED, &order, contact.as_ref())?;
    Ok(order)
}

/// Throws an order away that is not confirmed yet. One that a customer sent in a chat stays: it is cancelled, and they
/// are told.
pub fn delete_order(ctx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<()> {
    ctx.require(Permission::SalesDelete)?;
    let before = editable(ctx, tx, id)?;
    if before.source == Source::Chat {
        return Err(Error::conflict(Text::new("sales-order-from-chat-stays").with("number", before.number)));
    }
    let lines = store::lines::list(ctx, tx, id)?;
    let ids: Vec<_> = lines.iter().map(|line| line.product).collect();
    let products = if ids.is_empty() { Vec::new() } else { catalog::get_many(ctx, tx, &ids)? };
    stock::release(ctx, tx, id.uuid())?;
    store::lines::delete(ctx, tx, id)?;
    store::orders::delete(ctx, tx, id)?;
    let old = audited(&before, &lines, &products);
    ctx.audit(tx, "sales_order.delete", "sales_order", id, Some(&old), None::<&()>)?;
    events::emit(ctx, tx, ORDER_DELETED, &before, None)
}

/// The order with this id, held; one that can no longer be changed is refused with what to do instead.
fn editable(ctx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let order = store::orders::lock(ctx, tx, id)?;
    let key = match order.status {
        Status::Draft | Status::New => return Ok(order),
        Status::Confirmed => {
            let lines = store::lines::list(ctx, tx, id)?;
            Stands::of(&order, &lines).map_or("sales-order-confirmed-stands", Stands::against_changing)
        }
        Status::Cancelled => "sales-order-cancelled-stands",
    };
    Err(Error::conflict(Text::new(key).with("number", order.number)))
}

/// An order with what belongs to it, checked and counted.
pub(super) struct Written {
    pub(super) order: Order,
    pub(super) lines: Vec<OrderLine>,
    pub(super) products: Vec<Product>,
    pub(super) contact: Option<Contact>,
}

/// The order with this content, checked and counted; nothing is stored yet.
pub(super) fn write(ctx: &Ctx, tx: &mut Tx, order: Order, content: OrderContent) -> Result<Written> {
    let OrderContent { customer: whom, ordered_on, goods, discount, delivery, note } = content;
    let mut checks = Checks::new();
    let note = checks.prose("note", &note, NOTE_CHARS);
    let delivery = check_delivery(&mut checks, &delivery);
    let ordered_on = ordered_on.unwrap_or(order.ordered_on);
    if let Goods::Lines(lines) = &goods {
        check_lines(&mut checks, lines.iter().map(|line| (line.quantity, line.price.as_ref())));
    }
    checks.done()?;
    let contact = customer(ctx, tx, whom)?;
    let order = Order { customer: whom, ordered_on, discount, delivery, note, ..order };
    match goods {
        Goods::Sums { total, vat } => {
            let amounts = given(total, vat, discount)?;
            let prices_include_vat = prices_include_vat(ctx, tx)?;
            let delivery_vat = Money::ZERO;
            let order = Order {
                amounts,
                amounts_only: true,
                line_count: 0,
                delivery_vat,
                prices_include_vat,
                ..order
            };
            Ok(Written { order, lines: Vec::new(), products: Vec::new(), contact })
        }
        Goods::Lines(new) => {
            let wanted: Vec<_> = new.iter().map(|line| line.product).collect();
            let products = products(ctx, tx, &wanted)?;
            let priced = price(ctx, tx, &new, &products, discount, order.delivery.fee, ordered_on)?;
            let Priced { lines, amounts, delivery_vat, prices_include_vat } = priced;
            let line_count = u32::try_from(lines.len()).map_err(Error::internal)?;
            let order =
                Order { amounts, amounts_only: false, line_count, delivery_vat, prices_include_vat, ..order };
            Ok(Written { order, lines, products: products.into_values().collect(), contact })
        }
    }
}
