//! The settings of sales.

use context::{Ctx, Permission, get_setting, set_setting};
use db::{ReadTx, Tx};
use kernel::Result;

use crate::PRICES_INCLUDE_VAT;

/// Whether prices have VAT in them; they have, until somebody says otherwise.
// tidy: no permission: whoever writes an order counts by it
pub fn prices_include_vat(ctx: &Ctx, tx: &mut ReadTx) -> Result<bool> {
    let set: Option<bool> = get_setting(ctx, tx, PRICES_INCLUDE_VAT)?;
    Ok(set.unwrap_or(true))
}

/// Says whether prices have VAT in them. Orders that stand keep what they were written with.
pub fn set_prices_include_vat(ctx: &Ctx, tx: &mut Tx, include: bool) -> Result<()> {
    ctx.require(Permission::SettingsEdit)?;
    set_setting(ctx, tx, PRICES_INCLUDE_VAT, &include)
}
