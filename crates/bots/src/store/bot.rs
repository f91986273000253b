//! The SQL of bots and the versions of their blueprints.

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result};

use crate::{Bot, BotState};

const COLUMNS: [&str; 7] = ["id", "number", "name", "state", "version", "shop", "created_at_ms"];

fn read(row: &Row<'_>) -> Result<Bot> {
    let shop: serde_json::Value = row.get(5)?;
    Ok(Bot {
        id: row.get(0)?,
        number: row.get(1)?,
        name: row.get(2)?,
        state: row.parse(3)?,
        version: row.get(4)?,
        shop: serde_json::from_value(shop).map_err(Error::internal)?,
        created_at: row.get(6)?,
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, bot: &Bot) -> Result<()> {
    let Bot { id, number, name, state, version, shop, created_at } = bot;
    let shop = serde_json::to_value(shop).map_err(Error::internal)?;
    tx.execute_one(
        "INSERT INTO bots_bot (workspace_id, id, number, name, state, version, shop, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![ctx.workspace(), id, number, name, state.word(), version, shop, created_at],
    )
}

pub(crate) fn insert_version(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>, version: i64, source: &str) -> Result<()> {
    tx.execute_one(
        "INSERT INTO bots_version (workspace_id, bot_id, version, source, created_at_ms) VALUES ($1, $2, $3, $4, $5)",
        params![ctx.workspace(), bot, version, source, ctx.now()],
    )
}

pub(crate) fn source(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>, version: i64) -> Result<String> {
    tx.query_one(
        "SELECT source FROM bots_version WHERE workspace_id = $1 AND bot_id = $2 AND version = $3",
        params![ctx.workspace(), bot, version],
        |row| row.get(0),
    )
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Bot>) -> Result<Bot> {
    let sql = format!("SELECT {} FROM bots_bot WHERE workspace_id = $1 AND id = $2", COLUMNS.join(", "));
    tx.query_one(&sql, params![ctx.workspace(), id], read)
}

pub(crate) fn find_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Bot>> {
    let sql = format!("SELECT {} FROM bots_bot WHERE workspace_id = $1 AND number = $2", COLUMNS.join(", "));
    tx.query_opt(&sql, params![ctx.workspace(), number], read)
}

pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx, page: PageRequest) -> Result<Page<Bot>> {
    let statement = Query::select()
        .columns(COLUMNS)
        .from("bots_bot")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .order_by("number", Order::Asc)
        .to_owned();
    tx.page(&statement, page, read)
}

pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, bot: &Bot) -> Result<()> {
    let Bot { id, number: _, name, state, version, shop, created_at: _ } = bot;
    let shop = serde_json::to_value(shop).map_err(Error::internal)?;
    tx.execute_one(
        "UPDATE bots_bot SET name = $3, state = $4, version = $5, shop = $6 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, name, state.word(), version, shop],
    )
}

/// What an update has to know of the bot it is for.
pub(crate) struct Answering {
    pub(crate) bot: Id<Bot>,
    pub(crate) version: i64,
    pub(crate) state: BotState,
}

pub(crate) fn answering(ctx: &Ctx, tx: &mut ReadTx, channel: Id<crate::Channel>) -> Result<Answering> {
    tx.query_one(
        "SELECT b.id, b.version, b.state FROM bots_channel c
         JOIN bots_bot b ON b.workspace_id = c.workspace_id AND b.id = c.bot_id
         WHERE c.workspace_id = $1 AND c.id = $2 AND c.state <> 'removed'",
        params![ctx.workspace(), channel],
        |row| Ok(Answering { bot: row.get(0)?, version: row.get(1)?, state: row.parse(2)? }),
    )
}

/// How many bots the workspace has.
pub(crate) fn count(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM bots_bot WHERE workspace_id = $1";
    tx.query_one(sql, params![ctx.workspace()], |row| row.get(0))
}
