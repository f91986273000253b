//! What others may read of the catalog's items, and the lists of pages and API.
//!
//! Tables of other crates point at an item by `FOREIGN KEY (workspace_id, item_id) REFERENCES catalog_item
//! (workspace_id, id)`: such an item can be deactivated and not deleted.

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Page, PageRequest, Result};
use uuid::Uuid;

use crate::{Item, ItemKind, store};

/// Which items are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct ItemFilter {
    /// Of this kind.
    pub kind: Option<ItemKind>,
    /// That can be chosen, or that cannot.
    pub active: Option<bool>,
    /// With this code, whatever its case and spaces.
    pub code: Option<String>,
    /// Each of these words, in either script, is in a name, in any language, or in the code.
    pub q: Option<String>,
    /// In which order.
    pub order: ItemOrder,
    /// From the end of that order.
    pub descending: bool,
}

/// The orders a list of items can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ItemOrder {
    /// By kind, then by `position`, older ones first among equal places.
    #[default]
    Place,
    /// By code.
    Code,
    /// By when they were last changed.
    Updated,
}

/// Whether whoever acts may look through the items: applicants and surveyed people choose from the same ones.
pub fn may_read(ctx: &Ctx) -> bool {
    ctx.may(Permission::ApplicationsRead) || ctx.may(Permission::SurveysRead)
}

/// Refuses whoever may read neither applications nor surveys.
pub fn must_read(ctx: &Ctx) -> Result<()> {
    if may_read(ctx) { Ok(()) } else { Err(Error::forbidden()) }
}

/// The part `page` of the items that fit.
pub fn list(ctx: &Ctx, tx: &mut ReadTx, filter: &ItemFilter, page: PageRequest) -> Result<Page<Item>> {
    must_read(ctx)?;
    store::items::list(ctx, tx, filter, page)
}

/// The item with this id, for pages and API. Errors: the workspace has none.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Item>) -> Result<Item> {
    must_read(ctx)?;
    store::items::get(ctx, tx, id)
}

/// The item with this id, active or not, if the workspace has it. Asks no permission: what names it is read by its own.
pub fn find(ctx: &Ctx, tx: &mut ReadTx, id: Id<Item>) -> Result<Option<Item>> {
    store::items::find(ctx, tx, id)
}

/// The items with these ids, active or not, in this order; ids the workspace does not have are left out. Asks no
/// permission.
pub fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Item>]) -> Result<Vec<Item>> {
    store::items::get_many(ctx, tx, ids)
}

/// The item with this code, whatever its case and spaces, active or not. Asks no permission.
pub fn find_by_code(ctx: &Ctx, tx: &mut ReadTx, code: &str) -> Result<Option<Item>> {
    store::items::find_by_code(ctx, tx, code)
}

/// The item that programs name by its id or its code, active or not. Asks no permission.
pub fn find_by_key(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Option<Item>> {
    let key = key.trim();
    // No database takes it, and no item has it.
    if key.contains('\0') {
        return Ok(None);
    }
    if let Ok(id) = Uuid::try_parse(key)
        && let Some(found) = find(ctx, tx, Id::from_uuid(id))?
    {
        return Ok(Some(found));
    }
    find_by_code(ctx, tx, key)
}

/// The items of a kind that can be chosen, by their places, older ones first among equal places: the buttons of a step.
/// Asks no permission.
pub fn active(ctx: &Ctx, tx: &mut ReadTx, kind: ItemKind) -> Result<Vec<Item>> {
    store::items::list_active(ctx, tx, kind)
}
