//! The books on both databases.

mod accounts;
mod api;
mod balances;
mod hledger;
mod pages;
mod periods;
mod posting;
mod reports;
mod reversing;

use std::sync::atomic::{AtomicU64, Ordering};

use context::{Actor, Ctx, CtxBuilder, Random};
use db::{ReadTx, Tx, testing::TestDb};
use kernel::{Date, Error, Id, Money, Result, Timestamp};

use crate::{
    Memo, NewEntry, NewLine, Posted, Role, Side, Source, TrialBalance, WriteEntry, check, post,
    trial_balance, write_entry,
};

/// A member of a workspace who may do everything, in September 2026.
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

/// Lines from text: `4010 168000 | 9020 -150000 | 6410 -18000`, in so'm, credit below zero.
pub(crate) fn lines(text: &str) -> Vec<NewLine> {
    let line = |text: &str| {
        let (account, amount) = text.trim().split_once(' ').unwrap();
        let (side, amount) = match amount.trim().strip_prefix('-') {
            Some(amount) => (Side::Credit, amount),
            None => (Side::Debit, amount.trim()),
        };
        let amount = Money::parse(amount).unwrap();
        NewLine::new(account, side, amount)
    };
    text.split('|').map(line).collect()
}

pub(crate) fn entry(on: &str, text: &str) -> WriteEntry {
    WriteEntry { date: day(on), memo: "Yozuv".to_owned(), lines: lines(text) }
}

pub(crate) fn posted(db: &TestDb, ctx: &Ctx, on: &str, text: &str) -> Result<Posted> {
    let input = entry(on, text);
    write(db, ctx, move |ctx, tx| write_entry(ctx, tx, input.clone()))
}

/// The trial balance as text: `4010: 0 +168000 -0 = 168000`, in so'm.
pub(crate) fn trial(db: &TestDb, ctx: &Ctx, from: &str, until: &str) -> String {
    let (from, until) = (day(from), day(until));
    let found: TrialBalance = read(db, ctx, move |ctx, tx| trial_balance(ctx, tx, from, until));
    assert!(found.is_balanced(), "{found:?}");
    let row = |row: &crate::TrialRow| {
        let net = |sides: crate::Sides| sides.debit.minus(sides.credit).unwrap();
        let moved = row.turnover;
        let (opening, closing) = (net(row.opening), net(row.closing));
        format!("{}: {opening} +{} -{} = {closing}", row.account.code, moved.debit, moved.credit)
    };
    found.rows.iter().map(row).collect::<Vec<_>>().join(" | ")
}

#[track_caller]
pub(crate) fn assert_sound(db: &TestDb, ctx: &Ctx) {
    assert_eq!(read(db, ctx, check), Vec::<String>::new());
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

/// A sale of three at 50 000 with 12 % VAT, as a document posts it.
pub(crate) fn invoice(document: u128) -> NewEntry {
    let source = Source {
        kind: "sales_invoice".to_owned(),
        id: uuid::Uuid::from_u128(document),
        number: i64::try_from(document).ok(),
    };
    let som = Money::from_som;
    NewEntry::new(day("2026-09-10"), source, "invoice", Memo::said("Sotuv"))
        .with(NewLine::debit(Role::Customers, som(168_000)))
        .with(NewLine::credit(Role::RevenueGoods, som(150_000)))
        .with(NewLine::credit(Role::VatOutput, som(18_000)))
        .with(NewLine::credit(Role::Discounts, Money::ZERO))
}

pub(crate) fn invoiced(db: &TestDb, ctx: &Ctx, document: u128) -> Result<Posted> {
    write(db, ctx, move |ctx, tx| post(ctx, tx, invoice(document)))
}

#[test]
fn the_messages_are_complete() {
    assert_eq!(text::check(&crate::TEXTS), []);
}
