//! The layers, driven as a browser and as a program would, on both databases.

use std::sync::Arc;

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
    routing::{get, post},
};
use context::{Actor, Permissions, Random, Services};
use db::{db_test, testing::TestDb};
use kernel::{FixedClock, Id, Money, Result, Timestamp, Zone};
use serde::Deserialize;
use text::Texts;
use tower::ServiceExt;

use crate::{
    App, AppConfig, AppParts, Authenticate, Caller, Credentials, Form, Identity, Json, Module, Origins, csrf,
    router,
};

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// The session `s` and the key `k` belong to one person.
struct Known;

#[async_trait]
impl Authenticate for Known {
    async fn authenticate(
        &self,
        _: &App,
        credentials: &Credentials,
        _: Timestamp,
    ) -> Result<Option<Identity>> {
        let Credentials { session, api_key, bearer, service_token: _ } = credentials;
        let known =
            session.as_deref() == Some("s") || [api_key, bearer].into_iter().flatten().any(|key| key == "k");
        Ok(known.then(|| Identity {
            workspace: Id::from_uuid(uuid::Uuid::from_u128(7)),
            workspace_name: "Shop".to_owned(),
            zone: Zone::default(),
            actor: Actor::guest(),
            note: String::new(),
            permissions: Permissions::ALL,
            lang: None,
            theme: None,
            has_other_workspaces: false,
            standing: crate::Standing::default(),
        }))
    }
}

#[derive(Deserialize)]
struct ThingIn {
    name: String,
    price: Money,
}

async fn make_thing(caller: Caller, Json(thing): Json<ThingIn>) -> crate::Result<Json<i64>> {
    let ThingIn { name, price } = thing;
    let series = format!("{}{}", name.len(), price.tiyin());
    let number = caller.once(move |ctx, tx| context::next_number(ctx, tx, &series)).await?;
    Ok(Json(number))
}

#[derive(Deserialize)]
struct NameForm {
    name: String,
}

async fn send_form(caller: Caller, Form(form): Form<NameForm>) -> crate::Result<String> {
    let number = caller.once(|ctx, tx| context::next_number(ctx, tx, "form")).await?;
    Ok(format!("{} {number}", form.name))
}

async fn panics() {
    panic!("on purpose")
}

struct Site {
    router: Router,
    app: App,
}

impl Site {
    fn new(db: &TestDb) -> Self {
        Self::with(db, AppConfig::default())
    }

    fn with(db: &TestDb, config: AppConfig) -> Self {
        let app = App::new(AppParts {
            db: (**db).clone(),
            texts: Arc::new(Texts::new(&[text::BASE, crate::TEXTS])),
            clock: Arc::new(FixedClock::at(NOW)),
            random: Random::from_seed(3),
            authenticate: Arc::new(Known),
            services: Services::default(),
            secret: [9; 32],
            config,
            menu: Vec::new(),
            documents: Arc::default(),
            usage: Vec::new(),
        });
        let pages = Router::new()
            .route("/api/things", post(make_thing))
            .route("/form", post(send_form))
            .route("/page", get(|caller: Caller| async move { caller.words().t("web-menu-home") }))
            .route("/api/panics", get(panics));
        let router = router(&app, vec![Module::new("t").pages(pages)]);
        Self { router, app }
    }

    async fn ask(
        &self,
        request: axum::http::request::Builder,
        body: impl Into<Body>,
    ) -> (StatusCode, String, String) {
        let request: Request<Body> = request.body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let headers = format!("{:?}", response.headers());
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned(), headers)
    }

    async fn json(&self, body: &'static str, key: Option<&str>) -> (StatusCode, String) {
        let mut request =
            Request::post("/api/things").header("x-api-key", "k").header("accept-language", "en");
        request = request.header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let (status, body, _) = self.ask(request, body).await;
        (status, body)
    }
}

