//! The SQL of applications.

use std::collections::HashMap;

use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement},
};
use kernel::{Error, Id, Page, PageRequest, Result, Text, Timestamp};

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

/// The part `page` of the applications that fit. Ids are found by an index, rows only for those that are shown.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ApplicationFilter,
    page: PageRequest,
) -> Result<Page<Application>> {
    let Some(select) = ordered(ctx, filter) else { return Ok(Page::new(page, 0, Vec::new())) };
    let ids = tx.page(&select, page, |row| row.get::<Id<Application>>(0))?;
    let rows = get_many(ctx, tx, &ids.results)?;
    Ok(Page::new(page, ids.count, rows))
}

/// The first of the applications that fit, in their order, at most so many.
pub(crate) fn ids(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ApplicationFilter,
    at_most: u64,
) -> Result<Vec<Id<Application>>> {
    let Some(mut select) = ordered(ctx, filter) else { return Ok(Vec::new()) };
    select.limit(at_most);
    tx.select(&select, |row| row.get(0))
}

/// The ids of the applications that fit, in their order.
fn ordered(ctx: &Ctx, filter: &ApplicationFilter) -> Option<SelectStatement> {
    let mut select = fitting(ctx, filter)?;
    select.column("id");
    let direction = if filter.ascending { Order::Asc } else { Order::Desc };
    match filter.order {
        ApplicationOrder::Submitted => {
            select.order_by("submitted_at_ms", direction.clone()).order_by("id", direction)
        }
        ApplicationOrder::Updated => {
            select.order_by("updated_at_ms", direction.clone()).order_by("id", direction)
        }
        ApplicationOrder::Number => select.order_by("number", direction),
    };
    Some(select)
}

/// How many applications that fit have each status.
pub(crate) fn counts(ctx: &Ctx, tx: &mut ReadTx, filter: &ApplicationFilter) -> Result<Vec<(Status, i64)>> {
    let Some(mut select) = fitting(ctx, filter) else { return Ok(Vec::new()) };
    select.column("status").expr(Expr::cust("COUNT(*)")).add_group_by([Expr::col("status")]);
    tx.select(&select, |row| Ok((row.parse(0)?, row.get(1)?)))
}

/// The applications that fit, without columns and order; `None` where the search can find nothing.
fn fitting(ctx: &Ctx, filter: &ApplicationFilter) -> Option<SelectStatement> {
    let ApplicationFilter { form, status, applicant, text, region, items, from, to, order: _, ascending: _ } =
        filter;
    let begin = from.map(|day| ctx.zone().start_of(day));
    let end = to.map(|day| ctx.zone().start_of(day.plus_days(1)));
    let at = |at: Timestamp| at.as_millis();
    let mut select = Query::select();
    select
        .from("applications_application")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(form.map(|id| Expr::col("form_id").eq(id.to_value())))
        .and_where_option(status.map(|status| Expr::col("status").eq(status.word())))
        .and_where_option(applicant.map(|id| Expr::col("applicant_id").eq(id.to_value())))
        .and_where_option(begin.map(|begin| Expr::col("submitted_at_ms").gte(at(begin))))
        .and_where_option(end.map(|end| Expr::col("submitted_at_ms").lt(at(end))));
    for item in items {
        select.and_where(Expr::col("id").in_subquery(with_choice(ctx, item.to_value())));
    }
    if let Some(region) = region {
        // Where they come from stands with the person, or in what they applied for.
        let mut living = Query::select();
        living
            .column("id")
            .from("applications_applicant")
            .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
            .and_where(Expr::col("region_id").eq(region.to_value()));
        select.cond_where(
            Cond::any()
                .add(Expr::col("id").in_subquery(with_choice(ctx, region.to_value())))
                .add(Expr::col("applicant_id").in_subquery(living.take())),
        );
    }
    let Some(words) = words_of(text.trim().trim_start_matches(['#', '№'])) else {
        return Some(select.take());
    };
    if words.is_empty() {
        return None;
    }
    let mut named = Cond::all();
    for word in &words {
        named = named.add(Expr::col("applicant_id").in_subquery(called(ctx, word)));
    }
    let number = text.trim().trim_start_matches(['#', '№']).trim().parse::<i64>().ok();
    select.cond_where(Cond::any().add(named).add_option(number.map(|number| Expr::col("number").eq(number))));
    Some(select.take())
}

fn with_choice(ctx: &Ctx, item: Value<'_>) -> SelectStatement {
    let mut select = Query::select();
    select
        .column("application_id")
        .from("applications_choice")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("item_id").eq(item));
    select.take()
}

/// Whether somebody applied for this.
pub(crate) fn is_used(ctx: &Ctx, tx: &mut ReadTx, form: Id<Form>) -> Result<bool> {
    let sql = "SELECT 1 FROM applications_application WHERE workspace_id = $1 AND form_id = $2 LIMIT 1";
    let found: Option<i64> = tx.query_opt(sql, params![ctx.workspace(), form], |row| row.get(0))?;
    Ok(found.is_some())
}

/// How many applications each form has.
pub(crate) fn counts_of_forms(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<Id<Form>, i64>> {
    let found = tx.query(
        "SELECT form_id, COUNT(*) FROM applications_application WHERE workspace_id = $1 GROUP BY form_id",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.into_iter().collect())
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
