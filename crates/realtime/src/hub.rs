//! One reader of the outbox a node, and a room for each workspace in which somebody listens.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use context::{Ctx, Permissions, StoredEvent, events_after, last_event_seq, settled_events};
use db::{Db, ReadTx, Scope, Topic};
use kernel::{Error, Kind, Result, Text, WorkspaceId};
use serde_json::json;
use tokio::{sync::broadcast, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    publish::published,
    topic::{Sight, Topics, sight},
};

/// Events read at once: half of what a room holds, so that whoever listens well is not sent away by a long import.
const EVENTS_PER_STEP: u32 = 128;
/// How long listeners have between two full steps.
const BREATH: Duration = Duration::from_millis(5);
/// How long events gather after somebody was woken: a busy server is read twenty times a second, not a thousand.
const GATHER: Duration = Duration::from_millis(50);
/// How often it looks without having been woken: for another node's events.
const LOOK: Duration = Duration::from_secs(1);
/// Events that wait in a room. Whoever is further behind is sent away and comes back for them.
const ROOM_EVENTS: usize = 256;
/// Bytes of what an event tells; a larger one is told without it.
const DATA_BYTES: usize = 16 << 10;
/// Seconds after which somebody may come again who had too many streams.
const RETRY_S: u32 = 30;

/// How many may listen.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Streams of one person, or of one key.
    pub of_one: usize,
    /// Streams of the node.
    pub of_node: usize,
}

impl Default for Limits {
    /// A person with many tabs; as many as a small machine holds.
    fn default() -> Self {
        Self { of_one: 32, of_node: 10_000 }
    }
}

/// Tells what happens to whoever listens at this node.
#[derive(Debug)]
pub struct Realtime {
    db: Db,
    limits: Limits,
    rooms: Mutex<Rooms>,
    /// Up to where events are told.
    place: tokio::sync::Mutex<Option<i64>>,
    /// Whether there is such a place yet.
    has_begun: AtomicBool,
}

#[derive(Debug, Default)]
struct Rooms {
    by_workspace: HashMap<WorkspaceId, Room>,
    seats: usize,
}

#[derive(Debug)]
struct Room {
    sender: broadcast::Sender<Arc<Told>>,
    seats: HashMap<Option<Uuid>, usize>,
}

/// An event as it is told.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) seq: i64,
    pub(crate) name: String,
    sight: Sight,
    /// JSON of the event, without line breaks.
    pub(crate) data: String,
}

impl Told {
    /// `None` when nobody is told it.
    pub(crate) fn of(event: StoredEvent) -> Option<Self> {
        let StoredEvent { seq, workspace: _, name, subject, payload, at } = event;
        let (name, payload) = published(name, payload);
        let sight = sight(&name)?;
        let text = payload.to_string();
        let payload = if text.len() <= DATA_BYTES { payload } else { serde_json::Value::Null };
        let data = json!({ "name": name, "subject": subject, "at": at, "data": payload }).to_string();
        Some(Self { seq, name, sight, data })
    }

    /// Whether it is told to somebody with these permissions who asked for these topics.
    pub(crate) fn is_for(&self, permissions: Permissions, topics: &Topics) -> bool {
        let may = match self.sight {
            Sight::Everybody => true,
            Sight::Needs(permission) => permissions.has(permission),
        };
        may && topics.hold(&self.name)
    }
}

/// Somebody who listens; they leave when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    hub: Arc<Realtime>,
    workspace: WorkspaceId,
    who: Option<Uuid>,
    receiver: broadcast::Receiver<Arc<Told>>,
}

impl Seat {
    /// The next event of the workspace; `None` when this one is too far behind, or the node tells no more.
    pub(crate) async fn next(&mut self) -> Option<Arc<Told>> {
        self.receiver.recv().await.ok()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut rooms = self.hub.rooms();
        rooms.seats = rooms.seats.saturating_sub(1);
        let Some(room) = rooms.by_workspace.get_mut(&self.workspace) else { return };
        if let Some(seats) = room.seats.get_mut(&self.who) {
            *seats = seats.saturating_sub(1);
            if *seats == 0 {
                room.seats.remove(&self.who);
            }
        }
        if room.seats.is_empty() {
            rooms.by_workspace.remove(&self.workspace);
        }
    }
}

