//! What money that people move posts to which account. Pure.
//!
//! ```text
//! other income        register  D  |  9390 other income  C
//! opening balance     register  D  |  8720 opening       C
//! expense             94xx      D  |  register           C
//! transfer            to        D  |  from               C
//! ```
//! A register's account is its role's: 5010 for tills, 5110 for bank accounts. A line names its register in its note,
//! because several registers share an account; a transfer between two of one kind stands on both sides of that account.

use kernel::Text;
use ledger::{Memo, NewEntry, NewLine, Role, Side};

use crate::{Flow, Register, Transaction};

/// The entry of money that a person moved; `role` is the other side.
pub(crate) fn by_hand(transaction: &Transaction, register: &Register, role: Role) -> NewEntry {
    let Transaction { amount, on, source, contact, .. } = transaction;
    let (side, other) = match transaction.flow {
        Flow::In => (Side::Debit, Side::Credit),
        Flow::Out => (Side::Credit, Side::Debit),
    };
    let other = NewLine::new(role, other, *amount);
    let other = match contact {
        Some(contact) => other.contact(*contact),
        None => other,
    };
    let key = match transaction.flow {
        Flow::In => "cash-memo-in",
        Flow::Out => "cash-memo-out",
    };
    let memo = memo(Text::new(key), transaction);
    let entry = NewEntry::new(*on, source.clone(), "cash", memo);
    match transaction.flow {
        Flow::In => entry.with(at(register, side, transaction)).with(other),
        Flow::Out => entry.with(other).with(at(register, side, transaction)),
    }
}

/// The entry of a transfer, of which `out` is one side.
pub(crate) fn transfer(out: &Transaction, from: &Register, to: &Register) -> NewEntry {
    let text = Text::new("cash-memo-transfer").with("from", from.name.clone()).with("to", to.name.clone());
    NewEntry::new(out.on, out.source.clone(), "cash", memo(text, out))
        .with(at(to, Side::Debit, out))
        .with(at(from, Side::Credit, out))
}

/// What the entry is about that takes another back.
pub(crate) fn reversal_memo(taken_back: &Transaction, reason: &str) -> Memo {
    if reason.is_empty() {
        Memo::from(Text::new("cash-memo-reversal").with("number", taken_back.number.to_string()))
    } else {
        Memo::said(reason)
    }
}

/// A person's own words where there are some.
fn memo(text: Text, transaction: &Transaction) -> Memo {
    if transaction.note.is_empty() {
        Memo::from(text.with("number", transaction.number.to_string()))
    } else {
        Memo::said(transaction.note.as_str())
    }
}

fn at(register: &Register, side: Side, transaction: &Transaction) -> NewLine {
    NewLine { note: register.name.clone(), ..NewLine::new(register.role(), side, transaction.amount) }
}
