//! The SQL of how many answered, by gender and region.

use catalog::Item;
use context::Ctx;
use db::{ReadTx, Tx, params};
use kernel::{Id, Result};
use uuid::Uuid;

use super::tally::{negative, one};
use crate::{Campaign, Figures, Gender, Response, Student, analytics::PersonCell};

/// Who somebody is, as far as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) gender: Option<Gender>,
    pub(crate) region: Option<Id<Item>>,
}

impl Kind {
    /// What is counted of this student.
    pub(crate) const fn of(student: &Student) -> Self {
        Self { gender: student.gender, region: student.region }
    }
}

/// The figures of a campaign by gender and region; nobody is asked by those, so their rosters are nothing.
pub(crate) fn of_campaign(ctx: &Ctx, tx: &mut ReadTx, campaign: Id<Campaign>) -> Result<Vec<PersonCell>> {
    tx.query(
        "SELECT gender, region_id, response_count, employed_count, unemployed_count
         FROM surveys_person_tally WHERE workspace_id = $1 AND campaign_id = $2 AND response_count <> 0
         ORDER BY gender, region_id",
        params![ctx.workspace(), campaign],
        |row| {
            let (gender, region): (String, Id<Item>) = (row.get(0)?, row.get(1)?);
            let gender = Some(gender).filter(|word| !word.is_empty());
            let figures =
                Figures { roster: 0, responses: row.get(2)?, employed: row.get(3)?, unemployed: row.get(4)? };
            Ok(PersonCell {
                gender: gender.map(|word| word.parse()).transpose()?,
                region: Some(region).filter(|id| id.uuid() != Uuid::nil()),
                figures,
            })
        },
    )
}

/// What a student answered in each campaign, as it is counted.
fn of_student(ctx: &Ctx, tx: &mut ReadTx, student: Id<Student>) -> Result<Vec<(Id<Campaign>, Figures)>> {
    tx.query(
        "SELECT campaign_id, COUNT(*), CAST(SUM(CASE employment_status WHEN 'employed' THEN 1 ELSE 0 END) AS bigint),
             CAST(SUM(CASE employment_status WHEN 'unemployed' THEN 1 ELSE 0 END) AS bigint)
         FROM surveys_response WHERE workspace_id = $1 AND student_id = $2
         GROUP BY campaign_id ORDER BY campaign_id",
        params![ctx.workspace(), student],
        |row| {
            let figures = Figures {
                roster: 0,
                responses: row.get(1)?,
                employed: row.get(2)?,
                unemployed: row.get(3)?,
            };
            Ok((row.get(0)?, figures))
        },
    )
}

/// Counts everything that a student answered under who they are now, and no more under who they were.
pub(crate) fn move_student(ctx: &Ctx, tx: &mut Tx, before: &Student, after: &Student) -> Result<()> {
    let (was, is) = (Kind::of(before), Kind::of(after));
    if was == is {
        return Ok(());
    }
    for (campaign, figures) in of_student(ctx, tx, after.id)? {
        add(ctx, tx, campaign, was, negative(figures))?;
        add(ctx, tx, campaign, is, figures)?;
    }
    Ok(())
}

/// Counts an answer of somebody of this kind in place of the one that stood there before.
pub(crate) fn count_response(
    ctx: &Ctx,
    tx: &mut Tx,
    before: Option<(&Response, Kind)>,
    after: (&Response, Kind),
) -> Result<()> {
    let key = |(response, kind): (&Response, Kind)| (response.campaign, response.answered.employment, kind);
    if before.map(key) == Some(key(after)) {
        return Ok(());
    }
    if let Some((response, kind)) = before {
        add(ctx, tx, response.campaign, kind, negative(one(response)))?;
    }
    add(ctx, tx, after.0.campaign, after.1, one(after.0))
}

fn add(ctx: &Ctx, tx: &mut Tx, campaign: Id<Campaign>, kind: Kind, more: Figures) -> Result<()> {
    let Figures { roster: _, responses, employed, unemployed } = more;
    tx.execute_one(
        "INSERT INTO surveys_person_tally (workspace_id, campaign_id, gender, region_id, response_count, employed_count,
             unemployed_count)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (workspace_id, campaign_id, gender, region_id) DO UPDATE SET
             response_count = surveys_person_tally.response_count + excluded.response_count,
             employed_count = surveys_person_tally.employed_count + excluded.employed_count,
             unemployed_count = surveys_person_tally.unemployed_count + excluded.unemployed_count",
        params![
            ctx.workspace(),
            campaign,
            kind.gender.map(Gender::word).unwrap_or_default(),
            kind.region.map_or_else(Uuid::nil, |region| region.uuid()),
            responses,
            employed,
            unemployed
        ],
    )
}
