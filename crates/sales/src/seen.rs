//! Orders with the names that people know things by, as lists, pages and the API show them.

use std::collections::HashMap;

use catalog::Product;
use contacts::Contact;
use context::Ctx;
use db::ReadTx;
use kernel::{Error, Id, Quantity, Result};
use web::RowKey;

use crate::{Order, OrderLine, get_order, get_order_by_number, order_lines};

/// The order that a path names by number or id.
pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Order> {
    match key {
        RowKey::Number(number) => get_order_by_number(ctx, tx, number),
        RowKey::Id(uuid) => get_order(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// An order with its customer.
#[derive(Debug, Clone)]
pub(crate) struct SeenOrder {
    pub(crate) order: Order,
    pub(crate) customer: Option<Contact>,
}

/// These orders with their customers, in the same order.
pub(crate) fn seen_orders(ctx: &Ctx, tx: &mut ReadTx, orders: Vec<Order>) -> Result<Vec<SeenOrder>> {
    let mut ids: Vec<_> = orders.iter().filter_map(|order| order.customer).collect();
    ids.sort_unstable();
    ids.dedup();
    let customers: HashMap<_, _> = if ids.is_empty() {
        HashMap::new()
    } else {
        contacts::get_many(ctx, tx, &ids)?.into_iter().map(|contact| (contact.id, contact)).collect()
    };
    let seen = |order: Order| SeenOrder {
        customer: order.customer.and_then(|id| customers.get(&id).cloned()),
        order,
    };
    Ok(orders.into_iter().map(seen).collect())
}

/// A line with its product and what is promised to it.
#[derive(Debug, Clone)]
pub(crate) struct SeenLine {
    pub(crate) line: OrderLine,
    pub(crate) product: Product,
    pub(crate) reserved: Quantity,
}

/// An order with everything that belongs to it.
#[derive(Debug, Clone)]
pub(crate) struct WholeOrder {
    pub(crate) order: Order,
    pub(crate) customer: Option<Contact>,
    pub(crate) lines: Vec<SeenLine>,
}

/// The order with everything that belongs to it.
pub(crate) fn whole(ctx: &Ctx, tx: &mut ReadTx, order: Order) -> Result<WholeOrder> {
    let lines = order_lines(ctx, tx, order.id)?;
    let mut ids: Vec<_> = lines.iter().map(|line| line.product).collect();
    ids.sort_unstable();
    ids.dedup();
    let products: HashMap<_, _> = if ids.is_empty() {
        HashMap::new()
    } else {
        catalog::get_many(ctx, tx, &ids)?.into_iter().map(|product| (product.id, product)).collect()
    };
    let promised = stock::reservations_of(ctx, tx, order.id.uuid())?;
    let seen = |line: OrderLine| {
        let kept = promised.iter().filter(|r| r.line == line.id.uuid()).map(|r| r.quantity);
        let product = products.get(&line.product).cloned();
        Ok(SeenLine {
            product: product.ok_or_else(|| Error::internal("a line without its product"))?,
            reserved: Quantity::sum(kept)?,
            line,
        })
    };
    let lines = lines.into_iter().map(seen).collect::<Result<_>>()?;
    let SeenOrder { order, customer } =
        seen_orders(ctx, tx, vec![order])?.pop().ok_or_else(Error::not_found)?;
    Ok(WholeOrder { order, customer, lines })
}
