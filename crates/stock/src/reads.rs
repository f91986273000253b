//! What others may read of stock, and the lists of pages and API.

use std::collections::BTreeMap;

use catalog::Product;
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Id, Money, Page, PageRequest, Quantity, Result};
use ledger::Role;
use uuid::Uuid;

use crate::{Balance, Move, MoveKind, Receipt, ReceiptLine, ReceiptStatus, Reservation, Warehouse, store};

/// Which moves are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct MoveFilter {
    /// Of this product.
    pub product: Option<Id<Product>>,
    /// In this warehouse.
    pub warehouse: Option<Id<Warehouse>>,
    /// Of this kind.
    pub kind: Option<MoveKind>,
    /// From this document.
    pub source: Option<Uuid>,
    /// Written on this day or later.
    pub from: Option<Date>,
    /// Written on this day or earlier.
    pub until: Option<Date>,
}

/// Which receipts are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReceiptFilter {
    /// Drafts, or posted ones.
    pub status: Option<ReceiptStatus>,
    /// Into this warehouse.
    pub warehouse: Option<Id<Warehouse>>,
    /// From this supplier.
    pub supplier: Option<Id<Contact>>,
    /// With this number.
    pub number: Option<i64>,
    /// Made on this day or later.
    pub from: Option<Date>,
    /// Made on this day or earlier.
    pub until: Option<Date>,
    /// Of goods that came on this day or later.
    pub received_from: Option<Date>,
    /// Of goods that came on this day or earlier.
    pub received_until: Option<Date>,
}

/// A product of which less is free than its card asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowStock {
    /// The product.
    pub product: Id<Product>,
    /// What is in the active warehouses and promised to nobody.
    pub free: Quantity,
    /// What its card asks for.
    pub minimum: Quantity,
}

/// A row that disagrees with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where.
    pub warehouse: Id<Warehouse>,
    /// Of what.
    pub product: Id<Product>,
    /// What is wrong; for developers and operators.
    pub what: String,
}

/// Every warehouse, the default one first.
pub fn warehouses(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Warehouse>> {
    store::warehouses::all(ctx, tx)
}

/// The warehouse with this number.
pub fn find_warehouse_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Warehouse>> {
    Ok(warehouses(ctx, tx)?.into_iter().find(|warehouse| warehouse.number == number))
}

/// How much of each of these products an order could take now; products that are nowhere have zero.
pub fn available(
    ctx: &Ctx,
    tx: &mut ReadTx,
    products: &[Id<Product>],
) -> Result<Vec<(Id<Product>, Quantity)>> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let free = store::balances::free(ctx, tx, products)?;
    let of = |id: &Id<Product>| free.iter().find(|(product, _)| product == id).map(|(_, free)| *free);
    Ok(products.iter().map(|id| (*id, of(id).unwrap_or(Quantity::ZERO))).collect())
}

/// What stands of these products, in every warehouse.
pub fn balances_of(ctx: &Ctx, tx: &mut ReadTx, products: &[Id<Product>]) -> Result<Vec<Balance>> {
    ctx.require(Permission::InventoryRead)?;
    store::balances::of_products(ctx, tx, products)
}

/// What all the goods of the workspace cost.
pub fn total_value(ctx: &Ctx, tx: &mut ReadTx) -> Result<Money> {
    ctx.require(Permission::InventoryRead)?;
    store::balances::total_value(ctx, tx)
}

/// The moves that fit, newest first.
pub fn list_moves(ctx: &Ctx, tx: &mut ReadTx, filter: &MoveFilter, page: PageRequest) -> Result<Page<Move>> {
    ctx.require(Permission::InventoryRead)?;
    store::moves::list(ctx, tx, filter, page)
}

/// The products of which too little is left, those that lack most first.
pub fn list_low_stock(ctx: &Ctx, tx: &mut ReadTx, page: PageRequest) -> Result<Page<LowStock>> {
    ctx.require(Permission::InventoryRead)?;
    store::balances::low(ctx, tx, page)
}

/// What is promised to the lines of this order.
pub fn reservations_of(ctx: &Ctx, tx: &mut ReadTx, source: Uuid) -> Result<Vec<Reservation>> {
    store::reservations::of_source(ctx, tx, source)
}

/// The receipt with this id.
pub fn get_receipt(ctx: &Ctx, tx: &mut ReadTx, id: Id<Receipt>) -> Result<Receipt> {
    ctx.require(Permission::InventoryRead)?;
    store::receipts::get(ctx, tx, id)
}

/// The receipt with this number.
pub fn get_receipt_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Receipt> {
    ctx.require(Permission::InventoryRead)?;
    store::receipts::get_by_number(ctx, tx, number)
}

/// The lines of a receipt, in order.
pub fn receipt_lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<Receipt>) -> Result<Vec<ReceiptLine>> {
    ctx.require(Permission::InventoryRead)?;
    store::receipts::lines(ctx, tx, id)
}

/// A part of the lines of a receipt, in order: imported ones have thousands.
pub fn receipt_lines_page(
    ctx: &Ctx,
    tx: &mut ReadTx,
    receipt: &Receipt,
    page: PageRequest,
) -> Result<Page<ReceiptLine>> {
    ctx.require(Permission::InventoryRead)?;
    let lines = store::receipts::some_lines(ctx, tx, receipt.id, page)?;
    Ok(Page::new(page, i64::from(receipt.line_count), lines))
}

/// The receipts that fit, newest first.
pub fn list_receipts(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ReceiptFilter,
    page: PageRequest,
) -> Result<Page<Receipt>> {
    ctx.require(Permission::InventoryRead)?;
    store::receipts::list(ctx, tx, filter, page)
}

/// Everything about the workspace's stock that does not agree: balances against moves, promises against
/// reservations, moves against each other. Empty when all is well. For the simulation and a command.
pub fn check(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Violation>> {
    let mut found = store::checks::balances_without_moves(ctx, tx)?;
    found.extend(store::checks::reserved_without_reservations(ctx, tx)?);
    found.extend(store::checks::broken_chains(ctx, tx)?);
    Ok(found)
}

/// Products whose goods are worth something else in the books than in the warehouses: the account of goods always says
/// what the moves say. Empty when all is well; each finding is a sentence for developers and operators.
pub fn check_worth(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    let mut books: BTreeMap<Uuid, Money> =
        ledger::product_balances(ctx, tx, Role::Goods)?.into_iter().collect();
    let mut found = Vec::new();
    for (product, worth) in store::balances::worth(ctx, tx)? {
        let booked = books.remove(&product.uuid()).unwrap_or_default();
        if booked != worth {
            found.push(format!("{product}: {worth} in the warehouses, {booked} in the books"));
        }
    }
    let only_booked = books.into_iter().filter(|(_, booked)| !booked.is_zero());
    found.extend(only_booked.map(|(product, booked)| format!("{product}: {booked} in the books alone")));
    Ok(found)
}
