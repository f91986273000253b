//! `/api/stock/…`, `/api/warehouses` and the `quantity` of `/api/products`, driven as programs drive them.

use std::sync::Arc;

use axum::http::StatusCode;
use context::Services;
use db::{db_test, testing::TestDb};
use files::Blobs;
use serde_json::{Value, json};
use web::testing::{Answer, Site};

use super::{assert_sound, product, stocked};
use crate::{module, quantities};

pub(crate) struct Shop {
    pub(crate) site: Site,
    _folder: tempfile::TempDir,
}

pub(crate) fn shop(db: &TestDb) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default()
        .with(Arc::new(quantities()))
        .with(Arc::new(Blobs::open_volatile(folder.path()).unwrap()));
    let modules = vec![module(), catalog::module(), files::module()];
    Shop { site: Site::new(db, services, modules), _folder: folder }
}

#[db_test]
async fn a_products_quantity_is_an_opening_move_and_then_an_adjustment(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let new = json!({ "code": "PROD001", "name": "Mahsulot 1", "purchase_price": 10000, "sale_price": 15000, "quantity": 100 });
    let made = site.post("/api/products", new).await;
    assert_eq!((made.status, made.json()["quantity"].clone()), (StatusCode::CREATED, json!(100)));
    let changed = site.patch("/api/products/1", json!({ "quantity": 97.5 })).await;
    assert_eq!(changed.json()["quantity"], json!(97.5), "{}", changed.text());
    let moves = site.get("/api/stock/moves?product_id=1").await.json();
    let seen: Vec<_> = moves["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["kind"].clone(), m["quantity"].clone(), m["value_after"].clone()))
        .collect();
    assert_eq!(
        seen,
        [(json!("adjustment"), json!(-2.5), json!(975000)), (json!("opening"), json!(100), json!(1000000))]
    );
    let balances = site.get("/api/stock/balances?q=mahsulot").await.json();
    assert_eq!(balances["count"], json!(1));
    assert_eq!(balances["results"][0]["free"], json!(97.5));
    assert_eq!(balances["results"][0]["warehouses"][0]["warehouse"], json!("Asosiy ombor"));
    assert_sound(db, &web::testing::ctx(1));
}

#[db_test]
async fn a_receipt_is_written_changed_posted_and_then_stands(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let ctx = web::testing::ctx(1);
    product(db, &ctx, "A");
    let body = |quantity: i64| json!({ "note": "Birinchi", "lines": [{ "product_id": 1, "quantity": quantity, "unit_cost": 100.5 }] });
    let made = site.post("/api/stock/receipts", body(2)).await;
    assert_eq!(
        (made.status, &made.json()["status"], &made.json()["total"]),
        (StatusCode::CREATED, &json!("draft"), &json!(201))
    );
    let changed = site.put("/api/stock/receipts/1", body(3)).await;
    assert_eq!(changed.json()["lines"][0]["value"], json!(301.5), "{}", changed.text());
    let posted = site.post("/api/stock/receipts/1/post", json!({})).await;
    assert_eq!(posted.json()["status"], json!("posted"));
    for refused in [
        site.post("/api/stock/receipts/1/post", json!({})).await,
        site.put("/api/stock/receipts/1", body(3)).await,
        site.delete("/api/stock/receipts/1").await,
    ] {
        assert_eq!(
            (refused.status, refused.errors()),
            (StatusCode::CONFLICT, vec!["stock-receipt-is-posted".to_owned()])
        );
    }
    let at_once = json!({ "post": true, "lines": [{ "product_id": 1, "quantity": 1, "unit_cost": 0 }] });
    assert_eq!(site.post("/api/stock/receipts", at_once).await.json()["status"], json!("posted"));
    let list = site.get("/api/stock/receipts?status=posted&page_size=1").await.json();
    assert_eq!((&list["count"], &list["results"][0]["id"]), (&json!(2), &json!(2)));
    assert!(list["next"].as_str().unwrap().contains("page=2"));
    assert_sound(db, &ctx);
}

#[db_test]
async fn a_count_is_an_adjustment_or_nothing(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let ctx = web::testing::ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 5, 100);
    let made =
        site.post("/api/stock/adjustments", json!({ "product_id": 1, "counted": 4, "note": "Sanoq" })).await;
    assert_eq!((made.status, &made.json()["move"]["quantity"]), (StatusCode::CREATED, &json!(-1)));
    let same = site.post("/api/stock/adjustments", json!({ "product_id": 1, "counted": 4 })).await;
    assert_eq!(same.json()["move"], Value::Null);
    let too_much = site.post("/api/stock/adjustments", json!({ "product_id": 1, "difference": -5 })).await;
    assert_eq!(
        (too_much.status, too_much.errors()),
        (StatusCode::CONFLICT, vec!["stock-not-enough".to_owned()])
    );
    assert_eq!(too_much.json()["title"], json!("Mahsulot A: not enough, 4 pcs left"));
    assert_eq!(site.get("/api/stock/adjustments").await.json()["count"], json!(1));
}

