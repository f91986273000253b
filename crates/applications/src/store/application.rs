//! The SQL of applications.

use std::collections::HashMap;

use catalog::Item;
use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Cond, Expr, ExprTrait, JoinType, Order, Query, SelectStatement},
};
use kernel::{Error, Id, PageRequest, Result, Text, Timestamp};

use super::{
    VALUES_AT_ONCE,
    applicant::{called, words_of},
    padded, places,
};
use crate::{
    Answers, Applicant, Application, Form, Status,
    reads::{ApplicationFilter, ApplicationOrder},
};

const COLUMNS: &str = "id, number, form_id, applicant_id, status, answers, submitted_at_ms, updated_at_ms";

fn application(row: &Row<'_>) -> Result<Application> {
    let answers = match row.get::<serde_json::Value>(5)? {
        serde_json::Value::Object(answers) => answers,
        _ => return Err(Error::internal("an application's answers are no object")),
    };
    Ok(Application {
        id: row.get(0)?,
        number: row.get(1)?,
        form: row.get(2)?,
        applicant: row.get(3)?,
        status: row.parse(4)?,
        answers,
        submitted_at: row.get(6)?,
        updated_at: row.get(7)?,
    })
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Application>) -> Result<Application> {
    let sql = format!("SELECT {COLUMNS} FROM applications_application WHERE workspace_id = $1 AND id = $2");
    tx.query_one(&sql, params![ctx.workspace(), id], application)
}

pub(crate) fn find_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Application>> {
    let sql =
        format!("SELECT {COLUMNS} FROM applications_application WHERE workspace_id = $1 AND number = $2");
    tx.query_opt(&sql, params![ctx.workspace(), number], application)
}

/// The application, held until the end of the transaction.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Application>) -> Result<Application> {
    let sql = format!(
        "SELECT {COLUMNS} FROM applications_application WHERE workspace_id = $1 AND id = $2 FOR UPDATE"
    );
    tx.query_one(&sql, params![ctx.workspace(), id], application)
}

/// The application of this applicant for this form, held until the end of the transaction.
pub(crate) fn lock_of(
    ctx: &Ctx,
    tx: &mut Tx,
    form: Id<Form>,
    applicant: Id<Applicant>,
) -> Result<Option<Application>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM applications_application
         WHERE workspace_id = $1 AND form_id = $2 AND applicant_id = $3 FOR UPDATE"
    );
    tx.query_opt(&sql, params![ctx.workspace(), form, applicant], application)
}

/// The application of this applicant for this form.
pub(crate) fn find(
    ctx: &Ctx,
    tx: &mut ReadTx,
    form: Id<Form>,
    applicant: Id<Applicant>,
) -> Result<Option<Application>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM applications_application
         WHERE workspace_id = $1 AND form_id = $2 AND applicant_id = $3"
    );
    tx.query_opt(&sql, params![ctx.workspace(), form, applicant], application)
}

/// The last applications of an applicant, the latest first.
pub(crate) fn of_applicant(
    ctx: &Ctx,
    tx: &mut ReadTx,
    applicant: Id<Applicant>,
    at_most: u32,
) -> Result<Vec<Application>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM applications_application WHERE workspace_id = $1 AND applicant_id = $2
         ORDER BY submitted_at_ms DESC, id DESC LIMIT $3"
    );
    tx.query(&sql, params![ctx.workspace(), applicant, i64::from(at_most)], application)
}

/// The applications with these ids, in their order; unknown ids are left out.
pub(crate) fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Application>]) -> Result<Vec<Application>> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(VALUES_AT_ONCE) {
        let part = padded(part);
        let sql = format!(
            "SELECT {COLUMNS} FROM applications_application WHERE workspace_id = $1 AND id IN ({})",
            places(2, part.len())
        );
        let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
        values.extend(part.iter().map(ToValue::to_value));
        found.extend(tx.query(&sql, &values, application)?);
    }
    let order: HashMap<_, _> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    found.sort_by_key(|one: &Application| order.get(&one.id).copied().unwrap_or(usize::MAX));
    Ok(found)
}

