//! Stock on both databases.

mod adjusting;
mod api;
mod books;
mod delivering;
mod pages;
mod receiving;
mod reserving;
mod warehouses;

use catalog::{Product, ProductContent, create_product};
use context::{Actor, Ctx, CtxBuilder, Random};
use db::{ReadTx, Tx, params, testing::TestDb};
use kernel::{Error, Id, Kind, Money, Quantity, Result, Timestamp};

use crate::{NewReceipt, NewReceiptLine, Violation, balances_of, check, check_worth, receive};

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

fn product(db: &TestDb, ctx: &Ctx, code: &'static str) -> Product {
    let content = ProductContent {
        purchase_price: Money::from_som(90),
        ..ProductContent::new(code, format!("Mahsulot {code}"), Money::from_som(150))
    };
    write(db, ctx, move |ctx, tx| create_product(ctx, tx, content.clone())).unwrap()
}

/// A receipt of `quantity` units at `unit_cost` so'm, posted.
fn stocked(db: &TestDb, ctx: &Ctx, product: &Product, quantity: i64, unit_cost: i64) {
    let new = NewReceipt { lines: vec![line(product, quantity, unit_cost)], ..NewReceipt::default() };
    write(db, ctx, move |ctx, tx| receive(ctx, tx, new.clone())).unwrap();
}

fn line(product: &Product, quantity: i64, unit_cost: i64) -> NewReceiptLine {
    NewReceiptLine {
        product: product.id,
        quantity: Quantity::from_units(quantity),
        unit_cost: Money::from_som(unit_cost),
    }
}

/// `on hand/reserved/value` of the product in all warehouses, in units and so'm.
fn standing(db: &TestDb, ctx: &Ctx, product: &Product) -> String {
    let id = product.id;
    let balances = read(db, ctx, move |ctx, tx| balances_of(ctx, tx, &[id]));
    let on_hand = Quantity::sum(balances.iter().map(|b| b.on_hand)).unwrap();
    let reserved = Quantity::sum(balances.iter().map(|b| b.reserved)).unwrap();
    let value = Money::sum(balances.iter().map(|b| b.value)).unwrap();
    format!("{on_hand}/{reserved}/{value}")
}

#[track_caller]
fn assert_sound(db: &TestDb, ctx: &Ctx) {
    assert_eq!(read(db, ctx, check), Vec::<Violation>::new());
    assert_eq!(read(db, ctx, check_worth), Vec::<String>::new());
    assert_eq!(read(db, ctx, ledger::check), Vec::<String>::new());
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

#[db::db_test]
fn the_database_itself_refuses_to_change_or_delete_a_move(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 5, 100);
    for sql in [
        "UPDATE stock_move SET quantity = 1 WHERE workspace_id = $1",
        "DELETE FROM stock_move WHERE workspace_id = $1",
    ] {
        let error = write(db, &ctx, move |ctx, tx| tx.execute(sql, params![ctx.workspace()])).unwrap_err();
        assert_eq!(error.kind(), Kind::Internal, "{sql}");
    }
    assert_eq!(standing(db, &ctx, &choy), "5/0/500");
    assert_sound(db, &ctx);
}

#[db::db_test]
fn the_database_itself_refuses_a_balance_that_cannot_be(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 5, 100);
    for change in [
        "on_hand = -1",
        "reserved = -1",
        "reserved = 6000",
        "value_tiyin = -1",
        "on_hand = 0",
        "on_hand = 0, value_tiyin = 1",
    ] {
        let sql = format!("UPDATE stock_balance SET {change} WHERE workspace_id = $1");
        let outcome = write(db, &ctx, move |ctx, tx| tx.execute(&sql, params![ctx.workspace()]));
        assert!(outcome.is_err(), "{change}");
    }
}

#[db::db_test]
fn what_does_not_agree_is_found(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 5, 100);
    write(db, &ctx, |ctx, tx| {
        let sql = "UPDATE stock_balance SET on_hand = 4000, reserved = 1000 WHERE workspace_id = $1";
        tx.execute_one(sql, params![ctx.workspace()])
    })
    .unwrap();
    let found = read(db, &ctx, check);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|violation| violation.product == choy.id));
}
