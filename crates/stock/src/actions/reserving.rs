//! Goods promised to orders, and promises taken back. Who may is the order's question.

use std::collections::BTreeSet;

use context::Ctx;
use db::Tx;
use kernel::{Error, Id, Result};
use uuid::Uuid;

use super::moving::not_enough;
use crate::{
    Balance, Reservation, ReserveLine, Shortage, Warehouse, receipt::quantity_within, reservation::allocate,
    store,
};

// tidy: no permission: the order that wants the goods has asked for it
/// Keeps goods for the lines of an order: from the default warehouse first, then from the others in the order they
/// were made, in parts where one has too little. All lines or none: the first product of which too little is left is
/// a conflict that names it and says what is left.
pub fn reserve(ctx: &Ctx, tx: &mut Tx, lines: &[ReserveLine]) -> Result<Vec<Reservation>> {
    for (place, line) in lines.iter().enumerate() {
        quantity_within(line.quantity).map_err(|error| error.under(&format!("lines.{place}.quantity")))?;
    }
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let warehouses = store::warehouses::all(ctx, tx)?;
    let products: BTreeSet<_> = lines.iter().map(|line| line.product).collect();
    let products: Vec<_> = products.into_iter().collect();
    let mut balances = store::balances::lock_everywhere(ctx, tx, &products)?;
    with_owing(ctx, tx, &warehouses, &mut balances, lines)?;
    let before = balances.clone();
    let kept = match allocate(&warehouses, &mut balances, lines)? {
        Ok(kept) => kept,
        Err(shortage) => return Err(words_for(ctx, tx, shortage)?),
    };
    write_changed(ctx, tx, &before, balances)?;
    store::reservations::insert(ctx, tx, &kept)?;
    Ok(kept)
}

// tidy: no permission: the order that kept the goods has asked for it
/// Takes back all that was promised to this order; answers what it was.
pub fn release(ctx: &Ctx, tx: &mut Tx, source: Uuid) -> Result<Vec<Reservation>> {
    let ended = store::reservations::delete(ctx, tx, source)?;
    if ended.is_empty() {
        return Ok(ended);
    }
    let products: BTreeSet<_> = ended.iter().map(|reservation| reservation.product).collect();
    let products: Vec<_> = products.into_iter().collect();
    let mut balances = store::balances::lock_everywhere(ctx, tx, &products)?;
    let before = balances.clone();
    for Reservation { source: _, line: _, warehouse, product, quantity } in &ended {
        let balance = balances.iter_mut().find(|b| b.warehouse == *warehouse && b.product == *product);
        let balance = balance.ok_or_else(|| Error::internal("a reservation without its balance"))?;
        balance.release(*quantity)?;
    }
    write_changed(ctx, tx, &before, balances)?;
    Ok(ended)
}

/// With the rows of products that never were in the warehouse that may go below zero, where there is one.
pub(super) fn with_owing(
    ctx: &Ctx,
    tx: &mut Tx,
    warehouses: &[Warehouse],
    balances: &mut Vec<Balance>,
    lines: &[ReserveLine],
) -> Result<()> {
    let owing = warehouses.iter().find(|warehouse| warehouse.active && warehouse.may_be_negative);
    let Some(owing) = owing else { return Ok(()) };
    let products: BTreeSet<_> = lines.iter().map(|line| line.product).collect();
    let products: Vec<_> = products.into_iter().collect();
    let absent = absent(balances, owing, &products);
    if !absent.is_empty() {
        store::balances::insert_absent(ctx, tx, &absent)?;
        *balances = store::balances::lock_everywhere(ctx, tx, &products)?;
    }
    Ok(())
}

fn absent(balances: &[Balance], warehouse: &Warehouse, products: &[Id<catalog::Product>]) -> Vec<Balance> {
    let there = |id: Id<catalog::Product>| {
        balances.iter().any(|balance| balance.warehouse == warehouse.id && balance.product == id)
    };
    let missing = products.iter().filter(|id| !there(**id));
    missing.map(|id| Balance::empty(warehouse.id, *id, warehouse.may_be_negative)).collect()
}

fn write_changed(ctx: &Ctx, tx: &mut Tx, before: &[Balance], after: Vec<Balance>) -> Result<()> {
    let changed: Vec<_> =
        after.into_iter().zip(before).filter(|(new, old)| new != *old).map(|(new, _)| new).collect();
    store::balances::update(ctx, tx, &changed)
}

pub(super) fn words_for(ctx: &Ctx, tx: &mut Tx, shortage: Shortage) -> Result<Error> {
    let products = catalog::get_many(ctx, tx, &[shortage.product])?;
    let product = products.first().ok_or_else(Error::not_found)?;
    Ok(not_enough(ctx, product, shortage.left))
}
