//! From a confirmed order to the books and back: deliveries, invoices, payments, credit notes, refunds.

use cash::{RegisterKind, default_register};
use catalog::Product;
use context::Ctx;
use db::{db_test, testing::TestDb};
use kernel::{Date, Money, PageRequest, Quantity};

use super::{
    assert_sound, cart, content, create, ctx, customer, place, product, read, standing,
    steps::{books, confirmed, credit, deliver, invoice, lines_of, now, pay, refund, som},
    told, write,
};
use crate::{
    DeliveryState, NewDelivery, NewPayment, PaymentState, QuickSale, Source, Status, cancel_order,
    close_order, confirm_order, customer_standing, customer_statement, deliver_order, list_invoices,
    pay_on_account, pay_order, refund_order, reverse_payment, sell, undo_delivery,
};

#[db_test]
fn an_order_of_a_chat_is_delivered_invoiced_and_paid(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 112, 10);
    let order = place(db, &ctx, cart(&customer(db, &ctx), &[(&choy, 3)])).unwrap();
    let early = deliver(db, &ctx, &order, None).unwrap_err();
    assert_eq!(told(&early), "Conflict sales-order-not-confirmed");
    let id = order.id;
    write(db, &ctx, move |ctx, tx| confirm_order(ctx, tx, id)).unwrap();
    let early = invoice(db, &ctx, &order).unwrap_err();
    assert_eq!(told(&early), "Conflict sales-order-deliver-first");

    let order = deliver(db, &ctx, &order, None).unwrap();
    assert_eq!(order.progress.delivery, DeliveryState::Whole);
    assert_eq!(standing(db, &ctx, &choy), "7/0");
    assert_eq!(books(db, &ctx), "goods 7, cost 3");

    let made = invoice(db, &ctx, &order).unwrap();
    assert_eq!(
        (made.label().as_str(), made.amounts.total, made.amounts.vat),
        ("2026-000001", som(336), som(36))
    );
    assert_eq!(books(db, &ctx), "goods 7, cost 3, customers 336, sold -300, vat -36");
    assert_eq!(told(&invoice(db, &ctx, &order).unwrap_err()), "Conflict sales-order-is-invoiced");

    pay(db, &ctx, &order, Some(som(100))).unwrap();
    let more = pay(db, &ctx, &order, Some(som(237))).unwrap_err();
    assert_eq!(told(&more), "amount: sales-payment-too-large");
    assert_eq!(now(db, &ctx, &order).payment_state().unwrap(), PaymentState::Part);
    pay(db, &ctx, &order, None).unwrap();
    assert_eq!(books(db, &ctx), "goods 7, cost 3, sold -300, vat -36, cash 336");
    assert_eq!(told(&pay(db, &ctx, &order, None).unwrap_err()), "Conflict sales-order-is-paid");
    assert_eq!(now(db, &ctx, &order).payment_state().unwrap(), PaymentState::Paid);
    assert_sound(db, &ctx);
}

#[db_test]
fn goods_go_in_parts_and_what_does_not_divide_is_in_the_last(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A", 100, 10), product(db, &ctx, "B", 10, 10));
    let mut content = content(&[(&choy, 3), (&non, 1)]);
    // 310 less 1: the share of each line does not divide.
    content.discount = som(1);
    let order = create(db, &ctx, Status::Confirmed, content).unwrap();
    let mut totals = Money::ZERO;
    for _ in 0..3 {
        let order = deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap();
        assert_eq!(order.progress.delivery, DeliveryState::Part);
        totals = totals.plus(invoice(db, &ctx, &order).unwrap().amounts.total).unwrap();
    }
    let more = deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap_err();
    assert_eq!(told(&more), "lines.0.quantity: sales-more-than-left");
    let order = deliver(db, &ctx, &order, None).unwrap();
    assert_eq!(order.progress.delivery, DeliveryState::Whole);
    totals = totals.plus(invoice(db, &ctx, &order).unwrap().amounts.total).unwrap();
    assert_eq!(totals, som(309));
    assert_eq!(now(db, &ctx, &order).progress.invoiced, som(309));
    assert_eq!(told(&deliver(db, &ctx, &order, None).unwrap_err()), "Conflict sales-order-is-delivered");
    assert_sound(db, &ctx);
}

