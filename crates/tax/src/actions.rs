//! Reading the rates and setting one's own.

use catalog::Vat;
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Checks, Date, Error, Id, Rate, Result, Text};
use serde_json::json;

use crate::{VatRate, VatRates, store};

/// Rates of one's own in a workspace; the law changes every few years.
const RATES_AT_MOST: usize = 200;

// tidy: no permission: the law is for everybody
/// All the rates of the workspace, in one statement; documents with many lines ask once.
pub fn vat_rates(ctx: &Ctx, tx: &mut ReadTx) -> Result<VatRates> {
    VatRates::new(store::list(ctx, tx)?)
}

// tidy: no permission: the law is for everybody
/// The rate for goods of this kind on this day.
pub fn vat_rate(ctx: &Ctx, tx: &mut ReadTx, vat: Vat, day: Date) -> Result<Rate> {
    Ok(vat_rates(ctx, tx)?.on(vat, day))
}

/// Sets the standard rate from a day on. Documents that stand keep the rate they were made with.
pub fn add_vat_rate(ctx: &Ctx, tx: &mut Tx, starts_on: Date, rate: Rate) -> Result<VatRate> {
    ctx.require(Permission::SettingsEdit)?;
    let mut checks = Checks::new();
    let whole = Rate::from_percent(100);
    checks.hold(rate >= Rate::default() && rate <= whole, "rate", Text::new("tax-rate-out-of-range"));
    checks.done()?;
    if store::list(ctx, tx)?.len() >= RATES_AT_MOST {
        return Err(Error::conflict(Text::new("tax-rates-too-many").with("max", RATES_AT_MOST)));
    }
    let rate = VatRate { id: ctx.new_id(), starts_on, rate, created_at: ctx.now() };
    store::insert(ctx, tx, &rate)?;
    ctx.audit_new(tx, "vat_rate.add", "vat_rate", rate.id, &audited(&rate))?;
    Ok(rate)
}

/// Takes a rate of one's own away again: one that was never used, or was wrong.
pub fn delete_vat_rate(ctx: &Ctx, tx: &mut Tx, id: Id<VatRate>) -> Result<()> {
    ctx.require(Permission::SettingsEdit)?;
    let rate = store::list(ctx, tx)?.into_iter().find(|rate| rate.id == id).ok_or_else(Error::not_found)?;
    store::delete(ctx, tx, id)?;
    ctx.audit(tx, "vat_rate.delete", "vat_rate", id, Some(&audited(&rate)), None::<&()>)
}

fn audited(rate: &VatRate) -> serde_json::Value {
    let VatRate { id: _, starts_on, rate, created_at: _ } = rate;
    json!({ "starts_on": starts_on, "rate": rate })
}
