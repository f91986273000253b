//! Goods promised to orders.

use catalog::Product;
use context::Ctx;
use db::{Lane, db_test, testing::TestDb};
use kernel::{Arg, Kind, Quantity};
use uuid::Uuid;

use super::{assert_sound, ctx, line, product, read, standing, stocked, told, write};
use crate::{
    Adjust, AdjustBy, NewReceipt, NewWarehouse, ReserveLine, adjust, available, create_warehouse, receive,
    release, reservations_of, reserve,
};

fn want(product: &Product, units: i64, source: u128, line: u128) -> ReserveLine {
    ReserveLine {
        product: product.id,
        quantity: Quantity::from_units(units),
        source: Uuid::from_u128(source),
        line: Uuid::from_u128(line),
    }
}

fn left(db: &TestDb, ctx: &Ctx, product: &Product) -> Quantity {
    let id = product.id;
    read(db, ctx, move |ctx, tx| available(ctx, tx, &[id]))[0].1
}

#[db_test]
fn what_is_promised_is_not_free_until_it_is_released(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A"), product(db, &ctx, "B"));
    stocked(db, &ctx, &choy, 10, 100);
    stocked(db, &ctx, &non, 2, 50);
    let lines = [want(&choy, 4, 1, 1), want(&non, 2, 1, 2)];
    write(db, &ctx, move |ctx, tx| reserve(ctx, tx, &lines)).unwrap();
    assert_eq!((standing(db, &ctx, &choy), standing(db, &ctx, &non)), ("10/4/1000".into(), "2/2/100".into()));
    assert_eq!(left(db, &ctx, &choy), Quantity::from_units(6));
    assert_eq!(read(db, &ctx, |ctx, tx| reservations_of(ctx, tx, Uuid::from_u128(1))).len(), 2);
    assert_sound(db, &ctx);

    let lines = [want(&choy, 1, 2, 1), want(&non, 1, 2, 2)];
    let error = write(db, &ctx, move |ctx, tx| reserve(ctx, tx, &lines)).unwrap_err();
    assert_eq!(told(&error), "Conflict stock-not-enough");
    let left_arg = error.text().args().iter().find(|(name, _)| *name == "left").map(|(_, arg)| arg.clone());
    assert_eq!(left_arg, Some(Arg::Quantity(Quantity::ZERO)));
    assert_eq!(standing(db, &ctx, &choy), "10/4/1000", "all lines or none");

    let ended = write(db, &ctx, |ctx, tx| release(ctx, tx, Uuid::from_u128(1))).unwrap();
    assert_eq!(ended.len(), 2);
    assert!(write(db, &ctx, |ctx, tx| release(ctx, tx, Uuid::from_u128(1))).unwrap().is_empty());
    assert_eq!(left(db, &ctx, &choy), Quantity::from_units(10));
    assert_sound(db, &ctx);
}

#[db_test]
fn a_second_warehouse_gives_what_the_first_lacks(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 3, 100);
    let second = NewWarehouse { name: "Chilonzor".into(), ..NewWarehouse::default() };
    let second = write(db, &ctx, move |ctx, tx| create_warehouse(ctx, tx, second.clone())).unwrap().id;
    let new =
        NewReceipt { warehouse: Some(second), lines: vec![line(&choy, 5, 110)], ..NewReceipt::default() };
    write(db, &ctx, move |ctx, tx| receive(ctx, tx, new.clone())).unwrap();
    assert_eq!(left(db, &ctx, &choy), Quantity::from_units(8));
    let lines = [want(&choy, 7, 1, 1)];
    let kept = write(db, &ctx, move |ctx, tx| reserve(ctx, tx, &lines)).unwrap();
    let parts: Vec<_> = kept.iter().map(|r| (r.warehouse == second, r.quantity.to_string())).collect();
    assert_eq!(parts, [(false, "3".to_owned()), (true, "4".to_owned())]);
    assert_sound(db, &ctx);
}

#[db_test]
fn a_warehouse_that_may_go_below_zero_promises_what_never_was_there(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    let new = NewWarehouse { name: "Bozor".into(), may_be_negative: true, ..NewWarehouse::default() };
    write(db, &ctx, move |ctx, tx| create_warehouse(ctx, tx, new.clone())).unwrap();
    let lines = [want(&choy, 7, 1, 1)];
    write(db, &ctx, move |ctx, tx| reserve(ctx, tx, &lines)).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "0/7/0");
    let input = Adjust {
        warehouse: None,
        product: choy.id,
        by: AdjustBy::Difference(Quantity::from_units(-2)),
        unit_cost: None,
        note: String::new(),
    };
    write(db, &ctx, move |ctx, tx| adjust(ctx, tx, input.clone())).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "-2/7/-180");
    stocked(db, &ctx, &choy, 5, 100);
    assert_eq!(standing(db, &ctx, &choy), "3/7/300");
    assert_sound(db, &ctx);
}

#[db_test]
fn wrong_wishes_are_refused(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    let choy = product(db, &ours, "A");
    stocked(db, &ours, &choy, 3, 100);
    for units in [0, -1, i64::MAX] {
        let lines = [want(&choy, units, 1, 1)];
        let error = write(db, &ours, move |ctx, tx| reserve(ctx, tx, &lines)).unwrap_err();
        assert_eq!(error.field_errors()[0].field, "lines.0.quantity", "{units}");
    }
    let lines = [want(&choy, 1, 1, 1)];
    let error = write(db, &theirs, move |ctx, tx| reserve(ctx, tx, &lines)).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound, "another workspace's product");
    assert!(write(db, &ours, |ctx, tx| reserve(ctx, tx, &[])).unwrap().is_empty());
}

/// Fifty orders race for the last ten pieces, each in a transaction of its own, half of them with the products in
/// the other order.
#[db_test]
async fn fifty_buyers_race_for_ten_pieces_and_exactly_ten_win(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A"), product(db, &ctx, "B"));
    stocked(db, &ctx, &choy, 10, 100);
    stocked(db, &ctx, &non, 50, 100);
    let calls = (0..50_u128).map(|buyer| {
        let mut lines = [want(&choy, 1, 100 + buyer, 1), want(&non, 1, 100 + buyer, 2)];
        if buyer % 2 == 0 {
            lines.reverse();
        }
        let (db, own) = ((**db).clone(), ctx.clone());
        tokio::spawn(async move {
            db.write(own.workspace(), Lane::People, move |tx| reserve(&own, tx, &lines)).await
        })
    });
    let mut won = 0;
    for call in calls.collect::<Vec<_>>() {
        match call.await.unwrap() {
            Ok(_) => won += 1,
            Err(error) => assert_eq!(told(&error), "Conflict stock-not-enough"),
        }
    }
    assert_eq!(won, 10);
    assert_eq!(
        (standing(db, &ctx, &choy), standing(db, &ctx, &non)),
        ("10/10/1000".into(), "50/10/5000".into())
    );
    assert_sound(db, &ctx);
}
