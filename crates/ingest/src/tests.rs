//! Imports on both databases.

mod api;
mod bad;
mod crash;
mod formats;
mod pages;
mod round_trip;
mod together;

use std::sync::Arc;

use context::{Actor, Ctx, CtxBuilder, Random, Services};
use db::{ReadTx, Tx, db_test, testing::TestDb};
use files::Blobs;
use jobs::Worker;
use kernel::{Error, FixedClock, Id, PageRequest, Result};
use web::testing::{NOW, Site};

use crate::{Import, ImportKind, Report, get_import, import_products, import_receipt, module, work};

const PRODUCTS_CSV: &[u8] = include_bytes!("../../../demo/products.csv");
const PRODUCTS_XLSX: &[u8] = include_bytes!("../../../demo/products.xlsx");
const STOCK_RECEIPT: &[u8] = include_bytes!("../../../demo/stock_receipt.csv");

/// A member of a workspace who may do everything.
fn ctx(workspace: u128) -> Ctx {
    let id = Id::from_uuid(uuid::Uuid::from_u128(workspace));
    let random = Random::from_seed(u64::try_from(workspace).unwrap() + 40);
    CtxBuilder::server(id, Actor::guest(), NOW, random).build()
}

fn write<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    run: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| run(&own, tx))
}

fn read<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    run: impl Fn(&Ctx, &mut ReadTx<'_>) -> Result<T> + Send + 'static,
) -> T {
    let own = ctx.clone();
    db.read_now(ctx, move |tx| run(&own, tx)).unwrap()
}

fn product_count(db: &TestDb, ctx: &Ctx) -> i64 {
    let one = PageRequest::new(1, 1);
    read(db, ctx, move |ctx, tx| Ok(catalog::list(ctx, tx, &catalog::ProductFilter::default(), one)?.count))
}

/// `row column: key` of every reason in a report.
fn said(report: &Report) -> Vec<String> {
    report.bad.iter().map(|bad| format!("{} {}: {}", bad.row, bad.column, bad.text.key())).collect()
}

/// The keys of an error.
fn keys(error: &Error) -> Vec<&'static str> {
    match error.field_errors() {
        [] => vec![error.text().key()],
        errors => errors.iter().map(|error| error.text.key()).collect(),
    }
}

/// A file of `count` products with the codes `P1`, `P2`, …; `change` makes other cells of a row.
fn products_file(count: usize, change: impl Fn(usize, &mut [String; 4])) -> Vec<u8> {
    let mut out = String::from("Kod,Nomi,Turkum,Narx\n");
    for row in 1..=count {
        let mut cells = [
            format!("P{row}"),
            format!("Mahsulot {row}"),
            format!("Bo'lim > Tur {}", row % 7),
            "1500,5".into(),
        ];
        change(row, &mut cells);
        out.push_str(&cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).join(","));
        out.push('\n');
    }
    out.into_bytes()
}

/// The application with imports, and the worker that runs its jobs.
struct Shop {
    site: Site,
    worker: Arc<Worker>,
    _folder: tempfile::TempDir,
}

fn shop(db: &TestDb) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default()
        .with(Arc::new(stock::quantities()))
        .with(Arc::new(Blobs::open_volatile(folder.path()).unwrap()));
    let modules = vec![module(), catalog::module(), stock::module(), files::module()];
    let site = Site::new(db, services.clone(), modules);
    let clock = Arc::new(FixedClock::at(NOW));
    let worker = Worker::new((**db).clone(), services, clock, Random::from_seed(77), work());
    Shop { site, worker, _folder: folder }
}

impl Shop {
    /// Brings a file as a program does; answers its number.
    async fn bring(&self, kind: ImportKind, file: &[u8]) -> i64 {
        let answer = self.send(kind.word(), file).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_i64().unwrap()
    }

    async fn send(&self, kind: &str, file: &[u8]) -> web::testing::Answer {
        send(&self.site, kind, file).await
    }
}

/// Sends a form with the field `kind` before its file.
async fn upload(site: &Site, path: &str, kind: &str, filename: &str, file: &[u8]) -> web::testing::Answer {
    // The site writes one part; its name ends a part before it.
    let name = format!("kind\"\r\n\r\n{kind}\r\n--b\r\nContent-Disposition: form-data; name=\"file");
    site.upload(path, &name, filename, file).await
}

/// Sends a file with its kind beside it.
async fn send(site: &Site, kind: &str, file: &[u8]) -> web::testing::Answer {
    upload(site, "/api/imports", kind, "fayl.csv", file).await
}

fn import(db: &TestDb, ctx: &Ctx, number: i64) -> Import {
    read(db, ctx, move |ctx, tx| get_import(ctx, tx, web::RowKey::Number(number)))
}

#[db_test]
async fn the_demo_files_make_the_demo_shop_and_change_nothing_the_second_time(db: &TestDb) {
    let ctx = ctx(1);
    for (bytes, rows) in [(PRODUCTS_CSV, 116), (PRODUCTS_XLSX, 84)] {
        let report = import_products(db, &ctx, bytes, "products").await.unwrap();
        assert_eq!((report.bad, report.rows, report.created), (Vec::new(), rows, rows));
    }
    for (bytes, rows) in [(PRODUCTS_CSV, 116), (PRODUCTS_XLSX, 84)] {
        let report = import_products(db, &ctx, bytes, "products").await.unwrap();
        assert_eq!((report.created, report.changed, report.same), (0, 0, rows));
    }
    assert_eq!(product_count(db, &ctx), 200);
    let leaves = read(db, &ctx, |ctx, tx| {
        let tree = catalog::categories(ctx, tx)?;
        Ok(tree.nodes().iter().filter(|node| node.own_products > 0).count())
    });
    assert_eq!(leaves, 12);
    let report = import_receipt(db, &ctx, STOCK_RECEIPT, "stock_receipt.csv").await.unwrap();
    assert_eq!((report.bad, report.rows, report.created), (Vec::new(), 196, 196));
    let report = import_receipt(db, &ctx, STOCK_RECEIPT, "again.csv").await.unwrap();
    assert_eq!((report.created, report.same), (0, 196));
    assert_eq!(read(db, &ctx, stock::check), Vec::new());
}

#[db_test]
async fn a_file_says_nothing_about_the_columns_it_does_not_have(db: &TestDb) {
    let ctx = ctx(1);
    import_products(db, &ctx, PRODUCTS_CSV, "products.csv").await.unwrap();
    let prices = "Kod;Nomi;Narx\nSP-LG-S40T;Saundbar;2 600 000,50 so'm\n";
    let report = import_products(db, &ctx, prices.as_bytes(), "prices.csv").await.unwrap();
    assert_eq!((report.bad.len(), report.changed), (0, 1));
    let product = read(db, &ctx, |ctx, tx| Ok(catalog::find_by_code(ctx, tx, "sp-lg-s40t")?.unwrap()));
    assert_eq!(product.sale_price, kernel::Money::from_tiyin(260_000_050));
    assert_eq!((product.name.uz.as_str(), product.brand.as_deref()), ("Saundbar", Some("LG")));
    assert!(product.category.is_some() && product.name.ru.is_some() && product.barcode.is_some());
    let emptied = "Kod;Nomi;Narx;Brend\nSP-LG-S40T;Saundbar;2600000,5;\n";
    import_products(db, &ctx, emptied.as_bytes(), "prices.csv").await.unwrap();
    let product = read(db, &ctx, |ctx, tx| Ok(catalog::find_by_code(ctx, tx, "sp-lg-s40t")?.unwrap()));
    assert_eq!(product.brand, None);
}
