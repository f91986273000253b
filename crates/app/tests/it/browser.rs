//! Who calls the program over HTTP in these tests: a stranger, a member with a session, with forms read from the pages.

use std::sync::Arc;

use app::{parts::Parts, server};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use tower_http::normalize_path::NormalizePath;

use crate::world::PASSWORD;

/// One who calls.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Arc<NormalizePath<Router>>,
    session: Option<String>,
    csrf: String,
    by_script: bool,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) kind: String,
    cookies: Vec<String>,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// A success, or a page that leads on.
    pub(crate) fn is_done(&self) -> bool {
        self.status.is_success() || self.status.is_redirection()
    }
}

impl Browser {
    /// Somebody who has not signed in.
    pub(crate) fn stranger(parts: &Parts) -> Self {
        Self { router: Arc::new(server::router(parts)), session: None, csrf: String::new(), by_script: false }
    }

    /// The same program, called by a member with the tests' password.
    pub(crate) async fn signed_in(&self, login: &str) -> Self {
        let stranger = Self { session: None, ..self.clone() };
        let sign_in = json!({"login": login, "password": PASSWORD}).to_string();
        let answer =
            stranger.send("POST", "/api/auth/sign-in", "application/json", sign_in.into_bytes()).await;
        assert_eq!(answer.status, 200, "{login}: {}", answer.text());
        let cookie = answer.cookies.first().unwrap().split(';').next().unwrap().to_owned();
        let mut member = Self { session: Some(cookie), ..self.clone() };
        let page = member.page("/profile").await.text();
        member.csrf = attribute(&page, "name=\"csrf_token\"", "value").expect("a token in a page's form");
        member
    }

    /// The session, as the header has it.
    pub(crate) fn cookie(&self) -> String {
        self.session.clone().unwrap_or_default()
    }

    /// The token of its pages.
    pub(crate) fn csrf(&self) -> &str {
        &self.csrf
    }

    /// With another CSRF token.
    pub(crate) fn with_csrf(&self, csrf: &str) -> Self {
        Self { csrf: csrf.to_owned(), ..self.clone() }
    }

    /// Sends a request; everything under `/api` gets the token as a header.
    pub(crate) async fn send(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let accept = if path.starts_with("/api") { "application/json" } else { "text/html" };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("accept", accept)
            .header("accept-language", "en")
            .header("x-csrf-token", &self.csrf);
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        if self.by_script {
            request = request.header("hx-request", "true");
        }
        if let Some(cookie) = &self.session {
            request = request.header("cookie", cookie);
        }
        let request =
            request.body(Body::from(body)).unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let response = NormalizePath::clone(&self.router).oneshot(request).await.unwrap();
        let text = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let cookies = response.headers().get_all("set-cookie").iter();
        let cookies = cookies.filter_map(|value| value.to_str().ok().map(str::to_owned)).collect();
        let (status, kind) = (response.status(), text("content-type"));
        let location = if self.by_script { text("hx-redirect") } else { text("location") };
        // A stream of events has no end: its head is the answer.
        let bytes = if kind.starts_with("text/event-stream") {
            Vec::new()
        } else {
            to_bytes(response.into_body(), 64 << 20).await.unwrap().to_vec()
        };
        Answer { status, location, kind, cookies, bytes }
    }

    /// A stranger with the cookie and the token of this page, as a browser keeps them.
    pub(crate) async fn at(&self, page: &str) -> Self {
        let answer = self.page(page).await;
        let cookie = answer.cookies.first().and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let csrf = attribute(&answer.text(), "name=\"csrf_token\"", "value").expect("a form with a token");
        Self { session: cookie.or_else(|| self.session.clone()), csrf, ..self.clone() }
    }

    pub(crate) async fn page(&self, path: &str) -> Answer {
        self.send("GET", path, "", Vec::new()).await
    }

    /// The page that an answer leads to, with the notice that it brings.
    pub(crate) async fn after(&self, answer: &Answer) -> Answer {
        let notices = answer.cookies.iter().filter_map(|cookie| cookie.split(';').next());
        let session = self.session.as_deref().into_iter().chain(notices).collect::<Vec<_>>().join("; ");
        let with_notice = Self { session: Some(session), ..self.clone() };
        with_notice.page(&answer.location).await
    }

    pub(crate) async fn api(&self, method: &str, path: &str, body: &Value) -> Answer {
        match body {
            Value::Null => self.send(method, path, "", Vec::new()).await,
            body => self.send(method, path, "application/json", body.to_string().into_bytes()).await,
        }
    }

    /// Sends a form with its token.
    pub(crate) async fn form(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let body = self.form_body(fields);
        self.send("POST", path, "application/x-www-form-urlencoded", body).await
    }

