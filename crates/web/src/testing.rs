//! A site for the tests of domains: every layer and the routes of some modules over a test database, driven as a
//! program (API key) or as a browser (session, CSRF token).
//!
//! Who calls is said by the key itself: `1` is a member of workspace 1 who may do everything, `1:sales.read` one who
//! may only that, `2` a member of another workspace. The session's cookie is read in the same way.

use std::sync::Arc;

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, request::Builder},
    response::Response,
};
use context::{Actor, Ctx, CtxBuilder, Permission, Permissions, Random, Services};
use db::Db;
use kernel::{FixedClock, Id, Lang, PersonId, Result, Timestamp, WorkspaceId, Zone};
use text::{TextFiles, Texts};
use tower::ServiceExt;
use uuid::Uuid;

use crate::{
    App, AppConfig, AppParts, Authenticate, Credentials, Identity, Module, SESSION_COOKIE, csrf, router,
};

/// The moment at which the site's clock stands: 2026-09-21 in Tashkent.
pub const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
/// Bytes of an answer that are read.
const ANSWER_BYTES: usize = 64 << 20;

/// Workspace `n` of the site.
pub const fn workspace(n: u128) -> WorkspaceId {
    Id::from_uuid(Uuid::from_u128(n))
}

/// A context in which the server acts in workspace `n`, at the site's moment.
pub fn ctx(n: u128) -> Ctx {
    let random = Random::from_seed(u64::try_from(n).unwrap_or(0));
    CtxBuilder::server(workspace(n), Actor::server("test"), NOW, random).build()
}

/// Reads who calls from the key.
struct ByKey;

#[async_trait]
impl Authenticate for ByKey {
    async fn authenticate(
        &self,
        _: &App,
        credentials: &Credentials,
        _: Timestamp,
    ) -> Result<Option<Identity>> {
        let Credentials { session, api_key, bearer, service_token } = credentials;
        let key = [api_key, bearer, session, service_token].into_iter().find_map(Option::as_ref);
        Ok(key.and_then(|key| identity(key)))
    }
}

fn identity(key: &str) -> Option<Identity> {
    let (number, words) = key.split_once(':').map_or((key, None), |(number, words)| (number, Some(words)));
    let permissions = match words {
        None => Permissions::ALL,
        Some(words) => words.split(',').filter_map(Permission::parse).collect(),
    };
    let number: u128 = number.parse().ok()?;
    Some(Identity {
        workspace: workspace(number),
        workspace_name: format!("Workspace {number}"),
        zone: Zone::default(),
        actor: Actor::member(PersonId::from_uuid(Uuid::from_u128(number + 1_000)), "Tester"),
        note: String::new(),
        permissions,
        lang: None,
        theme: None,
        has_other_workspaces: false,
        standing: crate::Standing::default(),
    })
}

/// The site.
#[derive(Debug, Clone)]
pub struct Site {
    /// What its handlers can reach.
    pub app: App,
    router: Router,
    key: String,
    lang: Lang,
    form: u32,
}

/// What the site answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body's bytes.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The header, where there is one.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The errors of problem details: `field: code`, or the problem's own code when it is about no field.
    pub fn errors(&self) -> Vec<String> {
        let json = self.json();
        let text = |from: &serde_json::Value, name: &str| {
            from.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
        };
        match json.get("errors").and_then(serde_json::Value::as_array) {
            Some(errors) => {
                errors.iter().map(|e| format!("{}: {}", text(e, "field"), text(e, "code"))).collect()
            }
            None => vec![text(&json, "code")],
        }
    }
}

impl Site {
    /// A site of these modules over `db`, called by a member of workspace 1 who may do everything and reads English.
    pub fn new(db: &Db, services: Services, modules: Vec<Module>) -> Self {
        let own = [text::BASE, crate::TEXTS];
        let files: Vec<TextFiles> =
            own.into_iter().chain(modules.iter().filter_map(|module| module.texts)).collect();
        let menu = modules.iter().flat_map(|module| module.menu.clone()).collect();
        let usage = modules.iter().flat_map(|module| module.usage.clone()).collect();
        let documents = modules.iter().flat_map(|module| module.documents.clone()).collect();
        let app = App::new(AppParts {
            db: db.clone(),
            texts: Arc::new(Texts::new(&files)),
            clock: Arc::new(FixedClock::at(NOW)),
            random: Random::from_seed(3),
            authenticate: Arc::new(ByKey),
            services,
            secret: [9; 32],
            config: AppConfig::default(),
            menu,
            documents,
            usage,
        });
        let router = router(&app, modules);
        Self { app, router, key: "1".to_owned(), lang: Lang::En, form: 0 }
    }