#[db_test]
fn an_advance_pays_the_invoices_that_follow(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 112, 10);
    let order = confirmed(db, &ctx, &[(&choy, 2)]);
    pay(db, &ctx, &order, Some(som(200))).unwrap();
    assert_eq!(books(db, &ctx), "goods 10, advances -200, cash 200");
    deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap();
    let first = invoice(db, &ctx, &order).unwrap();
    assert_eq!((first.paid, first.open().unwrap()), (som(112), Money::ZERO));
    deliver(db, &ctx, &order, None).unwrap();
    let second = invoice(db, &ctx, &order).unwrap();
    assert_eq!((second.paid, second.open().unwrap()), (som(88), som(24)));
    assert_eq!(books(db, &ctx), "goods 8, cost 2, customers 24, sold -200, vat -24, cash 200");
    pay(db, &ctx, &order, None).unwrap();
    assert_eq!(now(db, &ctx, &order).due().unwrap(), Money::ZERO);
    assert_sound(db, &ctx);
}

#[db_test]
fn the_fee_for_bringing_goes_with_the_first_invoice(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 112, 10);
    let mut content = content(&[(&choy, 2)]);
    content.delivery.fee = som(56);
    let order = create(db, &ctx, Status::Confirmed, content).unwrap();
    deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap();
    let first = invoice(db, &ctx, &order).unwrap();
    assert_eq!((first.amounts.total, first.fee.net, first.fee.vat), (som(168), som(50), som(6)));
    deliver(db, &ctx, &order, None).unwrap();
    let second = invoice(db, &ctx, &order).unwrap();
    assert_eq!((second.amounts.total, second.fee.total), (som(112), Money::ZERO));
    assert_eq!(books(db, &ctx), "goods 8, cost 2, customers 280, sold -200, brought -50, vat -30");
    // All of it back: the fee with it.
    let back = credit(db, &ctx, &order, &first, None).unwrap();
    assert_eq!(
        (back.label().as_str(), back.amounts.total, back.fee.total),
        ("QN-2026-000001", som(168), som(56))
    );
    assert_sound(db, &ctx);
}

#[db_test]
fn what_comes_back_leaves_no_tiyin_behind_and_the_money_goes_back(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 3);
    let mut wanted = content(&[(&choy, 3)]);
    wanted.discount = som(1);
    wanted.customer = Some(customer(db, &ctx).id);
    let order = create(db, &ctx, Status::Confirmed, wanted).unwrap();
    deliver(db, &ctx, &order, None).unwrap();
    let made = invoice(db, &ctx, &order).unwrap();
    pay(db, &ctx, &order, None).unwrap();
    let more = credit(db, &ctx, &order, &made, Some(&[(0, 4)])).unwrap_err();
    assert_eq!(told(&more), "lines.0.quantity: sales-more-than-invoiced");

    let mut back = Money::ZERO;
    for place in 1..=3 {
        let note = credit(db, &ctx, &order, &made, Some(&[(0, 1)])).unwrap();
        assert_eq!(note.number, place);
        back = back.plus(note.amounts.total).unwrap();
        assert_sound(db, &ctx);
    }
    assert_eq!(back, som(299));
    let nothing = credit(db, &ctx, &order, &made, None).unwrap_err();
    assert_eq!(told(&nothing), "Conflict sales-invoice-is-credited");
    assert_eq!(standing(db, &ctx, &choy), "3/0");
    assert_eq!(now(db, &ctx, &order).due().unwrap(), som(-299));
    assert_eq!(now(db, &ctx, &order).payment_state().unwrap(), PaymentState::Over);

    let more = refund(db, &ctx, &order, Some(som(300))).unwrap_err();
    assert_eq!(told(&more), "amount: sales-refund-too-large");
    refund(db, &ctx, &order, Some(som(99))).unwrap();
    refund(db, &ctx, &order, None).unwrap();
    assert_eq!(told(&refund(db, &ctx, &order, None).unwrap_err()), "Conflict sales-refund-too-large");
    let books = books(db, &ctx);
    assert!(
        books.starts_with("goods 3, sold -") && !books.contains("cash") && !books.contains("vat"),
        "{books}"
    );
    assert_sound(db, &ctx);
}

