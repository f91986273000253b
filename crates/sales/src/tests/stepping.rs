//! The steps of an order.

use db::{db_test, testing::TestDb};

use super::{
    assert_sound, cart, content, create, ctx, customer, place, product, standing, told, told_events, write,
};
use crate::{
    ORDER_CANCELLED, Source, Status, cancel_order, confirm_order, create_order, move_order, submit_order,
};

#[db_test]
fn a_draft_is_submitted_confirmed_and_cancelled_and_each_step_is_told(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 10);
    let id = create(db, &ctx, Status::Draft, content(&[(&choy, 4)])).unwrap().id;
    write(db, &ctx, move |ctx, tx| submit_order(ctx, tx, id)).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "10/0");
    let confirmed = write(db, &ctx, move |ctx, tx| confirm_order(ctx, tx, id)).unwrap();
    assert!(confirmed.confirmed_at.is_some());
    assert_eq!(standing(db, &ctx, &choy), "10/4");
    assert_sound(db, &ctx);
    let cancelled = write(db, &ctx, move |ctx, tx| cancel_order(ctx, tx, id, " Mijoz  voz kechdi ")).unwrap();
    assert_eq!(
        (cancelled.status, cancelled.cancel_reason.as_str()),
        (Status::Cancelled, "Mijoz  voz kechdi")
    );
    assert_eq!(standing(db, &ctx, &choy), "10/0");
    assert_sound(db, &ctx);
    let names: Vec<_> = told_events(db).into_iter().map(|(name, event)| (name, event.status)).collect();
    let names: Vec<_> = names.iter().map(|(name, status)| (name.as_str(), status.as_str())).collect();
    assert_eq!(
        names,
        [
            ("sales_order.created", "draft"),
            ("sales_order.changed", "new"),
            ("sales_order.confirmed", "confirmed"),
            ("sales_order.cancelled", "cancelled")
        ]
    );
    for status in [Status::New, Status::Confirmed, Status::Cancelled] {
        let error = write(db, &ctx, move |ctx, tx| move_order(ctx, tx, id, status, "")).unwrap_err();
        assert_eq!(told(&error), "Conflict sales-order-is-cancelled");
    }
    let error = write(db, &ctx, move |ctx, tx| move_order(ctx, tx, id, Status::Draft, "")).unwrap_err();
    assert_eq!(told(&error), "status: sales-status-not-back-to-draft");
}

#[db_test]
fn a_chats_order_is_confirmed_without_keeping_its_goods_twice_and_cancelled_with_its_reason(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 4);
    let aziza = customer(db, &ctx);
    let id = place(db, &ctx, cart(&aziza, &[(&choy, 4)])).unwrap().id;
    write(db, &ctx, move |ctx, tx| confirm_order(ctx, tx, id)).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "4/4");
    write(db, &ctx, move |ctx, tx| cancel_order(ctx, tx, id, "Qoldiq yoʻq")).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "4/0");
    let (name, event) = told_events(db).pop().unwrap();
    assert_eq!((name.as_str(), event.reason.as_str()), (ORDER_CANCELLED, "Qoldiq yoʻq"));
    assert_eq!(event.chat_ref.as_deref(), Some("telegram:1:42"));
    let lang = event.customer.map(|customer| customer.lang);
    assert_eq!(lang, Some(kernel::Lang::Uz));
    assert_sound(db, &ctx);
}

#[db_test]
fn an_order_that_lacks_goods_is_not_confirmed(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 3);
    let id = create(db, &ctx, Status::New, content(&[(&choy, 4)])).unwrap().id;
    let error = write(db, &ctx, move |ctx, tx| confirm_order(ctx, tx, id)).unwrap_err();
    assert_eq!(told(&error), "Conflict stock-not-enough");
    let whole = content(&[(&choy, 4)]);
    let error =
        write(db, &ctx, move |ctx, tx| create_order(ctx, tx, Source::Api, Status::Confirmed, whole.clone()));
    assert_eq!(told(&error.unwrap_err()), "Conflict stock-not-enough");
    assert_sound(db, &ctx);
}
