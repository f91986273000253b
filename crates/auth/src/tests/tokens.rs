//! Sign-in for dashboards: access tokens, their exchange, their end; through every layer.

use axum::http::{Method, StatusCode, header};
use context::{Actor, Ctx, CtxBuilder, Random};
use db::{Scope, Tx, db_test, testing::TestDb};
use kernel::Clock;
use serde_json::{Value, json};

use super::{
    PASSWORD,
    site::{Answer, Browser, Site},
};
use crate::{TOKEN_SESSIONS_AT_MOST, actions, store};

/// What a dashboard keeps.
#[derive(Debug, Clone)]
struct Kept {
    access: String,
    refresh: String,
}

fn kept(answer: &Answer) -> Kept {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
    assert_eq!(answer.cookie(web::SESSION_COOKIE), None);
    let json = answer.json();
    assert_eq!(json["expires_in"], 900);
    let text = |name: &str| json[name].as_str().unwrap().to_owned();
    Kept { access: text("access"), refresh: text("refresh") }
}

async fn log_in(site: &Site, email: &str) -> Kept {
    kept(&site.post("/api/v1/auth/login", "", json!({"email": email, "password": PASSWORD})).await)
}

async fn refresh(site: &Site, token: &str) -> Answer {
    site.post("/api/v1/auth/refresh", "", json!({"refresh": token})).await
}

async fn log_out(site: &Site, token: &str) -> StatusCode {
    site.post("/api/v1/auth/logout", "", json!({"refresh": token})).await.status
}

/// The status that "who am I" answers to an access token.
async fn me(site: &Site, access: &str) -> StatusCode {
    site.by(access, Method::GET, "/api/auth/me", None).await.status
}

fn console(site: &Site) -> Ctx {
    let nobody = kernel::Id::from_uuid(uuid::Uuid::nil());
    CtxBuilder::server(nobody, Actor::server("test"), site.clock.now(), Random::from_seed(5)).build()
}

fn log(db: &TestDb) -> Vec<String> {
    let sql = "SELECT action FROM context_audit_entry WHERE entity = 'session' ORDER BY id";
    db.read_now(Scope::Server, move |tx| tx.query(sql, &[], |row| row.get(0))).unwrap()
}

