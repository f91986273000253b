//! `/api/cash-…`, driven as programs drive it.

use axum::http::{Request, StatusCode};
use context::Services;
use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use web::testing::{Answer, Site};

use super::assert_sound;
use crate::module;

pub(super) fn site(db: &TestDb) -> Site {
    Site::new(db, Services::default(), vec![contacts::module(), ledger::module(), module()])
}

async fn made(site: &Site, path: &str, body: Value) -> Value {
    let answer = site.post(path, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

async fn refused(site: &Site, path: &str, body: Value) -> Vec<String> {
    let answer: Answer = site.post(path, body).await;
    assert!(answer.status.is_client_error(), "{}", answer.text());
    answer.errors()
}

#[db_test]
async fn registers_are_made_changed_closed_and_deleted(db: &TestDb) {
    let site = site(db);
    let till = made(&site, "/api/cash-registers", json!({ "name": "Doʻkon" })).await;
    assert_eq!(
        (&till["kind"], &till["is_default"], &till["balance"]),
        (&json!("cash"), &json!(true), &json!(0))
    );
    let bank = json!({ "name": "Terminal", "kind": "bank", "may_be_negative": true });
    assert_eq!(
        made(&site, "/api/cash-registers", bank).await["kind_name"],
        json!("Bank account or card terminal")
    );
    let path = "/api/cash-registers";
    assert_eq!(refused(&site, path, json!({})).await, ["name: kernel-text-missing"]);
    let unknown = json!({ "name": "X", "kind": "card" });
    assert_eq!(refused(&site, path, unknown).await, ["kind: cash-register-kind-unknown"]);
    let taken = json!({ "name": "DO'KON" });
    assert_eq!(refused(&site, path, taken).await, ["name: cash-register-name-taken"]);
    let list = site.get(path).await.json();
    assert_eq!((&list["count"], &list["results"][1]["name"]), (&json!(2), &json!("Terminal")));
    let renamed = site.patch("/api/cash-registers/2", json!({ "name": "Payme" })).await.json();
    assert_eq!((&renamed["name"], &renamed["may_be_negative"]), (&json!("Payme"), &json!(true)));
    let second = made(&site, path, json!({ "name": "Ombor" })).await;
    assert_eq!(second["id"], json!(3));
    let closed = site.put("/api/cash-registers/3", json!({ "name": "Ombor", "active": false })).await;
    assert_eq!(closed.json()["active"], json!(false), "{}", closed.text());
    assert_eq!(site.delete("/api/cash-registers/3").await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.get("/api/cash-registers/3").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.delete("/api/cash-registers/1").await.errors(), ["cash-register-is-default"]);
}

#[db_test]
async fn money_comes_and_goes_by_the_words_that_people_use(db: &TestDb) {
    let site = site(db);
    let path = "/api/cash-transactions";
    let first =
        json!({ "type": "kirim", "category": "opening", "amount": 500_000, "description": "Boshlanish" });
    let first = made(&site, path, first).await;
    assert_eq!(
        (&first["type"], &first["kind"], &first["note"]),
        (&json!("in"), &json!("opening"), &json!("Boshlanish"))
    );
    assert_eq!((&first["register_name"], &first["entries"]), (&json!("Asosiy kassa"), &json!([1])));
    let income = made(&site, path, json!({ "type": "income", "amount": "1 000,5" })).await;
    assert_eq!((&income["kind"], &income["amount"]), (&json!("other_income"), &json!(1000.5)));
    let rent = json!({ "kind": "administrative_expense", "amount": 200_000, "date": "2026-09-01", "register_id": 1 });
    let rent = made(&site, path, rent).await;
    assert_eq!((&rent["type"], &rent["balance_after"]), (&json!("out"), &json!(301_000.5)));
    let other = made(&site, path, json!({ "type": "chiqim", "amount": 1_000.5 })).await;
    assert_eq!((&other["kind"], &other["balance_after"]), (&json!("other_expense"), &json!(300_000)));
    let read = site.get("/api/cash-transactions/3").await.json();
    assert_eq!((&read["uuid"], &read["entries"]), (&rent["uuid"], &json!([3])));
    let count = async |query: &str| site.get(&format!("{path}?{query}")).await.json()["count"].clone();
    assert_eq!(count("register_id=1&type=out").await, json!(2));
    assert_eq!(count("kind=opening").await, json!(1));
    assert_eq!(count("until=2026-09-01").await, json!(1));
    assert_eq!(count("q=БОШЛАН").await, json!(1));
    assert_eq!(
        site.get(&format!("{path}?register_id=9")).await.errors(),
        ["register_id: cash-register-unknown"]
    );
    assert_eq!(site.get(&format!("{path}?kind=x")).await.errors(), ["kind: cash-kind-unknown"]);
    assert_sound(db, &web::testing::ctx(1));
}

#[db_test]
async fn bad_input_is_refused_beside_its_field(db: &TestDb) {
    let site = site(db);
    let path = "/api/cash-transactions";
    made(&site, path, json!({ "type": "in", "amount": 100 })).await;
    for (body, expected) in [
        (json!({ "type": "in", "amount": 0 }), "amount: cash-amount-not-positive"),
        (json!({ "type": "in", "amount": -1 }), "amount: cash-amount-not-positive"),
        (json!({ "type": "in", "amount": 10_000_000_000_001_i64 }), "amount: cash-amount-too-large"),
        (json!({ "type": "in", "amount": "abc" }), "amount: kernel-number-malformed"),
        (json!({ "type": "in" }), "amount: web-field-missing"),
        (json!({ "amount": 5 }), "type: cash-flow-missing"),
        (json!({ "type": "sideways", "amount": 5 }), "type: cash-flow-unknown"),
        (json!({ "kind": "gift", "amount": 5 }), "kind: cash-kind-unknown"),
        (json!({ "kind": "sale_payment", "amount": 5 }), "kind: cash-kind-of-document"),
        (json!({ "type": "out", "kind": "opening", "amount": 5 }), "type: cash-flow-is-not-the-kinds"),
        (json!({ "type": "in", "amount": 5, "register_id": 77 }), "register_id: cash-register-unknown"),
        (json!({ "type": "in", "amount": 5, "contact_id": 77 }), "contact_id: cash-contact-unknown"),
        (json!({ "type": "in", "amount": 5, "date": "2030-01-01" }), "date: cash-date-in-future"),
        (json!({ "type": "out", "amount": 101 }), "cash-register-has-only"),
    ] {
        assert_eq!(refused(&site, path, body.clone()).await, [expected], "{body}");
    }
    let page = site.post(path, json!({ "type": "out", "amount": 101 })).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("Asosiy kassa has only 100"), "{}", page.text());
    assert_sound(db, &web::testing::ctx(1));
}

#[db_test]
async fn transfers_and_reversals_go_through_the_api(db: &TestDb) {
    let site = site(db);
    made(&site, "/api/cash-registers", json!({ "name": "Kassa" })).await;
    made(&site, "/api/cash-registers", json!({ "name": "Hisob", "kind": "bank" })).await;
    made(&site, "/api/cash-transactions", json!({ "kind": "opening", "amount": 100 })).await;
    let transfer = |from: i64, to: i64, amount: i64| json!({ "from_register_id": from, "to_register_id": to, "amount": amount });
    let both = made(&site, "/api/cash-transfers", transfer(1, 2, 60)).await;
    assert_eq!((&both["from"]["balance_after"], &both["to"]["balance_after"]), (&json!(40), &json!(60)));
    assert_eq!(both["from"]["entries"], both["to"]["entries"]);
    let path = "/api/cash-transfers";
    assert_eq!(refused(&site, path, transfer(1, 1, 5)).await, ["to_register_id: cash-transfer-to-itself"]);
    assert_eq!(refused(&site, path, transfer(1, 9, 5)).await, ["to_register_id: cash-register-unknown"]);
    assert_eq!(refused(&site, path, transfer(9, 1, 5)).await, ["from_register_id: cash-register-unknown"]);
    assert_eq!(refused(&site, path, transfer(1, 2, 41)).await, ["cash-register-has-only"]);
    let back = made(&site, "/api/cash-transactions/3/reverse", json!({ "reason": "Xato" })).await;
    assert_eq!((&back["type"], &back["reverses"]), (&json!("out"), &both["to"]["uuid"]));
    let again = refused(&site, "/api/cash-transactions/2/reverse", json!({})).await;
    assert_eq!(again, ["cash-transaction-is-reversed"]);
    assert_eq!(site.get("/api/cash-registers/1").await.json()["balance"], json!(100));
    assert_sound(db, &web::testing::ctx(1));
}

#[db_test]
async fn the_same_key_moves_the_money_once(db: &TestDb) {
    let site = site(db);
    let path = "/api/cash-transactions";
    let send = async || {
        let body = json!({ "type": "in", "amount": 100 }).to_string();
        let request = Request::post(path)
            .header("x-api-key", "1")
            .header("content-type", "application/json")
            .header("idempotency-key", "one-and-the-same-key");
        site.ask(request, body).await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, &first.json()["id"]), (StatusCode::CREATED, &second.json()["id"]));
    assert_eq!(site.get("/api/cash-registers/1").await.json()["balance"], json!(100));
}
