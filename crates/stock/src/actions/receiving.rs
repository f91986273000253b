//! Goods that come in: a receipt is written, changed, thrown away, or posted.

use std::collections::HashSet;

use catalog::Product;
use context::{Ctx, Permission, next_number};
use db::{Constraint, OnConstraint, Tx};
use kernel::{Checks, Error, Id, Result, Text};
use serde_json::json;

use super::{
    moving::{Cause, Held},
    post_entry,
    warehouses::named,
};
use crate::{
    Move, MoveKind, NewReceipt, Receipt, ReceiptLine, ReceiptStatus, Warehouse, batch::ROWS_PER_STATEMENT,
    receipt::lines_of, store, to_ledger,
};

/// Characters of a note.
const NOTE_CHARS: usize = 1_000;
/// The series of receipt numbers.
const SERIES: &str = "stock_receipt";

/// Writes a receipt down as a draft. Nothing moves yet.
pub fn create_receipt(ctx: &Ctx, tx: &mut Tx, new: NewReceipt) -> Result<Receipt> {
    ctx.require(Permission::InventoryCreate)?;
    let draft = Receipt {
        id: ctx.new_id(),
        number: 0,
        warehouse: Id::from_uuid(uuid::Uuid::nil()),
        supplier: None,
        received_on: ctx.today(),
        status: ReceiptStatus::Draft,
        note: String::new(),
        total: kernel::Money::ZERO,
        line_count: 0,
        version: 1,
        created_at: ctx.now(),
        posted_at: None,
    };
    let (mut receipt, lines, warehouse) = written(ctx, tx, draft, new)?;
    receipt.number = next_number(ctx, tx, SERIES)?;
    store::receipts::insert(ctx, tx, &receipt).on(Constraint::ForeignKey, supplier_unknown)?;
    store::receipts::insert_lines(ctx, tx, receipt.id, &lines)?;
    let after = audited(&receipt, &warehouse);
    ctx.audit_new(tx, "stock_receipt.create", "stock_receipt", receipt.id, &after)?;
    Ok(receipt)
}

/// Writes a draft anew. `version` is the one the person saw; another one since then is a conflict.
pub fn update_receipt(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Receipt>,
    version: Option<i64>,
    new: NewReceipt,
) -> Result<Receipt> {
    ctx.require(Permission::InventoryEdit)?;
    let before = draft(ctx, tx, id)?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::conflict(Text::new("stock-receipt-changed-meanwhile")));
    }
    let next = Receipt { version: before.version + 1, ..before.clone() };
    let (receipt, lines, warehouse) = written(ctx, tx, next, new)?;
    store::receipts::update(ctx, tx, &receipt).on(Constraint::ForeignKey, supplier_unknown)?;
    store::receipts::delete_lines(ctx, tx, id)?;
    store::receipts::insert_lines(ctx, tx, id, &lines)?;
    let old = json!({ "total": before.total, "lines": before.line_count, "note": before.note });
    let after = audited(&receipt, &warehouse);
    ctx.audit(tx, "stock_receipt.update", "stock_receipt", id, Some(&old), Some(&after))?;
    Ok(receipt)
}

/// Throws a draft away.
pub fn delete_receipt(ctx: &Ctx, tx: &mut Tx, id: Id<Receipt>) -> Result<()> {
    ctx.require(Permission::InventoryDelete)?;
    let before = draft(ctx, tx, id)?;
    store::receipts::delete(ctx, tx, id)?;
    let old = json!({ "number": before.number, "total": before.total, "lines": before.line_count });
    ctx.audit(tx, "stock_receipt.delete", "stock_receipt", id, Some(&old), None::<&()>)
}

/// Puts the goods of a draft into the warehouse. From then on the receipt stands as it is.
pub fn post_receipt(ctx: &Ctx, tx: &mut Tx, id: Id<Receipt>) -> Result<Receipt> {
    ctx.require(Permission::InventoryCreate)?;
    let before = draft(ctx, tx, id)?;
    let lines = store::receipts::lines(ctx, tx, id)?;
    post(ctx, tx, before, &lines)
}

/// Writes a receipt and puts its goods into the warehouse, in one go; for imports and outside systems.
pub fn receive(ctx: &Ctx, tx: &mut Tx, new: NewReceipt) -> Result<Receipt> {
    ctx.require(Permission::InventoryCreate)?;
    let receipt = create_receipt(ctx, tx, new)?;
    let lines = store::receipts::lines(ctx, tx, receipt.id)?;
    post(ctx, tx, receipt, &lines)
}

