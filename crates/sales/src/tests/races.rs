//! Many at once.

use db::{Lane, db_test, testing::TestDb};

use super::{assert_sound, cart, content, create, ctx, customer, product, read, standing, told, told_events};
use crate::{ORDER_CONFIRMED, OrderFilter, Status, cancel_order, confirm_order, list_orders, place_order};

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
