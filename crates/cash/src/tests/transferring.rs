//! Transfers.

use db::{db_test, testing::TestDb};
use kernel::{Id, Money};

use super::{accounts, assert_sound, balances, by_hand, ctx, day, moved, read, register, told, write};
use crate::{Register, RegisterKind, TRANSFER, TransactionKind, Transfer, transactions_of, transfer};

fn between(from: &Register, to: &Register, som: i64) -> Transfer {
    let (from, to, on) = (from.id, to.id, day("2026-09-20"));
    Transfer { from, to, amount: Money::from_som(som), on, note: String::new() }
}

fn sent(db: &TestDb, input: Transfer) -> Result<i64, String> {
    let run = write(db, &ctx(1), move |ctx, tx| transfer(ctx, tx, input.clone()));
    run.map(|(_, posted)| posted.number).map_err(|error| told(&error))
}

#[db_test]
fn a_transfer_is_two_transactions_and_one_entry(db: &TestDb) {
    let ctx = ctx(1);
    let till = register(db, &ctx, RegisterKind::Cash, "Kassa");
    let bank = register(db, &ctx, RegisterKind::Bank, "Hisob");
    moved(db, &ctx, by_hand(TransactionKind::Opening, 100)).unwrap();
    let input = between(&till, &bank, 60);
    let ([out, into], _) = write(db, &ctx, move |ctx, tx| transfer(ctx, tx, input.clone())).unwrap();
    assert_eq!((out.balance_after, into.balance_after), (Money::from_som(40), Money::from_som(60)));
    assert_eq!((out.source.clone(), out.source.number), (into.source, Some(out.number)));
    let sides = read(db, &ctx, move |ctx, tx| transactions_of(ctx, tx, TRANSFER, out.id.uuid()));
    assert_eq!(sides.len(), 2);
    assert_eq!(balances(db, &ctx), "Kassa 40 | Hisob 60");
    assert_eq!(accounts(db, &ctx), "5010 40 | 5110 60 | 8720 -100");
    assert_sound(db, &ctx);
}

#[db_test]
fn between_two_tills_the_account_stays_and_the_entry_names_both(db: &TestDb) {
    let ctx = ctx(1);
    let till = register(db, &ctx, RegisterKind::Cash, "Kassa");
    let other = register(db, &ctx, RegisterKind::Cash, "Ombor");
    moved(db, &ctx, by_hand(TransactionKind::Opening, 100)).unwrap();
    let input = between(&till, &other, 60);
    let (_, posted) = write(db, &ctx, move |ctx, tx| transfer(ctx, tx, input.clone())).unwrap();
    let lines = read(db, &ctx, move |ctx, tx| ledger::entry_lines(ctx, tx, posted.id));
    let said: Vec<_> = lines.iter().map(|line| format!("{} {}", line.note, line.amount)).collect();
    assert_eq!(said, ["Ombor 60", "Kassa -60"]);
    assert_eq!(accounts(db, &ctx), "5010 100 | 8720 -100");
    assert_sound(db, &ctx);
}

#[db_test]
fn transfers_that_cannot_be_are_refused_and_leave_nothing(db: &TestDb) {
    let ctx = ctx(1);
    let till = register(db, &ctx, RegisterKind::Cash, "Kassa");
    let bank = register(db, &ctx, RegisterKind::Bank, "Hisob");
    moved(db, &ctx, by_hand(TransactionKind::Opening, 100)).unwrap();
    assert_eq!(sent(db, between(&till, &till, 10)).unwrap_err(), "to_register_id: cash-transfer-to-itself");
    assert_eq!(sent(db, between(&till, &bank, 101)).unwrap_err(), "Conflict cash-register-has-only");
    assert_eq!(sent(db, between(&till, &bank, 0)).unwrap_err(), "amount: cash-amount-not-positive");
    let nowhere = Transfer { to: Id::from_uuid(uuid::Uuid::from_u128(7)), ..between(&till, &bank, 10) };
    assert_eq!(sent(db, nowhere).unwrap_err(), "to_register_id: cash-register-unknown");
    let late = Transfer { on: day("2026-09-22"), ..between(&till, &bank, 10) };
    assert_eq!(sent(db, late).unwrap_err(), "date: cash-date-in-future");
    assert_eq!(balances(db, &ctx), "Kassa 100 | Hisob 0");
    assert_sound(db, &ctx);
}

#[db_test]
async fn crosswise_transfers_at_once_wait_for_each_other_and_both_happen(db: &TestDb) {
    let ctx = ctx(1);
    let till = register(db, &ctx, RegisterKind::Cash, "Kassa");
    let bank = register(db, &ctx, RegisterKind::Bank, "Hisob");
    moved(db, &ctx, by_hand(TransactionKind::Opening, 100)).unwrap();
    sent(db, between(&till, &bank, 50)).unwrap();
    let send = |input: Transfer| {
        let own = ctx.clone();
        db.write(&ctx, db::Lane::People, move |tx| transfer(&own, tx, input.clone()).map(drop))
    };
    let (one, two) = tokio::join!(send(between(&till, &bank, 10)), send(between(&bank, &till, 30)));
    one.unwrap();
    two.unwrap();
    assert_eq!(balances(db, &ctx), "Kassa 70 | Hisob 30");
    assert_sound(db, &ctx);
}