fn post(ctx: &Ctx, tx: &mut Tx, draft: Receipt, lines: &[ReceiptLine]) -> Result<Receipt> {
    let warehouse = named(ctx, tx, Some(draft.warehouse), "warehouse_id")?;
    let products: Vec<_> = lines.iter().map(|line| line.product).collect();
    existing(ctx, tx, &products)?;
    let cause = Cause {
        kind: MoveKind::Receipt,
        source: draft.id.uuid(),
        moved_on: draft.received_on,
        note: String::new(),
    };
    let mut held = Held::lock(ctx, tx, &warehouse, products, cause)?;
    for ReceiptLine { position: _, product, quantity, unit_cost: _, value } in lines {
        held.receive(ctx, (warehouse.id, *product), *quantity, *value)?;
    }
    let moves: Vec<Move> = held.write(ctx, tx)?;
    let receipt = Receipt {
        status: ReceiptStatus::Posted,
        posted_at: Some(ctx.now()),
        version: draft.version + 1,
        ..draft
    };
    store::receipts::update(ctx, tx, &receipt)?;
    let entry = to_ledger::received(&receipt, &moves)?;
    post_entry(ctx, tx, entry, "received_on")?;
    let after = json!({ "status": receipt.status.word(), "moves": moves.len() });
    let before = json!({ "status": ReceiptStatus::Draft.word() });
    ctx.audit(tx, "stock_receipt.post", "stock_receipt", receipt.id, Some(&before), Some(&after))?;
    Ok(receipt)
}

/// The draft with this id, held; a posted one is refused with what to do instead.
fn draft(ctx: &Ctx, tx: &mut Tx, id: Id<Receipt>) -> Result<Receipt> {
    let receipt = store::receipts::lock(ctx, tx, id)?;
    match receipt.status {
        ReceiptStatus::Draft => Ok(receipt),
        ReceiptStatus::Posted => {
            Err(Error::conflict(Text::new("stock-receipt-is-posted").with("number", receipt.number)))
        }
    }
}

fn written(
    ctx: &Ctx,
    tx: &mut Tx,
    receipt: Receipt,
    new: NewReceipt,
) -> Result<(Receipt, Vec<ReceiptLine>, Warehouse)> {
    let NewReceipt { warehouse, supplier, received_on, note, lines } = new;
    let mut checks = Checks::new();
    let note = checks.prose("note", &note, NOTE_CHARS);
    let today = ctx.today();
    let received_on = received_on.unwrap_or(today);
    checks.hold(received_on <= today, "received_on", Text::new("stock-date-in-future").with("today", today));
    let lines = lines_of(&lines);
    for error in lines.as_ref().err().map_or(&[][..], Error::field_errors) {
        checks.refuse(&error.field, error.text.clone());
    }
    checks.done()?;
    let (lines, total) = lines?;
    let products: Vec<_> = lines.iter().map(|line| line.product).collect();
    existing(ctx, tx, &products)?;
    let warehouse = named(ctx, tx, warehouse, "warehouse_id")?;
    let line_count = u32::try_from(lines.len()).map_err(Error::internal)?;
    let receipt =
        Receipt { warehouse: warehouse.id, supplier, received_on, note, total, line_count, ..receipt };
    Ok((receipt, lines, warehouse))
}

/// Refuses lines with products that are not there.
fn existing(ctx: &Ctx, tx: &mut Tx, products: &[Id<Product>]) -> Result<()> {
    let mut there = HashSet::new();
    for some in products.chunks(ROWS_PER_STATEMENT) {
        let found = catalog::get_many(ctx, tx, some)?;
        there.extend(found.into_iter().filter(|p| p.deleted_at.is_none()).map(|p| p.id));
    }
    let mut checks = Checks::new();
    for (place, id) in products.iter().enumerate() {
        let field = format!("lines.{place}.product_id");
        checks.hold(there.contains(id), &field, Text::new("stock-product-unknown"));
    }
    checks.done()
}

fn supplier_unknown() -> Error {
    Error::field("supplier_id", Text::new("stock-supplier-unknown"))
}

fn audited(receipt: &Receipt, warehouse: &Warehouse) -> serde_json::Value {
    json!({ "number": receipt.number, "warehouse": warehouse.number, "received_on": receipt.received_on,
            "total": receipt.total, "lines": receipt.line_count, "note": receipt.note })
}