#[db_test]
async fn a_dashboard_signs_in_and_acts_as_the_member(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    let answer =
        site.post("/api/v1/auth/login", "", json!({"email": "A@Misol.uz", "password": PASSWORD})).await;
    let Kept { access, refresh: token } = kept(&answer);
    assert_eq!(answer.json()["user"]["email"], "a@misol.uz");
    assert_eq!(access.split('.').count(), 3);
    let me = site.by(&access, Method::GET, "/api/auth/me", None).await.json();
    assert_eq!((me["kind"].clone(), me["user"]["name"].clone()), (json!("member"), json!("Dilnoza")));
    assert_eq!(me["workspace_id"], answer.json()["workspace_id"]);
    assert_eq!(me["permissions"].as_array().unwrap().len(), context::Permission::ALL.len());
    // No page of ours sends it, so no form's token is asked for.
    let role = json!({"name": "Sotuvchi", "permissions": ["sales.read"]});
    let made = site.by(&access, Method::POST, "/api/roles", Some(role)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    // Only SHA-256 of the refresh token is kept.
    let digest = crate::token::digest(&token).to_vec();
    let sql = "SELECT COUNT(*) FROM auth_session WHERE token_hash = $1 AND kind = 'token'";
    let found: i64 = db
        .read_now(Scope::Server, move |tx| tx.query_one(sql, db::params![digest.clone()], |row| row.get(0)))
        .unwrap();
    assert_eq!(found, 1);
    for (body, status, code) in [
        (json!({"email": "a@misol.uz", "password": "boshqa parol"}), 401, "auth-sign-in-refused"),
        (json!({"email": "kim@misol.uz", "password": PASSWORD}), 401, "auth-sign-in-refused"),
        (json!({"email": "a@misol.uz"}), 422, ""),
        (json!({"email": 5, "password": PASSWORD}), 422, ""),
    ] {
        let refused = site.post("/api/v1/auth/login", "", body.clone()).await;
        assert_eq!(refused.status.as_u16(), status, "{body}");
        assert_eq!(refused.headers.get(header::CONTENT_TYPE).unwrap(), "application/problem+json");
        assert!(code.is_empty() || refused.code() == code, "{}", refused.body);
    }
}

#[db_test]
async fn an_access_token_ends_after_a_quarter_of_an_hour_and_is_renewed_by_its_refresh_token(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    let first = log_in(&site, "a@misol.uz").await;
    site.clock.advance_millis(899_000);
    assert_eq!(me(&site, &first.access).await, StatusCode::OK);
    site.clock.advance_millis(1_000);
    let ended = site.by(&first.access, Method::GET, "/api/auth/me", None).await;
    assert_eq!((ended.status.as_u16(), ended.code().as_str()), (401, "kernel-unauthenticated"));
    let second = kept(&refresh(&site, &first.refresh).await);
    assert_ne!(first.refresh, second.refresh);
    assert_eq!(me(&site, &second.access).await, StatusCode::OK);
    // Thirty idle days end it, and ninety in all.
    site.clock.advance_millis(29 * 86_400_000);
    let third = kept(&refresh(&site, &second.refresh).await);
    site.clock.advance_millis(30 * 86_400_000);
    let idle = refresh(&site, &third.refresh).await;
    assert_eq!((idle.status.as_u16(), idle.code().as_str()), (401, "auth-refresh-refused"));
    assert_eq!(me(&site, &third.access).await, StatusCode::UNAUTHORIZED);
    let mut old = log_in(&site, "a@misol.uz").await;
    for _ in 0..3 {
        site.clock.advance_millis(29 * 86_400_000);
        old = kept(&refresh(&site, &old.refresh).await);
    }
    site.clock.advance_millis(3 * 86_400_000);
    assert_eq!(refresh(&site, &old.refresh).await.status, StatusCode::UNAUTHORIZED);
}

#[db_test]
async fn each_credential_opens_only_what_it_is_for(db: &TestDb) {
    let site = Site::new(db);
    let (browser, key) = site.shop("a@misol.uz").await;
    let Kept { access, refresh: token } = log_in(&site, "a@misol.uz").await;
    let cookie = browser.cookies.iter().find(|(name, _)| name == web::SESSION_COOKIE).unwrap().1.clone();
    let ask = async |name: &str, value: String| {
        site.with_header(Method::GET, "/api/auth/me", (name, value.as_str()), None).await.status.as_u16()
    };
    for (name, value, status) in [
        ("authorization", format!("Bearer {access}"), 200),
        ("authorization", format!("bearer  {access}"), 200),
        ("authorization", format!("Bearer {key}"), 200),
        ("authorization", format!("Token {key}"), 200),
        ("authorization", "Bearer muhit.kaliti.0123456789".to_owned(), 200),
        ("authorization", "Bearer muhit-kaliti-0123456789".to_owned(), 200),
        ("x-api-key", key.clone(), 200),
        ("authorization", format!("Token {access}"), 401),
        ("authorization", format!("Basic {access}"), 401),
        ("authorization", access.clone(), 401),
        ("x-api-key", access.clone(), 401),
        ("x-service-token", access.clone(), 401),
        ("x-service-token", key.clone(), 401),
        ("authorization", format!("Bearer {token}"), 401),
        ("x-api-key", token.clone(), 401),
        ("authorization", format!("Bearer {cookie}"), 401),
        ("cookie", format!("karvon_session={token}"), 401),
        ("cookie", format!("karvon_session={access}"), 401),
        ("authorization", format!("Bearer {}", "a.b.c".repeat(2_000)), 401),
        ("authorization", "Bearer ..".to_owned(), 401),
        ("authorization", "Bearer".to_owned(), 401),
    ] {
        assert_eq!(ask(name, value.clone()).await, status, "{name}: {value:.40}");
    }
    assert_eq!(refresh(&site, &cookie).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&site, &key).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&site, &"k".repeat(5_000)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&site, &access).await.status, StatusCode::UNAUTHORIZED);
    // A token that was changed, or names another algorithm, opens nothing.
    let parts: Vec<&str> = access.split('.').collect();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let rs256 = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";
    for odd in [
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{rs256}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], "A".repeat(43)),
        format!("{}.{}A.{}", parts[0], parts[1], parts[2]),
    ] {
        assert_eq!(me(&site, &odd).await, StatusCode::UNAUTHORIZED, "{odd}");
    }
}

