//! The SQL of broadcasts.

pub(crate) mod recipient;

use bots::{Bot, Channel};
use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Error, Id, Lang, Page, PageRequest, Result, Timestamp, WorkspaceId};

use crate::{Broadcast, Problem, State};

const COLUMNS: [&str; 18] = [
    "id",
    "number",
    "bot_id",
    "channel_id",
    "name",
    "state",
    "content",
    "people",
    "default_lang",
    "file_id",
    "listed_to_id",
    "is_listed",
    "due_at_ms",
    "created_by",
    "created_at_ms",
    "started_at_ms",
    "ended_at_ms",
    "problem",
];

fn read(row: &Row<'_>) -> Result<Broadcast> {
    let (content, people): (serde_json::Value, serde_json::Value) = (row.get(6)?, row.get(7)?);
    let (lang, problem): (String, Option<String>) = (row.get(8)?, row.get(17)?);
    Ok(Broadcast {
        id: row.get(0)?,
        number: row.get(1)?,
        bot: row.get(2)?,
        channel: row.get(3)?,
        name: row.get(4)?,
        state: row.parse(5)?,
        content: serde_json::from_value(content).map_err(Error::internal)?,
        people: serde_json::from_value(people).map_err(Error::internal)?,
        default_lang: Lang::parse(&lang).unwrap_or_default(),
        file_id: row.get(9)?,
        listed_to: row.get(10)?,
        is_listed: row.get(11)?,
        due_at: row.get(12)?,
        created_by: row.get(13)?,
        created_at: row.get(14)?,
        started_at: row.get(15)?,
        ended_at: row.get(16)?,
        problem: problem.as_deref().map(Problem::read),
    })
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, broadcast: &Broadcast) -> Result<()> {
    let Broadcast {
        id,
        number,
        bot,
        channel,
        name,
        state,
        content,
        people,
        default_lang,
        file_id,
        listed_to,
        is_listed,
        due_at,
        created_by,
        created_at,
        started_at,
        ended_at,
        problem,
    } = broadcast;
    tx.execute_one(
        "INSERT INTO broadcast_broadcast (workspace_id, id, number, bot_id, channel_id, name, state, content, people,
             default_lang, file_id, listed_to_id, is_listed, due_at_ms, created_by, created_at_ms, started_at_ms,
             ended_at_ms, problem)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        params![
            ctx.workspace(), id, number, bot, channel, name, state.word(), json(content)?, json(people)?,
            default_lang.code(), file_id, listed_to, is_listed, due_at, created_by, created_at, started_at, ended_at,
            problem.as_ref().map(Problem::stored)
        ],
    )
}

pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, broadcast: &Broadcast) -> Result<()> {
    let Broadcast {
        id,
        number: _,
        bot,
        channel,
        name,
        state,
        content,
        people,
        default_lang,
        file_id,
        listed_to,
        is_listed,
        due_at,
        created_by: _,
        created_at: _,
        started_at,
        ended_at,
        problem,
    } = broadcast;
    tx.execute_one(
        "UPDATE broadcast_broadcast SET bot_id = $3, channel_id = $4, name = $5, state = $6, content = $7, people = $8,
             default_lang = $9, file_id = $10, listed_to_id = $11, is_listed = $12, due_at_ms = $13, started_at_ms = $14,
             ended_at_ms = $15, problem = $16
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(), id, bot, channel, name, state.word(), json(content)?, json(people)?, default_lang.code(),
            file_id, listed_to, is_listed, due_at, started_at, ended_at, problem.as_ref().map(Problem::stored)
        ],
    )
}

fn one(condition: &str) -> String {
    format!("SELECT {} FROM broadcast_broadcast WHERE workspace_id = $1 AND {condition}", COLUMNS.join(", "))
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Broadcast>) -> Result<Broadcast> {
    // tidy: no workspace: `one` begins with it
    tx.query_one(&one("id = $2"), params![ctx.workspace(), id], read)
}

pub(crate) fn find_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Broadcast>> {
    // tidy: no workspace: `one` begins with it
    tx.query_opt(&one("number = $2"), params![ctx.workspace(), number], read)
}

/// The row, locked until the transaction ends.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>) -> Result<Broadcast> {
    // tidy: no workspace: `one` begins with it
    tx.query_one(&one("id = $2 FOR UPDATE"), params![ctx.workspace(), id], read)
}

/// Broadcasts of the workspace, the newest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    state: Option<State>,
    page: PageRequest,
) -> Result<Page<Broadcast>> {
    let select = Query::select()
        .columns(COLUMNS)
        .from("broadcast_broadcast")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(state.map(|state| Expr::col("state").eq(state.word())))
        .order_by("number", Order::Desc)
        .to_owned();
    tx.page(&select, page, read)
}

pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>) -> Result<()> {
    tx.execute(
        "DELETE FROM broadcast_recipient WHERE workspace_id = $1 AND broadcast_id = $2",
        params![ctx.workspace(), id],
    )?;
    tx.execute_one(
        "DELETE FROM broadcast_broadcast WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
}

/// A broadcast of this bot.
pub(crate) fn first_of_bot(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>) -> Result<Option<Id<Broadcast>>> {
    tx.query_opt(
        "SELECT id FROM broadcast_broadcast WHERE workspace_id = $1 AND bot_id = $2 ORDER BY number LIMIT 1",
        params![ctx.workspace(), bot],
        |row| row.get(0),
    )
}

/// The channels of every workspace for which there is something to send now.
pub(crate) fn channels_with_work(tx: &mut ReadTx, now: Timestamp) -> Result<Vec<(WorkspaceId, Id<Channel>)>> {
    // tidy: no workspace: a node serves the channels of every workspace
    let sql = "SELECT workspace_id, channel_id FROM broadcast_broadcast
               WHERE state IN ('scheduled', 'running') AND (state = 'running' OR due_at_ms <= $1)";
    tx.query(sql, params![now], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The channel's broadcast that is to be sent now, locked: one that runs before one that is due, the older first.
pub(crate) fn next_of(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: Id<Channel>,
    now: Timestamp,
) -> Result<Option<Broadcast>> {
    // tidy: no workspace: `one` begins with it
    let sql = one(
        "channel_id = $2 AND state IN ('scheduled', 'running') AND (state = 'running' OR due_at_ms <= $3)
         ORDER BY state, number LIMIT 1 FOR UPDATE",
    );
    tx.query_opt(&sql, params![ctx.workspace(), channel, now], read)
}

/// Its state, when it is still there.
pub(crate) fn state(ctx: &Ctx, tx: &mut ReadTx, id: Id<Broadcast>) -> Result<Option<State>> {
    tx.query_opt(
        "SELECT state FROM broadcast_broadcast WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
        |row| row.parse(0),
    )
}

/// Keeps the platform's id of its picture or film, or forgets it.
pub(crate) fn set_file_id(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>, file_id: Option<&str>) -> Result<()> {
    tx.execute_one(
        "UPDATE broadcast_broadcast SET file_id = $3 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, file_id],
    )
}
