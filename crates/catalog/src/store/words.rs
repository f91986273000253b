//! The folded words of products, and the search for their beginnings.

use std::collections::HashSet;

use context::Ctx;
use db::{
    ReadTx, ToValue, Tx, Value, params,
    sea_query::{Asterisk, Condition, Expr, ExprTrait, Func, Order, Query, SelectStatement, WindowStatement},
};
use kernel::{Id, PageRequest, Result};

use super::places;
use crate::{Product, ProductContent};

/// Words of a question that are looked at; the rest of a longer one is not searched for.
const WORDS_AT_MOST: usize = 8;
/// Shorter words of a question must stand as they are: their beginnings would match half of the catalog.
const PREFIX_CHARS: usize = 2;
/// Stands behind every text that begins with what is before it, in byte order.
const AFTER_ALL: char = '\u{10ffff}';
/// Up to so many products are handed on by their ids: looking each up and sorting them takes a few milliseconds.
const FEW: u64 = 1_000;
/// The row of the word that leads, and a row of the same product.
const ROW: &str = "led";
const OTHER: &str = "other";
/// The one column of the set of what is found.
const PRODUCT: &str = "product_id";

/// Adds `words` to the product, which is on sale or not.
pub(crate) fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    product: Id<Product>,
    words: &[String],
    on_sale: bool,
) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = (4..4 + words.len()).map(|n| format!("($1, ${n}, $2, $3)")).collect();
    let sql = format!(
        "INSERT INTO catalog_product_word (workspace_id, word, product_id, on_sale) VALUES {}",
        rows.join(", ")
    );
    let mut values: Vec<Value<'_>> =
        vec![Value::Uuid(ctx.workspace().uuid()), Value::Uuid(product.uuid()), Value::Bool(on_sale)];
    values.extend(words.iter().map(ToValue::to_value));
    tx.execute(&sql, &values)?;
    Ok(())
}

/// Makes the product's words those of `after`, where they were those of `before`.
pub(crate) fn update(
    ctx: &Ctx,
    tx: &mut Tx,
    product: Id<Product>,
    before: &ProductContent,
    after: &ProductContent,
) -> Result<()> {
    let on_sale = after.active;
    if before.active != on_sale {
        tx.execute(
            "UPDATE catalog_product_word SET on_sale = $3 WHERE workspace_id = $1 AND product_id = $2",
            params![ctx.workspace(), product, on_sale],
        )?;
    }
    let (before, after) = (before.words(), after.words());
    let gone: Vec<&String> = before.iter().filter(|word| !after.contains(word)).collect();
    let new: Vec<String> = after.iter().filter(|word| !before.contains(word)).cloned().collect();
    if !gone.is_empty() {
        let sql = format!(
            "DELETE FROM catalog_product_word WHERE workspace_id = $1 AND product_id = $2 AND word IN ({})",
            places(3, gone.len())
        );
        let mut values: Vec<Value<'_>> =
            vec![Value::Uuid(ctx.workspace().uuid()), Value::Uuid(product.uuid())];
        values.extend(gone.iter().map(ToValue::to_value));
        tx.execute(&sql, &values)?;
    }
    insert(ctx, tx, product, &new, on_sale)
}

/// Takes all the product's words away.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, product: Id<Product>) -> Result<()> {
    tx.execute(
        "DELETE FROM catalog_product_word WHERE workspace_id = $1 AND product_id = $2",
        params![ctx.workspace(), product],
    )?;
    Ok(())
}

/// What a question finds.
#[derive(Debug)]
pub(crate) enum Found {
    /// These products, the best first; some of them perhaps unfit for the list's other filters. None is nothing.
    Few(Vec<Id<Product>>),
    /// More than a handful.
    Many(Many),
}

/// A question that finds more than a handful.
#[derive(Debug)]
pub(crate) struct Many {
    asked: Asked,
    /// How many products it finds.
    pub(crate) count: i64,
}

/// A question: its words, the rarest first, and whether only what is on sale, or off, is asked for.
#[derive(Debug)]
struct Asked {
    words: Vec<String>,
    active: Option<bool>,
}

/// The products, on sale, off or both, that have a word beginning with each word of `question`. A question without a
/// letter and a digit finds nothing.
pub(crate) fn search(ctx: &Ctx, tx: &mut ReadTx, question: &str, active: Option<bool>) -> Result<Found> {
    let mut words = uztext::tokens(question);
    words.sort_unstable();
    words.dedup();
    words.truncate(WORDS_AT_MOST);
    // The rarest word leads: the others are only asked of what it finds.
    let mut counted = Vec::with_capacity(words.len());
    for word in words {
        let mut rows = range(ctx, ROW, &word, active);
        let count = count_of(tx, rows.column((ROW, "word")).limit(FEW + 1).take())?;
        if count == 0 {
            return Ok(Found::Few(Vec::new()));
        }
        counted.push((count, word));
    }
    counted.sort();
    let Some((rarest, _)) = counted.first() else { return Ok(Found::Few(Vec::new())) };
    let is_few = u64::try_from(*rarest).is_ok_and(|count| count <= FEW);
    let asked = Asked { words: counted.into_iter().map(|(_, word)| word).collect(), active };
    if is_few {
        let ids = tx.select(&in_order(asked.rows(ctx)), |row| row.get(0))?;
        return Ok(Found::Few(once_each(ids)));
    }
    let (count, ids) = asked.counted(ctx, tx)?;
    Ok(if ids.len() > number(FEW) { Found::Many(Many { asked, count }) } else { Found::Few(ids) })
}

