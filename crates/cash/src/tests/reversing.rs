//! Taking back what was moved by hand.

use db::{db_test, testing::TestDb};
use kernel::{Id, Money};

use super::{
    accounts, assert_sound, balances, by_hand, ctx, day, moved, payment, read, recorded, register, told,
    write,
};
use crate::{
    Flow, RegisterKind, Transaction, TransactionKind, Transfer, get_transaction, reverse_transaction,
    transfer,
};

fn back(db: &TestDb, id: Id<Transaction>, on: &'static str) -> Result<Vec<Transaction>, String> {
    let run = write(db, &ctx(1), move |ctx, tx| reverse_transaction(ctx, tx, id, day(on), "Xato"));
    run.map_err(|error| told(&error))
}

#[db_test]
fn a_reversal_moves_the_money_back_and_both_know_each_other(db: &TestDb) {
    let ctx = ctx(1);
    let made = moved(db, &ctx, by_hand(TransactionKind::OtherIncome, 100)).unwrap();
    let reversal = back(db, made.id, "2026-09-21").unwrap().remove(0);
    assert_eq!((reversal.flow, reversal.kind), (Flow::Out, TransactionKind::OtherIncome));
    assert_eq!((reversal.reverses, reversal.note.as_str()), (Some(made.id), "Xato"));
    let made = read(db, &ctx, move |ctx, tx| get_transaction(ctx, tx, made.id));
    assert_eq!(made.reversed_by, Some(reversal.id));
    assert_eq!((balances(db, &ctx), accounts(db, &ctx)), ("Asosiy kassa 0".to_owned(), String::new()));
    assert_sound(db, &ctx);
}

#[db_test]
fn a_transfer_goes_back_with_both_its_sides(db: &TestDb) {
    let ctx = ctx(1);
    let till = register(db, &ctx, RegisterKind::Cash, "Kassa");
    let bank = register(db, &ctx, RegisterKind::Bank, "Hisob");
    moved(db, &ctx, by_hand(TransactionKind::Opening, 100)).unwrap();
    let (from, to, amount) = (till.id, bank.id, Money::from_som(60));
    let input = Transfer { from, to, amount, on: day("2026-09-20"), note: String::new() };
    let ([out, into], _) = write(db, &ctx, move |ctx, tx| transfer(ctx, tx, input.clone())).unwrap();
    assert_eq!(back(db, into.id, "2026-09-20").unwrap().len(), 2);
    assert_eq!(back(db, out.id, "2026-09-20").unwrap_err(), "Conflict cash-transaction-is-reversed");
    assert_eq!(balances(db, &ctx), "Kassa 100 | Hisob 0");
    assert_eq!(accounts(db, &ctx), "5010 100 | 8720 -100");
    assert_sound(db, &ctx);
}

#[db_test]
fn nothing_is_taken_back_twice_too_early_or_from_a_document(db: &TestDb) {
    let ctx = ctx(1);
    let made = moved(db, &ctx, by_hand(TransactionKind::OtherIncome, 100)).unwrap();
    assert_eq!(back(db, made.id, "2026-09-19").unwrap_err(), "date: cash-reversal-before-transaction");
    assert_eq!(back(db, made.id, "2026-09-22").unwrap_err(), "date: cash-date-in-future");
    let reversal = back(db, made.id, "2026-09-20").unwrap().remove(0);
    assert_eq!(back(db, made.id, "2026-09-20").unwrap_err(), "Conflict cash-transaction-is-reversed");
    assert_eq!(back(db, reversal.id, "2026-09-20").unwrap_err(), "Conflict cash-transaction-is-reversal");
    let (paid, _) = recorded(db, &ctx, payment(1, Flow::In, 10)).unwrap();
    assert_eq!(back(db, paid.id, "2026-09-20").unwrap_err(), "Conflict cash-transaction-of-document");
    let stranger = write(db, &super::ctx(2), move |ctx, tx| {
        reverse_transaction(ctx, tx, made.id, day("2026-09-20"), "")
    });
    assert_eq!(told(&stranger.unwrap_err()), "NotFound kernel-not-found");
    assert_sound(db, &ctx);
}

#[db_test]
fn money_that_is_spent_already_does_not_go_back(db: &TestDb) {
    let ctx = ctx(1);
    let made = moved(db, &ctx, by_hand(TransactionKind::OtherIncome, 100)).unwrap();
    moved(db, &ctx, by_hand(TransactionKind::OtherExpense, 30)).unwrap();
    assert_eq!(back(db, made.id, "2026-09-20").unwrap_err(), "Conflict cash-register-has-only");
    assert_eq!(balances(db, &ctx), "Asosiy kassa 70");
    assert_sound(db, &ctx);
}

#[db_test]
async fn of_two_who_take_back_at_once_one_does(db: &TestDb) {
    let ctx = ctx(1);
    let made = moved(db, &ctx, by_hand(TransactionKind::OtherIncome, 100)).unwrap();
    moved(db, &ctx, by_hand(TransactionKind::OtherIncome, 100)).unwrap();
    let run = || {
        let own = ctx.clone();
        let on = day("2026-09-20");
        db.write(&ctx, db::Lane::People, move |tx| reverse_transaction(&own, tx, made.id, on, "").map(drop))
    };
    let (one, two) = tokio::join!(run(), run());
    let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).map(|e| told(&e)).collect();
    assert_eq!(refused, ["Conflict cash-transaction-is-reversed"]);
    assert_eq!(balances(db, &ctx), "Asosiy kassa 100");
    assert_sound(db, &ctx);
}
