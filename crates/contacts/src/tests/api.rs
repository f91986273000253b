//! `/api/contacts`, `/api/customers` and the pages, as programs and browsers use them.

use axum::http::StatusCode;
use context::Services;
use db::{db_test, testing::TestDb};
use kernel::Lang;
use serde_json::{Value, json};
use web::testing::Site;

use crate::module;

fn site(db: &TestDb) -> Site {
    Site::new(db, Services::default(), vec![module()])
}

#[db_test]
async fn a_customer_is_made_read_changed_and_deleted(db: &TestDb) {
    let site = site(db);
    let made = site
        .post("/api/customers", json!({"name": "Aziza", "phone": "90 123 45 67", "credit_limit": 1500.5}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let body = made.json();
    assert_eq!(
        (&body["id"], &body["phone"], &body["is_customer"]),
        (&json!(1), &json!("+998901234567"), &json!(true))
    );
    assert_eq!(
        (&body["language"], &body["kind"], &body["credit_limit"]),
        (&json!("uz"), &json!("person"), &json!(1500.5))
    );
    assert_eq!(site.get("/api/contacts/1").await.json(), body);
    let supplier = site
        .post("/api/contacts", json!({"name": "Savdo MChJ", "kind": "company", "is_supplier": true}))
        .await;
    assert_eq!(supplier.json()["is_customer"], false);
    assert_eq!(site.get("/api/customers").await.json()["count"], 1);
    assert_eq!(site.get("/api/contacts?is_supplier=true").await.json()["results"][0]["name"], "Savdo MChJ");
    assert_eq!(site.get("/api/contacts?phone=901234567").await.json()["count"], 1);
    assert_eq!(
        site.get("/api/contacts?q=%D0%B0%D0%B7%D0%B8%D0%B7%D0%B0").await.json()["count"],
        1,
        "in Cyrillic"
    );
    let changed =
        site.patch("/api/customers/1", json!({"tin": "303303592", "credit_limit": null})).await.json();
    assert_eq!((&changed["tin"], &changed["credit_limit"]), (&json!("303303592"), &Value::Null));
    assert_eq!(site.put("/api/contacts/1", changed.clone()).await.json(), changed);
    assert_eq!(site.delete("/api/customers/1").await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.get("/api/customers/1").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn bad_bodies_are_answered_with_the_field(db: &TestDb) {
    let site = site(db);
    site.post("/api/contacts", json!({"name": "Bor", "phone": "901234567"})).await;
    for (body, expected) in [
        (json!({}), "name: kernel-text-missing"),
        (json!({"name": 7}), "name: web-field-type"),
        (json!({"name": "A", "phone": "12"}), "phone: kernel-phone-malformed"),
        (json!({"name": "A", "phone": "+998 90 123 45 67"}), "phone: contacts-phone-taken"),
        (json!({"name": "A", "tin": "1"}), "tin: kernel-tin-malformed"),
        (json!({"name": "A", "email": "x"}), "email: contacts-email-malformed"),
        (json!({"name": "A", "kind": "robot"}), "kind: web-field-type"),
        (json!({"name": "A", "language": "de"}), "language: web-field-type"),
        (json!({"name": "A", "credit_limit": -1}), "credit_limit: contacts-credit-limit-out-of-range"),
        (json!({"name": "x".repeat(201)}), "name: kernel-text-too-long"),
        (json!({"name": "a\u{0}"}), "name: kernel-text-has-control"),
    ] {
        let answer = site.post("/api/contacts", body.clone()).await;
        assert_eq!(
            (answer.status, answer.errors()[0].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, expected),
            "{body}"
        );
    }
    assert_eq!(site.get("/api/contacts").await.json()["count"], 1);
    assert_eq!(site.get("/api/contacts?ordering=x").await.errors(), ["ordering: contacts-ordering-unknown"]);
    assert_eq!(site.get("/api/contacts?phone=x").await.errors(), ["phone: kernel-phone-malformed"]);
}

#[db_test]
async fn strangers_and_other_workspaces_see_nothing(db: &TestDb) {
    let site = site(db);
    site.post("/api/contacts", json!({"name": "Aziza"})).await;
    for path in ["/api/contacts/1", "/api/customers/1"] {
        assert_eq!(site.by("2").get(path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.by("2").patch(path, json!({"name": "X"})).await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.by("2").delete(path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.by("1:inventory.read").get(path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(site.by("1:sales.read").delete(path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(site.by("x").get(path).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(site.by("2").get("/api/contacts").await.json()["count"], 0);
    assert_eq!(site.by("1:inventory.read").page("/contacts").await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.by("2").page("/contacts/1").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn a_contact_is_kept_on_its_pages(db: &TestDb) {
    let mut site = site(db);
    let fields = [
        ("name", "<i>Aziza</i>"),
        ("phone", "901234567"),
        ("is_customer", "true"),
        ("kind", "person"),
        ("language", "ru"),
    ];
    let made = site.form("/contacts/new", &fields).await;
    assert_eq!(made.header("location"), Some("/contacts/1"), "{}", made.text());
    let page = site.page("/contacts/1").await.text();
    assert!(page.contains("&#60;i&#62;Aziza") && page.contains("+998 90 123 45 67"), "{page}");
    let again = site.form("/contacts/new", &[("name", ""), ("phone", "abc"), ("email", "x")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.text().contains("value=\"abc\"") && again.text().contains("not an e-mail"),
        "{}",
        again.text()
    );
    assert_eq!(
        site.form("/contacts/1/edit", &[("name", "Aziza"), ("is_supplier", "true")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(site.page("/contacts?hat=supplier&q=aziza").await.text().contains("/contacts/1"));
    assert!(site.page("/contacts/options?q=azi").await.text().contains("data-value=\"1\""));
    for (lang, word) in [(Lang::Uz, "Kontaktlar"), (Lang::Ru, "Контакты"), (Lang::En, "Contacts")] {
        assert!(site.in_lang(lang).page("/contacts").await.text().contains(word));
    }
    assert!(site.page("/contacts?format=csv").await.text().contains("Aziza"));
    assert_eq!(site.form("/contacts/1/delete", &[]).await.header("location"), Some("/contacts"));
}
