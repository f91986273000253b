//! What stock's own documents say in the books.

use context::Ctx;
use db::{db_test, testing::TestDb};
use kernel::{Date, Money, Quantity};
use ledger::{Month, Role, account_turnover, close_period};

use super::{assert_sound, ctx, line, product, read, standing, stocked, told, write};
use crate::{Adjust, AdjustBy, NewReceipt, NewWarehouse, adjust, create_warehouse, quantities, receive};

/// What stands on the account of a role, debit above zero, in so'm.
fn on(db: &TestDb, ctx: &Ctx, role: Role) -> String {
    read(db, ctx, move |ctx, tx| {
        let account = ledger::account_for(ctx, tx, role)?;
        let until = ctx.today();
        account_turnover(ctx, tx, account.id, Date::new(2000, 1, 1)?, until)?.closing()
    })
    .to_string()
}

#[db_test]
fn a_receipt_a_count_and_an_opening_quantity_post_themselves(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A"), product(db, &ctx, "B"));
    stocked(db, &ctx, &choy, 5, 100);
    assert_eq!((on(db, &ctx, Role::Goods), on(db, &ctx, Role::Opening)), ("500".into(), "-500".into()));
    let less = Adjust {
        warehouse: None,
        product: choy.id,
        by: AdjustBy::Difference(Quantity::from_units(-1)),
        unit_cost: None,
        note: String::new(),
    };
    let more = Adjust { by: AdjustBy::Counted(Quantity::from_units(6)), ..less.clone() };
    write(db, &ctx, move |ctx, tx| adjust(ctx, tx, less.clone())).unwrap();
    assert_eq!((on(db, &ctx, Role::Goods), on(db, &ctx, Role::Shortages)), ("400".into(), "100".into()));
    write(db, &ctx, move |ctx, tx| adjust(ctx, tx, more.clone())).unwrap();
    assert_eq!((on(db, &ctx, Role::Goods), on(db, &ctx, Role::OtherIncome)), ("600".into(), "-200".into()));
    let id = non.id;
    write(db, &ctx, move |ctx, tx| (quantities().set)(ctx, tx, id, Quantity::from_units(2))).unwrap();
    // The purchase price, 90, is what nobody said.
    assert_eq!((on(db, &ctx, Role::Goods), on(db, &ctx, Role::Opening)), ("780".into(), "-680".into()));
    assert_sound(db, &ctx);
}

#[db_test]
fn goods_for_nothing_post_nothing_and_goods_below_zero_are_valued_when_they_come(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 5, 0);
    assert_eq!(standing(db, &ctx, &choy), "5/0/0");
    let owing =
        NewWarehouse { name: "Qarzga".to_owned(), may_be_negative: true, active: true, is_default: false };
    let owing = write(db, &ctx, move |ctx, tx| create_warehouse(ctx, tx, owing.clone())).unwrap();
    let less = Adjust {
        warehouse: Some(owing.id),
        product: choy.id,
        by: AdjustBy::Difference(Quantity::from_units(-2)),
        unit_cost: None,
        note: String::new(),
    };
    write(db, &ctx, move |ctx, tx| adjust(ctx, tx, less.clone())).unwrap();
    let new =
        NewReceipt { warehouse: Some(owing.id), lines: vec![line(&choy, 3, 100)], ..NewReceipt::default() };
    write(db, &ctx, move |ctx, tx| receive(ctx, tx, new.clone())).unwrap();
    // Two were thought to cost 90 and cost 100.
    assert_eq!((on(db, &ctx, Role::CostOfGoods), on(db, &ctx, Role::Goods)), ("20".into(), "100".into()));
    assert_sound(db, &ctx);
}

#[db_test]
fn a_receipt_of_a_closed_month_is_refused_beside_its_day_and_moves_nothing(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 1, 100);
    let past = Date::new(2026, 7, 31).unwrap();
    write(db, &ctx, move |ctx, tx| close_period(ctx, tx, Month::of(past)?)).unwrap();
    let new =
        NewReceipt { received_on: Some(past), lines: vec![line(&choy, 3, 100)], ..NewReceipt::default() };
    let refused = write(db, &ctx, move |ctx, tx| receive(ctx, tx, new.clone())).unwrap_err();
    assert_eq!(told(&refused), "received_on: ledger-period-is-closed");
    let huge = NewReceipt { lines: vec![line(&choy, 900_000, 900_000_000)], ..NewReceipt::default() };
    let refused = write(db, &ctx, move |ctx, tx| receive(ctx, tx, huge.clone())).unwrap_err();
    assert_eq!(told(&refused), "lines: stock-value-too-large");
    assert_eq!(
        (standing(db, &ctx, &choy), Money::from_som(100).to_string()),
        ("1/0/100".into(), on(db, &ctx, Role::Goods))
    );
    assert_sound(db, &ctx);
}
