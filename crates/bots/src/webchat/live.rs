//! Who looks at which conversation. One reader a node finds out what was said anywhere, however many listen, and wakes
//! those whom it concerns.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use db::{Db, ReadTx, Scope, Topic};
use kernel::{Error, Id, Kind, Result, Text};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{Bots, Conversation, store};

/// How long rows gather after somebody was woken: a busy server is read twenty times a second.
const GATHER: Duration = Duration::from_millis(50);
/// How often it looks without having been woken: for another node's messages.
const LOOK: Duration = Duration::from_secs(1);
/// Rows before the last one that are read again: their transactions may have ended later. Whoever listens looks by
/// themselves now and then, too.
const AGAIN_ROWS: i64 = 500;
/// Who may listen at one conversation: a person with many tabs.
const OF_ONE: usize = 12;
/// Who may listen from one address: all that a mobile operator has behind it.
const OF_ADDRESS: usize = 500;
/// Who may listen at this node.
const OF_NODE: usize = 10_000;
/// Seconds after which somebody may come again.
const RETRY_S: u32 = 30;

/// Who looks at which conversation.
#[derive(Debug, Default)]
pub(crate) struct Live {
    rooms: Mutex<Rooms>,
}

#[derive(Debug, Default)]
struct Rooms {
    by_conversation: HashMap<Id<Conversation>, Room>,
    by_address: HashMap<String, usize>,
    is_read: bool,
}

#[derive(Debug)]
struct Room {
    /// The place of the last message that is known of.
    last: watch::Sender<i64>,
    /// What is being written as an answer; empty when nothing is.
    draft: watch::Sender<Arc<str>>,
    seats: usize,
}

/// Somebody who listens; they leave when it is dropped.
pub(super) struct Seat {
    bots: Arc<Bots>,
    conversation: Id<Conversation>,
    address: String,
    last: watch::Receiver<i64>,
    draft: watch::Receiver<Arc<str>>,
}

/// What a listener was woken by.
pub(super) enum Woken {
    /// Something new was said.
    News,
    /// An answer is being written; so far it is this.
    Draft(Arc<str>),
}

impl Seat {
    /// Done when something new was said in the conversation since the last time.
    pub(super) async fn said(&mut self) {
        // The sender lives as long as somebody sits in its room.
        let _news = self.last.changed().await;
    }

    /// Done when something new was said in the conversation, or is being written, since the last time.
    pub(super) async fn changed(&mut self) -> Woken {
        // The senders live as long as somebody sits in their room.
        tokio::select! {
            biased;
            _ = self.last.changed() => Woken::News,
            _ = self.draft.changed() => Woken::Draft(Arc::clone(&self.draft.borrow_and_update())),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut rooms = self.bots.live().rooms();
        if let Some(room) = rooms.by_conversation.get_mut(&self.conversation) {
            room.seats = room.seats.saturating_sub(1);
            if room.seats == 0 {
                rooms.by_conversation.remove(&self.conversation);
            }
        }
        if let Some(seats) = rooms.by_address.get_mut(&self.address) {
            *seats = seats.saturating_sub(1);
            if *seats == 0 {
                rooms.by_address.remove(&self.address);
            }
        }
    }
}

/// Sits down at this conversation. What is said from now on is heard; what was said before is the listener's to read.
pub(super) fn sit(
    bots: &Arc<Bots>,
    db: &Db,
    stopping: &CancellationToken,
    conversation: Id<Conversation>,
    address: &str,
) -> Result<Seat> {
    let full = || Error::new(Kind::TooMuch { retry_after_s: Some(RETRY_S) }, Text::new("bots-web-too-often"));
    let mut rooms = bots.live().rooms();
    if rooms.by_address.values().sum::<usize>() >= OF_NODE
        || rooms.by_address.get(address).is_some_and(|seats| *seats >= OF_ADDRESS)
    {
        return Err(full());
    }
    let room = rooms.by_conversation.entry(conversation).or_insert_with(|| Room {
        last: watch::Sender::new(0),
        draft: watch::Sender::new("".into()),
        seats: 0,
    });
    if room.seats >= OF_ONE {
        return Err(full());
    }
    room.seats += 1;
    let (last, draft) = (room.last.subscribe(), room.draft.subscribe());
    *rooms.by_address.entry(address.to_owned()).or_default() += 1;
    if !rooms.is_read {
        rooms.is_read = true;
        tokio::spawn(read_on(Arc::clone(bots), db.clone(), stopping.clone()));
    }
    drop(rooms);
    Ok(Seat { bots: Arc::clone(bots), conversation, address: address.to_owned(), last, draft })
}

/// Reads what was said for as long as somebody listens.
async fn read_on(bots: Arc<Bots>, db: Db, stopping: CancellationToken) {
    let mut woken = db.subscribe(Topic::Messages);
    let mut place = None;
    while !bots.live().is_done() {
        woken.mark_unchanged();
        match find(&db, place).await {
            Ok((last, found)) => {
                place = Some(last);
                bots.live().tell(&found);
            }
            Err(error) => tracing::warn!(%error, "what was said cannot be read now"),
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            _ = woken.changed() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// The place of a conversation's last message.
type Place = (Id<Conversation>, i64);

async fn find(db: &Db, place: Option<i64>) -> Result<(i64, Vec<Place>)> {
    let read = move |tx: &mut ReadTx<'_>| {
        let last = match place {
            Some(place) => place,
            None => store::message::newest_seq(tx)?,
        };
        let found = store::message::said_after(tx, last.saturating_sub(AGAIN_ROWS))?;
        let newest = found.iter().map(|(_, seq)| *seq).max().unwrap_or(last);
        Ok((newest.max(last), found))
    };
    db.read(Scope::Server, read).await
}

impl Live {
    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody listens any more; the reader ends then, and the next listener begins another.
    fn is_done(&self) -> bool {
        let mut rooms = self.rooms();
        let is_done = rooms.by_conversation.is_empty();
        if is_done {
            rooms.is_read = false;
        }
        is_done
    }

    /// Shows those who look at this conversation from here what is being written as an answer; empty when it is done.
    pub(crate) fn write(&self, conversation: Id<Conversation>, text: &str) {
        let rooms = self.rooms();
        let Some(room) = rooms.by_conversation.get(&conversation) else { return };
        room.draft.send_if_modified(|draft| {
            let is_other = **draft != *text;
            if is_other {
                *draft = text.into();
            }
            is_other
        });
    }

    /// Whether anybody looks at this conversation from here.
    pub(crate) fn is_watched(&self, conversation: Id<Conversation>) -> bool {
        self.rooms().by_conversation.contains_key(&conversation)
    }

    fn tell(&self, found: &[Place]) {
        let rooms = self.rooms();
        for (conversation, seq) in found {
            let Some(room) = rooms.by_conversation.get(conversation) else { continue };
            room.last.send_if_modified(|last| {
                let is_new = *seq > *last;
                *last = (*last).max(*seq);
                is_new
            });
        }
    }
}