#[db_test]
async fn bad_input_is_answered_with_its_field(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let ctx = web::testing::ctx(1);
    product(db, &ctx, "A");
    #[track_caller]
    fn check(answer: &Answer, expected: &[&str]) {
        assert_eq!(answer.errors(), expected, "{}", answer.text());
        assert!(answer.status.is_client_error());
    }
    let line = |line: Value| json!({ "lines": [line] });
    for (body, expected) in [
        (json!({}), "lines: web-field-missing"),
        (json!({ "lines": 5 }), "lines: web-field-type"),
        (json!({ "lines": [] }), "lines: stock-lines-missing"),
        (
            line(json!({ "product_id": 99, "quantity": 1, "unit_cost": 1 })),
            "lines.0.product_id: stock-product-unknown",
        ),
        (
            line(json!({ "product_id": 1, "quantity": -1, "unit_cost": 1 })),
            "lines.0.quantity: stock-quantity-not-positive",
        ),
        (
            line(json!({ "product_id": 1, "quantity": 1e30, "unit_cost": 1 })),
            "lines[0].quantity: kernel-number-malformed",
        ),
        (
            line(json!({ "product_id": 1, "quantity": 1, "unit_cost": "x" })),
            "lines[0].unit_cost: kernel-number-malformed",
        ),
        (
            json!({ "supplier_id": 7, "lines": [{ "product_id": 1, "quantity": 1, "unit_cost": 1 }] }),
            "supplier_id: stock-supplier-unknown",
        ),
        (
            json!({ "warehouse_id": 7, "lines": [{ "product_id": 1, "quantity": 1, "unit_cost": 1 }] }),
            "warehouse_id: stock-warehouse-unknown",
        ),
        (
            json!({ "note": "a\u{0}b", "lines": [{ "product_id": 1, "quantity": 1, "unit_cost": 1 }] }),
            "note: kernel-text-has-control",
        ),
        (json!({ "received_on": "tomorrow", "lines": [] }), "received_on: kernel-date-malformed"),
    ] {
        check(&site.post("/api/stock/receipts", body).await, &[expected]);
    }
    let lines: Vec<_> =
        (0..10_001).map(|_| json!({ "product_id": 1, "quantity": 1, "unit_cost": 1 })).collect();
    check(
        &site.post("/api/stock/receipts", json!({ "lines": lines })).await,
        &["lines: stock-lines-too-many"],
    );
    check(
        &site.post("/api/stock/adjustments", json!({ "product_id": 1 })).await,
        &["counted: stock-adjustment-one-of"],
    );
    check(
        &site.post("/api/stock/adjustments", json!({ "product_id": 9, "counted": 1 })).await,
        &["product_id: stock-product-unknown"],
    );
    check(&site.get("/api/stock/moves?kind=magic").await, &["kind: stock-move-kind-unknown"]);
    check(&site.get("/api/stock/receipts/77").await, &["kernel-not-found"]);
    check(&site.get("/api/stock/receipts/1%20OR%201=1").await, &["kernel-not-found"]);
    check(&site.post("/api/warehouses", json!({})).await, &["name: kernel-text-missing"]);
}

#[db_test]
async fn strangers_and_those_who_may_not_get_nothing(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let ctx = web::testing::ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 5, 100);
    let uuid = site.get("/api/stock/receipts/1").await.json()["uuid"].as_str().unwrap().to_owned();
    let theirs = site.by("2");
    for path in [
        "/api/stock/receipts/1".to_owned(),
        format!("/api/stock/receipts/{uuid}"),
        "/api/warehouses/1".to_owned(),
    ] {
        assert_eq!(theirs.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(theirs.get("/api/stock/balances").await.json()["count"], json!(0));
    let seller = site.by("1:sales.read");
    for path in [
        "/api/stock/receipts",
        "/api/stock/moves",
        "/api/stock/balances",
        "/api/stock/low",
        "/api/warehouses",
    ] {
        assert_eq!(seller.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let reader = site.by("1:inventory.read");
    assert_eq!(
        reader.post("/api/stock/adjustments", json!({ "product_id": 1, "counted": 1 })).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        reader
            .post(
                "/api/stock/receipts",
                json!({ "lines": [{ "product_id": 1, "quantity": 1, "unit_cost": 1 }] })
            )
            .await
            .status,
        StatusCode::FORBIDDEN
    );
}

#[db_test]
async fn a_warehouse_is_made_and_changed(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let made = site.post("/api/warehouses", json!({ "name": "Chilonzor" })).await;
    assert_eq!((made.status, &made.json()["is_default"]), (StatusCode::CREATED, &json!(true)));
    let changed = site.patch("/api/warehouses/1", json!({ "may_be_negative": true })).await;
    assert_eq!(
        (&changed.json()["name"], &changed.json()["may_be_negative"]),
        (&json!("Chilonzor"), &json!(true))
    );
    let again = site.post("/api/warehouses", json!({ "name": "ЧИЛОНЗОР" })).await;
    assert_eq!(again.errors(), ["name: stock-warehouse-name-taken"]);
    assert_eq!(site.get("/api/warehouses").await.json()["count"], json!(1));
}
