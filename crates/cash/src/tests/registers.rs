//! Registers.

use db::{db_test, testing::TestDb};

use super::{assert_sound, balances, ctx, payment, read, recorded, register, told, write};
use crate::{
    Flow, NewRegister, NewTransaction, Register, RegisterKind, create_register, default_register,
    delete_register, registers, update_register,
};

fn changed(db: &TestDb, register: &Register, change: impl Fn(&mut NewRegister)) -> kernel::Result<Register> {
    let (id, mut new) = (register.id, register.content());
    change(&mut new);
    write(db, &ctx(1), move |ctx, tx| update_register(ctx, tx, id, new.clone()))
}

#[db_test]
fn the_first_of_each_kind_is_the_default_one_until_another_is_made_so(db: &TestDb) {
    let ctx = ctx(1);
    let till = register(db, &ctx, RegisterKind::Cash, "Doʻkon");
    let bank = register(db, &ctx, RegisterKind::Bank, "Terminal");
    let second = register(db, &ctx, RegisterKind::Cash, "Ombor");
    assert_eq!([till.is_default, bank.is_default, second.is_default], [true, true, false]);
    changed(db, &second, |new| new.is_default = true).unwrap();
    let defaults: Vec<_> =
        read(db, &ctx, registers).into_iter().filter(|one| one.is_default).map(|one| one.name).collect();
    assert_eq!(defaults, ["Ombor", "Terminal"]);
    let taken = write(db, &ctx, |ctx, tx| default_register(ctx, tx, RegisterKind::Cash)).unwrap();
    assert_eq!(taken.id, second.id);
}

#[db_test]
fn two_registers_never_have_one_name_in_either_script(db: &TestDb) {
    let ctx = ctx(1);
    let first = register(db, &ctx, RegisterKind::Cash, "Doʻkon");
    let new =
        NewRegister { name: "ДЎКОН".to_owned(), kind: RegisterKind::Bank, ..NewRegister::default() };
    let error = write(db, &ctx, move |ctx, tx| create_register(ctx, tx, new.clone())).unwrap_err();
    assert_eq!(told(&error), "name: cash-register-name-taken");
    let second = register(db, &ctx, RegisterKind::Cash, "Ombor");
    let error = changed(db, &second, |new| new.name = "Do'kon".to_owned()).unwrap_err();
    assert_eq!(told(&error), "name: cash-register-name-taken");
    assert_eq!(changed(db, &first, |new| new.name = "Do'kon".to_owned()).unwrap().name, "Do'kon");
}

#[db_test]
fn what_cannot_be_said_of_a_register_is_refused(db: &TestDb) {
    let ctx = ctx(1);
    let till = register(db, &ctx, RegisterKind::Cash, "Doʻkon");
    let refused = |change: fn(&mut NewRegister)| told(&changed(db, &till, change).unwrap_err());
    assert_eq!(refused(|new| new.name = " ".to_owned()), "name: kernel-text-missing");
    assert_eq!(refused(|new| new.name = "x".repeat(101)), "name: kernel-text-too-long");
    assert_eq!(refused(|new| new.may_be_negative = true), "may_be_negative: cash-register-till-below-zero");
    assert_eq!(refused(|new| new.kind = RegisterKind::Bank), "kind: cash-register-kind-stays");
    let close = |new: &mut NewRegister| (new.active, new.is_default) = (false, false);
    assert_eq!(told(&changed(db, &till, close).unwrap_err()), "active: cash-register-default-stays-open");
}

#[db_test]
fn only_an_empty_register_closes_and_a_closed_one_takes_nothing(db: &TestDb) {
    let ctx = ctx(1);
    register(db, &ctx, RegisterKind::Cash, "Doʻkon");
    let second = register(db, &ctx, RegisterKind::Cash, "Ombor");
    let into = |flow, som| NewTransaction { register: Some(second.id), ..payment(1, flow, som) };
    recorded(db, &ctx, into(Flow::In, 10)).unwrap();
    let close = |new: &mut NewRegister| new.active = false;
    assert_eq!(told(&changed(db, &second, close).unwrap_err()), "Conflict cash-register-is-not-empty");
    recorded(db, &ctx, into(Flow::Out, 10)).unwrap();
    changed(db, &second, close).unwrap();
    let error = recorded(db, &ctx, into(Flow::In, 10)).unwrap_err();
    assert_eq!(told(&error), "register_id: cash-register-is-closed");
    changed(db, &second, |new| new.active = true).unwrap();
    recorded(db, &ctx, into(Flow::In, 10)).unwrap();
    assert_eq!(balances(db, &ctx), "Doʻkon 0 | Ombor 10");
    assert_sound(db, &ctx);
}

#[db_test]
fn a_bank_account_with_an_overdraft_may_be_below_zero_as_long_as_it_says_so(db: &TestDb) {
    let ctx = ctx(1);
    let bank = register(db, &ctx, RegisterKind::Bank, "Hisob");
    let out = NewTransaction { register: Some(bank.id), ..payment(1, Flow::Out, 10) };
    assert_eq!(told(&recorded(db, &ctx, out.clone()).unwrap_err()), "Conflict cash-register-has-only");
    let bank = changed(db, &bank, |new| new.may_be_negative = true).unwrap();
    recorded(db, &ctx, out).unwrap();
    let error = changed(db, &bank, |new| new.may_be_negative = false).unwrap_err();
    assert_eq!(told(&error), "may_be_negative: cash-register-is-negative");
    assert_eq!(balances(db, &ctx), "Hisob -10");
    assert_sound(db, &ctx);
}

#[db_test]
fn only_a_register_that_never_held_money_is_deleted(db: &TestDb) {
    let ctx = ctx(1);
    let till = register(db, &ctx, RegisterKind::Cash, "Doʻkon");
    let second = register(db, &ctx, RegisterKind::Cash, "Ombor");
    let delete = |id| write(db, &ctx, move |ctx, tx| delete_register(ctx, tx, id)).map_err(|e| told(&e));
    assert_eq!(delete(till.id).unwrap_err(), "Conflict cash-register-is-default");
    delete(second.id).unwrap();
    assert_eq!(delete(second.id).unwrap_err(), "NotFound kernel-not-found");
    recorded(db, &ctx, payment(1, Flow::In, 10)).unwrap();
    assert_eq!(delete(till.id).unwrap_err(), "Conflict cash-register-has-transactions");
}

#[db_test]
async fn two_first_payments_at_once_make_one_till(db: &TestDb) {
    let ctx = ctx(1);
    let pay = |document| {
        let own = ctx.clone();
        db.write(&ctx, db::Lane::People, move |tx| {
            crate::record(&own, tx, payment(document, Flow::In, 60)).map(drop)
        })
    };
    let (one, two) = tokio::join!(pay(1), pay(2));
    one.unwrap();
    two.unwrap();
    assert_eq!(balances(db, &ctx), "Asosiy kassa 120");
    assert_sound(db, &ctx);
}
