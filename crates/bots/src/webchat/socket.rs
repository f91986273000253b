//! `GET /chat/{key}/live`: what is new, over a WebSocket, as it is said. The token comes in the first message, since a
//! page cannot send headers with it and addresses are written into logs.

use std::time::Duration;

use axum::{
    extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    response::Response,
};
use kernel::{Error, Kind, Result, Text};
use serde::Deserialize;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::{
    Visitor,
    door::Door,
    live::{Seat, Woken},
    watch::{News, news, sit},
};

/// Bytes of what a page says here: its token.
const MESSAGE_BYTES: usize = 1_024;
/// How long the token may take.
const HELLO: Duration = Duration::from_secs(10);
/// A word now and then, so that proxies keep the connection and the page knows that it holds.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How often a visitor who has not said anything yet is looked after.
const LOOK: Duration = Duration::from_secs(1);
/// Between two looks at an answer that is being written.
const DRAFT_PAUSE: Duration = Duration::from_millis(80);
/// After this the page connects again, so that who may is asked anew.
const LIFE: Duration = Duration::from_secs(600);
/// Why it was closed, where the page has to do something: nobody has this token.
const UNKNOWN: u16 = 4404;
/// It connects again in a while.
const AGAIN: u16 = 1012;

/// The first message.
#[derive(Debug, Deserialize)]
struct Hello {
    token: String,
    #[serde(default)]
    after: i64,
}

pub(super) async fn listen(door: Door, upgrade: WebSocketUpgrade) -> web::Result<Response> {
    // Browsers say the origin of every WebSocket, and nothing else keeps other sites out.
    if !door.is_from_page {
        return Err(Error::new(Kind::Forbidden, Text::new("bots-web-origin-refused")).into());
    }
    let upgrade = upgrade.max_message_size(MESSAGE_BYTES).max_frame_size(MESSAGE_BYTES);
    Ok(upgrade.on_upgrade(move |socket| talk(door, socket)))
}

async fn talk(door: Door, mut socket: WebSocket) {
    let code = match met(&door, &mut socket).await {
        Ok(Some((visitor, after))) => match tell(&door, &mut socket, &visitor, after).await {
            Ok(code) => code,
            Err(error) => {
                tracing::warn!(%error, "what was said cannot be told now");
                Some(AGAIN)
            }
        },
        Ok(None) => None,
        Err(error) if error.kind() == Kind::NotFound => Some(UNKNOWN),
        Err(_) => Some(AGAIN),
    };
    if let Some(code) = code {
        let frame = CloseFrame { code, reason: "".into() };
        // Whoever has left does not hear it.
        let _gone = socket.send(Message::Close(Some(frame))).await;
    }
}

/// Who listens, and from where on; `None` when they said nothing of it.
async fn met(door: &Door, socket: &mut WebSocket) -> Result<Option<(Visitor, i64)>> {
    let Ok(Some(Ok(Message::Text(text)))) = timeout(HELLO, socket.recv()).await else { return Ok(None) };
    let Ok(Hello { token, after }) = serde_json::from_str(&text) else { return Ok(None) };
    Ok(Some((door.visitor(&token).await?, after)))
}

/// Tells what is new until somebody leaves. Answers why it is to be closed.
async fn tell(door: &Door, socket: &mut WebSocket, visitor: &Visitor, mut after: i64) -> Result<Option<u16>> {
    let end = Instant::now() + LIFE;
    let mut seat: Option<Seat> = None;
    let mut is_first = true;
    loop {
        let found = news(door, visitor, after).await?;
        if seat.is_none() && found.conversation.is_some() {
            seat = sit(door, &found)?;
            // What came between the look and the seat is looked for at once.
            is_first = send(socket, &found, &mut after, is_first).await?;
            continue;
        }
        let is_more = !found.is_empty();
        if is_more || is_first {
            is_first = send(socket, &found, &mut after, is_first).await?;
            if is_more {
                continue;
            }
        }
        match wait(door, socket, &mut seat, end).await {
            Next::Look => {}
            Next::Close(code) => return Ok(code),
        }
    }
}

/// What is to be done next.
enum Next {
    Look,
    Close(Option<u16>),
}

/// Waits for something new; meanwhile shows what is being written and says a word now and then.
async fn wait(door: &Door, socket: &mut WebSocket, seat: &mut Option<Seat>, end: Instant) -> Next {
    loop {
        let word = tokio::select! {
            woken = changed(seat) => match woken {
                Woken::News => return Next::Look,
                Woken::Draft(text) => {
                    // What comes meanwhile is told with the next.
                    sleep(DRAFT_PAUSE).await;
                    serde_json::json!({ "draft": &*text }).to_string()
                }
            },
            () = sleep(HEARTBEAT) => "{}".to_owned(),
            said = socket.recv() => match said {
                Some(Ok(Message::Text(_) | Message::Ping(_) | Message::Pong(_))) => continue,
                _ => return Next::Close(None),
            },
            () = door.app.stopping().cancelled() => return Next::Close(Some(AGAIN)),
            () = sleep_until(end) => return Next::Close(Some(AGAIN)),
        };
        if socket.send(Message::Text(word.into())).await.is_err() {
            return Next::Close(None);
        }
    }
}

async fn send(socket: &mut WebSocket, found: &News, after: &mut i64, is_first: bool) -> Result<bool> {
    if found.is_empty() && !is_first {
        return Ok(false);
    }
    let text = serde_json::to_string(found).map_err(Error::internal)?;
    // A page that was told to read anew says its place with the next connection.
    *after = found.last;
    socket.send(Message::Text(text.into())).await.map_err(|error| Error::busy().because(error))?;
    Ok(false)
}

/// Done when there may be something new.
async fn changed(seat: &mut Option<Seat>) -> Woken {
    match seat {
        Some(seat) => seat.changed().await,
        None => {
            sleep(LOOK).await;
            Woken::News
        }
    }
}
