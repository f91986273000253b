//! Bodies and queries as typed input; what does not fit is a problem that names the field.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};
use kernel::{Error, Kind, Text};
use serde::{Serialize, de::DeserializeOwned};

use crate::{App, Problem};

/// A JSON body, in and out. In: wrong types and absent fields are problems that name the field.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json =
            kind.is_none_or(|kind| kind.split(';').next().unwrap_or_default().trim().ends_with("json"));
        if !is_json {
            return Err(Problem(Error::invalid(Text::new("web-body-not-json"))));
        }
        let bytes = body(request, app).await?;
        json(&bytes).map(Self).map_err(Problem)
    }
}

/// A JSON body that may be left out: then it says nothing, and is `T`'s default. For what is done to a row, where most
/// callers have no more to say.
#[derive(Debug, Clone, Copy)]
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<App> for OptionalJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let bytes = body(request, app).await?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(T::default()));
        }
        json(&bytes).map(Self).map_err(Problem)
    }
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| json_error(&error))?;
    json.end().map_err(|error| Error::invalid(Text::new("web-body-malformed")).because(error))?;
    Ok(value)
}

fn json_error(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let inner = error.inner();
    if inner.is_syntax() || inner.is_eof() {
        return Error::invalid(Text::new("web-body-malformed")).because(inner.to_string());
    }
    field_error(error.path().to_string(), &inner.to_string())
}

/// Types of ours say in their error which message they mean (`text:kernel-date-malformed`).
const NAMED: &[&str] = &[
    "kernel-number-malformed",
    "kernel-number-too-precise",
    "kernel-number-too-large",
    "kernel-moment-malformed",
    "kernel-date-malformed",
    "kernel-phone-malformed",
    "kernel-tin-malformed",
    "kernel-pinfl-malformed",
    "kernel-mxik-malformed",
    "kernel-barcode-malformed",
];

fn field_error(path: String, message: &str) -> Error {
    let quoted = || message.split('`').nth(1).unwrap_or_default().to_owned();
    let is_root = path.is_empty() || path == ".";
    let under = |name: String| if is_root { name } else { format!("{path}.{name}") };
    if let Some(key) = NAMED.iter().find(|key| message.contains(&format!("text:{key}"))) {
        return Error::field(path, Text::new(key));
    }
    if message.starts_with("missing field") {
        return Error::field(under(quoted()), Text::new("web-field-missing"));
    }
    if message.starts_with("unknown field") {
        // The path of an unknown field names the field itself.
        let field = if is_root { quoted() } else { path };
        return Error::field(field, Text::new("web-field-unknown"));
    }
    if is_root {
        Error::invalid(Text::new("web-request-malformed"))
    } else {
        Error::field(path, Text::new("web-field-type"))
    }
}

async fn body(request: Request, app: &App) -> Result<Bytes, Problem> {
    Bytes::from_request(request, app).await.map_err(|error| {
        Problem(
            Error::new(Kind::TooMuch { retry_after_s: None }, Text::new("web-body-too-large")).because(error),
        )
    })
}

/// The fields of a form that a page sent. Take texts and check them yourself, so that a wrong value is shown again
/// beside its field; a missing field is empty with `#[serde(default)]`. The CSRF token is checked already.
#[derive(Debug, Clone)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let bytes = body(request, app).await?;
        serde_urlencoded::from_bytes(&bytes)
            .map(Self)
            .map_err(|error| Problem(Error::invalid(Text::new("web-request-malformed")).because(error)))
    }
}

/// The fields of a form with repeated or numbered names: lines of a document.
#[derive(Debug, Clone, Default)]
pub struct Multi(Vec<(String, String)>);

impl Multi {
    /// From names and values, as a test has them.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of `name`; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// Every value of `name`, in order.
    pub fn all<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// All names and values, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl FromRequest<App> for Multi {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, app).await?;
        Ok(Self(pairs))
    }
}

/// A query of the API; what does not fit is a problem.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        serde_urlencoded::from_str(query).map(Self).map_err(|error: serde_urlencoded::de::Error| {
            Problem(field_error(String::new(), &error.to_string()))
        })
    }
}
