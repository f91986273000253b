//! The SQL of channels and their leases.

use context::Ctx;
use db::{OnConstraint, ReadTx, Row, Tx, params};
use kernel::{Error, Id, Result, Text, Timestamp, WorkspaceId};

use crate::{Bot, Channel, ChannelKind, ChannelState, Intake};

const COLUMNS: &str = "id, workspace_id, bot_id, kind, state, username, token_sealed, intake, webhook_secret, \
     next_update, problem, fence";

fn read(row: &Row<'_>) -> Result<Channel> {
    let intake: Option<String> = row.get(7)?;
    Ok(Channel {
        id: row.get(0)?,
        workspace: row.get(1)?,
        bot: row.get(2)?,
        kind: row.parse(3)?,
        state: row.parse(4)?,
        username: row.get(5)?,
        token_sealed: row.get(6)?,
        intake: intake.map(|word| word.parse()).transpose()?,
        webhook_secret: row.get(8)?,
        next_update: row.get(9)?,
        problem: row.get(10)?,
        fence: row.get(11)?,
    })
}

/// A channel to write; `account` is the platform's id of the bot behind it.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, channel: &Channel, account: Option<i64>) -> Result<()> {
    let Channel {
        id,
        workspace,
        bot,
        kind,
        state,
        username,
        token_sealed,
        intake,
        webhook_secret,
        next_update,
        problem,
        fence,
    } = channel;
    tx.execute_one(
        "INSERT INTO bots_channel (workspace_id, id, bot_id, kind, state, account_id, username, token_sealed, intake,
             webhook_secret, next_update, problem, fence, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            workspace, id, bot, kind.word(), state.word(), account, username, token_sealed,
            intake.map(|intake| intake.word().to_owned()), webhook_secret, next_update, problem, fence, ctx.now()
        ],
    )
    .on_unique(|| Error::field("token", Text::new("bots-token-connected-already")))
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Channel>) -> Result<Channel> {
    find(ctx, tx, id)?.ok_or_else(Error::not_found)
}

pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, id: Id<Channel>) -> Result<Option<Channel>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bots_channel WHERE workspace_id = $1 AND id = $2 AND state <> 'removed'"
    );
    tx.query_opt(&sql, params![ctx.workspace(), id], read)
}

/// The bot's channels, oldest first.
pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>) -> Result<Vec<Channel>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bots_channel WHERE workspace_id = $1 AND bot_id = $2 AND state <> 'removed' ORDER BY id"
    );
    tx.query(&sql, params![ctx.workspace(), bot], read)
}

/// The workspace's channels in Telegram, oldest first.
pub(crate) fn in_telegram(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Channel>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bots_channel WHERE workspace_id = $1 AND kind = $2 AND state <> 'removed' ORDER BY id"
    );
    tx.query(&sql, params![ctx.workspace(), ChannelKind::Telegram.word()], read)
}

/// The channel that a webhook's address names, of whichever workspace.
pub(crate) fn find_anywhere(tx: &mut ReadTx, id: Id<Channel>) -> Result<Option<Channel>> {
    // tidy: no workspace: a webhook's address names only the channel, which says whose it is
    let sql = format!("SELECT {COLUMNS} FROM bots_channel WHERE id = $1 AND state <> 'removed'");
    tx.query_opt(&sql, params![id], read)
}

/// Whether the Telegram bot with this id was ever connected, to whichever workspace.
pub(crate) fn is_known(tx: &mut ReadTx, account: i64) -> Result<bool> {
    // tidy: no workspace: an account belongs to one workspace of the server at most
    let sql = "SELECT COUNT(*) FROM bots_channel WHERE kind = $1 AND account_id = $2";
    let count: i64 = tx.query_one(sql, params![ChannelKind::Telegram.word(), account], |row| row.get(0))?;
    Ok(count > 0)
}

