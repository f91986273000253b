//! Whoever runs the server: sees, limits, suspends, acts as a member; and nobody else does.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use context::{Actor, CtxBuilder, Random};
use db::{Scope, db_test, testing::TestDb};
use kernel::{Id, Timestamp};
use serde_json::{Value, json};

use super::{
    PASSWORD,
    site::{Answer, Browser, Site},
};
use crate::actions;

const MINUTE_MS: i64 = 60_000;

async fn api(site: &Site, browser: &Browser, method: Method, path: &str, body: Value) -> Answer {
    let request = browser
        .request(method, path)
        .header("x-csrf-token", &browser.token)
        .header(header::CONTENT_TYPE, "application/json");
    site.send(request.body(Body::from(body.to_string())).unwrap()).await
}

fn set_operator(db: &TestDb, login: &'static str, is_operator: bool) {
    let nobody = Id::from_uuid(uuid::Uuid::nil());
    let now = Timestamp::from_millis(1_790_000_000_000);
    // Each time other ids.
    static SEED: AtomicU64 = AtomicU64::new(700);
    let random = Random::from_seed(SEED.fetch_add(1, Ordering::Relaxed));
    let console = CtxBuilder::server(nobody, Actor::server("console"), now, random).build();
    db.write_now(Scope::Server, move |tx| actions::set_operator(&console, tx, login, is_operator)).unwrap();
}

struct Two {
    site: Site,
    operator: Browser,
    shop: Browser,
    key: String,
    path: String,
}

/// A server with somebody who runs it, and a shop of somebody else.
async fn two(db: &TestDb) -> Two {
    let site = Site::new(db);
    let (mut operator, _) = site.shop("oper@misol.uz").await;
    let (shop, key) = site.shop("egasi@misol.uz").await;
    let id = site.get("/api/auth/me", &key).await.json()["workspace_id"].as_str().unwrap().to_owned();
    set_operator(db, "Oper@misol.uz", true);
    operator.get(&site, "/profile").await;
    Two { site, operator, shop, key, path: format!("/operator/workspaces/{id}") }
}

