//! Rows with the names that people know them by, as lists and the API show them.

use std::collections::HashMap;

use catalog::Product;
use contacts::Contact;
use context::Ctx;
use db::ReadTx;
use kernel::{Id, Money, Quantity, Result};

use web::RowKey;

use crate::{
    Balance, Move, Receipt, ReceiptLine, Warehouse, balances_of, batch::ROWS_PER_STATEMENT, get_receipt,
    get_receipt_by_number, warehouses,
};

/// Warehouses by their ids.
pub(crate) type Warehouses = HashMap<Id<Warehouse>, Warehouse>;

/// Every warehouse, by its id.
pub(crate) fn all_warehouses(ctx: &Ctx, tx: &mut ReadTx) -> Result<Warehouses> {
    Ok(warehouses(ctx, tx)?.into_iter().map(|warehouse| (warehouse.id, warehouse)).collect())
}

/// These products, by their ids, deleted ones too.
pub(crate) fn products_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    ids: impl IntoIterator<Item = Id<Product>>,
) -> Result<HashMap<Id<Product>, Product>> {
    let mut ids: Vec<_> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = HashMap::with_capacity(ids.len());
    for some in ids.chunks(ROWS_PER_STATEMENT) {
        found.extend(catalog::get_many(ctx, tx, some)?.into_iter().map(|product| (product.id, product)));
    }
    Ok(found)
}

/// A product with what stands of it everywhere.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) product: Product,
    pub(crate) balances: Vec<Balance>,
    pub(crate) on_hand: Quantity,
    pub(crate) reserved: Quantity,
    pub(crate) free: Quantity,
    pub(crate) value: Money,
}

/// What stands of these products, in the same order.
pub(crate) fn standings(ctx: &Ctx, tx: &mut ReadTx, products: Vec<Product>) -> Result<Vec<Standing>> {
    let ids: Vec<_> = products.iter().map(|product| product.id).collect();
    let mut balances: HashMap<Id<Product>, Vec<Balance>> = HashMap::new();
    for balance in balances_of(ctx, tx, &ids)? {
        balances.entry(balance.product).or_default().push(balance);
    }
    let standing = |product: Product| {
        let balances = balances.remove(&product.id).unwrap_or_default();
        let (on_hand, reserved) = (
            Quantity::sum(balances.iter().map(|balance| balance.on_hand))?,
            Quantity::sum(balances.iter().map(|balance| balance.reserved))?,
        );
        let value = Money::sum(balances.iter().map(|balance| balance.value))?;
        Ok(Standing { product, balances, on_hand, reserved, free: on_hand.minus(reserved)?, value })
    };
    products.into_iter().map(standing).collect()
}

/// A move with its product and its warehouse.
#[derive(Debug, Clone)]
pub(crate) struct SeenMove {
    pub(crate) moved: Move,
    pub(crate) product: Option<Product>,
    pub(crate) warehouse: Option<Warehouse>,
}

/// These moves with their products and warehouses.
pub(crate) fn seen_moves(ctx: &Ctx, tx: &mut ReadTx, moves: Vec<Move>) -> Result<Vec<SeenMove>> {
    let products = products_of(ctx, tx, moves.iter().map(|one| one.product))?;
    let warehouses = all_warehouses(ctx, tx)?;
    let seen = |moved: Move| SeenMove {
        product: products.get(&moved.product).cloned(),
        warehouse: warehouses.get(&moved.warehouse).cloned(),
        moved,
    };
    Ok(moves.into_iter().map(seen).collect())
}

/// The receipt that a path names by number or id.
pub(crate) fn find_receipt(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Receipt> {
    match key {
        RowKey::Number(number) => get_receipt_by_number(ctx, tx, number),
        RowKey::Id(uuid) => get_receipt(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// A receipt with its warehouse and its supplier.
#[derive(Debug, Clone)]
pub(crate) struct SeenReceipt {
    pub(crate) receipt: Receipt,
    pub(crate) warehouse: Option<Warehouse>,
    pub(crate) supplier: Option<Contact>,
}

/// These receipts with their warehouses and suppliers.
pub(crate) fn seen_receipts(ctx: &Ctx, tx: &mut ReadTx, receipts: Vec<Receipt>) -> Result<Vec<SeenReceipt>> {
    let warehouses = all_warehouses(ctx, tx)?;
    let mut ids: Vec<_> = receipts.iter().filter_map(|receipt| receipt.supplier).collect();
    ids.sort_unstable();
    ids.dedup();
    let suppliers: HashMap<_, _> = if ids.is_empty() {
        HashMap::new()
    } else {
        contacts::get_many(ctx, tx, &ids)?.into_iter().map(|contact| (contact.id, contact)).collect()
    };
    let seen = |receipt: Receipt| SeenReceipt {
        warehouse: warehouses.get(&receipt.warehouse).cloned(),
        supplier: receipt.supplier.and_then(|id| suppliers.get(&id).cloned()),
        receipt,
    };
    Ok(receipts.into_iter().map(seen).collect())
}

/// A line of a receipt with its product.
#[derive(Debug, Clone)]
pub(crate) struct SeenLine {
    pub(crate) line: ReceiptLine,
    pub(crate) product: Option<Product>,
}

/// All lines of a receipt with their products.
pub(crate) fn seen_lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<Receipt>) -> Result<Vec<SeenLine>> {
    let lines = crate::receipt_lines(ctx, tx, id)?;
    with_products(ctx, tx, lines)
}

/// These lines with their products.
pub(crate) fn with_products(ctx: &Ctx, tx: &mut ReadTx, lines: Vec<ReceiptLine>) -> Result<Vec<SeenLine>> {
    let products = products_of(ctx, tx, lines.iter().map(|line| line.product))?;
    let seen = |line: ReceiptLine| SeenLine { product: products.get(&line.product).cloned(), line };
    Ok(lines.into_iter().map(seen).collect())
}
