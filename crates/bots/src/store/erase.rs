//! The SQL that erases: a deleted bot, piece by piece, and the chat of somebody who is forgotten.

use context::Ctx;
use db::{Tx, params};
use kernel::{Id, Result};

use crate::{Bot, Conversation};

/// Erases at most `at_most` messages of the bot, with the notes of files that people sent; how many messages there
/// were.
pub(crate) fn messages(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, at_most: i64) -> Result<u64> {
    let oldest = |column: &str| {
        format!(
            "SELECT m.{column} FROM bots_message m
             JOIN bots_channel c ON c.workspace_id = m.workspace_id AND c.id = m.channel_id
             WHERE m.workspace_id = $1 AND c.bot_id = $2 ORDER BY m.seq LIMIT $3"
        )
    };
    tx.execute(
        &format!("DELETE FROM bots_media WHERE workspace_id = $1 AND message_id IN ({})", oldest("id")),
        params![ctx.workspace(), bot, at_most],
    )?;
    tx.execute(
        &format!("DELETE FROM bots_message WHERE workspace_id = $1 AND seq IN ({})", oldest("seq")),
        params![ctx.workspace(), bot, at_most],
    )
}

/// The first of the bot's conversations.
const FIRST: &str = "SELECT t.id FROM bots_conversation t
     JOIN bots_channel c ON c.workspace_id = t.workspace_id AND c.id = t.channel_id
     WHERE t.workspace_id = $1 AND c.bot_id = $2 ORDER BY t.id LIMIT $3";

/// Erases at most `at_most` conversations of the bot, with their labels, what the search knows of them and what was
/// counted; how many conversations there were.
pub(crate) fn conversations(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, at_most: i64) -> Result<u64> {
    for table in ["bots_said", "bots_conversation_label", "bots_day", "bots_visit", "bots_answer"] {
        tx.execute(
            &format!("DELETE FROM {table} WHERE workspace_id = $1 AND conversation_id IN ({FIRST})"),
            params![ctx.workspace(), bot, at_most],
        )?;
    }
    tx.execute(
        &format!("DELETE FROM bots_conversation WHERE workspace_id = $1 AND id IN ({FIRST})"),
        params![ctx.workspace(), bot, at_most],
    )
}

/// Erases at most `at_most` visitors of the bot's chats on sites; how many there were.
pub(crate) fn visitors(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, at_most: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM bots_visitor WHERE workspace_id = $1 AND id IN (
             SELECT v.id FROM bots_visitor v
             JOIN bots_channel c ON c.workspace_id = v.workspace_id AND c.id = v.channel_id
             WHERE v.workspace_id = $1 AND c.bot_id = $2 ORDER BY v.id LIMIT $3)",
        params![ctx.workspace(), bot, at_most],
    )
}

/// Erases what is left: channels, versions, the draft and the bot.
pub(crate) fn rest(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>) -> Result<()> {
    tx.execute(
        "DELETE FROM bots_web_chat WHERE workspace_id = $1 AND channel_id IN (
             SELECT id FROM bots_channel WHERE workspace_id = $1 AND bot_id = $2)",
        params![ctx.workspace(), bot],
    )?;
    tx.execute(
        "DELETE FROM bots_channel WHERE workspace_id = $1 AND bot_id = $2",
        params![ctx.workspace(), bot],
    )?;
    tx.execute(
        "DELETE FROM bots_draft WHERE workspace_id = $1 AND bot_id = $2",
        params![ctx.workspace(), bot],
    )?;
    tx.execute(
        "DELETE FROM bots_version WHERE workspace_id = $1 AND bot_id = $2",
        params![ctx.workspace(), bot],
    )?;
    tx.execute(
        "DELETE FROM bots_bot WHERE workspace_id = $1 AND id = $2 AND state = 'deleted'",
        params![ctx.workspace(), bot],
    )?;
    Ok(())
}

/// Erases one conversation with everything that was said in it, the notes of files, its labels and what the
/// search knows of it. What was counted of it stays. Answers whether it was there.
pub(crate) fn conversation(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>) -> Result<bool> {
    let locked = "SELECT id FROM bots_conversation WHERE workspace_id = $1 AND id = $2 FOR UPDATE";
    let found: Option<Id<Conversation>> =
        tx.query_opt(locked, params![ctx.workspace(), id], |row| row.get(0))?;
    if found.is_none() {
        return Ok(false);
    }
    tx.execute(
        "DELETE FROM bots_media WHERE workspace_id = $1 AND message_id IN (
             SELECT id FROM bots_message WHERE workspace_id = $1 AND conversation_id = $2)",
        params![ctx.workspace(), id],
    )?;
    for table in ["bots_message", "bots_said", "bots_conversation_label"] {
        tx.execute(
            &format!("DELETE FROM {table} WHERE workspace_id = $1 AND conversation_id = $2"),
            params![ctx.workspace(), id],
        )?;
    }
    tx.execute(
        "DELETE FROM bots_conversation WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )?;
    Ok(true)
}
