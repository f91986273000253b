//! The checkout of a chat.

use catalog::{ProductContent, set_product_active, update_product};
use context::{AuditFilter, list_audit_entries, set_setting};
use db::{db_test, testing::TestDb};
use kernel::{Arg, Kind, Money, PageRequest, Quantity};

use super::{
    assert_sound, cart, content, create, ctx, customer, place, product, read, standing, told, told_events,
    write,
};
use crate::{
    Delivery, DeliveryKind, LineState, ORDER_PLACED, OrderFilter, PRICES_INCLUDE_VAT, PlaceLine, PlaceOrder,
    Status, cancel_order, get_order, list_orders, order_lines, orders_of_customer, preview_order,
};

/// Statements of a checkout of two lines today; the bar is 25.
const STATEMENTS_AT_MOST: usize = 13;

#[db_test]
fn a_checkout_is_an_order_with_its_goods_kept_its_audit_and_its_event(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A", 56_000, 10), product(db, &ctx, "B", 11_200, 10));
    let aziza = customer(db, &ctx);
    let input = PlaceOrder {
        delivery: Delivery {
            kind: DeliveryKind::Delivery,
            address: "Chilonzor 5".into(),
            place: "41.28,69.2".into(),
            fee: Money::from_som(11_200),
        },
        note: "Tezroq".into(),
        expected_total: Some(Money::from_som(156_800)),
        ..cart(&aziza, &[(&choy, 2), (&non, 3)])
    };
    let order = place(db, &ctx, input).unwrap();
    assert_eq!((order.number, order.status, order.line_count), (1, Status::New, 2));
    let amounts = order.amounts;
    let som = Money::from_som;
    assert_eq!((amounts.net, amounts.vat, amounts.total), (som(140_000), som(16_800), som(156_800)));
    assert_eq!((standing(db, &ctx, &choy), standing(db, &ctx, &non)), ("10/2".into(), "10/3".into()));

    let id = order.id;
    assert_eq!(read(db, &ctx, move |ctx, tx| get_order(ctx, tx, id)), order);
    let lines = read(db, &ctx, move |ctx, tx| order_lines(ctx, tx, id));
    assert_eq!(
        lines.iter().map(|l| (l.position, l.amounts.total)).collect::<Vec<_>>(),
        [(1, som(112_000)), (2, som(33_600))]
    );
    let entries = read(db, &ctx, move |ctx, tx| {
        let filter = AuditFilter { entity_id: Some(id.uuid()), ..AuditFilter::default() };
        list_audit_entries(ctx, tx, &filter, PageRequest::default())
    });
    assert_eq!(entries.results[0].action, "sales_order.place");
    let events = told_events(db);
    let (name, event) = &events[0];
    assert_eq!((events.len(), name.as_str(), event.number), (1, ORDER_PLACED, 1));
    assert_eq!(event.chat_ref.as_deref(), Some("telegram:1:42"));
    assert_eq!(event.customer.as_ref().map(|c| c.name.as_str()), Some("Aziza Karimova"));
    assert_sound(db, &ctx);
}

#[db_test]
fn a_checkout_of_two_lines_takes_few_statements(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A", 56_000, 10), product(db, &ctx, "B", 11_200, 10));
    let aziza = customer(db, &ctx);
    db.set_recording(true);
    place(db, &ctx, cart(&aziza, &[(&choy, 2), (&non, 3)])).unwrap();
    db.set_recording(false);
    let record = db.take_record();
    let statements: Vec<_> =
        record.iter().flatten().map(|s| s.sql.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert!(statements.len() <= STATEMENTS_AT_MOST, "{}: {statements:#?}", statements.len());
}

#[db_test]
fn what_changed_since_the_customer_saw_it_is_a_conflict_that_names_it(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A", 56_000, 10), product(db, &ctx, "B", 11_200, 10));
    let aziza = customer(db, &ctx);
    let whole = PlaceOrder { expected_total: Some(Money::from_som(1)), ..cart(&aziza, &[(&choy, 1)]) };
    assert_eq!(told(&place(db, &ctx, whole).unwrap_err()), "Conflict sales-total-changed");

    let dearer = ProductContent { sale_price: Money::from_som(60_000), ..choy.content() };
    let id = choy.id;
    write(db, &ctx, move |ctx, tx| update_product(ctx, tx, id, dearer.clone())).unwrap();
    let error = place(db, &ctx, cart(&aziza, &[(&non, 1), (&choy, 1)])).unwrap_err();
    assert_eq!(told(&error), "Conflict sales-price-changed");
    assert_eq!(
        error.text().args(),
        [("product", Arg::from("Mahsulot A")), ("price", Arg::Money(Money::from_som(60_000)))]
    );

    let id = non.id;
    write(db, &ctx, move |ctx, tx| set_product_active(ctx, tx, id, false)).unwrap();
    let error = place(db, &ctx, cart(&aziza, &[(&non, 1)])).unwrap_err();
    assert_eq!(told(&error), "Conflict sales-product-off-sale");

    let error = place(
        db,
        &ctx,
        PlaceOrder {
            lines: vec![PlaceLine {
                product: choy.id,
                quantity: Quantity::from_units(11),
                expected_price: None,
            }],
            ..cart(&aziza, &[])
        },
    )
    .unwrap_err();
    assert_eq!(told(&error), "Conflict stock-not-enough");
    assert_eq!(told_events(db), [], "nothing was told of what did not happen");
    let none =
        read(db, &ctx, |ctx, tx| list_orders(ctx, tx, &OrderFilter::default(), PageRequest::default()));
    assert_eq!(none.count, 0);
    assert_eq!(standing(db, &ctx, &choy), "10/0");
}

#[db_test]
fn a_cart_is_previewed_line_by_line(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A", 100, 3), product(db, &ctx, "B", 10, 10));
    let line = |id, units: i64, price: Option<i64>| PlaceLine {
        product: id,
        quantity: Quantity::from_units(units),
        expected_price: price.map(Money::from_som),
    };
    let nothing = kernel::Id::from_uuid(uuid::Uuid::from_u128(9));
    let lines = [
        line(choy.id, 2, None),
        line(choy.id, 2, None),
        line(non.id, 1, Some(11)),
        line(nothing, 1, None),
        line(non.id, 9, Some(10)),
    ];
    let preview = read(db, &ctx, move |ctx, tx| preview_order(ctx, tx, &lines, Money::from_som(5)));
    let states: Vec<_> = preview.lines.iter().map(|l| l.state).collect();
    assert_eq!(
        states,
        [
            LineState::Ready,
            LineState::NotEnough(Quantity::ONE),
            LineState::PriceChanged,
            LineState::Gone,
            LineState::Ready
        ]
    );
    assert_eq!(preview.amounts.total, Money::from_som(505));
}

#[db_test]
fn vat_is_put_on_top_where_the_workspace_says_so(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 50_000, 10);
    let aziza = customer(db, &ctx);
    write(db, &ctx, |ctx, tx| set_setting(ctx, tx, PRICES_INCLUDE_VAT, &false)).unwrap();
    let order = place(db, &ctx, cart(&aziza, &[(&choy, 3)])).unwrap();
    assert_eq!(order.amounts.total, Money::from_som(168_000));
    assert!(!order.prices_include_vat);
    assert_sound(db, &ctx);
}

