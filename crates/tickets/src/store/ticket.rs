//! The SQL of tickets.

use std::collections::HashMap;

use contacts::Contact;
use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, params,
    sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement},
};
use kernel::{Error, Id, Page, PageRequest, Result};

use crate::{Agent, Category, Ticket, TicketFilter, reads::Sight};

pub(super) const COLUMNS: &str =
    "id, number, contact_id, category_id, agent_id, is_open, created_at_ms, first_answer_at_ms, last_message_at_ms,
     closed_at_ms, closed_by, last_place, chat_ref";

pub(super) fn ticket(row: &Row<'_>) -> Result<Ticket> {
    Ok(Ticket {
        id: row.get(0)?,
        number: row.get(1)?,
        contact: row.get(2)?,
        category: row.get(3)?,
        agent: row.get(4)?,
        is_open: row.get(5)?,
        created_at: row.get(6)?,
        first_answer_at: row.get(7)?,
        last_message_at: row.get(8)?,
        closed_at: row.get(9)?,
        closed_by: row.get(10)?,
        last_place: row.get(11)?,
        chat_ref: row.get(12)?,
    })
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Ticket>) -> Result<Ticket> {
    let sql = format!("SELECT {COLUMNS} FROM tickets_ticket WHERE workspace_id = $1 AND id = $2");
    tx.query_one(&sql, params![ctx.workspace(), id], ticket)
}

pub(crate) fn find_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Ticket>> {
    let sql = format!("SELECT {COLUMNS} FROM tickets_ticket WHERE workspace_id = $1 AND number = $2");
    tx.query_opt(&sql, params![ctx.workspace(), number], ticket)
}

/// The open ticket of this contact.
pub(crate) fn find_open(ctx: &Ctx, tx: &mut ReadTx, contact: Id<Contact>) -> Result<Option<Ticket>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets_ticket WHERE workspace_id = $1 AND contact_id = $2 AND is_open"
    );
    tx.query_opt(&sql, params![ctx.workspace(), contact], ticket)
}

/// The open ticket that is asked in this chat.
pub(crate) fn find_open_in(ctx: &Ctx, tx: &mut ReadTx, chat_ref: &str) -> Result<Option<Ticket>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets_ticket WHERE workspace_id = $1 AND chat_ref = $2 AND is_open
         ORDER BY number DESC LIMIT 1"
    );
    tx.query_opt(&sql, params![ctx.workspace(), chat_ref], ticket)
}

/// The ticket, held until the end of the transaction.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    let sql = format!("SELECT {COLUMNS} FROM tickets_ticket WHERE workspace_id = $1 AND id = $2 FOR UPDATE");
    tx.query_one(&sql, params![ctx.workspace(), id], ticket)
}

/// What the API calls a ticket, and whose it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named {
    pub(crate) number: i64,
    pub(crate) contact: Id<Contact>,
}

/// What the API calls these tickets, and whose they are.
pub(crate) fn names(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Ticket>]) -> Result<HashMap<Id<Ticket>, Named>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut select = Query::select();
    select
        .columns(["id", "number", "contact_id"])
        .from("tickets_ticket")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("id").is_in(ids.iter().map(ToValue::to_value)));
    let found = tx.select(&select.take(), |row| {
        Ok((row.get(0)?, Named { number: row.get(1)?, contact: row.get(2)? }))
    })?;
    Ok(found.into_iter().collect())
}

/// Writes a new ticket; `open_already` is the error where the contact has an open one.
pub(crate) fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    ticket: &Ticket,
    open_already: impl FnOnce() -> Error,
) -> Result<()> {
    let Ticket {
        id,
        number,
        contact,
        category,
        agent,
        is_open,
        last_place,
        created_at,
        first_answer_at,
        last_message_at,
        closed_at,
        closed_by,
        chat_ref,
    } = ticket;
    tx.execute_one(
        "INSERT INTO tickets_ticket (workspace_id, id, number, contact_id, category_id, agent_id, is_open, created_at_ms,
             first_answer_at_ms, last_message_at_ms, closed_at_ms, closed_by, last_place, chat_ref)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            ctx.workspace(), id, number, contact, category, agent, is_open, created_at, first_answer_at, last_message_at,
            closed_at, closed_by, last_place, chat_ref
        ],
    )
    .on_unique(open_already)
}

