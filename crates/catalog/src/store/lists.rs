//! Lists of products: filters, search, order, paging.

use std::collections::HashMap;

use context::Ctx;
use db::{
    ReadTx, ToValue,
    sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement},
};
use kernel::{Error, Id, Lang, Page, PageRequest, Result};

use super::{
    counts, padded, products,
    words::{self, Found, Many},
};
use crate::{Category, Product, ProductFilter, ProductOrder, product::code_key};

/// The part `page` of the products that fit, and how many there are. Ids first, from an index alone, then the rows by
/// their ids: so a page of many products costs what the page holds. Without a question nothing is counted: the
/// counts are kept.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ProductFilter,
    categories: Option<Vec<Id<Category>>>,
    page: PageRequest,
) -> Result<Page<Product>> {
    let categories = categories.as_deref();
    let (count, ids) = match &filter.q {
        None => all(ctx, tx, filter, categories, page)?,
        Some(question) => match words::search(ctx, tx, question, filter.active)? {
            Found::Few(ids) => few(ctx, tx, filter, categories, ids, page)?,
            Found::Many(found) => many(ctx, tx, filter, categories, &found, page)?,
        },
    };
    Ok(Page::new(page, count, products::get_many(ctx, tx, &ids)?))
}

/// How many there are, and the ids of a page.
type Ids = (i64, Vec<Id<Product>>);

/// A list that nothing is searched in.
fn all(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ProductFilter,
    categories: Option<&[Id<Category>]>,
    page: PageRequest,
) -> Result<Ids> {
    let select = fitting(ctx, filter, categories);
    let count = match filter {
        ProductFilter { code: None, barcode: None, active, .. } => counts::sum(ctx, tx, categories, *active)?,
        _ => words::count_of(tx, select.clone())?,
    };
    Ok((count, part(ctx, tx, filter, select, count, page)?))
}

/// A page of an ordered list, read from the nearer end.
fn part(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ProductFilter,
    mut select: SelectStatement,
    count: i64,
    page: PageRequest,
) -> Result<Vec<Id<Product>>> {
    let Part { skip, take, is_behind } = Part::new(count, page);
    if take == 0 {
        return Ok(Vec::new());
    }
    let direction = if filter.descending == is_behind { Order::Asc } else { Order::Desc };
    let (column, is_unique) = column(filter.order, ctx.lang());
    select.order_by(("catalog_product", column), direction.clone());
    if !is_unique {
        select.order_by(("catalog_product", "id"), direction);
    }
    let mut ids = tx.select(select.limit(take).offset(skip), |row| row.get(0))?;
    if is_behind {
        ids.reverse();
    }
    Ok(ids)
}

/// A handful that a question found: what fits is looked up by id and ordered here, so that no database walks its whole
/// index for them.
fn few(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ProductFilter,
    categories: Option<&[Id<Category>]>,
    ids: Vec<Id<Product>>,
    page: PageRequest,
) -> Result<Ids> {
    if ids.is_empty() {
        return Ok((0, Vec::new()));
    }
    let (column, _) = column(filter.order, ctx.lang());
    let is_number = matches!(filter.order, ProductOrder::SalePrice | ProductOrder::Number);
    let mut select = fitting(ctx, filter, categories);
    select.column(("catalog_product", column));
    select.and_where(Expr::col(("catalog_product", "id")).is_in(padded(&ids).iter().map(Id::to_value)));
    let places: HashMap<Id<Product>, usize> = ids.into_iter().enumerate().map(|(n, id)| (id, n)).collect();
    let is_best = filter.order == ProductOrder::Best;
    let mut found: Vec<(Key, Id<Product>)> = tx.select(&select, |row| {
        let id = row.get(0)?;
        let key = match (is_best, is_number) {
            (true, _) => Key::Place(places.get(&id).copied().unwrap_or(usize::MAX)),
            (false, true) => Key::Number(row.get(1)?),
            (false, false) => Key::Text(row.get(1)?),
        };
        Ok((key, id))
    })?;
    found.sort();
    if filter.descending {
        found.reverse();
    }
    let number = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
    let count = i64::try_from(found.len()).map_err(Error::internal)?;
    let ids = found.into_iter().map(|(_, id)| id).skip(number(page.offset())).take(number(page.limit()));
    Ok((count, ids.collect()))
}

