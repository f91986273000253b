//! The API and the pages through every layer, with real sessions and keys.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use db::{Scope, db_test, testing::TestDb};
use kernel::{Clock, Timestamp};
use serde_json::{Value, json};

use super::{
    PASSWORD,
    site::{Browser, Site},
};

#[db_test]
async fn a_person_signs_up_and_in_and_out_in_a_browser(db: &TestDb) {
    let site = Site::new(db);
    let mut browser = Browser { lang: "uz", ..Browser::default() };
    let away = browser.get(&site, "/members").await;
    assert_eq!((away.status, away.location()), (StatusCode::SEE_OTHER, "/sign-in?next=%2Fmembers"));
    let form = browser.get(&site, "/sign-up").await;
    assert_eq!(form.status, StatusCode::OK);
    let wrong = [("name", "<b>A</b>"), ("email", "x"), ("workspace", "Doʻkon"), ("password", "1")];
    let refused = browser.post(&site, "/sign-up", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("&#60;b&#62;A&#60;/b&#62;"), "what was typed stays, escaped");
    assert!(!refused.body.contains("value=\"1\""), "a password is never filled in again");
    let right = [("name", "Ali"), ("email", "ali@misol.uz"), ("workspace", "Doʻkon"), ("password", PASSWORD)];
    let made = browser.post(&site, "/sign-up", &right).await;
    assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, "/"));
    let set =
        made.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap()).collect::<Vec<_>>();
    let session = set.iter().find(|line| line.starts_with("karvon_session=")).unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"] {
        assert!(session.contains(part), "{session}");
    }
    assert_eq!(browser.get(&site, "/members").await.status, StatusCode::OK);
    let old = Browser { cookies: browser.cookies.clone(), token: browser.token.clone(), lang: "uz" };
    let out = browser.post(&site, "/sign-out", &[]).await;
    assert_eq!(out.location(), "/sign-in");
    let mut old = old;
    assert_eq!(
        old.get(&site, "/members").await.status,
        StatusCode::SEE_OTHER,
        "the old cookie opens nothing"
    );
    browser.get(&site, "/sign-in?next=/roles").await;
    let refused = browser.post(&site, "/sign-in", &[("login", "ali@misol.uz"), ("password", "boshqa")]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.body.contains("Login yoki parol notoʻgʻri"));
    let sign_in = [("login", "ali@misol.uz"), ("password", PASSWORD), ("next", "//yomon.example")];
    assert_eq!(browser.post(&site, "/sign-in", &sign_in).await.location(), "/", "nobody is led elsewhere");
}

