//! The SQL of chats on sites and of their visitors.

use context::Ctx;
use db::{ReadTx, Row, Tx, params};
use kernel::{Error, Id, Lang, Result, Timestamp};

use crate::{
    Bot, Channel,
    webchat::{Visitor, WebChat},
};

const COLUMNS: &str = "w.channel_id, w.public_key, w.title, w.greeting, w.colour, w.side, w.origins";

fn read(row: &Row<'_>) -> Result<WebChat> {
    let origins: serde_json::Value = row.get(6)?;
    Ok(WebChat {
        channel: row.get(0)?,
        key: row.get(1)?,
        title: row.get(2)?,
        greeting: row.get(3)?,
        colour: row.get(4)?,
        side: row.parse(5)?,
        sites: serde_json::from_value(origins).map_err(Error::internal)?,
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, chat: &WebChat) -> Result<()> {
    let WebChat { channel, key, title, greeting, colour, side, sites } = chat;
    let origins = serde_json::to_string(sites).map_err(Error::internal)?;
    tx.execute_one(
        "INSERT INTO bots_web_chat (workspace_id, channel_id, public_key, title, greeting, colour, side, origins,
             created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![ctx.workspace(), channel, key, title, greeting, colour, side.word(), origins, ctx.now()],
    )
}

/// Writes what may be changed: everything but the key, which stands in pages of others.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, chat: &WebChat) -> Result<()> {
    let WebChat { channel, key: _, title, greeting, colour, side, sites } = chat;
    let origins = serde_json::to_string(sites).map_err(Error::internal)?;
    tx.execute_one(
        "UPDATE bots_web_chat SET title = $3, greeting = $4, colour = $5, side = $6, origins = $7
         WHERE workspace_id = $1 AND channel_id = $2",
        params![ctx.workspace(), channel, title, greeting, colour, side.word(), origins],
    )
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, channel: Id<Channel>) -> Result<WebChat> {
    let sql =
        format!("SELECT {COLUMNS} FROM bots_web_chat w WHERE w.workspace_id = $1 AND w.channel_id = $2");
    tx.query_opt(&sql, params![ctx.workspace(), channel], read)?.ok_or_else(Error::not_found)
}

/// The chats of the bot, oldest first, without those taken away.
pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>) -> Result<Vec<WebChat>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bots_web_chat w
         JOIN bots_channel c ON c.workspace_id = w.workspace_id AND c.id = w.channel_id
         WHERE w.workspace_id = $1 AND c.bot_id = $2 AND c.state <> 'removed' ORDER BY w.channel_id"
    );
    tx.query(&sql, params![ctx.workspace(), bot], read)
}

/// The chat that a snippet names, of whichever workspace.
pub(crate) fn find_anywhere(tx: &mut ReadTx, key: &str) -> Result<Option<WebChat>> {
    // tidy: no workspace: a snippet names only the chat, whose channel says whose it is
    let sql = format!("SELECT {COLUMNS} FROM bots_web_chat w WHERE w.public_key = $1");
    tx.query_opt(&sql, params![key], read)
}

pub(crate) fn insert_visitor(ctx: &Ctx, tx: &mut Tx, visitor: &Visitor, token_hash: &str) -> Result<()> {
    let Visitor { id, channel, name, lang } = visitor;
    tx.execute_one(
        "INSERT INTO bots_visitor (workspace_id, id, channel_id, token_hash, name, lang, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![ctx.workspace(), id, channel, token_hash, name, lang.code(), ctx.now()],
    )
}

/// Whose token has this hash, at this channel.
pub(crate) fn find_visitor(
    ctx: &Ctx,
    tx: &mut ReadTx,
    channel: Id<Channel>,
    token_hash: &str,
) -> Result<Option<Visitor>> {
    tx.query_opt(
        "SELECT id, channel_id, name, lang FROM bots_visitor
         WHERE workspace_id = $1 AND channel_id = $2 AND token_hash = $3",
        params![ctx.workspace(), channel, token_hash],
        |row| {
            let lang: String = row.get(3)?;
            Ok(Visitor {
                id: row.get(0)?,
                channel: row.get(1)?,
                name: row.get(2)?,
                lang: Lang::parse(&lang).unwrap_or_default(),
            })
        },
    )
}

/// How many people opened the chat, and when somebody last said something in it.
pub(crate) fn seen(ctx: &Ctx, tx: &mut ReadTx, channel: Id<Channel>) -> Result<(i64, Option<Timestamp>)> {
    let people = tx.query_one(
        "SELECT COUNT(*) FROM bots_visitor WHERE workspace_id = $1 AND channel_id = $2",
        params![ctx.workspace(), channel],
        |row| row.get(0),
    )?;
    let last = tx.query_one(
        "SELECT MAX(last_at_ms) FROM bots_conversation WHERE workspace_id = $1 AND channel_id = $2",
        params![ctx.workspace(), channel],
        |row| row.get(0),
    )?;
    Ok((people, last))
}