/// What a product is ordered by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Place(usize),
    Number(i64),
    Text(String),
}

/// More than a handful that a question found; whether they are on sale was part of it.
fn many(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ProductFilter,
    categories: Option<&[Id<Category>]>,
    found: &Many,
    page: PageRequest,
) -> Result<Ids> {
    let rest = ProductFilter { active: None, ..filter.clone() };
    let select = fitting(ctx, &rest, categories).and_where(found.condition(ctx)).take();
    let is_plain = categories.is_none() && filter.code.is_none() && filter.barcode.is_none();
    let count = if is_plain { found.count } else { words::count_of(tx, select.clone())? };
    let ids = if filter.order == ProductOrder::Best && !filter.descending {
        found.best(ctx, tx, (!is_plain).then(|| fit(&rest, categories)), page)?
    } else {
        part(ctx, tx, filter, select, count, page)?
    };
    Ok((count, ids))
}

/// Which rows of a list of `count` make a page: a page of its second half is read from its end.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    skip: u64,
    take: u64,
    is_behind: bool,
}

impl Part {
    fn new(count: i64, page: PageRequest) -> Self {
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        let (count, skip) = (number(count), number(page.offset()));
        let take = Ord::min(number(page.limit()), count.saturating_sub(skip));
        let behind = count.saturating_sub(skip).saturating_sub(take);
        if take > 0 && behind < skip {
            Self { skip: behind, take, is_behind: true }
        } else {
            Self { skip, take, is_behind: false }
        }
    }
}

/// `SELECT id` of the products that fit everything but the question.
fn fitting(ctx: &Ctx, filter: &ProductFilter, categories: Option<&[Id<Category>]>) -> SelectStatement {
    Query::select()
        .column(("catalog_product", "id"))
        .from("catalog_product")
        .and_where(Expr::col(("catalog_product", "workspace_id")).eq(ctx.workspace().to_value()))
        .cond_where(fit(filter, categories))
        .take()
}

/// What the filter asks of a product, but for the question.
fn fit(filter: &ProductFilter, categories: Option<&[Id<Category>]>) -> Condition {
    let ProductFilter { q: _, category: _, active, code, barcode, order: _, descending: _ } = filter;
    let column = |name: &'static str| Expr::col(("catalog_product", name));
    let since = || column("deactivated_at_ms");
    Condition::all()
        .add(column("deleted_at_ms").is_null())
        .add_option(active.map(|active| if active { since().is_null() } else { since().is_not_null() }))
        .add_option(code.as_ref().map(|code| column("code_key").eq(code_key(code))))
        .add_option(barcode.as_ref().map(|barcode| column("barcode").eq(barcode.as_str())))
        .add_option(categories.map(|ids| column("category_id").is_in(padded(ids).iter().map(Id::to_value))))
}

/// The column that a list is ordered by, and whether no two products have the same in it.
const fn column(order: ProductOrder, lang: Lang) -> (&'static str, bool) {
    match (order, lang) {
        (ProductOrder::Best | ProductOrder::Name, Lang::Uz) => ("sort_uz", false),
        (ProductOrder::Best | ProductOrder::Name, Lang::Ru) => ("sort_ru", false),
        (ProductOrder::Best | ProductOrder::Name, Lang::En) => ("sort_en", false),
        (ProductOrder::Code, _) => ("code_key", true),
        (ProductOrder::SalePrice, _) => ("sale_price_tiyin", false),
        (ProductOrder::Number, _) => ("number", true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_second_half_is_read_from_the_end() {
        let part = |count, page| {
            let Part { skip, take, is_behind } = Part::new(count, PageRequest::new(page, 10));
            (skip, take, is_behind)
        };
        assert_eq!(part(95, 1), (0, 10, false));
        assert_eq!(part(95, 5), (40, 10, false));
        assert_eq!(part(95, 6), (35, 10, true));
        assert_eq!(part(95, 10), (0, 5, true));
        assert_eq!(part(95, 11), (100, 0, false));
        assert_eq!(part(5, 1), (0, 5, false));
        assert_eq!(part(0, 1), (0, 0, false));
    }
}