/// The part `page` of the applications that fit, of which there are `count`. Ids are found by an index, rows only for those that
/// are shown.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ApplicationFilter,
    page: PageRequest,
    count: i64,
) -> Result<Vec<Application>> {
    // What lies behind the middle is found from the end.
    let size = i64::from(page.page_size());
    let behind = count.saturating_sub(page.offset());
    let is_near_end = page.offset() > behind;
    let (offset, limit) = if is_near_end {
        (behind.saturating_sub(size), Ord::min(behind, size))
    } else {
        (page.offset(), size)
    };
    let order = ApplicationFilter { ascending: filter.ascending != is_near_end, ..filter.clone() };
    let sorted = is_named(filter) && {
        let all: i64 = super::listed::counts(ctx, tx, None, None)?.iter().map(|(_, count)| count).sum();
        let walked = i128::from(offset + limit) * i128::from(all);
        i128::from(count) * i128::from(count) < walked
    };
    let Some(mut select) = ordered(ctx, &order, sorted).filter(|_| behind > 0) else {
        return Ok(Vec::new());
    };
    select.limit(u64::try_from(limit).unwrap_or(0)).offset(u64::try_from(offset).unwrap_or(0));
    let mut ids = tx.select(&select, |row| row.get(0))?;
    if is_near_end {
        ids.reverse();
    }
    get_many(ctx, tx, &ids)
}

/// The first of the applications that fit, in their order, at most so many.
pub(crate) fn ids(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ApplicationFilter,
    at_most: u64,
) -> Result<Vec<Id<Application>>> {
    let Some(mut select) = ordered(ctx, filter, is_named(filter)) else { return Ok(Vec::new()) };
    select.limit(at_most);
    tx.select(&select, |row| row.get(0))
}

/// Whether people are searched for.
fn is_named(filter: &ApplicationFilter) -> bool {
    !filter.text.trim().is_empty()
}

/// The ids of the applications that fit, in their order: all are found and sorted, or the order is gone along until enough fit.
fn ordered(ctx: &Ctx, filter: &ApplicationFilter, sorted: bool) -> Option<SelectStatement> {
    let by_item = first_item(filter).is_some();
    let needs_row = filter.order != ApplicationOrder::Submitted;
    let mut select = fitting(ctx, filter, needs_row)?;
    let direction = if filter.ascending { Order::Asc } else { Order::Desc };
    let (table, id) = if by_item { (ITEM, "application_id") } else { (ROW, "id") };
    select.column((table, id));
    let (of, column) = match filter.order {
        ApplicationOrder::Submitted => (table, "submitted_at_ms"),
        ApplicationOrder::Updated => (ROW, "updated_at_ms"),
        ApplicationOrder::Number => (ROW, "number"),
    };
    // No index has the order of a sum: the planner begins with what is searched for.
    let place = Expr::col((of, column));
    let place = if sorted { place.add(0) } else { place };
    select.order_by_expr(place, direction.clone()).order_by((table, id), direction);
    Some(select)
}

/// How many applications that fit have each status.
pub(crate) fn counts(ctx: &Ctx, tx: &mut ReadTx, filter: &ApplicationFilter) -> Result<Vec<(Status, i64)>> {
    if let Some(item) = kept(filter) {
        let found = super::listed::counts(ctx, tx, item, filter.form)?;
        return Ok(found
            .into_iter()
            .filter(|(status, _)| filter.status.is_none_or(|own| own == *status))
            .collect());
    }
    let Some(mut select) = fitting(ctx, filter, true) else { return Ok(Vec::new()) };
    select.column((ROW, "status")).expr(Expr::cust("COUNT(*)")).add_group_by([Expr::col((ROW, "status"))]);
    tx.select(&select, |row| Ok((row.parse(0)?, row.get(1)?)))
}

/// The item by which such applications are counted as they come (`Some(None)`: without one), where they are.
fn kept(filter: &ApplicationFilter) -> Option<Option<Id<Item>>> {
    let ApplicationFilter {
        form: _,
        status: _,
        applicant,
        text,
        region,
        items,
        from,
        to,
        order: _,
        ascending: _,
    } = filter;
    let is_more = applicant.is_some() || !text.trim().is_empty() || from.is_some() || to.is_some();
    let items: Vec<Id<Item>> = region.iter().chain(items).copied().collect();
    match items.as_slice() {
        _ if is_more => None,
        [] => Some(None),
        [item] => Some(Some(*item)),
        _ => None,
    }
}

/// What stands for the applications, and for what they are found by.
const ROW: &str = "a";
const ITEM: &str = "i";

/// The item that leads to the applications; the others narrow them.
fn first_item(filter: &ApplicationFilter) -> Option<Id<Item>> {
    filter.items.first().copied().or(filter.region)
}

