//! A whole sale of two lines in one transaction, from the order to the books, against its own SQL through the driver
//! alone.

use context::Ctx;
use db::Tx;
use kernel::{Quantity, Rate, Result};
use sales::{Goods, NewDelivery, NewInvoice, NewLine, NewPayment, OrderContent, QuickSale, Source, Status};

use crate::{
    action::{Action, Basket, Shop},
    bars::Bars,
    place::Database,
};

/// What a sale writes. Entries: what the goods cost, what they brought with its VAT, the money.
const LEAVES: &[(&str, i64)] = &[
    ("sales_order", 1),
    ("sales_order_line", 2),
    ("stock_move", 2),
    ("sales_delivery", 1),
    ("sales_delivery_line", 2),
    ("sales_invoice", 1),
    ("sales_invoice_line", 2),
    ("cash_transaction", 1),
    ("sales_payment", 1),
    ("sales_allocation", 1),
    ("ledger_entry", 3),
    ("context_audit_entry", 5),
];

/// Sales by 64 callers.
pub fn run(database: Database) -> Bars {
    let sale = Action {
        name: "sales",
        run: sell,
        count: database.choose(2_000, 600),
        statements_at_most: 45.0,
        leaves: LEAVES,
    };
    let shop = Shop::open(database);
    let bars = shop.measure(database, &sale);
    println!("\nstatements of the same in four steps, with goods kept meanwhile: {}", shop.statements(step));
    bars
}

fn lines(basket: &Basket) -> Vec<NewLine> {
    let line = |(product, units): &(catalog::Product, i64)| NewLine {
        product: product.id,
        quantity: Quantity::from_units(*units),
        price: None,
        discount: Rate::default(),
    };
    basket.lines.iter().map(line).collect()
}

fn sell(ctx: &Ctx, tx: &mut Tx<'_>, basket: &Basket) -> Result<()> {
    let sale = QuickSale { customer: Some(basket.customer), lines: lines(basket), ..QuickSale::default() };
    sales::sell(ctx, tx, Source::Staff, sale).map(drop)
}

/// As staff do it one after the other; nobody does it in one transaction.
fn step(ctx: &Ctx, tx: &mut Tx<'_>, basket: &Basket) -> Result<()> {
    let content = OrderContent {
        customer: Some(basket.customer),
        goods: Goods::Lines(lines(basket)),
        ..OrderContent::default()
    };
    let order = sales::create_order(ctx, tx, Source::Staff, Status::Confirmed, content)?;
    sales::deliver_order(ctx, tx, order.id, NewDelivery::default())?;
    sales::invoice_order(ctx, tx, order.id, NewInvoice::default())?;
    sales::pay_order(ctx, tx, order.id, NewPayment::default())?;
    Ok(())
}
