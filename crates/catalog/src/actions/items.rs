//! Create, change, show, hide and delete catalog items.

use context::{Ctx, Permission};
use db::{Constraint, OnConstraint, Tx};
use kernel::{Error, Id, Kind, Result, Text};
use serde::{Deserialize, Serialize};

use super::difference;
use crate::{Item, NewItem, item::ITEMS_AT_MOST, store::items};

/// Writes a new item. Errors: what is wrong with its fields; another item has the code.
pub fn create_item(ctx: &Ctx, tx: &mut Tx, new: NewItem) -> Result<Item> {
    ctx.require(Permission::SettingsEdit)?;
    insert(ctx, tx, new.checked()?)
}

fn insert(ctx: &Ctx, tx: &mut Tx, new: NewItem) -> Result<Item> {
    must_be_free(ctx, tx, &new.code, None)?;
    if items::count(ctx, tx)? >= ITEMS_AT_MOST {
        return Err(Error::conflict(Text::new("catalog-items-too-many").with("max", ITEMS_AT_MOST)));
    }
    let NewItem { kind, code, metadata, active } = new;
    let now = ctx.now();
    let item = Item { id: ctx.new_id(), kind, code, metadata, active, created_at: now, updated_at: now };
    items::insert(ctx, tx, &item)?;
    ctx.audit_new(tx, "catalog_item.create", "catalog_item", item.id, &item)?;
    Ok(item)
}

/// Replaces what is written in an item, as [`change_item`] does.
pub fn update_item(ctx: &Ctx, tx: &mut Tx, id: Id<Item>, content: NewItem) -> Result<Item> {
    ctx.require(Permission::SettingsEdit)?;
    change_item(ctx, tx, id, |_| Ok(content))
}

/// Lets an item be chosen, or not any more; what chose it before keeps it.
pub fn set_item_active(ctx: &Ctx, tx: &mut Tx, id: Id<Item>, active: bool) -> Result<Item> {
    ctx.require(Permission::SettingsEdit)?;
    change_item(ctx, tx, id, |stands| Ok(NewItem { active, ..stands.content() }))
}

/// Writes into an item what `change` makes of it; nobody else changes it meanwhile. Nothing happens when nothing differs.
/// Errors: what is wrong with its fields; another item has the code; the kind changes while something names the item.
pub fn change_item(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Item>,
    change: impl FnOnce(&Item) -> Result<NewItem>,
) -> Result<Item> {
    ctx.require(Permission::SettingsEdit)?;
    let before = items::get_for_update(ctx, tx, id)?;
    let content = change(&before)?.checked()?;
    write(ctx, tx, &before, content)
}

/// Writes checked content into an item that differs from it.
fn write(ctx: &Ctx, tx: &mut Tx, before: &Item, content: NewItem) -> Result<Item> {
    let old = before.content();
    if old == content {
        return Ok(before.clone());
    }
    must_be_free(ctx, tx, &content.code, Some(before.id))?;
    if old.kind != content.kind && is_in_use(ctx, tx, before.id)? {
        return Err(Error::field("type", Text::new("catalog-item-kind-in-use")));
    }
    items::update(ctx, tx, before.id, &content)?;
    let json = |content: &NewItem| serde_json::to_value(content).map_err(Error::internal);
    let (was, is) = difference(&json(&old)?, &json(&content)?);
    ctx.audit(tx, "catalog_item.change", "catalog_item", before.id, Some(&was), Some(&is))?;
    items::get(ctx, tx, before.id)
}

/// Deletes an item that nothing names. Errors: an application, a survey or something else names it; then it can be
/// deactivated.
pub fn delete_item(ctx: &Ctx, tx: &mut Tx, id: Id<Item>) -> Result<()> {
    ctx.require(Permission::SettingsEdit)?;
    let before = items::get_for_update(ctx, tx, id)?;
    delete(ctx, tx, id)?;
    ctx.audit(tx, "catalog_item.delete", "catalog_item", id, Some(&before), None::<&()>)
}

/// The foreign keys of the others know better than any question asked here.
fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Item>) -> Result<()> {
    let in_use = || Error::conflict(Text::new("catalog-item-in-use"));
    tx.savepoint(|tx| items::delete(ctx, tx, id).on(Constraint::ForeignKey, in_use))
}

/// Whether something names the item: its row is taken away and put back.
fn is_in_use(ctx: &Ctx, tx: &mut Tx, id: Id<Item>) -> Result<bool> {
    let mut is_free = false;
    let put_back = tx.savepoint(|tx| {
        delete(ctx, tx, id)?;
        is_free = true;
        Err::<(), _>(Error::conflict(Text::new("catalog-item-in-use")))
    });
    match put_back {
        Err(error) if error.kind() == Kind::Conflict => Ok(!is_free),
        other => other.map(|()| false),
    }
}

fn must_be_free(ctx: &Ctx, tx: &mut Tx, code: &str, own: Option<Id<Item>>) -> Result<()> {
    match items::find_by_code(ctx, tx, code)? {
        Some(found) if Some(found.id) != own => {
            Err(Error::field("code", Text::new("catalog-item-code-taken").with("code", found.code)))
        }
        _ => Ok(()),
    }
}

/// What became of items that were to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ensured {
    /// So many were not there.
    pub made: usize,
    /// So many were others.
    pub changed: usize,
    /// So many were as they should be.
    pub unchanged: usize,
}

/// Sees to it that items are there, each found by its code and made where it is missing. What is said of one that is
/// there is written over: its kind, its code as it is spelt here, whether it can be chosen, and the keys of `metadata`
/// that are given; its other keys stay. All or none. Errors: as [`create_item`] and [`update_item`], under the item's
/// code.
pub fn ensure_items(ctx: &Ctx, tx: &mut Tx, wanted: &[NewItem]) -> Result<Ensured> {
    ctx.require(Permission::SettingsEdit)?;
    let mut ensured = Ensured::default();
    for new in wanted {
        let place = |error: Error| error.under(&new.code);
        let count = match items::find_by_code(ctx, tx, &new.code)? {
            None => {
                insert(ctx, tx, new.clone().checked().map_err(place)?).map_err(place)?;
                &mut ensured.made
            }
            Some(found) => {
                let before = items::get_for_update(ctx, tx, found.id)?;
                let NewItem { kind, code, metadata, active } = new.clone();
                let mut whole = before.metadata.clone();
                whole.extend(metadata);
                let content = NewItem { kind, code, metadata: whole, active }.checked().map_err(place)?;
                let is_same = before.content() == content;
                write(ctx, tx, &before, content).map_err(place)?;
                if is_same { &mut ensured.unchanged } else { &mut ensured.changed }
            }
        };
        *count += 1;
    }
    Ok(ensured)
}