#[db_test]
async fn a_form_from_elsewhere_is_refused(db: &TestDb) {
    let site = Site::new(db);
    let (mut browser, _) = site.shop("a@misol.uz").await;
    browser.token = "yolgʻon".into();
    let refused = browser.post(&site, "/profile", &[("name", "Oʻgʻri")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let request = browser.request(Method::POST, "/api/sessions").body(Body::empty()).unwrap();
    assert_ne!(site.send(request).await.status, StatusCode::NO_CONTENT);
}

#[db_test]
async fn every_page_draws_in_three_languages(db: &TestDb) {
    let site = Site::new(db);
    let (mut browser, key) = site.shop("a@misol.uz").await;
    let roles = site.get("/api/roles", &key).await.json();
    let built_in = roles["results"][0]["id"].as_str().unwrap().to_owned();
    let own = site
        .post("/api/roles", &key, json!({"name": "Sotuvchi", "permissions": ["sales.read"]}))
        .await
        .json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let added = json!({"name": "Elena", "email": "elena@misol.uz", "password": PASSWORD, "role": own});
    let number = site.post("/api/members", &key, added).await.json()["id"].as_i64().unwrap();
    let pages = [
        "/profile".to_owned(),
        "/profile/password".to_owned(),
        "/profile/sessions".to_owned(),
        "/workspaces".to_owned(),
        "/workspaces/new".to_owned(),
        "/settings/company".to_owned(),
        "/members".to_owned(),
        "/members?q=elena&state=active&format=csv".to_owned(),
        "/members/new".to_owned(),
        format!("/members/{number}"),
        format!("/members/{number}/password"),
        "/roles".to_owned(),
        "/roles/new".to_owned(),
        format!("/roles/new?from={built_in}"),
        format!("/roles/{built_in}"),
        format!("/roles/{own}"),
        "/api-keys".to_owned(),
        "/api-keys/new".to_owned(),
    ];
    for lang in ["uz", "ru", "en"] {
        let back = browser.get(&site, &format!("/language/{lang}?back=/members")).await;
        assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/members"));
        for page in &pages {
            let drawn = browser.get(&site, page).await;
            assert_eq!(drawn.status, StatusCode::OK, "{lang} {page}: {}", drawn.body);
            let bare = drawn.body.split(['>', '<', '"']).find(|piece| {
                piece.starts_with("auth-") && !["auth-top", "auth-main", "auth-foot"].contains(piece)
            });
            assert_eq!(bare, None, "{lang} {page} shows a key");
        }
    }
    let manager =
        json!({"name": "Jasur", "email": "jasur@misol.uz", "password": PASSWORD, "role": "manager"});
    site.post("/api/members", &key, manager).await;
    let mut reader = Browser { lang: "en", ..Browser::default() };
    reader.get(&site, "/sign-in").await;
    reader.post(&site, "/sign-in", &[("login", "jasur@misol.uz"), ("password", PASSWORD)]).await;
    let company = reader.get(&site, "/settings/company").await;
    assert_eq!(company.status, StatusCode::OK);
    assert!(!company.body.contains("name=\"tin\""), "who may only look gets no form");
    for page in ["/members/new", "/roles/new", "/api-keys/new"] {
        assert_eq!(reader.get(&site, page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
    for page in ["/members/999", "/members/999/password", "/roles/999", "/language/tlh"] {
        assert_eq!(browser.get(&site, page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
}

#[db_test]
async fn members_roles_and_keys_are_managed_by_pages(db: &TestDb) {
    let site = Site::new(db);
    let (mut browser, key) = site.shop("a@misol.uz").await;
    let roles = site.get("/api/roles", &key).await.json();
    let id = |kind: &str| {
        let found = roles["results"].as_array().unwrap().iter().find(|role| role["kind"] == kind).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    browser.get(&site, "/members/new").await;
    let (user, cashier) = (id("user"), id("cashier"));
    let fields = [
        ("name", "Elena"),
        ("username", "elena"),
        ("lang", "ru"),
        ("role", user.as_str()),
        ("password", PASSWORD),
    ];
    let wrong = browser.post(&site, "/members/new", &[("name", "Elena"), ("role", &user)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let added = browser.post(&site, "/members/new", &fields).await;
    let path = added.location().to_owned();
    assert!(path.starts_with("/members/"), "{}", added.body);
    let changed = browser.post(&site, &format!("{path}/role"), &[("role", &cashier)]).await;
    assert_eq!(changed.location(), path);
    let nonsense = browser.post(&site, &format!("{path}/role"), &[("role", "'; DROP TABLE auth_role")]).await;
    assert_eq!(nonsense.location(), path);
    assert!(browser.get(&site, &path).await.body.contains("Cashier"));
    let reset = browser.post(&site, &format!("{path}/password"), &[("password", "yangi parol 1")]).await;
    assert_eq!(reset.location(), path);
    assert_eq!(browser.post(&site, &format!("{path}/deactivate"), &[]).await.location(), path);
    assert_eq!(browser.post(&site, &format!("{path}/activate"), &[]).await.location(), path);

    let grid = [("name", "Sotuvchi"), ("permissions", "sales.read"), ("permissions", "sales.create")];
    assert_eq!(browser.post(&site, "/roles/new", &grid).await.location(), "/roles");
    assert_eq!(browser.post(&site, "/roles/new", &grid).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let roles = site.get("/api/roles", &key).await.json();
    let own =
        roles["results"].as_array().unwrap().iter().find(|role| role["name"] == "Sotuvchi").unwrap().clone();
    assert_eq!(own["permissions"], json!(["sales.read", "sales.create"]));
    let path = format!("/roles/{}", own["id"].as_str().unwrap());
    let grid = [("name", "Sotuvchi 2"), ("permissions", "sales.read")];
    assert_eq!(browser.post(&site, &path, &grid).await.location(), path);
    assert_eq!(browser.post(&site, &format!("{path}/delete"), &[]).await.location(), "/roles");

    let company = [("name", "Yulduz"), ("tin", "300000017"), ("zone", "Asia/Tashkent"), ("lang", "ru")];
    assert_eq!(browser.post(&site, "/settings/company", &company).await.location(), "/settings/company");
    let wrong = [("name", "Yulduz"), ("tin", "3"), ("zone", "Mars"), ("lang", "ru")];
    assert_eq!(
        browser.post(&site, "/settings/company", &wrong).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(site.get("/api/company", &key).await.json()["tin"], "300000017");

    let keys = site.get("/api/keys", &key).await.json();
    let first = keys["results"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(browser.post(&site, &format!("/api-keys/{first}/revoke"), &[]).await.location(), "/api-keys");
    assert_eq!(
        site.get("/api/keys", &key).await.status,
        StatusCode::UNAUTHORIZED,
        "at the very next request"
    );
}

#[db_test]
async fn a_key_is_taken_from_three_headers_and_does_only_its_scopes(db: &TestDb) {
    let site = Site::new(db);
    let (_, all) = site.shop("a@misol.uz").await;
    // Only people make keys.
    let body = json!({"name": "1C", "permissions": ["users.read"]});
    assert_eq!(site.post("/api/keys", &all, body.clone()).await.status, StatusCode::FORBIDDEN);
    for (name, value) in [
        ("x-api-key", all.clone()),
        ("authorization", format!("Token {all}")),
        ("authorization", format!("Bearer {all}")),
    ] {
        let request = Request::get("/api/auth/me").header(name, value).body(Body::empty()).unwrap();
        let me = site.send(request).await;
        assert_eq!((me.status, me.json()["kind"].clone()), (StatusCode::OK, json!("api_key")));
    }
    let odd = ["", " ", "krv_", "'; --", &"k".repeat(5_000)];
    for key in odd.iter().filter(|key| !key.is_empty()) {
        assert_eq!(site.get("/api/members", key).await.status, StatusCode::UNAUTHORIZED, "{key:.20}");
    }
    let me = site.get("/api/auth/me", "muhit-kaliti-0123456789").await;
    assert_eq!(me.json()["name"], "API_KEYS");
    assert_eq!(site.get("/api/members", "muhit-kaliti-0123456789").await.status, StatusCode::OK);
    assert_eq!(site.get("/api/sessions", &all).await.status, StatusCode::FORBIDDEN, "a key has no sessions");
    site.clock.advance_millis(31 * 86_400_000);
    assert_eq!(site.get("/api/members", &all).await.status, StatusCode::UNAUTHORIZED, "expired");
}

#[db_test]
async fn use_is_noted_behind_the_answer_and_keeps_a_session_alive(db: &TestDb) {
    let site = Site::new(db);
    let (mut browser, key) = site.shop("a@misol.uz").await;
    let mut used = Value::Null;
    for _ in 0..1_000 {
        used = site.get("/api/keys", &key).await.json()["results"][0]["used_at"].clone();
        if !used.is_null() {
            break;
        }
    }
    assert!(used.is_string(), "a key's use is noted");
    for _ in 0..4 {
        site.clock.advance_millis(20 * 86_400_000);
        let mut noted = false;
        for _ in 0..1_000 {
            let page = browser.get(&site, "/profile/sessions").await;
            assert_eq!(page.status, StatusCode::OK, "twenty days of rest do not end a session");
            let sql = "SELECT MAX(seen_at_ms) FROM auth_session";
            let seen: Timestamp =
                db.read_now(Scope::Server, move |tx| tx.query_one(sql, &[], |row| row.get(0))).unwrap();
            noted = seen == site.clock.now();
            if noted {
                break;
            }
        }
        assert!(noted, "a session's use is noted");
    }
    site.clock.advance_millis(11 * 86_400_000);
    assert_eq!(browser.get(&site, "/profile").await.status, StatusCode::SEE_OTHER, "ninety days are over");
}

#[db_test]
async fn the_api_manages_oneself_sessions_and_workspaces(db: &TestDb) {
    let site = Site::new(db);
    let (browser, _) = site.shop("a@misol.uz").await;
    let session = browser.cookies.iter().find(|(name, _)| name == "karvon_session").unwrap().1.clone();
    let token = browser.token.clone();
    let call = |method: Method, path: &str, body: Option<Value>| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, format!("karvon_session={session}"))
            .header("x-csrf-token", &token)
            .header("accept-language", "en")
            .header(header::CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        site.send(request.body(body).unwrap())
    };
    let me = call(Method::GET, "/api/auth/me", None).await.json();
    assert_eq!((me["user"]["email"].clone(), me["kind"].clone()), (json!("a@misol.uz"), json!("member")));
    let changed =
        call(Method::PATCH, "/api/auth/me", Some(json!({"phone": "901234567", "theme": "light"}))).await;
    assert_eq!(changed.json()["phone"], "+998901234567");
    let wrong = call(Method::PATCH, "/api/auth/me", Some(json!({"lang": "tlh"}))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let second =
        site.post("/api/auth/sign-in", "", json!({"username": "a@misol.uz", "password": PASSWORD})).await;
    assert_eq!(second.status, StatusCode::OK);
    let sessions = call(Method::GET, "/api/sessions", None).await.json();
    assert_eq!(sessions["count"], 2);
    let other = sessions["results"].as_array().unwrap().iter().find(|one| one["current"] == false).unwrap();
    let path = format!("/api/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(call(Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(call(Method::DELETE, &path, None).await.status, StatusCode::NOT_FOUND);
    let made = call(Method::POST, "/api/workspaces", Some(json!({"name": "Ikkinchi"}))).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let opened = call(Method::POST, "/api/workspaces/ikkinchi/open", None).await;
    assert_eq!(opened.status, StatusCode::NO_CONTENT, "{}", opened.body);
    let me = call(Method::GET, "/api/auth/me", None).await.json();
    assert_eq!(me["workspace_id"], made.json()["id"]);
    assert_eq!(call(Method::POST, "/api/workspaces/begona/open", None).await.status, StatusCode::NOT_FOUND);
    let password = json!({"current": PASSWORD, "password": "yangi parol 1"});
    let changed = call(Method::POST, "/api/auth/password", Some(password)).await;
    assert_eq!(changed.json()["sessions_ended"], 0);
    assert_eq!(call(Method::POST, "/api/auth/sign-out", None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(call(Method::GET, "/api/auth/me", None).await.status, StatusCode::UNAUTHORIZED);
}

#[db_test]
async fn another_workspaces_ids_are_not_found_by_the_api(db: &TestDb) {
    let site = Site::new(db);
    let (_, mine) = site.shop("a@misol.uz").await;
    let (_, theirs) = site.shop("b@misol.uz").await;
    let first = |value: Value| value["results"][0]["id"].to_string().trim_matches('"').to_owned();
    let member = first(site.get("/api/members", &theirs).await.json());
    let role = first(site.get("/api/roles", &theirs).await.json());
    let key = first(site.get("/api/keys", &theirs).await.json());
    let tries = [
        (Method::GET, format!("/api/members/{member}"), None),
        (Method::PATCH, format!("/api/members/{member}"), Some(json!({"role": "user"}))),
        (Method::DELETE, format!("/api/members/{member}"), None),
        (Method::POST, format!("/api/members/{member}/password"), Some(json!({"password": "yangi parol 1"}))),
        (Method::GET, format!("/api/roles/{role}"), None),
        (Method::PUT, format!("/api/roles/{role}"), Some(json!({"name": "A", "permissions": []}))),
        (Method::DELETE, format!("/api/roles/{role}"), None),
        (Method::DELETE, format!("/api/keys/{key}"), None),
        (Method::GET, "/api/members/0".to_owned(), None),
        (Method::GET, "/api/members/'%20OR%201=1".to_owned(), None),
        (Method::GET, "/api/members/99999999999999999999".to_owned(), None),
        (Method::GET, "/api/roles/not-a-uuid".to_owned(), None),
    ];
    for (method, path, body) in tries {
        let answer = site.api(method.clone(), &path, &mine, body).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}: {}", answer.body);
    }
}

#[db_test]
async fn wrong_types_and_absent_fields_are_told_by_field(db: &TestDb) {
    let site = Site::new(db);
    let (_, key) = site.shop("a@misol.uz").await;
    for (path, body) in [
        ("/api/members", json!({"name": 5})),
        ("/api/members", json!({"name": "A", "email": "a@b.uz", "password": PASSWORD, "role": "podshoh"})),
        ("/api/members", json!([])),
        ("/api/roles", json!({"name": "A", "permissions": "sales.read"})),
        ("/api/roles", json!({"name": "A", "permissions": ["moon.read"]})),
        ("/api/roles", json!({"name": "a\u{0}b", "permissions": []})),
        ("/api/auth/sign-in", json!({"login": "a"})),
        ("/api/auth/sign-up", json!({})),
    ] {
        let answer = site.post(path, &key, body.clone()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {body}: {}", answer.body);
        assert!(!answer.code().is_empty());
    }
    let body = json!({"name": "Elena", "username": "elena", "password": PASSWORD, "role": "cashier"});
    let added = site.post("/api/members", &key, body).await.json();
    assert_eq!((added["role"].clone(), added["state"].clone()), (json!("cashier"), json!("active")));
    let path = format!("/api/members/{}", added["id"]);
    let nothing = site.api(Method::PATCH, &path, &key, Some(json!({}))).await;
    assert_eq!(nothing.code(), "auth-nothing-to-change");
    let away =
        site.api(Method::PATCH, &path, &key, Some(json!({"active": false, "role": "user"}))).await.json();
    assert_eq!((away["role"].clone(), away["state"].clone()), (json!("user"), json!("inactive")));
    let found = site.get("/api/members?q=elena&state=inactive&page_size=1", &key).await.json();
    assert_eq!((found["count"].clone(), found["next"].clone()), (json!(1), Value::Null));
}

#[db_test]
async fn too_many_guesses_by_the_api_say_how_long_to_wait(db: &TestDb) {
    let site = Site::new(db);
    site.shop("a@misol.uz").await;
    let guess = || site.post("/api/auth/sign-in", "", json!({"login": "a@misol.uz", "password": "taxmin"}));
    for _ in 0..5 {
        assert_eq!(guess().await.status, StatusCode::UNAUTHORIZED);
    }
    let waits = guess().await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(waits.headers.get("retry-after").unwrap(), "30");
    assert_eq!(waits.json()["title"], "Too many attempts. Try again in 30 seconds");
}

#[test]
fn the_apis_description_names_every_route() {
    let (description, _) = web::openapi(vec![crate::module()]);
    let paths: Vec<&String> = description.paths.paths.keys().collect();
    assert!(paths.len() >= 19, "{paths:?}");
    let text = serde_json::to_string(&description).unwrap();
    assert!(text.contains("\"page_size\"") && text.contains("\"state\""), "queries are described");
}
