//! The indexes of a node: one engine for each workspace, in folders below one folder, or in memory.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{Error, Result, WorkspaceId};

use crate::engine::{Engine, VERSION};

/// Engines kept open; those asked longest ago are closed first.
const MAX_OPEN: usize = 64;
/// The file that holds the place in the outbox up to which this node's indexes are filled.
const CURSOR_FILE: &str = "cursor";

/// The index of one workspace.
pub(crate) struct Shelf {
    pub(crate) engine: Engine,
    /// Held by whoever fills the index, from the look at its mark to the commit.
    filling: Mutex<()>,
    asked_at: AtomicU64,
}

impl Shelf {
    fn new(engine: Engine) -> Self {
        Self { engine, filling: Mutex::new(()), asked_at: AtomicU64::new(0) }
    }

    /// Waits until nobody else fills this index.
    pub(crate) fn fill(&self) -> MutexGuard<'_, ()> {
        self.filling.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place in the outbox up to which it holds everything; none when it has to be filled from the tables.
    pub(crate) fn filled_to(&self) -> Result<Option<i64>> {
        Ok(self.engine.mark()?.as_deref().and_then(place_of))
    }

    /// Whether searches see an index that was filled: for a moment the disk is ahead of them.
    pub(crate) fn is_shown(&self) -> bool {
        self.engine.shown_mark().as_deref().and_then(place_of).is_some()
    }

    /// The mark of an index that holds everything up to `seq`.
    pub(crate) fn mark(seq: i64) -> String {
        format!("{} {seq}", *VERSION)
    }
}

/// The place in the outbox that a mark of this version names.
fn place_of(mark: &str) -> Option<i64> {
    mark.strip_prefix(VERSION.as_str())?.strip_prefix(' ')?.parse().ok()
}

/// All indexes of a node.
pub(crate) struct Shelves {
    folder: Option<PathBuf>,
    open: Mutex<HashMap<WorkspaceId, Arc<Shelf>>>,
    asked: AtomicU64,
}

impl Shelves {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, open: Mutex::new(HashMap::new()), asked: AtomicU64::new(0) }
    }

    /// The index of a workspace, if there is one.
    pub(crate) fn find(&self, workspace: WorkspaceId) -> Result<Option<Arc<Shelf>>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shelf) = open.get(&workspace) {
            return Ok(Some(self.touched(shelf)));
        }
        match self.place(workspace).filter(|place| place.is_dir()) {
            Some(place) => self.put(&mut open, workspace, Engine::open(&place)?).map(Some),
            None => Ok(None),
        }
    }

    /// The index of a workspace, an empty one when there was none.
    pub(crate) fn get(&self, workspace: WorkspaceId) -> Result<Arc<Shelf>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shelf) = open.get(&workspace) {
            return Ok(self.touched(shelf));
        }
        let engine = match self.place(workspace) {
            Some(place) => Engine::open(&place)?,
            None => Engine::in_memory()?,
        };
        self.put(&mut open, workspace, engine)
    }

    /// The place in the outbox that was kept; none when there is none, or none that can be read.
    pub(crate) fn cursor(&self) -> Option<i64> {
        let text = std::fs::read_to_string(self.folder.as_ref()?.join(CURSOR_FILE)).ok()?;
        text.trim().parse().ok()
    }

    /// Keeps the place in the outbox. A crash may lose the newest one: then some events are followed once more.
    pub(crate) fn set_cursor(&self, seq: i64) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        std::fs::create_dir_all(folder).map_err(Error::internal)?;
        let fresh = folder.join("cursor.new");
        std::fs::write(&fresh, format!("{seq}\n")).map_err(Error::internal)?;
        std::fs::rename(&fresh, folder.join(CURSOR_FILE)).map_err(Error::internal)
    }

    /// Throws every index away, and the kept place.
    pub(crate) fn clear(&self) -> Result<()> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clear();
        match &self.folder {
            Some(folder) if folder.is_dir() => std::fs::remove_dir_all(folder).map_err(Error::internal),
            _ => Ok(()),
        }
    }

    fn place(&self, workspace: WorkspaceId) -> Option<PathBuf> {
        self.folder.as_deref().map(|folder: &Path| folder.join(workspace.to_string()))
    }

    fn touched(&self, shelf: &Arc<Shelf>) -> Arc<Shelf> {
        shelf.asked_at.store(self.asked.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        Arc::clone(shelf)
    }

    fn put(
        &self,
        open: &mut HashMap<WorkspaceId, Arc<Shelf>>,
        workspace: WorkspaceId,
        engine: Engine,
    ) -> Result<Arc<Shelf>> {
        // What is in memory alone is never closed, and what somebody holds could be opened twice.
        if self.folder.is_some() && open.len() >= MAX_OPEN {
            let idle = open.iter().filter(|(_, shelf)| Arc::strong_count(shelf) == 1);
            let oldest =
                idle.min_by_key(|(_, shelf)| shelf.asked_at.load(Ordering::Relaxed)).map(|(id, _)| *id);
            if let Some(oldest) = oldest {
                open.remove(&oldest);
            }
        }
        let shelf = Arc::new(Shelf::new(engine));
        open.insert(workspace, Arc::clone(&shelf));
        Ok(self.touched(&shelf))
    }
}
