//! The SQL of acts, and of who is named in a note.

use context::Ctx;
use db::{ReadTx, Row, Tx, params};
use kernel::{Error, Id, Result};
use serde_json::Value;

use crate::{Act, Agent, Ticket};

fn act(row: &Row<'_>) -> Result<Act> {
    let body: Value = row.get(4)?;
    Ok(Act {
        id: row.get(0)?,
        ticket: row.get(1)?,
        after_place: row.get(2)?,
        author: row.get(3)?,
        deed: serde_json::from_value(body).map_err(Error::internal)?,
        created_at: row.get(5)?,
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, act: &Act) -> Result<()> {
    let Act { id, ticket, after_place, author, deed, created_at } = act;
    let body = serde_json::to_value(deed).map_err(Error::internal)?;
    tx.execute_one(
        "INSERT INTO tickets_act (workspace_id, id, ticket_id, after_place, author, body, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![ctx.workspace(), id, ticket, after_place, author, body, created_at],
    )
}

/// What was done with the ticket from behind the message `from` on, as it was done.
pub(crate) fn of(ctx: &Ctx, tx: &mut ReadTx, ticket: Id<Ticket>, from: i64, until: i64) -> Result<Vec<Act>> {
    tx.query(
        "SELECT id, ticket_id, after_place, author, body, created_at_ms FROM tickets_act
         WHERE workspace_id = $1 AND ticket_id = $2 AND after_place >= $3 AND after_place <= $4
         ORDER BY after_place, created_at_ms, id",
        params![ctx.workspace(), ticket, from, until],
        act,
    )
}

/// Has what was done with `from` stand in `into`, behind the message `behind` there.
pub(crate) fn move_to(ctx: &Ctx, tx: &mut Tx, from: Id<Ticket>, into: Id<Ticket>, behind: i64) -> Result<()> {
    tx.execute(
        "UPDATE tickets_act SET ticket_id = $3, after_place = after_place + $4 WHERE workspace_id = $1 AND ticket_id = $2",
        params![ctx.workspace(), from, into, behind],
    )?;
    Ok(())
}

/// The agent is named in a note of the ticket.
pub(crate) fn mention(ctx: &Ctx, tx: &mut Tx, agent: Id<Agent>, ticket: Id<Ticket>) -> Result<()> {
    tx.execute(
        "INSERT INTO tickets_mention (workspace_id, agent_id, ticket_id, created_at_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id, agent_id, ticket_id) DO NOTHING",
        params![ctx.workspace(), agent, ticket, ctx.now()],
    )?;
    Ok(())
}

/// Whether the agent is named in a note of the ticket that they have not seen.
pub(crate) fn is_mentioned(ctx: &Ctx, tx: &mut ReadTx, agent: Id<Agent>, ticket: Id<Ticket>) -> Result<bool> {
    let found: Option<i64> = tx.query_opt(
        "SELECT 1 FROM tickets_mention WHERE workspace_id = $1 AND agent_id = $2 AND ticket_id = $3",
        params![ctx.workspace(), agent, ticket],
        |row| row.get(0),
    )?;
    Ok(found.is_some())
}

/// The agent has seen the ticket.
pub(crate) fn forget_mention(ctx: &Ctx, tx: &mut Tx, agent: Id<Agent>, ticket: Id<Ticket>) -> Result<()> {
    tx.execute(
        "DELETE FROM tickets_mention WHERE workspace_id = $1 AND agent_id = $2 AND ticket_id = $3",
        params![ctx.workspace(), agent, ticket],
    )?;
    Ok(())
}
