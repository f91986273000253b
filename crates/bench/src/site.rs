//! The whole program in this process: the demo shop over a durable database, and a browser that calls its routes without
//! a network.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::Arc,
    time::Duration,
};

use app::{config::Config, demo, modules, parts, parts::Parts, server};
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use context::Random;
use db::{Scope, Target, testing::TestDb};
use flow::shop::ShopInfo;
use kernel::{SystemClock, WorkspaceId};
use tempfile::TempDir;
use tower::{Service, ServiceExt};

use crate::{
    bars::figure,
    place::Database,
    time::{now, percentile_ms},
};

/// Calls of a page that are not measured.
const WARM_UP: usize = 15;
/// Calls of a page that are.
const CALLS: usize = 200;
/// Bytes of an answer that are read.
const ANSWER_BYTES: usize = 64 << 20;

/// The program's parts over the demo shop.
pub struct Shop {
    // The parts go before the database that they hold.
    pub parts: Parts,
    pub db: TestDb,
    pub workspace: WorkspaceId,
    data: TempDir,
}

impl Shop {
    /// Makes the demo shop; `settings` go over the defaults.
    pub async fn make(database: Database, settings: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        // The driver of PostgreSQL waits by itself, which a thread of the runtime may not.
        let db = tokio::task::block_in_place(|| database.open(&modules::migrations()));
        let config = config(data.path(), settings);
        let parts =
            parts::assemble(&config, (*db).clone(), Arc::new(SystemClock), Random::from_system()).unwrap();
        drop(demo::make(&parts).await.unwrap());
        let workspace = db.read(Scope::Server, auth::default_workspace).await.unwrap().unwrap();
        Self { parts, db, workspace, data }
    }

    /// Settings with which `karvon` as a process serves this shop, from a folder of its own.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let url = match self.db.config().target {
            Target::Sqlite(path) => format!("sqlite:{}", path.display()),
            Target::Postgres(url) => url,
        };
        // What the database holds sealed is sealed with it.
        let secret = std::fs::read_to_string(self.data.path().join("secret")).unwrap();
        vec![("KARVON_DATABASE_URL", url), ("KARVON_SECRET", secret.trim().to_owned())]
    }
}

/// The facts of a shop of which only the name is known.
pub fn facts(name: String) -> ShopInfo {
    let none = String::new;
    ShopInfo {
        name,
        about: none(),
        phone: none(),
        address: none(),
        hours: none(),
        site: none(),
        delivers: false,
        pickup: true,
        delivery_tiyin: 0,
    }
}

/// The configuration with its data in this folder.
pub fn config(data: &Path, settings: &[(&str, &str)]) -> Config {
    let mut given: HashMap<String, String> =
        settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    given.insert("KARVON_DATA".to_owned(), data.display().to_string());
    given.insert("KARVON_LOG_FILES".to_owned(), "false".to_owned());
    Config::from("", &given).unwrap()
}

/// What the program answered.
pub struct Answer {
    pub status: StatusCode,
    pub bytes: Vec<u8>,
    /// From the call to the last byte.
    pub took: Duration,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// A browser: cookies, and nothing else.
pub struct Browser {
    service: Box<dyn FnMut(Request<Body>) -> Calling + Send>,
    cookies: BTreeMap<String, String>,
}

type Calling = std::pin::Pin<Box<dyn Future<Output = axum::response::Response> + Send>>;

impl Browser {
    /// A browser of this program.
    pub fn new(parts: &Parts) -> Self {
        let router = server::router(parts);
        let service = move |request| -> Calling {
            let router = router.clone();
            Box::pin(async move { call(router, request).await })
        };
        Self { service: Box::new(service), cookies: BTreeMap::new() }
    }

    /// Signs in as the demo's Admin.
    pub async fn sign_in(&mut self) {
        self.sign_in_as(0).await;
    }

    /// Signs in as the demo's member at this place of its list.
    pub async fn sign_in_as(&mut self, member: usize) {
        let people: toml::Table = include_str!("../../../demo/people.toml").parse().unwrap();
        let word = |value: &toml::Value| value.as_str().unwrap().to_owned();
        let (login, password) =
            (word(&people["member"][member]["email"]), word(&people["sign_in"]["password"]));
        let page = self.get("/sign-in").await.text();
        let hidden = |name: &str| {
            let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
            rest.split('"').next().unwrap_or_default().to_owned()
        };
        let fields = [
            ("csrf_token", hidden("csrf_token")),
            ("idempotency_key", hidden("idempotency_key")),
            ("login", login),
            ("password", password),
        ];
        let body = fields.map(|(name, value)| format!("{name}={}", escaped(&value))).join("&");
        let request =
            Request::post("/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.send(request, Body::from(body)).await;
        assert!(self.cookies.contains_key(web::SESSION_COOKIE), "{}: {}", answer.status, answer.text());
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request
            .header(header::HOST, "127.0.0.1")
            .header(header::ACCEPT, "text/html,application/json")
            .header(header::ACCEPT_LANGUAGE, "uz")
            .header(header::COOKIE, cookies.join("; "));
        let request = request.body(body).unwrap();
        let started = now();
        let response = (self.service)(request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), ANSWER_BYTES).await.unwrap().to_vec();
        let took = started.elapsed();
        for cookie in headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer { status, bytes, took }
    }

    /// As many bytes as the answer has on the wire, compressed as browsers ask for it.
    pub async fn weigh(&mut self, path: &str) -> usize {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::get(path)
            .header(header::HOST, "127.0.0.1")
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_ENCODING, "gzip, deflate, br, zstd")
            .header(header::COOKIE, cookies.join("; "));
        let response = (self.service)(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let head: usize =
            response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        head + to_bytes(response.into_body(), ANSWER_BYTES).await.unwrap().len()
    }
}

async fn call<S>(service: S, request: Request<Body>) -> axum::response::Response
where
    S: Service<Request<Body>, Response = axum::response::Response, Error = std::convert::Infallible>,
{
    service.oneshot(request).await.unwrap_or_else(|never| match never {})
}

fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Opens each of these pages (name and path) many times. A row of a table for each (p50, p99, slowest, KB), and the
/// slowest page's p99 in milliseconds.
pub async fn time_pages(browser: &mut Browser, pages: &[(&str, String)]) -> (Vec<Vec<String>>, f64) {
    let mut rows = Vec::new();
    let mut worst: f64 = 0.0;
    for (name, path) in pages {
        let mut times: Vec<Duration> = Vec::with_capacity(CALLS);
        let mut size = 0;
        for call in 0..WARM_UP + CALLS {
            let answer = browser.get(path).await;
            assert!(answer.status.is_success(), "{path}: {}", answer.status);
            size = answer.bytes.len();
            if call >= WARM_UP {
                times.push(answer.took);
            }
        }
        let p99 = percentile_ms(&times, 99);
        worst = worst.max(p99);
        let ms = |value: f64| format!("{value:.2}");
        rows.push(vec![
            (*name).to_owned(),
            ms(percentile_ms(&times, 50)),
            ms(p99),
            ms(percentile_ms(&times, 100)),
            figure(size as f64 / 1_024.0),
        ]);
    }
    (rows, worst)
}
