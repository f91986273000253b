//! The SQL of what agents have seen of tickets in their chats.

use context::Ctx;
use db::{ReadTx, Tx, params};
use kernel::{Id, Result};
use tickets::{Agent, Ticket};

/// The agent looks at the ticket and sees it up to its last message.
pub(crate) fn look(ctx: &Ctx, tx: &mut Tx, ticket: &Ticket, agent: Id<Agent>) -> Result<()> {
    tx.execute_one(
        "INSERT INTO bots_desk_look (workspace_id, ticket_id, agent_id, seen_place, is_told) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace_id, ticket_id, agent_id)
         DO UPDATE SET seen_place = excluded.seen_place, is_told = excluded.is_told",
        params![ctx.workspace(), ticket.id, agent, ticket.last_place, false],
    )
}

/// Whether the agent has seen what stands at `place`, or was told of something since they looked.
pub(crate) fn knows(
    ctx: &Ctx,
    tx: &mut ReadTx,
    ticket: Id<Ticket>,
    agent: Id<Agent>,
    place: i64,
) -> Result<bool> {
    let sql = "SELECT is_told OR seen_place >= $4 FROM bots_desk_look
               WHERE workspace_id = $1 AND ticket_id = $2 AND agent_id = $3";
    let knows = tx.query_opt(sql, params![ctx.workspace(), ticket, agent, place], |row| row.get(0))?;
    Ok(knows.unwrap_or_default())
}

/// Notes that the agent is told of what stands at `place`; `false` where they have seen it, or were told of something since
/// they looked.
pub(crate) fn is_to_be_told(
    ctx: &Ctx,
    tx: &mut Tx,
    ticket: Id<Ticket>,
    agent: Id<Agent>,
    place: i64,
) -> Result<bool> {
    let changed = tx.execute(
        "INSERT INTO bots_desk_look (workspace_id, ticket_id, agent_id, seen_place, is_told) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace_id, ticket_id, agent_id) DO UPDATE SET is_told = excluded.is_told
             WHERE NOT bots_desk_look.is_told AND bots_desk_look.seen_place < $6",
        params![ctx.workspace(), ticket, agent, -1_i64, true, place],
    )?;
    Ok(changed == 1)
}

/// Nobody is told of this ticket any more.
pub(crate) fn forget(ctx: &Ctx, tx: &mut Tx, ticket: Id<Ticket>) -> Result<()> {
    tx.execute(
        "DELETE FROM bots_desk_look WHERE workspace_id = $1 AND ticket_id = $2",
        params![ctx.workspace(), ticket],
    )
    .map(drop)
}
