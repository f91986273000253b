//! `/api/imports`, driven as programs drive it.

use db::{db_test, testing::TestDb};
use serde_json::json;

use super::*;

#[db_test]
async fn a_file_is_brought_checked_applied_and_stays_in_the_history(db: &TestDb) {
    let shop = shop(db);
    let number = shop.bring(ImportKind::Products, PRODUCTS_CSV).await;
    let path = format!("/api/imports/{number}");
    let body = shop.site.get(&path).await.json();
    assert_eq!((&body["state"], &body["row_count"]), (&json!("reading"), &json!(116)));
    assert_eq!(body["columns"][0], json!({ "heading": "Kod", "field": "code" }));
    assert_eq!(body["sample"][0][0], "SP-SAM-HWB650");
    let early = shop.site.post(&format!("{path}/apply"), json!({})).await;
    assert_eq!((early.status.as_u16(), early.errors()), (409, vec!["ingest-is-reading".to_owned()]));
    shop.worker.drain().await.unwrap();
    let body = shop.site.get(&path).await.json();
    assert_eq!(
        (&body["state"], &body["good_count"], &body["bad_count"]),
        (&json!("ready"), &json!(116), &json!(0))
    );
    let applied = shop.site.post(&format!("{path}/apply"), json!({ "policy": "all" })).await;
    assert_eq!((applied.status.as_u16(), &applied.json()["state"]), (200, &json!("applying")));
    shop.worker.drain().await.unwrap();
    let body = shop.site.get(&path).await.json();
    assert_eq!((&body["state"], &body["created_count"]), (&json!("done"), &json!(116)));
    let list = shop.site.get("/api/imports?state=done").await.json();
    assert_eq!((&list["count"], &list["results"][0]["id"]), (&json!(1), &json!(number)));
    let again = shop.site.post(&format!("{path}/apply"), json!({})).await;
    assert_eq!(again.errors(), ["ingest-is-done"]);
    assert_eq!(shop.site.post(&format!("{path}/cancel"), json!({})).await.errors(), ["ingest-is-done"]);
}

#[db_test]
async fn bad_rows_are_downloaded_harmless_and_the_good_ones_go_in(db: &TestDb) {
    let shop = shop(db);
    let file = products_file(40, |row, cells| {
        if row == 7 {
            cells[1] = "=cmd|' /C calc'!A0".to_owned();
            cells[3] = "qimmat".to_owned();
        }
    });
    let number = shop.bring(ImportKind::Products, &file).await;
    shop.worker.drain().await.unwrap();
    let path = format!("/api/imports/{number}");
    let body = shop.site.get(&path).await.json();
    assert_eq!(body["bad_rows"][0]["row"], json!(8));
    assert_eq!(body["bad_rows"][0]["problems"][0]["column"], "Narx");
    let all = shop.site.post(&format!("{path}/apply"), json!({ "policy": "all" })).await;
    assert_eq!((all.status.as_u16(), all.errors()), (409, vec!["ingest-rows-are-bad".to_owned()]));
    let wrong = shop.site.post(&format!("{path}/apply"), json!({ "policy": "some" })).await;
    assert_eq!(wrong.errors(), ["policy: ingest-policy-unknown"]);
    let good = shop.site.post(&format!("{path}/apply"), json!({ "policy": "good" })).await;
    assert_eq!(good.status, 200);
    shop.worker.drain().await.unwrap();
    let body = shop.site.get(&path).await.json();
    assert_eq!(
        (&body["state"], &body["created_count"], &body["bad_count"]),
        (&json!("done"), &json!(39), &json!(1))
    );
    let file = shop.site.get(&format!("{path}/bad-rows.csv")).await;
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = file.text();
    assert!(text.contains("\n8,Narx: "), "{text}");
    assert!(text.contains(",'=cmd|' /C calc'!A0,"), "{text}");
}

