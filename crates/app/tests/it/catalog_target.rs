//! Categories and catalog items for paths that want one.

use catalog::{CategoryContent, ItemKind, Names, NewItem, create_category, create_item};
use context::Ctx;
use db::Tx;
use kernel::Result;

use crate::targets::Target;

/// An item that nothing names.
pub(crate) fn item(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, unique: &str) -> Result<Target> {
    let new = NewItem::new(ItemKind::Region, format!("T-{unique}"), &Names::uz(called));
    Ok(Target::new(None, create_item(ctx, tx, new)?.id))
}

/// A category without products.
pub(crate) fn category(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, unique: &str) -> Result<Target> {
    let name = Names::uz(format!("{called} {unique}"));
    let made = create_category(ctx, tx, CategoryContent { name, parent: None, position: 0 })?;
    Ok(Target::new(Some(made.number), made.id))
}