#[db_test]
fn wrong_checkouts_are_refused_with_their_fields(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    let choy = product(db, &ours, "A", 100, 10);
    let strange = product(db, &theirs, "A", 100, 10);
    let aziza = customer(db, &ours);
    let stranger = customer(db, &theirs);
    #[track_caller]
    fn check(db: &TestDb, ctx: &context::Ctx, input: PlaceOrder, expected: &str) {
        assert_eq!(told(&place(db, ctx, input).unwrap_err()), expected);
    }
    let good = cart(&aziza, &[(&choy, 1)]);
    check(db, &ours, cart(&aziza, &[]), "lines: sales-lines-missing");
    check(db, &ours, cart(&aziza, &vec![(&choy, 1); 10_000]), "lines: sales-lines-too-many");
    check(db, &ours, cart(&aziza, &[(&choy, 0)]), "lines.0.quantity: stock-quantity-not-positive");
    check(
        db,
        &ours,
        cart(&aziza, &[(&choy, 1), (&choy, -1)]),
        "lines.1.quantity: stock-quantity-not-positive",
    );
    check(db, &ours, cart(&aziza, &[(&choy, i64::MAX)]), "lines.0.quantity: stock-quantity-too-large");
    check(db, &ours, cart(&aziza, &[(&strange, 1)]), "lines.0.product_id: sales-product-unknown");
    check(db, &ours, cart(&stranger, &[(&choy, 1)]), "customer_id: sales-customer-unknown");
    check(db, &theirs, good.clone(), "customer_id: sales-customer-unknown");
    check(db, &ours, PlaceOrder { note: "a\0b".into(), ..good.clone() }, "note: kernel-text-has-control");
    check(db, &ours, PlaceOrder { note: "x".repeat(2_001), ..good.clone() }, "note: kernel-text-too-long");
    let dear = Delivery { fee: Money::from_som(-1), ..Delivery::default() };
    check(db, &ours, PlaceOrder { delivery: dear, ..good.clone() }, "delivery.fee: sales-amount-negative");
    let reader = ours.with(|c| c.permissions = context::Permissions::NONE);
    check(db, &reader, good.clone(), "Forbidden kernel-forbidden");

    let note = "<script>alert(1)</script>'; DROP TABLE sales_order; --".to_owned();
    let order = place(db, &ours, PlaceOrder { note: note.clone(), ..good }).unwrap();
    assert_eq!(order.note, note);
}

#[db_test]
fn a_customer_sees_their_own_orders_and_no_drafts(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    let choy = product(db, &ours, "A", 100, 10);
    let aziza = customer(db, &ours);
    let first = place(db, &ours, cart(&aziza, &[(&choy, 1)])).unwrap();
    place(db, &ours, cart(&aziza, &[(&choy, 1)])).unwrap();
    let draft = crate::OrderContent { customer: Some(aziza.id), ..content(&[(&choy, 1)]) };
    create(db, &ours, Status::Draft, draft).unwrap();
    create(db, &ours, Status::New, content(&[(&choy, 1)])).unwrap();
    let id = first.id;
    write(db, &ours, move |ctx, tx| cancel_order(ctx, tx, id, "")).unwrap();
    let whom = aziza.id;
    let seen = read(db, &ours, move |ctx, tx| orders_of_customer(ctx, tx, whom, PageRequest::default()));
    let seen: Vec<_> = seen.results.iter().map(|o| (o.number, o.status)).collect();
    assert_eq!(seen, [(2, Status::New), (1, Status::Cancelled)]);
    let none = read(db, &theirs, move |ctx, tx| orders_of_customer(ctx, tx, whom, PageRequest::default()));
    assert_eq!(none.count, 0);
    let error = write(db, &theirs, move |ctx, tx| cancel_order(ctx, tx, id, "")).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
}
