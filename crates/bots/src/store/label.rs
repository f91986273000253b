//! The SQL of labels.

use std::collections::HashMap;

use context::Ctx;
use db::{ReadTx, Row, ToValue, Tx, Value, params};
use kernel::{Id, Result};

use crate::{Conversation, inbox::Label};

const COLUMNS: &str = "id, name, tone";

fn read(row: &Row<'_>) -> Result<Label> {
    Ok(Label { id: row.get(0)?, name: row.get(1)?, tone: row.get(2)? })
}

pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Label>> {
    let sql = format!("SELECT {COLUMNS} FROM bots_label WHERE workspace_id = $1 ORDER BY name_fold");
    tx.query(&sql, params![ctx.workspace()], read)
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Label>) -> Result<Label> {
    let sql = format!("SELECT {COLUMNS} FROM bots_label WHERE workspace_id = $1 AND id = $2");
    tx.query_one(&sql, params![ctx.workspace(), id], read)
}

/// The label of this name, however it is written.
pub(crate) fn find_by_name(ctx: &Ctx, tx: &mut ReadTx, name: &str) -> Result<Option<Id<Label>>> {
    tx.query_opt(
        "SELECT id FROM bots_label WHERE workspace_id = $1 AND name_fold = $2",
        params![ctx.workspace(), uztext::fold(name)],
        |row| row.get(0),
    )
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, label: &Label) -> Result<()> {
    let Label { id, name, tone } = label;
    tx.execute_one(
        "INSERT INTO bots_label (workspace_id, id, name, name_fold, tone, created_at_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        params![ctx.workspace(), id, name, uztext::fold(name), tone, ctx.now()],
    )
}

pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, label: &Label) -> Result<()> {
    let Label { id, name, tone } = label;
    tx.execute_one(
        "UPDATE bots_label SET name = $3, name_fold = $4, tone = $5 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, name, uztext::fold(name), tone],
    )
}

pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Label>) -> Result<()> {
    tx.execute(
        "DELETE FROM bots_conversation_label WHERE workspace_id = $1 AND label_id = $2",
        params![ctx.workspace(), id],
    )?;
    tx.execute_one("DELETE FROM bots_label WHERE workspace_id = $1 AND id = $2", params![ctx.workspace(), id])
}

/// The labels of one conversation, by name.
pub(crate) fn of(ctx: &Ctx, tx: &mut ReadTx, conversation: Id<Conversation>) -> Result<Vec<Label>> {
    Ok(of_many(ctx, tx, &[conversation])?.remove(&conversation).unwrap_or_default())
}

/// The labels of each of these conversations, by name.
pub(crate) fn of_many(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversations: &[Id<Conversation>],
) -> Result<HashMap<Id<Conversation>, Vec<Label>>> {
    let mut found: HashMap<Id<Conversation>, Vec<Label>> = HashMap::new();
    if conversations.is_empty() {
        return Ok(found);
    }
    let workspace = ctx.workspace();
    let mut values: Vec<Value> = vec![workspace.to_value()];
    values.extend(conversations.iter().map(ToValue::to_value));
    let holes: Vec<String> = (2..=values.len()).map(|hole| format!("${hole}")).collect();
    let sql = format!(
        "SELECT l.id, l.name, l.tone, c.conversation_id FROM bots_conversation_label c
         JOIN bots_label l ON l.workspace_id = c.workspace_id AND l.id = c.label_id
         WHERE c.workspace_id = $1 AND c.conversation_id IN ({}) ORDER BY l.name_fold",
        holes.join(", ")
    );
    tx.each(&sql, &values, |row| {
        found.entry(row.get(3)?).or_default().push(read(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Gives the conversation these labels and no others.
pub(crate) fn set(ctx: &Ctx, tx: &mut Tx, conversation: Id<Conversation>, labels: &[Label]) -> Result<()> {
    tx.execute(
        "DELETE FROM bots_conversation_label WHERE workspace_id = $1 AND conversation_id = $2",
        params![ctx.workspace(), conversation],
    )?;
    for label in labels {
        tx.execute_one(
            "INSERT INTO bots_conversation_label (workspace_id, conversation_id, label_id) VALUES ($1, $2, $3)",
            params![ctx.workspace(), conversation, label.id],
        )?;
    }
    Ok(())
}
