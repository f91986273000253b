//! Server-sent events of a simulated chat: rows of the history as they come, and the session after them.

use std::{collections::VecDeque, convert::Infallible, pin::Pin, time::Duration};

use axum::response::{Response, sse::Event};
use context::Ctx;
use db::{Db, ReadTx, Topic};
use futures::{Stream, stream};
use kernel::{Error, Id, Result};
use serde::Serialize;
use serde_json::json;
use tokio::{sync::watch, time::Sleep};
use web::{Caller, RowKey};

use super::{
    stage::{Stage, last_seq, picture_address, session_view},
    wire::SessionView,
};
use crate::{
    Conversation,
    said::{Looks, Seen, file_path},
    store,
    trial::Plays,
};

/// Another node's commits wake nobody here: they are seen by looking.
const LOOK: Duration = Duration::from_secs(1);
/// After this long the browser connects again, so that who may look is asked anew.
const LIFE: Duration = Duration::from_secs(600);
/// Rows read at once.
const ROWS: i64 = 200;

/// The events after the place `after`.
pub(super) async fn open(caller: &Caller, key: RowKey, after: i64, plays: Plays) -> web::Result<Response> {
    let key = (key, plays);
    let (ctx, secret) = (caller.ctx.clone(), *caller.app.secret());
    let woken = caller.db().subscribe(Topic::Messages);
    let opened = caller.read(move |ctx, tx| Stage::find(ctx, tx, key)).await?;
    let known = opened.conversation.map(|conversation| (conversation.id, conversation.resets));
    let watcher = Watcher {
        db: caller.db().clone(),
        ctx,
        secret,
        key,
        woken,
        known,
        last: after,
        session: None,
        waiting: VecDeque::new(),
        has_ended: false,
        end: Box::pin(tokio::time::sleep(LIFE)),
    };
    Ok(web::event_stream(&caller.app, watcher.events()))
}

/// One page that listens.
struct Watcher {
    db: Db,
    ctx: Ctx,
    secret: [u8; 32],
    key: (RowKey, Plays),
    woken: watch::Receiver<u64>,
    /// The conversation that the page shows, and how often it was begun anew.
    known: Option<(Id<Conversation>, i64)>,
    /// The place up to which everything was told.
    last: i64,
    /// The session that was told last.
    session: Option<SessionView>,
    waiting: VecDeque<Event>,
    has_ended: bool,
    end: Pin<Box<Sleep>>,
}

/// What a look found.
enum Found {
    /// The page shows something that is no more: it has to read the state again.
    Reset,
    /// Nothing was ever said.
    Nothing,
    /// New rows, how the session stands, and the conversation they belong to.
    Rows(Vec<(i64, Vec<Told>)>, SessionView, (Id<Conversation>, i64)),
}

/// An event and its data.
pub(crate) type Told = (&'static str, serde_json::Value);

impl Watcher {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut watcher| async move {
            let event = watcher.next().await?;
            Some((Ok(event), watcher))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.has_ended {
                return None;
            }
            self.woken.mark_unchanged();
            if let Err(error) = self.look().await {
                // The browser connects again by itself.
                tracing::warn!(%error, "the simulator's events broke off");
                return None;
            }
            if !self.waiting.is_empty() {
                continue;
            }
            tokio::select! {
                changed = self.woken.changed() => changed.ok()?,
                () = tokio::time::sleep(LOOK) => {}
                () = &mut self.end => return None,
            }
        }
    }

    async fn look(&mut self) -> Result<()> {
        let (ctx, key, secret, known, last) =
            (self.ctx.clone(), self.key, self.secret, self.known, self.last);
        let read = move |tx: &mut ReadTx<'_>| find(&ctx, tx, &secret, key, known, last);
        match self.db.read(&self.ctx, read).await? {
            Found::Nothing => {}
            Found::Reset => {
                self.waiting.push_back(event("reset", &json!({}))?);
                self.has_ended = true;
            }
            Found::Rows(rows, session, known) => {
                self.known = Some(known);
                for (seq, told) in rows {
                    self.tell(seq, told)?;
                }
                if self.session.as_ref() != Some(&session) {
                    self.waiting.push_back(event("session", &session)?);
                    self.session = Some(session);
                }
            }
        }
        Ok(())
    }

    /// Only the last event of a row carries its place: whoever loses the others gets the row again.
    fn tell(&mut self, seq: i64, told: Vec<Told>) -> Result<()> {
        let count = told.len();
        for (number, (name, data)) in told.into_iter().enumerate() {
            let plain = event(name, &data)?;
            self.waiting.push_back(if number + 1 == count { plain.id(seq.to_string()) } else { plain });
        }
        self.last = seq;
        Ok(())
    }
}

fn event(name: &str, data: &impl Serialize) -> Result<Event> {
    Event::default().event(name).json_data(data).map_err(Error::internal)
}

fn find(
    ctx: &Ctx,
    tx: &mut ReadTx,
    secret: &[u8; 32],
    key: (RowKey, Plays),
    known: Option<(Id<Conversation>, i64)>,
    last: i64,
) -> Result<Found> {
    let Some(conversation) = Stage::find(ctx, tx, key)?.conversation else { return Ok(Found::Nothing) };
    let present = (conversation.id, conversation.resets);
    let is_another = known.is_some_and(|known| known != present);
    if is_another || last < conversation.first_seq || last > last_seq(ctx, tx, &conversation)? {
        return Ok(Found::Reset);
    }
    let picture = picture_address(ctx, secret);
    let file = |message| Some(file_path(conversation.id, message));
    let looks = Looks { picture: &picture, person: conversation.person_name.as_str(), file: &file };
    let rows = store::message::after(ctx, tx, conversation.id, last, ROWS)?;
    let told = rows.iter().map(|message| Ok((message.seq, told(looks.see(message))?)));
    Ok(Found::Rows(told.collect::<Result<_>>()?, session_view(Some(&conversation))?, present))
}

/// The events that one row is.
pub(crate) fn told(seen: Seen) -> Result<Vec<Told>> {
    Ok(match seen {
        Seen::Message(said, keyboard) => {
            let message = serde_json::to_value(&said).map_err(Error::internal)?;
            let mut told = vec![("message", message)];
            told.extend(keyboard.map(|keyboard| ("keyboard", json!({ "reply_keyboard": keyboard }))));
            told
        }
        Seen::Toast(message, text) => vec![("callback", json!({ "message_id": message, "text": text }))],
        // Until the next message, which may take a while.
        Seen::Typing => vec![("typing", json!({ "on": true }))],
        Seen::Tap(_) | Seen::Aside(_) | Seen::Changed(..) | Seen::Nothing => Vec::new(),
    })
}
