//! Money from one register to another: two transactions, one entry.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Date, Error, Id, Money, Result, Text};
use ledger::{Posted, Source};

use super::recording::{checked, take_place, write};
use crate::{Flow, NewTransaction, Register, TRANSFER, Transaction, TransactionKind, events, to_ledger};

/// What is moved from where to where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Out of this register.
    pub from: Id<Register>,
    /// Into this one.
    pub to: Id<Register>,
    /// How much, above zero.
    pub amount: Money,
    /// The business date; not in the future.
    pub on: Date,
    /// What people say of it.
    pub note: String,
}

/// Moves money between two registers. Answers what went out, what came in, and the entry.
pub fn transfer(ctx: &Ctx, tx: &mut Tx, input: Transfer) -> Result<([Transaction; 2], Posted)> {
    ctx.require(Permission::FinanceCreate)?;
    let Transfer { from, to, amount, on, note } = input;
    let mut checks = Checks::new();
    checks.hold(from != to, "to_register_id", Text::new("cash-transfer-to-itself"));
    checks.done()?;
    let source = Source { kind: TRANSFER.to_owned(), id: uuid::Uuid::nil(), number: None };
    let kind = TransactionKind::Transfer;
    let out = NewTransaction {
        register: Some(from),
        flow: Flow::Out,
        amount,
        kind,
        contact: None,
        source,
        on,
        note,
    };
    let out = checked(ctx, out)?;
    let (first, second) = (take_place(ctx, tx)?, take_place(ctx, tx)?);
    // The document is the transfer itself; people know it by the number of what went out.
    let source = Source::new(TRANSFER, first.id, Some(first.number));
    let out = NewTransaction { source, ..out };
    let into = NewTransaction { register: Some(to), flow: Flow::In, ..out.clone() };
    let at = |field| move |error: Error| beside(&error, field).unwrap_or(error);
    let (out, here) = write(ctx, tx, first, out, None).map_err(at("from_register_id"))?;
    let (into, there) = write(ctx, tx, second, into, None).map_err(at("to_register_id"))?;
    events::recorded(ctx, tx, &[&out, &into])?;
    let posted = ledger::post(ctx, tx, to_ledger::transfer(&out, &here, &there))?;
    Ok(([out, into], posted))
}

/// What is wrong with one of the two registers stands beside its own field.
fn beside(error: &Error, field: &'static str) -> Option<Error> {
    match error.field_errors() {
        [one] if one.field == "register_id" => Some(Error::field(field, one.text.clone())),
        _ => None,
    }
}
