//! How many products stand where, kept with every write.

use std::collections::{BTreeMap, HashMap};

use context::Ctx;
use db::{ReadTx, Tx, params};
use kernel::{Id, Result};
use uuid::Uuid;

use crate::{Category, Product};

/// Changes of the counts, gathered over a transaction and written at its end: in the order of the keys, so that two
/// transactions never wait for each other in a circle.
#[derive(Debug, Default)]
pub(crate) struct Shifts(BTreeMap<(Uuid, bool), i64>);

/// Where a product counts: its category and whether it is on sale.
type Place = (Option<Id<Category>>, bool);

impl Shifts {
    /// A product came, went or moved.
    pub(crate) fn moved(&mut self, before: Option<Place>, after: Option<Place>) {
        if before == after {
            return;
        }
        for (place, by) in [(before, -1), (after, 1)] {
            if let Some((category, on_sale)) = place {
                *self.0.entry((key(category), on_sale)).or_default() += by;
            }
        }
    }

    /// Writes what has gathered.
    pub(crate) fn write(self, ctx: &Ctx, tx: &mut Tx) -> Result<()> {
        for ((category, on_sale), by) in self.0.into_iter().filter(|(_, by)| *by != 0) {
            // An insert of a negative number would break the row's check before the conflict is seen.
            if by > 0 {
                tx.execute_one(
                    "INSERT INTO catalog_count (workspace_id, category_id, on_sale, products) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (workspace_id, category_id, on_sale)
                     DO UPDATE SET products = catalog_count.products + excluded.products",
                    params![ctx.workspace(), category, on_sale, by],
                )?;
            } else {
                tx.execute_one(
                    "UPDATE catalog_count SET products = products + $4
                     WHERE workspace_id = $1 AND category_id = $2 AND on_sale = $3",
                    params![ctx.workspace(), category, on_sale, by],
                )?;
            }
        }
        Ok(())
    }
}

/// Where this product counts.
pub(crate) fn place(product: &Product) -> Option<Place> {
    Some((product.category, product.active))
}

/// The nil id stands for no category.
fn key(category: Option<Id<Category>>) -> Uuid {
    category.map_or(Uuid::nil(), Id::uuid)
}

/// How many products on sale stand directly in each category.
pub(crate) fn on_sale(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<Id<Category>, i64>> {
    let counts = tx.query(
        "SELECT category_id, products FROM catalog_count WHERE workspace_id = $1 AND on_sale = $2 AND products > 0",
        params![ctx.workspace(), true],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(counts.into_iter().collect())
}

/// How many products stand directly in these categories (everywhere for `None`), on sale, off or both.
pub(crate) fn sum(
    ctx: &Ctx,
    tx: &mut ReadTx,
    categories: Option<&[Id<Category>]>,
    active: Option<bool>,
) -> Result<i64> {
    let counts: Vec<(Id<Category>, bool, i64)> = tx.query(
        "SELECT category_id, on_sale, products FROM catalog_count WHERE workspace_id = $1",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let wanted: Option<std::collections::HashSet<_>> = categories.map(|ids| ids.iter().copied().collect());
    let fits = |(category, on_sale, _): &&(Id<Category>, bool, i64)| {
        wanted.as_ref().is_none_or(|wanted| wanted.contains(category))
            && active.is_none_or(|active| active == *on_sale)
    };
    Ok(counts.iter().filter(fits).map(|(_, _, products)| products).sum())
}
