//! One-row writes that are durable before they are answered, and five-row reads, against the driver alone.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use db::{Db, Lane, Migration, Migrations, Value, params, testing::TestDb};
use kernel::{Id, WorkspaceId};
use tokio::{runtime::Runtime, task::JoinSet};
use uuid::Uuid;

use crate::{
    bare::{Bare, Call, read_on_all},
    bars::{Bars, figure, table},
    place::{Database, runtime},
    time::{median, now, rate},
};

const MIGRATION: Migrations = Migrations::new(
    "bench",
    &[Migration {
        name: "V1__row",
        sql: "CREATE TABLE bench_row (workspace_id {id} NOT NULL, id {id} NOT NULL, number {bigint} NOT NULL,
                  body {text} NOT NULL, PRIMARY KEY (workspace_id, id)) {strict};",
    }],
);
const INSERT: &str = "INSERT INTO bench_row (workspace_id, id, number, body) VALUES ($1, $2, $3, $4)";
const SELECT: &str =
    "SELECT id, number, body FROM bench_row WHERE workspace_id = $1 AND id >= $2 ORDER BY id LIMIT 5";
const BODY: &str = "Samsung UE32 televizori, qora, 32 dyuym";
/// The workspace of every row.
const WORKSPACE: WorkspaceId = Id::from_uuid(Uuid::from_u128(1));

const ROUNDS: usize = 5;
/// Rows of one measurement in each round.
const MANY: usize = 12_000;
const ONE: usize = 1_500;
const READS: usize = 20_000;
/// Callers that wait for their writes at once.
const CALLERS: usize = 256;
/// Callers that read at once: enough to keep every reader busy.
const READING_CALLERS: usize = 64;

/// Ids that nobody has yet.
#[derive(Clone, Default)]
struct Ids(Arc<AtomicU64>);

impl Ids {
    fn next(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

/// Writes and reads in interleaved rounds; each bar is the middle one of the rounds' ratios.
pub fn run(database: Database) -> Bars {
    let db = database.open(&[MIGRATION]);
    let (runtime, ids) = (runtime(), Ids::default());
    let (mut one, mut all) = (Bare::one(&db), Bare::writers(&db));
    let many = database.choose(MANY, MANY / 4);
    let mut columns: [Vec<f64>; 8] = Default::default();
    for _ in 0..ROUNDS {
        let figures = [
            ours(&runtime, &db, &ids, 1, ONE),
            bare(&mut one, &ids, ONE),
            ours(&runtime, &db, &ids, CALLERS, many),
            bare(&mut one, &ids, ONE),
            bare(&mut all, &ids, ONE * 2),
            reads(&runtime, &db, &ids, 1, READS / 10),
            reads(&runtime, &db, &ids, READING_CALLERS, READS),
            bare_reads(&db, &ids),
        ];
        for (column, figure) in columns.iter_mut().zip(figures) {
            column.push(figure);
        }
    }
    let names = [
        "durable writes, 1 caller",
        "  the driver alone, one commit each",
        "durable writes, 256 callers",
        "  the driver alone, one commit each",
        "  the driver alone on as many connections",
        "5-row reads, 1 caller",
        "5-row reads, 64 callers",
        "  the driver alone on as many connections",
    ];
    let row = |(name, column): (&&str, &Vec<f64>)| {
        let mut row = vec![(*name).to_owned(), figure(median(column))];
        row.extend(column.iter().map(|value| figure(*value)));
        row
    };
    let rows: Vec<_> = names.iter().zip(&columns).map(row).collect();
    table(&["per second", "median", "1", "2", "3", "4", "5"], &rows);
    let ratio = |ours: usize, bare: usize| {
        let ratios: Vec<f64> =
            columns[ours].iter().zip(&columns[bare]).map(|(ours, bare)| ours / bare).collect();
        median(&ratios)
    };
    let mut bars = Bars::default();
    bars.at_least("1 caller / bare", ratio(0, 1), 0.6);
    match database {
        Database::Sqlite => bars.at_least("256 callers / bare, one commit each", ratio(2, 3), 16.0),
        // PostgreSQL gathers commits by itself: there is no group of ours, only the pool.
        Database::Postgres => bars.at_least("256 callers / bare on as many connections", ratio(2, 4), 0.6),
    }
    bars.at_least("5-row reads / bare on as many connections", ratio(6, 7), 0.5);
    bars
}

fn ours(runtime: &Runtime, db: &TestDb, ids: &Ids, callers: usize, rows: usize) -> f64 {
    let started = now();
    runtime.block_on(each_caller(callers, rows, |_| {
        let (db, ids): (Db, Ids) = ((**db).clone(), ids.clone());
        async move {
            let id = ids.next();
            let insert =
                move |tx: &mut db::Tx<'_>| tx.execute_one(INSERT, params![WORKSPACE, id, 7_i64, BODY]);
            db.write(WORKSPACE, Lane::People, insert).await.unwrap();
        }
    }));
    rate(rows, started.elapsed())
}

fn bare(bare: &mut Bare, ids: &Ids, rows: usize) -> f64 {
    let values = |id| {
        params![WORKSPACE, id, 7_i64, BODY].iter().map(|value| value.clone().into_owned()).collect::<Vec<_>>()
    };
    let transactions: Vec<Vec<Call>> = (0..rows).map(|_| vec![(0, values(ids.next()))]).collect();
    let sql = [INSERT.to_owned()];
    let started = now();
    bare.commit_each(&sql, &transactions);
    rate(rows, started.elapsed())
}

/// A place among the rows that are there.
fn place(ids: &Ids, number: usize) -> Uuid {
    let rows = ids.0.load(Ordering::Relaxed).saturating_sub(5).max(1);
    Uuid::from_u128(u128::try_from(number * 7_919).unwrap() % u128::from(rows))
}

fn reads(runtime: &Runtime, db: &TestDb, ids: &Ids, callers: usize, reads: usize) -> f64 {
    let started = now();
    runtime.block_on(each_caller(callers, reads, |number| {
        let (db, from): (Db, Uuid) = ((**db).clone(), place(ids, number));
        async move {
            let read = move |tx: &mut db::ReadTx<'_>| {
                tx.query(SELECT, params![WORKSPACE, from], |row| {
                    Ok((row.get::<Uuid>(0)?, row.get::<i64>(1)?, row.get::<String>(2)?))
                })
            };
            assert_eq!(db.read(WORKSPACE, read).await.unwrap().len(), 5);
        }
    }));
    rate(reads, started.elapsed())
}

fn bare_reads(db: &TestDb, ids: &Ids) -> f64 {
    let values = |number| vec![Value::Uuid(WORKSPACE.uuid()), Value::Uuid(place(ids, number))];
    let calls: Vec<_> = (0..READS).map(values).collect();
    let started = now();
    read_on_all(db, SELECT, &calls);
    rate(READS, started.elapsed())
}

/// `count` pieces of work by `callers`, each of which starts its next when the one before is done.
pub async fn each_caller<F, W>(callers: usize, count: usize, work: F)
where
    F: Fn(usize) -> W,
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for caller in 0..callers {
        let own: Vec<W> = (caller..count).step_by(callers).map(&work).collect();
        tasks.spawn(async move {
            for piece in own {
                piece.await;
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
}
