//! `/api/sales-orders`, driven as programs drive it.

use axum::http::{Method, Request, StatusCode};
use context::Services;
use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use web::testing::{Answer, Site, ctx};

use super::{assert_sound, cart, customer, place, product, standing};
use crate::module;

fn site(db: &TestDb) -> Site {
    Site::new(db, Services::default(), vec![module()])
}

/// The body that the seed sends.
fn seed() -> Value {
    json!({ "customer_id": 1, "total_amount": 500000, "discount": 50000, "tax_amount": 75000, "status": "Yangi" })
}

#[db_test]
async fn the_seeds_order_is_made_read_changed_and_deleted(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    customer(db, &ctx);
    let made = site.post("/api/sales-orders", seed()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.header("location"), Some("/api/sales-orders/1"));
    let body = made.json();
    for field in ["customer_id", "total_amount", "discount", "tax_amount"] {
        assert_eq!(body[field], seed()[field], "{field}");
    }
    assert_eq!(
        (&body["id"], &body["status"], &body["status_name"]),
        (&json!(1), &json!("new"), &json!("New"))
    );
    assert_eq!(body["customer_name"], json!("Aziza Karimova"));
    assert_eq!(site.get("/api/sales-orders/1").await.json(), body);
    let uuid = body["uuid"].as_str().unwrap();
    assert_eq!(site.get(&format!("/api/sales-orders/{uuid}")).await.json(), body);

    let changed = site.put("/api/sales-orders/1", json!({ "total_amount": 600000, "note": "Katta" })).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    let body = changed.json();
    assert_eq!(
        (&body["total_amount"], &body["tax_amount"], &body["note"]),
        (&json!(600000), &json!(75000), &json!("Katta"))
    );

    let confirmed = site.put("/api/sales-orders/1", json!({ "status": "Tasdiqlangan" })).await;
    assert_eq!(confirmed.json()["status"], json!("confirmed"));
    for refused in [site.put("/api/sales-orders/1", seed()).await, site.delete("/api/sales-orders/1").await] {
        assert_eq!(
            (refused.status, refused.errors()),
            (StatusCode::CONFLICT, vec!["sales-order-confirmed-stands".to_owned()])
        );
    }
    assert_eq!(site.post("/api/sales-orders", seed()).await.status, StatusCode::CREATED);
    assert_eq!(site.delete("/api/sales-orders/2").await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.get("/api/sales-orders/2").await.status, StatusCode::NOT_FOUND);
    let list = site.get("/api/sales-orders").await.json();
    assert_eq!(
        (&list["count"], &list["next"], &list["results"][0]["id"]),
        (&json!(1), &Value::Null, &json!(1))
    );
}

