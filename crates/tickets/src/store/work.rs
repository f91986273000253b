//! The SQL of agents' work.

use std::collections::HashMap;

use context::Ctx;
use db::{ReadTx, params};
use kernel::{Id, Result, Timestamp};

use crate::{Agent, work::Figures};

/// What was done from `since` on, by this agent or by all.
pub(crate) fn figures(
    ctx: &Ctx,
    tx: &mut ReadTx,
    agent: Option<Id<Agent>>,
    since: Timestamp,
) -> Result<Figures> {
    let (opened, closed): (i64, i64) = tx.query_one(
        "SELECT COUNT(CASE WHEN created_at_ms >= $2 THEN 1 END), COUNT(CASE WHEN closed_at_ms >= $2 THEN 1 END)
         FROM tickets_ticket WHERE workspace_id = $1 AND ($3 OR agent_id = $4)",
        params![ctx.workspace(), since, agent.is_none(), agent],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let answered = tx.query_one(
        "SELECT COUNT(*) FROM tickets_message
         WHERE workspace_id = $1 AND created_at_ms >= $2 AND is_answer AND ($3 OR agent_id = $4)",
        params![ctx.workspace(), since, agent.is_none(), agent],
        |row| row.get(0),
    )?;
    let (count, waited_ms): (i64, i64) = tx.query_one(
        "SELECT COUNT(*), CAST(COALESCE(SUM(first_answer_at_ms - created_at_ms), 0) AS BIGINT) FROM tickets_ticket
         WHERE workspace_id = $1 AND first_answer_at_ms >= $2 AND ($3 OR EXISTS (
             SELECT 1 FROM tickets_message said
             WHERE said.workspace_id = tickets_ticket.workspace_id AND said.ticket_id = tickets_ticket.id
                 AND said.is_answer AND said.agent_id = $4 AND said.created_at_ms = tickets_ticket.first_answer_at_ms))",
        params![ctx.workspace(), since, agent.is_none(), agent],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let first_answer_s = waited_ms.checked_div(count).map(|mean_ms| mean_ms / 1_000);
    Ok(Figures { opened, answered, closed, first_answer_s })
}

/// How many open tickets each agent has.
pub(crate) fn open_counts(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<Id<Agent>, i64>> {
    let found = tx.query(
        "SELECT agent_id, COUNT(*) FROM tickets_ticket
         WHERE workspace_id = $1 AND is_open AND agent_id IS NOT NULL GROUP BY agent_id",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.into_iter().collect())
}
