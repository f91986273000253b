//! Recording money: what every document that moves money does in its own transaction. Four statements.
// tidy: no permission: documents move money on behalf of whoever acts; their own actions asked for the permission

use context::{Ctx, next_number};
use db::Tx;
use kernel::{Checks, Error, Id, Money, Result, Text};
use ledger::MAX_AMOUNT;
use serde_json::json;

use super::default_register;
use crate::{Flow, MAX_NOTE, NewTransaction, Register, RegisterKind, Transaction, store};

/// The series of transaction numbers.
const SERIES: &str = "cash_transaction";

/// Moves money into a register or out of it, and leaves the row that says so. The register's row is held from here to
/// the commit. More than lies there is a conflict that says what does. The ledger is the caller's: it posts one entry
/// for its whole document, with [`Register::role`].
pub fn record(ctx: &Ctx, tx: &mut Tx, new: NewTransaction) -> Result<(Transaction, Register)> {
    let new = checked(ctx, new)?;
    let place = take_place(ctx, tx)?;
    write(ctx, tx, place, new, None)
}

/// Refuses what can be known to be wrong without asking the database.
pub(super) fn checked(ctx: &Ctx, new: NewTransaction) -> Result<NewTransaction> {
    let mut checks = Checks::new();
    let note = checks.line("note", &new.note, MAX_NOTE);
    checks.hold(new.amount.is_positive(), "amount", Text::new("cash-amount-not-positive"));
    let large = Text::new("cash-amount-too-large").with("max", MAX_AMOUNT);
    checks.hold(new.amount <= MAX_AMOUNT, "amount", large);
    let today = ctx.today();
    checks.hold(new.on <= today, "date", Text::new("cash-date-in-future").with("today", today));
    checks.done()?;
    Ok(NewTransaction { note, ..new })
}

/// The id and the number of a transaction to be written. Whoever takes one is alone with the money of the workspace
/// until the commit, so that two who move it between the same registers never wait for each other crosswise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) id: Id<Transaction>,
    pub(super) number: i64,
}

pub(super) fn take_place(ctx: &Ctx, tx: &mut Tx) -> Result<Place> {
    Ok(Place { id: ctx.new_id(), number: next_number(ctx, tx, SERIES)? })
}

/// Changes the register and writes the row.
pub(super) fn write(
    ctx: &Ctx,
    tx: &mut Tx,
    place: Place,
    new: NewTransaction,
    reverses: Option<Id<Transaction>>,
) -> Result<(Transaction, Register)> {
    let NewTransaction { register, flow, amount, kind, contact, source, on, note } = new;
    let register = moved(ctx, tx, register, flow, amount)?;
    let transaction = Transaction {
        id: place.id,
        number: place.number,
        register: register.id,
        ordinal: register.transactions,
        flow,
        kind,
        amount,
        balance_after: register.balance,
        contact,
        source,
        reverses,
        reversed_by: None,
        on,
        note,
        recorded_by: ctx.actor().name.clone(),
        recorded_at: ctx.now(),
    };
    store::transactions::insert(ctx, tx, &transaction)?;
    let seen = json!({ "number": transaction.number, "register": register.name, "flow": flow.word(),
        "kind": kind.word(), "amount": amount, "balance": register.balance, "date": on.to_string(),
        "source": transaction.source.kind, "source_number": transaction.source.number,
        "is_reversal": reverses.is_some() });
    ctx.audit_new(tx, "cash_transaction.record", "cash_transaction", transaction.id, &seen)?;
    Ok((transaction, register))
}

/// The register with its new balance.
fn moved(ctx: &Ctx, tx: &mut Tx, id: Option<Id<Register>>, flow: Flow, amount: Money) -> Result<Register> {
    let change = flow.signed(amount)?;
    let done = match id {
        Some(id) => store::registers::add(ctx, tx, id, change)?,
        None => store::registers::add_to_default(ctx, tx, RegisterKind::Cash, change)?,
    };
    if let Some(register) = done {
        return Ok(register);
    }
    let stands = match id {
        Some(id) => store::registers::find(ctx, tx, id)?,
        None => Some(default_register(ctx, tx, RegisterKind::Cash)?),
    };
    let register = stands.ok_or_else(|| Error::field("register_id", Text::new("cash-register-unknown")))?;
    // The default register may have been made just now.
    match store::registers::add(ctx, tx, register.id, change)? {
        Some(register) => Ok(register),
        None => Err(why_not(&register, flow)),
    }
}

fn why_not(register: &Register, flow: Flow) -> Error {
    let said = |key| Text::new(key).with("register", register.name.clone());
    match flow {
        _ if !register.active => Error::field("register_id", said("cash-register-is-closed")),
        Flow::Out if !register.may_be_negative => {
            Error::conflict(said("cash-register-has-only").with("balance", register.balance))
        }
        _ => Error::field("amount", said("cash-register-too-full")),
    }
}
