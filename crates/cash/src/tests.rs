//! Cash on both databases.

mod api;
mod pages;
mod posting;
mod recording;
mod registers;
mod reversing;
mod story;
mod transferring;

use std::sync::atomic::{AtomicU64, Ordering};

use context::{Actor, Ctx, CtxBuilder, Random};
use db::{ReadTx, Tx, testing::TestDb};
use kernel::{Date, Error, Id, Money, Result, Timestamp};
use ledger::Source;

use crate::{
    Flow, MoveMoney, NewRegister, NewTransaction, Register, RegisterKind, Transaction, TransactionKind,
    check, create_register, post_transaction, record, registers as all,
};

/// A member of a workspace who may do everything, on 21 September 2026.
pub(crate) fn ctx(workspace: u128) -> Ctx {
    let id = Id::from_uuid(uuid::Uuid::from_u128(workspace));
    let now = Timestamp::from_millis(1_790_000_000_000);
    // No two of one test give the same ids.
    static SEED: AtomicU64 = AtomicU64::new(1);
    let random = Random::from_seed(SEED.fetch_add(1, Ordering::Relaxed));
    CtxBuilder::server(id, Actor::guest(), now, random).build()
}

pub(crate) fn write<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    run: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| run(&own, tx))
}

pub(crate) fn read<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    run: impl Fn(&Ctx, &mut ReadTx<'_>) -> Result<T> + Send + 'static,
) -> T {
    let own = ctx.clone();
    db.read_now(ctx, move |tx| run(&own, tx)).unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub(crate) fn register(db: &TestDb, ctx: &Ctx, kind: RegisterKind, name: &str) -> Register {
    let new = NewRegister { name: name.to_owned(), kind, ..NewRegister::default() };
    write(db, ctx, move |ctx, tx| create_register(ctx, tx, new.clone())).unwrap()
}

/// A customer's payment, as a document records it.
pub(crate) fn payment(document: u128, flow: Flow, som: i64) -> NewTransaction {
    let source = Source {
        kind: "sales_payment".to_owned(),
        id: uuid::Uuid::from_u128(document),
        number: i64::try_from(document).ok(),
    };
    NewTransaction {
        register: None,
        flow,
        amount: Money::from_som(som),
        kind: if flow == Flow::In { TransactionKind::SalePayment } else { TransactionKind::Refund },
        contact: None,
        source,
        on: day("2026-09-20"),
        note: String::new(),
    }
}

pub(crate) fn recorded(db: &TestDb, ctx: &Ctx, new: NewTransaction) -> Result<(Transaction, Register)> {
    write(db, ctx, move |ctx, tx| record(ctx, tx, new.clone()))
}

pub(crate) fn by_hand(kind: TransactionKind, som: i64) -> MoveMoney {
    let note = String::new();
    MoveMoney {
        register: None,
        kind,
        amount: Money::from_som(som),
        contact: None,
        on: day("2026-09-20"),
        note,
    }
}

pub(crate) fn moved(db: &TestDb, ctx: &Ctx, input: MoveMoney) -> Result<Transaction> {
    write(db, ctx, move |ctx, tx| post_transaction(ctx, tx, input.clone()).map(|(made, _)| made))
}

/// What lies where: `Asosiy kassa 168000 | Hisob raqam 0`, in so'm.
pub(crate) fn balances(db: &TestDb, ctx: &Ctx) -> String {
    let found = read(db, ctx, all);
    let said: Vec<_> =
        found.iter().map(|register| format!("{} {}", register.name, register.balance)).collect();
    said.join(" | ")
}

/// What stands on the accounts: `5010 100 | 9390 -100`, in so'm, credit below zero.
pub(crate) fn accounts(db: &TestDb, ctx: &Ctx) -> String {
    let found = read(db, ctx, |ctx, tx| ledger::trial_balance(ctx, tx, day("2026-01-01"), day("2026-12-31")));
    assert!(found.is_balanced(), "{found:?}");
    let row = |row: &ledger::TrialRow| {
        let net = row.closing.debit.minus(row.closing.credit).unwrap();
        (!net.is_zero()).then(|| format!("{} {net}", row.account.code))
    };
    found.rows.iter().filter_map(row).collect::<Vec<_>>().join(" | ")
}

#[track_caller]
pub(crate) fn assert_sound(db: &TestDb, ctx: &Ctx) {
    assert_eq!(read(db, ctx, check), Vec::<String>::new());
    assert_eq!(read(db, ctx, ledger::check), Vec::<String>::new());
}

/// `field: key` of every marked field, or the kind and key of the whole.
pub(crate) fn told(error: &Error) -> String {
    if error.field_errors().is_empty() {
        if error.kind() == kernel::Kind::Internal {
            return error.to_string();
        }
        return format!("{:?} {}", error.kind(), error.text().key());
    }
    let marked = error.field_errors().iter().map(|e| format!("{}: {}", e.field, e.text.key()));
    marked.collect::<Vec<_>>().join(", ")
}

#[test]
fn the_messages_are_complete() {
    assert_eq!(text::check(&crate::TEXTS), []);
}
