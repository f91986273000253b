//! `/api/v1/ledger/…`, driven as programs drive it.

use axum::http::StatusCode;
use context::Services;
use db::{db_test, testing::TestDb};
use serde_json::{Value, json};
use web::testing::{Answer, Site};

use super::assert_sound;
use crate::module;

pub(super) fn site(db: &TestDb) -> Site {
    Site::new(db, Services::default(), vec![module()])
}

fn sale() -> Value {
    json!({ "date": "2026-09-10", "memo": "Savdo", "lines": [
        { "account": "4010", "debit": 168000 },
        { "account": "9020", "credit": 150000 },
        { "account": "6410", "credit": 18000, "note": "QQS 12 %" },
    ]})
}

#[db_test]
async fn an_entry_is_written_read_and_taken_back(db: &TestDb) {
    let site = site(db);
    let made = site.post("/api/v1/ledger/entries", sale()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!((&made.json()["id"], &made.json()["total"]), (&json!(1), &json!(168_000)));
    let read = site.get("/api/v1/ledger/entries/1").await.json();
    assert_eq!(
        (&read["lines"][2]["credit"], &read["lines"][2]["note"]),
        (&json!(18_000), &json!("QQS 12 %"))
    );
    let back = site.post("/api/v1/ledger/entries/1/reverse", json!({ "date": "2026-09-20" })).await;
    assert_eq!((back.status, &back.json()["memo"]), (StatusCode::CREATED, &json!("Reversal of entry 1")));
    let again = site.post("/api/v1/ledger/entries/1/reverse", json!({})).await;
    assert_eq!(again.errors(), ["ledger-entry-is-reversed"]);
    let list = site.get("/api/v1/ledger/entries?account=9020&from=2026-09-15").await.json();
    assert_eq!((&list["count"], &list["results"][0]["reverses"]), (&json!(1), &read["uuid"]));
    assert_sound(db, &web::testing::ctx(1));
}

#[db_test]
async fn the_trial_balance_and_an_account_agree(db: &TestDb) {
    let site = site(db);
    site.post("/api/v1/ledger/entries", sale()).await;
    let trial = site.get("/api/v1/ledger/trial-balance?from=2026-09-01&until=2026-09-30").await.json();
    assert_eq!((&trial["balanced"], &trial["closing"]["debit"]), (&json!(true), &json!(168_000)));
    assert_eq!(trial["accounts"][0]["account_name"], json!("Receivable from customers"));
    let lines = site.get("/api/v1/ledger/accounts/4010/lines").await.json();
    assert_eq!((&lines["closing"], &lines["results"][0]["balance"]), (&json!(168_000), &json!(168_000)));
    let journal = site.get("/api/v1/ledger/journal").await.text();
    assert!(
        journal.contains("2026-09-10 (1) Savdo\n    4010 Receivable from customers  168000 UZS\n"),
        "{journal}"
    );
}

#[db_test]
async fn months_accounts_and_roles_are_kept_through_the_api(db: &TestDb) {
    let site = site(db);
    let own = json!({ "code": "5011", "kind": "active", "name_en": "Second till" });
    assert_eq!(site.post("/api/v1/ledger/accounts", own).await.status, StatusCode::CREATED);
    let roles = site.patch("/api/v1/ledger/roles", json!({ "roles": { "cash": "5011" } })).await.json();
    let cash = roles["results"].as_array().unwrap().iter().find(|role| role["role"] == "cash").cloned();
    assert_eq!(cash.unwrap()["account"], json!("5011"));
    let closed = site.patch("/api/v1/ledger/accounts/5011", json!({ "active": false })).await;
    assert_eq!(closed.errors(), ["active: ledger-account-has-role"]);
    assert_eq!(site.get("/api/v1/ledger/accounts?q=till").await.json()["count"], json!(1));
    let close = site.post("/api/v1/ledger/periods/close", json!({ "month": "2026-08" })).await;
    assert_eq!((close.status, &close.json()["closed"]), (StatusCode::OK, &json!(true)));
    let mut early = sale();
    early["date"] = json!("2026-08-31");
    assert_eq!(site.post("/api/v1/ledger/entries", early).await.errors(), ["date: ledger-period-is-closed"]);
    assert_eq!(site.get("/api/v1/ledger/periods").await.json()["count"], json!(2));
    assert_eq!(
        site.post("/api/v1/ledger/periods/reopen", json!({ "month": "2026-08" })).await.status,
        StatusCode::OK
    );
}

#[db_test]
async fn bad_input_is_answered_with_its_field(db: &TestDb) {
    let site = site(db);
    #[track_caller]
    fn check(answer: &Answer, expected: &[&str]) {
        assert_eq!(answer.errors(), expected, "{}", answer.text());
        assert!(answer.status.is_client_error());
    }
    let lines = |lines: Value| json!({ "memo": "x", "lines": lines });
    for (body, expected) in [
        (lines(json!([])), "lines: ledger-lines-missing"),
        (lines(json!([{ "account": "5010", "debit": 1 }])), "lines: ledger-entry-unbalanced"),
        (
            lines(json!([{ "account": "5010", "debit": 1, "credit": 1 }])),
            "lines.0.debit: ledger-line-one-side",
        ),
        (lines(json!([{ "account": "nowhere", "debit": 1 }])), "lines.0.account: ledger-account-unknown"),
        (lines(json!([{ "account": "5010", "debit": -1 }])), "lines.0.amount: ledger-amount-not-positive"),
        (lines(json!([{ "account": "5010", "debit": 0.001 }])), "lines[0].debit: kernel-number-too-precise"),
    ] {
        check(&site.post("/api/v1/ledger/entries", body).await, &[expected]);
    }
    check(
        &site.post("/api/v1/ledger/periods/close", json!({ "month": "2026-13" })).await,
        &["month: ledger-month-malformed"],
    );
    check(
        &site.post("/api/v1/ledger/accounts", json!({})).await,
        &["code: kernel-text-missing", "kind: kernel-text-missing"],
    );
    check(
        &site.patch("/api/v1/ledger/roles", json!({ "roles": { "magic": "5010" } })).await,
        &["roles.magic: ledger-role-unknown"],
    );
    check(
        &site.get("/api/v1/ledger/trial-balance?from=2026-10-01&until=2026-09-01").await,
        &["from: ledger-days-backwards"],
    );
    check(&site.get("/api/v1/ledger/trial-balance?until=1950-01-01").await, &["until: ledger-date-beyond"]);
    check(&site.get("/api/v1/ledger/accounts/1%20OR%201=1").await, &["kernel-not-found"]);
}

#[db_test]
async fn strangers_and_those_who_may_not_get_nothing(db: &TestDb) {
    let site = site(db);
    let made = site.post("/api/v1/ledger/entries", sale()).await.json();
    let uuid = made["uuid"].as_str().unwrap().to_owned();
    let account = site.get("/api/v1/ledger/accounts/4010").await.json()["uuid"].as_str().unwrap().to_owned();
    let theirs = site.by("2");
    for path in [
        "/api/v1/ledger/entries/1".to_owned(),
        format!("/api/v1/ledger/entries/{uuid}"),
        format!("/api/v1/ledger/accounts/{account}"),
        format!("/api/v1/ledger/accounts/{account}/lines"),
    ] {
        assert_eq!(theirs.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(theirs.get("/api/v1/ledger/entries").await.json()["count"], json!(0));
    let seller = site.by("1:sales.read");
    for path in ["entries", "accounts", "trial-balance", "periods", "journal", "roles", "accounts/4010/lines"]
    {
        let answer = seller.get(&format!("/api/v1/ledger/{path}")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    // Who may take cash may not write into the books, and who writes may not open what was closed.
    let cashier = site.by("1:finance.read,finance.create");
    assert_eq!(cashier.post("/api/v1/ledger/entries", sale()).await.status, StatusCode::FORBIDDEN);
    let reopen = json!({ "month": "2026-08" });
    let writer = site.by("1:finance.read,finance.edit");
    assert_eq!(writer.post("/api/v1/ledger/periods/reopen", reopen).await.status, StatusCode::FORBIDDEN);
}
