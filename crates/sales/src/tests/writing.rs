//! Orders written by staff and outside systems.

use catalog::{ProductContent, Vat, update_product};
use context::Ctx;
use db::{db_test, testing::TestDb};
use kernel::{Date, Id, Kind, Money, PageRequest, Quantity, Rate};

use super::{
    assert_sound, cart, content, create, ctx, customer, place, product, read, standing, told, told_events,
    write,
};
use crate::{
    Goods, NewLine, OrderContent, OrderFilter, OrderOrder, Status, confirm_order, delete_order, get_order,
    list_orders, order_lines, update_order,
};

fn som(som: i64) -> Money {
    Money::from_som(som)
}

#[db_test]
fn staff_write_prices_and_discounts_and_the_day_says_the_rate(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A", 100, 0), product(db, &ctx, "B", 50, 0));
    let zero = ProductContent { vat: Vat::Zero, ..non.content() };
    let id = non.id;
    write(db, &ctx, move |ctx, tx| update_product(ctx, tx, id, zero.clone())).unwrap();
    let line = |product, units: i64, price: Option<i64>, off: i64| NewLine {
        product,
        quantity: Quantity::from_units(units),
        price: price.map(som),
        discount: Rate::from_percent(off),
    };
    let order = OrderContent {
        ordered_on: Some(Date::parse("2022-12-31").unwrap()),
        goods: Goods::Lines(vec![line(choy.id, 2, Some(115), 0), line(non.id, 2, None, 10)]),
        discount: som(32),
        ..OrderContent::default()
    };
    let order = create(db, &ctx, Status::Draft, order).unwrap();
    let id = order.id;
    let lines = read(db, &ctx, move |ctx, tx| order_lines(ctx, tx, id));
    assert_eq!(lines[0].vat_rate, Rate::from_percent(15));
    assert_eq!((lines[0].amounts.net, lines[0].amounts.vat), (som(180), som(27)));
    assert_eq!((lines[1].amounts.net, lines[1].amounts.vat), (som(81), som(0)));
    assert_eq!((order.amounts.total, order.discount), (som(288), som(32)));
    assert_sound(db, &ctx);
}

#[db_test]
fn an_order_of_sums_only_keeps_them_as_given(db: &TestDb) {
    let ctx = ctx(1);
    let aziza = customer(db, &ctx);
    let sums = OrderContent {
        customer: Some(aziza.id),
        goods: Goods::Sums { total: som(500_000), vat: som(75_000) },
        discount: som(50_000),
        ..OrderContent::default()
    };
    let order = create(db, &ctx, Status::Confirmed, sums).unwrap();
    assert!(order.amounts_only);
    assert_eq!(
        (order.amounts.total, order.amounts.vat, order.discount),
        (som(500_000), som(75_000), som(50_000))
    );
    assert_eq!((order.status, order.line_count), (Status::Confirmed, 0));
    assert_sound(db, &ctx);
}

#[db_test]
fn a_new_order_is_changed_and_a_confirmed_one_names_what_to_do(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 10);
    let order = create(db, &ctx, Status::New, content(&[(&choy, 2)])).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "10/0", "a new order of the staff promises nothing");
    let id = order.id;
    let next = content(&[(&choy, 3)]);
    let changed = write(db, &ctx, move |ctx, tx| update_order(ctx, tx, id, Some(1), next.clone())).unwrap();
    assert_eq!((changed.version, changed.amounts.total), (2, som(300)));
    let stale = content(&[(&choy, 4)]);
    let error =
        write(db, &ctx, move |ctx, tx| update_order(ctx, tx, id, Some(1), stale.clone())).unwrap_err();
    assert_eq!(told(&error), "Conflict sales-order-changed-meanwhile");

    write(db, &ctx, move |ctx, tx| confirm_order(ctx, tx, id)).unwrap();
    let late = content(&[(&choy, 4)]);
    let error = write(db, &ctx, move |ctx, tx| update_order(ctx, tx, id, None, late.clone())).unwrap_err();
    assert_eq!(told(&error), "Conflict sales-order-confirmed-stands");
    let error = write(db, &ctx, move |ctx, tx| delete_order(ctx, tx, id)).unwrap_err();
    assert_eq!(told(&error), "Conflict sales-order-confirmed-stands");
    assert_eq!(standing(db, &ctx, &choy), "10/3");
    assert_sound(db, &ctx);
}

#[db_test]
fn an_order_from_a_chat_keeps_its_goods_through_a_change_and_is_not_deleted(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A", 100, 10), product(db, &ctx, "B", 50, 5));
    let aziza = customer(db, &ctx);
    let id = place(db, &ctx, cart(&aziza, &[(&choy, 4)])).unwrap().id;
    let next = OrderContent { customer: Some(aziza.id), ..content(&[(&choy, 8), (&non, 5)]) };
    write(db, &ctx, move |ctx, tx| update_order(ctx, tx, id, None, next.clone())).unwrap();
    assert_eq!((standing(db, &ctx, &choy), standing(db, &ctx, &non)), ("10/8".into(), "5/5".into()));
    assert_sound(db, &ctx);
    let too_much = content(&[(&choy, 11)]);
    let error =
        write(db, &ctx, move |ctx, tx| update_order(ctx, tx, id, None, too_much.clone())).unwrap_err();
    assert_eq!(told(&error), "Conflict stock-not-enough");
    assert_eq!(standing(db, &ctx, &choy), "10/8", "the whole change is refused");
    let error = write(db, &ctx, move |ctx, tx| delete_order(ctx, tx, id)).unwrap_err();
    assert_eq!(told(&error), "Conflict sales-order-from-chat-stays");
    assert_sound(db, &ctx);
}

