//! Catalog items for paths that want one.

use catalog::{ItemKind, Names, NewItem, create_item};
use context::Ctx;
use db::Tx;
use kernel::Result;

use crate::targets::Target;

/// An item that nothing names.
pub(crate) fn item(ctx: &Ctx, tx: &mut Tx<'_>, called: &str, unique: &str) -> Result<Target> {
    let new = NewItem::new(ItemKind::Region, format!("T-{unique}"), &Names::uz(called));
    Ok(Target::new(None, create_item(ctx, tx, new)?.id))
}
