//! What people can do here: read.

use context::{AuditEntry, AuditFilter, Ctx, Permission, list_audit_entries};
use db::ReadTx;
use kernel::{Date, Id, Page, PageRequest, Result};

use crate::store::{self, Choices};

/// The entries that fit, newest first.
pub fn entries(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &AuditFilter,
    page: PageRequest,
) -> Result<Page<AuditEntry>> {
    ctx.require(Permission::AuditRead)?;
    list_audit_entries(ctx, tx, filter, page)
}

/// One entry.
pub fn entry(ctx: &Ctx, tx: &mut ReadTx, id: Id<AuditEntry>) -> Result<AuditEntry> {
    ctx.require(Permission::AuditRead)?;
    store::get(ctx, tx, id)
}

/// What there is to filter by.
pub fn choices(ctx: &Ctx, tx: &mut ReadTx) -> Result<Choices> {
    ctx.require(Permission::AuditRead)?;
    store::choices(ctx, tx)
}

/// The same filter with these days, both included, as the workspace's zone counts them.
#[must_use]
pub fn on_days(ctx: &Ctx, filter: AuditFilter, first: Option<Date>, last: Option<Date>) -> AuditFilter {
    let start = |date: Date| ctx.zone().start_of(date);
    AuditFilter { from: first.map(start), until: last.map(|date| start(date.plus_days(1))), ..filter }
}