#[db_test]
async fn an_order_of_lines_is_counted_confirmed_and_cancelled(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    let choy = product(db, &ctx, "A", 56_000, 10);
    let new = json!({
        "lines": [{ "product_id": 1, "quantity": 2.5, "discount_percent": 10 }], "discount": 14000, "status": "Qoralama",
        "delivery": { "kind": "delivery", "address": "Chilonzor 5", "fee": 11200 },
    });
    let made = site.post("/api/sales-orders", new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let body = made.json();
    assert_eq!(
        (&body["status"], &body["total_amount"], &body["tax_amount"]),
        (&json!("draft"), &json!(123200), &json!(13200))
    );
    assert_eq!(body["lines"][0]["total_amount"], json!(112000));
    let confirmed = site.post("/api/sales-orders/1/confirm", json!({})).await.json();
    assert_eq!(
        (&confirmed["status"], &confirmed["lines"][0]["reserved"]),
        (&json!("confirmed"), &json!(2.5))
    );
    assert_eq!(standing(db, &ctx, &choy), "10/2.5");
    let again = site.post("/api/sales-orders/1/confirm", json!({})).await;
    assert_eq!(
        (again.status, again.errors()),
        (StatusCode::CONFLICT, vec!["sales-order-is-confirmed".to_owned()])
    );
    let request =
        Request::builder().method(Method::POST).uri("/api/sales-orders/1/cancel").header("x-api-key", "1");
    let cancelled = site.ask(request, "").await;
    assert_eq!(cancelled.json()["status"], json!("cancelled"), "{}", cancelled.text());
    assert_eq!(standing(db, &ctx, &choy), "10/0");
    assert_sound(db, &ctx);
}

#[db_test]
async fn the_same_key_makes_one_order_and_another_body_is_refused(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    customer(db, &ctx);
    let send = |body: Value| {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/sales-orders")
            .header("x-api-key", "1")
            .header("content-type", "application/json")
            .header("idempotency-key", "order-1");
        site.ask(request, body.to_string())
    };
    let (one, two) = (send(seed()).await, send(seed()).await);
    assert_eq!((one.status, one.json()), (two.status, two.json()));
    let mut other = seed();
    other["total_amount"] = json!(1);
    assert_eq!(send(other).await.status, StatusCode::CONFLICT);
    assert_eq!(site.get("/api/sales-orders").await.json()["count"], json!(1));
}

#[db_test]
async fn bad_input_is_answered_with_its_field(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    product(db, &ctx, "A", 100, 10);
    let line = |line: Value| json!({ "lines": [line] });
    for (body, expected) in [
        (json!({}), "lines: sales-lines-or-total-missing"),
        (json!({ "lines": "x" }), "lines: web-field-type"),
        (json!({ "lines": [] }), "lines: sales-lines-missing"),
        (json!({ "lines": [{}] }), "lines[0].product_id: web-field-missing"),
        (line(json!({ "product_id": 99, "quantity": 1 })), "lines.0.product_id: sales-product-unknown"),
        (line(json!({ "product_id": 1, "quantity": 0 })), "lines.0.quantity: stock-quantity-not-positive"),
        (line(json!({ "product_id": 1, "quantity": -3 })), "lines.0.quantity: stock-quantity-not-positive"),
        (
            line(json!({ "product_id": 1, "quantity": 1_000_000_000_000_i64 })),
            "lines.0.quantity: stock-quantity-too-large",
        ),
        (line(json!({ "product_id": 1, "quantity": true })), "lines[0].quantity: kernel-number-malformed"),
        (
            line(json!({ "product_id": 1, "quantity": 1.0001 })),
            "lines[0].quantity: kernel-number-too-precise",
        ),
        (line(json!({ "product_id": 1, "quantity": 1, "price": -1 })), "lines.0.price: stock-price-negative"),
        (
            line(json!({ "product_id": 1, "quantity": 1, "discount_percent": 101 })),
            "lines.0.discount: sales-percent-out-of-range",
        ),
        (json!({ "total_amount": 100, "customer_id": 5 }), "customer_id: sales-customer-unknown"),
        (
            json!({ "total_amount": 100, "customer_id": "; DROP TABLE sales_order" }),
            "customer_id: web-field-type",
        ),
        (json!({ "total_amount": -1 }), "total_amount: sales-amount-negative"),
        (json!({ "total_amount": 100, "tax_amount": 101 }), "tax_amount: sales-tax-above-total"),
        (json!({ "total_amount": 100, "status": "<b>Yangi</b>" }), "status: sales-status-unknown"),
        (json!({ "total_amount": 100, "note": "a\u{0}" }), "note: kernel-text-has-control"),
        (json!({ "total_amount": 100, "ordered_on": "2026-02-30" }), "ordered_on: kernel-date-malformed"),
        (
            json!({ "total_amount": 100, "delivery": { "kind": "drone" } }),
            "delivery.kind: sales-delivery-unknown",
        ),
    ] {
        let answer = site.post("/api/sales-orders", body.clone()).await;
        assert!(answer.status.is_client_error(), "{body}");
        assert!(answer.errors().contains(&expected.to_owned()), "{body}: {}", answer.text());
    }
    let lines: Vec<_> = (0..10_000).map(|_| json!({ "product_id": 1, "quantity": 1 })).collect();
    let many = site.post("/api/sales-orders", json!({ "lines": lines })).await;
    assert_eq!(many.errors(), ["lines: sales-lines-too-many"]);
    assert_eq!(
        site.get("/api/sales-orders?ordering=magic").await.errors(),
        ["ordering: sales-ordering-unknown"]
    );
    assert_eq!(site.get("/api/sales-orders?status=magic").await.errors(), ["status: sales-status-unknown"]);
    assert_eq!(site.get("/api/sales-orders").await.json()["count"], json!(0));
}

#[db_test]
async fn strangers_and_those_who_may_not_get_nothing(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    let choy = product(db, &ctx, "A", 100, 10);
    let aziza = customer(db, &ctx);
    let order = place(db, &ctx, cart(&aziza, &[(&choy, 1)])).unwrap();
    let theirs = site.by("2");
    for key in ["1".to_owned(), order.id.to_string()] {
        let path = format!("/api/sales-orders/{key}");
        let refused: [Answer; 5] = [
            theirs.get(&path).await,
            theirs.put(&path, json!({ "note": "x" })).await,
            theirs.delete(&path).await,
            theirs.post(&format!("{path}/confirm"), json!({})).await,
            theirs.post(&format!("{path}/cancel"), json!({})).await,
        ];
        for answer in refused {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
        }
    }
    let body = json!({ "total_amount": 1, "customer_id": 1 });
    assert_eq!(
        theirs.post("/api/sales-orders", body).await.errors(),
        ["customer_id: sales-customer-unknown"]
    );
    let keeper = site.by("1:inventory.read");
    assert_eq!(keeper.get("/api/sales-orders").await.status, StatusCode::FORBIDDEN);
    let reader = site.by("1:sales.read");
    for answer in [
        reader.post("/api/sales-orders", json!({ "total_amount": 1 })).await,
        reader.post("/api/sales-orders/1/confirm", json!({})).await,
        reader.post("/api/sales-orders/1/cancel", json!({})).await,
        reader.put("/api/sales-orders/1", json!({ "note": "x" })).await,
        reader.delete("/api/sales-orders/1").await,
    ] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    }
    let chats = site.delete("/api/sales-orders/1").await;
    assert_eq!(
        (chats.status, chats.errors()),
        (StatusCode::CONFLICT, vec!["sales-order-from-chat-stays".to_owned()])
    );
}
