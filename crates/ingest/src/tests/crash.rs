//! Large files, and a crash between any two transactions.

use db::{Lane, db_test, testing::TestDb};

use super::*;
use crate::{
    ImportState, Policy,
    actions::{NewImport, create_import},
    apply_import, bad_rows, books, cancel_import, stage, store,
    work::Progress,
};

/// An import of products whose rows are staged.
async fn staged(db: &TestDb, ctx: &Ctx, file: Vec<u8>) -> Import {
    let sheet = stage::unpack(file.clone()).await.unwrap();
    let new = NewImport::of(ImportKind::Products, "big.csv", files::Hash::of(&file), false, &sheet);
    let import = write(db, ctx, move |ctx, tx| create_import(ctx, tx, new.clone())).unwrap();
    stage::stage(db, ctx, import.id, file, &Progress(None)).await.unwrap();
    self::import(db, ctx, import.number)
}

fn decide(db: &TestDb, ctx: &Ctx, import: &Import, policy: Policy) -> Result<Import> {
    let key = web::RowKey::Number(import.number);
    write(db, ctx, move |ctx, tx| apply_import(ctx, tx, key, policy, false))
}

async fn step(db: &TestDb, ctx: &Ctx, import: &Import) -> books::Step {
    let (own, id) = (ctx.clone(), import.id);
    db.write(ctx, Lane::Background, move |tx| books::step(&own, tx, id)).await.unwrap()
}

/// Five bad rows in `count`, far from each other.
fn with_five_bad(count: usize) -> Vec<u8> {
    let bad = [1, count / 3, count / 2, count - 1, count];
    products_file(count, move |row, cells| {
        if bad.contains(&row) {
            cells[3] = "qimmat".to_owned();
        }
    })
}

#[db_test]
async fn five_bad_rows_in_ten_thousand_keep_all_out_or_only_themselves(db: &TestDb) {
    let ctx = ctx(1);
    let import = staged(db, &ctx, with_five_bad(10_000)).await;
    assert_eq!((import.state, import.good_count, import.bad_count), (ImportState::Ready, 9_995, 5));
    let id = import.id;
    let rows = read(db, &ctx, move |ctx, tx| bad_rows(ctx, tx, id, 0, 100));
    let rows: Vec<u32> = rows.iter().map(|refused| refused.row).collect();
    assert_eq!(rows, [2, 3_334, 5_001, 10_000, 10_001]);
    assert_eq!(keys(&decide(db, &ctx, &import, Policy::All).unwrap_err()), ["ingest-rows-are-bad"]);
    assert_eq!(product_count(db, &ctx), 0);
    decide(db, &ctx, &import, Policy::Good).unwrap();
    books::write(db, &ctx, id, &Progress(None)).await.unwrap();
    let done = self::import(db, &ctx, import.number);
    assert_eq!((done.state, done.created_count, done.bad_count), (ImportState::Done, 9_995, 5));
    assert_eq!(product_count(db, &ctx), 9_995);
}

#[db_test]
async fn a_crash_between_two_chunks_doubles_and_loses_nothing(db: &TestDb) {
    let ctx = ctx(1);
    let import = staged(db, &ctx, products_file(1_100, |_, _| ())).await;
    decide(db, &ctx, &import, Policy::All).unwrap();
    assert_eq!(step(db, &ctx, &import).await, books::Step::Wrote(books::CHUNK_ROWS, 1_100));
    assert_eq!(step(db, &ctx, &import).await, books::Step::Wrote(2 * books::CHUNK_ROWS, 1_100));
    let key = web::RowKey::Number(import.number);
    let stop = write(db, &ctx, move |ctx, tx| cancel_import(ctx, tx, key)).unwrap_err();
    assert_eq!(keys(&stop), ["ingest-whole-has-begun"]);
    // The process died here; the job is taken again and goes on with the rows that are left.
    books::write(db, &ctx, import.id, &Progress(None)).await.unwrap();
    let done = self::import(db, &ctx, import.number);
    assert_eq!((done.state, done.created_count, done.same_count), (ImportState::Done, 1_100, 0));
    assert_eq!(product_count(db, &ctx), 1_100);
    books::write(db, &ctx, import.id, &Progress(None)).await.unwrap();
    assert_eq!(self::import(db, &ctx, import.number), done);
}

#[db_test]
async fn a_crash_while_rows_are_staged_begins_anew(db: &TestDb) {
    let ctx = ctx(1);
    let file = products_file(700, |_, _| ());
    let sheet = stage::unpack(file.clone()).await.unwrap();
    let new = NewImport::of(ImportKind::Products, "big.csv", files::Hash::of(&file), false, &sheet);
    let import = write(db, &ctx, move |ctx, tx| create_import(ctx, tx, new.clone())).unwrap();
    let (id, lines) = (import.id, sheet.lines);
    write(db, &ctx, move |ctx, tx| {
        let rows: Vec<_> = lines.iter().take(300).map(|line| (line, Vec::new())).collect();
        store::insert_rows(ctx, tx, id, &rows)
    })
    .unwrap();
    stage::stage(db, &ctx, id, file, &Progress(None)).await.unwrap();
    let import = self::import(db, &ctx, import.number);
    assert_eq!((import.state, import.good_count), (ImportState::Ready, 700));
}

#[db_test]
async fn a_whole_that_does_not_fit_any_more_is_sent_back(db: &TestDb) {
    for count in [20, 1_200] {
        let ctx = ctx(u128::try_from(count).unwrap());
        let mut file = String::from("Kod,Nomi,Narx,Shtrix-kod\n");
        for row in 1..=count {
            let barcode = if row == count { "2060000000019" } else { "" };
            file.push_str(&format!("A-{row},Choy,1,{barcode}\n"));
        }
        let import = staged(db, &ctx, file.into_bytes()).await;
        let one = b"Kod,Nomi,Narx,Shtrix-kod\nB-1,Non,1,2060000000019\n";
        import_products(db, &ctx, one, "one.csv").await.unwrap();
        decide(db, &ctx, &import, Policy::All).unwrap();
        books::write(db, &ctx, import.id, &Progress(None)).await.unwrap();
        let back = self::import(db, &ctx, import.number);
        assert_eq!((back.state, back.bad_count), (ImportState::Ready, 1), "{count}");
        assert_eq!(back.refusal().map(kernel::Text::key), Some("ingest-rows-refused"));
        assert_eq!(product_count(db, &ctx), 1, "{count}");
        decide(db, &ctx, &back, Policy::Good).unwrap();
        books::write(db, &ctx, import.id, &Progress(None)).await.unwrap();
        assert_eq!(product_count(db, &ctx), i64::from(count), "{count}");
    }
}
