//! The SQL of bots. A bot that was deleted is in no answer; its rows go with the job that erases it.

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result};

use crate::{Bot, BotState};

const COLUMNS: [&str; 8] =
    ["id", "number", "name", "state", "version", "shop", "staff_conversation_id", "created_at_ms"];

fn read(row: &Row<'_>) -> Result<Bot> {
    let shop: serde_json::Value = row.get(5)?;
    Ok(Bot {
        id: row.get(0)?,
        number: row.get(1)?,
        name: row.get(2)?,
        state: row.parse(3)?,
        version: row.get(4)?,
        shop: serde_json::from_value(shop).map_err(Error::internal)?,
        staff_chat: row.get(6)?,
        created_at: row.get(7)?,
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, bot: &Bot) -> Result<()> {
    let Bot { id, number, name, state, version, shop, staff_chat, created_at } = bot;
    let shop = serde_json::to_value(shop).map_err(Error::internal)?;
    tx.execute_one(
        "INSERT INTO bots_bot (workspace_id, id, number, name, state, version, shop, staff_conversation_id, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![ctx.workspace(), id, number, name, state.word(), version, shop, staff_chat, created_at],
    )
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Bot>) -> Result<Bot> {
    find(ctx, tx, id)?.ok_or_else(Error::not_found)
}

pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, id: Id<Bot>) -> Result<Option<Bot>> {
    let sql = format!(
        "SELECT {} FROM bots_bot WHERE workspace_id = $1 AND id = $2 AND state <> 'deleted'",
        COLUMNS.join(", ")
    );
    tx.query_opt(&sql, params![ctx.workspace(), id], read)
}

pub(crate) fn find_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Bot>> {
    let sql = format!(
        "SELECT {} FROM bots_bot WHERE workspace_id = $1 AND number = $2 AND state <> 'deleted'",
        COLUMNS.join(", ")
    );
    tx.query_opt(&sql, params![ctx.workspace(), number], read)
}

/// Bots in the order of their numbers; of one state, or all but those put away.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    state: Option<BotState>,
    page: PageRequest,
) -> Result<Page<Bot>> {
    let of_state = match state {
        Some(state) => Expr::col("state").eq(state.word()),
        None => Expr::col("state").ne(BotState::Archived.word()),
    };
    let statement = Query::select()
        .columns(COLUMNS)
        .from("bots_bot")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("state").ne("deleted"))
        .and_where(of_state)
        .order_by("number", Order::Asc)
        .to_owned();
    tx.page(&statement, page, read)
}

pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, bot: &Bot) -> Result<()> {
    let Bot { id, number: _, name, state, version, shop, staff_chat, created_at: _ } = bot;
    let shop = serde_json::to_value(shop).map_err(Error::internal)?;
    tx.execute_one(
        "UPDATE bots_bot SET name = $3, state = $4, version = $5, shop = $6, staff_conversation_id = $7
         WHERE workspace_id = $1 AND id = $2 AND state <> 'deleted'",
        params![ctx.workspace(), id, name, state.word(), version, shop, staff_chat],
    )
}

/// The bot is in no answer from now on.
pub(crate) fn set_deleted(ctx: &Ctx, tx: &mut Tx, id: Id<Bot>) -> Result<()> {
    tx.execute_one(
        "UPDATE bots_bot SET state = 'deleted' WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
}

/// What an update has to know of the bot it is for.
pub(crate) struct Answering {
    pub(crate) bot: Id<Bot>,
    pub(crate) version: i64,
    pub(crate) state: BotState,
}

impl Answering {
    /// From the columns `id`, `version` and `state` of the bot, which stand from `first` on.
    pub(super) fn read(row: &Row<'_>, first: usize) -> Result<Self> {
        Ok(Self { bot: row.get(first)?, version: row.get(first + 1)?, state: row.parse(first + 2)? })
    }
}

pub(crate) fn answering(ctx: &Ctx, tx: &mut ReadTx, channel: Id<crate::Channel>) -> Result<Answering> {
    tx.query_one(
        "SELECT b.id, b.version, b.state FROM bots_channel c
         JOIN bots_bot b ON b.workspace_id = c.workspace_id AND b.id = c.bot_id
         WHERE c.workspace_id = $1 AND c.id = $2 AND c.state <> 'removed'",
        params![ctx.workspace(), channel],
        |row| Answering::read(row, 0),
    )
}

/// How many bots the workspace has.
pub(crate) fn count(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM bots_bot WHERE workspace_id = $1 AND state <> 'deleted'";
    tx.query_one(sql, params![ctx.workspace()], |row| row.get(0))
}
