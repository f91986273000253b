//! Many at once.

use context::Ctx;
use db::{Lane, Tx, db_test, testing::TestDb};
use kernel::{Money, Result};

use super::{
    assert_sound, cart, content, create, ctx, customer, product, read, standing,
    steps::{confirmed, deliver, invoice, now, pay},
    told, told_events, write,
};
use crate::{
    NewCreditNote, NewDelivery, NewInvoice, NewPayment, ORDER_CONFIRMED, OrderFilter, Status, cancel_order,
    confirm_order, credit_invoice, deliver_order, invoice_order, list_orders, pay_on_account, pay_order,
    place_order, refund_on_account, reverse_payment,
};

#[db_test]
async fn fifty_buyers_race_for_the_last_ten_and_exactly_ten_order(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A", 100, 10), product(db, &ctx, "B", 50, 100));
    let aziza = customer(db, &ctx);
    let calls: Vec<_> = (0..50)
        .map(|buyer| {
            let lines = if buyer % 2 == 0 { [(&choy, 1), (&non, 1)] } else { [(&non, 1), (&choy, 1)] };
            let (input, db, own) = (cart(&aziza, &lines), (**db).clone(), ctx.clone());
            tokio::spawn(async move {
                db.write(own.workspace(), Lane::People, move |tx| place_order(&own, tx, input.clone())).await
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for call in calls {
        match call.await.unwrap() {
            Ok(order) => numbers.push(order.number),
            Err(error) => assert_eq!(told(&error), "Conflict stock-not-enough"),
        }
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=10).collect::<Vec<_>>(), "ten orders, no number lost");
    assert_eq!((standing(db, &ctx, &choy), standing(db, &ctx, &non)), ("10/10".into(), "100/10".into()));
    assert_sound(db, &ctx);
}

#[db_test]
async fn of_two_people_who_confirm_at_once_one_does(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 10);
    let id = create(db, &ctx, Status::New, content(&[(&choy, 4)])).unwrap().id;
    let confirm = || {
        let own = ctx.clone();
        db.write(&ctx, Lane::People, move |tx| confirm_order(&own, tx, id))
    };
    let (one, two) = tokio::join!(confirm(), confirm());
    let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.iter().map(told).collect::<Vec<_>>(), ["Conflict sales-order-is-confirmed"]);
    assert_eq!(standing(db, &ctx, &choy), "10/4");
    assert_eq!(told_events(db).iter().filter(|(name, _)| name == ORDER_CONFIRMED).count(), 1);
    assert_sound(db, &ctx);
}

#[db_test]
async fn orders_and_cancellations_at_once_leave_nothing_promised_to_nobody(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A", 100, 20), product(db, &ctx, "B", 50, 20));
    let aziza = customer(db, &ctx);
    let calls: Vec<_> = (0..40_u32)
        .map(|buyer| {
            let (input, db, own) = (cart(&aziza, &[(&choy, 1), (&non, 2)]), (**db).clone(), ctx.clone());
            tokio::spawn(async move {
                let placing = own.clone();
                let placed = db
                    .write(own.workspace(), Lane::People, move |tx| place_order(&placing, tx, input.clone()));
                let Ok(order) = placed.await else { return };
                if buyer % 3 != 0 {
                    let (id, stepping) = (order.id, own.clone());
                    let step = db.write(own.workspace(), Lane::People, move |tx| {
                        if buyer % 3 == 1 {
                            cancel_order(&stepping, tx, id, "")
                        } else {
                            confirm_order(&stepping, tx, id)
                        }
                    });
                    step.await.unwrap();
                }
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert_sound(db, &ctx);
    let cancelled = OrderFilter { status: Some(Status::Cancelled), ..OrderFilter::default() };
    let cancelled =
        read(db, &ctx, move |ctx, tx| list_orders(ctx, tx, &cancelled, kernel::PageRequest::default()));
    assert!(cancelled.count > 0);
}

/// What two get who do the same at the same moment: how many did it, and what the others were told.
async fn twice(
    db: &TestDb,
    ctx: &Ctx,
    run: impl Fn(&Ctx, &mut Tx<'_>) -> Result<()> + Clone + Send + 'static,
) -> Vec<String> {
    let call = || {
        let (own, run) = (ctx.clone(), run.clone());
        db.write(ctx, Lane::People, move |tx| run(&own, tx))
    };
    let (one, two) = tokio::join!(call(), call());
    [one, two].into_iter().filter_map(Result::err).map(|error| told(&error)).collect()
}

#[db_test]
async fn of_two_who_deliver_invoice_pay_or_credit_at_once_one_does(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 10);
    let order = confirmed(db, &ctx, &[(&choy, 4)]);
    let (id, whom) = (order.id, order.customer.unwrap());
    let refused =
        twice(db, &ctx, move |ctx, tx| deliver_order(ctx, tx, id, NewDelivery::default()).map(drop));
    assert_eq!(refused.await, ["Conflict sales-order-is-delivered"]);
    let refused = twice(db, &ctx, move |ctx, tx| invoice_order(ctx, tx, id, NewInvoice::default()).map(drop));
    assert_eq!(refused.await, ["Conflict sales-order-is-invoiced"]);
    let refused = twice(db, &ctx, move |ctx, tx| pay_order(ctx, tx, id, NewPayment::default()).map(drop));
    assert_eq!(refused.await, ["Conflict sales-order-is-paid"]);
    let invoice = read(db, &ctx, move |ctx, tx| crate::invoices_of(ctx, tx, id))[0].id;
    let refused =
        twice(db, &ctx, move |ctx, tx| credit_invoice(ctx, tx, invoice, NewCreditNote::default()).map(drop));
    assert_eq!(refused.await, ["Conflict sales-invoice-is-credited"]);
    let refund =
        twice(db, &ctx, move |ctx, tx| crate::refund_order(ctx, tx, id, NewPayment::default()).map(drop));
    assert_eq!(refund.await, ["Conflict sales-refund-too-large"]);
    let ahead = NewPayment { amount: Some(Money::from_som(5)), ..NewPayment::default() };
    let paid = write(db, &ctx, move |ctx, tx| pay_on_account(ctx, tx, whom, ahead.clone())).unwrap().id;
    let refused = twice(db, &ctx, move |ctx, tx| reverse_payment(ctx, tx, paid, None).map(drop));
    assert_eq!(refused.await, ["Conflict sales-payment-is-reversed"]);
    assert_eq!(standing(db, &ctx, &choy), "10/0");
    assert_sound(db, &ctx);
}

#[db_test]
async fn money_on_account_and_the_steps_of_its_orders_at_once_leave_the_books_sound(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 40);
    let first = confirmed(db, &ctx, &[(&choy, 2)]);
    let whom = first.customer.unwrap();
    let orders: Vec<_> = (0..6)
        .map(|place| {
            let mut content = content(&[(&choy, 2)]);
            content.customer = Some(whom);
            let order = create(db, &ctx, Status::Confirmed, content).unwrap();
            deliver(db, &ctx, &order, None).unwrap();
            // Half of them wait for their invoice.
            if place % 2 == 0 {
                invoice(db, &ctx, &order).unwrap();
            }
            order
        })
        .collect();
    let mut calls = Vec::new();
    for (place, order) in orders.iter().enumerate() {
        for step in 0..3 {
            let (id, own, db) = (order.id, ctx.clone(), (**db).clone());
            let workspace = ctx.workspace();
            let amount = Money::from_som(i64::try_from(place * 70 + 10).unwrap());
            let new = NewPayment { amount: Some(amount), ..NewPayment::default() };
            calls.push(tokio::spawn(async move {
                let run = move |tx: &mut Tx<'_>| match step {
                    0 => pay_on_account(&own, tx, whom, new.clone()).map(drop),
                    1 if place % 2 == 0 => pay_order(&own, tx, id, NewPayment::default()).map(drop),
                    1 => invoice_order(&own, tx, id, NewInvoice::default()).map(drop),
                    _ => {
                        let paid = pay_on_account(&own, tx, whom, new.clone())?;
                        reverse_payment(&own, tx, paid.id, None).map(drop)
                    }
                };
                db.write(workspace, Lane::People, run).await
            }));
        }
    }
    for call in calls {
        if let Err(error) = call.await.unwrap() {
            assert_eq!(told(&error), "Conflict sales-order-is-paid");
        }
    }
    assert_sound(db, &ctx);
    let refund =
        twice(db, &ctx, move |ctx, tx| refund_on_account(ctx, tx, whom, NewPayment::default()).map(drop));
    let refused = refund.await;
    assert!(!refused.is_empty(), "the second finds nothing");
    assert!(pay(db, &ctx, &now(db, &ctx, &first), None).is_ok());
    assert_sound(db, &ctx);
}
