//! `/api/products` and `/api/categories`, driven as programs drive them.

use std::{
    collections::HashMap,
    io::Cursor,
    sync::{Arc, Mutex},
};

use axum::http::StatusCode;
use context::{Ctx, Services};
use db::{ReadTx, Tx, db_test, testing::TestDb};
use files::Blobs;
use kernel::{Id, Quantity, Result, WorkspaceId};
use serde_json::{Value, json};
use web::testing::Site;

use crate::{Product, Quantities, module};

type Stock = HashMap<(WorkspaceId, Id<Product>), Quantity>;

/// What is in stock, as far as these tests are concerned.
static STOCK: Mutex<Option<Stock>> = Mutex::new(None);

fn on_hand(ctx: &Ctx, _: &mut ReadTx, ids: &[Id<Product>]) -> Result<Vec<(Id<Product>, Quantity)>> {
    let stock = STOCK.lock().unwrap();
    let found = |id: &Id<Product>| Some((*id, *stock.as_ref()?.get(&(ctx.workspace(), *id))?));
    Ok(ids.iter().filter_map(found).collect())
}

fn set(ctx: &Ctx, _: &mut Tx, id: Id<Product>, quantity: Quantity) -> Result<()> {
    STOCK.lock().unwrap().get_or_insert_default().insert((ctx.workspace(), id), quantity);
    Ok(())
}

pub(crate) struct Shop {
    pub(crate) site: Site,
    _folder: tempfile::TempDir,
}

pub(crate) fn shop(db: &TestDb) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default()
        .with(Arc::new(Quantities { on_hand, set }))
        .with(Arc::new(Blobs::open_volatile(folder.path()).unwrap()));
    Shop { site: Site::new(db, services, vec![module(), files::module()]), _folder: folder }
}

pub(crate) fn picture() -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(40, 30).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

/// The body that the seed sends.
fn seed() -> Value {
    json!({
        "code": "PROD001", "name": "Mahsulot 1", "category": "Kategoriya A", "unit": "dona",
        "purchase_price": 10000, "sale_price": 15000, "quantity": 100, "minimum_quantity": 10,
    })
}

