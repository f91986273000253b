//! What applications are found by, and how many there are, written down as they come and change: lists count nothing.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Item, ItemKind};
use context::Ctx;
use db::Tx;
use kernel::{Id, Result};

use crate::{Applicant, Application, store, store::listed::Counted};

/// Applications of one applicant that are gone through: there is one a form.
pub(super) const APPLICATIONS_AT_MOST: u32 = 1_000;

/// The items that an application is found by: those it says, and the region its person comes from where it says none.
pub(super) fn found_by<'i>(
    said: impl IntoIterator<Item = &'i Item>,
    own_region: Option<Id<Item>>,
) -> BTreeSet<Id<Item>> {
    let mut ids = BTreeSet::new();
    let mut says_region = false;
    for item in said {
        says_region |= item.kind == ItemKind::Region;
        ids.insert(item.id);
    }
    ids.extend(own_region.filter(|_| !says_region));
    ids
}

/// How applications that come or change are listed and counted. What was counted is written at the end, by [`Listing::done`].
#[derive(Debug, Default)]
#[must_use = "what was counted is written by `done`"]
pub(super) struct Listing {
    more: BTreeMap<Counted, i64>,
}

impl Listing {
    /// There is one more.
    pub(super) fn came(
        &mut self,
        ctx: &Ctx,
        tx: &mut Tx,
        application: &Application,
        items: &BTreeSet<Id<Item>>,
    ) -> Result<()> {
        self.count(application, items, 1);
        store::listed::put_items(ctx, tx, application, items)
    }

    /// One that the caller holds is another now; with `None` its items are the same.
    pub(super) fn changed(
        &mut self,
        ctx: &Ctx,
        tx: &mut Tx,
        before: &Application,
        after: &Application,
        items: Option<&BTreeSet<Id<Item>>>,
    ) -> Result<()> {
        let had = store::listed::items(ctx, tx, before.id)?;
        let has = items.unwrap_or(&had);
        if *has != had || before.submitted_at != after.submitted_at {
            store::listed::take_items(ctx, tx, after.id)?;
            store::listed::put_items(ctx, tx, after, has)?;
        }
        self.count(before, &had, -1);
        self.count(after, has, 1);
        Ok(())
    }

    fn count(&mut self, application: &Application, items: &BTreeSet<Id<Item>>, more: i64) {
        let Application { form, status, .. } = application;
        for item in items.iter().copied().map(Some).chain([None]) {
            *self.more.entry((item, *form, status.word())).or_default() += more;
        }
    }

    /// Writes what was counted.
    pub(super) fn done(self, ctx: &Ctx, tx: &mut Tx) -> Result<()> {
        store::listed::add(ctx, tx, &self.more)
    }
}

/// The applications of an applicant, whom the caller holds, are found by where they come from now, unless they say a region.
pub(super) fn moved(ctx: &Ctx, tx: &mut Tx, applicant: &Applicant) -> Result<()> {
    let mut listing = Listing::default();
    for found in store::application::of_applicant(ctx, tx, applicant.id, APPLICATIONS_AT_MOST)? {
        let held = store::application::lock(ctx, tx, found.id)?;
        let said: Vec<Id<Item>> =
            store::choice::of_many(ctx, tx, &[held.id])?.into_iter().map(|choice| choice.item).collect();
        let said = catalog::items::get_many(ctx, tx, &said)?;
        let items = found_by(&said, applicant.region);
        listing.changed(ctx, tx, &held, &held, Some(&items))?;
    }
    listing.done(ctx, tx)
}