/// Following in the background; [`RealtimeHandle::stop`] ends it.
#[derive(Debug)]
pub struct RealtimeHandle {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl RealtimeHandle {
    /// Tells no more.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "telling events ended badly");
        }
    }
}

impl Realtime {
    /// Over this database, for at most so many.
    pub fn new(db: Db, limits: Limits) -> Self {
        Self {
            db,
            limits,
            rooms: Mutex::default(),
            place: tokio::sync::Mutex::new(None),
            has_begun: AtomicBool::new(false),
        }
    }

    /// Begins to tell what happens from now on.
    pub fn start(self: &Arc<Self>) -> RealtimeHandle {
        let stop = CancellationToken::new();
        let task = tokio::spawn(Arc::clone(self).keep_telling(stop.clone()));
        RealtimeHandle { stop, task }
    }

    async fn keep_telling(self: Arc<Self>, stop: CancellationToken) {
        let mut woken = self.db.subscribe(Topic::Events);
        loop {
            woken.mark_unchanged();
            if let Err(error) = self.tell_new().await {
                tracing::warn!(%error, "events cannot be told now");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                _ = woken.changed() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Begins at the end of the outbox, if it has not begun yet.
    async fn begin(&self) -> Result<()> {
        if self.has_begun.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut place = self.place.lock().await;
        if place.is_none() {
            let settled = self.db.read(Scope::Server, settled_events).await?;
            let read = move |tx: &mut ReadTx<'_>| last_event_seq(tx, settled);
            *place = Some(self.db.read(Scope::Server, read).await?);
            self.has_begun.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// Tells every event that is new. The first time there is none: it begins at the end of the outbox.
    pub async fn tell_new(&self) -> Result<()> {
        self.begin().await?;
        let mut place = self.place.lock().await;
        loop {
            let Some(from) = *place else { return Ok(()) };
            let settled = self.db.read(Scope::Server, settled_events).await?;
            let read = move |tx: &mut ReadTx<'_>| events_after(tx, from, settled, EVENTS_PER_STEP);
            let events = self.db.read(Scope::Server, read).await?;
            let Some(last) = events.last().map(|event| event.seq) else { return Ok(()) };
            let is_full = u32::try_from(events.len()).is_ok_and(|count| count == EVENTS_PER_STEP);
            self.tell(events);
            *place = Some(last);
            if is_full {
                tokio::time::sleep(BREATH).await;
            }
        }
    }

    fn tell(&self, events: Vec<StoredEvent>) {
        let rooms = self.rooms();
        for event in events {
            let Some(room) = rooms.by_workspace.get(&event.workspace) else { continue };
            if let Some(told) = Told::of(event) {
                // Nobody in the room any more is no mistake.
                let _listeners = room.sender.send(Arc::new(told));
            }
        }
    }

    /// A seat in the room of the caller's workspace; what happens from now on is heard.
    pub(crate) async fn sit(self: &Arc<Self>, ctx: &Ctx) -> Result<Seat> {
        // A node that has only just started would begin behind what happens between this and its first look.
        self.begin().await?;
        let (workspace, who) = (ctx.workspace(), ctx.actor().id);
        let mut rooms = self.rooms();
        let too_many = || {
            let kind = Kind::TooMuch { retry_after_s: Some(RETRY_S) };
            Error::new(kind, Text::new("realtime-too-many"))
        };
        if rooms.seats >= self.limits.of_node {
            return Err(too_many());
        }
        let room = rooms
            .by_workspace
            .entry(workspace)
            .or_insert_with(|| Room { sender: broadcast::Sender::new(ROOM_EVENTS), seats: HashMap::new() });
        let seats = room.seats.entry(who).or_default();
        if *seats >= self.limits.of_one {
            return Err(too_many());
        }
        *seats += 1;
        let receiver = room.sender.subscribe();
        rooms.seats += 1;
        Ok(Seat { hub: Arc::clone(self), workspace, who, receiver })
    }

    /// How many listen.
    pub fn seats(&self) -> usize {
        self.rooms().seats
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