#[db_test]
fn a_draft_is_thrown_away_with_its_lines(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 10);
    let id = create(db, &ctx, Status::Draft, content(&[(&choy, 2)])).unwrap().id;
    write(db, &ctx, move |ctx, tx| delete_order(ctx, tx, id)).unwrap();
    let error = write(db, &ctx, move |ctx, tx| get_order(ctx, tx, id)).unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    let names: Vec<_> = told_events(db).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["sales_order.created", "sales_order.deleted"]);
}

#[db_test]
fn wrong_orders_are_refused_with_their_fields(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    let choy = product(db, &ours, "A", 100, 10);
    let strange = product(db, &theirs, "A", 100, 10);
    #[track_caller]
    fn check(db: &TestDb, ctx: &Ctx, content: OrderContent, expected: &str) {
        assert_eq!(told(&create(db, ctx, Status::New, content).unwrap_err()), expected);
    }
    let line = |price: Option<Money>, discount: i64| OrderContent {
        goods: Goods::Lines(vec![NewLine {
            product: choy.id,
            quantity: Quantity::ONE,
            price,
            discount: Rate::from_percent(discount),
        }]),
        ..OrderContent::default()
    };
    check(db, &ours, content(&[]), "lines: sales-lines-missing");
    check(db, &ours, content(&vec![(&choy, 1); 10_000]), "lines: sales-lines-too-many");
    check(db, &ours, content(&[(&choy, -5)]), "lines.0.quantity: stock-quantity-not-positive");
    check(db, &ours, content(&[(&strange, 1)]), "lines.0.product_id: sales-product-unknown");
    check(db, &ours, line(Some(som(-1)), 0), "lines.0.price: stock-price-negative");
    check(db, &ours, line(Some(Money::from_tiyin(i64::MAX)), 0), "lines.0.price: stock-price-too-large");
    check(db, &ours, line(None, 101), "lines.0.discount: sales-percent-out-of-range");
    check(db, &ours, line(None, -1), "lines.0.discount: sales-percent-out-of-range");
    let off = OrderContent { discount: som(101), ..line(None, 0) };
    check(db, &ours, off, "discount: sales-discount-out-of-range");
    let nobody = OrderContent { customer: Some(Id::from_uuid(uuid::Uuid::from_u128(9))), ..line(None, 0) };
    check(db, &ours, nobody, "customer_id: sales-customer-unknown");
    let sums = |total, vat| OrderContent { goods: Goods::Sums { total, vat }, ..OrderContent::default() };
    check(
        db,
        &ours,
        sums(som(-1), som(0)),
        "total_amount: sales-amount-negative, tax_amount: sales-tax-above-total",
    );
    check(db, &ours, sums(som(1), som(2)), "tax_amount: sales-tax-above-total");
    let huge = content(&[(&choy, 1_000_000_000)]);
    let dear = OrderContent {
        goods: match huge.goods {
            Goods::Lines(lines) => Goods::Lines(
                lines.into_iter().map(|l| NewLine { price: Some(som(1_000_000)), ..l }).collect(),
            ),
            sums => sums,
        },
        ..OrderContent::default()
    };
    check(db, &ours, dear, "lines: sales-amount-too-large");
}

#[db_test]
fn orders_are_found_by_words_in_either_script_by_day_and_by_state(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 10);
    let aziza = customer(db, &ctx);
    let of = |note: &str, day: &str| OrderContent {
        note: note.to_owned(),
        ordered_on: Some(Date::parse(day).unwrap()),
        ..content(&[(&choy, 1)])
    };
    create(db, &ctx, Status::Draft, of("Toʻy uchun", "2026-09-01")).unwrap();
    create(db, &ctx, Status::New, of("", "2026-09-10")).unwrap();
    let named = OrderContent { customer: Some(aziza.id), ..of("", "2026-09-20") };
    create(db, &ctx, Status::Confirmed, named).unwrap();
    let find = |filter: OrderFilter| -> Vec<i64> {
        let page = read(db, &ctx, move |ctx, tx| list_orders(ctx, tx, &filter, PageRequest::default()));
        page.results.iter().map(|order| order.number).collect()
    };
    let text = |text: &str| OrderFilter { text: text.to_owned(), ..OrderFilter::default() };
    let day = |day: &str| Some(Date::parse(day).unwrap());
    assert_eq!(find(OrderFilter::default()), [3, 2, 1]);
    assert_eq!(find(text("азиза")), [3]);
    assert_eq!(find(text("901234567")), [3]);
    assert_eq!(find(text("to'y")), [1]);
    assert_eq!(find(text("100%_'")), [0_i64; 0]);
    assert_eq!(find(OrderFilter { status: Some(Status::Draft), ..OrderFilter::default() }), [1]);
    let days = OrderFilter { from: day("2026-09-10"), until: day("2026-09-10"), ..OrderFilter::default() };
    assert_eq!(find(days), [2]);
    let oldest = OrderFilter { order: OrderOrder::Day, descending: false, ..OrderFilter::default() };
    assert_eq!(find(oldest), [1, 2, 3]);
}
