//! Many products at once, by their codes: what imports do.

use std::collections::{HashMap, HashSet};

use context::{Ctx, Event, Permission, Trace, hold_numbers, next_numbers};
use db::Tx;
use kernel::{Barcode, Error, Id, Result, Text};

use super::changes;
use crate::{
    Category, Product, ProductContent, events,
    product::code_key,
    store::{
        self, counts,
        counts::Shifts,
        put::{Change, have_grown, put},
    },
};

/// What became of one product of an upsert.
#[derive(Debug)]
pub enum Upsert {
    /// It was not there and is now.
    Created(Product),
    /// It was there and is different now.
    Changed(Product),
    /// It was there and is the same.
    Same(Product),
    /// It cannot be written; the others can.
    Refused(Error),
}

/// Creates the products whose codes are new and replaces what is written in those whose codes are known; see
/// [`merge_products`].
pub fn upsert_products(ctx: &Ctx, tx: &mut Tx, contents: Vec<ProductContent>) -> Result<Vec<Upsert>> {
    ctx.require(Permission::InventoryCreate)?;
    merge_products(ctx, tx, contents, |_, row| row)
}

/// Creates the products whose codes are new; `over` says what a known one becomes of what it was and what `contents`
/// say. Answers in the order of `contents`. One that is wrong is refused alone; a code or a barcode that stands twice in
/// `contents` is refused the second time. Categories exist already ([`super::ensure_categories`]).
///
/// All is written in a few statements. Of two calls at once in a workspace the second waits for the end of the first.
pub fn merge_products(
    ctx: &Ctx,
    tx: &mut Tx,
    contents: Vec<ProductContent>,
    over: impl Fn(ProductContent, ProductContent) -> ProductContent,
) -> Result<Vec<Upsert>> {
    ctx.require(Permission::InventoryCreate)?;
    ctx.require(Permission::InventoryEdit)?;
    let contents: Vec<Result<ProductContent>> = contents.into_iter().map(ProductContent::checked).collect();
    let keys: Vec<String> = contents.iter().flatten().map(|content| code_key(&content.code)).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    hold_numbers(ctx, tx, "product")?;
    let known = store::products::list_by_codes_for_update(ctx, tx, &keys)?;
    let mut there = There {
        known: known.into_iter().map(|product| (code_key(&product.code), product)).collect(),
        barcodes: barcodes(ctx, tx, &contents)?,
        categories: store::categories::list(ctx, tx)?.into_iter().map(|category| category.id).collect(),
        seen: HashSet::new(),
    };
    let fates = contents.into_iter().map(|content| there.fate(ctx, content?, &over)).collect();
    write(ctx, tx, fates)
}

/// What is there before a product is written, and what those before it have taken.
struct There {
    known: HashMap<String, Product>,
    /// Who has the barcodes that are wanted: the product and its code.
    barcodes: HashMap<Barcode, (Id<Product>, String)>,
    categories: HashSet<Id<Category>>,
    seen: HashSet<String>,
}

/// What is to become of one product.
enum Fate {
    New(Id<Product>, ProductContent),
    Change(Box<Change>),
    Same(Product),
}

impl There {
    fn fate(
        &mut self,
        ctx: &Ctx,
        content: ProductContent,
        over: impl Fn(ProductContent, ProductContent) -> ProductContent,
    ) -> Result<Fate> {
        let key = code_key(&content.code);
        if !self.seen.insert(key.clone()) {
            return Err(Error::field("code", Text::new("catalog-code-taken").with("code", &content.code)));
        }
        let before = self.known.remove(&key);
        let content = match &before {
            Some(before) => over(before.content(), content),
            None => content,
        };
        if content.category.is_some_and(|category| !self.categories.contains(&category)) {
            return Err(Error::field("category", Text::new("catalog-category-unknown")));
        }
        let id = before.as_ref().map_or_else(|| ctx.new_id(), |product| product.id);
        if let Some(barcode) = &content.barcode {
            let owner = self.barcodes.entry(barcode.clone()).or_insert_with(|| (id, content.code.clone()));
            if owner.0 != id {
                return Err(Error::field(
                    "barcode",
                    Text::new("catalog-barcode-taken").with("code", &owner.1),
                ));
            }
        }
        Ok(match before {
            None => Fate::New(id, content),
            Some(before) if before.content() == content => Fate::Same(before),
            Some(before) => {
                let after = before.changed(content, ctx.now());
                Fate::Change(Box::new(Change { before, after }))
            }
        })
    }
}

/// Writes what is new and what changed, with its traces and events, and says what became of each.
fn write(ctx: &Ctx, tx: &mut Tx, fates: Vec<Result<Fate>>) -> Result<Vec<Upsert>> {
    let count = fates.iter().filter(|fate| matches!(fate, Ok(Fate::New(..)))).count();
    let mut number = match u32::try_from(count).map_err(Error::internal)? {
        0 => 0,
        count => next_numbers(ctx, tx, "product", count)?,
    };
    let first = number;
    let (mut new, mut changed, mut shifts) = (Vec::new(), Vec::new(), Shifts::default());
    let mut out = Vec::with_capacity(fates.len());
    for fate in fates {
        out.push(match fate {
            Err(error) => Upsert::Refused(error),
            Ok(Fate::Same(product)) => Upsert::Same(product),
            Ok(Fate::New(id, content)) => {
                let product = Product::new(id, number, content, ctx.now());
                number += 1;
                shifts.moved(None, counts::place(&product));
                new.push(product.clone());
                Upsert::Created(product)
            }
            Ok(Fate::Change(change)) => {
                shifts.moved(counts::place(&change.before), counts::place(&change.after));
                let product = change.after.clone();
                changed.push(*change);
                Upsert::Changed(product)
            }
        });
    }
    put(ctx, tx, &new, &changed)?;
    have_grown(tx, first - 1, number - 1)?;
    shifts.write(ctx, tx)?;
    let created = new.iter().map(|product| Trace::new(product.id, None::<&()>, Some(product)));
    ctx.audit_many(tx, "product.create", "product", &created.collect::<Result<Vec<_>>>()?)?;
    let changes = changed.iter().map(|Change { before, after }| {
        let (was, is) = changes(&before.content(), &after.content())?;
        Trace::new(after.id, Some(&was), Some(&is))
    });
    ctx.audit_many(tx, "product.change", "product", &changes.collect::<Result<Vec<_>>>()?)?;
    let created = new.iter().map(|product| Event::new(events::PRODUCT_CREATED, product.id));
    let changed = changed.iter().map(|change| Event::new(events::PRODUCT_CHANGED, change.after.id));
    ctx.emit_many(tx, &created.chain(changed).collect::<Vec<_>>())?;
    Ok(out)
}

fn barcodes(
    ctx: &Ctx,
    tx: &mut Tx,
    contents: &[Result<ProductContent>],
) -> Result<HashMap<Barcode, (Id<Product>, String)>> {
    let wanted: Vec<&str> =
        contents.iter().flatten().filter_map(|c| c.barcode.as_ref()).map(Barcode::as_str).collect();
    let owners = store::products::list_by_barcodes(ctx, tx, &wanted)?;
    Ok(owners
        .into_iter()
        .filter_map(|Product { id, code, barcode, .. }| barcode.map(|barcode| (barcode, (id, code))))
        .collect())
}
