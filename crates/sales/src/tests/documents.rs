//! What follows an order, by the API as programs drive it and on the pages as browsers do.

use axum::http::StatusCode;
use context::Services;
use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use web::testing::{Site, ctx};

use super::{assert_sound, customer, product, standing};
use crate::module;

fn site(db: &TestDb) -> Site {
    Site::new(db, Services::default(), vec![module(), cash::module(), ledger::module(), stock::module()])
}

/// A confirmed order of three at 112 000 so'm for a customer; its number is 1.
async fn confirmed(site: &Site) {
    let line = json!({ "product_id": 1, "quantity": 3 });
    let order =
        json!({ "customer_id": 1, "lines": [line], "status": "confirmed", "ordered_on": "2026-09-21" });
    let made = site.post("/api/sales-orders", order).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
}

async fn done(site: &Site, path: &str, body: Value) -> Value {
    let answer = site.post(path, body).await;
    assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text());
    answer.json()
}

#[db_test]
async fn a_program_takes_an_order_from_the_warehouse_to_the_till_and_back(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    let choy = product(db, &ctx, "A", 112_000, 10);
    customer(db, &ctx);
    confirmed(&site).await;
    let part =
        done(&site, "/api/sales-orders/1/deliver", json!({ "lines": [{ "line": 1, "quantity": 1 }] })).await;
    assert_eq!((&part["delivery_status"], &part["lines"][0]["delivered"]), (&json!("part"), &json!(1)));
    let whole = done(&site, "/api/sales-orders/1/deliver", json!({})).await;
    assert_eq!(whole["delivery_status"], json!("whole"));
    let invoice = done(&site, "/api/sales-orders/1/invoice", json!({})).await;
    assert_eq!((&invoice["id"], &invoice["total_amount"]), (&json!("2026-000001"), &json!(336_000)));
    assert_eq!(invoice["lines"][0]["quantity"], json!(3));
    let paid = done(&site, "/api/sales-orders/1/payments", json!({ "amount": 100_000 })).await;
    assert_eq!((&paid["allocated"], &paid["register_id"]), (&json!(100_000), &json!(1)));
    done(&site, "/api/sales-orders/1/payments", json!({})).await;
    let order = site.get("/api/sales-orders/1").await.json();
    assert_eq!((&order["payment_status"], &order["due_amount"]), (&json!("paid"), &json!(0)));

    let back = json!({ "lines": [{ "line": 1, "quantity": 2 }], "note": "Singan" });
    let credit = done(&site, "/api/sales-invoices/2026-000001/credit-notes", back).await;
    assert_eq!((&credit["id"], &credit["credits"]), (&json!("QN-2026-000001"), &json!("2026-000001")));
    let refund = done(&site, "/api/sales-orders/1/refunds", json!({})).await;
    assert_eq!((&refund["kind"], &refund["amount"]), (&json!("refund"), &json!(224_000)));
    assert_eq!(standing(db, &ctx, &choy), "9/0");
    let all = site.get("/api/sales-orders/1/documents").await.json();
    let count = |kind: &str| all[kind].as_array().map_or(0, Vec::len);
    assert_eq!((count("deliveries"), count("invoices"), count("payments")), (2, 2, 3));
    for (list, expected) in [
        ("/api/sales-invoices", 2),
        ("/api/sales-invoices?kind=credit_note", 1),
        ("/api/sales-invoices?open=true", 0),
        ("/api/sales-invoices?customer_id=1&from=2026-01-01&until=2026-12-31", 2),
        ("/api/sales-payments", 3),
        ("/api/sales-payments?kind=refund&register_id=1", 1),
        ("/api/sales-deliveries", 2),
        ("/api/sales-deliveries?from=2027-01-01", 0),
    ] {
        assert_eq!(site.get(list).await.json()["count"], json!(expected), "{list}");
    }
    let first = site.get("/api/sales-deliveries/1").await.json();
    assert_eq!((&first["order_id"], &first["lines"][0]["quantity"]), (&json!(1), &json!(1)));
    let statement = site.get("/api/customers/1/statement").await.json();
    assert_eq!((&statement["balance"], &statement["count"]), (&json!(0), &json!(5)));
    let line = |place: usize| {
        let line = &statement["results"][place];
        (line["kind"].clone(), line["label"].clone(), line["amount"].clone(), line["balance"].clone())
    };
    assert_eq!(line(0), (json!("refund"), json!("3"), json!(224_000), json!(0)));
    assert_eq!(line(1), (json!("credit_note"), json!("QN-2026-000001"), json!(-224_000), json!(-224_000)));
    assert_eq!(line(4), (json!("invoice"), json!("2026-000001"), json!(336_000), json!(336_000)));
    assert_eq!(site.get("/api/customers/77/statement").await.status, StatusCode::NOT_FOUND);
    assert_sound(db, &ctx);
}