#[db_test]
async fn a_repeated_key_answers_the_first_result_and_another_body_is_refused(db: &TestDb) {
    let site = Site::new(db);
    let body = r#"{"name":"a","price":1}"#;
    assert_eq!(site.json(body, Some("k1")).await, (StatusCode::OK, "1".to_owned()));
    assert_eq!(site.json(body, Some("k1")).await, (StatusCode::OK, "1".to_owned()));
    assert_eq!(site.json(body, Some("k2")).await, (StatusCode::OK, "2".to_owned()));
    assert_eq!(site.json(body, None).await, (StatusCode::OK, "3".to_owned()));
    let (status, problem) = site.json(r#"{"name":"b","price":1}"#, Some("k1")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem.contains("web-idempotency-key-reused"), "{problem}");
}

#[db_test]
async fn wrong_input_is_a_problem_that_names_the_field(db: &TestDb) {
    let site = Site::new(db);
    for (body, status, code) in [
        (r#"{"name":"a"}"#, 422, r#""field":"price","code":"web-field-missing""#),
        (r#"{"name":1,"price":1}"#, 422, r#""field":"name","code":"web-field-type""#),
        (r#"{"name":"a","price":1.005}"#, 422, r#""field":"price","code":"kernel-number-too-precise""#),
        (r#"{"name":"a","price":"NaN"}"#, 422, r#""field":"price","code":"kernel-number-malformed""#),
        (r#"{"name":"#, 422, "web-body-malformed"),
        (r#"[]"#, 422, "web-"),
        ("", 422, "web-body-malformed"),
    ] {
        let (found, problem) = site.json(body, None).await;
        assert_eq!(found.as_u16(), status, "{body}: {problem}");
        assert!(problem.contains(code), "{body}: {problem}");
    }
    let request =
        Request::post("/api/things").header("x-api-key", "k").header("content-type", "application/json");
    let (status, problem, _) = site.ask(request, vec![0xff, 0xfe, b'{']).await;
    assert_eq!((status, problem.contains("web-body-malformed")), (StatusCode::UNPROCESSABLE_ENTITY, true));
    let request =
        Request::post("/api/things").header("x-api-key", "k").header("content-type", "application/json");
    let (status, problem, _) = site.ask(request, vec![b' '; 10 << 20]).await;
    assert_eq!((status, problem.contains("web-body-too-large")), (StatusCode::TOO_MANY_REQUESTS, true));
}

#[db_test]
async fn strangers_are_refused_and_led_to_the_sign_in(db: &TestDb) {
    let site = Site::new(db);
    let (status, problem, headers) = site.ask(Request::post("/api/things"), "{}").await;
    assert_eq!((status, problem.contains("kernel-unauthenticated")), (StatusCode::UNAUTHORIZED, true));
    assert!(headers.contains("content-security-policy") && headers.contains("problem+json"));
    let (status, _, headers) = site.ask(Request::get("/page?a=1"), Body::empty()).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(headers.contains("/sign-in?next=%2Fpage%3Fa%3D1"), "{headers}");
}

#[db_test]
async fn the_language_is_the_readers(db: &TestDb) {
    let site = Site::new(db);
    let (_, russian, _) = site
        .ask(Request::get("/page").header("cookie", "karvon_session=s; karvon_lang=ru"), Body::empty())
        .await;
    assert_eq!(russian, "Главная");
    let request = Request::get("/none").header("accept-language", "en-US,en");
    let (status, page, _) = site.ask(request, Body::empty()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("<html") && page.contains("There is no such record"), "{page}");
}

#[db_test]
async fn a_form_is_taken_from_our_own_page_once_and_while_it_is_fresh(db: &TestDb) {
    let site = Site::new(db);
    let form = |token: &str, key: &str| format!("name=Ali&csrf_token={token}&idempotency_key={key}");
    let post = || {
        Request::post("/form")
            .header("cookie", "karvon_session=s")
            .header("content-type", "application/x-www-form-urlencoded")
    };
    let good = csrf::token(site.app.secret(), "s", NOW);
    let old = csrf::token(site.app.secret(), "s", NOW.plus_seconds(-90_000));
    let other = csrf::token(site.app.secret(), "t", NOW);
    assert_eq!(site.ask(post(), form(&good, "f1")).await.1, "Ali 1");
    assert_eq!(site.ask(post(), form(&good, "f1")).await.1, "Ali 1", "a replayed form");
    assert_eq!(site.ask(post(), form(&good, "f2")).await.1, "Ali 2");
    for (token, why) in [(&other, "another browser"), (&String::new(), "no token")] {
        assert_eq!(site.ask(post(), form(token, "f3")).await.0, StatusCode::FORBIDDEN, "{why}");
    }
    let foreign = post().header("origin", "https://evil.example").header("host", "shop.example");
    assert_eq!(site.ask(foreign, form(&good, "f4")).await.0, StatusCode::FORBIDDEN);
    let cross = post().header("sec-fetch-site", "cross-site");
    assert_eq!(site.ask(cross, form(&good, "f5")).await.0, StatusCode::FORBIDDEN);
    // A page that was open for too long: nothing is done, and the person stands where they stood.
    let own = || post().header("host", "shop.example");
    for (referer, leads_to) in [
        ("http://shop.example/things?page=2", "\"location\": \"/things?page=2\""),
        ("https://evil.example/things", "\"location\": \"/\""),
        ("nonsense", "\"location\": \"/\""),
    ] {
        let (status, _, headers) = site.ask(own().header("referer", referer), form(&old, "f6")).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{referer}");
        assert!(headers.contains(leads_to) && headers.contains("karvon_flash="), "{referer}: {headers}");
    }
    let (status, _, headers) = site.ask(own().header("hx-request", "true"), form(&old, "f6")).await;
    assert_eq!(
        (status, headers.contains("\"hx-redirect\": \"/\"")),
        (StatusCode::NO_CONTENT, true),
        "{headers}"
    );
    // Signed in anew in another window: the browser says that the form is ours.
    let again = own().header("sec-fetch-site", "same-origin");
    assert_eq!(site.ask(again, form(&other, "f6")).await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.ask(post(), form(&good, "f6")).await.1, "Ali 3", "nothing was done in between");
}

#[db_test]
async fn a_panic_is_a_problem_without_its_words(db: &TestDb) {
    let site = Site::new(db);
    let (status, problem, _) = site.ask(Request::get("/api/panics"), Body::empty()).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(problem.contains("kernel-internal") && !problem.contains("on purpose"), "{problem}");
}

#[db_test]
async fn a_page_that_says_no_keeps_the_menu_of_whoever_is_signed_in_and_shows_a_way_back(db: &TestDb) {
    let entry = crate::pages::MenuEntry {
        section: crate::pages::Section::Sales,
        order: 0,
        href: "/orders",
        text: "web-line-product",
        icon: "cart3",
        permission: None,
    };
    let refuse = |kind| {
        move |_: Caller| async move {
            Err::<String, _>(crate::Problem(kernel::Error::new(kind, kernel::Text::new("kernel-busy"))))
        }
    };
    let pages = Router::new()
        .route("/orders/conflict", post(refuse(kernel::Kind::Conflict)))
        .route("/orders/secret", get(refuse(kernel::Kind::Forbidden)))
        .route("/orders/panics", get(panics));
    let site =
        crate::testing::Site::new(db, Services::default(), vec![Module::new("t").pages(pages).menu([entry])]);
    for (path, status) in
        [("/orders/9", 404), ("/orders/secret", 403), ("/orders/panics", 500), ("/none", 404)]
    {
        let page = site.page(path).await;
        assert_eq!(page.status.as_u16(), status, "{path}");
        let html = page.text();
        for part in [
            r#"class="side "#,
            r#"href="/language/ru?back="#,
            "data-theme-switch",
            "Workspace 1",
            r#"action="/sign-out""#,
        ] {
            assert!(html.contains(part), "{path}: {part}");
        }
        let leads_to_list = html.contains(r#"class="btn btn-primary" href="/orders""#);
        assert_eq!(leads_to_list, path.starts_with("/orders"), "{path}: the list is the way back");
    }
    let sent = site.clone().form("/orders/conflict", &[]).await;
    assert_eq!(sent.status, StatusCode::CONFLICT);
    assert!(
        sent.text().contains("/language/ru?back=%2Forders\""),
        "a form is not opened again in another language"
    );
    let from = Request::get("/orders/9").header("accept", "text/html").header("cookie", "karvon_session=1");
    let from = from.header("host", "shop.example").header("referer", "http://shop.example/orders?page=2");
    assert!(site.ask(from, Body::empty()).await.text().contains(r#"href="/orders?page=2""#));
    let stranger = site.ask(Request::get("/none").header("accept", "text/html"), Body::empty()).await;
    assert!(!stranger.text().contains(r#"class="side "#) && stranger.status == StatusCode::NOT_FOUND);
}

const DASHBOARD: &str = "https://dashboard.example";

fn open_to(origins: Origins) -> AppConfig {
    AppConfig { origins, ..AppConfig::default() }
}

/// What a browser asks before a page of `origin` sends what not every page may send.
fn preflight(path: &str, origin: &str) -> Request<Body> {
    let request = Request::options(path)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type,idempotency-key");
    request.body(Body::empty()).unwrap()
}

fn header<'r>(response: &'r axum::response::Response, name: &str) -> &'r str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[db_test]
async fn pages_of_the_named_sites_may_call_the_api_and_no_others(db: &TestDb) {
    let list = Origins::parse(&format!("{DASHBOARD},http://localhost:3000")).unwrap();
    let site = Site::with(db, open_to(list));
    for origin in [DASHBOARD, "http://localhost:3000"] {
        let asked = site.router.clone().oneshot(preflight("/api/things", origin)).await.unwrap();
        assert_eq!(asked.status(), StatusCode::OK);
        assert_eq!(header(&asked, "access-control-allow-origin"), origin);
        assert!(header(&asked, "access-control-allow-methods").contains("PATCH"));
        for name in ["authorization", "content-type", "x-api-key", "idempotency-key"] {
            assert!(header(&asked, "access-control-allow-headers").contains(name), "{name}");
        }
        assert_eq!(header(&asked, "access-control-max-age"), "7200");
        assert_eq!(header(&asked, "access-control-allow-credentials"), "", "cookies stay at home");
        assert!(header(&asked, "vary").contains("origin"));
    }
    let strangers = [
        "https://evil.example",
        "https://dashboard.example.evil.example",
        "http://dashboard.example",
        "https://dashboard.example:8443",
        "null",
    ];
    for origin in strangers {
        let asked = site.router.clone().oneshot(preflight("/api/things", origin)).await.unwrap();
        assert_eq!(header(&asked, "access-control-allow-origin"), "", "{origin}");
    }
    // The answer itself, also one that says no.
    let send = async |origin: &str, key: &str| {
        let request = Request::post("/api/things")
            .header("origin", origin)
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json")
            .body(Body::from(r#"{"name":"Choy","price":100}"#));
        site.router.clone().oneshot(request.unwrap()).await.unwrap()
    };
    for (key, status) in [("k", StatusCode::OK), ("x", StatusCode::UNAUTHORIZED)] {
        let answer = send(DASHBOARD, key).await;
        assert_eq!(answer.status(), status);
        assert_eq!(header(&answer, "access-control-allow-origin"), DASHBOARD);
        assert!(header(&answer, "access-control-expose-headers").contains("retry-after"));
        assert!(header(&answer, "vary").contains("origin"), "a cache keeps them apart");
    }
    assert_eq!(header(&send("https://evil.example", "k").await, "access-control-allow-origin"), "");
    // Pages are no part of it.
    for path in ["/page", "/apixyz", "/form"] {
        let asked = site.router.clone().oneshot(preflight(path, DASHBOARD)).await.unwrap();
        assert!(asked.status().is_client_error(), "{path}");
        assert_eq!(header(&asked, "access-control-allow-origin"), "", "{path}");
    }
}

#[db_test]
async fn every_site_or_none_may_call_the_api_where_that_is_said(db: &TestDb) {
    let any = Site::with(db, open_to(Origins::Any));
    let asked = any.router.clone().oneshot(preflight("/api/things", "https://any.example")).await.unwrap();
    assert_eq!(header(&asked, "access-control-allow-origin"), "*");
    assert_eq!(header(&asked, "access-control-allow-credentials"), "");
    let none = Site::new(db);
    let asked = none.router.clone().oneshot(preflight("/api/things", DASHBOARD)).await.unwrap();
    assert_eq!(header(&asked, "access-control-allow-origin"), "");
    assert!(asked.status().is_client_error());
}
