//! A customer's checkout of two lines, against its own SQL through the driver alone.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use catalog::Product;
use contacts::Contact;
use context::Ctx;
use db::{Db, Lane, Tx, testing::TestDb};
use kernel::{Id, Quantity, Timestamp};
use sales::{Delivery, DeliveryKind, Order, PlaceLine, PlaceOrder, Source};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::{
    bare::Bare,
    bars::{Bars, figure, table},
    durable::each_caller,
    goods::{ctx, make_customers, make_products},
    place::{Database, runtime},
    replay::{Fresh, Recording},
    time::{median, now, rate},
};

const ROUNDS: usize = 5;
const CALLERS: usize = 64;
const PRODUCTS: usize = 2_000;
const CUSTOMERS: usize = 500;
/// Checkouts that are recorded and then replayed again and again.
const RECORDED: usize = 300;
/// Statements of a checkout of two lines.
const STATEMENTS_AT_MOST: f64 = 25.0;
/// When the goods were made, and when the orders are.
const GOODS_AT: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const ORDERS_AT: Timestamp = Timestamp::from_millis(1_790_000_600_000);
/// Orders of the measurement have numbers from here on, so that no other figure of a statement is the same.
const FIRST_NUMBER: u32 = 2_000_000_000;
/// Replayed orders have numbers from here on.
const FIRST_REPLAYED: i64 = 8_000_000_000;

fn migrations() -> Vec<db::Migrations> {
    vec![
        context::MIGRATIONS,
        contacts::MIGRATIONS,
        catalog::MIGRATIONS,
        tax::MIGRATIONS,
        ledger::MIGRATIONS,
        stock::MIGRATIONS,
        cash::MIGRATIONS,
        sales::MIGRATIONS,
    ]
}

/// Who buys what.
#[derive(Clone)]
struct Shop {
    ctx: Ctx,
    products: Arc<Vec<Product>>,
    customers: Arc<Vec<Contact>>,
    next: Arc<AtomicU64>,
}

impl Shop {
    /// The next customer's cart: two products here and there.
    fn cart(&self) -> PlaceOrder {
        let number = self.next.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16;
        let product = |place: u64| {
            let place = usize::try_from(place).unwrap() % (PRODUCTS / 2);
            &self.products[place]
        };
        let one = product(number);
        let other = &self.products[PRODUCTS / 2 + usize::try_from(number >> 20).unwrap() % (PRODUCTS / 2)];
        let line = |product: &Product, units| PlaceLine {
            product: product.id,
            quantity: Quantity::from_units(units),
            expected_price: Some(product.sale_price),
        };
        PlaceOrder {
            customer: self.customers[usize::try_from(number >> 9).unwrap() % CUSTOMERS].id,
            lines: vec![line(one, 1), line(other, 2)],
            delivery: Delivery {
                kind: DeliveryKind::Delivery,
                address: "Toshkent, Chilonzor 5".to_owned(),
                ..Delivery::default()
            },
            note: String::new(),
            expected_total: None,
            source: Source::Chat,
            chat_ref: Some("019a0000-0000-7000-8000-000000000000".to_owned()),
        }
    }

    async fn check_out(&self, db: &Db) -> Order {
        let (ctx, cart) = (self.ctx.clone(), self.cart());
        let place = move |tx: &mut Tx<'_>| sales::place_order(&ctx, tx, cart.clone());
        db.write(&self.ctx, Lane::People, place).await.unwrap()
    }
}

