//! What goods cost that go out and come back, to the tiyin.

use catalog::Product;
use context::Ctx;
use db::{db_test, testing::TestDb};
use kernel::{Money, Quantity};
use stock::{NewReceipt, NewReceiptLine, receive};

use super::{
    assert_sound, ctx, product, read, standing,
    steps::{books, confirmed, credit, deliver, invoice},
    told, write,
};
use crate::{deliveries_of, reads::undoable_of, undo_delivery};

/// So many pieces came at this cost each.
fn came(db: &TestDb, ctx: &Ctx, product: &Product, units: i64, unit_cost: Money) {
    let line = NewReceiptLine { product: product.id, quantity: Quantity::from_units(units), unit_cost };
    let new = NewReceipt { lines: vec![line], ..NewReceipt::default() };
    write(db, ctx, move |ctx, tx| receive(ctx, tx, new.clone())).unwrap();
}

#[db_test]
fn the_last_piece_of_an_average_takes_the_remainder_and_brings_it_back(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 0);
    // Three pieces for 5 so'm: one costs 166.67 tiyin.
    came(db, &ctx, &choy, 2, Money::from_tiyin(100));
    came(db, &ctx, &choy, 1, Money::from_tiyin(300));
    let order = confirmed(db, &ctx, &[(&choy, 3)]);
    let mut stands = Vec::new();
    for _ in 0..3 {
        deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap();
        stands.push(books(db, &ctx));
        assert_sound(db, &ctx);
    }
    assert_eq!(stands, ["goods 3.33, cost 1.67", "goods 1.66, cost 3.34", "cost 5"]);
    let made = invoice(db, &ctx, &order).unwrap();
    let mut stands = Vec::new();
    for _ in 0..3 {
        credit(db, &ctx, &order, &made, Some(&[(0, 1)])).unwrap();
        let words = books(db, &ctx);
        stands.push(words.split(", customers").next().unwrap().split(", sold").next().unwrap().to_owned());
        assert_sound(db, &ctx);
    }
    assert_eq!(stands, ["goods 1.67, cost 3.33", "goods 3.33, cost 1.67", "goods 5"]);
    assert_eq!(standing(db, &ctx, &choy), "3/0");
}

#[db_test]
fn what_comes_back_is_worth_what_is_invoiced_of_it_not_what_may_still_be_undone(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 112, 0);
    came(db, &ctx, &choy, 2, Money::from_som(1));
    let order = confirmed(db, &ctx, &[(&choy, 2)]);
    deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap();
    let made = invoice(db, &ctx, &order).unwrap();
    // What is left of the cheap ones costs 99 on average with the dear one.
    came(db, &ctx, &choy, 1, Money::from_som(197));
    deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap();
    assert_eq!(books(db, &ctx), "goods 99, cost 100, customers 112, sold -100, vat -12");
    credit(db, &ctx, &order, &made, None).unwrap();
    assert_eq!(books(db, &ctx), "goods 100, cost 99, sold -100, returned 100");
    let id = order.id;
    let undo = |place: usize| {
        write(db, &ctx, move |ctx, tx| {
            let delivery = deliveries_of(ctx, tx, id)?[place].id;
            undo_delivery(ctx, tx, delivery, None)
        })
    };
    // The first is the one that was invoiced.
    let undoable = read(db, &ctx, move |ctx, tx| {
        let can = undoable_of(ctx, tx, id)?;
        Ok(deliveries_of(ctx, tx, id)?.iter().map(|delivery| can.contains(&delivery.id)).collect::<Vec<_>>())
    });
    assert_eq!(undoable, [false, true]);
    assert_eq!(told(&undo(0).unwrap_err()), "Conflict sales-delivery-is-invoiced");
    undo(1).unwrap();
    assert_eq!(books(db, &ctx), "goods 199, sold -100, returned 100");
    assert_sound(db, &ctx);
}
