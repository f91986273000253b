//! The SQL of the labels that conversations have.

use std::collections::HashMap;

use context::Ctx;
use db::{ReadTx, ToValue, Tx, Value, params};
use kernel::{Id, Result};
use tickets::Label;

use crate::Conversation;

/// The labels of one conversation.
pub(crate) fn of(ctx: &Ctx, tx: &mut ReadTx, conversation: Id<Conversation>) -> Result<Vec<Id<Label>>> {
    Ok(of_many(ctx, tx, &[conversation])?.remove(&conversation).unwrap_or_default())
}

/// The labels of each of these conversations.
pub(crate) fn of_many(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversations: &[Id<Conversation>],
) -> Result<HashMap<Id<Conversation>, Vec<Id<Label>>>> {
    let mut found: HashMap<Id<Conversation>, Vec<Id<Label>>> = HashMap::new();
    if conversations.is_empty() {
        return Ok(found);
    }
    let workspace = ctx.workspace();
    let mut values: Vec<Value> = vec![workspace.to_value()];
    values.extend(conversations.iter().map(ToValue::to_value));
    let holes: Vec<String> = (2..=values.len()).map(|hole| format!("${hole}")).collect();
    let sql = format!(
        "SELECT label_id, conversation_id FROM bots_conversation_label
         WHERE workspace_id = $1 AND conversation_id IN ({})",
        holes.join(", ")
    );
    tx.each(&sql, &values, |row| {
        found.entry(row.get(1)?).or_default().push(row.get(0)?);
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
