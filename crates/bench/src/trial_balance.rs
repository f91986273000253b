//! The trial balance over a million journal lines and over ten thousand: both ledgers have the same accounts in the same
//! months, so that only the number of lines differs.

use std::time::Duration;

use context::Ctx;
use db::{Lane, ReadTx, Tx, params, testing::TestDb};
use kernel::{Date, Id, Money, PersonId, Result, Timestamp, WorkspaceId};
use ledger::{Memo, NewEntry, NewLine, Role, Source, TrialBalance};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::{
    bare,
    bars::{Bars, figure, table},
    goods::ctx,
    place::{Database, runtime},
    time::{median, now, percentile_ms, rate},
};

const FEW: usize = 10_000;
const MANY: usize = 1_000_000;
const LINES_OF_AN_ENTRY: usize = 4;
/// Entries that are posted in one transaction.
const AT_ONCE: usize = 500;
/// The books begin on the first day of a month, two years before today.
const DAYS: usize = 720;
/// The twentieth of a month, so that the month until today is not the whole of it.
const NOW: Timestamp = Timestamp::from_millis(1_795_157_100_000);
const WORKSPACE: WorkspaceId = Id::from_uuid(Uuid::from_u128(1));
/// Whom and what lines are about.
const CONTACTS: usize = 500;
const PRODUCTS: usize = 2_000;

const ROUNDS: usize = 8;
const WARM_UP: usize = 15;
/// Calls of each range in each round.
const CALLS: usize = 50;
/// The same rows are read, so what a hundred times the lines may add is where in a larger file they lie, and noise.
const NO_SLOWER: f64 = 1.5;
const MS_AT_MOST: f64 = 20.0;

/// Days that people ask for.
struct Range {
    name: &'static str,
    from: Date,
    until: Date,
    /// Whole months are kept; of a month that is cut, lines are read.
    is_kept: bool,
}

/// Both ledgers in turn, round by round.
pub fn run(database: Database) -> Bars {
    let runtime = runtime();
    let own = ctx(WORKSPACE, NOW);
    let [few, many] = [FEW, MANY].map(|lines| {
        let db = database.open(&[context::MIGRATIONS, ledger::MIGRATIONS]);
        let started = now();
        fill(&runtime, &db, &own, lines);
        println!("{lines} lines posted, {} a second", figure(rate(lines, started.elapsed())));
        bare::settle(&db);
        db
    });
    assert_eq!(kept(&runtime, &few), kept(&runtime, &many), "as many balances are kept in both");
    let ranges = ranges(&own);
    let mut rows = Vec::new();
    let (mut slowest, mut ratio): (f64, f64) = (0.0, 0.0);
    for range in &ranges {
        let mut times: [Vec<Duration>; 2] = Default::default();
        let mut ratios = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let of_few = calls(&runtime, &few, &own, range);
            let of_many = calls(&runtime, &many, &own, range);
            ratios.push(percentile_ms(&of_many, 50) / percentile_ms(&of_few, 50));
            times[0].extend(of_few);
            times[1].extend(of_many);
        }
        slowest = slowest.max(percentile_ms(&times[1], 99));
        if range.is_kept {
            ratio = ratio.max(median(&ratios));
        }
        let mut row = vec![range.name.to_owned()];
        row.extend(times.iter().flat_map(|times| [50, 99].map(|share| figure(percentile_ms(times, share)))));
        row.push(figure(median(&ratios)));
        rows.push(row);
    }
    println!();
    table(&["trial balance, ms", "p50 of 10,000", "p99", "p50 of 1,000,000", "p99", "ratio"], &rows);
    println!("\none aggregate over the lines: {} ms", figure(aggregate_ms(&runtime, &many)));
    for db in [&few, &many] {
        assert_sound(&runtime, db, &own);
    }
    let mut bars = Bars::default();
    bars.at_most("slowest p99 at 1,000,000 lines, ms", slowest, MS_AT_MOST);
    bars.at_most("1,000,000 lines / 10,000 lines, whole months", ratio, NO_SLOWER);
    bars
}

fn ranges(ctx: &Ctx) -> [Range; 4] {
    let (today, first) = (ctx.today(), first_day(ctx));
    let month = today.first_of_month();
    let last_month = month.minus_days(1).first_of_month();
    [
        Range { name: "this month until today", from: month, until: today, is_kept: true },
        Range { name: "last month", from: last_month, until: month.minus_days(1), is_kept: true },
        Range { name: "since the books began", from: first, until: today, is_kept: true },
        // Half of one month is read, and half of another.
        Range {
            name: "days that cut two months",
            from: first.plus_days(15),
            until: last_month.plus_days(14),
            is_kept: false,
        },
    ]
}

fn first_day(ctx: &Ctx) -> Date {
    ctx.today().minus_days(u64::try_from(DAYS).unwrap()).first_of_month()
}

