//! The SQL of published versions. They are written once and never changed.

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Id, Page, PageRequest, Result};

use crate::{Bot, version::Version};

const COLUMNS: [&str; 6] = ["bot_id", "version", "note", "published_by", "from_version", "created_at_ms"];

fn read(row: &Row<'_>) -> Result<Version> {
    Ok(Version {
        bot: row.get(0)?,
        version: row.get(1)?,
        note: row.get(2)?,
        published_by: row.get(3)?,
        from_version: row.get(4)?,
        published_at: row.get(5)?,
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, published: &Version, source: &str) -> Result<()> {
    let Version { bot, version, note, published_by, from_version, published_at } = published;
    tx.execute_one(
        "INSERT INTO bots_version (workspace_id, bot_id, version, source, note, published_by, from_version, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![ctx.workspace(), bot, version, source, note, published_by, from_version, published_at],
    )
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>, version: i64) -> Result<Version> {
    let sql = format!(
        "SELECT {} FROM bots_version WHERE workspace_id = $1 AND bot_id = $2 AND version = $3",
        COLUMNS.join(", ")
    );
    tx.query_one(&sql, params![ctx.workspace(), bot, version], read)
}

/// The bot's versions, the newest first.
pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>, page: PageRequest) -> Result<Page<Version>> {
    let statement = Query::select()
        .columns(COLUMNS)
        .from("bots_version")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("bot_id").eq(bot.to_value()))
        .order_by("version", Order::Desc)
        .to_owned();
    tx.page(&statement, page, read)
}

pub(crate) fn source(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>, version: i64) -> Result<String> {
    tx.query_one(
        "SELECT source FROM bots_version WHERE workspace_id = $1 AND bot_id = $2 AND version = $3",
        params![ctx.workspace(), bot, version],
        |row| row.get(0),
    )
}

/// The number of the bot's newest version.
pub(crate) fn last(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>) -> Result<i64> {
    tx.query_one(
        "SELECT COALESCE(MAX(version), 0) FROM bots_version WHERE workspace_id = $1 AND bot_id = $2",
        params![ctx.workspace(), bot],
        |row| row.get(0),
    )
}
