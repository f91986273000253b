//! Follows the outbox: what changes in the catalog changes in the index, in batches, and a crash loses nothing.
//!
//! Each node keeps its own place in the outbox. It moves on only after the indexes have taken the changes durably, and
//! taking a change again is harmless: an event only says which rows to read.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use catalog::events::{CATEGORY_CHANGED, PRODUCT_CHANGED, PRODUCT_CREATED, PRODUCT_DELETED};
use catalog::{Category, Product};
use context::{StoredEvent, events_after, last_event_seq, settled_events};
use db::{ReadTx, Scope, Topic};
use kernel::{Id, Result, WorkspaceId};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::product::entry;
use crate::service::Search;
use crate::shelf::Shelf;
use crate::store;

/// Events read at once; a commit of the index costs as much as many of them.
const EVENTS_PER_STEP: u32 = 1_000;
/// How long changes gather before they are taken.
const GATHER: Duration = Duration::from_millis(30);
/// How often it looks without having been woken (another node's events, an open transaction that ended).
const LOOK: Duration = Duration::from_secs(1);

/// What changed in one workspace.
#[derive(Debug, Default)]
struct Changes {
    products: HashSet<Id<Product>>,
    categories: HashSet<Id<Category>>,
    last: i64,
}

/// Following in the background; [`FollowHandle::stop`] ends it after the step in hand.
#[derive(Debug)]
pub struct FollowHandle {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl FollowHandle {
    /// Takes no more changes and waits for those in hand.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "following the catalog ended badly");
        }
    }
}

impl Search {
    /// Begins to follow: fills the indexes that are missing, then takes changes as they come.
    pub fn start(self: &Arc<Self>) -> FollowHandle {
        let stop = CancellationToken::new();
        self.beginning.store(true, Ordering::Release);
        let task = tokio::spawn(Arc::clone(self).keep_following(stop.clone()));
        FollowHandle { stop, task }
    }

    async fn keep_following(self: Arc<Self>, stop: CancellationToken) {
        let mut woken = self.db.subscribe(Topic::Events);
        while !stop.is_cancelled() {
            woken.mark_unchanged();
            let search = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || search.follow_now()).await {
                Ok(Ok(())) => self.beginning.store(false, Ordering::Release),
                Ok(Err(error)) => tracing::error!(%error, "the search cannot follow the catalog"),
                Err(error) => tracing::error!(%error, "following the catalog panicked"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                _ = woken.changed() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
            tokio::time::sleep(GATHER).await;
        }
    }

    /// Takes every change there is. Blocks; for start-up, commands and tests.
    pub fn follow_now(&self) -> Result<()> {
        let mut followed = self.lock_place();
        let mut place = match *followed {
            Some(place) => place,
            None => self.begin()?,
        };
        *followed = Some(place);
        loop {
            let settled = self.db.read_now(Scope::Server, settled_events)?;
            let events = self.db.read_now(Scope::Server, move |tx: &mut ReadTx<'_>| {
                events_after(tx, place, settled, EVENTS_PER_STEP)
            })?;
            let Some(last) = events.last().map(|event| event.seq) else { return Ok(()) };
            let changes = gathered(&events);
            for (workspace, changes) in &changes {
                self.take(*workspace, changes, place)?;
            }
            place = last;
            *followed = Some(place);
            // Many events are about other things than products; their place needs no keeping.
            if !changes.is_empty() {
                self.shelves.set_cursor(place)?;
            }
        }
    }

    /// The place in the outbox up to which this node has followed, in this process or the one before.
    pub(crate) fn followed_to(&self) -> Result<i64> {
        match self.lock_place().or_else(|| self.shelves.cursor()) {
            Some(place) => Ok(place),
            None => self.newest_place(),
        }
    }

    /// The end of the outbox, as far as nothing can come before it any more.
    fn newest_place(&self) -> Result<i64> {
        let settled = self.db.read_now(Scope::Server, settled_events)?;
        self.db.read_now(Scope::Server, move |tx| last_event_seq(tx, settled))
    }

    fn lock_place(&self) -> MutexGuard<'_, Option<i64>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds the place where the last process of this node left off, and fills what is missing.
    fn begin(&self) -> Result<i64> {
        let newest = self.newest_place()?;
        // A place beyond the newest event is of another database: one that was restored from a backup, or replaced.
        let place = match self.shelves.cursor().filter(|kept| *kept <= newest) {
            Some(kept) => kept,
            None => {
                self.shelves.clear()?;
                self.shelves.set_cursor(newest)?;
                newest
            }
        };
        for workspace in self.db.read_now(Scope::Server, store::list_workspaces)? {
            let shelf = self.shelves.get(workspace)?;
            let _turn = shelf.fill();
            if shelf.filled_to()?.is_none() {
                self.refill(workspace, &shelf, place)?;
            }
        }
        Ok(place)
    }

    /// Takes the changes of one workspace; events up to `settled` were taken before.
    fn take(&self, workspace: WorkspaceId, changes: &Changes, settled: i64) -> Result<()> {
        let shelf = self.shelves.get(workspace)?;
        let _turn = shelf.fill();
        match shelf.filled_to()? {
            None => return self.refill(workspace, &shelf, settled).map(|_| ()),
            Some(filled) if filled >= changes.last => return Ok(()),
            Some(_) => {}
        }
        let tree = self.tree(workspace)?;
        let ids: Vec<Id<Product>> = changes.products.iter().copied().collect();
        let (entries, gone) = self.entries(workspace, &tree, &ids)?;
        let moved = self.products_below(workspace, &tree, &changes.categories)?;
        let moved = moved.iter().filter(|product| !changes.products.contains(&product.id));
        let mut batch = shelf.engine.batch()?;
        for entry in entries.into_iter().chain(moved.filter_map(|product| entry(product, &tree))) {
            batch.upsert(&entry)?;
        }
        for key in gone {
            batch.remove(key);
        }
        batch.commit(&Shelf::mark(changes.last))
    }
}

/// The changes that events tell of, by workspace. Events of other things give none.
fn gathered(events: &[StoredEvent]) -> BTreeMap<WorkspaceId, Changes> {
    let mut all: BTreeMap<WorkspaceId, Changes> = BTreeMap::new();
    for event in events {
        let StoredEvent { seq, workspace, name, subject, payload: _, at: _ } = event;
        let is_product = matches!(name.as_str(), PRODUCT_CREATED | PRODUCT_CHANGED | PRODUCT_DELETED);
        if !is_product && name != CATEGORY_CHANGED {
            continue;
        }
        let changes = all.entry(*workspace).or_default();
        changes.last = *seq;
        if is_product {
            changes.products.insert(Id::from_uuid(*subject));
        } else {
            changes.categories.insert(Id::from_uuid(*subject));
        }
    }
    all
}
