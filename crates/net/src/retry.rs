//! Calls that may be made again, and whether a failed call can have arrived.

use std::time::Duration;

use reqwest::{RequestBuilder, Response, StatusCode, header::RETRY_AFTER};

/// How often and after what a call is made again.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// Calls in all, the first counted.
    pub tries: u32,
    /// Before the second call; doubled before each further one.
    pub pause: Duration,
    /// A pause is never longer, and a longer `Retry-After` ends the trying.
    pub longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { tries: 3, pause: Duration::from_millis(300), longest: Duration::from_secs(5) }
    }
}

/// Makes an **idempotent** call, and makes it again when the network, a time-out, 429 or 502–504 spoiled it.
/// Gives the last answer or error. A request with a streamed body is made once.
pub async fn send_again(request: RequestBuilder, retry: &Retry) -> Result<Response, reqwest::Error> {
    let mut pause = retry.pause;
    let mut request = request;
    for _ in 1..retry.tries {
        let Some(next) = request.try_clone() else { break };
        let wait = match request.send().await {
            Ok(answer) if !is_passing(answer.status()) => return Ok(answer),
            Ok(answer) => match retry_after(&answer) {
                Some(asked) if asked > retry.longest => return Ok(answer),
                asked => asked.unwrap_or(pause),
            },
            Err(failure) if failure.is_builder() || failure.is_redirect() => return Err(failure),
            Err(failure) if crate::Tenant::is_refused(&failure).is_some() => return Err(failure),
            Err(_) => pause,
        };
        tokio::time::sleep(wait.min(retry.longest)).await;
        pause = pause.saturating_mul(2);
        request = next;
    }
    request.send().await
}

/// The call certainly never reached the other side, so making it again does nothing twice.
/// Otherwise its outcome is unknown.
pub fn not_sent(failure: &reqwest::Error) -> bool {
    failure.is_connect() || failure.is_builder()
}

fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// `Retry-After` in seconds; the form with a date is not used by those we call.
fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
