//! The pages, driven as a browser drives them.

use db::{db_test, testing::TestDb};

use super::*;

#[db_test]
async fn a_person_brings_a_file_looks_at_it_and_has_it_written(db: &TestDb) {
    let shop = shop(db);
    let mut site = shop.site.clone();
    assert!(site.page("/imports").await.text().contains("/imports/new"));
    let form = site.page("/imports/new?kind=products").await;
    assert!(form.text().contains("multipart/form-data"));
    let file = products_file(30, |row, cells| {
        if row == 3 {
            cells[0] = "<b>P3</b>".to_owned();
            cells[3] = "<i>x</i>".to_owned();
        }
    });
    let sent = upload(&site, "/imports/new", "products", "narxlar <b>.csv", &file).await;
    assert_eq!(sent.header("location"), Some("/imports/1"), "{}", sent.text());
    assert!(site.page("/imports/1").await.text().contains("every 1s"));
    shop.worker.drain().await.unwrap();
    let page = site.page("/imports/1").await.text();
    assert!(
        page.contains("&#60;i&#62;x") && page.contains("bad-rows.csv") && page.contains("value=\"good\""),
        "{page}"
    );
    assert!(!page.contains("<b>P3") && !page.contains("every 1s"));
    let refused = site.form("/imports/1/apply", &[("policy", "all")]).await;
    assert_eq!(refused.status, 409);
    let applied = site.form("/imports/1/apply", &[("policy", "good")]).await;
    assert_eq!(applied.header("location"), Some("/imports/1"));
    shop.worker.drain().await.unwrap();
    let page = site.page("/imports/1").await.text();
    assert!(page.contains("29") && !page.contains("name=\"policy\""));
    assert_eq!(product_count(db, &ctx(1)), 29);
    assert!(site.page("/imports/1/bad-rows.csv").await.text().contains("P3"));
    assert!(site.page("/imports?format=csv").await.text().contains("narxlar"));
}

#[db_test]
async fn a_file_that_is_no_table_is_said_beside_the_field_and_columns_are_named_on_the_page(db: &TestDb) {
    let shop = shop(db);
    let mut site = shop.site.clone();
    let refused = upload(&site, "/imports/new", "products", "rasm.png", b"\x89PNG\r\n\x1a\n\0\0").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("This is no table"));
    upload(&site, "/imports/new", "products", "x.csv", b"A,B,C\nk,n,5\n").await;
    let page = site.page("/imports/1").await.text();
    assert!(page.contains("name=\"fields\""), "{page}");
    let named = [("fields", "code"), ("fields", "name"), ("fields", "")];
    assert_eq!(site.form("/imports/1/columns", &named).await.status, 422);
    let named = [("fields", "code"), ("fields", "name"), ("fields", "sale_price")];
    assert_eq!(site.form("/imports/1/columns", &named).await.header("location"), Some("/imports/1"));
    shop.worker.drain().await.unwrap();
    site.form("/imports/1/apply", &[("policy", "all")]).await;
    shop.worker.drain().await.unwrap();
    assert_eq!(product_count(db, &ctx(1)), 1);
    assert_eq!(site.by("2").page("/imports/1").await.status, 404);
    assert_eq!(site.form("/imports/1/cancel", &[]).await.status, 409);
}
