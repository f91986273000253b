//! Calls of addresses that a blueprint names. A job makes the call outside of any transaction, as often as it has to be
//! run and always under the same key, and goes on with the conversation.

use std::{sync::Arc, time::Duration};

use context::Ctx;
use db::Tx;
use flow::{
    ActionCall, ActionResult, FAILED,
    outside::{Webhook, WebhookAnswer},
};
use jobs::{Handler, JobError, OrFail, Run};
use kernel::{Error, Result};
use net::{Net, read_up_to, reqwest::Method};
use serde_json::{Map, Value};

use crate::{
    Conversation,
    later::{self, Wanted},
};

/// The kind of the job.
const KIND: &str = "bots.call_webhook";
/// How long another server may take: a person waits for it in a chat.
const TIME_AT_MOST: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read; a session keeps it.
const ANSWER_BYTES: usize = 16 * 1024;
/// Bytes that are sent.
const BODY_BYTES: usize = 64 * 1024;
/// Characters of an address.
const URL_CHARS: usize = 2_000;

pub(crate) fn handler() -> Handler {
    Handler::new(KIND, |run| later::run(run, call)).waiting()
}

/// Whether the call is one at all, and not longer than we carry.
pub(crate) fn may_be_sent(webhook: &Webhook) -> bool {
    let Webhook { url, method, body } = webhook;
    let length = body.as_ref().map_or(0, |body| flow::value::weight(&Value::Object(body.clone())));
    let is_known = matches!(method.as_deref(), None | Some("post" | "get"));
    !url.is_empty() && url.chars().count() <= URL_CHARS && length <= BODY_BYTES && is_known
}

/// Has the address called once this transaction is done.
pub(crate) fn enqueue(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &Conversation,
    call: &ActionCall,
    webhook: Webhook,
) -> Result<()> {
    later::enqueue(ctx, tx, KIND, conversation, call.id, webhook)
}

async fn call(run: Run, wanted: Wanted<Webhook>) -> Result<(), JobError> {
    let net: Arc<Net> = run.services.get().or_fail()?;
    let result = match answer_of(&net, &wanted).await {
        Ok((status, body)) => told(wanted.call, status, body),
        Err(error) => {
            tracing::info!(conversation.id = %wanted.conversation, %error, "a blueprint's address could not be called");
            later::given_up(wanted.call)
        }
    };
    later::go_on(&run, wanted.conversation, result, |_, _, _| Ok(())).await
}

/// Calls the address, within the wall around private networks.
async fn answer_of(net: &Net, wanted: &Wanted<Webhook>) -> Result<(u16, Value)> {
    let Webhook { url, method, body } = &wanted.what;
    let body = body.clone().unwrap_or_default();
    let request = match method.as_deref() {
        Some("get") => net.tenant().request(Method::GET, url)?.query(&in_address(&body)),
        _ => net.tenant().request(Method::POST, url)?.json(&body),
    };
    let request = request.timeout(TIME_AT_MOST).header("idempotency-key", format!("webhook:{}", wanted.key));
    let answer = request.send().await.map_err(Error::internal)?;
    let status = answer.status().as_u16();
    let bytes = read_up_to(answer, ANSWER_BYTES).await.map_err(Error::internal)?;
    let body = serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
    Ok((status, plain(body)))
}

/// The fields as an address carries them.
fn in_address(body: &Map<String, Value>) -> Vec<(&str, String)> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    body.iter().map(|(name, value)| (name.as_str(), text(value))).collect()
}

/// What a dialogue can hold: no fractions but as text, and no NUL, which no database keeps.
fn plain(value: Value) -> Value {
    let clean = |text: String| text.replace('\0', "");
    match value {
        Value::Number(number) if number.as_i64().is_none() => Value::String(number.to_string()),
        Value::String(text) => Value::String(clean(text)),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (clean(name), plain(value))).collect())
        }
        other => other,
    }
}

fn told(call: u64, status: u16, body: Value) -> ActionResult {
    let outcome = if (200..300).contains(&status) { "ok" } else { FAILED };
    let data = serde_json::to_value(WebhookAnswer { status, body }).unwrap_or_default();
    ActionResult { id: call, outcome: outcome.to_owned(), data }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_made_of_what_a_dialogue_can_hold() {
        let answer = json!({ "a\u{0}": 1.5, "b": ["\u{0}x", null, 7], "c": { "d": true }, "e": u64::MAX });
        let kept = json!({ "a": "1.5", "b": ["x", null, 7], "c": { "d": true }, "e": u64::MAX.to_string() });
        assert_eq!(plain(answer), kept);
    }

    #[test]
    fn what_is_no_call_or_too_long_is_not_sent() {
        let of = |url: &str, method: Option<&str>, length: usize| Webhook {
            url: url.to_owned(),
            method: method.map(str::to_owned),
            body: Some(Map::from_iter([("a".to_owned(), json!("x".repeat(length)))])),
        };
        assert!(may_be_sent(&of("https://example.com", None, 100)));
        assert!(may_be_sent(&of("https://example.com", Some("get"), 100)));
        assert!(!may_be_sent(&of("", None, 1)));
        assert!(!may_be_sent(&of("https://example.com", Some("delete"), 1)));
        assert!(!may_be_sent(&of("https://example.com", None, BODY_BYTES)));
        assert!(!may_be_sent(&of(&"x".repeat(3_000), None, 1)));
    }
}