#[db_test]
fn a_refund_larger_than_the_till_is_refused_in_words(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 3);
    let order = confirmed(db, &ctx, &[(&choy, 1)]);
    let bank = write(db, &ctx, |ctx, tx| default_register(ctx, tx, RegisterKind::Bank)).unwrap();
    let (id, new) = (order.id, NewPayment { register: Some(bank.id), ..NewPayment::default() });
    write(db, &ctx, move |ctx, tx| pay_order(ctx, tx, id, new.clone())).unwrap();
    let empty = refund(db, &ctx, &order, None).unwrap_err();
    assert_eq!(told(&empty), "Conflict cash-register-has-only");
    let (id, new) = (order.id, NewPayment { register: Some(bank.id), ..NewPayment::default() });
    write(db, &ctx, move |ctx, tx| refund_order(ctx, tx, id, new.clone())).unwrap();
    let why = move |ctx: &Ctx, tx: &mut db::Tx<'_>| cancel_order(ctx, tx, id, "");
    write(db, &ctx, why).unwrap();
    assert_sound(db, &ctx);
}

#[db_test]
fn a_delivery_by_mistake_is_undone_until_it_is_invoiced(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 3);
    let order = confirmed(db, &ctx, &[(&choy, 2)]);
    let id = order.id;
    let send = move |ctx: &Ctx, tx: &mut db::Tx<'_>| deliver_order(ctx, tx, id, NewDelivery::default());
    let (_, note) = write(db, &ctx, send).unwrap();
    let stands = write(db, &ctx, move |ctx, tx| cancel_order(ctx, tx, id, "")).unwrap_err();
    assert_eq!(told(&stands), "Conflict sales-cancel-delivered");
    let undone = write(db, &ctx, move |ctx, tx| undo_delivery(ctx, tx, note.id, None)).unwrap();
    assert_eq!(undone.progress.delivery, DeliveryState::None);
    assert_eq!((standing(db, &ctx, &choy), books(db, &ctx)), ("3/2".into(), "goods 3".into()));
    let again = write(db, &ctx, move |ctx, tx| undo_delivery(ctx, tx, note.id, None)).unwrap_err();
    assert_eq!(told(&again), "Conflict sales-delivery-is-undone");
    assert_sound(db, &ctx);
    let (_, note) = write(db, &ctx, send).unwrap();
    invoice(db, &ctx, &order).unwrap();
    let stands = write(db, &ctx, move |ctx, tx| undo_delivery(ctx, tx, note.id, None)).unwrap_err();
    assert_eq!(told(&stands), "Conflict sales-delivery-is-invoiced");
    assert_sound(db, &ctx);
}

#[db_test]
fn an_order_of_which_the_rest_never_comes_is_closed(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 3);
    let order = confirmed(db, &ctx, &[(&choy, 3)]);
    let id = order.id;
    let nothing = write(db, &ctx, move |ctx, tx| close_order(ctx, tx, id)).unwrap_err();
    assert_eq!(told(&nothing), "Conflict sales-order-nothing-delivered");
    deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap();
    let closed = write(db, &ctx, move |ctx, tx| close_order(ctx, tx, id)).unwrap();
    assert_eq!(closed.progress.delivery, DeliveryState::Closed);
    assert_eq!(standing(db, &ctx, &choy), "2/0");
    invoice(db, &ctx, &order).unwrap();
    assert_eq!(now(db, &ctx, &order).due().unwrap(), som(100));
    assert_eq!(told(&deliver(db, &ctx, &order, None).unwrap_err()), "Conflict sales-order-is-delivered");
    assert_sound(db, &ctx);
}

