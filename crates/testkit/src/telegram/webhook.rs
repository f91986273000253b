//! Delivery to a webhook: one update of a chat at a time, chats in parallel, again and again until 2xx.

use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::{Shared, params::Params};

/// Back-off starts with one unit, doubles, and stays under this many units.
const BACKOFF_LIMIT_UNITS: u32 = 60;
/// `Retry-After` is honoured up to an hour.
const RETRY_AFTER_LIMIT_SECONDS: u32 = 3600;

/// A webhook that is set.
pub(super) struct Webhook {
    pub url: String,
    pub secret: String,
    pub max_connections: usize,
    pub connections: Arc<Semaphore>,
    /// Unix time and words of the last failure.
    pub last_error: Option<(u64, String)>,
}

impl Webhook {
    pub fn new(url: String, secret: String, max_connections: usize) -> Self {
        let connections = Arc::new(Semaphore::new(max_connections));
        Self { url, secret, max_connections, connections, last_error: None }
    }
}

/// What is to be posted next for a chat.
struct Job {
    id: i64,
    body: Vec<u8>,
    url: String,
    secret: String,
    connections: Arc<Semaphore>,
}

/// Starts couriers for chats that have something and no courier yet.
pub(super) fn start_couriers(shared: &Arc<Shared>, chats: Vec<(String, i64)>) {
    for (token, chat) in chats {
        let start = shared.with(|state| {
            let conversation = state.bots.get_mut(&token)?.chats.get_mut(&chat)?;
            Some(!std::mem::replace(&mut conversation.delivering, true))
        });
        if start == Some(true) {
            shared.runtime.spawn(courier(Arc::downgrade(shared), token, chat));
        }
    }
}

/// Carries the updates of one chat until none is left or the webhook is gone.
async fn courier(shared: std::sync::Weak<Shared>, token: String, chat: i64) {
    let mut failures = 0_u32;
    let mut failing = 0_i64;
    while let Some(shared) = shared.upgrade() {
        let Some(job) = shared.with(|state| next_job(state, &token, chat)) else { return };
        if job.id != failing {
            failing = job.id;
            failures = 0;
        }
        let Ok(permit) = job.connections.clone().acquire_owned().await else { return };
        let outcome = post(&shared, &job).await;
        drop(permit);
        let wait = match outcome {
            Ok(answer) => {
                shared.with(|state| {
                    let Some(bot) = state.bots.get_mut(&token) else { return };
                    if bot.pending.remove(&job.id).is_some() {
                        state.counters.updates_confirmed += 1;
                    }
                    if let Some(conversation) = bot.chats.get_mut(&chat)
                        && conversation.queue.front() == Some(&job.id)
                    {
                        conversation.queue.pop_front();
                    }
                });
                call_in_answer(&shared, &token, &answer);
                continue;
            }
            Err((words, retry_after)) => {
                failures += 1;
                let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
                let units = retry_after.unwrap_or(doubled.min(BACKOFF_LIMIT_UNITS));
                shared.with(|state| {
                    let date = state.clock.unix();
                    let webhook = state.bots.get_mut(&token).and_then(|bot| bot.webhook.as_mut());
                    if let Some(webhook) = webhook {
                        webhook.last_error = Some((date, words));
                    }
                });
                shared.webhook_unit * units
            }
        };
        drop(shared);
        tokio::time::sleep(wait).await;
    }
}

fn next_job(state: &mut super::state::State, token: &str, chat: i64) -> Option<Job> {
    state.drop_old_updates(token);
    let bot = state.bots.get_mut(token)?;
    let conversation = bot.chats.get_mut(&chat)?;
    let Some(webhook) = &bot.webhook else {
        conversation.delivering = false;
        return None;
    };
    loop {
        let Some(id) = conversation.queue.front().copied() else {
            conversation.delivering = false;
            return None;
        };
        let Some(pending) = bot.pending.get_mut(&id) else {
            conversation.queue.pop_front();
            continue;
        };
        pending.deliveries += 1;
        state.counters.updates_handed += 1;
        state.counters.updates_handed_again += u64::from(pending.deliveries > 1);
        return Some(Job {
            id,
            body: serde_json::to_vec(pending.json.as_ref()).unwrap_or_default(),
            url: webhook.url.clone(),
            secret: webhook.secret.clone(),
            connections: webhook.connections.clone(),
        });
    }
}

/// Posts one update: the body of the answer, or what went wrong and how long the bot asks to wait.
async fn post(shared: &Shared, job: &Job) -> Result<Bytes, (String, Option<u32>)> {
    let mut request = shared
        .client
        .post(&job.url)
        .timeout(shared.webhook_patience)
        .header(CONTENT_TYPE, "application/json")
        .body(job.body.clone());
    if !job.secret.is_empty() {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", &job.secret);
    }
    let answer = request.send().await.map_err(|error| {
        let words = if error.is_timeout() { "Read timeout expired" } else { "Connection refused" };
        (words.to_owned(), None)
    })?;
    let status = answer.status();
    if status.is_success() {
        return answer.bytes().await.map_err(|_| ("Webhook connection closed".to_owned(), None));
    }
    let retry_after = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse::<u32>().ok())
        .map(|seconds| seconds.min(RETRY_AFTER_LIMIT_SECONDS));
    let reason = status.canonical_reason().unwrap_or_default();
    Err((format!("Wrong response from the webhook: {} {reason}", status.as_u16()), retry_after))
}

/// A bot may call a method in its answer to an update; the result is not told to it.
fn call_in_answer(shared: &Arc<Shared>, token: &str, answer: &[u8]) {
    if answer.first() != Some(&b'{') {
        return;
    }
    let Ok(params) = Params::of_json(answer) else { return };
    let method = match params.fields.get("method") {
        Some(Value::String(method)) => method.clone(),
        _ => return,
    };
    let lower = method.to_lowercase();
    if lower.starts_with("get")
        || ["setwebhook", "deletewebhook", "close", "logout"].contains(&lower.as_str())
    {
        return;
    }
    let outcome = shared.with(|state| state.call(token, &method, &params));
    shared.with(|state| state.log(token, &method, &params, &outcome));
}
