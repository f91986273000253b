//! The SQL of how many are asked and how many answered.

use catalog::Item;
use context::Ctx;
use db::{ReadTx, Row, Tx, params};
use kernel::{Id, Result};

use crate::{Campaign, Employment, Figures, Response, RosterRow, reads::Cell};

/// What is counted of one campaign, program and year.
fn figures(row: &Row<'_>, from: usize) -> Result<Figures> {
    Ok(Figures {
        roster: row.get(from)?,
        responses: row.get(from + 1)?,
        employed: row.get(from + 2)?,
        unemployed: row.get(from + 3)?,
    })
}

/// The figures of each campaign that has any.
pub(crate) fn of_campaigns(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(Id<Campaign>, Figures)>> {
    tx.query(
        "SELECT campaign_id, CAST(SUM(roster_count) AS bigint), CAST(SUM(response_count) AS bigint),
             CAST(SUM(employed_count) AS bigint), CAST(SUM(unemployed_count) AS bigint)
         FROM surveys_tally WHERE workspace_id = $1 GROUP BY campaign_id",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, figures(row, 1)?)),
    )
}

/// The figures of a campaign by program and year.
pub(crate) fn of_campaign(ctx: &Ctx, tx: &mut ReadTx, campaign: Id<Campaign>) -> Result<Vec<Cell>> {
    tx.query(
        "SELECT program_id, course_year, roster_count, response_count, employed_count, unemployed_count
         FROM surveys_tally WHERE workspace_id = $1 AND campaign_id = $2
             AND (roster_count <> 0 OR response_count <> 0)
         ORDER BY program_id, course_year",
        params![ctx.workspace(), campaign],
        |row| {
            let year: i32 = row.get(1)?;
            let course_year = Some(year).filter(|year| *year != 0);
            Ok(Cell { program: row.get(0)?, course_year, figures: figures(row, 2)? })
        },
    )
}

/// Counts one more row of a roster.
pub(crate) fn count_roster(ctx: &Ctx, tx: &mut Tx, row: &RosterRow) -> Result<()> {
    let one = Figures { roster: i64::from(row.is_active), ..Figures::default() };
    add(ctx, tx, row.campaign, row.program, row.course_year, one)
}

/// Counts an answer in place of the one that stood there before.
pub(crate) fn count_response(
    ctx: &Ctx,
    tx: &mut Tx,
    before: Option<&Response>,
    after: &Response,
) -> Result<()> {
    let key = |response: &Response| {
        (response.campaign, response.program, response.course_year, response.answered.employment)
    };
    if before.map(key) == Some(key(after)) {
        return Ok(());
    }
    if let Some(before) = before {
        add(ctx, tx, before.campaign, before.program, before.course_year, negative(one(before)))?;
    }
    add(ctx, tx, after.campaign, after.program, after.course_year, one(after))
}

/// One answer.
pub(super) fn one(response: &Response) -> Figures {
    let of = |status| i64::from(response.answered.employment == Some(status));
    Figures {
        roster: 0,
        responses: 1,
        employed: of(Employment::Employed),
        unemployed: of(Employment::Unemployed),
    }
}

/// As many less.
pub(super) const fn negative(figures: Figures) -> Figures {
    let Figures { roster, responses, employed, unemployed } = figures;
    Figures {
        roster: roster.saturating_neg(),
        responses: responses.saturating_neg(),
        employed: employed.saturating_neg(),
        unemployed: unemployed.saturating_neg(),
    }
}

fn add(
    ctx: &Ctx,
    tx: &mut Tx,
    campaign: Id<Campaign>,
    program: Id<Item>,
    course_year: Option<i32>,
    more: Figures,
) -> Result<()> {
    let Figures { roster, responses, employed, unemployed } = more;
    tx.execute_one(
        "INSERT INTO surveys_tally (workspace_id, campaign_id, program_id, course_year, roster_count, response_count,
             employed_count, unemployed_count)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (workspace_id, campaign_id, program_id, course_year) DO UPDATE SET
             roster_count = surveys_tally.roster_count + excluded.roster_count,
             response_count = surveys_tally.response_count + excluded.response_count,
             employed_count = surveys_tally.employed_count + excluded.employed_count,
             unemployed_count = surveys_tally.unemployed_count + excluded.unemployed_count",
        params![
            ctx.workspace(),
            campaign,
            program,
            course_year.unwrap_or(0),
            roster,
            responses,
            employed,
            unemployed
        ],
    )
}
