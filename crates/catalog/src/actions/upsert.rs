//! Many products at once, by their codes: what imports do.

use std::collections::{HashMap, HashSet};

use context::{Ctx, Permission, next_numbers};
use db::Tx;
use kernel::{Barcode, Error, Id, Result, Text};

use super::products::{change, insert};
use crate::{Product, ProductContent, product::code_key, store, store::counts::Shifts};

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

/// Creates the products whose codes are new and changes those whose codes are known; answers in the order of
/// `contents`. One that is wrong is refused alone. A code or a barcode that stands twice in `contents` is refused the
/// second time. Categories exist already (`ensure_category`).
pub fn upsert_products(ctx: &Ctx, tx: &mut Tx, contents: Vec<ProductContent>) -> Result<Vec<Upsert>> {
    ctx.require(Permission::InventoryCreate)?;
    ctx.require(Permission::InventoryEdit)?;
    let contents: Vec<Result<ProductContent>> = contents.into_iter().map(ProductContent::checked).collect();
    let keys: Vec<String> = contents.iter().flatten().map(|content| code_key(&content.code)).collect();
    let refs: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut known: HashMap<String, Product> = store::products::list_by_codes(ctx, tx, &refs)?
        .into_iter()
        .map(|product| (code_key(&product.code), product))
        .collect();
    let mut barcodes = barcodes(ctx, tx, &contents)?;
    let categories: HashSet<_> = store::categories::list(ctx, tx)?.into_iter().map(|c| c.id).collect();
    // A number taken for one that is refused stays unused: the series of products need not be gapless.
    let new = keys.iter().filter(|key| !known.contains_key(*key)).collect::<HashSet<_>>().len();
    let mut number = match u32::try_from(new).map_err(Error::internal)? {
        0 => 0,
        count => next_numbers(ctx, tx, "product", count)?,
    };
    let mut seen = HashSet::new();
    let mut shifts = Shifts::default();
    let mut out = Vec::with_capacity(contents.len());
    for content in contents {
        let content = match content {
            Ok(content) => content,
            Err(error) => {
                out.push(Upsert::Refused(error));
                continue;
            }
        };
        let key = code_key(&content.code);
        let before = known.remove(&key);
        let own = before.as_ref().map(|product| product.id);
        let taken = content.barcode.as_ref().and_then(|barcode| barcodes.get(barcode));
        let refusal = if content.category.is_some_and(|category| !categories.contains(&category)) {
            Some(Error::field("category", Text::new("catalog-category-unknown")))
        } else if !seen.insert(key) {
            Some(Error::field("code", Text::new("catalog-code-taken").with("code", &content.code)))
        } else {
            taken.filter(|(id, _)| Some(*id) != own).map(|(_, code)| {
                Error::field("barcode", Text::new("catalog-barcode-taken").with("code", code))
            })
        };
        if let Some(error) = refusal {
            out.push(Upsert::Refused(error));
            continue;
        }
        let upsert = match before {
            None => {
                let product = insert(ctx, tx, content, number, &mut shifts)?;
                number += 1;
                Upsert::Created(product)
            }
            Some(before) if before.content() == content => Upsert::Same(before),
            Some(before) => Upsert::Changed(change(ctx, tx, &before, &content, &mut shifts)?),
        };
        if let Upsert::Created(product) | Upsert::Changed(product) = &upsert
            && let Some(barcode) = product.barcode.clone()
        {
            barcodes.insert(barcode, (product.id, product.code.clone()));
        }
        out.push(upsert);
    }
    shifts.write(ctx, tx)?;
    Ok(out)
}

/// Who has the barcodes that are wanted: the product and its code.
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
