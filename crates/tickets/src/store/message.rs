//! The SQL of messages.

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Id, Page, PageRequest, Result};

use super::{said, ticket::only_seen};
use crate::{Kept, Message, MessageFilter, Place, Said, Ticket, Undelivered, reads::Sight};

const COLUMNS: &str = "id, number, ticket_id, place, is_answer, agent_id, kind, text, file_id, file_url, latitude_e6, longitude_e6, created_at_ms, chat_key, edited_at_ms, file_hash, file_name, file_error, undelivered";

fn message(row: &Row<'_>) -> Result<Message> {
    let latitude: Option<i32> = row.get(10)?;
    let longitude: Option<i32> = row.get(11)?;
    let place =
        latitude.zip(longitude).map(|(latitude_e6, longitude_e6)| Place { latitude_e6, longitude_e6 });
    let (hash, name): (Option<String>, Option<String>) = (row.get(15)?, row.get(16)?);
    let undelivered: Option<String> = row.get(18)?;
    Ok(Message {
        id: row.get(0)?,
        number: row.get(1)?,
        ticket: row.get(2)?,
        place: row.get(3)?,
        is_answer: row.get(4)?,
        agent: row.get(5)?,
        said: Said {
            kind: row.parse(6)?,
            text: row.get(7)?,
            file_id: row.get(8)?,
            file_url: row.get(9)?,
            place,
            chat_key: row.get(13)?,
            kept: hash.map(|hash| Kept { hash, name: name.unwrap_or_default() }),
        },
        created_at: row.get(12)?,
        edited_at: row.get(14)?,
        file_error: row.get(17)?,
        undelivered: undelivered.map(|word| word.parse()).transpose()?,
    })
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, message: &Message) -> Result<()> {
    let Message {
        id,
        number,
        ticket,
        place,
        is_answer,
        agent,
        said: words,
        created_at,
        edited_at: _,
        file_error: _,
        undelivered: _,
    } = message;
    let Said { kind, text, file_id, file_url, place: point, chat_key, kept } = words;
    tx.execute_one(
        "INSERT INTO tickets_message (workspace_id, id, number, ticket_id, place, is_answer, agent_id, kind, text, file_id,
             file_url, latitude_e6, longitude_e6, created_at_ms, chat_key, file_hash, file_name, is_found)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        params![
            ctx.workspace(), id, number, ticket, place, is_answer, agent, kind.word(), text, file_id, file_url,
            point.map(|point| point.latitude_e6), point.map(|point| point.longitude_e6), created_at, chat_key,
            kept.as_ref().map(|kept| kept.hash.clone()), kept.as_ref().map(|kept| kept.name.clone()), true
        ],
    )?;
    said::insert(ctx, tx, *ticket, (*id, *created_at), text)
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Message>) -> Result<Message> {
    let sql = format!("SELECT {COLUMNS} FROM tickets_message WHERE workspace_id = $1 AND id = $2");
    tx.query_one(&sql, params![ctx.workspace(), id], message)
}

/// The last message of each of these tickets.
pub(crate) fn last_of(ctx: &Ctx, tx: &mut ReadTx, tickets: &[Id<Ticket>]) -> Result<Vec<Message>> {
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    let mut ends = Query::select();
    ends.columns(["id", "last_place"])
        .from("tickets_ticket")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("id").is_in(tickets.iter().map(ToValue::to_value)));
    let mut select = Query::select();
    select
        .columns(COLUMNS.split(',').map(str::trim))
        .from("tickets_message")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::tuple([Expr::col("ticket_id"), Expr::col("place")]).in_subquery(ends.take()));
    tx.select(&select.take(), message)
}

/// The messages of a ticket behind one place and up to another, as they were said.
pub(crate) fn between(
    ctx: &Ctx,
    tx: &mut ReadTx,
    ticket: Id<Ticket>,
    behind: i64,
    until: i64,
) -> Result<Vec<Message>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets_message WHERE workspace_id = $1 AND ticket_id = $2 AND place > $3 AND place <= $4
         ORDER BY place"
    );
    tx.query(&sql, params![ctx.workspace(), ticket, behind, until], message)
}

/// The message that its chat calls so.
pub(crate) fn find_by_chat_key(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Option<Message>> {
    let sql = format!("SELECT {COLUMNS} FROM tickets_message WHERE workspace_id = $1 AND chat_key = $2");
    tx.query_opt(&sql, params![ctx.workspace(), key], message)
}

/// Writes other words into a message.
pub(crate) fn set_text(ctx: &Ctx, tx: &mut Tx, message: &Message, text: &str) -> Result<()> {
    let Message { id, ticket, created_at, .. } = message;
    tx.execute_one(
        "UPDATE tickets_message SET text = $3, edited_at_ms = $4, is_found = TRUE WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, text, ctx.now()],
    )?;
    said::update(ctx, tx, *ticket, (*id, *created_at), text)
}

/// Writes why an answer did not arrive.
pub(crate) fn set_undelivered(ctx: &Ctx, tx: &mut Tx, id: Id<Message>, why: Undelivered) -> Result<()> {
    tx.execute_one(
        "UPDATE tickets_message SET undelivered = $3 WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, why.word()],
    )
}

/// Writes where a message's file is kept, or why it could not be had.
pub(crate) fn set_file(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Message>,
    kept: Option<&Kept>,
    error: Option<&str>,
) -> Result<()> {
    tx.execute_one(
        "UPDATE tickets_message SET file_hash = $3, file_name = $4, file_error = $5 WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(), id, kept.map(|kept| kept.hash.clone()), kept.map(|kept| kept.name.clone()),
            error.map(ToOwned::to_owned)
        ],
    )
}

pub(crate) fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Message> {
    let sql = format!("SELECT {COLUMNS} FROM tickets_message WHERE workspace_id = $1 AND number = $2");
    tx.query_one(&sql, params![ctx.workspace(), number], message)
}

/// Has what was said in `from` stand in `into`, behind the message `behind` there.
pub(crate) fn move_to(ctx: &Ctx, tx: &mut Tx, from: Id<Ticket>, into: Id<Ticket>, behind: i64) -> Result<()> {
    tx.execute(
        "UPDATE tickets_message SET ticket_id = $3, place = place + $4 WHERE workspace_id = $1 AND ticket_id = $2",
        params![ctx.workspace(), from, into, behind],
    )?;
    said::move_to(ctx, tx, from, into)
}

/// The part `page` of the messages that fit, of tickets that are seen: as they were said, or the latest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    sight: &Sight,
    filter: &MessageFilter,
    page: PageRequest,
) -> Result<Page<Message>> {
    let MessageFilter { ticket, is_answer, latest_first } = filter;
    let mut select = Query::select();
    select
        .columns(COLUMNS.split(',').map(str::trim))
        .from("tickets_message")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(ticket.map(|id: Id<Ticket>| Expr::col("ticket_id").eq(id.to_value())))
        .and_where_option(is_answer.map(|yes| Expr::col("is_answer").eq(yes)));
    only_seen(ctx, &mut select, sight);
    let order = if *latest_first { Order::Desc } else { Order::Asc };
    let by = if ticket.is_some() { "place" } else { "number" };
    select.order_by(by, order);
    tx.page(&select.take(), page, message)
}
