//! How long the dashboard takes with 200,000 orders and invoices of one year, 400,000 lines, 1,000,000 lines of the ledger:
//! `cargo run --release -p reports --example dashboard -- sqlite|postgres [200000]`.
//!
//! One real sale is copied by the database itself, day after day; then figures are read twenty times for each period.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool for people who measure"
)]

use std::time::Instant;

use catalog::{ProductContent, create_product};
use context::{Actor, Ctx, CtxBuilder, Random};
use db::{Backend, Limits, ReadTx, Tx, testing::TestDb};
use kernel::{Date, Id, Money, PageRequest, Quantity, Rate, Result, Timestamp};
use reports::{By, dashboard, sold};
use sales::{NewLine, QuickSale, Source, sell};
use stock::{NewReceipt, NewReceiptLine, receive};
use web::pages::Period;

const PRODUCTS: i64 = 500;
const RUNS: usize = 20;
/// Sales that one statement copies.
const STEP: i64 = 2_000;

fn main() {
    let mut args = std::env::args().skip(1);
    let database = args.next().unwrap_or_else(|| "sqlite".to_owned());
    let count: i64 = args.next().and_then(|text| text.parse().ok()).unwrap_or(200_000);
    let migrations = [
        context::MIGRATIONS,
        web::MIGRATIONS,
        contacts::MIGRATIONS,
        catalog::MIGRATIONS,
        ledger::MIGRATIONS,
        tax::MIGRATIONS,
        cash::MIGRATIONS,
        stock::MIGRATIONS,
        sales::MIGRATIONS,
    ];
    // Filling takes longer than anything that people do.
    let limits = Limits { write_ms: 120_000, ..Limits::default() };
    let db = match database.as_str() {
        "postgres" => TestDb::postgres_with(&migrations, limits, false),
        _ => TestDb::sqlite_with(&migrations, limits, false),
    };
    let now = Timestamp::from_millis(1_790_000_000_000);
    let ctx = CtxBuilder::server(
        Id::from_uuid(uuid::Uuid::from_u128(1)),
        Actor::server("bench"),
        now,
        Random::from_seed(1),
    )
    .build();
    let started = Instant::now();
    begin(&db, &ctx);
    for from in (0..count).step_by(usize::try_from(STEP).unwrap()) {
        let (own, until) = (ctx.clone(), (from + STEP).min(count));
        db.write_now(&ctx, move |tx| copy_all(&own, tx, from, until, count)).unwrap();
    }
    db.write_now(&ctx, {
        let own = ctx.clone();
        move |tx| sum_up(&own, tx)
    })
    .unwrap();
    if let db::Target::Postgres(url) = db.config().target {
        // As autovacuum does by itself within minutes.
        postgres::Client::connect(&url, postgres::NoTls).unwrap().batch_execute("VACUUM ANALYZE").unwrap();
    }
    println!("{database}: {count} sales in {} s", started.elapsed().as_secs());
    measure(&db, &ctx);
}

/// Products, and one sale to copy.
fn begin(db: &TestDb, ctx: &Ctx) {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| {
        let mut lines = Vec::new();
        for n in 0..PRODUCTS {
            let price = Money::from_som(112_000 + n * 1_000);
            let content = ProductContent::new(format!("P{n}"), format!("Mahsulot {n}"), price);
            let product = create_product(&own, tx, content)?;
            if n < 2 {
                let quantity = Quantity::from_units(1);
                let unit_cost = Money::from_som(80_000);
                let came = vec![NewReceiptLine { product: product.id, quantity, unit_cost }];
                receive(&own, tx, NewReceipt { lines: came, ..NewReceipt::default() })?;
                lines.push(NewLine { product: product.id, quantity, price: None, discount: Rate::default() });
            }
        }
        sell(&own, tx, Source::Staff, QuickSale { lines, ..QuickSale::default() }).map(drop)
    })
    .unwrap();
}

