//! Calls of the Bot API on the shared HTTP client.

use std::{fmt, sync::Arc, time::Duration};

use kernel::{Error, Result, Text};
use net::{
    TooLong, read_up_to,
    reqwest::{self, Client, RequestBuilder, Url, header, multipart::Form},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use super::{download::Download, outcome::CallError, token::Token};

/// Where the Bot API is unless the configuration says otherwise.
pub const DEFAULT_API_URL: &str = "https://api.telegram.org";
/// Longest answer read: a hundred updates with long texts and entities stay far under it.
const ANSWER_BYTES_MAX: usize = 16 << 20;
/// For calls that carry a file.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(180);

/// One bot at one Bot API server. Cloning is cheap.
#[derive(Clone)]
pub struct Telegram {
    client: Client,
    base: Arc<str>,
    token: Token,
}

impl fmt::Debug for Telegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Telegram({} {:?})", self.base, self.token)
    }
}

impl Telegram {
    /// A bot. `client` is [`net::Net::trusted`]: the address comes from the configuration.
    pub fn new(client: Client, base_url: &str, token: Token) -> Result<Self> {
        let base = base_url.trim().trim_end_matches('/');
        let malformed = || Error::invalid(Text::new("channels-telegram-url-malformed").with("url", base));
        let url = Url::parse(base).map_err(|_| malformed())?;
        if !matches!(url.scheme(), "http" | "https") || url.query().is_some() {
            return Err(malformed());
        }
        Ok(Self { client, base: base.into(), token })
    }

    /// The token, for its id.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Calls a method with parameters as JSON and reads the result.
    pub(crate) async fn call<R: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
    ) -> Result<R, CallError> {
        self.finish(method, self.request(method, params)?).await
    }

    /// As [`Telegram::call`], for a call that is held by the server.
    pub(crate) async fn call_within<R: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
        limit: Duration,
    ) -> Result<R, CallError> {
        self.finish(method, self.request(method, params)?.timeout(limit)).await
    }

    /// Calls a method with parameters and a file as a form; a parameter names the file as `attach://file`.
    pub(crate) async fn upload<R: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
        file: reqwest::multipart::Part,
    ) -> Result<R, CallError> {
        let mut form = Form::new().part("file", file);
        if let Ok(Value::Object(fields)) = serde_json::to_value(params) {
            for (name, value) in fields {
                form = match value {
                    Value::String(text) => form.text(name, text),
                    other => form.text(name, other.to_string()),
                };
            }
        }
        let request = self.client.post(self.address(method)).timeout(UPLOAD_TIMEOUT).multipart(form);
        self.finish(method, request).await
    }

    /// The bytes at a `file_path`, at most `limit`.
    pub(crate) async fn file(&self, path: &str, limit: usize) -> Result<Download, CallError> {
        let address = format!("{}/file/bot{}/{path}", self.base, self.token.reveal());
        let request = self.client.get(address).timeout(UPLOAD_TIMEOUT);
        let answer = request.send().await.map_err(CallError::of_network)?;
        let status = answer.status();
        if !status.is_success() {
            return Err(CallError::Garbled { status: status.as_u16(), retry_after_s: None });
        }
        Download::of(answer, limit)
    }

    fn address(&self, method: &str) -> String {
        format!("{}/bot{}/{method}", self.base, self.token.reveal())
    }

    fn request(&self, method: &str, params: &impl Serialize) -> Result<RequestBuilder, CallError> {
        // Our parameters are plain structs; should one ever not serialise, that is the same as a refused call.
        let body = serde_json::to_vec(params).map_err(|error| CallError::Refused {
            code: 400,
            description: error.to_string(),
            retry_after_s: None,
            moved_to: None,
        })?;
        let request = self.client.post(self.address(method));
        Ok(request.header(header::CONTENT_TYPE, "application/json").body(body))
    }

    async fn finish<R: DeserializeOwned>(
        &self,
        method: &str,
        request: RequestBuilder,
    ) -> Result<R, CallError> {
        let result = answer(request).await;
        if let Err(error) = &result {
            tracing::debug!(telegram.bot = self.token.bot_id(), telegram.method = method, %error, "call failed");
        }
        result
    }
}

/// The frame around every answer.
#[derive(Deserialize)]
struct Answer {
    ok: bool,
    result: Option<Box<RawValue>>,
    error_code: Option<u16>,
    #[serde(default)]
    description: String,
    parameters: Option<Parameters>,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u32>,
    migrate_to_chat_id: Option<i64>,
}

async fn answer<R: DeserializeOwned>(request: RequestBuilder) -> Result<R, CallError> {
    let answer = request.send().await.map_err(CallError::of_network)?;
    let status = answer.status().as_u16();
    let retry_after_s =
        answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let garbled = || CallError::Garbled { status, retry_after_s };
    let body = read_up_to(answer, ANSWER_BYTES_MAX).await.map_err(|error| match error {
        TooLong::Broken(error) => CallError::NoAnswer(error.without_url()),
        TooLong::TooLong(_) => garbled(),
    })?;
    let frame: Answer = serde_json::from_slice(&body).map_err(|_| garbled())?;
    let Answer { ok, result, error_code, description, parameters } = frame;
    if ok {
        let result = result.ok_or_else(garbled)?;
        return serde_json::from_str(result.get()).map_err(|_| garbled());
    }
    let Parameters { retry_after, migrate_to_chat_id } = parameters.unwrap_or_default();
    Err(CallError::Refused {
        code: error_code.unwrap_or(status),
        description,
        retry_after_s: retry_after.or(retry_after_s),
        moved_to: migrate_to_chat_id,
    })
}
