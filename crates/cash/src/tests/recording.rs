//! What documents record.

use db::{db_test, testing::TestDb};
use kernel::{Arg, Id, Money};

use super::{assert_sound, balances, ctx, day, payment, read, recorded, register, told, write};
use crate::{
    Flow, NewTransaction, RegisterKind, TransactionFilter, TransactionKind, check, list_transactions,
};

#[db_test]
fn the_first_payment_makes_the_till_it_goes_into(db: &TestDb) {
    let ctx = ctx(1);
    let (first, till) = recorded(db, &ctx, payment(1, Flow::In, 168_000)).unwrap();
    assert_eq!((till.name.as_str(), till.is_default, till.kind), ("Asosiy kassa", true, RegisterKind::Cash));
    assert_eq!((first.number, first.ordinal, first.balance_after), (1, 1, Money::from_som(168_000)));
    let (second, _) = recorded(db, &ctx, payment(2, Flow::Out, 68_000)).unwrap();
    assert_eq!((second.number, second.ordinal, second.balance_after), (2, 2, Money::from_som(100_000)));
    assert_eq!(balances(db, &ctx), "Asosiy kassa 100000");
    assert_sound(db, &ctx);
}

#[db_test]
fn recording_takes_four_statements(db: &TestDb) {
    let ctx = ctx(1);
    recorded(db, &ctx, payment(1, Flow::In, 10)).unwrap();
    db.set_recording(true);
    recorded(db, &ctx, payment(2, Flow::In, 10)).unwrap();
    let record: Vec<_> = db.take_record().into_iter().flatten().map(|one| one.sql).collect();
    db.set_recording(false);
    assert_eq!(record.len(), 4, "{record:#?}");
}

#[db_test]
fn a_refund_larger_than_the_till_is_refused_with_what_the_till_has(db: &TestDb) {
    let ctx = ctx(1);
    recorded(db, &ctx, payment(1, Flow::In, 50_000)).unwrap();
    let error = recorded(db, &ctx, payment(2, Flow::Out, 50_001)).unwrap_err();
    assert_eq!(told(&error), "Conflict cash-register-has-only");
    assert!(error.text().args().contains(&("balance", Arg::Money(Money::from_som(50_000)))), "{error:?}");
    assert_eq!(balances(db, &ctx), "Asosiy kassa 50000");
    let (all, _) = recorded(db, &ctx, payment(3, Flow::Out, 50_000)).unwrap();
    assert_eq!((all.number, all.balance_after), (2, Money::ZERO));
    assert_sound(db, &ctx);
}

#[db_test]
fn amounts_days_and_registers_that_cannot_be_are_refused(db: &TestDb) {
    let ctx = ctx(1);
    let bank = register(db, &ctx, RegisterKind::Bank, "Terminal");
    let other = super::ctx(2);
    let refused = |new: NewTransaction| told(&recorded(db, &ctx, new).unwrap_err());
    let sum = |tiyin| NewTransaction { amount: Money::from_tiyin(tiyin), ..payment(1, Flow::In, 1) };
    assert_eq!(refused(sum(0)), "amount: cash-amount-not-positive");
    assert_eq!(refused(sum(-1)), "amount: cash-amount-not-positive");
    assert_eq!(refused(sum(1_000_000_000_000_001)), "amount: cash-amount-too-large");
    let late = NewTransaction { on: day("2026-09-22"), ..payment(1, Flow::In, 1) };
    assert_eq!(refused(late), "date: cash-date-in-future");
    let at = |register| NewTransaction { register: Some(register), ..payment(1, Flow::In, 1) };
    assert_eq!(refused(at(Id::from_uuid(uuid::Uuid::from_u128(9)))), "register_id: cash-register-unknown");
    let stranger = recorded(db, &other, at(bank.id)).unwrap_err();
    assert_eq!(told(&stranger), "register_id: cash-register-unknown");
    assert_sound(db, &ctx);
}

