//! What is refused and why, and that whoever is refused has a way on.

use catalog::Product;
use context::Ctx;
use db::{db_test, testing::TestDb};
use kernel::{Money, Quantity, Result};

use super::{
    assert_sound, content, create, ctx, product, standing,
    steps::{books, confirmed, credit, deliver, invoice, lines_of, now, pay, refund, som},
    told, write,
};
use crate::{
    DeliveryState, Goods, NewCreditNote, NewDelivery, NewLine, NewPayment, Order, OrderContent, QuickSale,
    Source, Status, cancel_order, close_order, credit_invoice, deliver_order, deliveries_of, reverse_payment,
    sell, submit_order, undo_delivery, update_order,
};

fn cancel(db: &TestDb, ctx: &Ctx, order: &Order) -> Result<Order> {
    let id = order.id;
    write(db, ctx, move |ctx, tx| cancel_order(ctx, tx, id, ""))
}

fn change(db: &TestDb, ctx: &Ctx, order: &Order, product: &Product) -> Result<Order> {
    let (id, content) = (order.id, content(&[(product, 1)]));
    write(db, ctx, move |ctx, tx| update_order(ctx, tx, id, None, content.clone()))
}

/// Undoes every delivery of the order.
fn undo(db: &TestDb, ctx: &Ctx, order: &Order) -> Result<()> {
    let id = order.id;
    write(db, ctx, move |ctx, tx| {
        for delivery in deliveries_of(ctx, tx, id)? {
            undo_delivery(ctx, tx, delivery.id, None)?;
        }
        Ok(())
    })
}

#[db_test]
fn what_stands_of_an_order_is_named_with_what_takes_it_back_until_it_is_cancelled(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 9);
    let order = confirmed(db, &ctx, &[(&choy, 1)]);
    assert_eq!(told(&change(db, &ctx, &order, &choy).unwrap_err()), "Conflict sales-order-confirmed-stands");
    pay(db, &ctx, &order, None).unwrap();
    let both = || (cancel(db, &ctx, &order).unwrap_err(), change(db, &ctx, &order, &choy).unwrap_err());
    let keys = || {
        let (cancelling, changing) = both();
        (told(&cancelling), told(&changing))
    };
    let are =
        |cancelling: &str, changing: &str| (format!("Conflict {cancelling}"), format!("Conflict {changing}"));
    assert_eq!(keys(), are("sales-cancel-paid", "sales-change-paid"));
    deliver(db, &ctx, &order, None).unwrap();
    assert_eq!(keys(), are("sales-cancel-delivered", "sales-change-delivered"));
    undo(db, &ctx, &order).unwrap();
    assert_eq!(keys(), are("sales-cancel-paid", "sales-change-paid"));
    refund(db, &ctx, &order, None).unwrap();
    cancel(db, &ctx, &order).unwrap();
    assert_eq!(told(&change(db, &ctx, &order, &choy).unwrap_err()), "Conflict sales-order-cancelled-stands");
    let id = order.id;
    let new = create(db, &ctx, Status::New, content(&[(&choy, 1)])).unwrap().id;
    for (id, key) in [(id, "sales-order-is-cancelled"), (new, "sales-order-is-new")] {
        let error = write(db, &ctx, move |ctx, tx| submit_order(ctx, tx, id)).unwrap_err();
        assert_eq!(told(&error), format!("Conflict {key}"));
    }
    assert_sound(db, &ctx);
}

#[db_test]
fn goods_that_came_back_leave_the_fee_to_be_credited_before_the_order_is_cancelled(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 9);
    let mut content = content(&[(&choy, 2)]);
    content.delivery.fee = som(10);
    let order = create(db, &ctx, Status::Confirmed, content).unwrap();
    deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap();
    let made = invoice(db, &ctx, &order).unwrap();
    credit(db, &ctx, &order, &made, Some(&[(0, 1)])).unwrap();
    assert_eq!(told(&cancel(db, &ctx, &order).unwrap_err()), "Conflict sales-cancel-invoiced");
    assert_eq!(told(&change(db, &ctx, &order, &choy).unwrap_err()), "Conflict sales-change-invoiced");
    credit(db, &ctx, &order, &made, None).unwrap();
    cancel(db, &ctx, &order).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "9/0");
    assert_sound(db, &ctx);
}

#[db_test]
fn a_closed_order_whose_delivery_was_undone_can_be_cancelled(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 9);
    let order = confirmed(db, &ctx, &[(&choy, 3)]);
    let id = order.id;
    deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap();
    write(db, &ctx, move |ctx, tx| close_order(ctx, tx, id)).unwrap();
    assert_eq!(told(&cancel(db, &ctx, &order).unwrap_err()), "Conflict sales-cancel-delivered");
    undo(db, &ctx, &order).unwrap();
    assert_eq!(cancel(db, &ctx, &order).unwrap().status, Status::Cancelled);
    assert_eq!((standing(db, &ctx, &choy), books(db, &ctx)), ("9/0".into(), "goods 9".into()));
    assert_sound(db, &ctx);
}

