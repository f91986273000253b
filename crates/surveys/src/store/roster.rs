//! The SQL of rosters.

use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Query},
};
use kernel::{Id, Page, PageRequest, Result};

use super::{race, sea};
use crate::{Campaign, RosterRow, Student, json, student_key};

/// What [`read`] reads.
const COLUMNS: [&str; 9] = [
    "id",
    "campaign_id",
    "student_external_id",
    "program_id",
    "course_year",
    "is_active",
    "metadata",
    "created_at_ms",
    "updated_at_ms",
];

/// `SELECT` of whole rows; what follows narrows it. `$1` is the workspace.
macro_rules! select_rows {
    ($rest:literal) => {
        concat!(
            "SELECT id, campaign_id, student_external_id, program_id, course_year, is_active, metadata, created_at_ms,
                 updated_at_ms
             FROM surveys_roster WHERE workspace_id = $1 ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<RosterRow> {
    Ok(RosterRow {
        id: row.get(0)?,
        campaign: row.get(1)?,
        student_external_id: row.get(2)?,
        program: row.get(3)?,
        course_year: row.get(4)?,
        is_active: row.get(5)?,
        metadata: json::object(row.get(6)?),
        created_at: row.get(7)?,
        updated_at: row.get(8)?,
    })
}

/// The row with this id. Errors: the workspace has none.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<RosterRow>) -> Result<RosterRow> {
    tx.query_one(select_rows!("AND id = $2"), params![ctx.workspace(), id], read)
}

/// The rows with these ids, in no order; unknown ids are left out.
pub(crate) fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<RosterRow>]) -> Result<Vec<RosterRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from("surveys_roster")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("id").is_in(ids.iter().map(|id| sea(id.to_value()))));
    tx.select(&select.take(), read)
}

/// The student's row in the roster of this campaign.
pub(crate) fn find(
    ctx: &Ctx,
    tx: &mut ReadTx,
    campaign: Id<Campaign>,
    student_id: &str,
) -> Result<Option<RosterRow>> {
    tx.query_opt(
        select_rows!("AND campaign_id = $2 AND student_fold = $3"),
        params![ctx.workspace(), campaign, student_key(student_id)],
        read,
    )
}

/// Every row of this student, of whichever campaign, the latest first.
pub(crate) fn of_student(ctx: &Ctx, tx: &mut ReadTx, student_id: &str) -> Result<Vec<RosterRow>> {
    tx.query(
        select_rows!("AND student_fold = $2 ORDER BY created_at_ms DESC, id DESC"),
        params![ctx.workspace(), student_key(student_id)],
        read,
    )
}

/// The part `page` of a campaign's roster, by the students' ids, those that begin with `student_id`; `active` is how many of all are
/// asked.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    campaign: Id<Campaign>,
    student_id: &str,
    active: i64,
    page: PageRequest,
) -> Result<Page<RosterRow>> {
    let from = student_key(student_id);
    // Ids that begin so: between the beginning and the beginning followed by the last character there is.
    let until = format!("{from}\u{10ffff}");
    let count: i64 = if from.is_empty() {
        let inactive: i64 = tx.query_one(
            "SELECT COUNT(*) FROM surveys_roster WHERE workspace_id = $1 AND campaign_id = $2 AND NOT is_active",
            params![ctx.workspace(), campaign],
            |row| row.get(0),
        )?;
        active + inactive
    } else {
        tx.query_one(
            "SELECT COUNT(*) FROM surveys_roster
             WHERE workspace_id = $1 AND campaign_id = $2 AND student_fold >= $3 AND student_fold < $4",
            params![ctx.workspace(), campaign, from, until],
            |row| row.get(0),
        )?
    };
    let rows = tx.query(
        select_rows!("AND campaign_id = $2 AND student_fold >= $3 AND student_fold < $4 ORDER BY student_fold LIMIT $5 OFFSET $6"),
        params![ctx.workspace(), campaign, from, until, page.limit(), page.offset()],
        read,
    )?;
    Ok(Page::new(page, count, rows))
}

/// Writes a new row. Errors: a race where the student stands in the roster since.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, new: &RosterRow) -> Result<()> {
    let RosterRow {
        id,
        campaign,
        student_external_id,
        program,
        course_year,
        is_active,
        metadata,
        created_at,
        updated_at,
    } = new;
    tx.execute_one(
        "INSERT INTO surveys_roster (workspace_id, id, campaign_id, student_external_id, student_fold, program_id,
             course_year, is_active, metadata, created_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            ctx.workspace(),
            id,
            campaign,
            student_external_id,
            student_key(student_external_id),
            program,
            course_year,
            is_active,
            serde_json::Value::Object(metadata.clone()),
            created_at,
            updated_at
        ],
    )
    .on_unique(race)
}

/// Takes away what the rosters say of a student beside program and year; answers of how many rows.
pub(crate) fn erase_metadata(ctx: &Ctx, tx: &mut Tx, student: &Student) -> Result<u64> {
    tx.execute(
        "UPDATE surveys_roster SET metadata = $3, updated_at_ms = $4
         WHERE workspace_id = $1 AND student_fold = $2 AND metadata <> $3",
        params![ctx.workspace(), student_key(&student.student_external_id), "{}", ctx.now()],
    )
}
