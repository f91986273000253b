//! Fills the index of a workspace from the tables, as if there had been none.

use std::collections::HashSet;

use catalog::{Category, Product, ProductFilter, Tree};
use db::ReadTx;
use kernel::{Error, Id, PageRequest, Result, WorkspaceId};

use crate::product::{self, entry};
use crate::service::Search;
use crate::shelf::Shelf;
use crate::store;

/// Products read in one transaction.
const PRODUCTS_PER_READ: u32 = 1_000;

/// What a rebuild did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Workspaces whose index was made anew.
    pub workspaces: usize,
    /// Products in them.
    pub products: usize,
}

impl Search {
    /// Makes the index of every workspace that has products anew. Searches are answered from the old ones until the new
    /// ones stand. Blocks; for the command `karvon search rebuild`.
    pub fn rebuild(&self) -> Result<Rebuilt> {
        let settled = self.followed_to()?;
        if self.shelves.cursor().is_none() {
            // Nobody followed here: what stands in the folder is of no known moment.
            self.shelves.clear()?;
            self.shelves.set_cursor(settled)?;
        }
        let workspaces = self.db.read_now(db::Scope::Server, store::list_workspaces)?;
        self.rebuild_only(&workspaces)
    }

    /// Makes the indexes of these workspaces anew.
    pub fn rebuild_only(&self, workspaces: &[WorkspaceId]) -> Result<Rebuilt> {
        let settled = self.followed_to()?;
        let mut rebuilt = Rebuilt::default();
        for workspace in workspaces {
            let shelf = self.shelves.get(*workspace)?;
            let _turn = shelf.fill();
            let products = self.refill(*workspace, &shelf, settled)?;
            rebuilt = Rebuilt { workspaces: rebuilt.workspaces + 1, products: rebuilt.products + products };
        }
        Ok(rebuilt)
    }

    /// Fills an index from the tables; the caller has its turn. `settled` is a place up to which every event's rows can be
    /// read; what changes after it is followed afterwards.
    pub(crate) fn refill(&self, workspace: WorkspaceId, shelf: &Shelf, settled: i64) -> Result<usize> {
        let tree = self.tree(workspace)?;
        let mut batch = shelf.engine.batch()?;
        batch.clear()?;
        let mut count = 0;
        self.each_product(workspace, |products| {
            for entry in products.iter().filter_map(|product| entry(product, &tree)) {
                batch.upsert(&entry)?;
                count += 1;
            }
            Ok(())
        })?;
        batch.commit(&Shelf::mark(settled))?;
        tracing::info!(search.workspace = %workspace, search.products = count, "the index of a workspace was made");
        Ok(count)
    }

    /// The products of the workspace that stand in or below one of these categories.
    pub(crate) fn products_below(
        &self,
        workspace: WorkspaceId,
        tree: &Tree,
        categories: &HashSet<Id<Category>>,
    ) -> Result<Vec<Product>> {
        let mut below: HashSet<Id<Category>> = HashSet::new();
        for category in categories {
            // A category that was just made holds nothing that is not told of by itself.
            if self.holds_products(workspace, *category)? {
                below.extend(tree.with_descendants(*category));
            }
        }
        let mut found = Vec::new();
        if !below.is_empty() {
            self.each_product(workspace, |products| {
                let within =
                    |product: &Product| product.category.is_some_and(|category| below.contains(&category));
                found.extend(products.into_iter().filter(within));
                Ok(())
            })?;
        }
        Ok(found)
    }

    fn holds_products(&self, workspace: WorkspaceId, category: Id<Category>) -> Result<bool> {
        let ctx = self.ctx(workspace);
        let filter = ProductFilter { category: Some(category), ..ProductFilter::default() };
        let read = move |tx: &mut ReadTx<'_>| catalog::list(&ctx, tx, &filter, PageRequest::new(1, 1));
        Ok(self.db.read_now(db::Scope::Workspace(workspace), read)?.count > 0)
    }

    pub(crate) fn tree(&self, workspace: WorkspaceId) -> Result<Tree> {
        let ctx = self.ctx(workspace);
        self.db.read_now(&ctx.clone(), move |tx: &mut ReadTx<'_>| catalog::categories(&ctx, tx))
    }

    /// Gives every product of the workspace, part by part.
    fn each_product(
        &self,
        workspace: WorkspaceId,
        mut take: impl FnMut(Vec<Product>) -> Result<()>,
    ) -> Result<()> {
        let mut cursor = None;
        loop {
            let ctx = self.ctx(workspace);
            let read = move |tx: &mut ReadTx<'_>| catalog::each_after(&ctx, tx, cursor, PRODUCTS_PER_READ);
            let products = self.db.read_now(db::Scope::Workspace(workspace), read)?;
            let Some(last) = products.last() else { return Ok(()) };
            let next = Some(last.id);
            if next == cursor {
                return Err(Error::internal("the catalog gives the same products again"));
            }
            cursor = next;
            take(products)?;
        }
    }

    /// The entries of these products, and the keys of those that are no more.
    pub(crate) fn entries(
        &self,
        workspace: WorkspaceId,
        tree: &Tree,
        ids: &[Id<Product>],
    ) -> Result<(Vec<crate::engine::Entry>, Vec<u128>)> {
        let mut gone: HashSet<u128> = ids.iter().map(|id| product::key(*id)).collect();
        let mut entries = Vec::with_capacity(ids.len());
        for part in ids.chunks(usize::try_from(PRODUCTS_PER_READ).unwrap_or(usize::MAX)) {
            let (ctx, part) = (self.ctx(workspace), part.to_vec());
            let read = move |tx: &mut ReadTx<'_>| catalog::get_many(&ctx, tx, &part);
            for product in self.db.read_now(db::Scope::Workspace(workspace), read)? {
                if let Some(entry) = entry(&product, tree) {
                    gone.remove(&entry.key);
                    entries.push(entry);
                }
            }
        }
        Ok((entries, gone.into_iter().collect()))
    }
}