#[db_test]
async fn a_sale_over_the_counter_is_one_call(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    let choy = product(db, &ctx, "A", 112_000, 3);
    let line = json!({ "product_id": 1, "quantity": 2 });
    let sold = done(&site, "/api/quick-sales", json!({ "lines": [line] })).await;
    assert_eq!(
        (&sold["order"]["payment_status"], &sold["invoice"]["paid_amount"]),
        (&json!("paid"), &json!(224_000))
    );
    assert_eq!(standing(db, &ctx, &choy), "1/0");
    let more = site.post("/api/quick-sales", json!({ "lines": [line] })).await;
    assert_eq!((more.status, more.errors()), (StatusCode::CONFLICT, vec!["stock-not-enough".to_owned()]));
    let credit = json!({ "lines": [{ "product_id": 1, "quantity": 1 }], "payments": [] });
    let nobody = done(&site, "/api/quick-sales", credit).await;
    assert_eq!(nobody["order"]["payment_status"], json!("unpaid"));
    assert_sound(db, &ctx);
}

#[db_test]
async fn mistakes_of_programs_are_named_by_their_field(db: &TestDb) {
    let (site, ctx) = (site(db), ctx(1));
    product(db, &ctx, "A", 112_000, 10);
    customer(db, &ctx);
    confirmed(&site).await;
    for (path, body, status, key) in [
        (
            "/api/sales-orders/1/deliver",
            json!({ "lines": [{ "line": 2, "quantity": 1 }] }),
            422,
            "lines.0.line",
        ),
        (
            "/api/sales-orders/1/deliver",
            json!({ "lines": [{ "line": 1, "quantity": 9 }] }),
            422,
            "lines.0.quantity",
        ),
        ("/api/sales-orders/1/deliver", json!({ "date": "2099-01-01" }), 422, "date"),
        ("/api/sales-orders/1/deliver", json!({ "date": "soon" }), 422, "date"),
        ("/api/sales-orders/1/payments", json!({ "register_id": 99 }), 422, "register_id"),
        ("/api/sales-orders/1/payments", json!({ "amount": -5 }), 422, "amount"),
        ("/api/sales-orders/1/invoice", json!({}), 409, "sales-order-deliver-first"),
        ("/api/sales-orders/1/close", json!({}), 409, "sales-order-nothing-delivered"),
        ("/api/sales-orders/1/refunds", json!({}), 409, "sales-refund-too-large"),
        ("/api/sales-orders/9/deliver", json!({}), 404, ""),
        ("/api/sales-invoices/2026-000009/credit-notes", json!({}), 404, ""),
        ("/api/sales-invoices/nonsense/credit-notes", json!({}), 404, ""),
        ("/api/sales-payments", json!({ "amount": 5 }), 422, "customer_id"),
        ("/api/sales-refunds", json!({ "amount": 5 }), 422, "customer_id"),
        ("/api/quick-sales", json!({ "lines": [] }), 422, "lines"),
    ] {
        let answer = site.post(path, body).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
        let text = answer.text();
        assert!(text.contains(key), "{path} {key}: {text}");
    }
    assert_sound(db, &ctx);
}