impl Asked {
    /// `SELECT product_id` of the rows of the rarest word whose products have the others too. For a part of few rows:
    /// each is asked of the index by itself. A product that has two such words comes twice.
    fn rows(&self, ctx: &Ctx) -> SelectStatement {
        let Some((first, others)) = self.words.split_first() else { return SelectStatement::new() };
        let mut select = range(ctx, ROW, first, self.active);
        select.column((ROW, "product_id"));
        for word in others {
            let mut other = range(ctx, OTHER, word, None);
            other
                .column((OTHER, "word"))
                .and_where(Expr::col((OTHER, "product_id")).equals((ROW, "product_id")));
            select.and_where(Expr::exists(other.take()));
        }
        select.take()
    }

    /// How many products it finds, and the ids of the first of them: of all when they are a handful. The words' ranges
    /// are read once for both.
    fn counted(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<(i64, Vec<Id<Product>>)> {
        // tidy: no workspace: the statement that is counted names it
        let select = Query::select()
            .column(("found", PRODUCT))
            .expr_window(Func::count(Expr::col(Asterisk)), WindowStatement::new())
            .from_subquery(self.set(ctx), "found")
            .limit(FEW + 1)
            .take();
        let rows = tx.select(&select, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let count = rows.first().map_or(0, |(_, count)| *count);
        Ok((count, rows.into_iter().map(|(id, _)| id).collect()))
    }

    /// The same products, each once, for all of them: the words' ranges are read from end to end and compared. The
    /// COALESCE keeps SQLite, which knows no statistics, from asking for each product by itself.
    fn set(&self, ctx: &Ctx) -> SelectStatement {
        let Some((first, others)) = self.words.split_first() else { return SelectStatement::new() };
        let product = || Func::coalesce([(); 2].map(|()| Expr::col((ROW, "product_id"))));
        let mut select = range(ctx, ROW, first, self.active);
        select.distinct().expr_as(product(), PRODUCT);
        for word in others {
            let mut other = range(ctx, OTHER, word, None);
            let ids = other.column((OTHER, "product_id")).take();
            select.and_where(Expr::from(product()).in_subquery(ids));
        }
        select.take()
    }
}

impl Many {
    /// The ids of a part of what is found, the best first; `fit` is what else is asked of `catalog_product`, where
    /// something is.
    pub(crate) fn best(
        &self,
        ctx: &Ctx,
        tx: &mut ReadTx,
        fit: Option<Condition>,
        page: PageRequest,
    ) -> Result<Vec<Id<Product>>> {
        let mut rows = self.asked.rows(ctx);
        if let Some(fit) = fit {
            let same = Condition::all()
                .add(Expr::col(("catalog_product", "workspace_id")).equals((ROW, "workspace_id")))
                .add(Expr::col(("catalog_product", "id")).equals((ROW, "product_id")));
            rows.inner_join("catalog_product", same).cond_where(fit);
        }
        let rows = in_order(rows);
        let (skip, take) = (number(page.offset()), number(page.limit()));
        let wanted = skip.saturating_add(take);
        let mut limit = u64::try_from(wanted).unwrap_or(u64::MAX);
        loop {
            let ids: Vec<Id<Product>> = tx.select(rows.clone().limit(limit), |row| row.get(0))?;
            let is_all = u64::try_from(ids.len()).is_ok_and(|count| count < limit);
            let ids = once_each(ids);
            if is_all || ids.len() >= wanted {
                return Ok(ids.into_iter().skip(skip).take(take).collect());
            }
            limit = limit.saturating_mul(2);
        }
    }

    /// What each product that is found meets, as a condition on `catalog_product`.
    pub(crate) fn condition(&self, ctx: &Ctx) -> Expr {
        Expr::col(("catalog_product", "id")).in_subquery(self.asked.set(ctx))
    }
}

/// The shorter the word that was begun, the better it fits; older products stand first among equals.
fn in_order(mut select: SelectStatement) -> SelectStatement {
    select.order_by((ROW, "word"), Order::Asc).order_by((ROW, "product_id"), Order::Asc).take()
}

/// The ids in their order, without those that came before.
fn once_each(mut ids: Vec<Id<Product>>) -> Vec<Id<Product>> {
    let mut seen = HashSet::with_capacity(ids.len());
    ids.retain(|id| seen.insert(*id));
    ids
}

/// A figure of a page or of a limit as a length.
fn number(n: impl TryInto<usize>) -> usize {
    n.try_into().unwrap_or(usize::MAX)
}

/// How many rows a statement answers.
pub(crate) fn count_of(tx: &mut ReadTx, rows: SelectStatement) -> Result<i64> {
    // tidy: no workspace: the statement that is counted names it
    let count =
        Query::select().expr(Func::count(Expr::col(Asterisk))).from_subquery(rows, "counted").to_owned();
    Ok(tx.select(&count, |row| row.get(0))?.pop().unwrap_or(0))
}

/// `SELECT … FROM catalog_product_word` of the rows whose word begins with `word`, of products on sale, off or both.
fn range(ctx: &Ctx, row: &'static str, word: &str, active: Option<bool>) -> SelectStatement {
    let mut select = Query::select();
    select
        .from_as("catalog_product_word", row)
        .and_where(Expr::col((row, "workspace_id")).eq(ctx.workspace().to_value()))
        .and_where_option(active.map(|active| Expr::col((row, "on_sale")).eq(active)));
    if word.chars().count() < PREFIX_CHARS {
        select.and_where(Expr::col((row, "word")).eq(word));
    } else {
        select
            .and_where(Expr::col((row, "word")).gte(word))
            .and_where(Expr::col((row, "word")).lt(format!("{word}{AFTER_ALL}")));
    }
    select.take()
}
