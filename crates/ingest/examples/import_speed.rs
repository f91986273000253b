//! How long large files take: `cargo run -p ingest --example import_speed -- sqlite|postgres 10000 100000`.
//!
//! Each size goes into a workspace of its own in a database that goes away, twice: as new products, and as the same
//! products again.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a measurement")]

use std::fmt::Write;

use context::{Actor, Ctx, CtxBuilder, Random};
use db::{Db, testing::TestDb};
use kernel::{Error, Id, Result, Timestamp};

fn main() -> Result<()> {
    let migrations = [
        context::MIGRATIONS,
        web::MIGRATIONS,
        jobs::MIGRATIONS,
        files::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        tax::MIGRATIONS,
        ledger::MIGRATIONS,
        stock::MIGRATIONS,
        ingest::MIGRATIONS,
    ];
    let mut args = std::env::args().skip(1);
    let is_postgres = args.next().is_some_and(|word| word == "postgres");
    let db = if is_postgres { TestDb::postgres(&migrations) } else { TestDb::sqlite(&migrations) };
    let runtime = tokio::runtime::Runtime::new().map_err(Error::internal)?;
    for (workspace, count) in (1_u128..).zip(args.filter_map(|word| word.parse().ok())) {
        let id = Id::from_uuid(uuid::Uuid::from_u128(workspace));
        let now = Timestamp::from_millis(1_790_000_000_000);
        let ctx = CtxBuilder::server(id, Actor::server("speed"), now, Random::from_system()).build();
        let file = file(count)?;
        for what in ["new", "again"] {
            runtime.block_on(timed(&db, &ctx, &file, what))?;
        }
    }
    Ok(())
}

fn file(count: usize) -> Result<String> {
    let mut file = String::from("Kod,Nomi,Nomi (ruscha),Turkum,Narx,Xarid narxi,Brend\n");
    for row in 1..=count {
        let kind = row % 12;
        writeln!(file, "P-{row},Mahsulot {row} qora,Товар {row},Bolim > Tur {kind},{row}500,{row}000,LG")
            .map_err(Error::internal)?;
    }
    Ok(file)
}

async fn timed(db: &Db, ctx: &Ctx, file: &str, what: &str) -> Result<()> {
    let begin = std::time::Instant::now();
    let report = ingest::import_products(db, ctx, file.as_bytes(), "speed.csv").await?;
    let backend = db.backend();
    let (rows, created, same) = (report.rows, report.created, report.same);
    let took = begin.elapsed().as_millis();
    println!(
        "{backend:?} {rows} rows, {what}: {took} ms ({created} new, {same} the same, {} bad)",
        report.bad.len()
    );
    Ok(())
}
