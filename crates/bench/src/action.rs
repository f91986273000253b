//! One transaction of a shop, again and again by 64 callers, against its own SQL through the driver alone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use catalog::Product;
use contacts::Contact;
use context::Ctx;
use db::{Db, Lane, ReadTx, Statement, Tx, params, testing::TestDb};
use kernel::{Id, Result, Timestamp, WorkspaceId};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::{
    bare::{self, Bare},
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
/// The first ones find caches cold and write what is written once.
const WARM_UP: usize = 20;
/// Transactions that are recorded and then replayed again and again.
const RECORDED: usize = 300;
const WORKSPACE: WorkspaceId = Id::from_uuid(Uuid::from_u128(1));
/// When the goods were made, and when what is measured happens.
const GOODS_AT: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const ACTIONS_AT: Timestamp = Timestamp::from_millis(1_790_000_600_000);
/// Figures from here on are numbers that a series gave: no sum of money, no quantity and no moment is as large.
const FIRST_NUMBER: i64 = 100_000_000_000_000_000;
/// More than ours take of any series in a round.
const NUMBERS_OF_A_ROUND: i64 = 1_000_000_000;

/// Who gives numbers, each from its own row.
const SERIES: [&str; 4] = [
    "UPDATE context_counter SET last_number = $2 WHERE workspace_id = $1",
    "UPDATE ledger_book SET last_number = $2 WHERE workspace_id = $1",
    "UPDATE cash_register SET transactions = $2 WHERE workspace_id = $1",
    "UPDATE stock_balance SET moves = $2 WHERE workspace_id = $1",
];

/// What a customer takes: two products, and how many of each.
#[derive(Debug, Clone)]
pub struct Basket {
    /// Whose it is.
    pub customer: Id<Contact>,
    /// What is in it.
    pub lines: [(Product, i64); 2],
}

/// One transaction with a basket.
pub type Run = fn(&Ctx, &mut Tx<'_>, &Basket) -> Result<()>;

/// What is measured.
pub struct Action {
    /// In the plural.
    pub name: &'static str,
    pub run: Run,
    /// How many of ours, and how many replays, a round has.
    pub count: usize,
    pub statements_at_most: f64,
    /// Tables, and how many rows each of ours and each replay leaves there.
    pub leaves: &'static [(&'static str, i64)],
}