#[db_test]
async fn staff_do_all_of_it_on_the_pages(db: &TestDb) {
    let (mut site, ctx) = (site(db), ctx(1));
    let choy = product(db, &ctx, "A", 112_000, 10);
    customer(db, &ctx);
    confirmed(&site).await;
    let form = site.page("/orders/1/deliver").await;
    assert!(form.status == StatusCode::OK && form.text().contains("Left: 3"), "{}", form.text());
    let wrong = [("date", "2026-09-21"), ("lines.0.quantity", "4"), ("note", "")];
    let again = site.form("/orders/1/deliver", &wrong).await;
    assert!(
        again.text().contains("3 are left to deliver") && again.text().contains("value=\"4\""),
        "{}",
        again.text()
    );
    let right = [("date", "2026-09-21"), ("lines.0.quantity", "3"), ("note", "")];
    let sent = site.form("/orders/1/deliver", &right).await;
    assert_eq!(sent.header("location"), Some("/orders/1"), "{}", sent.text());
    assert_eq!(site.form("/orders/1/invoice", &[]).await.header("location"), Some("/orders/1"));
    let form = site.page("/orders/1/pay").await;
    assert!(form.text().contains("value=\"336000\""), "{}", form.text());
    let money = |amount: &'static str| {
        [("amount", amount), ("date", "2026-09-21"), ("register_id", ""), ("note", "")]
    };
    let again = site.form("/orders/1/pay", &money("336 001")).await;
    assert!(again.text().contains("336,000 soʻm are left to pay"), "{}", again.text());
    assert_eq!(site.form("/orders/1/pay", &money("336 000")).await.status, StatusCode::SEE_OTHER);
    let order = site.page("/orders/1").await.text();
    for words in ["2026-000001", "Delivery 1", "Payment № 1", "/ledger/entries/", "Delivered", "Paid"] {
        assert!(order.contains(words), "{words}: {order}");
    }
    let invoice = site.page("/invoices/2026-000001").await.text();
    assert!(invoice.contains("300,000") && invoice.contains("/ledger/entries/"), "{invoice}");
    let back = [("date", "2026-09-21"), ("lines.0.quantity", "1"), ("note", "Singan")];
    let credited = site.form("/invoices/2026-000001/credit", &back).await;
    assert_eq!(credited.header("location"), Some("/invoices/QN-2026-000001"), "{}", credited.text());
    let refund = site.page("/orders/1/refund").await;
    assert!(refund.text().contains("value=\"112000\""), "{}", refund.text());
    assert_eq!(site.form("/orders/1/refund", &money("112000")).await.status, StatusCode::SEE_OTHER);
    for list in ["/invoices", "/invoices?state=open", "/payments", "/orders", "/invoices?q=2026-000001"] {
        assert_eq!(site.page(list).await.status, StatusCode::OK, "{list}");
    }
    for (page, words) in [
        ("/deliveries", "/deliveries/1"),
        ("/deliveries/1", "/ledger/entries/"),
        ("/payments/1", "/invoices/2026-000001"),
        ("/payments/2", "112,000"),
        ("/contacts/1/statement", "/invoices/QN-2026-000001"),
        ("/contacts/1/statement", "/payments/2"),
        // Each entry leads back to what it was posted for.
        ("/ledger/entries?q=", "/deliveries/1"),
        ("/ledger/entries?q=", "/payments/2"),
        ("/ledger/entries?q=", "/invoices/"),
        ("/ledger/entries?q=", "/stock/receipts/1"),
        ("/cash/transactions/1", "/payments/1"),
        ("/stock/products/1", "/deliveries/"),
    ] {
        let answer = site.page(page).await;
        assert!(
            answer.status == StatusCode::OK && answer.text().contains(words),
            "{page}: {words}: {}",
            answer.text()
        );
    }
    let entries = site.page("/ledger/entries").await.text();
    let invoice = entries.split('"').find(|part| part.starts_with("/invoices/")).unwrap();
    assert_eq!(site.page(invoice).await.status, StatusCode::OK, "{invoice}");
    assert_eq!(standing(db, &ctx, &choy), "8/0");
    let sell = site.page("/sell").await;
    assert_eq!(sell.status, StatusCode::OK);
    let fields = [
        ("register_id", "1"),
        ("customer_id", ""),
        ("customer_id_shown", ""),
        ("ordered_on", "2026-09-21"),
        ("discount", ""),
        ("line_product_id", "1"),
        ("line_product", "Mahsulot A"),
        ("line_unit", "dona"),
        ("line_quantity", "1"),
        ("line_price", "112000"),
        ("line_discount", ""),
    ];
    let sold = site.form("/sell", &fields).await;
    assert_eq!(sold.header("location"), Some("/orders/2"), "{}", sold.text());
    assert_eq!(standing(db, &ctx, &choy), "7/0");
    assert_sound(db, &ctx);
}

