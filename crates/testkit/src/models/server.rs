//! The HTTP side: both services at one address.

use std::{io, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State as Given},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::stream;
use serde_json::Value;
use tokio::net::TcpListener;

use super::{
    Quirk, Seen, Shared, Slow, State, Wire,
    answer::{Piece, Refused, Step, tokens},
    gemini, gullible, openai,
};

/// Bytes of a request.
const REQUEST_AT_MOST: usize = 8 << 20;

/// Serves until the task is aborted.
pub(super) async fn serve(listener: TcpListener, shared: Shared) {
    let router = Router::new().fallback(answer).with_state(shared);
    let _ = axum::serve(listener, router).await;
}

async fn answer(Given(shared): Given<Shared>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let address = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let bytes = to_bytes(body, REQUEST_AT_MOST).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let path = head.uri.path();
    let model =
        path.strip_prefix("/v1beta/models/").and_then(|rest| rest.strip_suffix(":streamGenerateContent"));
    let (seen, checked) = match (path, model) {
        ("/v1/chat/completions", _) => (openai::see(&address, &body), openai::check(&head.headers, &body)),
        (_, Some(model)) => {
            let checked = gemini::check(&head.headers, &address, model, &body);
            (gemini::see(&address, model, &body), checked)
        }
        _ => return (StatusCode::NOT_FOUND, "Not Found").into_response(),
    };
    if head.method != "POST" {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let planned = {
        let mut state = shared.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        state.requests.push(seen.clone());
        checked.map(|()| Plan::of(&mut state, &seen, &address))
    };
    match planned {
        Ok(plan) => plan.carry_out().await,
        Err(refused) => refusal(&refused, None),
    }
}

/// What a request gets.
struct Plan {
    wire: Wire,
    step: Step,
    pieces: Vec<Piece>,
    slow: Slow,
    quirks: Vec<Quirk>,
}

impl Plan {
    fn of(state: &mut State, seen: &Seen, address: &str) -> Self {
        let ordered = if state.is_gullible && seen.may_call { gullible::ordered(seen) } else { Vec::new() };
        let step = if ordered.is_empty() {
            state.script.pop_front().unwrap_or_else(|| Step::Say { text: "OK".to_owned(), calls: Vec::new() })
        } else {
            Step::Say { text: String::new(), calls: ordered }
        };
        let mut quirks = state.quirks.clone();
        // Without this word in the address Gemini answers one JSON.
        if seen.wire == Wire::Gemini && !address.contains("alt=sse") {
            quirks.push(Quirk::NoStream);
        }
        let said = |text: &str, calls: &[(String, Value)]| {
            let counted = (tokens(&seen.body.to_string()), tokens(text) + 8 * calls.len() as u64);
            let usage = (!quirks.contains(&Quirk::NoUsage)).then(|| state.usage.unwrap_or(counted));
            match seen.wire {
                Wire::OpenAi => openai::answer(text, calls, usage, &quirks, seen.messages.len()),
                Wire::Gemini => gemini::answer(text, calls, usage, &quirks, state.signed),
            }
        };
        // An answer that breaks off has said what it said, and nothing of its end.
        let begun = |text: &str, end: Piece| {
            let said = said(text, &[]).into_iter().take(if text.is_empty() { 0 } else { usize::MAX });
            let mut pieces: Vec<Piece> = said.filter(|piece| !ends(piece)).collect();
            pieces.push(end);
            pieces
        };
        let pieces = match &step {
            Step::Say { text, calls } => said(text, calls),
            Step::Break { text } => begun(text, Piece::Break),
            Step::FailInStream { text, status } => {
                begun(text, Piece::Json(error(seen.wire, *status, None).body))
            }
            Step::Block => match seen.wire {
                Wire::OpenAi => openai::blocked(),
                Wire::Gemini => gemini::blocked(),
            },
            Step::Fail { .. } | Step::Raw { .. } | Step::Redirect { .. } => Vec::new(),
        };
        state.signed += 1;
        Self { wire: seen.wire, step, pieces, slow: state.slow, quirks }
    }

    async fn carry_out(self) -> Response {
        let Self { wire, step, pieces, slow, quirks } = self;
        tokio::time::sleep(slow.before).await;
        match step {
            Step::Fail { status, retry_after_s, code } => {
                refusal(&error(wire, status, code.as_deref()), retry_after_s)
            }
            Step::Raw { content_type, body } => {
                ([(header::CONTENT_TYPE, content_type)], body).into_response()
            }
            Step::Redirect { status, to } => {
                let status = StatusCode::from_u16(status).expect("a status");
                (status, [(header::LOCATION, to)]).into_response()
            }
            _ if quirks.contains(&Quirk::NoStream) => match pieces.into_iter().next() {
                Some(Piece::Json(whole)) => axum::Json(whole).into_response(),
                _ => StatusCode::BAD_GATEWAY.into_response(),
            },
            _ => streamed(pieces, slow, &quirks),
        }
    }
}

/// Whether a piece is of the end of an answer.
fn ends(piece: &Piece) -> bool {
    match piece {
        Piece::Json(json) => {
            json["choices"].as_array().is_some_and(Vec::is_empty)
                || json["choices"][0]["finish_reason"].is_string()
        }
        Piece::Done | Piece::Break => true,
    }
}

fn error(wire: Wire, status: u16, code: Option<&str>) -> Refused {
    match wire {
        Wire::OpenAi => openai::ordered_error(status, code),
        Wire::Gemini => gemini::ordered_error(status, code),
    }
}

fn refusal(refused: &Refused, retry_after_s: Option<u32>) -> Response {
    let mut headers = HeaderMap::new();
    if let Some(seconds) = retry_after_s {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    let status = StatusCode::from_u16(refused.status).expect("a status");
    (status, headers, axum::Json(refused.body.clone())).into_response()
}

/// The pieces as a stream of events.
fn streamed(pieces: Vec<Piece>, slow: Slow, quirks: &[Quirk]) -> Response {
    let odd = quirks.contains(&Quirk::OddLines);
    let end = if odd { "\r\n" } else { "\n" };
    let last = pieces.len().saturating_sub(1);
    let no_last_line = quirks.contains(&Quirk::NoLastLine);
    let mut chunks: Vec<Option<String>> = Vec::new();
    for (at, piece) in pieces.into_iter().enumerate() {
        let data = match piece {
            Piece::Json(json) => json.to_string(),
            Piece::Done => "[DONE]".to_owned(),
            Piece::Break => {
                chunks.push(None);
                continue;
            }
        };
        let before = if odd { format!(": ping{end}event: message{end}") } else { String::new() };
        let after = if at == last && no_last_line { String::new() } else { format!("{end}{end}") };
        let mark = if odd && at == 0 { "\u{feff}" } else { "" };
        chunks.push(Some(format!("{mark}{before}data: {data}{after}")));
    }
    let body = stream::unfold((chunks.into_iter(), true), move |(mut chunks, is_first)| async move {
        let chunk = chunks.next()?;
        tokio::time::sleep(if is_first { slow.first } else { slow.between }).await;
        let bytes = match chunk {
            Some(text) => Ok(Bytes::from(text)),
            None => {
                // What was said before goes out before the connection breaks.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Err(io::Error::other("broken on order"))
            }
        };
        Some((bytes, (chunks, false)))
    });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(body)).into_response()
}
