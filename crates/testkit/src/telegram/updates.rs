//! getUpdates: the long poll, with confirmation by offset and one poller at a time.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use super::{Shared, error::ApiError, params::Params};

/// The server holds a poll at most this long.
const TIMEOUT_LIMIT_SECONDS: i64 = 50;
/// Updates of one answer, at most.
const COUNT_LIMIT: i64 = 100;

/// Waits for updates as the server does. Dropped when the client hangs up.
pub(super) async fn get_updates(
    shared: &Arc<Shared>,
    token: &str,
    params: &Params,
) -> Result<Value, ApiError> {
    let offset = params.int("offset", 0);
    let limit = params.int("limit", COUNT_LIMIT).clamp(1, COUNT_LIMIT) as usize;
    let timeout = params.int("timeout", 0).clamp(0, TIMEOUT_LIMIT_SECONDS) as u64;
    let (generation, mut changed) = shared.with(|state| {
        state.drop_old_updates(token);
        let allowed = state.allowed_updates(token, params)?;
        let bot = state.bot(token)?;
        if bot.webhook.is_some() {
            return Err(ApiError::conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            ));
        }
        if let Some(allowed) = allowed {
            bot.allowed = Some(allowed);
        }
        let before = bot.pending.len();
        if offset > 0 {
            bot.pending = bot.pending.split_off(&offset);
        } else if offset < 0 {
            let keep = offset.unsigned_abs() as usize;
            while bot.pending.len() > keep {
                bot.pending.pop_first();
            }
        }
        let confirmed = before - bot.pending.len();
        bot.poll_generation += 1;
        bot.changed.send_modify(|version| *version += 1);
        let polling = (bot.poll_generation, bot.changed.subscribe());
        state.counters.updates_confirmed += confirmed as u64;
        Ok(polling)
    })?;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(timeout);
    loop {
        let ready = shared.with(|state| {
            let bot = state.bot(token)?;
            if bot.webhook.is_some() {
                return Err(ApiError::conflict("terminated by setWebhook request"));
            }
            if bot.poll_generation != generation {
                return Err(ApiError::conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running",
                ));
            }
            let mut handed_again = 0;
            let mut ready: Vec<Value> = Vec::new();
            for pending in bot.pending.values_mut().take(limit) {
                pending.deliveries += 1;
                handed_again += u64::from(pending.deliveries > 1);
                ready.push(pending.json.as_ref().clone());
            }
            state.counters.updates_handed += ready.len() as u64;
            state.counters.updates_handed_again += handed_again;
            Ok(ready)
        })?;
        if !ready.is_empty() || tokio::time::Instant::now() >= deadline {
            return Ok(ready.into());
        }
        let _ = tokio::time::timeout_at(deadline, changed.changed()).await;
    }
}