#[db_test]
async fn a_prepaid_order_leads_to_giving_the_money_back_and_then_to_cancelling(db: &TestDb) {
    let (mut site, ctx) = (site(db), ctx(1));
    let choy = product(db, &ctx, "A", 112_000, 10);
    customer(db, &ctx);
    confirmed(&site).await;
    done(&site, "/api/sales-orders/1/payments", json!({ "amount": 100_000 })).await;
    let order = site.page("/orders/1").await.text();
    assert!(order.contains("/orders/1/refund") && order.contains("/orders/1/cancel"), "{order}");
    let early = site.page("/orders/1/cancel").await;
    assert_eq!((early.status, early.header("location")), (StatusCode::SEE_OTHER, Some("/orders/1")));
    let money = [("amount", "100000"), ("date", "2026-09-21"), ("register_id", ""), ("note", "")];
    let back = site.form("/orders/1/refund", &money).await;
    assert_eq!(back.header("location"), Some("/orders/1"), "{}", back.text());
    let order = site.page("/orders/1").await.text();
    assert!(!order.contains("/orders/1/refund") && order.contains("/orders/1/cancel"), "{order}");
    assert_eq!(site.page("/orders/1/cancel").await.status, StatusCode::OK);
    let cancelled = site.form("/orders/1/cancel", &[("reason", "")]).await;
    assert_eq!(cancelled.header("location"), Some("/orders/1"), "{}", cancelled.text());
    assert_eq!(standing(db, &ctx, &choy), "10/0");
    assert_sound(db, &ctx);
}

#[db_test]
async fn more_than_went_out_or_nothing_at_all_does_not_come_back(db: &TestDb) {
    let (mut site, ctx) = (site(db), ctx(1));
    let choy = product(db, &ctx, "A", 112_000, 10);
    customer(db, &ctx);
    let line = json!({ "product_id": 1, "quantity": 3 });
    let order = json!({ "customer_id": 1, "lines": [line], "status": "confirmed", "ordered_on": "2026-09-21",
                        "delivery": { "kind": "delivery", "fee": 20_000 } });
    assert_eq!(site.post("/api/sales-orders", order).await.status, StatusCode::CREATED);
    done(&site, "/api/sales-orders/1/deliver", json!({ "lines": [{ "line": 1, "quantity": 2 }] })).await;
    done(&site, "/api/sales-orders/1/invoice", json!({})).await;
    let credits = "/api/sales-invoices/2026-000001/credit-notes";
    for (body, error) in [
        (json!({ "lines": [{ "line": 1, "quantity": 3 }] }), "lines.0.quantity: sales-more-than-invoiced"),
        (json!({ "lines": [{ "line": 1, "quantity": -1 }] }), "lines.0.quantity: sales-quantity-negative"),
        (json!({ "lines": [] }), "lines: sales-nothing-to-return"),
    ] {
        let answer = site.post(credits, body).await;
        let told = (answer.status, answer.errors());
        assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, vec![error.to_owned()]), "{}", answer.text());
    }
    let page = "/invoices/2026-000001/credit";
    assert!(site.page(page).await.text().contains("with_fee"));
    let fields =
        |quantity: &'static str| [("date", "2026-09-21"), ("lines.0.quantity", quantity), ("note", "Singan")];
    for (typed, words) in [
        ("3", "2 can come back"),
        ("0", "Say how much of at least one product comes back"),
        ("", "Say how much"),
    ] {
        let again = site.form(page, &fields(typed)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(again.text().contains(words) && again.text().contains("Singan"), "{typed}: {}", again.text());
    }
    // The fee goes back once, and is not offered again.
    let with_fee = [("date", "2026-09-21"), ("lines.0.quantity", "1"), ("with_fee", "true"), ("note", "")];
    let credited = site.form(page, &with_fee).await;
    assert_eq!(credited.header("location"), Some("/invoices/QN-2026-000001"), "{}", credited.text());
    let form = site.page(page).await.text();
    assert!(!form.contains("with_fee") && form.contains("Can come back: 1"), "{form}");
    assert_eq!(standing(db, &ctx, &choy), "9/1");
    assert_sound(db, &ctx);
}
