//! The SQL of agents' work.

use std::collections::HashMap;

use context::Ctx;
use db::{
    ReadTx, ToValue, params,
    sea_query::{Cond, Expr, ExprTrait, Order, Query},
};
use kernel::{Id, Page, PageRequest, Result, Timestamp};

use super::ticket::{COLUMNS, among, ticket};
use crate::{
    Agent, Ticket,
    reads::Sight,
    work::{Figures, Pile},
};

/// The part `page` of the open tickets of this pile that are seen, the longest waiting first.
pub(crate) fn queue(
    ctx: &Ctx,
    tx: &mut ReadTx,
    sight: &Sight,
    pile: Pile,
    page: PageRequest,
) -> Result<Page<Ticket>> {
    let awake = Cond::any()
        .add(Expr::col("snoozed_until_ms").is_null())
        .add(Expr::col("snoozed_until_ms").lte(ctx.now().to_value()));
    let mut select = Query::select();
    select
        .columns(COLUMNS.split(',').map(str::trim))
        .from("tickets_ticket")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("is_open").eq(true))
        .cond_where(awake);
    match pile {
        Pile::Of(agent) => select.and_where(Expr::col("agent_id").eq(agent.to_value())),
        Pile::Unassigned => select.and_where(Expr::col("agent_id").is_null()),
        Pile::All => &mut select,
    };
    if let Some(categories) = sight.categories() {
        select.and_where(among(categories));
    }
    // Whoever does not wait comes after everybody who does.
    let last = i64::MAX;
    select.order_by_expr(Expr::cust(format!("COALESCE(waiting_since_ms, {last})")), Order::Asc);
    select.order_by("number", Order::Asc);
    tx.page(&select.take(), page, ticket)
}

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
