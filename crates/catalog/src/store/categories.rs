//! Categories: rows and the whole tree.

use context::Ctx;
use db::{OnConstraint, ReadTx, Row, Tx, Value, params};
use kernel::{Error, Id, Result, Text};

use super::{padded, places};
use crate::{Category, Names, category::name_key};

fn category(row: &Row<'_>) -> Result<Category> {
    Ok(Category {
        id: row.get(0)?,
        number: row.get(1)?,
        parent: row.get(2)?,
        position: row.get(3)?,
        name: Names { uz: row.get(4)?, ru: row.get(5)?, en: row.get(6)? },
    })
}

/// Every category of the workspace, in no order.
pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Category>> {
    tx.query(
        "SELECT id, number, parent_id, position, name_uz, name_ru, name_en FROM catalog_category
         WHERE workspace_id = $1",
        params![ctx.workspace()],
        category,
    )
}

/// The category, if the workspace has it.
pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, id: Id<Category>) -> Result<Option<Category>> {
    tx.query_opt(
        "SELECT id, number, parent_id, position, name_uz, name_ru, name_en FROM catalog_category
         WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
        category,
    )
}

/// The category with this number, if the workspace has it.
pub(crate) fn find_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Category>> {
    tx.query_opt(
        "SELECT id, number, parent_id, position, name_uz, name_ru, name_en FROM catalog_category
         WHERE workspace_id = $1 AND number = $2",
        params![ctx.workspace(), number],
        category,
    )
}

/// The names of the categories with these ids; unknown ids are left out.
pub(crate) fn names(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Category>]) -> Result<Vec<(Id<Category>, Names)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = padded(ids);
    let sql = format!(
        "SELECT id, name_uz, name_ru, name_en FROM catalog_category WHERE workspace_id = $1 AND id IN ({})",
        places(2, ids.len())
    );
    let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
    values.extend(ids.iter().map(|id| Value::Uuid(id.uuid())));
    tx.query(&sql, &values, |row| {
        Ok((row.get(0)?, Names { uz: row.get(1)?, ru: row.get(2)?, en: row.get(3)? }))
    })
}

/// Whether a product, deleted or not, stands in the category.
pub(crate) fn has_products(ctx: &Ctx, tx: &mut ReadTx, id: Id<Category>) -> Result<bool> {
    tx.query_one(
        "SELECT EXISTS (SELECT 1 FROM catalog_product WHERE workspace_id = $1 AND category_id = $2
             AND deleted_at_ms IS NULL)",
        params![ctx.workspace(), id],
        |row| row.get(0),
    )
}

fn taken(name: &str) -> Error {
    Error::field("name", Text::new("catalog-category-name-taken").with("name", name))
}

/// Writes a new category.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, category: &Category) -> Result<()> {
    let Category { id, number, parent, position, name } = category;
    tx.execute_one(
        "INSERT INTO catalog_category (workspace_id, id, number, parent_id, position, name_uz, name_ru, name_en,
             name_key, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            ctx.workspace(),
            id,
            number,
            parent,
            position,
            name.uz,
            name.ru,
            name.en,
            name_key(&name.uz),
            ctx.now()
        ],
    )
    .on_unique(|| taken(&name.uz))
}

/// Writes the category's name and place.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, category: &Category) -> Result<()> {
    let Category { id, number: _, parent, position, name } = category;
    tx.execute_one(
        "UPDATE catalog_category SET parent_id = $3, position = $4, name_uz = $5, name_ru = $6, name_en = $7,
             name_key = $8
         WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, parent, position, name.uz, name.ru, name.en, name_key(&name.uz)],
    )
    .on_unique(|| taken(&name.uz))
}

/// Lets deleted products that stood in the category stand nowhere.
pub(crate) fn set_deleted_products_free(ctx: &Ctx, tx: &mut Tx, id: Id<Category>) -> Result<()> {
    tx.execute(
        "UPDATE catalog_product SET category_id = NULL
         WHERE workspace_id = $1 AND category_id = $2 AND deleted_at_ms IS NOT NULL",
        params![ctx.workspace(), id],
    )?;
    Ok(())
}

/// Takes the category's row away.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Category>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM catalog_category WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
}
