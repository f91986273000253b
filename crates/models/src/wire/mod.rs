//! How providers are spoken to: one call over HTTP, its answer as a stream, within limits.
//!
//! Knows nothing of workspaces, budgets and logs. Two wires: what everybody calls OpenAI-compatible, and Gemini's own.

mod body;
mod failed;
mod gemini;
mod look;
mod openai;
mod schema;
#[cfg(test)]
mod tests;
mod tool_pieces;

use std::{fmt, time::Duration};

use net::{
    Net,
    reqwest::{RequestBuilder, Response, Url},
};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};

use crate::{Answer, Provider, Request};
use body::{Body, Event};
pub(crate) use failed::Failed;

/// Time and size that a call may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Until the first byte of the answer.
    pub(crate) first_byte: Duration,
    /// Between two bytes.
    pub(crate) silence: Duration,
    /// For everything, a second try included.
    pub(crate) whole: Duration,
    /// Bytes of an answer.
    pub(crate) bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(20),
            silence: Duration::from_secs(15),
            whole: Duration::from_secs(45),
            bytes: 1 << 20,
        }
    }
}

/// Before a second try, where the provider does not say how long.
const PAUSE: Duration = Duration::from_millis(300);
/// A provider that wants a longer pause is not asked again.
const PAUSE_AT_MOST: Duration = Duration::from_secs(2);

/// A provider's key. It is nowhere written by accident.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key(pub(crate) String);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Whom to ask.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) provider: Provider,
    pub(crate) base: Url,
    pub(crate) model: String,
    pub(crate) key: Key,
}

/// Receives the words of an answer as they come.
pub(crate) type Heard<'a> = dyn FnMut(&str) + Send + 'a;

/// Makes an answer of what a provider sends, piece by piece.
trait Collect: Send {
    /// Takes the next piece.
    fn take(&mut self, piece: Value, heard: &mut Heard<'_>) -> Result<(), Failed>;
    /// Whether anything of the answer has come.
    fn has_begun(&self) -> bool;
    /// Characters of what has come, to estimate what a broken answer cost.
    fn chars(&self) -> usize;
    /// The answer, once nothing more comes.
    fn finish(self: Box<Self>) -> Result<Answer, Failed>;
}

/// Asks once, and once more when nothing of an answer has come and the provider may only have been busy.
pub(crate) async fn ask(
    net: &Net,
    to: &Endpoint,
    request: &Request,
    limits: &Limits,
    heard: &mut Heard<'_>,
) -> Result<Answer, Failed> {
    let whole = request.time_at_most.map_or(limits.whole, |shorter| shorter.min(limits.whole));
    let deadline = Instant::now() + whole;
    let first = one_try(net, to, request, limits, deadline, heard).await;
    let pause = match &first {
        Err(failed) => failed.pause_before_retry(PAUSE, PAUSE_AT_MOST),
        Ok(_) => None,
    };
    let result = match pause {
        Some(pause) if Instant::now() + pause < deadline => {
            sleep(pause).await;
            one_try(net, to, request, limits, deadline, heard).await
        }
        _ => first,
    };
    result.map_err(|failed| failed.without(&to.key))
}

async fn one_try(
    net: &Net,
    to: &Endpoint,
    request: &Request,
    limits: &Limits,
    deadline: Instant,
    heard: &mut Heard<'_>,
) -> Result<Answer, Failed> {
    let (call, mut collector): (RequestBuilder, Box<dyn Collect>) = match to.provider {
        Provider::OpenAi => (openai::call(net, to, request)?, Box::new(openai::Collector::new(request))),
        Provider::Gemini => (gemini::call(net, to, request)?, Box::new(gemini::Collector::new(request))),
    };
    let read = read(call, limits, deadline, collector.as_mut(), heard).await;
    let counted = |failed: Failed, chars: usize| failed.with_usage(request, chars);
    match read {
        Ok(()) => {
            let chars = collector.chars();
            collector.finish().map_err(|failed| counted(failed.accepted(), chars))
        }
        Err(failed) => Err(counted(failed.begun(collector.has_begun()), collector.chars())),
    }
}

/// Sends the call and gives every piece of the answer to the collector.
async fn read(
    call: RequestBuilder,
    limits: &Limits,
    deadline: Instant,
    collector: &mut dyn Collect,
    heard: &mut Heard<'_>,
) -> Result<(), Failed> {
    let first_byte = deadline.min(Instant::now() + limits.first_byte);
    // The client's own limit for a whole call is shorter than an answer may take.
    let call = call.timeout(limits.whole);
    let answer: Response = match timeout_at(first_byte, call.send()).await {
        Ok(sent) => sent.map_err(|failure| Failed::of_transport(&failure))?,
        Err(_) => return Err(Failed::timed_out()),
    };
    let status = answer.status();
    let wait = failed::retry_after(&answer);
    let mut body = Body::new(answer, limits, first_byte, deadline);
    if !status.is_success() {
        let said = body.rest().await.unwrap_or_default();
        return Err(Failed::of_status(status, wait, &said));
    }
    let mut events = body.events().await.map_err(Failed::accepted)?;
    while let Some(event) = events.next().await {
        match event.map_err(Failed::accepted)? {
            Event::Piece(piece) => collector.take(piece, heard).map_err(Failed::accepted)?,
            Event::Done => break,
        }
    }
    Ok(())
}