    /// The same as our scripts send it.
    pub(crate) async fn form_by_script(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let by_script = Self { by_script: true, ..self.clone() };
        by_script.send("POST", path, "application/x-www-form-urlencoded", self.form_body(fields)).await
    }

    fn form_body(&self, fields: &[(String, String)]) -> Vec<u8> {
        let mut body = String::new();
        let token = ("csrf_token".to_owned(), self.csrf.clone());
        for (name, value) in fields.iter().filter(|(name, _)| name != "csrf_token").chain([&token]) {
            if !body.is_empty() {
                body.push('&');
            }
            body.push_str(&format!("{}={}", escaped(name), escaped(value)));
        }
        body.into_bytes()
    }

    /// The fields of the form on this page that is sent to `action`, as they stand.
    pub(crate) async fn fields(&self, page: &str, action: &str) -> Option<Vec<Field>> {
        fields_in(&self.page(page).await.text(), action)
    }
}

/// The fields of the form in this page that is sent to `action`.
pub(crate) fn fields_in(html: &str, action: &str) -> Option<Vec<Field>> {
    let fields_of = |fits: &dyn Fn(&str) -> bool| {
        html.split("<form").skip(1).find_map(|form| {
            let form = form.split("</form>").next()?;
            let to = attribute(&format!("<form{form}"), "<form", "action")?;
            to.split('?').next().is_some_and(fits).then(|| fields(form))
        })
    };
    fields_of(&|to| to == action).or_else(|| fields_of(&|to| names_the_same(to, action)))
}

/// Whether an address differs from one with an id by what people call the row: `/invoices/2026-000001/credit`.
fn names_the_same(to: &str, by_id: &str) -> bool {
    let (parts, ids) = (to.split('/'), by_id.split('/'));
    to.split('/').count() == by_id.split('/').count()
        && parts.zip(ids).all(|(part, id)| part == id || uuid::Uuid::parse_str(id).is_ok())
}

/// Everything but letters and digits as `%XX`.
pub(crate) fn escaped(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) is_required: bool,
}

/// The attribute of the first tag that holds `mark`.
fn attribute(html: &str, mark: &str, name: &str) -> Option<String> {
    let at = html.find(mark)?;
    let start = html.get(..=at)?.rfind('<')?;
    let tag = tag_at(html.get(start..)?);
    value_of(tag, name)
}

/// The tag at the beginning of `html`, to its `>` outside of quotes.
fn tag_at(html: &str) -> &str {
    let mut quoted = None;
    for (place, c) in html.char_indices() {
        match (quoted, c) {
            (None, '"' | '\'') => quoted = Some(c),
            (Some(quote), c) if quote == c => quoted = None,
            (None, '>') => return html.get(..=place).unwrap_or(html),
            _ => {}
        }
    }
    html
}

fn value_of(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(plain(value))
}

/// Without the entities that our templates write.
fn plain(html: &str) -> String {
    [
        ("&#34;", "\""),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&lt;", "<"),
        ("&#62;", ">"),
        ("&gt;", ">"),
    ]
    .iter()
    .fold(html.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
    .replace("&#38;", "&")
    .replace("&amp;", "&")
}

fn fields(form: &str) -> Vec<Field> {
    let mut found = Vec::new();
    for (place, _) in form.match_indices('<') {
        let rest = form.get(place..).unwrap_or_default();
        let tag = tag_at(rest);
        let has = |word: &str| tag.contains(&format!(" {word}"));
        let Some(name) = value_of(tag, "name") else { continue };
        let kind = value_of(tag, "type").unwrap_or_default();
        let ticked = !matches!(kind.as_str(), "checkbox" | "radio") || has("checked");
        let value = if tag.starts_with("<input") && ticked && !matches!(kind.as_str(), "file" | "submit") {
            value_of(tag, "value")
                .unwrap_or_else(|| if kind == "checkbox" { "on".to_owned() } else { String::new() })
        } else if tag.starts_with("<textarea") {
            let inner =
                rest.get(tag.len()..).unwrap_or_default().split("</textarea>").next().unwrap_or_default();
            plain(inner.trim_start_matches('\n'))
        } else if tag.starts_with("<select") {
            selected(rest.split("</select>").next().unwrap_or_default())
        } else {
            continue;
        };
        found.push(Field { name, value, is_required: has("required") });
    }
    found
}

/// The chosen option, or the first.
fn selected(select: &str) -> String {
    let options: Vec<&str> = select.split("<option").skip(1).map(tag_at).collect();
    let chosen = options.iter().find(|option| option.contains(" selected")).or_else(|| options.first());
    chosen.and_then(|option| value_of(option, "value")).unwrap_or_default()
}