/// Ours and the driver alone in interleaved rounds; the bar is the middle one of the rounds' ratios.
pub fn run(database: Database) -> Bars {
    let db = database.open(&migrations());
    let runtime = runtime();
    let shop = runtime.block_on(make_shop(&db));
    let recording = runtime.block_on(record(&db, &shop));
    let mut fresh = Fresh { made_at: ORDERS_AT, next_id: 0, next_number: FIRST_REPLAYED };
    let mut bare = Bare::writers(&db);
    let count = database.choose(4_000, 1_200);
    let mut columns: [Vec<f64>; 3] = Default::default();
    for _ in 0..ROUNDS {
        columns[0].push(ours(&runtime, &db, &shop, count));
        let replays = recording.replays(count, &mut fresh);
        let started = now();
        bare.commit_each(&recording.sql, &replays);
        columns[1].push(rate(count, started.elapsed()));
        let replays = recording.replays(count, &mut fresh);
        let started = now();
        bare.commit_once(&recording.sql, &replays);
        columns[2].push(rate(count, started.elapsed()));
    }
    assert_sound(&runtime, &db, &shop);
    let names = ["64 callers", "  the driver alone, one commit each", "  the driver alone, one transaction"];
    let row = |(name, column): (&&str, &Vec<f64>)| {
        let mut row = vec![(*name).to_owned(), figure(median(column))];
        row.extend(column.iter().map(|value| figure(*value)));
        row
    };
    table(
        &["checkouts per second", "median", "1", "2", "3", "4", "5"],
        &names.iter().zip(&columns).map(row).collect::<Vec<_>>(),
    );
    let ratio = |bare: usize| {
        let ratios: Vec<f64> =
            columns[0].iter().zip(&columns[bare]).map(|(ours, bare)| ours / bare).collect();
        100.0 * median(&ratios)
    };
    let mut bars = Bars::default();
    bars.at_most("statements", recording.statements() as f64, STATEMENTS_AT_MOST);
    match database {
        Database::Sqlite => bars.at_least("% of bare in one single transaction", ratio(2), 30.0),
        Database::Postgres => bars.at_least("% of bare", ratio(1), 60.0),
    }
    bars
}

async fn make_shop(db: &TestDb) -> Shop {
    let workspace = Id::from_uuid(Uuid::from_u128(1));
    let goods = ctx(workspace, GOODS_AT);
    let products = make_products(db, &goods, 0, PRODUCTS).await;
    let customers = make_customers(db, &goods, CUSTOMERS).await;
    let own = goods.clone();
    let skip = move |tx: &mut Tx<'_>| context::next_numbers(&own, tx, "sales_order", FIRST_NUMBER);
    db.write(&goods, Lane::People, skip).await.unwrap();
    Shop {
        ctx: ctx(workspace, ORDERS_AT),
        products: Arc::new(products),
        customers: Arc::new(customers),
        next: Arc::default(),
    }
}

async fn record(db: &TestDb, shop: &Shop) -> Recording {
    // The first ones find caches cold and write what is written once.
    for _ in 0..20 {
        shop.check_out(db).await;
    }
    db.set_recording(true);
    let mut numbers = Vec::with_capacity(RECORDED);
    for _ in 0..RECORDED {
        numbers.push(shop.check_out(db).await.number);
    }
    db.set_recording(false);
    Recording::new(db.take_record(), &numbers)
}

fn ours(runtime: &Runtime, db: &TestDb, shop: &Shop, count: usize) -> f64 {
    let started = now();
    runtime.block_on(each_caller(CALLERS, count, |_| {
        let (db, shop): (Db, Shop) = ((**db).clone(), shop.clone());
        async move {
            shop.check_out(&db).await;
        }
    }));
    rate(count, started.elapsed())
}

/// Each order of ours is there once. (The books are the driver's too: its replays write the recorded balances.)
fn assert_sound(runtime: &Runtime, db: &TestDb, shop: &Shop) {
    let made = i64::try_from(shop.next.load(Ordering::Relaxed)).unwrap();
    let scope = db::Scope::from(&shop.ctx);
    let count = move |tx: &mut db::ReadTx<'_>| {
        let sql = "SELECT COUNT(*) FROM sales_order WHERE workspace_id = $1 AND number < $2";
        tx.query_one(sql, db::params![Uuid::from_u128(1), FIRST_REPLAYED], |row| row.get::<i64>(0))
    };
    assert_eq!(runtime.block_on(db.read(scope, count)).unwrap(), made, "orders lost or doubled");
}
