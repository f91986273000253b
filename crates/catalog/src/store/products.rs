//! Products: rows, lists.

use std::collections::HashMap;

use context::Ctx;
use db::{OnConstraint, ReadTx, Row, ToValue, Tx, Value, params};
use kernel::{Error, Id, Lang, Result, Text};

use super::{padded, places, words};
use crate::{Names, Picture, Product, ProductContent, product::code_key};

/// Values of a list in one statement; a longer list takes several.
const VALUES_AT_ONCE: usize = 512;

/// `SELECT` of whole products; what follows narrows it. `$1` is the workspace.
macro_rules! select_products {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, code, name_uz, name_ru, name_en, category_id, brand, unit,
                    purchase_price_tiyin, sale_price_tiyin, old_price_tiyin, minimum_thousandths, barcode, mxik, vat,
                    description_uz, description_ru, image_hash, thumbnail_hash,
                    created_at_ms, updated_at_ms, deactivated_at_ms IS NULL, deleted_at_ms
             FROM catalog_product WHERE workspace_id = $1 ",
            $rest
        )
    };
}

fn product(row: &Row<'_>) -> Result<Product> {
    let picture = match (row.get(18)?, row.get(19)?) {
        (Some(large), Some(small)) => Some(Picture { large, small }),
        _ => None,
    };
    Ok(Product {
        id: row.get(0)?,
        number: row.get(1)?,
        code: row.get(2)?,
        name: Names { uz: row.get(3)?, ru: row.get(4)?, en: row.get(5)? },
        category: row.get(6)?,
        brand: row.get(7)?,
        unit: row.get(8)?,
        purchase_price: row.get(9)?,
        sale_price: row.get(10)?,
        old_price: row.get(11)?,
        minimum_quantity: row.get(12)?,
        barcode: row.get(13)?,
        mxik: row.get(14)?,
        vat: row.parse(15)?,
        description_uz: row.get(16)?,
        description_ru: row.get(17)?,
        picture,
        created_at: row.get(20)?,
        updated_at: row.get(21)?,
        active: row.get(22)?,
        deleted_at: row.get(23)?,
    })
}

/// The product, deleted or not.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Product>) -> Result<Product> {
    tx.query_one(select_products!("AND id = $2"), params![ctx.workspace(), id], product)
}

/// The product, not deleted, held until the end of the transaction.
pub(crate) fn get_for_update(ctx: &Ctx, tx: &mut Tx, id: Id<Product>) -> Result<Product> {
    let sql = select_products!("AND id = $2 AND deleted_at_ms IS NULL FOR UPDATE");
    tx.query_one(sql, params![ctx.workspace(), id], product)
}

/// The product with this number, not deleted.
pub(crate) fn find_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Product>> {
    let sql = select_products!("AND number = $2 AND deleted_at_ms IS NULL");
    tx.query_opt(sql, params![ctx.workspace(), number], product)
}

/// The product with this code, whatever its case and spaces, not deleted.
pub(crate) fn find_by_code(ctx: &Ctx, tx: &mut ReadTx, code: &str) -> Result<Option<Product>> {
    let sql = select_products!("AND code_key = $2 AND deleted_at_ms IS NULL");
    tx.query_opt(sql, params![ctx.workspace(), code_key(code)], product)
}

/// The product with this barcode, not deleted.
pub(crate) fn find_by_barcode(ctx: &Ctx, tx: &mut ReadTx, barcode: &str) -> Result<Option<Product>> {
    let sql = select_products!("AND barcode = $2 AND deleted_at_ms IS NULL");
    tx.query_opt(sql, params![ctx.workspace(), barcode], product)
}

/// The products with these ids, deleted or not, in the order of the ids; unknown ids are left out.
pub(crate) fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Product>]) -> Result<Vec<Product>> {
    let mut found = list_where(ctx, tx, ids, |places| format!(select_products!("AND id IN ({})"), places))?;
    let places: HashMap<_, _> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    found.sort_by_key(|product| places.get(&product.id).copied().unwrap_or(usize::MAX));
    Ok(found)
}

/// The products with these numbers, not deleted.
pub(crate) fn list_by_numbers(ctx: &Ctx, tx: &mut ReadTx, numbers: &[i64]) -> Result<Vec<Product>> {
    list_where(ctx, tx, numbers, |places| {
        format!(select_products!("AND deleted_at_ms IS NULL AND number IN ({})"), places)
    })
}

/// The products with these code keys, not deleted.
pub(crate) fn list_by_codes(ctx: &Ctx, tx: &mut ReadTx, keys: &[&str]) -> Result<Vec<Product>> {
    list_where(ctx, tx, keys, |places| {
        format!(select_products!("AND deleted_at_ms IS NULL AND code_key IN ({})"), places)
    })
}