#[db_test]
fn an_order_of_sums_has_no_goods_and_is_cancelled_once_its_invoice_is_taken_back(db: &TestDb) {
    let ctx = ctx(1);
    let goods = Goods::Sums { total: som(112), vat: som(12) };
    let order =
        create(db, &ctx, Status::Confirmed, OrderContent { goods, ..OrderContent::default() }).unwrap();
    assert_eq!(told(&deliver(db, &ctx, &order, None).unwrap_err()), "Conflict sales-order-without-goods");
    let made = invoice(db, &ctx, &order).unwrap();
    assert_eq!(now(db, &ctx, &order).progress.delivery, DeliveryState::None);
    assert_eq!(told(&cancel(db, &ctx, &order).unwrap_err()), "Conflict sales-cancel-invoiced");
    credit(db, &ctx, &order, &made, None).unwrap();
    assert_eq!(
        told(&credit(db, &ctx, &order, &made, None).unwrap_err()),
        "Conflict sales-invoice-is-credited"
    );
    cancel(db, &ctx, &order).unwrap();
    // Also one that comes to nothing is invoiced once.
    let goods = Goods::Sums { total: Money::ZERO, vat: Money::ZERO };
    let content = OrderContent { goods, ..OrderContent::default() };
    let order = create(db, &ctx, Status::Confirmed, content).unwrap();
    invoice(db, &ctx, &order).unwrap();
    assert_eq!(told(&invoice(db, &ctx, &order).unwrap_err()), "Conflict sales-order-is-invoiced");
    assert_sound(db, &ctx);
}

#[db_test]
fn a_credit_note_says_what_comes_back(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 9);
    let (order, other) = (
        confirmed(db, &ctx, &[(&choy, 2)]),
        create(db, &ctx, Status::Confirmed, content(&[(&choy, 1)])).unwrap(),
    );
    let (own, strange) = (lines_of(db, &ctx, &order)[0].id, lines_of(db, &ctx, &other)[0].id);
    deliver(db, &ctx, &order, None).unwrap();
    let made = invoice(db, &ctx, &order).unwrap();
    let id = made.id;
    let refused = |lines: Vec<_>| {
        let new = NewCreditNote { lines: Some(lines), ..NewCreditNote::default() };
        told(&write(db, &ctx, move |ctx, tx| credit_invoice(ctx, tx, id, new.clone())).unwrap_err())
    };
    let (one, none) = (Quantity::from_units(1), Quantity::ZERO);
    let below = Quantity::from_units(-1);
    assert_eq!(refused(vec![]), "lines: sales-nothing-to-return");
    assert_eq!(refused(vec![(own, none)]), "lines: sales-nothing-to-return");
    assert_eq!(refused(vec![(own, below)]), "lines.0.quantity: sales-quantity-negative");
    assert_eq!(refused(vec![(own, Quantity::from_units(3))]), "lines.0.quantity: sales-more-than-invoiced");
    assert_eq!(
        refused(vec![(strange, one), (own, one), (own, one)]),
        "lines.0.line: sales-line-not-invoiced, lines.2.line: sales-line-twice"
    );
    let back = credit(db, &ctx, &order, &made, None).unwrap();
    let again = credit(db, &ctx, &order, &back, None).unwrap_err();
    assert_eq!(told(&again), "Conflict sales-credit-note-stands");
    assert_eq!(refused(vec![]), "Conflict sales-invoice-is-credited");
    // A delivery is as strict.
    let (id, line) = (other.id, strange);
    let new = NewDelivery { lines: Some(vec![(line, below)]), ..NewDelivery::default() };
    let error = write(db, &ctx, move |ctx, tx| deliver_order(ctx, tx, id, new.clone())).unwrap_err();
    assert!(told(&error).starts_with("lines.0.quantity: sales-quantity-negative"), "{}", told(&error));
    assert_sound(db, &ctx);
}

#[db_test]
fn what_was_given_back_stands_with_its_payment(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 9);
    let order = confirmed(db, &ctx, &[(&choy, 1)]);
    let paid = pay(db, &ctx, &order, None).unwrap();
    let back = refund(db, &ctx, &order, Some(som(30))).unwrap();
    for (id, key) in [(paid.id, "sales-payment-is-refunded"), (back.id, "sales-refund-stands")] {
        let error = write(db, &ctx, move |ctx, tx| reverse_payment(ctx, tx, id, None)).unwrap_err();
        assert_eq!(told(&error), format!("Conflict {key}"));
    }
    assert_sound(db, &ctx);
}

#[db_test]
fn goods_for_nothing_are_sold_over_the_counter(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 9);
    let discount = kernel::Rate::default();
    let free = |price| NewLine { product: choy.id, quantity: Quantity::from_units(1), price, discount };
    let sale =
        |payments| QuickSale { lines: vec![free(Some(Money::ZERO))], payments, ..QuickSale::default() };
    for payments in [None, Some(vec![NewPayment::default()]), Some(Vec::new())] {
        let sale = sale(payments);
        let sold = write(db, &ctx, move |ctx, tx| sell(ctx, tx, Source::Staff, sale.clone())).unwrap();
        assert_eq!((sold.order.amounts.total, sold.payments.len()), (Money::ZERO, 0));
    }
    let paid = sale(Some(vec![NewPayment { amount: Some(som(1)), ..NewPayment::default() }]));
    let more = write(db, &ctx, move |ctx, tx| sell(ctx, tx, Source::Staff, paid.clone())).unwrap_err();
    assert_eq!(told(&more), "Conflict sales-order-is-paid");
    assert_eq!(books(db, &ctx), "goods 6, cost 3");
    // They come back as they went: the goods alone are in the books.
    let sale = sale(None);
    let sold = write(db, &ctx, move |ctx, tx| sell(ctx, tx, Source::Staff, sale.clone())).unwrap();
    credit(db, &ctx, &sold.order, &sold.invoice, None).unwrap();
    assert_eq!(books(db, &ctx), "goods 6, cost 3");
    assert_sound(db, &ctx);
}
