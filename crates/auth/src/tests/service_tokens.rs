//! Tokens of outside bots: made here, or named by the environment; through every layer.

use axum::http::{Method, StatusCode};
use db::{Scope, db_test, testing::TestDb};
use kernel::Clock;
use serde_json::{Value, json};

use super::{
    PASSWORD,
    site::{Answer, Site},
};
use crate::store;

async fn ask(site: &Site, token: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
    site.with_header(method, path, ("x-service-token", token), body).await
}

/// The access token of whoever has the shop: only a person makes keys.
async fn owner(site: &Site) -> String {
    let body = json!({"email": "a@misol.uz", "password": PASSWORD});
    let answer = site.post("/api/v1/auth/login", "", body).await;
    answer.json()["access"].as_str().unwrap().to_owned()
}

async fn make(site: &Site, access: &str, scopes: &[&str], expires_at: Value) -> (String, String) {
    let body = json!({"kind": "service", "name": "Qabul boti", "scopes": scopes, "expires_at": expires_at});
    let made = site.by(access, Method::POST, "/api/keys", Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let json = made.json();
    assert_eq!(json["kind"], "service");
    let text = |name: &str| json[name].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

#[db_test]
async fn a_service_token_does_its_scopes_until_it_is_revoked(db: &TestDb) {
    let site = Site::new(db);
    let (_, all) = site.shop("a@misol.uz").await;
    let access = owner(&site).await;
    let (id, token) = make(&site, &access, &["users.read", "users.create"], Value::Null).await;
    assert!(token.starts_with("krs_") && token.len() == 47, "{token}");
    let me = ask(&site, &token, Method::GET, "/api/auth/me", None).await.json();
    assert_eq!((me["kind"].clone(), me["name"].clone()), (json!("service"), json!("Qabul boti")));
    assert_eq!(me["permissions"], json!(["users.read", "users.create"]));
    // What it does stands under its name in the log.
    let role = json!({"name": "Botniki", "permissions": ["users.read"]});
    assert_eq!(ask(&site, &token, Method::POST, "/api/roles", Some(role)).await.status, StatusCode::CREATED);
    let sql = "SELECT actor_kind, actor_name FROM context_audit_entry WHERE action = 'role.create'";
    let who: (String, String) = db
        .read_now(Scope::Server, move |tx| tx.query_one(sql, &[], |row| Ok((row.get(0)?, row.get(1)?))))
        .unwrap();
    assert_eq!(who, ("service".into(), "Qabul boti".into()));
    let beyond = ask(&site, &token, Method::GET, "/api/company", None).await;
    assert_eq!((beyond.status, beyond.code().as_str()), (StatusCode::FORBIDDEN, "kernel-forbidden"));
    let key = json!({"name": "x", "permissions": ["users.read"]});
    let more = ask(&site, &token, Method::POST, "/api/keys", Some(key)).await;
    assert_eq!(more.status, StatusCode::FORBIDDEN, "only people make keys");
    // It is no API key, and an API key is no service token.
    for (name, value) in [
        ("x-api-key", token.clone()),
        ("authorization", format!("Bearer {token}")),
        ("authorization", format!("Token {token}")),
        ("x-service-token", all.clone()),
        ("x-service-token", format!("{token}x")),
        ("x-service-token", token[..46].to_owned()),
        ("x-service-token", "k".repeat(5_000)),
    ] {
        let refused =
            site.with_header(Method::GET, "/api/auth/me", (name, value.as_str()), None).await.status;
        assert_eq!(refused, StatusCode::UNAUTHORIZED, "{name}: {value:.60}");
    }
    // Only SHA-256 is kept, and its use is noted.
    let digest = crate::token::digest(&token).to_vec();
    let sql = "SELECT COUNT(*) FROM auth_api_key WHERE secret_hash = $1";
    let kept: i64 = db
        .read_now(Scope::Server, move |tx| tx.query_one(sql, db::params![digest.clone()], |row| row.get(0)))
        .unwrap();
    assert_eq!(kept, 1);
    let mut used = Value::Null;
    for _ in 0..1_000 {
        used = site.get("/api/keys", &all).await.json()["results"][0]["used_at"].clone();
        if !used.is_null() {
            break;
        }
    }
    assert!(used.is_string(), "its use is noted");
    let revoked = site.by(&access, Method::DELETE, &format!("/api/keys/{id}"), None).await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    let gone = ask(&site, &token, Method::GET, "/api/auth/me", None).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED, "at the very next request");
    let listed = site.get("/api/keys", &all).await.body;
    assert!(!listed.contains(&token));
}

#[db_test]
async fn a_service_token_ends_on_its_day_and_a_kind_that_is_none_is_told(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    let access = owner(&site).await;
    let end = site.clock.now().plus_seconds(3_600);
    let (_, token) = make(&site, &access, &["users.read"], json!(end)).await;
    site.clock.advance_millis(3_599_000);
    assert_eq!(ask(&site, &token, Method::GET, "/api/members", None).await.status, StatusCode::OK);
    site.clock.advance_millis(1_000);
    assert_eq!(ask(&site, &token, Method::GET, "/api/members", None).await.status, StatusCode::UNAUTHORIZED);
    let access = owner(&site).await;
    let odd = json!({"kind": "robot", "name": "x", "permissions": ["users.read"]});
    let refused = site.by(&access, Method::POST, "/api/keys", Some(odd)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["errors"][0]["field"], "kind");
    let plain = json!({"name": "1C", "permissions": ["users.read"]});
    let made = site.by(&access, Method::POST, "/api/keys", Some(plain)).await.json();
    assert_eq!(made["kind"], "api_key");
    assert!(made["secret"].as_str().unwrap().starts_with("krv_"));
}

#[db_test]
async fn the_page_makes_a_service_token_and_says_how_it_is_sent(db: &TestDb) {
    let site = Site::new(db);
    let (mut browser, _) = site.shop("a@misol.uz").await;
    browser.get(&site, "/api-keys/new").await;
    let fields =
        [("name", "Bot"), ("kind", "service"), ("term_days", "30"), ("permissions", "applications.read")];
    let made = browser.post(&site, "/api-keys/new", &fields).await;
    assert!(made.body.contains("krs_") && made.body.contains("X-SERVICE-TOKEN"), "{}", made.body);
    let list = browser.get(&site, "/api-keys").await.body;
    assert!(list.contains("Outside bot (service token)") && list.contains("Outside system (API key)"));
    let again = browser.post(&site, "/api-keys/new", &[("name", ""), ("kind", "service")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("value=\"service\" selected"), "what was chosen stays: {}", again.body);
}

#[db_test]
async fn tokens_of_the_environment_act_in_the_default_workspace(db: &TestDb) {
    let site = Site::new(db);
    let early = ask(&site, "raw-bot1-service-token", Method::GET, "/api/auth/me", None).await;
    assert_eq!(early.status, StatusCode::UNAUTHORIZED, "there is no workspace yet");
    site.shop("a@misol.uz").await;
    site.shop("b@misol.uz").await;
    let first = db.read_now(Scope::Server, crate::default_workspace).unwrap().unwrap();
    for (token, name, scopes) in [
        (
            "raw-bot1-service-token",
            "SERVICE_TOKEN_BOT1",
            ["applications.read", "applications.create", "applications.edit"],
        ),
        ("raw-bot2-service-token", "SERVICE_TOKEN_BOT2", ["surveys.read", "surveys.create", "surveys.edit"]),
    ] {
        let me = ask(&site, token, Method::GET, "/api/auth/me", None).await.json();
        assert_eq!((me["kind"].clone(), me["name"].clone()), (json!("service"), json!(name)));
        assert_eq!(me["workspace_id"], json!(first));
        assert_eq!(me["permissions"], json!(scopes));
        assert_eq!(ask(&site, token, Method::GET, "/api/members", None).await.status, StatusCode::FORBIDDEN);
    }
    for wrong in ["raw-bot3-service-token", "RAW-BOT1-SERVICE-TOKEN", "raw-bot1-service-toke"] {
        let refused = ask(&site, wrong, Method::GET, "/api/auth/me", None).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{wrong}");
    }
    // The hash itself opens nothing, nor does the token as an API key.
    let hash: String =
        crate::token::digest("raw-bot1-service-token").iter().map(|byte| format!("{byte:02x}")).collect();
    for (header, value) in [("x-service-token", hash.as_str()), ("x-api-key", "raw-bot1-service-token")] {
        let refused = site.with_header(Method::GET, "/api/auth/me", (header, value), None).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{header}");
    }
    let now = site.clock.now();
    db.write_now(Scope::Server, move |tx| store::operator::set_suspended(tx, first, Some(now), "qarz"))
        .unwrap();
    let silent = ask(&site, "raw-bot1-service-token", Method::GET, "/api/roles", None).await;
    assert_eq!((silent.status, silent.code().as_str()), (StatusCode::FORBIDDEN, "web-suspended"));
}

#[db_test]
async fn a_bot_that_has_signed_in_besides_is_the_bot(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    let access = owner(&site).await;
    let both = async |token: &str, access: &str| {
        let request = axum::http::Request::get("/api/auth/me")
            .header("x-service-token", token)
            .header("authorization", format!("Bearer {access}"));
        site.send(request.body(axum::body::Body::empty()).unwrap()).await
    };
    assert_eq!(both("raw-bot1-service-token", &access).await.json()["kind"], "service");
    assert_eq!(both("raw-bot1-service-token", "a.b.c").await.status, StatusCode::OK);
    assert_eq!(both("yolgʻon", &access).await.status, StatusCode::OK, "no header's text at all is no token");
    assert_eq!(both("begona", &access).await.status, StatusCode::UNAUTHORIZED, "a wrong one is refused");
}