/// The tables of the domains that take part.
pub fn migrations() -> Vec<db::Migrations> {
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

/// A shop with goods and customers.
pub struct Shop {
    db: TestDb,
    runtime: Runtime,
    counter: Counter,
}

/// Who comes to the counter, and with what.
#[derive(Clone)]
struct Counter {
    ctx: Ctx,
    products: Arc<Vec<Product>>,
    customers: Arc<Vec<Contact>>,
    next: Arc<AtomicU64>,
}

impl Counter {
    /// The next customer's basket: two products here and there.
    fn basket(&self) -> Basket {
        let number = self.next.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16;
        let among = |place: u64, count: usize| usize::try_from(place).unwrap() % count;
        let half = PRODUCTS / 2;
        let one = self.products[among(number, half)].clone();
        let other = self.products[half + among(number >> 20, half)].clone();
        let customer = self.customers[among(number >> 9, CUSTOMERS)].id;
        Basket { customer, lines: [(one, 1), (other, 2)] }
    }

    /// The same at this moment.
    fn at(&self, moment: Timestamp) -> Self {
        Self { ctx: ctx(WORKSPACE, moment), ..self.clone() }
    }

    async fn serve(&self, db: &Db, run: Run) {
        let (ctx, basket) = (self.ctx.clone(), self.basket());
        let work = move |tx: &mut Tx<'_>| run(&ctx, tx, &basket);
        db.write(&self.ctx, Lane::People, work).await.unwrap();
    }
}

impl Shop {
    /// Makes it in a fresh database.
    pub fn open(database: Database) -> Self {
        let db = database.open(&migrations());
        let runtime = runtime();
        let early = ctx(WORKSPACE, GOODS_AT);
        let products = runtime.block_on(make_products(&db, &early, 0, PRODUCTS));
        let customers = runtime.block_on(make_customers(&db, &early, CUSTOMERS));
        let counter = Counter {
            ctx: ctx(WORKSPACE, ACTIONS_AT),
            products: Arc::new(products),
            customers: Arc::new(customers),
            next: Arc::default(),
        };
        Self { db, runtime, counter }
    }

    /// Ours and the driver alone in interleaved rounds; the bar is the middle one of the rounds' ratios.
    pub fn measure(&self, database: Database, action: &Action) -> Bars {
        let Action { name, run, count, statements_at_most, leaves } = action;
        self.warm_up(*run);
        let before = self.rows(leaves);
        let mut fresh =
            Fresh { made_at: ACTIONS_AT, first_number: FIRST_NUMBER, next_id: 0, next_number: FIRST_NUMBER };
        self.lift(&mut fresh);
        let recording = Recording::new(self.record(*run, RECORDED));
        let mut bare = Bare::writers(&self.db);
        let mut columns: [Vec<f64>; 3] = Default::default();
        for _ in 0..ROUNDS {
            self.lift(&mut fresh);
            bare::settle(&self.db);
            columns[0].push(rate(*count, self.all(*run, *count)));
            let replays = recording.replays(*count, &mut fresh);
            let started = now();
            bare.commit_each(&recording.sql, &replays);
            columns[1].push(rate(*count, started.elapsed()));
            let replays = recording.replays(*count, &mut fresh);
            let started = now();
            bare.commit_once(&recording.sql, &replays);
            columns[2].push(rate(*count, started.elapsed()));
        }
        let done = RECORDED + 3 * ROUNDS * count;
        self.assert_sound(leaves, &before, i64::try_from(done).unwrap());
        show(name, &columns);
        let ratio = |bare: usize| {
            let ratios: Vec<f64> =
                columns[0].iter().zip(&columns[bare]).map(|(ours, bare)| ours / bare).collect();
            100.0 * median(&ratios)
        };
        let mut bars = Bars::default();
        bars.at_most("statements", recording.statements() as f64, *statements_at_most);
        match database {
            Database::Sqlite => bars.at_least("% of bare in one single transaction", ratio(2), 30.0),
            Database::Postgres => bars.at_least("% of bare", ratio(1), 60.0),
        }
        bars
    }

    /// The most statements that one of a few takes.
    pub fn statements(&self, run: Run) -> usize {
        self.warm_up(run);
        Recording::new(self.record(run, WARM_UP)).statements()
    }

    /// What is there from the first ones on, a till and series of numbers, is as old as the goods.
    fn warm_up(&self, run: Run) {
        let counter = self.counter.at(GOODS_AT);
        self.runtime.block_on(async {
            for _ in 0..WARM_UP {
                counter.serve(&self.db, run).await;
            }
        });
    }

    fn record(&self, run: Run, count: usize) -> Vec<Vec<Statement>> {
        self.db.set_recording(true);
        self.runtime.block_on(async {
            for _ in 0..count {
                self.counter.serve(&self.db, run).await;
            }
        });
        self.db.set_recording(false);
        self.db.take_record()
    }

    fn all(&self, run: Run, count: usize) -> Duration {
        let started = now();
        self.runtime.block_on(each_caller(CALLERS, count, |_| {
            let (db, counter): (Db, Counter) = ((*self.db).clone(), self.counter.clone());
            async move { counter.serve(&db, run).await }
        }));
        started.elapsed()
    }

    /// Lets every series go on where nobody has taken a number yet: replays leave the rows of series as they were
    /// recorded, or as another connection left them.
    fn lift(&self, fresh: &mut Fresh) {
        let from = fresh.next_number;
        fresh.next_number += NUMBERS_OF_A_ROUND;
        let lift = move |tx: &mut Tx<'_>| {
            for sql in SERIES {
                tx.execute(sql, params![WORKSPACE, from])?;
            }
            Ok(())
        };
        self.runtime.block_on(self.db.write(WORKSPACE, Lane::People, lift)).unwrap();
    }

    fn rows(&self, tables: &'static [(&'static str, i64)]) -> Vec<i64> {
        let count = move |tx: &mut ReadTx<'_>| {
            let one = |(table, _): &(&str, i64)| {
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE workspace_id = $1");
                tx.query_one(&sql, params![WORKSPACE], |row| row.get::<i64>(0))
            };
            tables.iter().map(one).collect()
        };
        self.runtime.block_on(self.db.read(WORKSPACE, count)).unwrap()
    }

    /// What each of ours writes is there once, and each replay wrote as much. (The balances are the driver's too: its
    /// replays write those that were recorded.)
    fn assert_sound(&self, leaves: &'static [(&'static str, i64)], before: &[i64], done: i64) {
        for (((table, rows), before), after) in leaves.iter().zip(before).zip(self.rows(leaves)) {
            assert_eq!(after - before, rows * done, "rows of {table} lost or doubled");
        }
    }
}

fn show(name: &str, columns: &[Vec<f64>]) {
    let names = ["64 callers", "  the driver alone, one commit each", "  the driver alone, one transaction"];
    let row = |(name, column): (&&str, &Vec<f64>)| {
        let mut row = vec![(*name).to_owned(), figure(median(column))];
        row.extend(column.iter().map(|value| figure(*value)));
        row
    };
    let head = format!("{name} per second");
    table(
        &[&head, "median", "1", "2", "3", "4", "5"],
        &names.iter().zip(columns).map(row).collect::<Vec<_>>(),
    );
}
