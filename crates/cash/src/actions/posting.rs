//! Money that people move by hand: other income, an opening balance, expenses. It posts itself.

use contacts::Contact;
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Date, Error, Id, Money, Result, Text};
use ledger::{Posted, Source};

use super::recording::{checked, take_place, write};
use crate::{MANUAL, NewTransaction, Register, Transaction, TransactionKind, events, to_ledger};

/// What a person records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveMoney {
    /// Which register; the default till where nobody says.
    pub register: Option<Id<Register>>,
    /// Why: one of the kinds that are recorded by hand ([`TransactionKind::by_hand`]).
    pub kind: TransactionKind,
    /// How much, above zero.
    pub amount: Money,
    /// From whom, or to whom.
    pub contact: Option<Id<Contact>>,
    /// The business date; not in the future.
    pub on: Date,
    /// What people say of it.
    pub note: String,
}

/// Records money that came or went, and posts it.
pub fn post_transaction(ctx: &Ctx, tx: &mut Tx, input: MoveMoney) -> Result<(Transaction, Posted)> {
    ctx.require(Permission::FinanceCreate)?;
    let MoveMoney { register, kind, amount, contact, on, note } = input;
    let Some((flow, role)) = kind.by_hand() else {
        return Err(Error::field("kind", Text::new("cash-kind-of-document")));
    };
    let source = Source { kind: MANUAL.to_owned(), id: uuid::Uuid::nil(), number: None };
    let new = checked(ctx, NewTransaction { register, flow, amount, kind, contact, source, on, note })?;
    if let Some(contact) = contact {
        let known = !contacts::get_many(ctx, tx, &[contact])?.is_empty();
        let mut checks = Checks::new();
        checks.hold(known, "contact_id", Text::new("cash-contact-unknown"));
        checks.done()?;
    }
    let place = take_place(ctx, tx)?;
    let source = Source::new(MANUAL, place.id, Some(place.number));
    let (transaction, register) = write(ctx, tx, place, NewTransaction { source, ..new }, None)?;
    events::recorded(ctx, tx, &[&transaction])?;
    let posted = ledger::post(ctx, tx, to_ledger::by_hand(&transaction, &register, role))?;
    Ok((transaction, posted))
}