#[db_test]
fn no_register_holds_more_than_its_row_can(db: &TestDb) {
    let ctx = ctx(1);
    let most = NewTransaction { amount: ledger::MAX_AMOUNT, ..payment(1, Flow::In, 1) };
    for _ in 0..5 {
        recorded(db, &ctx, most.clone()).unwrap();
    }
    let error = recorded(db, &ctx, payment(1, Flow::In, 1)).unwrap_err();
    assert_eq!(told(&error), "amount: cash-register-too-full");
    assert_sound(db, &ctx);
}

#[db_test]
fn transactions_are_found_by_what_they_are(db: &TestDb) {
    let ctx = ctx(1);
    let bank = register(db, &ctx, RegisterKind::Bank, "Terminal");
    recorded(db, &ctx, payment(1, Flow::In, 10)).unwrap();
    recorded(db, &ctx, NewTransaction { register: Some(bank.id), ..payment(2, Flow::In, 20) }).unwrap();
    recorded(db, &ctx, NewTransaction { on: day("2026-09-01"), ..payment(3, Flow::Out, 5) }).unwrap();
    let numbers = |filter: TransactionFilter| {
        let page = kernel::PageRequest::new(1, 10);
        let found = read(db, &ctx, move |ctx, tx| list_transactions(ctx, tx, &filter, page));
        found.results.iter().map(|one| one.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(TransactionFilter::default()), [3, 2, 1]);
    assert_eq!(numbers(TransactionFilter { register: Some(bank.id), ..Default::default() }), [2]);
    assert_eq!(numbers(TransactionFilter { flow: Some(Flow::Out), ..Default::default() }), [3]);
    let kind = Some(TransactionKind::SalePayment);
    assert_eq!(numbers(TransactionFilter { kind, ..Default::default() }), [2, 1]);
    let from = Some(day("2026-09-02"));
    assert_eq!(numbers(TransactionFilter { from, ..Default::default() }), [2, 1]);
    let until = Some(day("2026-09-19"));
    assert_eq!(numbers(TransactionFilter { until, ..Default::default() }), [3]);
}

#[db_test]
fn the_database_itself_refuses_to_change_what_was_recorded(db: &TestDb) {
    let ctx = ctx(1);
    recorded(db, &ctx, payment(1, Flow::In, 10)).unwrap();
    for sql in [
        "UPDATE cash_transaction SET note = 'x' WHERE workspace_id = $1",
        "DELETE FROM cash_transaction WHERE workspace_id = $1",
        "UPDATE cash_register SET balance_tiyin = -1 WHERE workspace_id = $1",
    ] {
        let refused = write(db, &ctx, move |ctx, tx| tx.execute(sql, db::params![ctx.workspace()]));
        assert!(refused.is_err(), "{sql}");
    }
    assert_sound(db, &ctx);
}

#[db_test]
fn the_check_finds_a_balance_that_its_transactions_do_not_say(db: &TestDb) {
    let ctx = ctx(1);
    recorded(db, &ctx, payment(1, Flow::In, 10)).unwrap();
    let sql = "UPDATE cash_register SET balance_tiyin = 999 WHERE workspace_id = $1";
    write(db, &ctx, move |ctx, tx| tx.execute_one(sql, db::params![ctx.workspace()])).unwrap();
    let found = read(db, &ctx, check);
    assert_eq!(found, ["register 1 says 999 tiyin of 1 transactions; they say 1000 of 1"]);
}

#[db_test]
async fn two_who_take_the_last_money_at_once_get_it_once(db: &TestDb) {
    let ctx = ctx(1);
    recorded(db, &ctx, payment(1, Flow::In, 100)).unwrap();
    let take = |document| {
        let own = ctx.clone();
        db.write(&ctx, db::Lane::People, move |tx| {
            crate::record(&own, tx, payment(document, Flow::Out, 60)).map(drop)
        })
    };
    let (one, two) = tokio::join!(take(2), take(3));
    let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).map(|e| told(&e)).collect();
    assert_eq!(refused, ["Conflict cash-register-has-only"]);
    assert_eq!(balances(db, &ctx), "Asosiy kassa 40");
    assert_sound(db, &ctx);
}
