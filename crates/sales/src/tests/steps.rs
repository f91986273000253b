//! The steps of an order, as the tests do them.

use catalog::Product;
use context::Ctx;
use db::testing::TestDb;
use kernel::{Date, Id, Money, Quantity, Result};
use ledger::{Role, account_turnover};

use super::{content, create, customer, read, write};
use crate::{
    Invoice, NewCreditNote, NewDelivery, NewInvoice, NewPayment, Order, OrderLine, Payment, Status,
    credit_invoice, deliver_order, get_order, invoice_order, order_lines, pay_order, refund_order,
};

pub(super) fn som(amount: i64) -> Money {
    Money::from_som(amount)
}

/// What stands on the accounts of these roles, debit above zero, in so'm.
pub(super) fn books(db: &TestDb, ctx: &Ctx) -> String {
    let roles = [
        ("goods", Role::Goods),
        ("cost", Role::CostOfGoods),
        ("customers", Role::Customers),
        ("advances", Role::CustomerAdvances),
        ("sold", Role::RevenueGoods),
        ("brought", Role::RevenueServices),
        ("returned", Role::Returns),
        ("vat", Role::VatOutput),
        ("cash", Role::Cash),
    ];
    read(db, ctx, move |ctx, tx| {
        let mut words = Vec::new();
        for (name, role) in roles {
            let account = ledger::account_for(ctx, tx, role)?;
            let today = ctx.today();
            let stands = account_turnover(ctx, tx, account.id, Date::new(2000, 1, 1)?, today)?.closing()?;
            if !stands.is_zero() {
                words.push(format!("{name} {stands}"));
            }
        }
        Ok(words.join(", "))
    })
}

pub(super) fn confirmed(db: &TestDb, ctx: &Ctx, lines: &[(&Product, i64)]) -> Order {
    let mut content = content(lines);
    content.customer = Some(customer(db, ctx).id);
    create(db, ctx, Status::Confirmed, content).unwrap()
}

pub(super) fn lines_of(db: &TestDb, ctx: &Ctx, order: &Order) -> Vec<OrderLine> {
    let id = order.id;
    read(db, ctx, move |ctx, tx| order_lines(ctx, tx, id))
}

pub(super) fn now(db: &TestDb, ctx: &Ctx, order: &Order) -> Order {
    let id = order.id;
    read(db, ctx, move |ctx, tx| get_order(ctx, tx, id))
}

/// Units of the lines at these places.
pub(super) fn some(
    db: &TestDb,
    ctx: &Ctx,
    order: &Order,
    units: &[(usize, i64)],
) -> Vec<(Id<OrderLine>, Quantity)> {
    let lines = lines_of(db, ctx, order);
    units.iter().map(|(place, units)| (lines[*place].id, Quantity::from_units(*units))).collect()
}

pub(super) fn deliver(
    db: &TestDb,
    ctx: &Ctx,
    order: &Order,
    units: Option<&[(usize, i64)]>,
) -> Result<Order> {
    let lines = units.map(|units| some(db, ctx, order, units));
    let (id, new) = (order.id, NewDelivery { lines, ..NewDelivery::default() });
    Ok(write(db, ctx, move |ctx, tx| deliver_order(ctx, tx, id, new.clone()))?.0)
}

pub(super) fn invoice(db: &TestDb, ctx: &Ctx, order: &Order) -> Result<Invoice> {
    let id = order.id;
    Ok(write(db, ctx, move |ctx, tx| invoice_order(ctx, tx, id, NewInvoice::default()))?.1)
}

pub(super) fn pay(db: &TestDb, ctx: &Ctx, order: &Order, amount: Option<Money>) -> Result<Payment> {
    let (id, new) = (order.id, NewPayment { amount, ..NewPayment::default() });
    Ok(write(db, ctx, move |ctx, tx| pay_order(ctx, tx, id, new.clone()))?.1)
}

pub(super) fn refund(db: &TestDb, ctx: &Ctx, order: &Order, amount: Option<Money>) -> Result<Payment> {
    let (id, new) = (order.id, NewPayment { amount, ..NewPayment::default() });
    Ok(write(db, ctx, move |ctx, tx| refund_order(ctx, tx, id, new.clone()))?.1)
}

pub(super) fn credit(
    db: &TestDb,
    ctx: &Ctx,
    order: &Order,
    invoice: &Invoice,
    units: Option<&[(usize, i64)]>,
) -> Result<Invoice> {
    let lines = units.map(|units| some(db, ctx, order, units));
    let (id, new) = (invoice.id, NewCreditNote { lines, ..NewCreditNote::default() });
    Ok(write(db, ctx, move |ctx, tx| credit_invoice(ctx, tx, id, new.clone()))?.1)
}
