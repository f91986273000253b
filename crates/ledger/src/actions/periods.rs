//! Closing months, and opening them again.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text, Workspace};
use serde_json::json;

use super::accounts::begin_if_new;
use crate::{Closing, Month, Period, store};

/// Closes a month that is over: nothing is posted into it any more. All months before it must be closed, from the
/// first one with entries on. Somebody who is posting into it is waited for.
pub fn close_period(ctx: &Ctx, tx: &mut Tx, month: Month) -> Result<Period> {
    ctx.require(Permission::FinanceEdit)?;
    begin_if_new(ctx, tx)?;
    let closed = store::books::lock(ctx, tx)?;
    if month.last_day()? >= ctx.today() {
        let text = Text::new("ledger-period-not-over").with("month", month.to_string());
        return Err(Error::field("month", text));
    }
    let next = match closed {
        Some(closed) if month <= closed => {
            let text = Text::new("ledger-period-is-closed-already").with("month", month.to_string());
            return Err(Error::conflict(text));
        }
        Some(closed) => closed.next(),
        None => store::books::months(ctx, tx)?.map_or(month, |(first, _)| first.min(month)),
    };
    if next != month {
        let text = Text::new("ledger-period-before-open").with("month", next.to_string());
        return Err(Error::conflict(text));
    }
    let closing = Closing { by: ctx.actor().name.clone(), at: ctx.now() };
    store::books::insert_closing(ctx, tx, month, &closing)?;
    store::books::set_closed_through(ctx, tx, Some(month))?;
    audit(ctx, tx, "ledger_period.close", month)?;
    Ok(Period { month, closed: Some(closing) })
}

/// Opens the last closed month again.
pub fn reopen_period(ctx: &Ctx, tx: &mut Tx, month: Month) -> Result<Period> {
    ctx.require(Permission::FinanceDelete)?;
    begin_if_new(ctx, tx)?;
    match store::books::lock(ctx, tx)? {
        Some(closed) if closed == month => {}
        Some(closed) if month < closed => {
            let text = Text::new("ledger-period-after-closed").with("month", closed.to_string());
            return Err(Error::conflict(text));
        }
        _ => {
            let text = Text::new("ledger-period-is-open").with("month", month.to_string());
            return Err(Error::conflict(text));
        }
    }
    store::books::delete_closing(ctx, tx, month)?;
    let before = store::books::closings(ctx, tx)?.last().map(|(month, _)| *month);
    store::books::set_closed_through(ctx, tx, before)?;
    audit(ctx, tx, "ledger_period.reopen", month)?;
    Ok(Period { month, closed: None })
}

fn audit(ctx: &Ctx, tx: &mut Tx, action: &'static str, month: Month) -> Result<()> {
    let workspace: Id<Workspace> = ctx.workspace();
    let what = json!({ "month": month.to_string() });
    ctx.audit(tx, action, "ledger_period", workspace, None::<&()>, Some(&what))
}
