//! The SQL of imports, and the one transaction by which a file's rows go into a roster.

use context::Ctx;
use db::{ReadTx, Row, Tx, params, values};
use jobs::Job;
use kernel::{Id, Page, PageRequest, Result, Text};

use super::{of_json, to_json};
use crate::{
    Campaign, Import,
    import::{KeptProblem, KeptText},
    roster_file::FileRow,
};

/// Staged rows taken away in one transaction.
const CLEARED_ROWS: i64 = 5_000;

/// `SELECT` of whole imports; what follows narrows it. `$1` is the workspace.
macro_rules! select_imports {
    ($rest:literal) => {
        concat!(
            "SELECT id, campaign_id, state, filename, file_hash, deactivates_missing, row_count, created_count,
                 updated_count, unchanged_count, deactivated_count, wrong_count, problems, refusal, job_id, created_by,
                 created_at_ms, finished_at_ms
             FROM surveys_import WHERE workspace_id = $1 ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Import> {
    let problems: Vec<KeptProblem> = of_json(row.get(12)?)?;
    let refusal: Option<serde_json::Value> = row.get(13)?;
    let refusal: Option<KeptText> = refusal.map(of_json).transpose()?;
    Ok(Import {
        id: row.get(0)?,
        campaign: row.get(1)?,
        state: row.parse(2)?,
        filename: row.get(3)?,
        file_hash: row.get(4)?,
        deactivates_missing: row.get(5)?,
        row_count: row.get(6)?,
        created_count: row.get(7)?,
        updated_count: row.get(8)?,
        unchanged_count: row.get(9)?,
        deactivated_count: row.get(10)?,
        wrong_count: row.get(11)?,
        problems: problems.into_iter().map(KeptProblem::read).collect(),
        refusal: refusal.map(KeptText::read),
        job: row.get(14)?,
        created_by: row.get(15)?,
        created_at: row.get(16)?,
        finished_at: row.get(17)?,
    })
}

/// The import with this id. Errors: the workspace has none.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Import>) -> Result<Import> {
    tx.query_one(select_imports!("AND id = $2"), params![ctx.workspace(), id], read)
}

/// The same, held until the end of the transaction.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Import>) -> Result<Import> {
    tx.query_one(select_imports!("AND id = $2 FOR UPDATE"), params![ctx.workspace(), id], read)
}

/// The part `page` of the imports into a campaign's roster, the latest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    campaign: Id<Campaign>,
    page: PageRequest,
) -> Result<Page<Import>> {
    let count = tx.query_one(
        "SELECT COUNT(*) FROM surveys_import WHERE workspace_id = $1 AND campaign_id = $2",
        params![ctx.workspace(), campaign],
        |row| row.get(0),
    )?;
    let rows = tx.query(
        select_imports!("AND campaign_id = $2 ORDER BY created_at_ms DESC, id DESC LIMIT $3 OFFSET $4"),
        params![ctx.workspace(), campaign, page.limit(), page.offset()],
        read,
    )?;
    Ok(Page::new(page, count, rows))
}

/// Writes a new import.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, import: &Import) -> Result<()> {
    let Import {
        id,
        campaign,
        state,
        filename,
        file_hash,
        deactivates_missing,
        row_count,
        created_count,
        updated_count,
        unchanged_count,
        deactivated_count,
        wrong_count,
        problems,
        refusal,
        job,
        created_by,
        created_at,
        finished_at,
    } = import;
    let problems: Vec<KeptProblem> = problems.iter().map(KeptProblem::of).collect();
    tx.execute_one(
        "INSERT INTO surveys_import (workspace_id, id, campaign_id, state, filename, file_hash, deactivates_missing,
             row_count, created_count, updated_count, unchanged_count, deactivated_count, wrong_count, problems, refusal,
             job_id, created_by, created_at_ms, finished_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        params![
            ctx.workspace(),
            id,
            campaign,
            state.word().to_owned(),
            filename,
            file_hash,
            deactivates_missing,
            row_count,
            created_count,
            updated_count,
            unchanged_count,
            deactivated_count,
            wrong_count,
            to_json(&problems)?,
            refusal.as_ref().map(kept).transpose()?,
            job,
            created_by,
            created_at,
            finished_at
        ],
    )
}