/// The applications that fit, without columns and order; `None` where the search can find nothing. Those with an item are found
/// by it, in the order in which they were submitted, and their rows only where something of them matters.
fn fitting(ctx: &Ctx, filter: &ApplicationFilter, needs_row: bool) -> Option<SelectStatement> {
    let ApplicationFilter { form, status, applicant, text, region, items, from, to, order: _, ascending: _ } =
        filter;
    let words = words_of(text.trim().trim_start_matches(['#', '№']));
    let needs_row = needs_row || form.is_some() || status.is_some() || applicant.is_some() || words.is_some();
    let (workspace, own) = (ctx.workspace(), |name| Expr::col((ROW, name)));
    let mut select = Query::select();
    let first = first_item(filter);
    match first {
        None => {
            select
                .from_as("applications_application", ROW)
                .and_where(own("workspace_id").eq(workspace.to_value()));
        }
        Some(item) => {
            let listed = |name| Expr::col((ITEM, name));
            select
                .from_as("applications_item", ITEM)
                .and_where(listed("workspace_id").eq(workspace.to_value()))
                .and_where(listed("item_id").eq(item.to_value()));
            if needs_row {
                // Said so that SQLite begins with the item.
                select
                    .join_as(JoinType::CrossJoin, "applications_application", ROW, Cond::all())
                    .and_where(own("workspace_id").eq(workspace.to_value()))
                    .and_where(own("id").equals((ITEM, "application_id")));
            }
        }
    }
    let (table, id) = if first.is_some() { (ITEM, "application_id") } else { (ROW, "id") };
    let begin = from.map(|day| ctx.zone().start_of(day));
    let end = to.map(|day| ctx.zone().start_of(day.plus_days(1)));
    let at = |at: Timestamp| at.as_millis();
    let submitted = || Expr::col((table, "submitted_at_ms"));
    select
        .and_where_option(form.map(|id| own("form_id").eq(id.to_value())))
        .and_where_option(status.map(|status| own("status").eq(status.word())))
        .and_where_option(applicant.map(|id| own("applicant_id").eq(id.to_value())))
        .and_where_option(begin.map(|begin| submitted().gte(at(begin))))
        .and_where_option(end.map(|end| submitted().lt(at(end))));
    for item in items.iter().chain(region).filter(|item| Some(**item) != first) {
        select.and_where(Expr::col((table, id)).in_subquery(with_item(ctx, *item)));
    }
    let Some(words) = words else { return Some(select.take()) };
    let named = called(ctx, "a.applicant_id", &words)?;
    let number = text.trim().trim_start_matches(['#', '№']).trim().parse::<i64>().ok();
    select.cond_where(Cond::any().add(named).add_option(number.map(|number| own("number").eq(number))));
    Some(select.take())
}

fn with_item(ctx: &Ctx, item: Id<Item>) -> SelectStatement {
    let mut select = Query::select();
    select
        .column("application_id")
        .from("applications_item")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("item_id").eq(item.to_value()));
    select.take()
}

/// Whether somebody applied for this.
pub(crate) fn is_used(ctx: &Ctx, tx: &mut ReadTx, form: Id<Form>) -> Result<bool> {
    let sql = "SELECT 1 FROM applications_application WHERE workspace_id = $1 AND form_id = $2 LIMIT 1";
    let found: Option<i64> = tx.query_opt(sql, params![ctx.workspace(), form], |row| row.get(0))?;
    Ok(found.is_some())
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, application: &Application) -> Result<()> {
    let Application { id, number, form, applicant, status, answers, submitted_at, updated_at } = application;
    tx.execute_one(
        "INSERT INTO applications_application (workspace_id, id, number, form_id, applicant_id, status, answers,
             submitted_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            ctx.workspace(),
            id,
            number,
            form,
            applicant,
            status.word(),
            written(answers),
            submitted_at,
            updated_at
        ],
    )
    .on_unique(|| Error::conflict(Text::new("applications-applied-already")))
}

/// Writes status, answers and times.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, application: &Application) -> Result<()> {
    let Application { id, number: _, form: _, applicant: _, status, answers, submitted_at, updated_at } =
        application;
    tx.execute_one(
        "UPDATE applications_application SET status = $3, answers = $4, submitted_at_ms = $5, updated_at_ms = $6
         WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, status.word(), written(answers), submitted_at, updated_at],
    )
}

fn written(answers: &Answers) -> serde_json::Value {
    serde_json::Value::Object(answers.clone())
}
