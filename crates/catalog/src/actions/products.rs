//! Create, change, show, hide and delete products.

use context::{Ctx, Event, Permission, next_number};
use db::{Constraint, OnConstraint, Tx};
use kernel::{Checks, Error, Id, Kind, Result, Text};

use super::changes;
use crate::{
    Picture, Product, ProductContent, events,
    store::{self, counts, counts::Shifts},
};

/// Writes a new product.
pub fn create_product(ctx: &Ctx, tx: &mut Tx, content: ProductContent) -> Result<Product> {
    ctx.require(Permission::InventoryCreate)?;
    let content = content.checked()?;
    must_be_free(ctx, tx, &content, None)?;
    let number = next_number(ctx, tx, "product")?;
    let product = Product::new(ctx.new_id(), number, content, ctx.now());
    store::put::insert(ctx, tx, &product)?;
    let mut shifts = Shifts::default();
    shifts.moved(None, counts::place(&product));
    shifts.write(ctx, tx)?;
    ctx.audit_new(tx, "product.create", "product", product.id, &product)?;
    ctx.emit(tx, Event::new(events::PRODUCT_CREATED, product.id))?;
    Ok(product)
}

/// Replaces what is written in a product. Nothing happens when nothing differs.
pub fn update_product(ctx: &Ctx, tx: &mut Tx, id: Id<Product>, content: ProductContent) -> Result<Product> {
    ctx.require(Permission::InventoryEdit)?;
    let content = content.checked()?;
    let before = store::products::get_for_update(ctx, tx, id)?;
    must_be_free(ctx, tx, &content, Some(id))?;
    change(ctx, tx, &before, &content)
}

/// Writes checked content into a product that differs from it.
fn change(ctx: &Ctx, tx: &mut Tx, before: &Product, content: &ProductContent) -> Result<Product> {
    let old = before.content();
    if old == *content {
        return Ok(before.clone());
    }
    store::products::update(ctx, tx, before, content)?;
    let mut shifts = Shifts::default();
    shifts.moved(counts::place(before), Some((content.category, content.active)));
    shifts.write(ctx, tx)?;
    let (was, is) = changes(&old, content)?;
    ctx.audit(tx, "product.change", "product", before.id, Some(&was), Some(&is))?;
    ctx.emit(tx, Event::new(events::PRODUCT_CHANGED, before.id))?;
    store::products::get(ctx, tx, before.id)
}

/// Puts a product on sale or takes it off.
pub fn set_product_active(ctx: &Ctx, tx: &mut Tx, id: Id<Product>, active: bool) -> Result<Product> {
    ctx.require(Permission::InventoryEdit)?;
    let before = store::products::get_for_update(ctx, tx, id)?;
    let content = ProductContent { active, ..before.content() };
    change(ctx, tx, &before, &content)
}

/// Gives a product a picture that `files` holds already, or takes its picture away.
pub fn set_product_picture(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Product>,
    picture: Option<Picture>,
) -> Result<Product> {
    ctx.require(Permission::InventoryEdit)?;
    let before = store::products::get_for_update(ctx, tx, id)?;
    if before.picture == picture {
        return Ok(before);
    }
    store::products::set_picture(ctx, tx, id, picture.as_ref())?;
    ctx.audit(tx, "product.set_picture", "product", id, before.picture.as_ref(), picture.as_ref())?;
    ctx.emit(tx, Event::new(events::PRODUCT_CHANGED, id))?;
    store::products::get(ctx, tx, id)
}

/// What became of a deleted product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// Nothing named it: it is gone.
    Gone,
    /// Documents name it: it is out of every list and stays readable in them.
    Kept,
}

/// Deletes a product. Where a document or a stock move names it, the row stays and is only hidden.
pub fn delete_product(ctx: &Ctx, tx: &mut Tx, id: Id<Product>) -> Result<Deletion> {
    ctx.require(Permission::InventoryDelete)?;
    let before = store::products::get_for_update(ctx, tx, id)?;
    store::words::delete(ctx, tx, id)?;
    let mut shifts = Shifts::default();
    shifts.moved(counts::place(&before), None);
    shifts.write(ctx, tx)?;
    // The foreign keys of stock and sales know better than any question asked here.
    let in_use = || Error::conflict(Text::new("catalog-product-in-use"));
    let gone = tx.savepoint(|tx| store::products::delete(ctx, tx, id).on(Constraint::ForeignKey, in_use));
    let deletion = match gone {
        Ok(()) => Deletion::Gone,
        Err(error) if error.kind() == Kind::Conflict => {
            store::products::set_deleted(ctx, tx, id)?;
            Deletion::Kept
        }
        Err(error) => return Err(error),
    };
    ctx.audit(tx, "product.delete", "product", id, Some(&before), None::<&()>)?;
    ctx.emit(tx, Event::new(events::PRODUCT_DELETED, id))?;
    Ok(deletion)
}

/// Refuses a category that the workspace lacks, and codes that another product has.
fn must_be_free(ctx: &Ctx, tx: &mut Tx, content: &ProductContent, own: Option<Id<Product>>) -> Result<()> {
    let mut checks = Checks::new();
    if let Some(category) = content.category {
        let known = store::categories::find(ctx, tx, category)?.is_some();
        checks.hold(known, "category", Text::new("catalog-category-unknown"));
    }
    let other = |found: Option<Product>| found.filter(|found| Some(found.id) != own);
    if other(store::products::find_by_code(ctx, tx, &content.code)?).is_some() {
        checks.refuse("code", Text::new("catalog-code-taken").with("code", &content.code));
    }
    if let Some(barcode) = &content.barcode
        && let Some(found) = other(store::products::find_by_barcode(ctx, tx, barcode.as_str())?)
    {
        checks.refuse("barcode", Text::new("catalog-barcode-taken").with("code", found.code));
    }
    checks.done()
}