    /// The routes with their layers, for a measurement over sockets.
    pub const fn router(&self) -> &Router {
        &self.router
    }

    /// The same site, called by another; see the module.
    #[must_use]
    pub fn by(&self, key: &str) -> Self {
        Self { key: key.to_owned(), ..self.clone() }
    }

    /// The same site, read in another language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> Self {
        Self { lang, ..self.clone() }
    }

    async fn send(&self, request: Builder, body: Body) -> Response {
        let request = request.header("accept-language", self.lang.code());
        let response = match request.body(body) {
            Ok(request) => self.router.clone().oneshot(request).await,
            Err(error) => panic!("a malformed request: {error}"),
        };
        response.unwrap_or_else(|never| match never {})
    }

    /// `GET` of the API whose body goes on for ever: a stream of events, to be read piece by piece.
    pub async fn open(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let request = Request::get(path).header("x-api-key", &self.key);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request, Body::empty()).await
    }

    /// Sends a request as it is, with the language and nothing else.
    pub async fn ask(&self, request: Builder, body: impl Into<Body>) -> Answer {
        let response = self.send(request, body.into()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), ANSWER_BYTES).await.unwrap_or_default().to_vec();
        Answer { status, headers, bytes }
    }

    /// Calls the API as a program with the key.
    pub async fn api(&self, method: Method, path: &str, body: Option<serde_json::Value>) -> Answer {
        let request = Request::builder().method(method).uri(path).header("x-api-key", &self.key);
        match body {
            None => self.ask(request, Body::empty()).await,
            Some(body) => {
                self.ask(request.header("content-type", "application/json"), body.to_string()).await
            }
        }
    }

    /// `GET` of the API.
    pub async fn get(&self, path: &str) -> Answer {
        self.api(Method::GET, path, None).await
    }

    /// `POST` of the API.
    pub async fn post(&self, path: &str, body: serde_json::Value) -> Answer {
        self.api(Method::POST, path, Some(body)).await
    }

    /// `PUT` of the API.
    pub async fn put(&self, path: &str, body: serde_json::Value) -> Answer {
        self.api(Method::PUT, path, Some(body)).await
    }

    /// `PATCH` of the API.
    pub async fn patch(&self, path: &str, body: serde_json::Value) -> Answer {
        self.api(Method::PATCH, path, Some(body)).await
    }

    /// `DELETE` of the API.
    pub async fn delete(&self, path: &str) -> Answer {
        self.api(Method::DELETE, path, None).await
    }

    /// Opens a page as a browser with a session.
    pub async fn page(&self, path: &str) -> Answer {
        let request = Request::get(path).header("accept", "text/html").header("cookie", self.cookie());
        self.ask(request, Body::empty()).await
    }

    /// Sends a form as a browser with a session, with its token and a key of its own.
    pub async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.form += 1;
        let token = csrf::token(self.app.secret(), &self.key, NOW);
        let key = format!("test-form-{}", self.form);
        let mut fields = fields.to_vec();
        fields.extend([(csrf::FIELD, token.as_str()), ("idempotency_key", key.as_str())]);
        let request = Request::post(path)
            .header("accept", "text/html")
            .header("cookie", self.cookie())
            .header("content-type", "application/x-www-form-urlencoded");
        self.ask(request, serde_urlencoded::to_string(&fields).unwrap_or_default()).await
    }

    /// Sends a file as the field `name` of a multipart form, as a browser with a session.
    pub async fn upload(&self, path: &str, name: &str, filename: &str, file: &[u8]) -> Answer {
        let mut body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{filename}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = Request::post(path)
            .header("accept", "text/html")
            .header("cookie", self.cookie())
            .header(csrf::HEADER, csrf::token(self.app.secret(), &self.key, NOW))
            .header("content-type", "multipart/form-data; boundary=b");
        self.ask(request, body).await
    }

    fn cookie(&self) -> String {
        format!("{SESSION_COOKIE}={}", self.key)
    }
}