fn kept(text: &Text) -> Result<serde_json::Value> {
    to_json(&KeptText::of(text))
}

/// Writes what can change of an import.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, import: &Import) -> Result<()> {
    let Import {
        id,
        campaign: _,
        state,
        filename: _,
        file_hash: _,
        deactivates_missing: _,
        row_count,
        created_count,
        updated_count,
        unchanged_count,
        deactivated_count,
        wrong_count,
        problems,
        refusal,
        job: _,
        created_by: _,
        created_at: _,
        finished_at,
    } = import;
    let problems: Vec<KeptProblem> = problems.iter().map(KeptProblem::of).collect();
    tx.execute_one(
        "UPDATE surveys_import SET state = $3, row_count = $4, created_count = $5, updated_count = $6,
             unchanged_count = $7, deactivated_count = $8, wrong_count = $9, problems = $10, refusal = $11,
             finished_at_ms = $12
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            state.word().to_owned(),
            row_count,
            created_count,
            updated_count,
            unchanged_count,
            deactivated_count,
            wrong_count,
            to_json(&problems)?,
            refusal.as_ref().map(kept).transpose()?,
            finished_at
        ],
    )
}

/// Says which job works on it.
pub(crate) fn set_job(ctx: &Ctx, tx: &mut Tx, id: Id<Import>, job: Option<Id<Job>>) -> Result<()> {
    tx.execute_one(
        "UPDATE surveys_import SET job_id = $3 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, job],
    )
}

/// Stages rows outside of the roster.
pub(crate) fn stage(ctx: &Ctx, tx: &mut Tx, import: Id<Import>, rows: &[FileRow]) -> Result<()> {
    let row = |row: &FileRow| {
        let FileRow { student_external_id, student_fold, program, course_year, is_active, metadata } = row;
        let metadata = metadata.clone().map(serde_json::Value::Object);
        let id: Id<crate::RosterRow> = ctx.new_id();
        values![
            ctx.workspace(),
            import,
            student_fold,
            id,
            student_external_id,
            program,
            course_year,
            is_active,
            metadata
        ]
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    let sql =
        "INSERT INTO surveys_import_row (workspace_id, import_id, student_fold, id, student_external_id,
         program_id, course_year, is_active, metadata) VALUES {}";
    tx.insert_many(sql, &rows)
}

/// Takes some staged rows away; answers whether there may be more.
pub(crate) fn clear(ctx: &Ctx, tx: &mut Tx, import: Id<Import>) -> Result<bool> {
    let cleared = tx.execute(
        "DELETE FROM surveys_import_row WHERE workspace_id = $1 AND import_id = $2 AND student_fold IN (
             SELECT student_fold FROM surveys_import_row WHERE workspace_id = $1 AND import_id = $2
             ORDER BY student_fold LIMIT $3)",
        params![ctx.workspace(), import, CLEARED_ROWS],
    )?;
    Ok(i64::try_from(cleared).is_ok_and(|cleared| cleared == CLEARED_ROWS))
}

/// What became of a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Applied {
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) deactivated: i64,
}

