//! What people move by hand, and what it posts.

use contacts::NewContact;
use context::{Permission, Permissions};
use db::{db_test, testing::TestDb};
use kernel::Id;
use ledger::{Role, entries_of};

use super::{accounts, assert_sound, balances, by_hand, ctx, day, moved, read, register, told, write};
use crate::{MANUAL, MoveMoney, RegisterKind, TransactionKind};

#[db_test]
fn every_kind_posts_the_register_against_its_own_account(db: &TestDb) {
    let ctx = ctx(1);
    let bank = register(db, &ctx, RegisterKind::Bank, "Hisob");
    let check = |kind, register, expected: &str| {
        moved(db, &ctx, MoveMoney { register, ..by_hand(kind, 100) }).unwrap();
        assert_eq!(accounts(db, &ctx), expected);
    };
    check(TransactionKind::Opening, None, "5010 100 | 8720 -100");
    check(TransactionKind::OtherIncome, Some(bank.id), "5010 100 | 5110 100 | 8720 -100 | 9390 -100");
    check(TransactionKind::SellingExpense, Some(bank.id), "5010 100 | 8720 -100 | 9390 -100 | 9410 100");
    check(TransactionKind::AdministrativeExpense, None, "8720 -100 | 9390 -100 | 9410 100 | 9420 100");
    check(TransactionKind::Opening, None, "5010 100 | 8720 -200 | 9390 -100 | 9410 100 | 9420 100");
    check(TransactionKind::OtherExpense, None, "8720 -200 | 9390 -100 | 9410 100 | 9420 100 | 9430 100");
    assert_eq!(balances(db, &ctx), "Asosiy kassa 0 | Hisob 0");
    assert_sound(db, &ctx);
}

#[db_test]
fn the_entry_names_its_transaction_the_register_and_the_contact(db: &TestDb) {
    let ctx = ctx(1);
    let customer =
        write(db, &ctx, |ctx, tx| contacts::create_contact(ctx, tx, NewContact::customer("Nodira", None)))
            .unwrap();
    let note = "Ijara, sentabr".to_owned();
    moved(db, &ctx, by_hand(TransactionKind::Opening, 500)).unwrap();
    let input = MoveMoney { contact: Some(customer.id), note, ..by_hand(TransactionKind::OtherExpense, 100) };
    let made = moved(db, &ctx, input).unwrap();
    let lines = read(db, &ctx, move |ctx, tx| {
        let entries = entries_of(ctx, tx, MANUAL, made.id.uuid())?;
        assert_eq!(entries[0].memo.text, "Ijara, sentabr");
        assert_eq!(entries[0].source.number, Some(made.number));
        ledger::entry_lines(ctx, tx, entries[0].id)
    });
    assert_eq!(lines[0].contact, Some(customer.id.uuid()));
    assert_eq!((lines[1].note.as_str(), lines[1].contact), ("Asosiy kassa", None));
    let owed = read(db, &ctx, move |ctx, tx| {
        ledger::contact_balances(ctx, tx, Role::OtherExpenses, &[customer.id.uuid()])
    });
    assert_eq!(owed[0].1, kernel::Money::from_som(100));
}

#[db_test]
fn whoever_listens_is_told_of_what_people_move(db: &TestDb) {
    let ctx = ctx(1);
    let made = moved(db, &ctx, by_hand(TransactionKind::Opening, 500)).unwrap();
    let sql = "SELECT subject_id, payload FROM context_event WHERE workspace_id = $1 AND name = $2";
    let told = read(db, &ctx, move |ctx, tx| {
        tx.query(sql, db::params![ctx.workspace(), crate::TRANSACTION_RECORDED], |row| {
            Ok((row.get::<uuid::Uuid>(0)?, row.get::<serde_json::Value>(1)?))
        })
    });
    let expected =
        serde_json::json!({ "number": 1, "flow": "in", "kind": "opening", "amount": 500, "balance": 500 });
    assert_eq!(told, [(made.id.uuid(), expected)]);
}

#[db_test]
fn bad_input_is_refused_beside_its_field_and_leaves_nothing(db: &TestDb) {
    let ctx = ctx(1);
    moved(db, &ctx, by_hand(TransactionKind::Opening, 100)).unwrap();
    let refused = |input: MoveMoney| told(&moved(db, &ctx, input).unwrap_err());
    let income = || by_hand(TransactionKind::OtherIncome, 10);
    assert_eq!(refused(by_hand(TransactionKind::OtherIncome, 0)), "amount: cash-amount-not-positive");
    assert_eq!(refused(by_hand(TransactionKind::OtherIncome, -5)), "amount: cash-amount-not-positive");
    assert_eq!(refused(by_hand(TransactionKind::OtherExpense, 101)), "Conflict cash-register-has-only");
    assert_eq!(refused(by_hand(TransactionKind::SalePayment, 10)), "kind: cash-kind-of-document");
    assert_eq!(refused(by_hand(TransactionKind::Transfer, 10)), "kind: cash-kind-of-document");
    let on = |on| MoveMoney { on: day(on), ..income() };
    assert_eq!(refused(on("2026-09-22")), "date: cash-date-in-future");
    assert_eq!(refused(on("1999-12-31")), "date: ledger-date-beyond");
    let stranger = Some(Id::from_uuid(uuid::Uuid::from_u128(7)));
    assert_eq!(refused(MoveMoney { contact: stranger, ..income() }), "contact_id: cash-contact-unknown");
    assert_eq!(refused(MoveMoney { note: "x".repeat(301), ..income() }), "note: kernel-text-too-long");
    assert_eq!(balances(db, &ctx), "Asosiy kassa 100");
    assert_sound(db, &ctx);
}

#[db_test]
fn nothing_moves_in_a_closed_month(db: &TestDb) {
    let ctx = ctx(1);
    moved(db, &ctx, MoveMoney { on: day("2026-08-31"), ..by_hand(TransactionKind::Opening, 100) }).unwrap();
    let august = ledger::Month::parse("2026-08").unwrap();
    write(db, &ctx, move |ctx, tx| ledger::close_period(ctx, tx, august)).unwrap();
    let late = MoveMoney { on: day("2026-08-31"), ..by_hand(TransactionKind::OtherIncome, 10) };
    assert_eq!(told(&moved(db, &ctx, late).unwrap_err()), "date: ledger-period-is-closed");
    assert_eq!(balances(db, &ctx), "Asosiy kassa 100");
    assert_sound(db, &ctx);
}

#[db_test]
fn whoever_may_not_move_money_does_not(db: &TestDb) {
    let reader = ctx(1).with(|who| {
        who.permissions = [Permission::FinanceRead].into_iter().collect::<Permissions>();
    });
    let error = moved(db, &reader, by_hand(TransactionKind::Opening, 100)).unwrap_err();
    assert_eq!(error.kind(), kernel::Kind::Forbidden);
}