/// The names of a table's columns.
fn columns(tx: &mut ReadTx<'_>, table: &str) -> Result<Vec<String>> {
    let sql = match tx.backend() {
        Backend::Sqlite => "SELECT name FROM pragma_table_info($1)",
        Backend::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    tx.query(sql, db::params![table], |row| row.get(0))
}

/// Copies the rows `t` of the first sale once for each `i`; `others` says what differs from them.
fn copy(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    table: &str,
    of: &str,
    span: (i64, i64),
    others: &[(&str, String)],
) -> Result<()> {
    let names = columns(tx, table)?;
    let value = |name: &String| {
        let other = others.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
        other.unwrap_or_else(|| format!("t.{name}"))
    };
    let values: Vec<String> = names.iter().map(value).collect();
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $3),
             t AS MATERIALIZED ({of})
         INSERT INTO {table} ({}) SELECT {} FROM t CROSS JOIN n WHERE t.workspace_id = $1",
        names.join(", "),
        values.join(", ")
    );
    tx.execute(&sql, db::params![ctx.workspace(), span.0, span.1 - 1]).map(drop)
}

fn copy_all(ctx: &Ctx, tx: &mut Tx<'_>, from: i64, until: i64, count: i64) -> Result<()> {
    let is_postgres = tx.backend() == Backend::Postgres;
    // A made-up id of the number `k`, and the day of the sale `i`: a year until today.
    let id = |k: &str| match is_postgres {
        true => format!("CAST(LPAD(TO_HEX(CAST({k} AS BIGINT)), 32, '0') AS uuid)"),
        false => format!("unhex(printf('%032x', {k}))"),
    };
    let first = ctx.today().minus_days(364);
    let day = match is_postgres {
        true => format!("CAST('{first}' AS date) + CAST(i * 365 / {count} AS int)"),
        false => format!("date('{first}', '+' || (i * 365 / {count}) || ' days')"),
    };
    let span = (from, until);
    let product = format!(
        "(SELECT p.id FROM catalog_product p WHERE p.workspace_id = t.workspace_id AND p.number = 1 + (i * 7 + t.position * 13) % {PRODUCTS})"
    );
    let is_first = |table: &str| format!("SELECT * FROM {table} WHERE workspace_id = $1");
    let the = |table: &str, more: &str| format!("{} AND {more}", is_first(table));
    let order = id("1000000000 + i");
    copy(
        ctx,
        tx,
        "sales_order",
        &the("sales_order", "number = 1"),
        span,
        &[("id", order.clone()), ("number", "i + 10".to_owned()), ("ordered_on", day.clone())],
    )?;
    let of_order = "order_id = (SELECT id FROM sales_order WHERE workspace_id = $1 AND number = 1)";
    let order_line = id("2000000000 + i * 8 + t.position");
    copy(
        ctx,
        tx,
        "sales_order_line",
        &the("sales_order_line", of_order),
        span,
        &[("id", order_line.clone()), ("order_id", order.clone()), ("product_id", product.clone())],
    )?;
    let invoice = id("5000000000 + i");
    copy(
        ctx,
        tx,
        "sales_invoice",
        &the("sales_invoice", "number = 1 AND kind = 'invoice' AND year = 2026"),
        span,
        &[
            ("id", invoice.clone()),
            ("year", "2000".to_owned()),
            ("number", "i + 1".to_owned()),
            ("order_id", order),
            ("invoiced_on", day.clone()),
        ],
    )?;
    let of_invoice =
        "invoice_id = (SELECT id FROM sales_invoice WHERE workspace_id = $1 AND year = 2026 AND number = 1)";
    copy(
        ctx,
        tx,
        "sales_invoice_line",
        &the("sales_invoice_line", of_invoice),
        span,
        &[("invoice_id", invoice), ("order_line_id", order_line), ("product_id", product)],
    )?;
    let of_sales =
        "SELECT id FROM ledger_entry WHERE workspace_id = $1 AND source_kind LIKE 'sales%' AND number < 100";
    let lines = format!(
        "SELECT l.*, DENSE_RANK() OVER (ORDER BY l.entry_id) AS rank FROM ledger_line l
         WHERE l.workspace_id = $1 AND l.entry_id IN ({of_sales})"
    );
    let entry = id("7000000000 + i * 8 + t.rank");
    let number = "i * 4 + t.rank + 100".to_owned();
    copy(
        ctx,
        tx,
        "ledger_line",
        &lines,
        span,
        &[("entry_id", entry.clone()), ("number", number.clone()), ("entry_on", day.clone())],
    )?;
    // Last, because they seal their lines.
    let entries = format!(
        "SELECT e.*, DENSE_RANK() OVER (ORDER BY e.id) AS rank FROM ledger_entry e
         WHERE e.workspace_id = $1 AND e.id IN ({of_sales})"
    );
    let source = id("8000000000 + i * 8 + t.rank");
    copy(
        ctx,
        tx,
        "ledger_entry",
        &entries,
        span,
        &[("id", entry), ("number", number), ("entry_on", day), ("source_id", source)],
    )
}

