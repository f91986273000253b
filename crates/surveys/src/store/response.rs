//! The SQL of answers.

use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, params,
    sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement},
};
use kernel::{Id, Page, PageRequest, Result};

use super::{of_json, race, sea, to_json};
use crate::{Answered, Campaign, Response, ResponseFilter, RosterRow, Student, json};

/// What [`read`] reads.
const COLUMNS: [&str; 18] = [
    "id",
    "campaign_id",
    "roster_id",
    "student_id",
    "program_id",
    "course_year",
    "employment_status",
    "company",
    "role",
    "hours_per_week",
    "salary_tiyin",
    "help",
    "suggestions",
    "consents",
    "channels",
    "answers",
    "submitted_at_ms",
    "updated_at_ms",
];

/// `SELECT` of whole answers; what follows narrows it. `$1` is the workspace.
macro_rules! select_responses {
    ($rest:literal) => {
        concat!(
            "SELECT id, campaign_id, roster_id, student_id, program_id, course_year, employment_status, company, role,
                 hours_per_week, salary_tiyin, help, suggestions, consents, channels, answers, submitted_at_ms,
                 updated_at_ms
             FROM surveys_response WHERE workspace_id = $1 ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Response> {
    let employment: Option<String> = row.get(6)?;
    Ok(Response {
        id: row.get(0)?,
        campaign: row.get(1)?,
        roster: row.get(2)?,
        student: row.get(3)?,
        program: row.get(4)?,
        course_year: row.get(5)?,
        answered: Answered {
            employment: employment.map(|word| word.parse()).transpose()?,
            company: row.get(7)?,
            role: row.get(8)?,
            hours_per_week: row.get(9)?,
            salary: row.get(10)?,
            help: row.get(11)?,
            suggestions: row.get(12)?,
            consents: json::object(row.get(13)?),
            channels: of_json(row.get(14)?)?,
            answers: json::object(row.get(15)?),
        },
        submitted_at: row.get(16)?,
        updated_at: row.get(17)?,
    })
}

/// The answer with this id. Errors: the workspace has none.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Response>) -> Result<Response> {
    tx.query_one(select_responses!("AND id = $2"), params![ctx.workspace(), id], read)
}

/// What the student of this row of the roster answered in this campaign, held until the end of the transaction.
pub(crate) fn find_for_update(
    ctx: &Ctx,
    tx: &mut Tx,
    roster: Id<RosterRow>,
    campaign: Id<Campaign>,
) -> Result<Option<Response>> {
    tx.query_opt(
        select_responses!("AND roster_id = $2 AND campaign_id = $3 FOR UPDATE"),
        params![ctx.workspace(), roster, campaign],
        read,
    )
}

/// Everything that a student answered, the latest first.
pub(crate) fn of_student(ctx: &Ctx, tx: &mut ReadTx, student: Id<Student>) -> Result<Vec<Response>> {
    tx.query(
        select_responses!("AND student_id = $2 ORDER BY submitted_at_ms DESC, id DESC"),
        params![ctx.workspace(), student],
        read,
    )
}

/// The part `page` of the answers that fit, the latest first. `count` is how many there are, where that is known.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ResponseFilter,
    count: Option<i64>,
    page: PageRequest,
) -> Result<Page<Response>> {
    let mut select = selected(ctx, filter);
    let order = if filter.oldest_first { Order::Asc } else { Order::Desc };
    select.order_by("submitted_at_ms", order.clone()).order_by("id", order);
    match count {
        None => tx.page(&select, page, read),
        Some(count) => {
            select.limit(u64::from(page.page_size())).offset(u64::try_from(page.offset()).unwrap_or(0));
            Ok(Page::new(page, count, tx.select(&select, read)?))
        }
    }
}

fn selected(ctx: &Ctx, filter: &ResponseFilter) -> SelectStatement {
    let ResponseFilter { campaign, program, course_year, employment, text, oldest_first: _ } = filter;
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from("surveys_response")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(campaign.map(|id| Expr::col("campaign_id").eq(sea(id.to_value()))))
        .and_where_option(program.map(|id| Expr::col("program_id").eq(sea(id.to_value()))))
        .and_where_option(course_year.map(|year| Expr::col("course_year").eq(year)))
        .and_where_option(employment.map(|status| Expr::col("employment_status").eq(status.word())));
    for word in uztext::tokens(text) {
        // Folded words hold letters and digits only: nothing in them means anything to LIKE.
        let like = format!("%{word}%");
        let students = Query::select()
            .column("id")
            .from("surveys_student")
            .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
            .and_where(Expr::col("search_fold").like(like.clone()))
            .take();
        let said = Expr::col("search_fold").like(like);
        select.cond_where(Cond::any().add(said).add(Expr::col("student_id").in_subquery(students)));
    }
    select.take()
}

/// Writes a new answer. Errors: a race where there is one since.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, response: &Response) -> Result<()> {
    let Response { id, campaign, roster, student, program, course_year, answered, submitted_at, updated_at } =
        response;
    let words = answered.words();
    let Answered {
        employment,
        company,
        role,
        hours_per_week,
        salary,
        help,
        suggestions,
        consents,
        channels,
        answers,
    } = answered;
    tx.execute_one(
        "INSERT INTO surveys_response (workspace_id, id, campaign_id, roster_id, student_id, program_id, course_year,
             employment_status, company, role, hours_per_week, salary_tiyin, help, suggestions, consents, channels,
             answers, search_fold, submitted_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        params![
            ctx.workspace(),
            id,
            campaign,
            roster,
            student,
            program,
            course_year,
            employment.map(|status| status.word().to_owned()),
            company,
            role,
            hours_per_week,
            salary,
            help,
            suggestions,
            serde_json::Value::Object(consents.clone()),
            to_json(channels)?,
            serde_json::Value::Object(answers.clone()),
            words,
            submitted_at,
            updated_at
        ],
    )
    .on_unique(race)
}

/// Writes what is answered now.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, response: &Response) -> Result<()> {
    let Response {
        id,
        campaign: _,
        roster: _,
        student,
        program,
        course_year,
        answered,
        submitted_at: _,
        updated_at,
    } = response;
    let words = answered.words();
    let Answered {
        employment,
        company,
        role,
        hours_per_week,
        salary,
        help,
        suggestions,
        consents,
        channels,
        answers,
    } = answered;
    tx.execute_one(
        "UPDATE surveys_response SET student_id = $3, program_id = $4, course_year = $5, employment_status = $6,
             company = $7, role = $8, hours_per_week = $9, salary_tiyin = $10, help = $11, suggestions = $12,
             consents = $13, channels = $14, answers = $15, search_fold = $16, updated_at_ms = $17
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            student,
            program,
            course_year,
            employment.map(|status| status.word().to_owned()),
            company,
            role,
            hours_per_week,
            salary,
            help,
            suggestions,
            serde_json::Value::Object(consents.clone()),
            to_json(channels)?,
            serde_json::Value::Object(answers.clone()),
            words,
            updated_at
        ],
    )
}