#[db_test]
fn a_payment_by_mistake_is_taken_back(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 112, 3);
    let order = confirmed(db, &ctx, &[(&choy, 2)]);
    deliver(db, &ctx, &order, Some(&[(0, 1)])).unwrap();
    invoice(db, &ctx, &order).unwrap();
    let paid = pay(db, &ctx, &order, Some(som(150))).unwrap();
    assert_eq!((paid.allocated, paid.free().unwrap()), (som(112), som(38)));
    write(db, &ctx, move |ctx, tx| reverse_payment(ctx, tx, paid.id, None)).unwrap();
    assert_eq!(books(db, &ctx), "goods 2, cost 1, customers 112, sold -100, vat -12");
    let again = write(db, &ctx, move |ctx, tx| reverse_payment(ctx, tx, paid.id, None)).unwrap_err();
    assert_eq!(told(&again), "Conflict sales-payment-is-reversed");
    assert_sound(db, &ctx);
}

#[db_test]
fn a_customer_pays_on_account_the_oldest_first(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 9);
    let aziza = customer(db, &ctx);
    let order = |units| {
        let mut content = content(&[(&choy, units)]);
        content.customer = Some(aziza.id);
        let order = create(db, &ctx, Status::Confirmed, content).unwrap();
        deliver(db, &ctx, &order, None).unwrap();
        invoice(db, &ctx, &order).unwrap();
        order
    };
    let (one, two) = (order(1), order(2));
    let (id, new) = (aziza.id, NewPayment { amount: Some(som(150)), ..NewPayment::default() });
    let paid = write(db, &ctx, move |ctx, tx| pay_on_account(ctx, tx, id, new.clone())).unwrap();
    assert_eq!(
        (now(db, &ctx, &one).due().unwrap(), now(db, &ctx, &two).due().unwrap()),
        (Money::ZERO, som(150))
    );
    let new = NewPayment { amount: Some(som(200)), ..NewPayment::default() };
    write(db, &ctx, move |ctx, tx| pay_on_account(ctx, tx, id, new.clone())).unwrap();
    // Fifty are an advance, and pay the next order's invoice.
    let three = order(1);
    assert_eq!(now(db, &ctx, &three).due().unwrap(), som(50));
    assert_sound(db, &ctx);
    write(db, &ctx, move |ctx, tx| reverse_payment(ctx, tx, paid.id, None)).unwrap();
    assert_eq!((now(db, &ctx, &one).due().unwrap(), now(db, &ctx, &two).due().unwrap()), (som(100), som(50)));
    assert_sound(db, &ctx);
    // The statement ends where we stand, without the payment that was a mistake.
    let standing = read(db, &ctx, move |ctx, tx| customer_standing(ctx, tx, id));
    let statement = read(db, &ctx, move |ctx, tx| customer_statement(ctx, tx, id, PageRequest::new(1, 25)));
    assert_eq!((statement.count, statement.results[0].balance), (4, standing.balance().unwrap()));
    assert_eq!(standing.balance().unwrap(), som(200));
}

#[db_test]
fn an_invoice_has_the_rates_of_its_own_day(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 115, 9);
    let mut old = content(&[(&choy, 1)]);
    old.ordered_on = Some(Date::new(2022, 12, 31).unwrap());
    let order = create(db, &ctx, Status::Confirmed, old).unwrap();
    assert_eq!(order.amounts.vat, som(15));
    deliver(db, &ctx, &order, None).unwrap();
    let made = invoice(db, &ctx, &order).unwrap();
    assert_eq!((made.amounts.total, made.amounts.vat.tiyin()), (som(115), 1_232));
    assert_sound(db, &ctx);
}

