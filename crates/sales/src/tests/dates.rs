//! The days of documents: none in a closed month, none before the document that it follows or takes back.

use catalog::Product;
use context::Ctx;
use db::{Tx, db_test, testing::TestDb};
use kernel::{Date, Id, Quantity, Result};

use super::{
    assert_sound, content, create, ctx, product,
    steps::{confirmed, lines_of, som},
    told, write,
};
use crate::{
    DeliveryNote, Invoice, NewCreditNote, NewDelivery, NewInvoice, NewLine, NewPayment, Order, Payment,
    QuickSale, Source, Status, credit_invoice, deliver_order, invoice_order, pay_on_account, pay_order,
    refund_on_account, refund_order, reverse_payment, sell, undo_delivery,
};

fn july(day: u32) -> Option<Date> {
    Some(Date::new(2026, 7, day).unwrap())
}

fn money(amount: i64, on: Option<Date>) -> NewPayment {
    NewPayment { amount: Some(som(amount)), on, ..NewPayment::default() }
}

fn delivered(ctx: &Ctx, tx: &mut Tx<'_>, id: Id<Order>, on: Option<Date>) -> Result<DeliveryNote> {
    Ok(deliver_order(ctx, tx, id, NewDelivery { on, ..NewDelivery::default() })?.1)
}

fn invoiced(ctx: &Ctx, tx: &mut Tx<'_>, id: Id<Order>, on: Option<Date>) -> Result<Invoice> {
    Ok(invoice_order(ctx, tx, id, NewInvoice { on, ..NewInvoice::default() })?.1)
}

fn paid(ctx: &Ctx, tx: &mut Tx<'_>, id: Id<Order>, amount: i64, on: Option<Date>) -> Result<Payment> {
    Ok(pay_order(ctx, tx, id, money(amount, on))?.1)
}

fn credited(ctx: &Ctx, tx: &mut Tx<'_>, id: Id<Invoice>, on: Option<Date>) -> Result<Invoice> {
    Ok(credit_invoice(ctx, tx, id, NewCreditNote { on, ..NewCreditNote::default() })?.1)
}

fn counter(product: &Product, on: Option<Date>) -> QuickSale {
    let discount = kernel::Rate::default();
    let line = NewLine { product: product.id, quantity: Quantity::from_units(1), price: None, discount };
    QuickSale { lines: vec![line], on, ..QuickSale::default() }
}

