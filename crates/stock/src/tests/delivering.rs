//! Goods that go to customers and come back.

use catalog::Product;
use context::Ctx;
use db::{db_test, testing::TestDb};
use kernel::{Id, Money, Quantity, Result};
use ledger::{NewEntry, NewLine, Role, Source};
use uuid::Uuid;

use super::{assert_sound, ctx, product, read, standing, stocked, told, write};
use crate::{
    Deliver, DeliverLine, Delivered, NewWarehouse, ReserveLine, TakeBack, create_warehouse, deliver,
    goods_lines, reservations_of, reserve, take_back,
};

const ORDER: Uuid = Uuid::from_u128(1);

fn line(product: &Product, units: i64, line: u128) -> DeliverLine {
    DeliverLine { line: Uuid::from_u128(line), product: product.id, quantity: Quantity::from_units(units) }
}

fn keep(db: &TestDb, ctx: &Ctx, lines: &[DeliverLine]) {
    let lines: Vec<_> = lines
        .iter()
        .map(|l| ReserveLine { product: l.product, quantity: l.quantity, source: ORDER, line: l.line })
        .collect();
    write(db, ctx, move |ctx, tx| reserve(ctx, tx, &lines)).unwrap();
}

/// Sends goods and posts what they cost, as an order does.
fn send(
    db: &TestDb,
    ctx: &Ctx,
    promised: bool,
    lines: Vec<DeliverLine>,
    products: &[&Product],
) -> Result<Vec<Delivered>> {
    let products: Vec<Product> = products.iter().map(|one| (*one).clone()).collect();
    write(db, ctx, move |ctx, tx| {
        let document: Id<()> = ctx.new_id();
        let new = Deliver {
            source: ORDER,
            document: document.uuid(),
            on: ctx.today(),
            promised,
            lines: lines.clone(),
        };
        let gone = deliver(ctx, tx, new, &products)?;
        let cost = Money::sum(gone.iter().map(|piece| piece.cost))?;
        let mut entry = NewEntry::new(
            ctx.today(),
            Source::new("test", document, None),
            "delivery",
            ledger::Memo::said("Sotuv"),
        )
        .with(NewLine::debit(Role::CostOfGoods, cost));
        for piece in &gone {
            let goods = NewLine::credit(Role::Goods, piece.cost);
            entry = entry.with(goods.product(piece.product).warehouse(piece.warehouse));
        }
        ledger::post(ctx, tx, entry)?;
        Ok(gone)
    })
}

fn come_back(db: &TestDb, ctx: &Ctx, pieces: Vec<Delivered>, promise_to: Option<Uuid>) {
    write(db, ctx, move |ctx, tx| {
        let document: Id<()> = ctx.new_id();
        let new = TakeBack { document: document.uuid(), on: ctx.today(), pieces: pieces.clone(), promise_to };
        let moves = take_back(ctx, tx, new)?;
        let source = Source::new("test", document, None);
        let entry = NewEntry::new(ctx.today(), source, "return", ledger::Memo::said("Qaytdi"));
        let cost = Money::sum(pieces.iter().map(|piece| piece.cost))?;
        let entry = goods_lines(entry, &moves)?.with(NewLine::credit(Role::CostOfGoods, cost));
        ledger::post(ctx, tx, entry)
    })
    .unwrap();
}