/// The months of accounts as they would have been kept.
fn sum_up(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
    let month = match tx.backend() {
        Backend::Postgres => "CAST(TO_CHAR(entry_on, 'YYYYMM') AS int)",
        Backend::Sqlite => "CAST(strftime('%Y%m', entry_on) AS int)",
    };
    tx.execute("DELETE FROM ledger_balance WHERE workspace_id = $1", db::params![ctx.workspace()])?;
    let sql = format!(
        "INSERT INTO ledger_balance (workspace_id, account_id, month, debit_tiyin, credit_tiyin, lines)
         SELECT workspace_id, account_id, {month}, SUM(CASE WHEN amount_tiyin > 0 THEN amount_tiyin ELSE 0 END),
             SUM(CASE WHEN amount_tiyin < 0 THEN -amount_tiyin ELSE 0 END), COUNT(*)
         FROM ledger_line WHERE workspace_id = $1 GROUP BY 1, 2, 3"
    );
    tx.execute(&sql, db::params![ctx.workspace()]).map(drop)
}

fn measure(db: &TestDb, ctx: &Ctx) {
    let today = ctx.today();
    let date = |text| Date::parse(text).unwrap();
    let periods = [
        ("today", Period { from: today, until: today }),
        ("this month", Period::of_today(today)),
        ("last month", Period { from: date("2026-08-01"), until: date("2026-08-31") }),
        ("a quarter", Period { from: date("2026-06-24"), until: today }),
        ("a year", Period { from: today.minus_days(364), until: today }),
    ];
    for (name, period) in periods {
        let own = ctx.clone();
        time(db, ctx, &format!("dashboard, {name}"), move |tx| {
            let found = dashboard(&own, tx, period)?;
            assert!(found.sales.is_some_and(|sales| sales.now.count > 0));
            Ok(())
        });
    }
    for by in By::ALL {
        let (own, period) = (ctx.clone(), Period::of_today(today));
        time(db, ctx, &format!("sold by {}, this month", by.word()), move |tx| {
            sold(&own, tx, by, period, PageRequest::default()).map(drop)
        });
    }
    let period = Period::of_today(today);
    parts(db, ctx, period);
}

/// What the parts of the dashboard take.
fn parts(db: &TestDb, ctx: &Ctx, Period { from, until }: Period) {
    let own = ctx.clone();
    time(db, ctx, "  sums by day, 30 days", move |tx| {
        sales::sales_by_day(&own, tx, own.today().minus_days(29), own.today()).map(drop)
    });
    let own = ctx.clone();
    time(db, ctx, "  top products", move |tx| sales::top_products(&own, tx, from, until, 10).map(drop));
    let own = ctx.clone();
    time(db, ctx, "  orders by state", move |tx| sales::orders_by_status(&own, tx).map(drop));
    let own = ctx.clone();
    time(db, ctx, "  ledger", move |tx| {
        let roles = [ledger::Role::RevenueGoods, ledger::Role::CostOfGoods];
        ledger::role_turnovers(&own, tx, from, until, &roles)?;
        ledger::role_balances(&own, tx, until, &[ledger::Role::Customers]).map(drop)
    });
    let own = ctx.clone();
    time(db, ctx, "  stock", move |tx| {
        stock::total_value(&own, tx)?;
        stock::list_low_stock(&own, tx, PageRequest::new(1, 5)).map(drop)
    });
}

fn time(
    db: &TestDb,
    ctx: &Ctx,
    name: &str,
    run: impl Fn(&mut ReadTx<'_>) -> Result<()> + Clone + Send + 'static,
) {
    let mut took = Vec::new();
    for _ in 0..RUNS {
        let (run, began) = (run.clone(), Instant::now());
        db.read_now(ctx, move |tx| run(tx)).unwrap();
        took.push(began.elapsed());
    }
    took.sort_unstable();
    println!("{name:<32} middle {:>10.1?}  slowest {:>10.1?}", took[RUNS / 2], took[RUNS - 1]);
}
