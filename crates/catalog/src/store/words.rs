//! The folded words of products, and the condition that finds their beginnings.

use context::Ctx;
use db::{
    ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use kernel::{Id, Result};

use super::places;
use crate::Product;

/// Words of a question that are looked at; the rest of a longer one is not searched for.
const WORDS_AT_MOST: usize = 8;
/// Shorter words of a question must stand as they are: their beginnings would match half of the catalog.
const PREFIX_CHARS: usize = 2;
/// Stands behind every text that begins with what is before it, in byte order.
const AFTER_ALL: char = '\u{10ffff}';

/// Adds `words` to the product.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, product: Id<Product>, words: &[String]) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = (3..3 + words.len()).map(|n| format!("($1, ${n}, $2)")).collect();
    let sql = format!(
        "INSERT INTO catalog_product_word (workspace_id, word, product_id) VALUES {}",
        rows.join(", ")
    );
    let mut values: Vec<Value<'_>> = vec![Value::Uuid(ctx.workspace().uuid()), Value::Uuid(product.uuid())];
    values.extend(words.iter().map(ToValue::to_value));
    tx.execute(&sql, &values)?;
    Ok(())
}

/// Makes the product's words `after`, where they were `before`.
pub(crate) fn update(
    ctx: &Ctx,
    tx: &mut Tx,
    product: Id<Product>,
    before: &[String],
    after: &[String],
) -> Result<()> {
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
    insert(ctx, tx, product, &new)
}

/// Takes all the product's words away.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, product: Id<Product>) -> Result<()> {
    tx.execute(
        "DELETE FROM catalog_product_word WHERE workspace_id = $1 AND product_id = $2",
        params![ctx.workspace(), product],
    )?;
    Ok(())
}

/// The products that have a word beginning with each word of `question`, as a condition on `catalog_product`.
/// `None` when the question holds no letter and no digit: then nothing is found.
pub(crate) fn matching(ctx: &Ctx, question: &str) -> Option<Vec<Expr>> {
    let mut words = uztext::tokens(question);
    words.sort_unstable();
    words.dedup();
    words.truncate(WORDS_AT_MOST);
    let conditions: Vec<_> =
        words.iter().map(|word| Expr::col("id").in_subquery(products_with(ctx, word))).collect();
    (!conditions.is_empty()).then_some(conditions)
}

fn products_with(ctx: &Ctx, word: &str) -> SelectStatement {
    let mut select = Query::select();
    select
        .column("product_id")
        .from("catalog_product_word")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()));
    if word.chars().count() < PREFIX_CHARS {
        select.and_where(Expr::col("word").eq(word));
    } else {
        select
            .and_where(Expr::col("word").gte(word))
            .and_where(Expr::col("word").lt(format!("{word}{AFTER_ALL}")));
    }
    select.take()
}