pub(crate) fn set_state(
    workspace: WorkspaceId,
    tx: &mut Tx,
    id: Id<Channel>,
    state: ChannelState,
    problem: Option<&str>,
) -> Result<()> {
    tx.execute_one(
        "UPDATE bots_channel SET state = $3, problem = $4 WHERE workspace_id = $1 AND id = $2",
        params![workspace, id, state.word(), problem],
    )
}

/// Takes all channels of a bot away, with their tokens.
pub(crate) fn remove_all(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>) -> Result<u64> {
    tx.execute(
        "UPDATE bots_channel SET state = 'removed', token_sealed = NULL WHERE workspace_id = $1 AND bot_id = $2",
        params![ctx.workspace(), bot],
    )
}

/// Moves every outside channel of the workspace from one state to another; answers how many.
pub(crate) fn set_all(ctx: &Ctx, tx: &mut Tx, from: ChannelState, to: ChannelState) -> Result<u64> {
    tx.execute(
        "UPDATE bots_channel SET state = $3 WHERE workspace_id = $1 AND state = $2 AND kind <> $4",
        params![ctx.workspace(), from.word(), to.word(), ChannelKind::Simulator.word()],
    )
}

pub(crate) fn set_intake(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Channel>,
    intake: Intake,
    secret: Option<&str>,
) -> Result<()> {
    tx.execute_one(
        "UPDATE bots_channel SET intake = $3, webhook_secret = $4, state = 'live', problem = NULL, lease_until_ms = 0,
             fence = fence + 1
         WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, intake.word(), secret],
    )
}

pub(crate) fn set_next_update(workspace: WorkspaceId, tx: &mut Tx, id: Id<Channel>, next: i64) -> Result<()> {
    tx.execute_one(
        "UPDATE bots_channel SET next_update = $3 WHERE workspace_id = $1 AND id = $2",
        params![workspace, id, next],
    )
}

/// Takes up to `at_most` live channels of `kind` that no node holds, of every workspace.
pub(crate) fn take_free(tx: &mut Tx, kind: ChannelKind, lease_ms: i64, at_most: i64) -> Result<Vec<Channel>> {
    let now = tx.database_now()?;
    // tidy: no workspace: a node serves the channels of every workspace
    let sql = format!(
        "SELECT {COLUMNS} FROM bots_channel WHERE kind = $1 AND state = 'live' AND lease_until_ms < $2
         ORDER BY lease_until_ms LIMIT $3 FOR UPDATE SKIP LOCKED"
    );
    let mut free = tx.query(&sql, params![kind.word(), now, at_most], read)?;
    for channel in &mut free {
        channel.fence += 1;
        tx.execute_one(
            "UPDATE bots_channel SET fence = $3, lease_until_ms = $4 WHERE workspace_id = $1 AND id = $2",
            params![channel.workspace, channel.id, channel.fence, now.plus_millis(lease_ms)],
        )?;
    }
    Ok(free)
}

/// Lengthens the lease; `false` when it is lost or the channel no longer live.
pub(crate) fn extend_lease(tx: &mut Tx, channel: &Channel, lease_ms: i64) -> Result<bool> {
    let until: Timestamp = tx.database_now()?.plus_millis(lease_ms);
    let changed = tx.execute(
        "UPDATE bots_channel SET lease_until_ms = $4
         WHERE workspace_id = $1 AND id = $2 AND fence = $3 AND state = 'live'",
        params![channel.workspace, channel.id, channel.fence, until],
    )?;
    Ok(changed == 1)
}

/// Gives the lease back, so that another node need not wait for its end.
pub(crate) fn release_lease(tx: &mut Tx, channel: &Channel) -> Result<()> {
    // None when the lease was lost already: then there is nothing to give back.
    tx.execute(
        "UPDATE bots_channel SET lease_until_ms = 0 WHERE workspace_id = $1 AND id = $2 AND fence = $3",
        params![channel.workspace, channel.id, channel.fence],
    )
    .map(drop)
}
