//! The API and the pages through every layer, with real sessions and keys.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use context::{Random, Services};
use db::{db_test, testing::TestDb};
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use text::Texts;
use tower::ServiceExt;
use web::{App, AppConfig, AppParts};

use super::PASSWORD;
use crate::{Auth, AuthConfig, Cost};

struct Site {
    router: Router,
    clock: Arc<FixedClock>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The value of the cookie `name` that the answer sets.
    fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        cookies
            .filter_map(|value| value.to_str().ok()?.strip_prefix(&format!("{name}="))?.split(';').next())
            .map(str::to_owned)
            .next_back()
    }

    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A browser: it keeps its cookies and the token of the last page.
#[derive(Default)]
struct Browser {
    cookies: Vec<(String, String)>,
    token: String,
    lang: &'static str,
}

impl Site {
    fn new(db: &TestDb) -> Self {
        let config = AuthConfig {
            cost: Cost::TESTS,
            api_keys: vec!["muhit-kaliti-0123456789".into()],
            ..AuthConfig::default()
        };
        let auth = Arc::new(Auth::new(&config).unwrap());
        let clock = Arc::new(FixedClock::at(Timestamp::from_millis(1_790_000_000_000)));
        let module = crate::module();
        let app = App::new(AppParts {
            db: (**db).clone(),
            texts: Arc::new(Texts::new(&[text::BASE, web::TEXTS, crate::TEXTS])),
            clock: clock.clone(),
            random: Random::from_seed(11),
            authenticate: auth.clone(),
            services: Services::default().with(auth),
            secret: [9; 32],
            config: AppConfig::default(),
            menu: module.menu.clone(),
        });
        Self { router: web::router(&app, vec![module]), clock }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        Answer { status, headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn api(&self, method: Method, path: &str, key: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("accept-language", "en");
        if !key.is_empty() {
            request = request.header("x-api-key", key);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    async fn post(&self, path: &str, key: &str, body: Value) -> Answer {
        self.api(Method::POST, path, key, Some(body)).await
    }

    async fn get(&self, path: &str, key: &str) -> Answer {
        self.api(Method::GET, path, key, None).await
    }

    /// Signs up by the API and makes a key of everything.
    async fn shop(&self, email: &str) -> (Browser, String) {
        let body = json!({"name": "Dilnoza", "email": email, "password": PASSWORD, "workspace": "Doʻkon", "lang": "en"});
        let answer = self.post("/api/auth/sign-up", "", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let mut browser = Browser { lang: "en", ..Browser::default() };
        browser.take(&answer);
        browser.get(self, "/profile").await;
        let all: Vec<&str> = context::Permission::ALL.iter().map(|one| one.word()).collect();
        let mut fields = vec![("name", "Sinov"), ("term_days", "30")];
        fields.extend(all.iter().map(|word| ("permissions", *word)));
        let made = browser.post(self, "/api-keys/new", &fields).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        let key = made.body.split("id=\"api-key\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(key.starts_with("krv_"));
        (browser, key)
    }
}

impl Browser {
    fn take(&mut self, answer: &Answer) {
        for name in [web::SESSION_COOKIE, "karvon_guest", web::LANG_COOKIE] {
            if let Some(value) = answer.cookie(name) {
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), value));
            }
        }
        if let Some(token) = answer.body.split("name=\"csrf-token\" content=\"").nth(1) {
            self.token = token.split('"').next().unwrap().to_owned();
        }
    }

    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header("accept", "text/html")
            .header("accept-language", self.lang)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::USER_AGENT, "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile")
    }

    async fn get(&mut self, site: &Site, path: &str) -> Answer {
        let answer = site.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await;
        self.take(&answer);
        answer
    }

    async fn post(&mut self, site: &Site, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        let token = self.token.clone();
        fields.push(("csrf_token", &token));
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", urlencode(value))).collect();
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")))
            .unwrap();
        let answer = site.send(request).await;
        self.take(&answer);
        answer
    }
}

fn urlencode(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

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
