//! Warehouses.

use context::Ctx;
use db::{Lane, db_test, testing::TestDb};
use kernel::{Id, Kind, Quantity, Result};

use super::{ctx, product, read, stocked, told, write};
use crate::{
    Adjust, AdjustBy, NewWarehouse, Warehouse, adjust, create_warehouse, default_warehouse, update_warehouse,
    warehouses,
};

fn named(name: &str) -> NewWarehouse {
    NewWarehouse { name: name.to_owned(), ..NewWarehouse::default() }
}

fn make(db: &TestDb, ctx: &Ctx, new: NewWarehouse) -> Result<Warehouse> {
    write(db, ctx, move |ctx, tx| create_warehouse(ctx, tx, new.clone()))
}

fn change(db: &TestDb, ctx: &Ctx, id: Id<Warehouse>, new: NewWarehouse) -> Result<Warehouse> {
    write(db, ctx, move |ctx, tx| update_warehouse(ctx, tx, id, new.clone()))
}

#[db_test]
async fn the_first_warehouse_is_made_when_goods_need_it_and_only_once(db: &TestDb) {
    let ctx = ctx(1);
    let calls = (0..8).map(|_| {
        let own = ctx.clone();
        db.write(&ctx, Lane::People, move |tx| default_warehouse(&own, tx))
    });
    for made in futures::future::join_all(calls).await {
        assert_eq!(made.unwrap().name, "Asosiy ombor");
    }
    assert_eq!(read(db, &ctx, warehouses).len(), 1);
}

#[db_test]
fn one_is_the_default_and_it_stays_open(db: &TestDb) {
    let ctx = ctx(1);
    let first = make(db, &ctx, named("Chilonzor")).unwrap();
    assert!(first.is_default);
    let second = make(db, &ctx, NewWarehouse { is_default: true, ..named("Sergeli") }).unwrap();
    let all = read(db, &ctx, warehouses);
    assert_eq!(
        all.iter().map(|w| (w.id, w.is_default)).collect::<Vec<_>>(),
        [(second.id, true), (first.id, false)]
    );
    let closed = NewWarehouse { active: false, ..named("Sergeli") };
    let error = change(db, &ctx, second.id, closed).unwrap_err();
    assert_eq!(told(&error), "active: stock-warehouse-default-stays-open");
    let back = change(db, &ctx, first.id, NewWarehouse { is_default: true, ..named("Chilonzor 2") }).unwrap();
    assert!(back.is_default && back.name == "Chilonzor 2");
}

#[db_test]
fn one_that_holds_goods_stays_open_and_below_zero_stays_allowed_while_needed(db: &TestDb) {
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    let main = make(db, &ctx, NewWarehouse { may_be_negative: true, ..named("Asosiy") }).unwrap();
    let other = make(db, &ctx, NewWarehouse { is_default: true, ..named("Boshqa") }).unwrap();
    let input = Adjust {
        warehouse: Some(main.id),
        product: choy.id,
        by: AdjustBy::Difference(Quantity::from_units(-1)),
        unit_cost: None,
        note: String::new(),
    };
    write(db, &ctx, move |ctx, tx| adjust(ctx, tx, input.clone())).unwrap();
    let error = change(db, &ctx, main.id, named("Asosiy")).unwrap_err();
    assert_eq!(told(&error), "Conflict stock-warehouse-is-negative");
    let shut = NewWarehouse { active: false, may_be_negative: true, ..named("Asosiy") };
    let error = change(db, &ctx, main.id, shut).unwrap_err();
    assert_eq!(told(&error), "Conflict stock-warehouse-holds-goods");
    stocked(db, &ctx, &choy, 3, 100);
    assert!(change(db, &ctx, other.id, NewWarehouse { may_be_negative: true, ..named("Boshqa") }).is_ok());
}

#[db_test]
fn names_are_one_of_a_kind_whatever_their_letters_and_strangers_find_nothing(db: &TestDb) {
    let (ours, theirs) = (ctx(1), ctx(2));
    let made = make(db, &ours, named("Oʻrta ombor")).unwrap();
    for name in ["Ўрта омбор", "o'rta  OMBOR"] {
        assert_eq!(told(&make(db, &ours, named(name)).unwrap_err()), "name: stock-warehouse-name-taken");
    }
    assert_eq!(told(&make(db, &ours, named(" ")).unwrap_err()), "name: kernel-text-missing");
    assert_eq!(told(&make(db, &ours, named("a\0")).unwrap_err()), "name: kernel-text-has-control");
    assert_eq!(change(db, &theirs, made.id, named("Bizniki")).unwrap_err().kind(), Kind::NotFound);
    assert!(make(db, &theirs, named("Oʻrta ombor")).is_ok());
}
