//! [`Search`]: the one of a process. Finds in the index; [`crate::follow`] and [`crate::rebuild`] fill it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use catalog::{Category, Product};
use context::{Actor, Ctx, CtxBuilder, Random};
use db::Db;
use kernel::{Clock, Error, Id, Result, WorkspaceId};

use crate::engine::Filter;
use crate::product;
use crate::shelf::Shelves;

/// The search of a process: every workspace's index, and what follows the catalog's changes.
pub struct Search {
    pub(crate) db: Db,
    clock: Arc<dyn Clock>,
    random: Random,
    pub(crate) shelves: Shelves,
    /// The place in the outbox up to which this process has followed; none before it began.
    pub(crate) followed: Mutex<Option<i64>>,
    /// True while existing workspaces are filled for the first time.
    pub(crate) beginning: AtomicBool,
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Search")
    }
}

/// Which products are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only those of this category or of one below it.
    pub category: Option<Id<Category>>,
    /// Also those that are not on sale.
    pub with_inactive: bool,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The products of the part asked for, best first. A product that was deleted a moment ago may still be among them:
    /// read the rows and leave out what is not there.
    pub ids: Vec<Id<Product>>,
    /// How many products answer.
    pub total: usize,
    /// How many things were asked for that some product has.
    pub asked: usize,
    /// How many of them every product of the answer has; fewer than `asked` when nothing has them all.
    pub answered: usize,
    /// How many words were asked for that no product has.
    pub unknown: usize,
}

impl Found {
    /// True when each product has everything that was asked for.
    pub fn is_whole(&self) -> bool {
        self.total > 0 && self.unknown == 0 && self.answered >= self.asked
    }
}

impl Search {
    /// The search over `db` with its indexes in `folder`, or in memory. It finds nothing new before [`Search::start`] or
    /// [`Search::follow_now`]; two processes may not share a folder.
    pub fn open(db: Db, clock: Arc<dyn Clock>, random: Random, folder: Option<PathBuf>) -> Arc<Self> {
        let shelves = Shelves::new(folder);
        let (followed, beginning) = (Mutex::new(None), AtomicBool::new(false));
        Arc::new(Self { db, clock, random, shelves, followed, beginning })
    }

    /// Products on sale that answer what a person typed, best first: `limit` of them after the first `offset`.
    /// Takes well under a millisecond and asks no database. Error: busy, while the index of an existing workspace is made.
    pub fn find(&self, workspace: WorkspaceId, text: &str, offset: usize, limit: usize) -> Result<Found> {
        self.find_wanted(workspace, text, Wanted::default(), offset, limit)
    }

    /// [`Search::find`] among the products wanted.
    pub fn find_wanted(
        &self,
        workspace: WorkspaceId,
        text: &str,
        wanted: Wanted,
        offset: usize,
        limit: usize,
    ) -> Result<Found> {
        let beginning = self.beginning.load(Ordering::Acquire);
        let Some(shelf) = self.shelves.find(workspace)? else {
            return if beginning { Err(Error::busy()) } else { Ok(Found::default()) };
        };
        if beginning && !shelf.is_shown() {
            return Err(Error::busy());
        }
        let Wanted { category, with_inactive } = wanted;
        let filter = Filter { category: category.map(product::key), with_inactive };
        let found = shelf.engine.search(text, &filter, offset, limit)?;
        Ok(Found {
            ids: found.keys.into_iter().map(product::id).collect(),
            total: found.total,
            asked: found.asked,
            answered: found.answered,
            unknown: found.unknown,
        })
    }

    /// The context in which the index reads a workspace.
    pub(crate) fn ctx(&self, workspace: WorkspaceId) -> Ctx {
        let actor = Actor::job("search.follow");
        CtxBuilder::server(workspace, actor, self.clock.now(), self.random.clone()).build()
    }
}
