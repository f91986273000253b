//! How long large files take: `cargo run -p ingest --example import_speed -- 10000 100000` on a new SQLite file, with
//! every commit on the disk.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a measurement")]

use std::fmt::Write;

use context::{Actor, CtxBuilder, Random};
use db::{Config, Db};
use kernel::{Error, Id, Result, Timestamp};

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir().map_err(Error::internal)?;
    let path = folder.path().join("karvon.db");
    let migrations = [
        context::MIGRATIONS,
        web::MIGRATIONS,
        jobs::MIGRATIONS,
        files::MIGRATIONS,
        catalog::MIGRATIONS,
        contacts::MIGRATIONS,
        tax::MIGRATIONS,
        stock::MIGRATIONS,
        ingest::MIGRATIONS,
    ];
    let url = std::env::var("DATABASE_URL").unwrap_or_else(|_| path.display().to_string());
    let db = Db::open(Config::from_url(&url), &migrations)?;
    for (workspace, count) in (1_u128..).zip(std::env::args().skip(1).filter_map(|word| word.parse().ok())) {
        let count: usize = count;
        let mut file = String::from("Kod,Nomi,Nomi (ruscha),Turkum,Narx,Xarid narxi,Brend\n");
        for row in 1..=count {
            let line = writeln!(
                file,
                "P-{row},Mahsulot {row} qora,Товар {row},Bolim > Tur {},{row}500,{row}000,LG",
                row % 12
            );
            line.map_err(Error::internal)?;
        }
        let id = Id::from_uuid(uuid::Uuid::from_u128(workspace));
        let now = Timestamp::from_millis(1_790_000_000_000);
        let ctx = CtxBuilder::server(id, Actor::server("speed"), now, Random::from_system()).build();
        for what in ["new", "again"] {
            let begin = std::time::Instant::now();
            let report = ingest::import_products(&db, &ctx, file.as_bytes(), "speed.csv").await?;
            let done = (report.created, report.same, report.bad.len());
            println!("{:?} {count} rows, {what}: {:?} {done:?}", db.backend(), begin.elapsed());
        }
    }
    Ok(())
}