/// Posts entries by the product's own posting, spread evenly over the days and over all accounts.
fn fill(runtime: &Runtime, db: &TestDb, ctx: &Ctx, lines: usize) {
    let codes = codes(runtime, db, ctx);
    let entries = lines / LINES_OF_AN_ENTRY;
    let numbers: Vec<usize> = (0..entries).collect();
    for part in numbers.chunks(AT_ONCE) {
        let new: Vec<NewEntry> = part.iter().map(|number| entry(ctx, &codes, *number, entries)).collect();
        let own = ctx.clone();
        let post = move |tx: &mut Tx<'_>| ledger::post_all(&own, tx, new.clone()).map(drop);
        runtime.block_on(db.write(ctx, Lane::Background, post)).unwrap();
    }
}

/// A sale on account, and something that moves between two accounts of the chart, each in its turn.
fn entry(ctx: &Ctx, codes: &[String], number: usize, entries: usize) -> NewEntry {
    let day = first_day(ctx).plus_days(u64::try_from(number * DAYS / entries).unwrap());
    let amount = |salt: usize| Money::from_som(i64::try_from(1 + (number * 7_919 + salt) % 9_973).unwrap());
    let id = |among: usize| Id::<()>::from_uuid(Uuid::from_u128(u128::try_from(1 + number % among).unwrap()));
    let code = |place: usize| codes[place % codes.len()].as_str();
    let source = Source::new("bench", ctx.new_id::<PersonId>(), None);
    NewEntry::new(day, source, "entry", Memo::said(format!("Yozuv {number}")))
        .with(NewLine::debit(Role::Customers, amount(0)).contact(id(CONTACTS)))
        .with(NewLine::credit(Role::RevenueGoods, amount(0)).product(id(PRODUCTS)))
        .with(NewLine::debit(code(2 * number), amount(5)))
        .with(NewLine::credit(code(2 * number + 1), amount(5)))
}

/// The accounts of the chart that are posted to and stand in the balance.
fn codes(runtime: &Runtime, db: &TestDb, ctx: &Ctx) -> Vec<String> {
    let own = ctx.clone();
    let chart =
        runtime.block_on(db.read(ctx, move |tx: &mut ReadTx<'_>| ledger::accounts(&own, tx))).unwrap();
    let is_used = |account: &ledger::Account| {
        account.postable && account.active && account.kind != ledger::AccountKind::OffBalance
    };
    chart.into_iter().filter(is_used).map(|account| account.code).collect()
}

fn kept(runtime: &Runtime, db: &TestDb) -> i64 {
    let sql = "SELECT COUNT(*) FROM ledger_balance WHERE workspace_id = $1";
    let count = move |tx: &mut ReadTx<'_>| tx.query_one(sql, params![WORKSPACE], |row| row.get(0));
    runtime.block_on(db.read(WORKSPACE, count)).unwrap()
}

/// What the page and the API read, one call after the other.
fn calls(runtime: &Runtime, db: &TestDb, ctx: &Ctx, range: &Range) -> Vec<Duration> {
    let mut times = Vec::with_capacity(CALLS);
    for call in 0..WARM_UP + CALLS {
        let (own, from, until) = (ctx.clone(), range.from, range.until);
        let read = move |tx: &mut ReadTx<'_>| -> Result<TrialBalance> {
            ledger::trial_balance(&own, tx, from, until)
        };
        let started = now();
        let found = runtime.block_on(db.read(ctx, read)).unwrap();
        let took = started.elapsed();
        assert!(found.is_balanced() && found.rows.len() > 100, "{}", range.name);
        if call >= WARM_UP {
            times.push(took);
        }
    }
    times
}

/// What it would take to count the lines each time.
fn aggregate_ms(runtime: &Runtime, db: &TestDb) -> f64 {
    let sql = "SELECT account_id, CAST(SUM(amount_tiyin) AS BIGINT) FROM ledger_line
               WHERE workspace_id = $1 GROUP BY account_id";
    let once = |_| {
        let sum = move |tx: &mut ReadTx<'_>| {
            tx.query(sql, params![WORKSPACE], |row| Ok((row.get::<Uuid>(0)?, row.get::<i64>(1)?)))
        };
        let started = now();
        assert!(!runtime.block_on(db.read(WORKSPACE, sum)).unwrap().is_empty());
        started.elapsed().as_secs_f64() * 1_000.0
    };
    median(&(0..5).map(once).collect::<Vec<_>>())
}

/// The product's own check: what is kept is what the lines come to.
fn assert_sound(runtime: &Runtime, db: &TestDb, ctx: &Ctx) {
    let own = ctx.clone();
    let found = runtime.block_on(db.read(ctx, move |tx: &mut ReadTx<'_>| ledger::check(&own, tx))).unwrap();
    assert!(found.is_empty(), "{found:?}");
}
