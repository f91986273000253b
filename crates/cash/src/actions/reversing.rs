//! Taking back what people moved by hand: the same money the other way, and the entry reversed. Both stay visible.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Date, Error, Id, Result, Text};

use super::recording::{Place, checked, take_place, write};
use crate::{MANUAL, MAX_NOTE, NewTransaction, TRANSFER, Transaction, events, store, to_ledger};

/// Takes a transaction back on `on`; of a transfer both sides. What is taken back already, what takes another back, and
/// what a document recorded is refused: a document is undone as a whole, so that debts and stock go with it. Answers
/// the new transactions.
pub fn reverse_transaction(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Transaction>,
    on: Date,
    reason: &str,
) -> Result<Vec<Transaction>> {
    ctx.require(Permission::FinanceEdit)?;
    let asked = store::transactions::get(ctx, tx, id)?;
    may_be_reversed(&asked, on)?;
    let mut checks = Checks::new();
    let reason = checks.line("reason", reason, MAX_NOTE);
    checks.done()?;
    // The numbers are taken first: from here on nobody else moves money, and what is read stays so.
    let first = take_place(ctx, tx)?;
    let mut places = vec![first];
    let sides: Vec<_> = match asked.source.kind.as_str() {
        TRANSFER => store::transactions::of_source(ctx, tx, TRANSFER, asked.source.id)?,
        _ => store::transactions::of_source(ctx, tx, MANUAL, asked.source.id)?,
    };
    if sides.iter().any(|side| side.reverses.is_some()) {
        return Err(Error::conflict(Text::new("cash-transaction-is-reversed")));
    }
    for _ in sides.iter().skip(1) {
        places.push(take_place(ctx, tx)?);
    }
    let reversals = mirrored(ctx, tx, &sides, places, on, &reason)?;
    events::recorded(ctx, tx, &reversals.iter().collect::<Vec<_>>())?;
    let entries = ledger::entries_of(ctx, tx, &asked.source.kind, asked.source.id)?;
    let entry = entries.iter().find(|entry| entry.reverses.is_none());
    let entry = entry.ok_or_else(|| Error::internal("a transaction by hand without its entry"))?;
    ledger::reverse(ctx, tx, entry.id, on, to_ledger::reversal_memo(&asked, &reason))?;
    Ok(reversals)
}

fn may_be_reversed(asked: &Transaction, on: Date) -> Result<()> {
    if !asked.is_manual() {
        return Err(Error::conflict(Text::new("cash-transaction-of-document")));
    }
    if asked.reverses.is_some() {
        return Err(Error::conflict(Text::new("cash-transaction-is-reversal")));
    }
    if asked.reversed_by.is_some() {
        return Err(Error::conflict(Text::new("cash-transaction-is-reversed")));
    }
    if on < asked.on {
        let text = Text::new("cash-reversal-before-transaction").with("date", asked.on);
        return Err(Error::field("date", text));
    }
    Ok(())
}

/// The same money the other way.
fn mirrored(
    ctx: &Ctx,
    tx: &mut Tx,
    sides: &[Transaction],
    places: Vec<Place>,
    on: Date,
    reason: &str,
) -> Result<Vec<Transaction>> {
    let mut reversals = Vec::with_capacity(sides.len());
    for (side, place) in sides.iter().zip(places) {
        let new = NewTransaction {
            register: Some(side.register),
            flow: side.flow.opposite(),
            amount: side.amount,
            kind: side.kind,
            contact: side.contact,
            source: side.source.clone(),
            on,
            note: reason.to_owned(),
        };
        let (reversal, _) = write(ctx, tx, place, checked(ctx, new)?, Some(side.id))?;
        reversals.push(reversal);
    }
    Ok(reversals)
}
