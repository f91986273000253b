//! What the program gives as a file, it takes back.

use db::{db_test, testing::TestDb};
use kernel::Lang;

use super::*;

/// The shop of the demo, with products that are hard to write down.
async fn filled(db: &TestDb, ctx: &Ctx) -> i64 {
    import_products(db, ctx, PRODUCTS_CSV, "products.csv").await.unwrap();
    import_products(db, ctx, PRODUCTS_XLSX, "products.xlsx").await.unwrap();
    let hard = "Kod,Nomi,Narx,QQS,Holati,Tavsif,Turkum,Minimal qoldiq\n\
        \"=1+1\",\"@SUM(A1), \"\"katta\"\"\",0.5,0,sotuvda emas,\"ikki\nqator\",Boshqa,1.5\n\
        -7,<b>Choy</b>,999999999999.99,ozod,,-,Boshqa > Choy,\n";
    import_products(db, ctx, hard.as_bytes(), "hard.csv").await.unwrap();
    202
}

#[db_test]
async fn an_export_of_the_products_changes_nothing_when_it_is_imported(db: &TestDb) {
    let (shop, ctx) = (shop(db), ctx(1));
    let count = filled(db, &ctx).await;
    for lang in Lang::ALL {
        for format in ["csv", "xlsx"] {
            let file = shop.site.in_lang(lang).page(&format!("/products?format={format}")).await;
            let report = import_products(db, &ctx, &file.bytes, "products").await.unwrap();
            assert_eq!(said(&report), Vec::<String>::new(), "{lang:?} {format}");
            assert_eq!((report.created, report.changed, report.same), (0, 0, count), "{lang:?} {format}");
        }
    }
    // In another workspace it makes the same shop: its export is the same file, but for what is in stock.
    let file = shop.site.page("/products?format=csv").await;
    let report = import_products(db, &self::ctx(2), &file.bytes, "products.csv").await.unwrap();
    assert_eq!((said(&report), report.created), (Vec::new(), count));
    assert_eq!(shop.site.by("2").page("/products?format=csv").await.text(), file.text());
}

#[db_test]
async fn bad_rows_that_were_mended_go_in_as_they_were_downloaded(db: &TestDb) {
    let shop = shop(db);
    let file = products_file(30, |row, cells| {
        if row % 10 == 0 {
            cells[3] = "qimmat".to_owned();
        }
    });
    for lang in Lang::ALL {
        let number = shop.bring(ImportKind::Products, &file).await;
        shop.worker.drain().await.unwrap();
        let bad = shop.site.in_lang(lang).page(&format!("/imports/{number}/bad-rows.csv")).await.text();
        let mended = bad.replace(",qimmat", ",777");
        let number = shop.bring(ImportKind::Products, mended.as_bytes()).await;
        shop.worker.drain().await.unwrap();
        let body = shop.site.get(&format!("/api/imports/{number}")).await.json();
        assert_eq!((&body["state"], &body["good_count"]), (&"ready".into(), &3.into()), "{body}");
    }
}
