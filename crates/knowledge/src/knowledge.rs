//! [`Knowledge`]: the one of a process. Keeps the indexes of the workspaces asked last, and makes one anew when what a
//! workspace knows has changed.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use context::Ctx;
use db::{Db, ReadTx};
use kernel::{Error, Id, Result, WorkspaceId};
use uuid::Uuid;

use crate::{Engine, Passage, store};

/// Indexes kept in memory; those asked longest ago go first.
const INDEXES: usize = 64;
/// Passages in the indexes that are kept, of all workspaces together: at some five kilobytes each, 200 MB.
const PASSAGES_KEPT: usize = 40_000;
/// Passages of one answer.
const FOUND_AT_MOST: usize = 50;

/// A passage that fits a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The passage.
    pub passage: Id<Passage>,
    /// The number of its document.
    pub document: i64,
    /// The document's title; the question of a pair.
    pub title: String,
    /// The page of a PDF on which it begins.
    pub page: Option<u32>,
    /// The heading above it.
    pub heading: Option<String>,
    /// Its text; the answer of a pair.
    pub text: String,
    /// The question, for a pair.
    pub question: Option<String>,
    /// How much of the question's weight it covers, in thousandths.
    pub fit: u16,
    /// Good enough to be said as the answer without a model. Only the best passage can be.
    pub is_sure: bool,
}

/// What the index says about a passage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) fit: u16,
    pub(crate) is_sure: bool,
}

/// The index of a workspace, as it was at a revision.
struct Made {
    revision: i64,
    passages: usize,
    engine: Arc<Engine>,
}

/// The place of a workspace's index.
#[derive(Default)]
struct Shelf {
    made: Mutex<Option<Made>>,
    /// Held while the index is made, so that many questions at once make it once.
    making: tokio::sync::Mutex<()>,
    asked_at: AtomicU64,
}

impl Shelf {
    fn held(&self) -> MutexGuard<'_, Option<Made>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index, if it is that of this revision.
    fn at(&self, revision: i64) -> Option<Arc<Engine>> {
        let held = self.held();
        held.as_ref().filter(|made| made.revision == revision).map(|made| Arc::clone(&made.engine))
    }

    fn passages(&self) -> usize {
        self.held().as_ref().map_or(0, |made| made.passages)
    }
}

/// What the workspaces of a server know. One per process; cheap to clone through its `Arc`.
#[derive(Default)]
pub struct Knowledge {
    shelves: Mutex<HashMap<WorkspaceId, Arc<Shelf>>>,
    asked: AtomicU64,
}

impl std::fmt::Debug for Knowledge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Knowledge")
    }
}

async fn read_revision(ctx: &Ctx, db: &Db) -> Result<i64> {
    let own = ctx.clone();
    db.read(ctx, move |tx| store::revision(&own, tx)).await
}

impl Knowledge {
    /// Nothing in memory yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The passages that fit the question best, the best first; at most `at_most`. Empty when nothing fits.
    ///
    /// Asks for no permission: whoever may talk with a bot may be told what it knows. Pages and the API ask.
    pub async fn find(&self, ctx: &Ctx, db: &Db, question: &str, at_most: usize) -> Result<Vec<Found>> {
        let engine = self.engine(ctx, db).await?;
        let hits = engine.find(question, at_most.min(FOUND_AT_MOST));
        if hits.is_empty() {
            return Ok(Vec::new());
        }
        let hits: Vec<(Id<Passage>, Shown)> = hits
            .into_iter()
            .map(|hit| {
                let shown = Shown { fit: hit.fit, is_sure: hit.is_sure };
                (Id::from_uuid(Uuid::from_u128(hit.key)), shown)
            })
            .collect();
        let own = ctx.clone();
        db.read(ctx, move |tx| store::found(&own, tx, &hits)).await
    }

    /// The workspace's index at its present revision.
    async fn engine(&self, ctx: &Ctx, db: &Db) -> Result<Arc<Engine>> {
        let shelf = self.shelf(ctx.workspace());
        if let Some(engine) = shelf.at(read_revision(ctx, db).await?) {
            return Ok(engine);
        }
        let _making = shelf.making.lock().await;
        // Whoever waited finds what the one before has made.
        if let Some(engine) = shelf.at(read_revision(ctx, db).await?) {
            return Ok(engine);
        }
        let own = ctx.clone();
        // The number first: rows newer than it are read once more at the next question, never the other way round.
        let read = move |tx: &mut ReadTx| Ok((store::revision(&own, tx)?, store::entries(&own, tx)?));
        let (revision, entries) = db.read(ctx, read).await?;
        let passages = entries.len();
        let engine = tokio::task::spawn_blocking(move || Arc::new(Engine::of(&entries))).await;
        let engine = engine.map_err(Error::internal)?;
        *shelf.held() = Some(Made { revision, passages, engine: Arc::clone(&engine) });
        self.forget();
        Ok(engine)
    }

    fn shelf(&self, workspace: WorkspaceId) -> Arc<Shelf> {
        let mut shelves = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        let shelf = shelves.entry(workspace).or_default();
        shelf.asked_at.store(self.asked.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        Arc::clone(shelf)
    }

    /// Lets go of the indexes asked longest ago, while there are too many or they are too large; never of the last one.
    fn forget(&self) {
        let mut shelves = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        let too_large = |shelves: &HashMap<WorkspaceId, Arc<Shelf>>| {
            shelves.len() > 1 && shelves.values().map(|shelf| shelf.passages()).sum::<usize>() > PASSAGES_KEPT
        };
        while shelves.len() > INDEXES || too_large(&shelves) {
            let oldest = shelves.iter().min_by_key(|(_, shelf)| shelf.asked_at.load(Ordering::Relaxed));
            let Some(oldest) = oldest.map(|(workspace, _)| *workspace) else { return };
            shelves.remove(&oldest);
        }
    }

    /// How many indexes are in memory.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> usize {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// Whether the workspace knows anything that can be found.
pub fn has_any(ctx: &Ctx, tx: &mut ReadTx) -> Result<bool> {
    store::has_any(ctx, tx)
}