#[db_test]
fn promised_goods_go_in_parts_at_what_they_cost_on_average(db: &TestDb) {
    let ctx = ctx(1);
    let (choy, non) = (product(db, &ctx, "A"), product(db, &ctx, "B"));
    stocked(db, &ctx, &choy, 2, 100);
    stocked(db, &ctx, &choy, 1, 301);
    stocked(db, &ctx, &non, 5, 10);
    keep(db, &ctx, &[line(&choy, 3, 1), line(&non, 2, 2)]);

    let gone = send(db, &ctx, true, vec![line(&choy, 1, 1), line(&non, 2, 2)], &[&choy, &non]).unwrap();
    let costs: Vec<_> = gone.iter().map(|piece| (piece.line.as_u128(), piece.cost.tiyin())).collect();
    assert_eq!(costs, [(1, 16_700), (2, 2_000)]);
    assert_eq!((standing(db, &ctx, &choy), standing(db, &ctx, &non)), ("2/2/334".into(), "3/0/30".into()));
    assert_eq!(read(db, &ctx, |ctx, tx| reservations_of(ctx, tx, ORDER)).len(), 1);
    assert_sound(db, &ctx);

    let gone = send(db, &ctx, true, vec![line(&choy, 2, 1)], &[&choy]).unwrap();
    assert_eq!(gone[0].cost, Money::from_som(334));
    assert_eq!(standing(db, &ctx, &choy), "0/0/0");
    assert_eq!(read(db, &ctx, |ctx, tx| reservations_of(ctx, tx, ORDER)), []);
    assert_sound(db, &ctx);
}

#[db_test]
fn more_than_is_promised_or_free_does_not_go(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 3, 100);
    keep(db, &ctx, &[line(&choy, 2, 1)]);
    let more = send(db, &ctx, true, vec![line(&choy, 3, 1)], &[&choy]).unwrap_err();
    assert_eq!(told(&more), "Conflict stock-not-enough");
    // One is free; two are promised to somebody.
    let more = send(db, &ctx, false, vec![line(&choy, 2, 9)], &[&choy]).unwrap_err();
    assert_eq!(told(&more), "Conflict stock-not-enough");
    send(db, &ctx, false, vec![line(&choy, 1, 9)], &[&choy]).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "2/2/200");
    assert_sound(db, &ctx);
}

#[db_test]
fn free_goods_go_from_several_warehouses_and_come_back_to_where_they_were(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 3, 100);
    let second =
        NewWarehouse { name: "Filial".to_owned(), may_be_negative: false, active: true, is_default: false };
    let second = write(db, &ctx, move |ctx, tx| create_warehouse(ctx, tx, second.clone())).unwrap();
    let id = choy.id;
    let there = second.id;
    write(db, &ctx, move |ctx, tx| {
        let mut receipt = crate::NewReceipt { warehouse: Some(there), ..crate::NewReceipt::default() };
        receipt.lines = vec![crate::NewReceiptLine {
            product: id,
            quantity: Quantity::from_units(2),
            unit_cost: Money::from_som(50),
        }];
        crate::receive(ctx, tx, receipt)
    })
    .unwrap();
    let gone = send(db, &ctx, false, vec![line(&choy, 4, 1)], &[&choy]).unwrap();
    let costs: Vec<_> = gone.iter().map(|piece| piece.cost).collect();
    assert_eq!(costs, [Money::from_som(300), Money::from_som(50)]);
    assert_eq!(standing(db, &ctx, &choy), "1/0/50");
    come_back(db, &ctx, gone.clone(), Some(ORDER));
    assert_eq!(standing(db, &ctx, &choy), "5/4/400");
    assert_eq!(read(db, &ctx, |ctx, tx| reservations_of(ctx, tx, ORDER)).len(), 2);
    // Promised again, they can go again.
    send(db, &ctx, true, vec![line(&choy, 4, 1)], &[&choy]).unwrap();
    come_back(db, &ctx, gone, None);
    assert_eq!(standing(db, &ctx, &choy), "5/0/400");
    assert_sound(db, &ctx);
}

#[db_test]
fn goods_that_went_from_below_zero_and_come_back_leave_no_worth_behind(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    let owing =
        NewWarehouse { name: "Qarzga".to_owned(), may_be_negative: true, active: true, is_default: false };
    write(db, &ctx, move |ctx, tx| create_warehouse(ctx, tx, owing.clone())).unwrap();
    // Nothing was there: they go at the purchase price, 90.
    let gone = send(db, &ctx, false, vec![line(&choy, 2, 1)], &[&choy]).unwrap();
    assert_eq!(standing(db, &ctx, &choy), "-2/0/-180");
    come_back(db, &ctx, gone, None);
    assert_eq!(standing(db, &ctx, &choy), "0/0/0");
    assert_sound(db, &ctx);
}
