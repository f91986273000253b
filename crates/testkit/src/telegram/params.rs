//! Parameters of a call, from the query string, a form, JSON or multipart: the server treats all four alike.

use std::collections::HashMap;

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::header::CONTENT_TYPE,
};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::error::ApiError;

/// Telegram's limit for a whole request with files.
pub const REQUEST_LIMIT_BYTES: usize = 52 * 1024 * 1024;

/// An uploaded file.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The name the client gave.
    pub name: String,
    /// The type the client named, if it did.
    pub mime: Option<String>,
    /// The bytes.
    pub bytes: Bytes,
}

/// The parameters of one call.
#[derive(Debug, Default)]
pub struct Params {
    /// Everything but files. Values of forms are strings, of JSON any JSON.
    pub fields: Map<String, Value>,
    /// Files by the name of their part.
    pub files: HashMap<String, Upload>,
}

impl Params {
    /// Reads a request of any of the four kinds.
    pub async fn read(request: Request) -> Result<Self, ApiError> {
        let mut params = Self::default();
        if let Some(query) = request.uri().query() {
            params.add_form(query.as_bytes())?;
        }
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            params.add_multipart(request).await?;
            return Ok(params);
        }
        let body = axum::body::to_bytes(request.into_body(), REQUEST_LIMIT_BYTES)
            .await
            .map_err(|_| ApiError::not_found("Request Entity Too Large"))?;
        if body.is_empty() {
            return Ok(params);
        }
        if kind.starts_with("application/json") {
            params.add_json(&body)?;
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            params.add_form(&body)?;
        }
        Ok(params)
    }

    /// Parameters of a method call that a webhook gave as its answer.
    pub fn of_json(body: &[u8]) -> Result<Self, ApiError> {
        let mut params = Self::default();
        params.add_json(body)?;
        Ok(params)
    }

    fn add_json(&mut self, body: &[u8]) -> Result<(), ApiError> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => {
                self.fields.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
                Ok(())
            }
            _ => Err(ApiError::bad("can't parse JSON object")),
        }
    }

    fn add_form(&mut self, body: &[u8]) -> Result<(), ApiError> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_bytes(body).map_err(|_| ApiError::bad("can't parse form"))?;
        self.fields.extend(pairs.into_iter().map(|(name, value)| (name, Value::String(value))));
        Ok(())
    }

    async fn add_multipart(&mut self, request: Request) -> Result<(), ApiError> {
        let broken = |_| ApiError::bad("can't parse multipart form");
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| ApiError::bad("can't parse multipart"))?;
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let field = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(str::to_owned);
            let mime = part.content_type().map(str::to_owned);
            let bytes = part.bytes().await.map_err(broken)?;
            match name {
                Some(name) => {
                    self.files.insert(field, Upload { name, mime, bytes });
                }
                None => {
                    let text = String::from_utf8(bytes.to_vec())
                        .map_err(|_| ApiError::bad("strings must be encoded in UTF-8"))?;
                    self.fields.insert(field, Value::String(text));
                }
            }
        }
        Ok(())
    }

    /// A string, empty when absent. Numbers and objects given as JSON become their text, as on the server.
    pub fn text(&self, name: &str) -> String {
        match self.fields.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }

    /// A whole number; absent or malformed is the default, as on the server.
    pub fn int(&self, name: &str, default: i64) -> i64 {
        match self.fields.get(name) {
            Some(Value::Number(number)) => number.as_i64().unwrap_or(default),
            Some(Value::String(text)) => text.trim().parse().unwrap_or(default),
            _ => default,
        }
    }

    /// A decimal number, if it is one.
    pub fn decimal(&self, name: &str) -> Option<f64> {
        match self.fields.get(name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A flag: `true`, `1`, `"true"`, `"yes"`.
    pub fn flag(&self, name: &str) -> bool {
        match self.fields.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            Some(Value::String(text)) => matches!(text.to_lowercase().as_str(), "true" | "1" | "yes"),
            _ => false,
        }
    }

    /// JSON: given as it is, or as a string of JSON. `None` when absent or empty, `Err` when it is not JSON.
    pub fn json(&self, name: &str) -> Result<Option<Value>, ()> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| ()),
            Some(other) => Ok(Some(other.clone())),
        }
    }

    /// Everything as one JSON object for the log; files become `<file NAME, N bytes>`.
    pub fn for_log(&self) -> Value {
        let mut all = self.fields.clone();
        for (field, file) in &self.files {
            all.insert(field.clone(), format!("<file {}, {} bytes>", file.name, file.bytes.len()).into());
        }
        Value::Object(all)
    }
}
