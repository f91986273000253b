//! The SQL that erases a deleted bot, piece by piece.

use context::Ctx;
use db::{Tx, params};
use kernel::{Id, Result};

use crate::Bot;

/// Erases at most `at_most` messages of the bot; how many there were.
pub(crate) fn messages(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, at_most: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM bots_message WHERE workspace_id = $1 AND seq IN (
             SELECT m.seq FROM bots_message m
             JOIN bots_channel c ON c.workspace_id = m.workspace_id AND c.id = m.channel_id
             WHERE m.workspace_id = $1 AND c.bot_id = $2 LIMIT $3)",
        params![ctx.workspace(), bot, at_most],
    )
}

/// Erases at most `at_most` conversations of the bot; how many there were.
pub(crate) fn conversations(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, at_most: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM bots_conversation WHERE workspace_id = $1 AND id IN (
             SELECT t.id FROM bots_conversation t
             JOIN bots_channel c ON c.workspace_id = t.workspace_id AND c.id = t.channel_id
             WHERE t.workspace_id = $1 AND c.bot_id = $2 LIMIT $3)",
        params![ctx.workspace(), bot, at_most],
    )
}

/// Erases what is left: channels, versions, the draft and the bot.
pub(crate) fn rest(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>) -> Result<()> {
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
