//! A site with the real `Auth`, a clock that moves, and a browser that keeps its cookies.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use context::{Random, Services};
use db::testing::TestDb;
use jobs::Worker;
use kernel::{Clock, FixedClock, Timestamp};
use serde_json::{Value, json};
use testkit::mail::MailServer;
use text::Texts;
use tower::ServiceExt;
use web::{App, AppConfig, AppParts};

use super::PASSWORD;
use crate::{Auth, AuthConfig, Cost, ServiceToken};

pub(super) struct Site {
    router: Router,
    pub(super) clock: Arc<FixedClock>,
    worker: Arc<Worker>,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(super) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The value of the cookie `name` that the answer sets.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        cookies
            .filter_map(|value| value.to_str().ok()?.strip_prefix(&format!("{name}="))?.split(';').next())
            .map(str::to_owned)
            .next_back()
    }

    pub(super) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A browser: it keeps its cookies and the token of the last page.
#[derive(Default)]
pub(super) struct Browser {
    pub(super) cookies: Vec<(String, String)>,
    pub(super) token: String,
    pub(super) lang: &'static str,
}

impl Site {
    pub(super) fn new(db: &TestDb) -> Self {
        Self::with(db, mail::Delivery::Off)
    }

    /// A site whose letters reach this server.
    pub(super) fn with_mail(db: &TestDb, letters: &MailServer) -> Self {
        let server = mail::Server::parse(&letters.url(""), "karvon.example", None).unwrap();
        Self::with(db, mail::Delivery::Smtp(Box::new(server)))
    }

    pub(super) fn with(db: &TestDb, delivery: mail::Delivery) -> Self {
        let config = AuthConfig {
            cost: Cost::TESTS,
            api_keys: vec!["muhit-kaliti-0123456789".into(), "muhit.kaliti.0123456789".into()],
            service_tokens: vec![
                ServiceToken::bot1(crate::token::digest("raw-bot1-service-token")),
                ServiceToken::bot2(crate::token::digest("raw-bot2-service-token")),
            ],
            ..AuthConfig::default()
        };
        let auth = Arc::new(Auth::new(&config, super::mailer(delivery)).unwrap());
        let clock = Arc::new(FixedClock::at(Timestamp::from_millis(1_790_000_000_000)));
        let services = Services::default().with(auth.clone()).with(auth.mailer().clone());
        let mut work = crate::work();
        work.handlers.extend(mail::work().handlers);
        let own: Arc<dyn Clock> = clock.clone();
        let worker = Worker::new((**db).clone(), services.clone(), own, Random::from_seed(12), work);
        let module = crate::module();
        let app = App::new(AppParts {
            db: (**db).clone(),
            texts: Arc::new(Texts::new(&[text::BASE, web::TEXTS, mail::TEXTS, crate::TEXTS])),
            clock: clock.clone(),
            random: Random::from_seed(11),
            authenticate: auth.clone(),
            services,
            secret: [9; 32],
            config: AppConfig::default(),
            menu: module.menu.clone(),
            documents: module.documents.clone().into(),
            usage: module.usage.clone(),
        });
        Self { router: web::router(&app, vec![module]), clock, worker }
    }

    /// Does everything that waits: letters are written and sent.
    pub(super) async fn work(&self) {
        self.worker.drain().await.unwrap();
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        Answer { status, headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(super) async fn api(&self, method: Method, path: &str, key: &str, body: Option<Value>) -> Answer {
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

    /// Calls the API with this header.
    pub(super) async fn with_header(
        &self,
        method: Method,
        path: &str,
        header: (&str, &str),
        body: Option<Value>,
    ) -> Answer {
        let request = Request::builder().method(method).uri(path).header("accept-language", "en");
        let request = request.header(header.0, header.1);
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.header(header::CONTENT_TYPE, "application/json").body(body).unwrap()).await
    }

    /// Calls the API as a dashboard with an access token.
    pub(super) async fn by(&self, access: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.with_header(method, path, ("authorization", &format!("Bearer {access}")), body).await
    }

    pub(super) async fn post(&self, path: &str, key: &str, body: Value) -> Answer {
        self.api(Method::POST, path, key, Some(body)).await
    }

    pub(super) async fn get(&self, path: &str, key: &str) -> Answer {
        self.api(Method::GET, path, key, None).await
    }

    /// Signs up by the API and makes a key of everything.
    pub(super) async fn shop(&self, email: &str) -> (Browser, String) {
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
    pub(super) fn take(&mut self, answer: &Answer) {
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

    pub(super) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header("accept", "text/html")
            .header("accept-language", self.lang)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::USER_AGENT, "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile")
    }

    pub(super) async fn get(&mut self, site: &Site, path: &str) -> Answer {
        let answer = site.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await;
        self.take(&answer);
        answer
    }

    pub(super) async fn post(&mut self, site: &Site, path: &str, fields: &[(&str, &str)]) -> Answer {
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
