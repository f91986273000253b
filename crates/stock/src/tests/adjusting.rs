//! What counts find, and the catalog's view of stock.

use catalog::{Product, ProductContent, update_product};
use context::{Ctx, Permission, Permissions};
use db::{db_test, testing::TestDb};
use kernel::{Id, Money, PageRequest, Quantity, Result};
use uuid::Uuid;

use super::{assert_sound, ctx, product, read, standing, stocked, told, write};
use crate::{
    Adjust, AdjustBy, Move, MoveFilter, MoveKind, ReserveLine, adjust, list_low_stock, list_moves,
    quantities, reserve,
};

fn counted(product: &Product, by: AdjustBy) -> Adjust {
    Adjust { warehouse: None, product: product.id, by, unit_cost: None, note: "Sanoq".to_owned() }
}

fn run(db: &TestDb, ctx: &Ctx, input: Adjust) -> Result<Option<Move>> {
    write(db, ctx, move |ctx, tx| adjust(ctx, tx, input.clone()))
}

#[db_test]
fn a_count_brings_the_books_to_what_is_there(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    let by = |units: i64| AdjustBy::Difference(Quantity::from_units(units));
    let to = |units: i64| AdjustBy::Counted(Quantity::from_units(units));
    let found = run(db, &ctx, counted(&choy, by(2))).unwrap().unwrap();
    assert_eq!(
        (found.kind, found.value),
        (MoveKind::Adjustment, Money::from_som(180)),
        "at the purchase price"
    );
    stocked(db, &ctx, &choy, 2, 110);
    run(db, &ctx, counted(&choy, to(5))).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "5/0/500", "at the average");
    let dear = Adjust { unit_cost: Some(Money::from_som(600)), ..counted(&choy, by(5)) };
    run(db, &ctx, dear).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "10/0/3500");
    run(db, &ctx, counted(&choy, by(-3))).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "7/0/2450");
    assert_eq!(run(db, &ctx, counted(&choy, to(7))).unwrap(), None, "they agreed");
    run(db, &ctx, counted(&choy, to(0))).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "0/0/0");
    assert_sound(db, &ctx);
}

#[db_test]
fn what_is_promised_or_not_there_does_not_go(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 5, 100);
    let lines = [ReserveLine {
        product: choy.id,
        quantity: Quantity::from_units(4),
        source: Uuid::from_u128(1),
        line: Uuid::from_u128(2),
    }];
    write(db, &ctx, move |ctx, tx| reserve(ctx, tx, &lines)).unwrap();
    for units in [-2, -5, -6] {
        let input = counted(&choy, AdjustBy::Difference(Quantity::from_units(units)));
        assert_eq!(told(&run(db, &ctx, input).unwrap_err()), "Conflict stock-not-enough", "{units}");
    }
    run(db, &ctx, counted(&choy, AdjustBy::Difference(Quantity::from_units(-1)))).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "4/4/400");
    assert_sound(db, &ctx);
}

#[db_test]
fn wrong_counts_are_refused_with_their_fields(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    let choy = product(db, &ours, "A");
    #[track_caller]
    fn check(db: &TestDb, ctx: &Ctx, input: Adjust, expected: &str) {
        assert_eq!(told(&run(db, ctx, input).unwrap_err()), expected);
    }
    let by = |thousandths: i64| AdjustBy::Difference(Quantity::from_thousandths(thousandths));
    let to = |thousandths: i64| AdjustBy::Counted(Quantity::from_thousandths(thousandths));
    let good = counted(&choy, by(1));
    check(db, &ours, counted(&choy, by(0)), "quantity: stock-difference-zero");
    check(db, &ours, counted(&choy, by(i64::MAX)), "quantity: stock-quantity-too-large");
    check(db, &ours, counted(&choy, by(i64::MIN)), "quantity: kernel-number-too-large");
    check(db, &ours, counted(&choy, to(-1)), "quantity: stock-quantity-not-positive");
    check(db, &ours, Adjust { note: "\u{7}".into(), ..good.clone() }, "note: kernel-text-has-control");
    check(db, &ours, Adjust { note: "x".repeat(501), ..good.clone() }, "note: kernel-text-too-long");
    check(
        db,
        &ours,
        Adjust { unit_cost: Some(Money::from_som(-1)), ..good.clone() },
        "unit_cost: stock-price-negative",
    );
    let unknown = Id::from_uuid(Uuid::from_u128(5));
    check(db, &ours, Adjust { product: unknown, ..good.clone() }, "product_id: stock-product-unknown");
    check(db, &theirs, good.clone(), "product_id: stock-product-unknown");
    let reader = ours.with(|c| c.permissions = Permissions::NONE.with(Permission::InventoryRead));
    check(db, &reader, good, "Forbidden kernel-forbidden");
}

#[db_test]
fn the_catalog_sets_a_quantity_by_an_opening_move_and_then_by_adjustments(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    let id = choy.id;
    let set = |units: i64| {
        write(db, &ctx, move |ctx, tx| (quantities().set)(ctx, tx, id, Quantity::from_units(units)))
    };
    set(100).unwrap();
    set(100).unwrap();
    set(70).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "70/0/6300");
    let on_hand = read(db, &ctx, move |ctx, tx| (quantities().on_hand)(ctx, tx, &[id]));
    assert_eq!(on_hand, [(id, Quantity::from_units(70))]);
    let filter = MoveFilter { product: Some(id), ..MoveFilter::default() };
    let moves = read(db, &ctx, move |ctx, tx| list_moves(ctx, tx, &filter, PageRequest::default()));
    let kinds: Vec<_> = moves.results.iter().map(|m| (m.kind, m.quantity.to_string())).collect();
    assert_eq!(kinds, [(MoveKind::Adjustment, "-30".into()), (MoveKind::Opening, "100".into())]);
    assert_eq!(told(&set(-1).unwrap_err()), "quantity: stock-quantity-not-positive");
    assert_sound(db, &ctx);
}

#[db_test]
fn products_below_their_minimum_are_listed_with_what_is_free(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A"), product(db, &ctx, "B"));
    for product in [&choy, &non] {
        let content = ProductContent { minimum_quantity: Quantity::from_units(5), ..product.content() };
        let id = product.id;
        write(db, &ctx, move |ctx, tx| update_product(ctx, tx, id, content.clone())).unwrap();
    }
    stocked(db, &ctx, &choy, 6, 100);
    let low = |db: &TestDb| read(db, &ctx, |ctx, tx| list_low_stock(ctx, tx, PageRequest::default())).results;
    assert_eq!(low(db).iter().map(|l| l.product).collect::<Vec<_>>(), [non.id]);
    let lines = [ReserveLine {
        product: choy.id,
        quantity: Quantity::from_units(3),
        source: Uuid::from_u128(1),
        line: Uuid::from_u128(2),
    }];
    write(db, &ctx, move |ctx, tx| reserve(ctx, tx, &lines)).unwrap();
    let found: Vec<_> = low(db).iter().map(|l| (l.product, l.free.to_string())).collect();
    assert_eq!(found, [(non.id, "0".to_owned()), (choy.id, "3".to_owned())]);
}
