//! The SQL of what is counted from a campaign's answers themselves.

use context::Ctx;
use db::{ReadTx, params};
use kernel::{Id, Money, Result, Timestamp};

use super::of_json;
use crate::{
    Campaign,
    json::{self, Object},
};

/// Answers by the quarter of an hour in which they were first given, the earliest first: days of every zone of the world are made of
/// quarters.
pub(crate) fn quarters(ctx: &Ctx, tx: &mut ReadTx, campaign: Id<Campaign>) -> Result<Vec<(Timestamp, i64)>> {
    tx.query(
        "SELECT submitted_at_ms / 900000, COUNT(*) FROM surveys_response
         WHERE workspace_id = $1 AND campaign_id = $2 GROUP BY 1 ORDER BY 1",
        params![ctx.workspace(), campaign],
        |row| {
            let quarter: i64 = row.get(0)?;
            Ok((Timestamp::from_millis(quarter.saturating_mul(900_000)), row.get(1)?))
        },
    )
}

/// Hours a week that were said, the fewest first, with how many said so.
pub(crate) fn hours(ctx: &Ctx, tx: &mut ReadTx, campaign: Id<Campaign>) -> Result<Vec<(i32, i64)>> {
    tx.query(
        "SELECT hours_per_week, COUNT(*) FROM surveys_response
         WHERE workspace_id = $1 AND campaign_id = $2 AND hours_per_week IS NOT NULL
         GROUP BY hours_per_week ORDER BY hours_per_week",
        params![ctx.workspace(), campaign],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Salaries that were said, the lowest first, with how many said so.
pub(crate) fn salaries(ctx: &Ctx, tx: &mut ReadTx, campaign: Id<Campaign>) -> Result<Vec<(Money, i64)>> {
    tx.query(
        "SELECT salary_tiyin, COUNT(*) FROM surveys_response
         WHERE workspace_id = $1 AND campaign_id = $2 AND salary_tiyin IS NOT NULL
         GROUP BY salary_tiyin ORDER BY salary_tiyin",
        params![ctx.workspace(), campaign],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// What was agreed to and which channels were named, in the same words, with how many answered so. Those who said neither are
/// left out.
pub(crate) fn wishes(
    ctx: &Ctx,
    tx: &mut ReadTx,
    campaign: Id<Campaign>,
) -> Result<Vec<(Object, Vec<String>, i64)>> {
    tx.query(
        "SELECT consents, channels, COUNT(*) FROM surveys_response
         WHERE workspace_id = $1 AND campaign_id = $2 AND NOT (consents = '{}' AND channels = '[]')
         GROUP BY consents, channels",
        params![ctx.workspace(), campaign],
        |row| Ok((json::object(row.get(0)?), of_json(row.get(1)?)?, row.get(2)?)),
    )
}
