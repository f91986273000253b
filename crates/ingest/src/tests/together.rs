//! Two files at once, workers that die, imports that stop or are stopped.

use std::time::Duration;

use context::{AuditFilter, list_audit_entries};
use db::{db_test, testing::TestDb};
use serde_json::json;

use super::*;
use crate::{
    ImportState, Policy,
    actions::{NewImport, create_import},
    apply_import, books, cancel_import, stage,
    work::Progress,
};

fn traces(db: &TestDb, ctx: &Ctx, action: &'static str) -> i64 {
    read(db, ctx, move |ctx, tx| {
        let filter = AuditFilter { action: Some(action.to_owned()), ..AuditFilter::default() };
        Ok(list_audit_entries(ctx, tx, &filter, PageRequest::new(1, 1))?.count)
    })
}

#[db_test]
async fn two_files_at_once_for_the_same_products_make_each_once(db: &TestDb) {
    let ctx = ctx(1);
    let priced = |price: &'static str| products_file(600, move |_, cells| cells[3] = price.to_owned());
    let (cheap, dear) = (priced("100"), priced("200"));
    let (one, two) =
        tokio::join!(import_products(db, &ctx, &cheap, "a.csv"), import_products(db, &ctx, &dear, "b.csv"));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((said(&one), said(&two)), (Vec::new(), Vec::new()));
    assert_eq!((one.created + two.created, one.changed + two.changed), (600, 600));
    assert_eq!((product_count(db, &ctx), traces(db, &ctx, "product.create")), (600, 600));
    let categories = read(db, &ctx, |ctx, tx| Ok(catalog::categories(ctx, tx)?.nodes().len()));
    assert_eq!(categories, 8);
}

/// Ten thousand rows whose worker dies again and again, in the middle of whatever it does.
#[db_test]
async fn ten_thousand_rows_outlive_the_deaths_of_their_workers(db: &TestDb) {
    let ctx = ctx(1);
    let file = products_file(10_000, |_, _| ());
    let sheet = stage::unpack(file.clone()).await.unwrap();
    let new = NewImport::of(ImportKind::Products, "big.csv", files::Hash::of(&file), false, &sheet);
    let id = write(db, &ctx, move |ctx, tx| create_import(ctx, tx, new.clone())).unwrap().id;
    let state = || read(db, &ctx, move |ctx, tx| crate::store::get(ctx, tx, id));
    for lives in 1_u64.. {
        let staging = stage::stage(db, &ctx, id, file.clone(), &Progress(None));
        match tokio::time::timeout(Duration::from_millis(400 * lives), staging).await {
            Ok(staged) => {
                staged.unwrap();
                break;
            }
            Err(_) => assert_eq!(state().state, ImportState::Reading),
        }
    }
    assert_eq!((state().state, state().good_count), (ImportState::Ready, 10_000));
    let key = web::RowKey::Id(id.uuid());
    write(db, &ctx, move |ctx, tx| apply_import(ctx, tx, key, Policy::All, false)).unwrap();
    let mut deaths = 0;
    for lives in 1_u64.. {
        let writing = books::write(db, &ctx, id, &Progress(None));
        match tokio::time::timeout(Duration::from_millis(300 * lives), writing).await {
            Ok(written) => {
                written.unwrap();
                break;
            }
            Err(_) => deaths += 1,
        }
    }
    let done = state();
    assert!(deaths > 0, "nobody died");
    assert_eq!((done.state, done.created_count, done.same_count), (ImportState::Done, 10_000, 0));
    assert_eq!((product_count(db, &ctx), traces(db, &ctx, "product.create")), (10_000, 10_000));
    assert_eq!(traces(db, &ctx, "import.done"), 1);
}

#[db_test]
async fn an_import_of_good_rows_that_is_cancelled_under_way_keeps_what_is_written(db: &TestDb) {
    let ctx = ctx(1);
    let file = products_file(1_500, |row, cells| {
        if row == 9 {
            cells[3] = "qimmat".to_owned();
        }
    });
    let sheet = stage::unpack(file.clone()).await.unwrap();
    let new = NewImport::of(ImportKind::Products, "big.csv", files::Hash::of(&file), false, &sheet);
    let id = write(db, &ctx, move |ctx, tx| create_import(ctx, tx, new.clone())).unwrap().id;
    stage::stage(db, &ctx, id, file, &Progress(None)).await.unwrap();
    let key = web::RowKey::Id(id.uuid());
    write(db, &ctx, move |ctx, tx| apply_import(ctx, tx, key, Policy::Good, false)).unwrap();
    let step = move |ctx: &Ctx, tx: &mut Tx<'_>| books::step(ctx, tx, id);
    assert_eq!(write(db, &ctx, step).unwrap(), books::Step::Wrote(books::CHUNK_ROWS, 1_499));
    let gone = write(db, &ctx, move |ctx, tx| cancel_import(ctx, tx, key)).unwrap();
    assert_eq!((gone.state, gone.created_count), (ImportState::Cancelled, books::CHUNK_ROWS));
    assert_eq!(write(db, &ctx, step).unwrap(), books::Step::Ended);
    assert_eq!(product_count(db, &ctx), books::CHUNK_ROWS);
    let again = write(db, &ctx, move |ctx, tx| cancel_import(ctx, tx, key)).unwrap_err();
    assert_eq!(keys(&again), ["ingest-is-cancelled"]);
}

#[db_test]
async fn an_import_whose_job_has_ended_badly_goes_on_when_somebody_says_so(db: &TestDb) {
    let (shop, ctx) = (shop(db), ctx(1));
    let number = shop.bring(ImportKind::Products, &products_file(30, |_, _| ())).await;
    let job = import(db, &ctx, number).job.unwrap();
    write(db, &ctx, move |ctx, tx| jobs::cancel(ctx, tx, job).map(drop)).unwrap();
    assert!(shop.site.page("/imports/1").await.text().contains("The work has stopped"));
    let go_on = || shop.site.post("/api/imports/1/apply", json!({}));
    assert_eq!(go_on().await.json()["state"], "reading");
    assert_eq!(go_on().await.errors(), ["ingest-is-reading"]);
    shop.worker.drain().await.unwrap();
    assert_eq!(go_on().await.json()["state"], "applying");
    shop.worker.drain().await.unwrap();
    assert_eq!(product_count(db, &ctx), 30);
}
