//! What compares orders with their lines, their delivery and their promises, and what it must find.

use context::set_setting;
use db::{db_test, testing::TestDb};
use kernel::Money;
use uuid::Uuid;

use super::{assert_sound, cart, content, create, ctx, customer, place, product, read, write};
use crate::{
    Delivery, DeliveryKind, Goods, OrderContent, PRICES_INCLUDE_VAT, PlaceOrder, Source, Status,
    cancel_order, confirm_order, create_order, submit_order, update_order,
};

fn brought() -> Delivery {
    // A fee whose VAT is no whole number of tiyin.
    let fee = Money::from_tiyin(1_000_001);
    Delivery { kind: DeliveryKind::Delivery, address: "Chilonzor 5".into(), fee, ..Delivery::default() }
}

/// An order of each kind there is, in each state; the last is a checkout of an outside system, still new.
fn every_kind_of_order(db: &TestDb, ctx: &context::Ctx) -> crate::Order {
    let (choy, non) = (product(db, ctx, "A", 33_333, 100), product(db, ctx, "B", 10_001, 100));
    let aziza = customer(db, ctx);
    for includes_vat in [true, false] {
        write(db, ctx, move |ctx, tx| set_setting(ctx, tx, PRICES_INCLUDE_VAT, &includes_vat)).unwrap();
        for source in [Source::Chat, Source::Api] {
            let checkout =
                || PlaceOrder { source, delivery: brought(), ..cart(&aziza, &[(&choy, 2), (&non, 3)]) };
            let confirmed = place(db, ctx, checkout()).unwrap().id;
            write(db, ctx, move |ctx, tx| confirm_order(ctx, tx, confirmed)).unwrap();
            let cancelled = place(db, ctx, checkout()).unwrap().id;
            write(db, ctx, move |ctx, tx| cancel_order(ctx, tx, cancelled, "")).unwrap();
            place(db, ctx, checkout()).unwrap();
        }
        for source in [Source::Staff, Source::Api] {
            let written = OrderContent {
                delivery: brought(),
                discount: Money::from_tiyin(777),
                ..content(&[(&choy, 1), (&non, 7)])
            };
            for status in [Status::Draft, Status::New, Status::Confirmed] {
                let new = written.clone();
                let order = write(db, ctx, move |ctx, tx| create_order(ctx, tx, source, status, new.clone()))
                    .unwrap();
                if status == Status::Draft {
                    let without = OrderContent { delivery: Delivery::default(), ..written.clone() };
                    let change = move |ctx: &context::Ctx, tx: &mut db::Tx<'_>| {
                        update_order(ctx, tx, order.id, None, without.clone())?;
                        submit_order(ctx, tx, order.id)
                    };
                    write(db, ctx, change).unwrap();
                }
            }
            let sums = Goods::Sums { total: Money::from_som(5), vat: Money::from_tiyin(3) };
            create(
                db,
                ctx,
                Status::Confirmed,
                OrderContent { goods: sums, delivery: brought(), ..content(&[]) },
            )
            .unwrap();
        }
    }
    place(db, ctx, PlaceOrder { source: Source::Api, delivery: brought(), ..cart(&aziza, &[(&choy, 1)]) })
        .unwrap()
}

#[db_test]
fn orders_of_every_kind_agree_with_their_lines_delivery_and_promises(db: &TestDb) {
    let ctx = ctx(1);
    every_kind_of_order(db, &ctx);
    assert_sound(db, &ctx);
}

#[db_test]
fn what_does_not_agree_is_found(db: &TestDb) {
    let ctx = ctx(1);
    let order = every_kind_of_order(db, &ctx).id.uuid();
    let found = |damage: &'static str, mend: &'static str| {
        let run = |sql: &'static str| {
            write(db, &ctx, move |ctx, tx| {
                tx.execute_one(sql, db::params![ctx.workspace(), order, Uuid::from_u128(9)])
            })
        };
        run(damage).unwrap();
        let found = read(db, &ctx, crate::check);
        if !mend.is_empty() {
            run(mend).unwrap();
            assert_sound(db, &ctx);
        }
        assert_eq!(found.len(), 1, "{damage}: {found:?}");
    };
    // The fee's VAT is a tiyin more than the order says.
    found(
        "UPDATE sales_order SET delivery_vat_tiyin = delivery_vat_tiyin + 1
         WHERE workspace_id = $1 AND id = $2 AND id <> $3",
        "UPDATE sales_order SET delivery_vat_tiyin = delivery_vat_tiyin - 1
         WHERE workspace_id = $1 AND id = $2 AND id <> $3",
    );
    // The customer pays a tiyin more than goods and delivery come to.
    found(
        "UPDATE sales_order SET total_tiyin = total_tiyin + 1, net_tiyin = net_tiyin + 1
         WHERE workspace_id = $1 AND id = $2 AND id <> $3",
        "UPDATE sales_order SET total_tiyin = total_tiyin - 1, net_tiyin = net_tiyin - 1
         WHERE workspace_id = $1 AND id = $2 AND id <> $3",
    );
    // A checkout whose goods are promised to somebody else; the promise is then to no order's line.
    found(
        "UPDATE stock_reservation SET quantity = quantity - 1
         WHERE workspace_id = $1 AND source_id = $2 AND source_id <> $3",
        "UPDATE stock_reservation SET quantity = quantity + 1
         WHERE workspace_id = $1 AND source_id = $2 AND source_id <> $3",
    );
    found(
        "UPDATE stock_reservation SET source_id = $3 WHERE workspace_id = $1 AND source_id = $2",
        "UPDATE stock_reservation SET source_id = $2 WHERE workspace_id = $1 AND source_id = $3",
    );
    found("DELETE FROM stock_reservation WHERE workspace_id = $1 AND source_id = $2 AND source_id <> $3", "");
}
