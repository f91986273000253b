//! `GET /conversations/{id}/events`: says `said` when something new stands in the conversation, with its place.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::Path,
    http::HeaderMap,
    response::{Response, sse::Event},
};
use context::Ctx;
use db::{Db, Topic};
use futures::{Stream, stream};
use kernel::{Id, Result};
use serde::Deserialize;
use tokio::{sync::watch, time::Instant};
use web::{Caller, Query, RowKey, event_stream};

use crate::{Conversation, reads, store};

/// Another node's commits wake nobody here: they are seen by looking.
const LOOK: Duration = Duration::from_secs(1);
/// A page is told at most so often.
const PAUSE: Duration = Duration::from_millis(250);
/// After this long the browser connects again, so that who may look is asked anew.
const LIFE: Duration = Duration::from_secs(600);

/// From where on.
#[derive(Debug, Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: i64,
}

pub(super) async fn events(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let heard = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let woken = caller.db().subscribe(Topic::Messages);
    let found = caller.read(move |ctx, tx| reads::get_conversation(ctx, tx, None, key)).await?;
    let watcher = Watcher {
        db: caller.db().clone(),
        ctx: caller.ctx.clone(),
        conversation: found.row.id,
        woken,
        last: heard.unwrap_or(after),
        end: Instant::now() + LIFE,
    };
    Ok(event_stream(&caller.app, watcher.events()))
}

/// One page that looks at a conversation.
struct Watcher {
    db: Db,
    ctx: Ctx,
    conversation: Id<Conversation>,
    woken: watch::Receiver<u64>,
    /// The place up to which the page knows.
    last: i64,
    end: Instant,
}

impl Watcher {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut watcher| async move {
            let event = watcher.next().await?;
            Some((Ok(event), watcher))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            self.woken.mark_unchanged();
            match self.look().await {
                Ok(last) if last > self.last => {
                    self.last = last;
                    tokio::time::sleep(PAUSE).await;
                    let place = last.to_string();
                    return Some(Event::default().event("said").id(place.clone()).data(place));
                }
                Ok(_) => {}
                Err(error) => {
                    // The browser connects again by itself.
                    tracing::warn!(%error, "the events of a conversation broke off");
                    return None;
                }
            }
            tokio::select! {
                changed = self.woken.changed() => changed.ok()?,
                () = tokio::time::sleep(LOOK) => {}
                () = tokio::time::sleep_until(self.end) => return None,
            }
        }
    }

    async fn look(&self) -> Result<i64> {
        let (ctx, conversation) = (self.ctx.clone(), self.conversation);
        self.db.read(&self.ctx, move |tx| store::message::last_seq(&ctx, tx, conversation)).await
    }
}
