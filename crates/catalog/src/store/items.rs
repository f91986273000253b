//! Catalog items: rows and lists.

use std::collections::HashMap;

use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result, Text};

use super::{padded, places};
use crate::{
    Item, ItemKind, NewItem,
    item::Metadata,
    items::{ItemFilter, ItemOrder},
    product::code_key,
};

/// Values of a list in one statement; a longer list takes several.
const VALUES_AT_ONCE: usize = 512;
/// What [`item`] reads.
const COLUMNS: [&str; 7] = ["id", "kind", "code", "metadata", "is_active", "created_at_ms", "updated_at_ms"];

/// `SELECT` of whole items; what follows narrows it. `$1` is the workspace.
macro_rules! select_items {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, code, metadata, is_active, created_at_ms, updated_at_ms
             FROM catalog_item WHERE workspace_id = $1 ",
            $rest
        )
    };
}

fn item(row: &Row<'_>) -> Result<Item> {
    Ok(Item {
        id: row.get(0)?,
        kind: row.parse(1)?,
        code: row.get(2)?,
        metadata: metadata(row.get(3)?)?,
        active: row.get(4)?,
        created_at: row.get(5)?,
        updated_at: row.get(6)?,
    })
}

fn metadata(value: serde_json::Value) -> Result<Metadata> {
    match value {
        serde_json::Value::Object(metadata) => Ok(metadata),
        _ => Err(Error::internal("an item's metadata is no object")),
    }
}

/// The item. Errors: the workspace has none with this id.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Item>) -> Result<Item> {
    tx.query_one(select_items!("AND id = $2"), params![ctx.workspace(), id], item)
}

/// The item, held until the end of the transaction.
pub(crate) fn get_for_update(ctx: &Ctx, tx: &mut Tx, id: Id<Item>) -> Result<Item> {
    tx.query_one(select_items!("AND id = $2 FOR UPDATE"), params![ctx.workspace(), id], item)
}

/// The item, if the workspace has it.
pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, id: Id<Item>) -> Result<Option<Item>> {
    tx.query_opt(select_items!("AND id = $2"), params![ctx.workspace(), id], item)
}

/// The item with this code, whatever its case and spaces.
pub(crate) fn find_by_code(ctx: &Ctx, tx: &mut ReadTx, code: &str) -> Result<Option<Item>> {
    tx.query_opt(select_items!("AND code_key = $2"), params![ctx.workspace(), code_key(code)], item)
}

/// The items with these ids, in the order of the ids; unknown ids are left out.
pub(crate) fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Item>]) -> Result<Vec<Item>> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(VALUES_AT_ONCE) {
        let part = padded(part);
        let sql = format!(select_items!("AND id IN ({})"), places(2, part.len()));
        let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
        values.extend(part.iter().map(ToValue::to_value));
        found.extend(tx.query(&sql, &values, item)?);
    }
    let places: HashMap<_, _> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    found.sort_by_key(|item: &Item| places.get(&item.id).copied().unwrap_or(usize::MAX));
    Ok(found)
}

/// The items of a kind that can be chosen, by their places, older ones first among equal places.
pub(crate) fn list_active(ctx: &Ctx, tx: &mut ReadTx, kind: ItemKind) -> Result<Vec<Item>> {
    let sql = select_items!("AND kind = $2 AND is_active = $3 ORDER BY position, id");
    tx.query(sql, params![ctx.workspace(), kind.word(), true], item)
}

/// The part `page` of the items that fit.
pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx, filter: &ItemFilter, page: PageRequest) -> Result<Page<Item>> {
    let ItemFilter { kind, active, code, q, order, descending } = filter;
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from("catalog_item")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(kind.map(|kind| Expr::col("kind").eq(kind.word())))
        .and_where_option(active.map(|active| Expr::col("is_active").eq(active)))
        .and_where_option(code.as_ref().map(|code| Expr::col("code_key").eq(code_key(code))));
    if let Some(question) = q {
        let words = uztext::tokens(question);
        if words.is_empty() {
            return Ok(Page::new(page, 0, Vec::new()));
        }
        for word in words {
            // Folded words hold letters and digits only: nothing in them means anything to LIKE.
            select.and_where(Expr::col("search_fold").like(format!("%{word}%")));
        }
    }
    let direction = if *descending { Order::Desc } else { Order::Asc };
    let columns: &[&'static str] = match order {
        ItemOrder::Place => &["kind", "position", "id"],
        ItemOrder::Code => &["code_key"],
        ItemOrder::Updated => &["updated_at_ms", "id"],
    };
    for column in columns {
        select.order_by(*column, direction.clone());
    }
    tx.page(&select, page, item)
}

/// How many items the workspace has.
pub(crate) fn count(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM catalog_item WHERE workspace_id = $1";
    tx.query_one(sql, params![ctx.workspace()], |row| row.get(0))
}

fn taken(code: &str) -> Error {
    Error::field("code", Text::new("catalog-item-code-taken").with("code", code))
}

/// Writes a new item.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, item: &Item) -> Result<()> {
    let Item { id, kind, code, metadata, active, created_at, updated_at } = item;
    let content = item.content();
    tx.execute_one(
        "INSERT INTO catalog_item (workspace_id, id, kind, code, code_key, metadata, position, search_fold,
             is_active, created_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            ctx.workspace(),
            id,
            kind.word(),
            code,
            code_key(code),
            serde_json::Value::Object(metadata.clone()),
            content.position(),
            content.words(),
            active,
            created_at,
            updated_at
        ],
    )
    .on_unique(|| taken(code))
}

/// Writes new content into an item.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, id: Id<Item>, content: &NewItem) -> Result<()> {
    let NewItem { kind, code, metadata, active } = content;
    tx.execute_one(
        "UPDATE catalog_item SET kind = $3, code = $4, code_key = $5, metadata = $6, position = $7, search_fold = $8,
             is_active = $9, updated_at_ms = $10
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            kind.word(),
            code,
            code_key(code),
            serde_json::Value::Object(metadata.clone()),
            content.position(),
            content.words(),
            active,
            ctx.now()
        ],
    )
    .on_unique(|| taken(code))
}

/// Takes the item's row away; the database refuses while another row names it.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Item>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM catalog_item WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
}