/// The products with these code keys, not deleted, held until the end of the transaction.
pub(crate) fn list_by_codes_for_update(ctx: &Ctx, tx: &mut Tx, keys: &[&str]) -> Result<Vec<Product>> {
    list_where(ctx, tx, keys, |places| {
        let sql = select_products!("AND deleted_at_ms IS NULL AND code_key IN ({}) ORDER BY id FOR UPDATE");
        sql.replacen("{}", &places, 1)
    })
}

/// The products with these barcodes, not deleted.
pub(crate) fn list_by_barcodes(ctx: &Ctx, tx: &mut ReadTx, barcodes: &[&str]) -> Result<Vec<Product>> {
    list_where(ctx, tx, barcodes, |places| {
        format!(select_products!("AND deleted_at_ms IS NULL AND barcode IN ({})"), places)
    })
}

/// The products that `sql` finds by `values`, which it takes in parts.
fn list_where<T: ToValue + Copy>(
    ctx: &Ctx,
    tx: &mut ReadTx,
    values: &[T],
    sql: impl Fn(String) -> String,
) -> Result<Vec<Product>> {
    let mut found = Vec::with_capacity(values.len());
    for part in values.chunks(VALUES_AT_ONCE) {
        let part = padded(part);
        let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
        values.extend(part.iter().map(ToValue::to_value));
        found.extend(tx.query(&sql(places(2, part.len())), &values, product)?);
    }
    Ok(found)
}

/// The products after `cursor`, in the order of their ids, not deleted; at most `at_most`.
pub(crate) fn list_after(
    ctx: &Ctx,
    tx: &mut ReadTx,
    cursor: Option<Id<Product>>,
    at_most: u32,
) -> Result<Vec<Product>> {
    let cursor = cursor.unwrap_or(Id::from_uuid(uuid::Uuid::nil()));
    let sql = select_products!("AND id > $2 AND deleted_at_ms IS NULL ORDER BY id LIMIT $3");
    tx.query(sql, params![ctx.workspace(), cursor, i64::from(at_most)], product)
}

/// Where a product of this name stands in a list by name, in each language.
pub(super) fn sort_keys(name: &Names) -> [String; 3] {
    Lang::ALL.map(|lang| uztext::sort_key(name.get(lang)))
}

/// The code and the barcode have been looked for; a race is told about the code.
pub(super) fn taken(code: &str) -> Error {
    Error::field("code", Text::new("catalog-code-taken").with("code", code))
}

/// Writes new content into a product that is not deleted, and keeps its words with it.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, before: &Product, content: &ProductContent) -> Result<()> {
    let ProductContent {
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
        active,
    } = content;
    let [sort_uz, sort_ru, sort_en] = sort_keys(name);
    tx.execute_one(
        "UPDATE catalog_product SET code = $3, code_key = $4, name_uz = $5, name_ru = $6, name_en = $7,
             sort_uz = $8, sort_ru = $9, sort_en = $10, category_id = $11, brand = $12, unit = $13,
             purchase_price_tiyin = $14, sale_price_tiyin = $15, old_price_tiyin = $16, minimum_thousandths = $17,
             barcode = $18, mxik = $19, vat = $20, description_uz = $21, description_ru = $22,
             updated_at_ms = $23, deactivated_at_ms = CASE WHEN $24 THEN NULL ELSE COALESCE(deactivated_at_ms, $25) END
         WHERE workspace_id = $1 AND id = $2 AND deleted_at_ms IS NULL",
        params![
            ctx.workspace(),
            before.id,
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
            ctx.now(),
            active,
            ctx.now()
        ],
    )
    .on_unique(|| taken(code))?;
    words::update(ctx, tx, before.id, &before.content(), content)
}

/// Sets or takes away the picture.
pub(crate) fn set_picture(ctx: &Ctx, tx: &mut Tx, id: Id<Product>, picture: Option<&Picture>) -> Result<()> {
    let (large, small) = picture.map(|Picture { large, small }| (large, small)).unzip();
    tx.execute_one(
        "UPDATE catalog_product SET image_hash = $3, thumbnail_hash = $4, updated_at_ms = $5
         WHERE workspace_id = $1 AND id = $2 AND deleted_at_ms IS NULL",
        params![ctx.workspace(), id, large, small, ctx.now()],
    )
}

/// Marks the product as deleted.
pub(crate) fn set_deleted(ctx: &Ctx, tx: &mut Tx, id: Id<Product>) -> Result<()> {
    tx.execute_one(
        "UPDATE catalog_product SET deleted_at_ms = $3, updated_at_ms = $3
         WHERE workspace_id = $1 AND id = $2 AND deleted_at_ms IS NULL",
        params![ctx.workspace(), id, ctx.now()],
    )
}

/// Takes the product's row away; the database refuses while another row names it.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Product>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM catalog_product WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
}

/// How many products the workspace has.
pub(crate) fn count(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM catalog_product WHERE workspace_id = $1 AND deleted_at_ms IS NULL";
    tx.query_one(sql, params![ctx.workspace()], |row| row.get(0))
}