#[db_test]
async fn the_console_is_there_for_whoever_runs_the_server_only(db: &TestDb) {
    let Two { site, mut operator, mut shop, key, path } = two(db).await;
    let pages = ["", "/limits", "/suspend", "/act"].map(|rest| format!("{path}{rest}"));
    let all: Vec<&str> = std::iter::once("/operator").chain(pages.iter().map(String::as_str)).collect();
    for page in &all {
        assert_eq!(shop.get(&site, page).await.status, StatusCode::NOT_FOUND, "{page}");
        for lang in ["uz", "ru", "en"] {
            operator.get(&site, &format!("/language/{lang}?back=/")).await;
            let drawn = operator.get(&site, page).await;
            assert_eq!(drawn.status, StatusCode::OK, "{lang} {page}: {}", drawn.body);
            let bare = drawn.body.split(['>', '<', '"']).find(|piece| piece.starts_with("auth-"));
            assert_eq!(bare, None, "{lang} {page} shows a key");
        }
    }
    for (form, fields) in
        [("/limits", "members"), ("/suspend", "reason"), ("/act", "reason"), ("/resume", "x")]
    {
        let refused = shop.post(&site, &format!("{path}{form}"), &[(fields, "1")]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{form}");
    }
    assert_eq!(site.get("/api/operator/workspaces", &key).await.status, StatusCode::NOT_FOUND, "no key does");
    assert!(operator.get(&site, "/profile").await.body.contains("href=\"/operator\""));
    assert!(!shop.get(&site, "/profile").await.body.contains("href=\"/operator\""));
    let found = api(&site, &operator, Method::GET, "/api/operator/workspaces?q=DOʻKON", json!(null)).await;
    assert_eq!((&found.json()["count"], &found.json()["results"][0]["members"]), (&json!(2), &json!(1)));
    let nobody = api(&site, &operator, Method::GET, "/api/operator/workspaces?q=nimadir", json!(null)).await;
    assert_eq!(nobody.json()["count"], 0);
    set_operator(db, "oper@misol.uz", false);
    assert_eq!(operator.get(&site, "/operator").await.status, StatusCode::NOT_FOUND);
}

#[test]
fn an_address_of_the_configuration_counts_once_it_is_confirmed() {
    let email = crate::Email::parse("oper@misol.uz").unwrap();
    let other = crate::Email::parse("begona@misol.uz").unwrap();
    let named = [email.clone()];
    let is = |since, email, confirmed| actions::is_operator(since, email, confirmed, &named);
    assert!(is(None, Some(&email), true));
    assert!(!is(None, Some(&email), false), "anybody may sign up with it");
    assert!(!is(None, None, true));
    assert!(!is(None, Some(&other), true));
    assert!(is(Some(Timestamp::from_millis(1)), None, false), "the command line knows");
}

#[db_test]
async fn a_limit_of_members_is_kept_wherever_members_come_from(db: &TestDb) {
    let Two { site, mut operator, key, path, .. } = two(db).await;
    operator.get(&site, &format!("{path}/limits")).await;
    let wrong = operator.post(&site, &format!("{path}/limits"), &[("members", "0"), ("bots", "koʻp")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let invited = site.post("/api/invitations", &key, json!({"role": "user"})).await.json();
    let set = operator
        .post(&site, &format!("{path}/limits"), &[("members", "2"), ("bots", ""), ("contacts", "")])
        .await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
    let add = |email: &str| json!({"name": "A", "email": email, "password": PASSWORD, "role": "user"});
    let first = site.post("/api/members", &key, add("bir@misol.uz")).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let second = site.post("/api/members", &key, add("ikki@misol.uz")).await;
    assert_eq!((second.status, second.code().as_str()), (StatusCode::CONFLICT, "kernel-limit-members"));
    let token = invited["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let join = json!({"token": token, "name": "B", "email": "uch@misol.uz", "password": PASSWORD});
    assert_eq!(site.post("/api/auth/invitation/join", "", join.clone()).await.code(), "kernel-limit-members");
    let number = first.json()["id"].as_i64().unwrap();
    site.api(Method::DELETE, &format!("/api/members/{number}"), &key, None).await;
    assert_eq!(site.post("/api/auth/invitation/join", "", join).await.status, StatusCode::CREATED);
    let back =
        site.api(Method::PATCH, &format!("/api/members/{number}"), &key, Some(json!({"active": true}))).await;
    assert_eq!(back.code(), "kernel-limit-members");
    let whole = api(&site, &operator, Method::GET, &format!("/api{path}"), json!(null)).await.json();
    assert_eq!((&whole["limits"]["members"], &whole["limits"]["bots"]), (&json!(2), &Value::Null));
}

#[db_test]
async fn a_suspended_workspace_shows_its_reason_and_nothing_else(db: &TestDb) {
    let Two { site, mut operator, mut shop, key, path } = two(db).await;
    operator.get(&site, &format!("{path}/suspend")).await;
    let empty = operator.post(&site, &format!("{path}/suspend"), &[("reason", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    operator.post(&site, &format!("{path}/suspend"), &[("reason", "Toʻlov kutilmoqda")]).await;
    let page = shop.get(&site, "/members").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains("is suspended") && page.body.contains("Toʻlov kutilmoqda"), "{}", page.body);
    let refused = site.get("/api/members", &key).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "web-suspended"));
    // Out, to another workspace and to themselves they still get.
    for page in ["/workspaces", "/profile", "/workspaces/new"] {
        assert_eq!(shop.get(&site, page).await.status, StatusCode::OK, "{page}");
    }
    assert_eq!(operator.get(&site, "/members").await.status, StatusCode::OK, "others work on");
    let twice =
        api(&site, &operator, Method::POST, &format!("/api{path}/suspend"), json!({"reason": "x"})).await;
    assert_eq!(twice.code(), "auth-suspended-already");
    let resumed = api(&site, &operator, Method::POST, &format!("/api{path}/resume"), json!({})).await;
    assert_eq!(resumed.status, StatusCode::NO_CONTENT, "{}", resumed.body);
    assert_eq!(shop.get(&site, "/members").await.status, StatusCode::OK);
    let told: Vec<String> = db
        .read_now(Scope::Server, |tx| {
            let sql = "SELECT name FROM context_event WHERE name LIKE 'workspace.%ed' ORDER BY seq";
            tx.query(sql, &[], |row| row.get(0))
        })
        .unwrap();
    assert!(told.ends_with(&["workspace.suspended".to_owned(), "workspace.resumed".to_owned()]), "{told:?}");
}

#[db_test]
async fn acting_as_a_member_is_written_down_ends_after_an_hour_and_reaches_no_secret(db: &TestDb) {
    let Two { site, mut operator, mut shop, key, path } = two(db).await;
    let number = site.get("/api/members", &key).await.json()["results"][0]["id"].to_string();
    operator.get(&site, &format!("{path}/act")).await;
    let silent = operator.post(&site, &format!("{path}/act"), &[("member", &number), ("reason", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is needed");
    let act = [("member", number.as_str()), ("reason", "Buyurtma chiqmayapti")];
    let acts = operator.post(&site, &format!("{path}/act"), &act).await;
    assert_eq!((acts.status, acts.location()), (StatusCode::SEE_OTHER, "/"), "{}", acts.body);
    let page = operator.get(&site, "/members").await;
    assert!(page.body.contains("You act as Dilnoza until"), "{}", page.body);
    assert!(page.body.contains("egasi@misol.uz") && !page.body.contains("oper@misol.uz"));
    assert_eq!(operator.get(&site, "/operator").await.status, StatusCode::NOT_FOUND, "one at a time");
    // What is a person's own stays theirs.
    for (path, form) in [
        ("/profile/password", vec![("current", PASSWORD), ("password", "yangi parol 1")]),
        ("/profile/email", vec![("current", PASSWORD), ("email", "yangi@misol.uz")]),
        ("/profile", vec![("name", "Boshqa"), ("lang", "uz"), ("theme", "dark")]),
        ("/api-keys/new", vec![("name", "Kalit"), ("term_days", "30"), ("permissions", "sales.read")]),
        ("/profile/sessions/end-others", vec![]),
        ("/workspaces/new", vec![("name", "Yana")]),
    ] {
        let refused = operator.post(&site, path, &form).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}: {}", refused.body);
    }
    let role =
        operator.post(&site, "/roles/new", &[("name", "Yangi rol"), ("permissions", "sales.read")]).await;
    assert_eq!(role.status, StatusCode::SEE_OTHER, "{}", role.body);
    let log: Vec<(String, String)> = db
        .read_now(Scope::Server, |tx| {
            let sql = "SELECT action, actor_name FROM context_audit_entry ORDER BY id";
            tx.query(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))
        })
        .unwrap();
    let by = |action: &str| log.iter().find(|(name, _)| name == action).map(|(_, actor)| actor.as_str());
    assert_eq!((by("operator.act"), by("role.create")), (Some("Dilnoza"), Some("Dilnoza (Dilnoza)")));
    // An hour later the session is the operator's own again.
    site.clock.advance_millis(60 * MINUTE_MS);
    let own = operator.get(&site, "/members").await;
    assert!(own.body.contains("oper@misol.uz") && !own.body.contains("You act as"), "{}", own.body);
    operator.post(&site, &format!("{path}/act"), &act).await;
    let ended = operator.post(&site, "/operator/end", &[]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert!(operator.get(&site, "/members").await.body.contains("oper@misol.uz"));
    // Who runs the server no more is out at once, even while acting; and signing out ends all of it.
    operator.post(&site, &format!("{path}/act"), &act).await;
    set_operator(db, "oper@misol.uz", false);
    assert_eq!(operator.get(&site, "/members").await.status, StatusCode::SEE_OTHER);
    set_operator(db, "oper@misol.uz", true);
    let old = Browser { cookies: operator.cookies.clone(), token: operator.token.clone(), lang: "en" };
    operator.post(&site, "/sign-out", &[]).await;
    let mut old = old;
    assert_eq!(old.get(&site, "/members").await.status, StatusCode::SEE_OTHER, "the session is gone");
    assert_eq!(shop.get(&site, "/members").await.status, StatusCode::OK, "the member's own goes on");
}