#[track_caller]
fn refused(
    db: &TestDb,
    ctx: &Ctx,
    what: &str,
    run: impl Fn(&Ctx, &mut Tx<'_>) -> Result<()> + Send + 'static,
) {
    assert_eq!(told(&write(db, ctx, run).unwrap_err()), "date: ledger-period-is-closed", "{what}");
}

#[track_caller]
fn early(db: &TestDb, ctx: &Ctx, run: impl Fn(&Ctx, &mut Tx<'_>) -> Result<()> + Send + 'static) {
    assert_eq!(told(&write(db, ctx, run).unwrap_err()), "date: sales-date-before");
}

#[db_test]
fn nothing_is_written_into_a_closed_month(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 20);
    let sent = confirmed(db, &ctx, &[(&choy, 1)]);
    let whom = sent.customer.unwrap();
    let another = || {
        let mut new = content(&[(&choy, 1)]);
        new.customer = Some(whom);
        create(db, &ctx, Status::Confirmed, new).unwrap().id
    };
    let (sent, owed, waiting, prepaid) = (sent.id, another(), another(), another());
    // In July: one order sent, one invoiced, one prepaid, and money on account beyond what is owed.
    let (note, invoice, advance) = write(db, &ctx, move |ctx, tx| {
        let note = delivered(ctx, tx, sent, july(10))?;
        delivered(ctx, tx, owed, july(10))?;
        let invoice = invoiced(ctx, tx, owed, july(10))?;
        let advance = paid(ctx, tx, prepaid, 40, july(10))?;
        pay_on_account(ctx, tx, whom, money(150, july(10)))?;
        ledger::close_period(ctx, tx, ledger::Month::of(Date::new(2026, 7, 1)?)?)?;
        Ok((note.id, invoice.id, advance.id))
    })
    .unwrap();
    let day = july(15);
    refused(db, &ctx, "a delivery", move |ctx, tx| delivered(ctx, tx, waiting, day).map(drop));
    refused(db, &ctx, "its undoing", move |ctx, tx| undo_delivery(ctx, tx, note, day).map(drop));
    refused(db, &ctx, "an invoice", move |ctx, tx| invoiced(ctx, tx, sent, day).map(drop));
    refused(db, &ctx, "a credit note", move |ctx, tx| credited(ctx, tx, invoice, day).map(drop));
    refused(db, &ctx, "a payment", move |ctx, tx| paid(ctx, tx, prepaid, 5, day).map(drop));
    refused(db, &ctx, "its reversal", move |ctx, tx| reverse_payment(ctx, tx, advance, day).map(drop));
    refused(db, &ctx, "a refund", move |ctx, tx| refund_order(ctx, tx, prepaid, money(5, day)).map(drop));
    refused(db, &ctx, "money on account", move |ctx, tx| {
        pay_on_account(ctx, tx, whom, money(5, day)).map(drop)
    });
    refused(db, &ctx, "its refund", move |ctx, tx| refund_on_account(ctx, tx, whom, money(5, day)).map(drop));
    let sale = counter(&choy, day);
    refused(db, &ctx, "a sale", move |ctx, tx| sell(ctx, tx, Source::Staff, sale.clone()).map(drop));
    assert_sound(db, &ctx);
}

#[db_test]
fn no_document_is_of_a_day_before_the_one_that_it_follows(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A", 100, 20);
    let order = confirmed(db, &ctx, &[(&choy, 2)]);
    let (id, whom) = (order.id, order.customer.unwrap());
    let line = lines_of(db, &ctx, &order)[0].id;
    let part = move |ctx: &Ctx, tx: &mut Tx<'_>, on| {
        let lines = Some(vec![(line, Quantity::from_units(1))]);
        Ok(deliver_order(ctx, tx, id, NewDelivery { lines, on, ..NewDelivery::default() })?.1.id)
    };
    let note = write(db, &ctx, move |ctx, tx| part(ctx, tx, july(10))).unwrap();
    early(db, &ctx, move |ctx, tx| undo_delivery(ctx, tx, note, july(9)).map(drop));
    early(db, &ctx, move |ctx, tx| invoiced(ctx, tx, id, july(9)).map(drop));
    let invoice = write(db, &ctx, move |ctx, tx| invoiced(ctx, tx, id, july(10))).unwrap().id;
    early(db, &ctx, move |ctx, tx| credited(ctx, tx, invoice, july(9)).map(drop));
    // What was invoiced before does not hold back what goes out and is invoiced on an earlier day.
    write(db, &ctx, move |ctx, tx| {
        part(ctx, tx, july(5))?;
        invoiced(ctx, tx, id, july(6))
    })
    .unwrap();
    let payment = write(db, &ctx, move |ctx, tx| paid(ctx, tx, id, 200, july(12))).unwrap().id;
    early(db, &ctx, move |ctx, tx| reverse_payment(ctx, tx, payment, july(11)).map(drop));
    write(db, &ctx, move |ctx, tx| credited(ctx, tx, invoice, july(20))).unwrap();
    early(db, &ctx, move |ctx, tx| refund_order(ctx, tx, id, money(10, july(11))).map(drop));
    write(db, &ctx, move |ctx, tx| refund_order(ctx, tx, id, money(10, july(12)))).unwrap();
    write(db, &ctx, move |ctx, tx| pay_on_account(ctx, tx, whom, money(30, july(14)))).unwrap();
    early(db, &ctx, move |ctx, tx| refund_on_account(ctx, tx, whom, money(10, july(13))).map(drop));
    assert_sound(db, &ctx);
}
