//! The SQL of labels.

use std::collections::HashMap;

use context::Ctx;
use db::{ReadTx, Row, ToValue, Tx, Value, params};
use kernel::{Id, Result};

use crate::{Label, Ticket};

const COLUMNS: &str = "id, name, tone";

fn read(row: &Row<'_>) -> Result<Label> {
    Ok(Label { id: row.get(0)?, name: row.get(1)?, tone: row.get(2)? })
}

pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Label>> {
    let sql = format!("SELECT {COLUMNS} FROM tickets_label WHERE workspace_id = $1 ORDER BY name_fold");
    tx.query(&sql, params![ctx.workspace()], read)
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Label>) -> Result<Label> {
    let sql = format!("SELECT {COLUMNS} FROM tickets_label WHERE workspace_id = $1 AND id = $2");
    tx.query_one(&sql, params![ctx.workspace(), id], read)
}

/// The label of this name, however it is written.
pub(crate) fn find_by_name(ctx: &Ctx, tx: &mut ReadTx, name: &str) -> Result<Option<Id<Label>>> {
    tx.query_opt(
        "SELECT id FROM tickets_label WHERE workspace_id = $1 AND name_fold = $2",
        params![ctx.workspace(), uztext::fold(name)],
        |row| row.get(0),
    )
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, label: &Label) -> Result<()> {
    let Label { id, name, tone } = label;
    tx.execute_one(
        "INSERT INTO tickets_label (workspace_id, id, name, name_fold, tone, created_at_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        params![ctx.workspace(), id, name, uztext::fold(name), tone, ctx.now()],
    )
}

pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, label: &Label) -> Result<()> {
    let Label { id, name, tone } = label;
    tx.execute_one(
        "UPDATE tickets_label SET name = $3, name_fold = $4, tone = $5 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, name, uztext::fold(name), tone],
    )
}

/// Takes the label away; the keys take it from everything that has it.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Label>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM tickets_label WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
}

/// The labels of each of these tickets, by name.
pub(crate) fn of_many(
    ctx: &Ctx,
    tx: &mut ReadTx,
    tickets: &[Id<Ticket>],
) -> Result<HashMap<Id<Ticket>, Vec<Label>>> {
    let mut found: HashMap<Id<Ticket>, Vec<Label>> = HashMap::new();
    if tickets.is_empty() {
        return Ok(found);
    }
    let workspace = ctx.workspace();
    let mut values: Vec<Value> = vec![workspace.to_value()];
    values.extend(tickets.iter().map(ToValue::to_value));
    let holes: Vec<String> = (2..=values.len()).map(|hole| format!("${hole}")).collect();
    let sql = format!(
        "SELECT l.id, l.name, l.tone, t.ticket_id FROM tickets_ticket_label t
         JOIN tickets_label l ON l.workspace_id = t.workspace_id AND l.id = t.label_id
         WHERE t.workspace_id = $1 AND t.ticket_id IN ({}) ORDER BY l.name_fold",
        holes.join(", ")
    );
    tx.each(&sql, &values, |row| {
        found.entry(row.get(3)?).or_default().push(read(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Gives the ticket these labels and no others.
pub(crate) fn set(ctx: &Ctx, tx: &mut Tx, ticket: Id<Ticket>, labels: &[Label]) -> Result<()> {
    tx.execute(
        "DELETE FROM tickets_ticket_label WHERE workspace_id = $1 AND ticket_id = $2",
        params![ctx.workspace(), ticket],
    )?;
    for label in labels {
        tx.execute_one(
            "INSERT INTO tickets_ticket_label (workspace_id, ticket_id, label_id) VALUES ($1, $2, $3)",
            params![ctx.workspace(), ticket, label.id],
        )?;
    }
    Ok(())
}

/// Gives `into` the labels of `from` beside its own.
pub(crate) fn add_all(ctx: &Ctx, tx: &mut Tx, from: Id<Ticket>, into: Id<Ticket>) -> Result<()> {
    tx.execute(
        "INSERT INTO tickets_ticket_label (workspace_id, ticket_id, label_id)
         SELECT workspace_id, $3, label_id FROM tickets_ticket_label WHERE workspace_id = $1 AND ticket_id = $2
         ON CONFLICT (workspace_id, ticket_id, label_id) DO NOTHING",
        params![ctx.workspace(), from, into],
    )?;
    Ok(())
}
