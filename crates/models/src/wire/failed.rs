//! A call that gave no answer: what it means, what the provider said, what it cost, whether to ask again.

use std::time::Duration;

use net::{
    Tenant, not_sent,
    reqwest::{self, Response, StatusCode, header::RETRY_AFTER},
};
use serde_json::Value;

use super::Key;
use crate::{Failure, Request, Usage, request::tokens_of};

/// Characters of a provider's words that are kept.
const SAID_AT_MOST: usize = 300;
/// So many characters of a key in a provider's words are too many.
const KEY_CHARS: usize = 6;

/// A call that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failed {
    /// What it means.
    pub(crate) failure: Failure,
    /// What the provider said of it.
    pub(crate) said: String,
    /// What it cost nonetheless, estimated: nothing when the provider refused.
    pub(crate) usage: Usage,
    /// The same call may go through.
    may_pass: bool,
    retry_after: Option<Duration>,
    /// The provider has begun to work on it.
    is_accepted: bool,
}

impl Failed {
    pub(crate) fn new(failure: Failure, said: impl Into<String>) -> Self {
        let said: String = said.into().chars().filter(|c| !c.is_control()).take(SAID_AT_MOST).collect();
        Self {
            failure,
            said,
            usage: Usage::default(),
            may_pass: false,
            retry_after: None,
            is_accepted: false,
        }
    }

    /// What came is no answer.
    pub(super) fn not_valid(said: impl Into<String>) -> Self {
        Self::new(Failure::NotValid, said)
    }

    /// It took too long; the provider may have worked.
    pub(super) fn timed_out() -> Self {
        Self { is_accepted: true, ..Self::new(Failure::TimedOut, "") }
    }

    /// Sending or receiving failed.
    pub(super) fn of_transport(failure: &reqwest::Error) -> Self {
        if Tenant::is_refused(failure).is_some() {
            return Self::new(Failure::RefusedAddress, "");
        }
        if failure.is_timeout() && !failure.is_connect() {
            return Self::timed_out();
        }
        let not_sent = not_sent(failure);
        Self { may_pass: not_sent, is_accepted: !not_sent, ..Self::new(Failure::Unreachable, "") }
    }

    /// The provider answered with another status than 200.
    pub(super) fn of_status(status: StatusCode, wait: Option<Duration>, body: &[u8]) -> Self {
        let said: Value = serde_json::from_slice(body).unwrap_or_default();
        // Gemini puts an error into a list where a list of answers would have stood.
        let said = said.get(0).unwrap_or(&said);
        let error = said.get("error").unwrap_or(said);
        Self { retry_after: wait, ..Self::of_code(i64::from(status.as_u16()), error) }
    }

    /// The provider put an error into its stream.
    pub(super) fn of_error(error: &Value) -> Self {
        let code = error.get("code").or_else(|| error.get("status"));
        let code = code.and_then(|code| code.as_i64().or_else(|| code.as_str()?.parse().ok()));
        Self::of_code(code.unwrap_or_default(), error)
    }

    /// By the status, and by the words where the status says too little. A status of 0 is none.
    fn of_code(status: i64, error: &Value) -> Self {
        let word = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
        let words = format!("{} {} {}", word("code"), word("type"), word("status")).to_lowercase();
        let reasons = error.get("details").map(Value::to_string).unwrap_or_default();
        let has = |part: &str| words.contains(part);
        let failure = match status {
            _ if has("insufficient_quota") || has("billing") => Failure::Unpaid,
            _ if has("model_not_found") => Failure::UnknownModel,
            _ if has("content_filter") || has("content_policy") => Failure::Blocked,
            _ if has("invalid_api_key") || reasons.contains("API_KEY_INVALID") => Failure::WrongKey,
            401 | 403 => Failure::WrongKey,
            402 => Failure::Unpaid,
            404 => Failure::UnknownModel,
            408 => Failure::TimedOut,
            429 => Failure::TooMany,
            300..=399 => Failure::NotValid,
            400..=499 => Failure::Rejected,
            500..=599 => Failure::Overloaded,
            _ if has("rate_limit") => Failure::TooMany,
            _ if has("server_error") || has("overloaded") || has("unavailable") => Failure::Overloaded,
            _ if has("invalid_request") || has("context_length") => Failure::Rejected,
            _ => Failure::NotValid,
        };
        let said =
            error.get("message").and_then(Value::as_str).or_else(|| error.as_str()).unwrap_or_default();
        let may_pass = matches!(failure, Failure::Overloaded | Failure::TooMany);
        Self { may_pass, ..Self::new(failure, said) }
    }

    /// The provider has taken the call, so it costs something.
    pub(super) fn accepted(self) -> Self {
        // Errors in a stream that are the provider's own overload were charged by nobody.
        Self { is_accepted: self.is_accepted || !self.may_pass, ..self }
    }

    /// Whether words had come before: then it costs, and is not asked again.
    pub(super) fn begun(self, has_begun: bool) -> Self {
        if has_begun { Self { is_accepted: true, may_pass: false, ..self } } else { self }
    }

    /// With what it cost, from the request and the characters that came.
    pub(super) fn with_usage(self, request: &Request, chars: usize) -> Self {
        if !self.is_accepted {
            return self;
        }
        let usage = Usage {
            input_tokens: request.input_tokens(),
            output_tokens: tokens_of(chars),
            is_estimated: true,
        };
        Self { usage, ..self }
    }

    /// How long to wait before the same call is made again; `None` when it should not be.
    pub(super) fn pause_before_retry(&self, usual: Duration, longest: Duration) -> Option<Duration> {
        let pause = match (self.failure, self.retry_after) {
            // Whoever counts our calls has to say when to come back.
            (Failure::TooMany, None) => return None,
            (_, Some(asked)) => asked,
            (_, None) => usual,
        };
        (self.may_pass && pause <= longest).then_some(pause)
    }

    /// Without the provider's words when they hold a part of the key.
    pub(super) fn without(self, Key(key): &Key) -> Self {
        let letters: Vec<char> = key.chars().collect();
        let holds =
            letters.windows(KEY_CHARS).any(|part| self.said.contains(&part.iter().collect::<String>()));
        let is_short = letters.len() < KEY_CHARS && !key.is_empty() && self.said.contains(key);
        if holds || is_short { Self { said: String::new(), ..self } } else { self }
    }
}

/// `Retry-After` in seconds.
pub(super) fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