#[db_test]
async fn a_refresh_token_that_comes_twice_ends_its_session_and_no_other(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    let (mine, other) = (log_in(&site, "a@misol.uz").await, log_in(&site, "a@misol.uz").await);
    let next = kept(&refresh(&site, &mine.refresh).await);
    let last = kept(&refresh(&site, &next.refresh).await);
    assert_eq!(me(&site, &last.access).await, StatusCode::OK);
    let again = refresh(&site, &mine.refresh).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (401, "auth-refresh-refused"));
    for access in [&mine.access, &next.access, &last.access] {
        assert_eq!(me(&site, access).await, StatusCode::UNAUTHORIZED);
    }
    for token in [&mine.refresh, &next.refresh, &last.refresh] {
        assert_eq!(refresh(&site, token).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(me(&site, &other.access).await, StatusCode::OK);
    assert_eq!(log(db).iter().filter(|action| *action == "session.revoke_reused").count(), 1);
}

#[db_test]
async fn of_two_who_come_with_one_refresh_token_at_once_neither_stays(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    for racers in [2, 2, 2, 8] {
        let Kept { access, refresh: token } = log_in(&site, "a@misol.uz").await;
        let answers = futures::future::join_all((0..racers).map(|_| refresh(&site, &token))).await;
        let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == StatusCode::OK).collect();
        let lost = answers.iter().filter(|answer| answer.status == StatusCode::UNAUTHORIZED).count();
        assert_eq!((won.len(), lost), (1, racers - 1));
        let won = kept(won[0]);
        assert_eq!(me(&site, &access).await, StatusCode::UNAUTHORIZED);
        assert_eq!(me(&site, &won.access).await, StatusCode::UNAUTHORIZED);
        assert_eq!(refresh(&site, &won.refresh).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[db_test]
async fn whoever_logs_out_is_out_at_the_next_request(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    let (mine, other) = (log_in(&site, "a@misol.uz").await, log_in(&site, "a@misol.uz").await);
    assert_eq!(log_out(&site, &mine.refresh).await, StatusCode::NO_CONTENT);
    assert_eq!(me(&site, &mine.access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&site, &mine.refresh).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(log_out(&site, &mine.refresh).await, StatusCode::NO_CONTENT, "signed out already");
    assert_eq!(log_out(&site, "hech kimniki").await, StatusCode::NO_CONTENT);
    // One that was exchanged since ends the session, too.
    let next = kept(&refresh(&site, &other.refresh).await);
    assert_eq!(log_out(&site, &other.refresh).await, StatusCode::NO_CONTENT);
    assert_eq!(me(&site, &next.access).await, StatusCode::UNAUTHORIZED);
    // By the address of the cookie's sign-out as well.
    let third = log_in(&site, "a@misol.uz").await;
    let out = site.by(&third.access, Method::POST, "/api/auth/sign-out", None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert_eq!(me(&site, &third.access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(log(db).iter().filter(|action| *action == "session.close").count(), 3);
}

#[db_test]
async fn what_becomes_of_a_person_counts_at_the_next_request(db: &TestDb) {
    let site = Site::new(db);
    let (mut browser, key) = site.shop("a@misol.uz").await;
    let body = json!({"name": "Jasur", "email": "jasur@misol.uz", "password": PASSWORD, "role": "manager"});
    let number = site.post("/api/members", &key, body).await.json()["id"].as_i64().unwrap();
    let path = format!("/api/members/{number}");
    let jasur = log_in(&site, "jasur@misol.uz").await;
    let members = async |access: &str| site.by(access, Method::GET, "/api/members", None).await.status;
    assert_eq!(members(&jasur.access).await, StatusCode::OK);
    // Another role.
    site.api(Method::PATCH, &path, &key, Some(json!({"role": "user"}))).await;
    assert_eq!(members(&jasur.access).await, StatusCode::FORBIDDEN);
    // A password that an Admin set.
    let reset = json!({"password": PASSWORD});
    let reset = site.post(&format!("{path}/password"), &key, reset).await;
    assert_eq!(reset.status, StatusCode::NO_CONTENT, "{}", reset.body);
    assert_eq!(me(&site, &jasur.access).await, StatusCode::UNAUTHORIZED);
    // A password of one's own.
    let (jasur, second) = (log_in(&site, "jasur@misol.uz").await, log_in(&site, "jasur@misol.uz").await);
    let own = json!({"current": PASSWORD, "password": "yangi parol 1"});
    let changed = site.by(&second.access, Method::POST, "/api/auth/password", Some(own)).await;
    assert_eq!((changed.status, changed.json()["sessions_ended"].clone()), (StatusCode::OK, json!(1)));
    assert_eq!(me(&site, &jasur.access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&site, &jasur.refresh).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(me(&site, &second.access).await, StatusCode::OK, "whoever asks stays");
    // No member any more.
    site.api(Method::DELETE, &path, &key, None).await;
    assert_eq!(me(&site, &second.access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&site, &second.refresh).await.status, StatusCode::UNAUTHORIZED);
    let body = json!({"email": "jasur@misol.uz", "password": "yangi parol 1"});
    let gone = site.post("/api/v1/auth/login", "", body).await;
    assert_eq!((gone.status, gone.code().as_str()), (StatusCode::FORBIDDEN, "auth-no-workspace"));
    // A suspended workspace lets its members read why, and no more.
    let owner = log_in(&site, "a@misol.uz").await;
    let (workspace, now) = (first_workspace(db), site.clock.now());
    let suspend =
        move |at| move |tx: &mut Tx<'_>| store::operator::set_suspended(tx, workspace, at, "toʻlanmagan");
    db.write_now(Scope::Server, suspend(Some(now))).unwrap();
    let refused = site.by(&owner.access, Method::GET, "/api/members", None).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "web-suspended"));
    assert_eq!(me(&site, &owner.access).await, StatusCode::OK);
    let next = kept(&refresh(&site, &owner.refresh).await);
    db.write_now(Scope::Server, suspend(None)).unwrap();
    assert_eq!(members(&next.access).await, StatusCode::OK);
    // And the page lists it, and ends it.
    let page = browser.get(&site, "/profile/sessions").await;
    assert!(page.body.contains("by tokens (API)"), "{}", page.body);
    let sessions = site.by(&next.access, Method::GET, "/api/sessions", None).await.json();
    let all = sessions["results"].as_array().unwrap();
    let current: Vec<&Value> = all.iter().filter(|one| one["current"] == true).collect();
    assert_eq!((current.len(), current[0]["kind"].clone()), (1, json!("token")));
    assert!(all.iter().any(|one| one["kind"] == "page" && one["current"] == false), "{sessions}");
    let end = format!("/profile/sessions/{}/end", current[0]["id"].as_str().unwrap());
    assert_eq!(browser.post(&site, &end, &[]).await.location(), "/profile/sessions");
    assert_eq!(me(&site, &next.access).await, StatusCode::UNAUTHORIZED);
}

fn first_workspace(db: &TestDb) -> kernel::WorkspaceId {
    db.read_now(Scope::Server, crate::default_workspace).unwrap().unwrap()
}

#[db_test]
async fn a_dashboard_ends_the_other_sessions_and_stays(db: &TestDb) {
    let site = Site::new(db);
    let (mut browser, _) = site.shop("a@misol.uz").await;
    let (mine, other) = (log_in(&site, "a@misol.uz").await, log_in(&site, "a@misol.uz").await);
    let ended = site.by(&mine.access, Method::DELETE, "/api/sessions", None).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(me(&site, &mine.access).await, StatusCode::OK);
    assert_eq!(me(&site, &other.access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get(&site, "/profile").await.status, StatusCode::SEE_OTHER);
}

#[db_test]
async fn a_dashboard_names_the_workspace_it_wants_or_gets_the_one_used_last(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    site.shop("b@misol.uz").await;
    let first = log_in(&site, "a@misol.uz").await;
    let made =
        site.by(&first.access, Method::POST, "/api/workspaces", Some(json!({"name": "Ikkinchi"}))).await;
    let second = made.json()["id"].clone();
    let named = async |workspace: Value| {
        let body = json!({"email": "a@misol.uz", "password": PASSWORD, "workspace": workspace});
        site.post("/api/v1/auth/login", "", body).await
    };
    for name in [json!("ikkinchi"), second.clone()] {
        assert_eq!(named(name).await.json()["workspace_id"], second);
    }
    assert_eq!(named(Value::Null).await.json()["workspace_id"], second, "the one used last");
    for strange in ["dokon-2", "yoq", "' OR 1=1 --"] {
        let refused = named(json!(strange)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{strange}: {}", refused.body);
        assert_eq!(refused.json()["errors"][0]["field"], "workspace");
    }
    // The session of the tokens opens another.
    let opened = site.by(&first.access, Method::POST, "/api/workspaces/ikkinchi/open", None).await;
    assert_eq!(opened.status, StatusCode::NO_CONTENT, "{}", opened.body);
    let me = site.by(&first.access, Method::GET, "/api/auth/me", None).await.json();
    assert_eq!(me["workspace_id"], second);
}

#[db_test]
async fn guesses_by_page_and_by_dashboard_are_counted_together(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    let guess = json!({"email": "a@misol.uz", "password": "taxmin"});
    for n in 0..5 {
        let path = if n % 2 == 0 { "/api/v1/auth/login" } else { "/api/auth/sign-in" };
        assert_eq!(site.post(path, "", guess.clone()).await.status, StatusCode::UNAUTHORIZED);
    }
    let right = json!({"email": "a@misol.uz", "password": PASSWORD});
    for path in ["/api/v1/auth/login", "/api/auth/sign-in"] {
        let waits = site.post(path, "", right.clone()).await;
        assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(waits.headers.get("retry-after").unwrap(), "30");
    }
    let mut browser = Browser { lang: "en", ..Browser::default() };
    browser.get(&site, "/sign-in").await;
    let page = browser.post(&site, "/sign-in", &[("login", "a@misol.uz"), ("password", PASSWORD)]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
}

#[db_test]
async fn the_server_is_run_by_no_token(db: &TestDb) {
    let site = Site::new(db);
    let (mut browser, _) = site.shop("a@misol.uz").await;
    let console = console(&site);
    let make = move |tx: &mut Tx<'_>| actions::set_operator(&console, tx, "a@misol.uz", true).map(drop);
    db.write_now(Scope::Server, make).unwrap();
    let mine = log_in(&site, "a@misol.uz").await;
    assert_eq!(browser.get(&site, "/operator").await.status, StatusCode::OK);
    let by_token = site.by(&mine.access, Method::GET, "/api/operator/workspaces", None).await;
    assert_eq!(by_token.status, StatusCode::NOT_FOUND, "{}", by_token.body);
}

#[db_test]
async fn a_program_that_signs_in_for_every_call_does_not_fill_the_list(db: &TestDb) {
    let site = Site::new(db);
    let (mut browser, _) = site.shop("a@misol.uz").await;
    let first = log_in(&site, "a@misol.uz").await;
    let mut last = first.clone();
    for _ in 0..TOKEN_SESSIONS_AT_MOST {
        site.clock.advance_millis(1);
        last = log_in(&site, "a@misol.uz").await;
    }
    assert_eq!(me(&site, &first.access).await, StatusCode::UNAUTHORIZED, "used longest ago");
    let sessions = site.by(&last.access, Method::GET, "/api/sessions", None).await.json();
    assert_eq!(sessions["count"], TOKEN_SESSIONS_AT_MOST + 1);
    assert_eq!(browser.get(&site, "/profile").await.status, StatusCode::OK, "a browser's session stays");
}

#[db_test]
async fn used_refresh_tokens_are_forgotten_after_a_month(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    let first = log_in(&site, "a@misol.uz").await;
    kept(&refresh(&site, &first.refresh).await);
    let used = || -> i64 {
        let sql = "SELECT COUNT(*) FROM auth_used_refresh";
        db.read_now(Scope::Server, move |tx| tx.query_one(sql, &[], |row| row.get(0))).unwrap()
    };
    let forget = || {
        let console = console(&site);
        db.write_now(Scope::Server, move |tx| actions::forget_ended(&console, tx)).unwrap();
    };
    site.clock.advance_millis(29 * 86_400_000);
    forget();
    assert_eq!(used(), 1);
    site.clock.advance_millis(2 * 86_400_000);
    forget();
    assert_eq!(used(), 0);
}