/// Writes what can change of a ticket.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    let Ticket {
        id,
        number: _,
        contact: _,
        category,
        agent,
        is_open,
        last_place,
        created_at: _,
        first_answer_at,
        last_message_at,
        closed_at,
        closed_by,
        chat_ref,
    } = ticket;
    tx.execute_one(
        "UPDATE tickets_ticket SET category_id = $3, agent_id = $4, is_open = $5, first_answer_at_ms = $6,
             last_message_at_ms = $7, closed_at_ms = $8, closed_by = $9, last_place = $10, chat_ref = $11
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            category,
            agent,
            is_open,
            first_answer_at,
            last_message_at,
            closed_at,
            closed_by,
            last_place,
            chat_ref
        ],
    )
}

/// The part `page` of the tickets that fit and that are seen, the latest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    sight: &Sight,
    filter: &TicketFilter,
    page: PageRequest,
) -> Result<Page<Ticket>> {
    let TicketFilter { is_open, contact, category, agent, work_of, oldest_first } = filter;
    let mut select = Query::select();
    select
        .columns(COLUMNS.split(',').map(str::trim))
        .from("tickets_ticket")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(is_open.map(|yes| Expr::col("is_open").eq(yes)))
        .and_where_option(contact.map(|id| Expr::col("contact_id").eq(id.to_value())))
        .and_where_option(category.map(|id| Expr::col("category_id").eq(id.to_value())))
        .and_where_option(agent.map(|id| Expr::col("agent_id").eq(id.to_value())));
    if let Some(agent) = work_of {
        select.cond_where(work(agent));
    }
    if let Some(categories) = sight.categories() {
        select.and_where(among(categories));
    }
    let order = if *oldest_first { Order::Asc } else { Order::Desc };
    select.order_by("number", order);
    tx.page(&select.take(), page, ticket)
}

/// What an agent can work on: theirs, and what nobody has yet of what they answer.
fn work(agent: &Agent) -> Cond {
    let mut unassigned = Cond::all().add(Expr::col("agent_id").is_null());
    if !agent.is_head {
        unassigned = unassigned.add(among(&agent.categories));
    }
    Cond::any().add(Expr::col("agent_id").eq(agent.id.to_value())).add(unassigned)
}

pub(super) fn among(categories: &[Id<Category>]) -> Expr {
    // An empty list would be compared with values that have no type on PostgreSQL. No ticket is without a category.
    if categories.is_empty() {
        return Expr::col("category_id").is_null();
    }
    Expr::col("category_id").is_in(categories.iter().map(ToValue::to_value))
}

/// Narrows a query of a table with `ticket_id` to the tickets that are seen.
pub(crate) fn only_seen(ctx: &Ctx, select: &mut SelectStatement, sight: &Sight) {
    let Some(categories) = sight.categories() else { return };
    let mut seen = Query::select();
    seen.column("id")
        .from("tickets_ticket")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(among(categories));
    select.and_where(Expr::col("ticket_id").in_subquery(seen.take()));
}

/// The contacts who ever asked in one of these categories.
pub(crate) fn who_asked_in(ctx: &Ctx, categories: &[Id<Category>]) -> SelectStatement {
    let mut select = Query::select();
    select
        .column("contact_id")
        .from("tickets_ticket")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(among(categories));
    select.take()
}

/// Whether the contact ever asked in one of these categories.
pub(crate) fn asked_in(
    ctx: &Ctx,
    tx: &mut ReadTx,
    contact: Id<Contact>,
    categories: &[Id<Category>],
) -> Result<bool> {
    let mut select = who_asked_in(ctx, categories);
    select.and_where(Expr::col("contact_id").eq(contact.to_value())).limit(1);
    let found: Vec<Id<Contact>> = tx.select(&select, |row| row.get(0))?;
    Ok(!found.is_empty())
}