#[db_test]
async fn the_seeds_product_is_made_read_changed_and_deleted(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let made = site.post("/api/products", seed()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.header("location"), Some("/api/products/1"));
    let body = made.json();
    for (field, value) in seed().as_object().unwrap() {
        assert_eq!(&body[field], value, "{field}");
    }
    assert_eq!((&body["id"], &body["vat"], &body["active"]), (&json!(1), &json!("standard"), &json!(true)));
    assert_eq!(site.get("/api/products/1").await.json(), body);
    let uuid = body["uuid"].as_str().unwrap();
    assert_eq!(site.get(&format!("/api/products/{uuid}")).await.json(), body);

    let mut changed = seed();
    (changed["sale_price"], changed["quantity"]) = (json!(15000.5), json!(7.25));
    changed["name_ru"] = json!("Товар 1");
    let put = site.put("/api/products/1", changed).await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.text());
    let body = put.json();
    assert_eq!((&body["sale_price"], &body["quantity"]), (&json!(15000.5), &json!(7.25)));
    let patched = site.patch("/api/products/1", json!({"brand": "Artel", "category": null})).await.json();
    assert_eq!((&patched["brand"], &patched["category"]), (&json!("Artel"), &Value::Null));
    assert_eq!((&patched["name_ru"], &patched["quantity"]), (&json!("Товар 1"), &json!(7.25)));
    // What GET answers can be sent back.
    assert_eq!(site.put("/api/products/1", patched.clone()).await.json()["code"], "PROD001");

    assert_eq!(site.delete("/api/products/1").await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.get("/api/products/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.delete("/api/products/1").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn lists_are_filtered_ordered_and_paged(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    for (code, name, category) in
        [("A", "Choynak", "Idish"), ("B", "Piyola", "Idish > Piyolalar"), ("C", "Choy", "Oziq")]
    {
        let body = json!({"code": code, "name": name, "sale_price": 5, "category": category});
        assert_eq!(site.post("/api/products", body).await.status, StatusCode::CREATED);
    }
    let codes = async |query: &str| -> Vec<String> {
        let answer = site.get(&format!("/api/products{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["code"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(codes("?q=%D1%87%D0%BE%D0%B9").await, ["C", "A"], "Cyrillic, by the Uzbek alphabet");
    assert_eq!(codes("?ordering=-code").await, ["C", "B", "A"]);
    assert_eq!(codes("?category_id=1&ordering=code").await, ["A", "B"]);
    site.patch("/api/products/2", json!({"active": false})).await;
    assert_eq!(codes("?active=true&ordering=code").await, ["A", "C"]);
    assert_eq!(codes("?code=+b").await, ["B"]);
    let part = site.get("/api/products?page_size=2&page=2&ordering=code").await.json();
    assert_eq!((&part["count"], &part["next"]), (&json!(3), &Value::Null));
    assert_eq!(part["previous"], "/api/products?page_size=2&ordering=code&page=1");
    assert_eq!(
        site.get("/api/products?ordering=evil").await.errors(),
        ["ordering: catalog-ordering-unknown"]
    );
    assert_eq!(site.get("/api/products?page=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        site.get("/api/products?category_id=99").await.errors(),
        ["category_id: catalog-category-unknown"]
    );
    let api = site.get("/api/openapi.json").await.text();
    assert!(api.contains("\"category_id\"") && api.contains("\"ordering\""), "the filters are described");
}

#[db_test]
async fn bad_bodies_are_answered_with_the_field_and_change_nothing(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let refusals: &[(Value, &str)] = &[
        (json!({}), "code: kernel-text-missing"),
        (json!({"code": "A", "name": "A"}), "sale_price: kernel-text-missing"),
        (json!({"code": 5, "name": "A", "sale_price": 1}), "code: web-field-type"),
        (json!({"code": "A", "name": "A", "sale_price": "yuz"}), "sale_price: kernel-number-malformed"),
        (json!({"code": "A", "name": "A", "sale_price": 1.005}), "sale_price: kernel-number-too-precise"),
        (json!({"code": "A", "name": "A", "sale_price": -1}), "sale_price: catalog-price-out-of-range"),
        (json!({"code": "A", "name": "A", "sale_price": 1e30}), "sale_price: kernel-number-malformed"),
        (
            json!({"code": "A", "name": "A", "sale_price": 1, "quantity": -5}),
            "quantity: catalog-quantity-out-of-range",
        ),
        (json!({"code": "A", "name": "a\u{0}b", "sale_price": 1}), "name: kernel-text-has-control"),
        (
            json!({"code": "A", "name": "A", "sale_price": 1, "barcode": "4006381333932"}),
            "barcode: kernel-barcode-malformed",
        ),
        (json!({"code": "A", "name": "A", "sale_price": 1, "mxik": "123"}), "mxik: kernel-mxik-malformed"),
        (json!({"code": "A", "name": "A", "sale_price": 1, "vat": "12"}), "vat: web-field-type"),
        (
            json!({"code": "A", "name": "A", "sale_price": 1, "category_id": 77}),
            "category_id: catalog-category-unknown",
        ),
        (
            json!({"code": "A", "name": "A", "sale_price": 1, "category": "a > b > c > d > e > f > g > h > i"}),
            "category.parent: catalog-category-too-deep",
        ),
    ];
    for (body, expected) in refusals {
        let answer = site.post("/api/products", body.clone()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {}", answer.text());
        assert_eq!(&answer.errors()[0], expected, "{body}");
    }
    assert_eq!(site.get("/api/products").await.json()["count"], 0);
    assert_eq!(
        site.get("/api/categories").await.json()["count"],
        0,
        "categories of a refused product are undone"
    );
    assert_eq!(site.post("/api/products", seed()).await.status, StatusCode::CREATED);
    assert_eq!(site.post("/api/products", seed()).await.errors(), ["code: catalog-code-taken"]);
    let words = site.in_lang(kernel::Lang::Ru).post("/api/products", seed()).await.text();
    assert!(words.contains("Код PROD001 уже у другого товара"), "{words}");
}

#[db_test]
async fn strangers_and_other_workspaces_see_nothing(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    site.post("/api/products", seed()).await;
    let other = site.by("2");
    for path in ["/api/products/1", "/api/categories/1"] {
        assert_eq!(other.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(other.patch(path, json!({"name": "X"})).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(other.delete(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(site.by("nobody").get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(site.by("1:sales.read").get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(site.by("1:inventory.read").get(path).await.status, StatusCode::OK, "{path}");
        assert_eq!(site.by("1:inventory.read").delete(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(other.get("/api/products").await.json()["count"], 0);
    assert_eq!(site.by("1:sales.read").get("/api/products").await.status, StatusCode::FORBIDDEN);
    for key in ["0", "-1", "abc", "1'%20OR%201=1", "99999999999999999999"] {
        assert_eq!(site.get(&format!("/api/products/{key}")).await.status, StatusCode::NOT_FOUND, "{key}");
    }
}

#[db_test]
async fn categories_are_made_moved_and_deleted(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    let top = site.post("/api/categories", json!({"name": "Texnika", "name_ru": "Техника"})).await;
    assert_eq!(top.status, StatusCode::CREATED, "{}", top.text());
    let below = site.post("/api/categories", json!({"name": "Audio", "parent_id": 1})).await.json();
    assert_eq!((&below["path"], &below["parent_id"]), (&json!("Texnika > Audio"), &json!(1)));
    let circle = site.patch("/api/categories/1", json!({"parent_id": 2})).await;
    assert_eq!(circle.errors(), ["parent: catalog-category-circle"]);
    assert_eq!(site.delete("/api/categories/1").await.status, StatusCode::CONFLICT);
    let moved = site.patch("/api/categories/2", json!({"parent_id": null, "position": 3})).await.json();
    assert_eq!((&moved["path"], &moved["position"]), (&json!("Audio"), &json!(3)));
    assert_eq!(
        site.put("/api/categories/2", json!({"position": 1})).await.errors(),
        ["name: kernel-text-missing"]
    );
    assert_eq!(
        site.get("/api/categories?page_size=1").await.json()["next"],
        "/api/categories?page_size=1&page=2"
    );
    assert_eq!(site.delete("/api/categories/1").await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.post("/api/categories", json!({})).await.errors(), ["name: kernel-text-missing"]);
}

#[db_test]
async fn a_picture_is_kept_served_and_taken_away(db: &TestDb) {
    let shop = shop(db);
    let site = &shop.site;
    site.post("/api/products", seed()).await;
    let upload = site.upload("/products/1/image", "image", "C:\\rasm.png", &picture()).await;
    assert_eq!(upload.status, StatusCode::SEE_OTHER, "{}", upload.text());
    let product = site.get("/api/products/1").await.json();
    let image = site.get(product["image"].as_str().unwrap()).await;
    assert_eq!((image.status, image.header("content-type")), (StatusCode::OK, Some("image/jpeg")));
    assert_eq!(site.by("2").get(product["image"].as_str().unwrap()).await.status, StatusCode::NOT_FOUND);
    let page = site.page("/products/1").await.text();
    assert!(page.contains(product["thumbnail"].as_str().unwrap()), "{page}");
    let bad = site.upload("/products/1/image", "image", "a.png", b"<script>").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text().contains("This is not a picture"), "{}", bad.text());
    assert_eq!(
        site.by("2").upload("/products/1/image", "image", "a.png", &picture()).await.status,
        StatusCode::NOT_FOUND
    );
    let gone = site.delete("/api/products/1/image").await;
    assert_eq!((gone.status, &gone.json()["image"]), (StatusCode::OK, &Value::Null));
}