#[db_test]
async fn columns_that_say_nothing_are_named_by_a_person(db: &TestDb) {
    let shop = shop(db);
    let number = shop.bring(ImportKind::Products, b"Kod;Tovar;Rangi;Narx\nA-1;Choy;qora;100\n").await;
    let path = format!("/api/imports/{number}");
    let body = shop.site.get(&path).await.json();
    assert_eq!(body["state"], "columns");
    let codes: Vec<_> = body["problems"].as_array().unwrap().iter().map(|p| p["code"].clone()).collect();
    assert_eq!(codes, ["ingest-column-unknown", "ingest-column-unknown", "ingest-column-missing"]);
    let columns = format!("{path}/columns");
    let short = shop.site.post(&columns, json!({ "fields": ["code"] })).await;
    assert_eq!(short.errors(), ["fields: ingest-mapping-malformed"]);
    let without = shop.site.post(&columns, json!({ "fields": ["code", "", "", "sale_price"] })).await;
    assert_eq!(without.errors(), ["columns: ingest-column-missing"]);
    let named = shop.site.post(&columns, json!({ "fields": ["code", "name", "", "sale_price"] })).await;
    assert_eq!(named.json()["state"], "reading");
    shop.worker.drain().await.unwrap();
    shop.site.post(&format!("{path}/apply"), json!({})).await;
    shop.worker.drain().await.unwrap();
    assert_eq!(shop.site.get(&path).await.json()["created_count"], 1);
}

#[db_test]
async fn one_file_makes_one_receipt_unless_somebody_insists(db: &TestDb) {
    let shop = shop(db);
    import_products(db, &ctx(1), &products_file(3, |_, _| ()), "p.csv").await.unwrap();
    let file = b"Kod,Miqdor,Tannarx\nP1,5,100\nP2,3,50.5\n";
    for (again, receipt) in [(false, Some(1)), (false, None), (true, Some(2))] {
        let number = shop.bring(ImportKind::StockReceipt, file).await;
        shop.worker.drain().await.unwrap();
        let path = format!("/api/imports/{number}");
        let applied = shop.site.post(&format!("{path}/apply"), json!({ "again": again })).await;
        shop.worker.drain().await.unwrap();
        match receipt {
            Some(receipt) => assert_eq!(shop.site.get(&path).await.json()["receipt_id"], receipt),
            None => assert_eq!(applied.errors(), ["ingest-receipt-before"]),
        }
    }
    assert_eq!(read(db, &ctx(1), stock::check), Vec::new());
}

#[db_test]
async fn an_import_is_thrown_away(db: &TestDb) {
    let shop = shop(db);
    let number = shop.bring(ImportKind::Products, &products_file(5, |_, _| ())).await;
    let path = format!("/api/imports/{number}");
    let gone = shop.site.post(&format!("{path}/cancel"), json!({})).await;
    assert_eq!(gone.json()["state"], "cancelled");
    shop.worker.drain().await.unwrap();
    assert_eq!(shop.site.get(&path).await.json()["state"], "cancelled");
    assert_eq!(product_count(db, &ctx(1)), 0);
}

#[db_test]
async fn what_is_no_file_of_products_is_refused_in_words(db: &TestDb) {
    let shop = shop(db);
    for (kind, file, error) in [
        ("shoes", b"Kod\nA".as_slice(), "kind: ingest-kind-unknown"),
        ("products", b"", "file: ingest-file-empty"),
        ("products", b"%PDF-1.4\0\0\0", "file: ingest-file-is-no-table"),
        ("products", b"Kod,Nomi\n", "file: ingest-file-without-rows"),
    ] {
        let answer = shop.send(kind, file).await;
        assert_eq!((answer.status.as_u16(), answer.errors()), (422, vec![error.to_owned()]));
    }
    let huge = vec![b'a'; 21 << 20];
    let answer = shop.send("products", &huge).await;
    assert_eq!(answer.errors(), ["web-body-too-large"]);
}

#[db_test]
async fn another_workspaces_import_is_not_there_and_permissions_are_asked_for(db: &TestDb) {
    let shop = shop(db);
    let number = shop.bring(ImportKind::Products, &products_file(2, |_, _| ())).await;
    let other = shop.site.by("2");
    let uuid = shop.site.get(&format!("/api/imports/{number}")).await.json()["uuid"].clone();
    for key in [number.to_string(), uuid.as_str().unwrap().to_owned(), "999".to_owned(), "x".to_owned()] {
        let path = format!("/api/imports/{key}");
        assert_eq!(other.get(&path).await.status, 404, "{path}");
        assert_eq!(other.get(&format!("{path}/bad-rows.csv")).await.status, 404);
        for verb in ["apply", "cancel"] {
            assert_eq!(other.post(&format!("{path}/{verb}"), json!({})).await.status, 404);
        }
    }
    assert_eq!(other.get("/api/imports").await.json()["count"], 0);
    let reader = shop.site.by("1:inventory.read");
    assert_eq!(reader.get("/api/imports").await.status, 403);
    assert_eq!(send(&reader, "products", b"Kod\nA").await.status, 403);
    assert_eq!(send(&shop.site.by("1:inventory.create"), "products", b"Kod\nA").await.status, 403);
}
