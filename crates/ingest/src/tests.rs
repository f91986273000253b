//! Imports on both databases.

use context::{Actor, Ctx, CtxBuilder, Random};
use db::{db_test, testing::TestDb};
use kernel::{Id, PageRequest, Timestamp};

use crate::{Report, import_products, import_receipt};

const PRODUCTS_CSV: &[u8] = include_bytes!("../../../demo/products.csv");
const PRODUCTS_XLSX: &[u8] = include_bytes!("../../../demo/products.xlsx");
const STOCK_RECEIPT: &[u8] = include_bytes!("../../../demo/stock_receipt.csv");

/// A member of a workspace who may do everything.
fn ctx(workspace: u128) -> Ctx {
    let id = Id::from_uuid(uuid::Uuid::from_u128(workspace));
    let now = Timestamp::from_millis(1_790_000_000_000);
    let random = Random::from_seed(u64::try_from(workspace).unwrap());
    CtxBuilder::server(id, Actor::guest(), now, random).build()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn products(db: &TestDb, ctx: &Ctx, bytes: &[u8]) -> Report {
    run(import_products(db, ctx, bytes, "products")).unwrap()
}

#[db_test]
fn the_demo_files_make_the_demo_shop_and_change_nothing_the_second_time(db: &TestDb) {
    let ctx = ctx(1);
    let report = products(db, &ctx, PRODUCTS_CSV);
    assert_eq!((report.bad, report.rows, report.created), (Vec::new(), 116, 116));
    let report = products(db, &ctx, PRODUCTS_XLSX);
    assert_eq!((report.bad, report.rows, report.created), (Vec::new(), 84, 84));
    for (bytes, rows) in [(PRODUCTS_CSV, 116), (PRODUCTS_XLSX, 84)] {
        let report = products(db, &ctx, bytes);
        assert_eq!((report.created, report.changed, report.same), (0, 0, rows));
    }
    let own = ctx.clone();
    let (count, leaves) = db
        .read_now(&ctx, move |tx| {
            let count = catalog::list(&own, tx, &catalog::ProductFilter::default(), PageRequest::new(1, 1))?.count;
            let tree = catalog::categories(&own, tx)?;
            Ok((count, tree.nodes().iter().filter(|node| node.own_products > 0).count()))
        })
        .unwrap();
    assert_eq!((count, leaves), (200, 12));
    let report = run(import_receipt(db, &ctx, STOCK_RECEIPT, "stock_receipt.csv")).unwrap();
    assert_eq!((report.bad, report.rows, report.created), (Vec::new(), 196, 196));
}
