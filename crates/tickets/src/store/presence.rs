//! The SQL of who has a ticket open just now.

use context::Ctx;
use db::{ReadTx, Tx, params};
use kernel::{Id, PersonId, Result, Timestamp};

use crate::{Presence, Ticket};

/// Somebody has the ticket open.
pub(crate) fn put(
    ctx: &Ctx,
    tx: &mut Tx,
    ticket: Id<Ticket>,
    person: PersonId,
    is_writing: bool,
) -> Result<()> {
    tx.execute_one(
        "INSERT INTO tickets_presence (workspace_id, ticket_id, person_id, name, is_writing, seen_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (workspace_id, ticket_id, person_id)
         DO UPDATE SET name = excluded.name, is_writing = excluded.is_writing, seen_at_ms = excluded.seen_at_ms",
        params![ctx.workspace(), ticket, person, ctx.actor().name, is_writing, ctx.now()],
    )
}

/// Who else has had the ticket open since then.
pub(crate) fn others(
    ctx: &Ctx,
    tx: &mut ReadTx,
    ticket: Id<Ticket>,
    person: PersonId,
    since: Timestamp,
) -> Result<Vec<Presence>> {
    tx.query(
        "SELECT name, is_writing FROM tickets_presence
         WHERE workspace_id = $1 AND ticket_id = $2 AND person_id <> $3 AND seen_at_ms >= $4 ORDER BY name",
        params![ctx.workspace(), ticket, person, since],
        |row| Ok(Presence { name: row.get(0)?, is_writing: row.get(1)? }),
    )
}
