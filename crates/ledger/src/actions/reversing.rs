//! Taking an entry back: the same lines on the other side. Both stay visible.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Date, Error, Id, Result, Text};

use super::posting::{Draft, post_drafts};
use crate::{Entry, MAX_MEMO, Memo, NewEntry, NewLine, Posted, Side, events, store};

/// Takes an entry back on `date`. What is taken back already, and what takes another back, is refused: whoever was
/// wrong twice posts anew.
// tidy: no permission: documents take their entries back on behalf of whoever acts
pub fn reverse(ctx: &Ctx, tx: &mut Tx, id: Id<Entry>, date: Date, reason: impl Into<Memo>) -> Result<Posted> {
    let stands = store::entries::get(ctx, tx, id)?;
    if stands.reverses.is_some() {
        let text = Text::new("ledger-entry-is-reversal").with("number", stands.number.to_string());
        return Err(Error::conflict(text));
    }
    if stands.reversed_by.is_some() {
        return Err(Error::conflict(Text::new("ledger-entry-is-reversed")));
    }
    if date < stands.date {
        let text = Text::new("ledger-reversal-before-entry").with("date", stands.date);
        return Err(Error::field("date", text));
    }
    let mirrored = |line: crate::Line| NewLine {
        account: line.account.into(),
        side: if line.amount.is_negative() { Side::Debit } else { Side::Credit },
        amount: if line.amount.is_negative() { line.credit() } else { line.debit() },
        contact: line.contact,
        product: line.product,
        warehouse: line.warehouse,
        note: line.note,
    };
    let lines = store::lines::of_entry(ctx, tx, id)?.into_iter().map(mirrored).collect();
    let purpose = format!("{}:reversal", stands.purpose);
    let new = NewEntry { date, memo: reason.into(), source: stands.source, purpose, lines };
    let posted = post_drafts(ctx, tx, vec![Draft { new, reverses: Some(id), id: ctx.new_id() }])?;
    posted.into_iter().next().ok_or_else(|| Error::internal("nothing was posted"))
}

/// A person takes back an entry that a person wrote. What a document posted is taken back by undoing the document, so
/// that stock and debts go with it.
pub fn reverse_entry(ctx: &Ctx, tx: &mut Tx, id: Id<Entry>, date: Date, reason: &str) -> Result<Posted> {
    ctx.require(Permission::FinanceEdit)?;
    let stands = store::entries::get(ctx, tx, id)?;
    if !stands.is_manual() {
        return Err(Error::conflict(Text::new("ledger-entry-of-document")));
    }
    let mut checks = Checks::new();
    let reason = checks.line("reason", reason, MAX_MEMO);
    checks.done()?;
    let memo = if reason.is_empty() {
        Memo::from(Text::new("ledger-memo-reversal").with("number", stands.number.to_string()))
    } else {
        Memo::said(reason)
    };
    let posted = reverse(ctx, tx, id, date, memo)?;
    ctx.audit(tx, "ledger_entry.reverse", "ledger_entry", id, None::<&()>, Some(&posted))?;
    events::reversed(ctx, tx, &posted, date, stands.number)?;
    Ok(posted)
}
