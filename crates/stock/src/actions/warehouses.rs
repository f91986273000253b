//! Warehouses: made, renamed, opened and closed.

use context::{Ctx, Permission, next_number};
use db::Tx;
use kernel::{Checks, Error, Id, Result, Text};
use serde_json::json;

use crate::{NewWarehouse, Warehouse, store};

/// What the warehouse is called that is made when the first goods move and nobody made one: a name that people
/// change, not a message.
const FIRST_NAME: &str = "Asosiy ombor";
/// Characters of a name; a column of a list holds it.
const NAME_CHARS: usize = 100;
/// The series of warehouse numbers.
const SERIES: &str = "warehouse";

// tidy: no permission: part of whatever moves the goods, which has asked
/// The warehouse that is taken where nobody names one; made when there is none.
pub fn default_warehouse(ctx: &Ctx, tx: &mut Tx) -> Result<Warehouse> {
    let find =
        |tx: &mut Tx| Ok::<_, Error>(store::warehouses::all(ctx, tx)?.into_iter().find(|w| w.is_default));
    if let Some(warehouse) = find(tx)? {
        return Ok(warehouse);
    }
    let new = NewWarehouse { name: FIRST_NAME.to_owned(), is_default: true, ..NewWarehouse::default() };
    let warehouse = made(ctx, tx, new)?;
    if store::warehouses::insert_first(ctx, tx, &warehouse)? {
        ctx.audit_new(tx, "warehouse.create", "warehouse", warehouse.id, &audited(&warehouse))?;
    }
    find(tx)?.ok_or_else(|| Error::conflict(Text::new("stock-warehouse-default-missing")))
}

/// The warehouse that an input names, or the default one. It is there and active.
pub(crate) fn named(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Option<Id<Warehouse>>,
    field: &'static str,
) -> Result<Warehouse> {
    let Some(id) = id else { return default_warehouse(ctx, tx) };
    let found = store::warehouses::all(ctx, tx)?.into_iter().find(|warehouse| warehouse.id == id);
    let warehouse = found.ok_or_else(|| Error::field(field, Text::new("stock-warehouse-unknown")))?;
    if !warehouse.active {
        let text = Text::new("stock-warehouse-closed").with("warehouse", warehouse.name);
        return Err(Error::field(field, text));
    }
    Ok(warehouse)
}

/// Makes a warehouse. The first one of a workspace is the default one.
pub fn create_warehouse(ctx: &Ctx, tx: &mut Tx, new: NewWarehouse) -> Result<Warehouse> {
    ctx.require(Permission::InventoryCreate)?;
    let mut new = checked(new)?;
    let others = store::warehouses::all(ctx, tx)?;
    new.is_default |= !others.iter().any(|other| other.is_default);
    if new.is_default {
        store::warehouses::clear_default(ctx, tx)?;
    }
    let warehouse = made(ctx, tx, new)?;
    store::warehouses::insert(ctx, tx, &warehouse)?;
    ctx.audit_new(tx, "warehouse.create", "warehouse", warehouse.id, &audited(&warehouse))?;
    Ok(warehouse)
}

/// Changes a warehouse. One that holds goods stays open; the default one stays open and stays the default one until
/// another becomes it; below zero stays allowed as long as something is.
pub fn update_warehouse(ctx: &Ctx, tx: &mut Tx, id: Id<Warehouse>, new: NewWarehouse) -> Result<Warehouse> {
    ctx.require(Permission::InventoryEdit)?;
    let NewWarehouse { name, may_be_negative, is_default, active } = checked(new)?;
    let before = store::warehouses::lock(ctx, tx, id)?;
    let is_default = is_default || before.is_default;
    if is_default && !active {
        return Err(Error::field("active", Text::new("stock-warehouse-default-stays-open")));
    }
    if before.active && !active && store::warehouses::holds_goods(ctx, tx, id)? {
        let text = Text::new("stock-warehouse-holds-goods").with("warehouse", before.name);
        return Err(Error::conflict(text));
    }
    if is_default && !before.is_default {
        store::warehouses::clear_default(ctx, tx)?;
    }
    if may_be_negative != before.may_be_negative {
        store::warehouses::set_may_be_negative(ctx, tx, id, may_be_negative)?;
    }
    let after = Warehouse { name, may_be_negative, is_default, active, ..before.clone() };
    store::warehouses::update(ctx, tx, &after)?;
    ctx.audit(tx, "warehouse.update", "warehouse", id, Some(&audited(&before)), Some(&audited(&after)))?;
    Ok(after)
}

fn checked(new: NewWarehouse) -> Result<NewWarehouse> {
    let mut checks = Checks::new();
    let name = checks.required_line("name", &new.name, NAME_CHARS);
    checks.hold(new.active || !new.is_default, "active", Text::new("stock-warehouse-default-stays-open"));
    checks.done()?;
    Ok(NewWarehouse { name, ..new })
}

fn made(ctx: &Ctx, tx: &mut Tx, new: NewWarehouse) -> Result<Warehouse> {
    let NewWarehouse { name, may_be_negative, is_default, active } = new;
    Ok(Warehouse {
        id: ctx.new_id(),
        number: next_number(ctx, tx, SERIES)?,
        name,
        is_default,
        may_be_negative,
        active,
        created_at: ctx.now(),
    })
}

fn audited(warehouse: &Warehouse) -> serde_json::Value {
    let Warehouse { id: _, number, name, is_default, may_be_negative, active, created_at: _ } = warehouse;
    json!({ "number": number, "name": name, "is_default": is_default,
            "may_be_negative": may_be_negative, "active": active })
}
