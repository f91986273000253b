//! The SQL of what can be searched of what was said.

use context::Ctx;
use db::{ReadTx, ToValue, Tx, Value, params};
use kernel::{Id, Result};

use crate::{Conversation, Message};

/// Characters of a message that are found.
const FOUND_CHARS: usize = 1_000;

/// Makes the words of a message findable; a message without words is not.
pub(crate) fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: Id<Conversation>,
    message: Id<Message>,
    text: &str,
) -> Result<()> {
    let words: String = text.chars().take(FOUND_CHARS).collect();
    let fold = uztext::fold(&words);
    if fold.is_empty() {
        return Ok(());
    }
    tx.insert_later(
        "INSERT INTO bots_said (workspace_id, at_ms, message_id, conversation_id, fold) VALUES ($1, $2, $3, $4, $5)",
        params![ctx.workspace(), ctx.now(), message, conversation, fold],
    )
}

/// The conversations in which all of these folded words were said in one message, the latest first.
pub(crate) fn find(
    ctx: &Ctx,
    tx: &mut ReadTx,
    words: &[String],
    at_most: i64,
) -> Result<Vec<Id<Conversation>>> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let workspace = ctx.workspace();
    let mut values: Vec<Value> = vec![workspace.to_value(), at_most.to_value()];
    // Folded words hold letters and digits only: nothing in them means anything to LIKE.
    let patterns: Vec<String> = words.iter().map(|word| format!("%{word}%")).collect();
    values.extend(patterns.iter().map(|pattern| Value::Text(pattern.clone().into())));
    let holds: Vec<String> = (3..=values.len()).map(|hole| format!("fold LIKE ${hole}")).collect();
    let sql = format!(
        "SELECT conversation_id FROM bots_said WHERE workspace_id = $1 AND {} ORDER BY at_ms DESC LIMIT $2",
        holds.join(" AND ")
    );
    let mut found: Vec<Id<Conversation>> = Vec::new();
    tx.each(&sql, &values, |row| {
        let id = row.get(0)?;
        if !found.contains(&id) {
            found.push(id);
        }
        Ok(())
    })?;
    Ok(found)
}