/// Has the staged rows stand in the campaign's roster, all at once: rows that differ are written over, others are put beside them.
/// Who holds the campaign's row sees to it that nobody else writes into the roster meanwhile.
pub(crate) fn apply(ctx: &Ctx, tx: &mut Tx, import: &Import) -> Result<Applied> {
    let (workspace, id, campaign, now) = (ctx.workspace(), import.id, import.campaign, ctx.now());
    let updated = tx.execute(
        "UPDATE surveys_roster SET student_external_id = s.student_external_id, program_id = s.program_id,
             course_year = COALESCE(s.course_year, surveys_roster.course_year), is_active = s.is_active,
             metadata = COALESCE(s.metadata, surveys_roster.metadata), updated_at_ms = $4
         FROM surveys_import_row s
         WHERE surveys_roster.workspace_id = $1 AND surveys_roster.campaign_id = $3 AND s.workspace_id = $1
             AND s.import_id = $2 AND s.student_fold = surveys_roster.student_fold
             AND (surveys_roster.student_external_id <> s.student_external_id
                 OR surveys_roster.program_id <> s.program_id
                 OR surveys_roster.is_active <> s.is_active
                 OR COALESCE(surveys_roster.course_year, 0)
                     <> COALESCE(s.course_year, surveys_roster.course_year, 0)
                 OR surveys_roster.metadata <> COALESCE(s.metadata, surveys_roster.metadata))",
        params![workspace, id, campaign, now],
    )?;
    let created = tx.execute(
        "INSERT INTO surveys_roster (workspace_id, id, campaign_id, student_external_id, student_fold, program_id,
             course_year, is_active, metadata, created_at_ms, updated_at_ms)
         SELECT s.workspace_id, s.id, c.id, s.student_external_id, s.student_fold, s.program_id, s.course_year,
             s.is_active, COALESCE(s.metadata, '{}'), i.created_at_ms, i.created_at_ms
         FROM surveys_import_row s
         JOIN surveys_import i ON i.workspace_id = s.workspace_id AND i.id = s.import_id
         JOIN surveys_campaign c ON c.workspace_id = i.workspace_id AND c.id = i.campaign_id
         WHERE s.workspace_id = $1 AND s.import_id = $2 AND NOT EXISTS (
             SELECT 1 FROM surveys_roster r
             WHERE r.workspace_id = $1 AND r.campaign_id = $3 AND r.student_fold = s.student_fold)
         ORDER BY s.student_fold",
        params![workspace, id, campaign],
    )?;
    let deactivated = if import.deactivates_missing { deactivate_missing(ctx, tx, import)? } else { 0 };
    count_anew(ctx, tx, campaign)?;
    let number = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
    Ok(Applied { created: number(created), updated: number(updated), deactivated: number(deactivated) })
}

fn deactivate_missing(ctx: &Ctx, tx: &mut Tx, import: &Import) -> Result<u64> {
    tx.execute(
        "UPDATE surveys_roster SET is_active = $4, updated_at_ms = $5
         WHERE workspace_id = $1 AND campaign_id = $3 AND is_active = $6 AND NOT EXISTS (
             SELECT 1 FROM surveys_import_row s
             WHERE s.workspace_id = $1 AND s.import_id = $2 AND s.student_fold = surveys_roster.student_fold)",
        params![ctx.workspace(), import.id, import.campaign, false, ctx.now(), true],
    )
}

/// Counts the active rows of a roster by program and year.
fn count_anew(ctx: &Ctx, tx: &mut Tx, campaign: Id<Campaign>) -> Result<()> {
    tx.execute(
        "UPDATE surveys_tally SET roster_count = 0 WHERE workspace_id = $1 AND campaign_id = $2",
        params![ctx.workspace(), campaign],
    )?;
    tx.execute(
        "INSERT INTO surveys_tally (workspace_id, campaign_id, program_id, course_year, roster_count, response_count,
             employed_count, unemployed_count)
         SELECT workspace_id, campaign_id, program_id, COALESCE(course_year, 0), COUNT(*), 0, 0, 0
         FROM surveys_roster WHERE workspace_id = $1 AND campaign_id = $2 AND is_active = $3
         GROUP BY workspace_id, campaign_id, program_id, COALESCE(course_year, 0)
         ON CONFLICT (workspace_id, campaign_id, program_id, course_year)
         DO UPDATE SET roster_count = excluded.roster_count",
        params![ctx.workspace(), campaign, true],
    )?;
    Ok(())
}
