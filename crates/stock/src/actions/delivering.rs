//! Goods that go to customers, promised ones or free ones, and goods that come back.

use std::collections::{BTreeSet, HashMap};

use catalog::Product;
use context::Ctx;
use db::Tx;
use kernel::{Error, Id, Result};
use uuid::Uuid;

use super::{
    moving::{Cause, Held, not_enough},
    reserving::words_for,
};
use crate::{
    Balance, Deliver, DeliverLine, Delivered, MoveKind, Reservation, ReserveLine, TakeBack,
    delivery::{Taken, take},
    reservation::allocate,
    store,
};

// tidy: no permission: the order whose goods go has asked for it
/// Sends goods out at what they cost on average: those promised to the order, or free ones, from the default warehouse
/// first. All or none: too little is a conflict that names the product. Answers what went of each line from where,
/// and what it cost; whoever sends posts that.
pub fn deliver(ctx: &Ctx, tx: &mut Tx, new: Deliver, products: &[Product]) -> Result<Vec<Delivered>> {
    let Deliver { source, document, on, promised, lines } = new;
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let products: HashMap<Id<Product>, &Product> = products.iter().map(|one| (one.id, one)).collect();
    let product =
        |id: Id<Product>| products.get(&id).copied().ok_or_else(|| Error::internal("a product not given"));
    let promises = if promised { store::reservations::delete(ctx, tx, source)? } else { Vec::new() };
    let ids: BTreeSet<_> = lines.iter().map(|line| line.product).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let mut balances = store::balances::lock_everywhere(ctx, tx, &ids)?;
    let pieces = if promised {
        let Taken { pieces, left } = match take(sorted(promises), &lines)? {
            Ok(taken) => taken,
            Err(missing) => {
                let product = product(missing.product)?;
                let free = balances.iter().filter(|b| b.product == missing.product).map(Balance::free);
                let free = kernel::Quantity::sum(free.collect::<Result<Vec<_>>>()?)?;
                return Err(not_enough(ctx, product, free));
            }
        };
        store::reservations::insert(ctx, tx, &left)?;
        pieces
    } else {
        free_pieces(ctx, tx, &mut balances, source, &lines)?
    };
    let cause = Cause { kind: MoveKind::Delivery, source: document, moved_on: on, note: String::new() };
    let mut held = Held::of(balances, cause);
    let mut gone = Vec::with_capacity(pieces.len());
    for Reservation { source: _, line, warehouse, product: id, quantity } in pieces {
        held.release((warehouse, id), quantity)?;
        let cost = held.issue(ctx, warehouse, product(id)?, quantity)?;
        gone.push(Delivered { line, warehouse, product: id, quantity, cost });
    }
    held.write(ctx, tx)?;
    Ok(gone)
}

/// Promises the lines what is free, in memory alone.
fn free_pieces(
    ctx: &Ctx,
    tx: &mut Tx,
    balances: &mut Vec<Balance>,
    source: Uuid,
    lines: &[DeliverLine],
) -> Result<Vec<Reservation>> {
    let warehouses = store::warehouses::all(ctx, tx)?;
    let wishes: Vec<_> = lines
        .iter()
        .map(|DeliverLine { line, product, quantity }| ReserveLine {
            product: *product,
            quantity: *quantity,
            source,
            line: *line,
        })
        .collect();
    super::reserving::with_owing(ctx, tx, &warehouses, balances, &wishes)?;
    match allocate(&warehouses, balances, &wishes)? {
        Ok(pieces) => Ok(pieces),
        Err(shortage) => Err(words_for(ctx, tx, shortage)?),
    }
}

/// In the order of warehouse and line, so that the same delivery takes the same goods whatever order the rows come in.
fn sorted(mut promises: Vec<Reservation>) -> Vec<Reservation> {
    promises.sort_by_key(|promise| (promise.line, promise.warehouse));
    promises
}

// tidy: no permission: the order whose goods come back has asked for it
/// Takes goods back at what they had cost. Where goods went out below zero meanwhile, their cost is now known: the
/// difference is what the answer says beside the goods, and whoever takes them back posts it.
pub fn take_back(ctx: &Ctx, tx: &mut Tx, new: TakeBack) -> Result<Vec<crate::Move>> {
    let TakeBack { document, on, pieces, promise_to } = new;
    let ids: BTreeSet<_> = pieces.iter().map(|piece| piece.product).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let warehouses = store::warehouses::all(ctx, tx)?;
    let mut balances = store::balances::lock_everywhere(ctx, tx, &ids)?;
    let there = |balances: &[Balance], piece: &Delivered| {
        balances.iter().any(|b| b.warehouse == piece.warehouse && b.product == piece.product)
    };
    let mut absent: Vec<Balance> = Vec::new();
    for piece in &pieces {
        if !there(&balances, piece) && !there(&absent, piece) {
            let warehouse = warehouses.iter().find(|warehouse| warehouse.id == piece.warehouse);
            let warehouse = warehouse.ok_or_else(Error::not_found)?;
            absent.push(Balance::empty(warehouse.id, piece.product, warehouse.may_be_negative));
        }
    }
    if !absent.is_empty() {
        store::balances::insert_absent(ctx, tx, &absent)?;
        balances = store::balances::lock_everywhere(ctx, tx, &ids)?;
    }
    let cause = Cause { kind: MoveKind::Return, source: document, moved_on: on, note: String::new() };
    let mut held = Held::of(balances, cause);
    let mut promises = Vec::new();
    for Delivered { line, warehouse, product, quantity, cost } in pieces {
        held.receive(ctx, (warehouse, product), quantity, cost)?;
        if let Some(source) = promise_to {
            held.reserve((warehouse, product), quantity)?;
            promises.push(Reservation { source, line, warehouse, product, quantity });
        }
    }
    store::reservations::add(ctx, tx, &promises)?;
    held.write(ctx, tx)
}
