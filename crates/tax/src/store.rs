//! The SQL of tax's tables.

use context::Ctx;
use db::{OnConstraint, ReadTx, Tx, params};
use kernel::{Error, Id, Result, Text};

use crate::VatRate;

pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<VatRate>> {
    tx.query(
        "SELECT id, starts_on, rate_basis_points, created_at_ms FROM tax_vat_rate
         WHERE workspace_id = $1 ORDER BY starts_on",
        params![ctx.workspace()],
        |row| {
            Ok(VatRate {
                id: row.get(0)?,
                starts_on: row.get(1)?,
                rate: row.get(2)?,
                created_at: row.get(3)?,
            })
        },
    )
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, rate: &VatRate) -> Result<()> {
    let VatRate { id, starts_on, rate, created_at } = rate;
    tx.execute_one(
        "INSERT INTO tax_vat_rate (workspace_id, id, starts_on, rate_basis_points, created_at_ms)
         VALUES ($1, $2, $3, $4, $5)",
        params![ctx.workspace(), id, starts_on, rate, created_at],
    )
    .on_unique(|| Error::field("starts_on", Text::new("tax-rate-day-taken")))
}

pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<VatRate>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM tax_vat_rate WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
}