#[db_test]
fn dates_to_come_closed_months_and_strange_lines_are_refused_beside_their_field(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 9);
    let order = confirmed(db, &ctx, &[(&choy, 3)]);
    let other = create(db, &ctx, Status::Confirmed, content(&[(&choy, 1)])).unwrap();
    let strange = lines_of(db, &ctx, &other)[0].id;
    let own = lines_of(db, &ctx, &order)[0].id;
    let past = Date::new(2026, 7, 15).unwrap();
    write(db, &ctx, move |ctx, tx| ledger::close_period(ctx, tx, ledger::Month::of(past)?)).unwrap();
    let id = order.id;
    let refused = |new: NewDelivery| {
        told(&write(db, &ctx, move |ctx, tx| deliver_order(ctx, tx, id, new.clone())).unwrap_err())
    };
    let one = Quantity::from_units(1);
    let on = |on| NewDelivery { on: Some(on), ..NewDelivery::default() };
    let lines = |lines| NewDelivery { lines: Some(lines), ..NewDelivery::default() };
    assert_eq!(refused(on(ctx.today().plus_days(1))), "date: sales-date-in-future");
    assert_eq!(refused(on(past)), "date: ledger-period-is-closed");
    assert_eq!(refused(lines(vec![])), "lines: sales-nothing-to-deliver");
    assert_eq!(refused(lines(vec![(own, Quantity::ZERO)])), "lines: sales-nothing-to-deliver");
    assert_eq!(
        refused(lines(vec![(strange, one), (own, one), (own, one)])),
        "lines.0.line: sales-line-unknown, lines.2.line: sales-line-twice"
    );
    let amounts = |amount| {
        let new = NewPayment { amount: Some(amount), ..NewPayment::default() };
        told(&write(db, &ctx, move |ctx, tx| pay_order(ctx, tx, id, new.clone())).unwrap_err())
    };
    assert_eq!(amounts(Money::ZERO), "amount: sales-payment-not-positive");
    assert_eq!(amounts(som(-5)), "amount: sales-payment-not-positive");
    assert_eq!(standing(db, &ctx, &choy), "9/4");
    assert_sound(db, &ctx);
}

#[db_test]
fn a_sale_over_the_counter_is_one_transaction_of_few_statements(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A", 112, 9), product(db, &ctx, "B", 56, 2));
    let aziza = customer(db, &ctx);
    let line = |product: &Product, units| crate::NewLine {
        product: product.id,
        quantity: Quantity::from_units(units),
        price: None,
        discount: kernel::Rate::default(),
    };
    let sale = QuickSale {
        customer: Some(aziza.id),
        lines: vec![line(&choy, 2), line(&non, 1)],
        ..QuickSale::default()
    };
    // The chart, the till and the numbers of the year are there from the first sale on.
    let first = sale.clone();
    write(db, &ctx, move |ctx, tx| sell(ctx, tx, Source::Staff, first.clone())).unwrap();
    let next = sale.clone();
    db.set_recording(true);
    let sold = write(db, &ctx, move |ctx, tx| sell(ctx, tx, Source::Staff, next.clone())).unwrap();
    db.set_recording(false);
    let record = db.take_record();
    let statements: Vec<_> = record.iter().flatten().map(|statement| &statement.sql).collect();
    assert!(statements.len() <= 45, "{}: {statements:#?}", statements.len());
    assert_eq!((sold.order.amounts.total, sold.order.due().unwrap()), (som(280), Money::ZERO));
    assert_eq!(books(db, &ctx), "goods 5, cost 6, sold -500, vat -60, cash 560");
    let more = write(db, &ctx, move |ctx, tx| sell(ctx, tx, Source::Staff, sale.clone())).unwrap_err();
    assert_eq!(told(&more), "Conflict stock-not-enough");
    // On credit, and in two parts.
    let credit = QuickSale {
        customer: Some(aziza.id),
        lines: vec![line(&choy, 1)],
        payments: Some(vec![
            NewPayment { amount: Some(som(50)), ..NewPayment::default() },
            NewPayment { amount: Some(som(40)), ..NewPayment::default() },
        ]),
        ..QuickSale::default()
    };
    let sold = write(db, &ctx, move |ctx, tx| sell(ctx, tx, Source::Staff, credit.clone())).unwrap();
    assert_eq!(sold.order.due().unwrap(), som(22));
    let all = read(db, &ctx, |ctx, tx| list_invoices(ctx, tx, &Default::default(), PageRequest::new(1, 9)));
    assert_eq!(all.count, 3);
    assert_sound(db, &ctx);
}
