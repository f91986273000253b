//! Products written, one or many at a time, each with its words.

use context::Ctx;
use db::{OnConstraint, Tx, Value, values};
use kernel::{Error, Result};

use super::{products, words};
use crate::{Product, product::code_key};

/// So many products are found as fast by any index.
const WORTH_A_PLAN: i64 = 256;

/// `INSERT` of whole products; what follows says what becomes of one that is there.
macro_rules! insert_products {
    ($rest:literal) => {
        concat!(
            "INSERT INTO catalog_product (workspace_id, id, number, code, code_key, name_uz, name_ru, name_en,
                 sort_uz, sort_ru, sort_en, category_id, brand, unit, purchase_price_tiyin, sale_price_tiyin,
                 old_price_tiyin, minimum_thousandths, barcode, mxik, vat, description_uz, description_ru,
                 image_hash, thumbnail_hash, created_at_ms, updated_at_ms, deactivated_at_ms, deleted_at_ms)
             VALUES {} ",
            $rest
        )
    };
}

/// Writes a new product.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, product: &Product) -> Result<()> {
    let rows = [row(ctx, product)];
    tx.insert_many(insert_products!(""), &rows).on_unique(|| products::taken(&product.code))?;
    insert_words(ctx, tx, &[product])
}

/// A product that is written over another state of itself.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) before: Product,
    pub(crate) after: Product,
}

/// Writes new products, and others over what they were, all in a few statements. The caller holds what is there and has
/// looked for codes and barcodes; whoever takes one at this very moment by another way makes it to be tried again.
pub(crate) fn put(ctx: &Ctx, tx: &mut Tx, new: &[Product], changes: &[Change]) -> Result<()> {
    let all = new.iter().chain(changes.iter().map(|change| &change.after));
    let rows: Vec<_> = all.map(|product| row(ctx, product)).collect();
    tx.insert_many(
        insert_products!(
            "ON CONFLICT (workspace_id, id) DO UPDATE SET code = excluded.code, code_key = excluded.code_key,
                 name_uz = excluded.name_uz, name_ru = excluded.name_ru, name_en = excluded.name_en,
                 sort_uz = excluded.sort_uz, sort_ru = excluded.sort_ru, sort_en = excluded.sort_en,
                 category_id = excluded.category_id, brand = excluded.brand, unit = excluded.unit,
                 purchase_price_tiyin = excluded.purchase_price_tiyin,
                 sale_price_tiyin = excluded.sale_price_tiyin, old_price_tiyin = excluded.old_price_tiyin,
                 minimum_thousandths = excluded.minimum_thousandths, barcode = excluded.barcode,
                 mxik = excluded.mxik, vat = excluded.vat, description_uz = excluded.description_uz,
                 description_ru = excluded.description_ru, updated_at_ms = excluded.updated_at_ms,
                 deactivated_at_ms = CASE WHEN excluded.deactivated_at_ms IS NULL THEN NULL
                     ELSE COALESCE(catalog_product.deactivated_at_ms, excluded.deactivated_at_ms) END"
        ),
        &rows,
    )
    .on_unique(Error::busy)?;
    insert_words(ctx, tx, &new.iter().collect::<Vec<_>>())?;
    for Change { before, after } in changes {
        words::update(ctx, tx, after.id, &before.content(), &after.content())?;
    }
    Ok(())
}

/// Says so when the workspace's products have doubled in number, from some hundreds on.
pub(crate) fn have_grown(tx: &mut Tx, before: i64, after: i64) -> Result<()> {
    let doublings = |count: i64| count.max(1).ilog2();
    if after >= WORTH_A_PLAN && doublings(after) > doublings(before) {
        tx.have_grown(&["catalog_product", "catalog_product_word"])?;
    }
    Ok(())
}

fn row(ctx: &Ctx, product: &Product) -> Vec<Value<'static>> {
    let Product {
        id,
        number,
        code,
        name,
        category,
        brand,
        unit,
        purchase_price,
        sale_price,
        old_price,
        minimum_quantity,
        barcode,
        mxik,
        vat,
        description_uz,
        description_ru,
        picture,
        active,
        created_at,
        updated_at,
        deleted_at,
    } = product;
    let [sort_uz, sort_ru, sort_en] = products::sort_keys(name);
    values![
        ctx.workspace(),
        id,
        number,
        code,
        code_key(code),
        name.uz,
        name.ru,
        name.en,
        sort_uz,
        sort_ru,
        sort_en,
        category,
        brand,
        unit,
        purchase_price,
        sale_price,
        old_price,
        minimum_quantity,
        barcode,
        mxik,
        vat.word(),
        description_uz,
        description_ru,
        picture.as_ref().map(|picture| &picture.large),
        picture.as_ref().map(|picture| &picture.small),
        created_at,
        updated_at,
        (!active).then_some(*updated_at),
        deleted_at
    ]
}

/// Adds the words of new products, in the order of the table: so its pages are gone through once.
fn insert_words(ctx: &Ctx, tx: &mut Tx, new: &[&Product]) -> Result<()> {
    let words = |product: &Product| {
        let (id, active) = (product.id.uuid(), product.active);
        product.content().words().into_iter().map(move |word| (word, id, active))
    };
    let mut words: Vec<_> = new.iter().flat_map(|product| words(product)).collect();
    words.sort_unstable();
    let row = |(word, product, on_sale): &(String, uuid::Uuid, bool)| {
        values![ctx.workspace(), word, product, on_sale]
    };
    let rows: Vec<Vec<Value<'_>>> = words.iter().map(row).collect();
    tx.insert_many(
        "INSERT INTO catalog_product_word (workspace_id, word, product_id, on_sale) VALUES {}",
        &rows,
    )
}
