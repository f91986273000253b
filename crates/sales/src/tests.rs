//! Orders on both databases.

mod accounts;
mod api;
mod checking;
mod costs;
mod dates;
mod documents;
mod fulfilling;
mod pages;
mod papers;
mod placing;
mod plans;
mod races;
mod refusals;
mod stepping;
mod steps;
mod writing;

use catalog::{Product, ProductContent, create_product};
use contacts::{Contact, NewContact, create_contact};
use context::{Actor, Ctx, CtxBuilder, Random};
use db::{ReadTx, Scope, Tx, testing::TestDb};
use kernel::{Error, Id, Money, Phone, Quantity, Rate, Result, Timestamp};
use stock::{NewReceipt, NewReceiptLine, balances_of, receive};

use crate::{
    Delivery, Goods, NewLine, Order, OrderContent, OrderEvent, PlaceLine, PlaceOrder, Source, Status,
    create_order, place_order,
};

/// A member of a workspace who may do everything.
fn ctx(workspace: u128) -> Ctx {
    let id = Id::from_uuid(uuid::Uuid::from_u128(workspace));
    let now = Timestamp::from_millis(1_790_000_000_000);
    let random = Random::from_seed(u64::try_from(workspace).unwrap());
    CtxBuilder::server(id, Actor::guest(), now, random).build()
}

fn write<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    run: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| run(&own, tx))
}

fn read<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    run: impl Fn(&Ctx, &mut ReadTx<'_>) -> Result<T> + Send + 'static,
) -> T {
    let own = ctx.clone();
    db.read_now(ctx, move |tx| run(&own, tx)).unwrap()
}

/// A product at `price` so'm of which `quantity` are in stock.
fn product(db: &TestDb, ctx: &Ctx, code: &'static str, price: i64, quantity: i64) -> Product {
    let content = ProductContent::new(code, format!("Mahsulot {code}"), Money::from_som(price));
    let product = write(db, ctx, move |ctx, tx| create_product(ctx, tx, content.clone())).unwrap();
    if quantity > 0 {
        let line = NewReceiptLine {
            product: product.id,
            quantity: Quantity::from_units(quantity),
            unit_cost: Money::from_som(1),
        };
        let new = NewReceipt { lines: vec![line], ..NewReceipt::default() };
        write(db, ctx, move |ctx, tx| receive(ctx, tx, new.clone())).unwrap();
    }
    product
}

fn customer(db: &TestDb, ctx: &Ctx) -> Contact {
    let phone = Phone::parse("+998901234567").unwrap();
    let new = NewContact::customer("Aziza Karimova", Some(phone));
    write(db, ctx, move |ctx, tx| create_contact(ctx, tx, new.clone())).unwrap()
}

fn cart(customer: &Contact, lines: &[(&Product, i64)]) -> PlaceOrder {
    PlaceOrder {
        customer: customer.id,
        lines: lines
            .iter()
            .map(|(product, units)| PlaceLine {
                product: product.id,
                quantity: Quantity::from_units(*units),
                expected_price: Some(product.sale_price),
            })
            .collect(),
        delivery: Delivery::default(),
        note: String::new(),
        expected_total: None,
        source: Source::Chat,
        chat_ref: Some("telegram:1:42".to_owned()),
    }
}

fn place(db: &TestDb, ctx: &Ctx, input: PlaceOrder) -> Result<Order> {
    write(db, ctx, move |ctx, tx| place_order(ctx, tx, input.clone()))
}

fn content(lines: &[(&Product, i64)]) -> OrderContent {
    let lines = lines.iter().map(|(product, units)| NewLine {
        product: product.id,
        quantity: Quantity::from_units(*units),
        price: None,
        discount: Rate::default(),
    });
    OrderContent { goods: Goods::Lines(lines.collect()), ..OrderContent::default() }
}

fn create(db: &TestDb, ctx: &Ctx, status: Status, content: OrderContent) -> Result<Order> {
    write(db, ctx, move |ctx, tx| create_order(ctx, tx, Source::Staff, status, content.clone()))
}

/// `on hand/reserved` of the product, in units.
fn standing(db: &TestDb, ctx: &Ctx, product: &Product) -> String {
    let id = product.id;
    let balances = read(db, ctx, move |ctx, tx| balances_of(ctx, tx, &[id]));
    let on_hand = Quantity::sum(balances.iter().map(|b| b.on_hand)).unwrap();
    let reserved = Quantity::sum(balances.iter().map(|b| b.reserved)).unwrap();
    format!("{on_hand}/{reserved}")
}

#[track_caller]
fn assert_sound(db: &TestDb, ctx: &Ctx) {
    assert_eq!(read(db, ctx, stock::check), Vec::new());
    for found in [
        read(db, ctx, crate::check),
        read(db, ctx, stock::check_worth),
        read(db, ctx, cash::check),
        read(db, ctx, ledger::check),
    ] {
        assert_eq!(found, Vec::<String>::new());
    }
}

/// What sales told of orders, in order. Read straight from the outbox: its cursor waits for the open transactions of the whole
/// server, and other tests have some.
fn told_events(db: &TestDb) -> Vec<(String, OrderEvent)> {
    let sql = "SELECT name, payload FROM context_event
         WHERE name LIKE 'sales_%' AND name NOT LIKE '%_on_account' ORDER BY seq";
    db.read_now(Scope::Server, move |tx| {
        tx.query(sql, &[], |row| {
            let payload: serde_json::Value = row.get(1)?;
            Ok((row.get(0)?, serde_json::from_value(payload).unwrap()))
        })
    })
    .unwrap()
}

/// `field: key` of every marked field, or the kind and key of the whole.
fn told(error: &Error) -> String {
    if error.field_errors().is_empty() {
        return format!("{:?} {}", error.kind(), error.text().key());
    }
    let marked = error.field_errors().iter().map(|e| format!("{}: {}", e.field, e.text.key()));
    marked.collect::<Vec<_>>().join(", ")
}

#[test]
fn the_messages_are_complete() {
    assert_eq!(text::check(&crate::TEXTS), []);
}
