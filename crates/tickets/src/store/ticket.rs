//! The SQL of tickets.

use std::collections::HashMap;

use contacts::Contact;
use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement},
};
use kernel::{Error, Id, Page, PageRequest, Result, Timestamp};

use super::said::Found;
use crate::{
    Agent, Category, Clock, Label, Rating, Ticket, TicketFilter,
    reads::{Counted, Sight},
};

const COLUMNS: &str =
    "id, number, contact_id, category_id, agent_id, is_open, created_at_ms, first_answer_at_ms, last_message_at_ms,
     closed_at_ms, closed_by, last_place, chat_ref, waiting_since_ms, answer_due_at_ms, resolve_due_at_ms, was_late,
     alerted_due_at_ms, snoozed_until_ms, stars, rating_comment, rated_at_ms, reopened, merged_into";

/// The columns that [`ticket`] reads.
pub(crate) fn columns() -> impl Iterator<Item = &'static str> {
    COLUMNS.split(',').map(str::trim)
}

pub(crate) fn ticket(row: &Row<'_>) -> Result<Ticket> {
    let (stars, comment, at): (Option<i32>, Option<String>, Option<Timestamp>) =
        (row.get(19)?, row.get(20)?, row.get(21)?);
    let rating = stars.zip(at).map(|(stars, at)| Rating { stars, comment: comment.unwrap_or_default(), at });
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
        clock: Clock {
            waiting_since: row.get(13)?,
            answer_due_at: row.get(14)?,
            resolve_due_at: row.get(15)?,
            was_late: row.get(16)?,
            alerted_due_at: row.get(17)?,
        },
        snoozed_until: row.get(18)?,
        rating,
        reopened: row.get(22)?,
        merged_into: row.get(23)?,
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

/// The last ticket that was asked in this chat and is closed.
pub(crate) fn last_closed_in(ctx: &Ctx, tx: &mut ReadTx, chat_ref: &str) -> Result<Option<Ticket>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets_ticket WHERE workspace_id = $1 AND chat_ref = $2 AND NOT is_open
         ORDER BY closed_at_ms DESC, number DESC LIMIT 1"
    );
    tx.query_opt(&sql, params![ctx.workspace(), chat_ref], ticket)
}

/// The open tickets of this agent, the oldest first, held until the end of the transaction.
pub(crate) fn open_of_agent(ctx: &Ctx, tx: &mut Tx, agent: Id<Agent>, at_most: u32) -> Result<Vec<Ticket>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets_ticket WHERE workspace_id = $1 AND agent_id = $2 AND is_open
         ORDER BY number LIMIT {at_most} FOR UPDATE"
    );
    tx.query(&sql, params![ctx.workspace(), agent], ticket)
}

/// The open tickets of this category that nobody has, the oldest first, held until the end of the transaction.
pub(crate) fn unassigned_of(
    ctx: &Ctx,
    tx: &mut Tx,
    category: Id<Category>,
    at_most: u32,
) -> Result<Vec<Ticket>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets_ticket WHERE workspace_id = $1 AND category_id = $2 AND is_open AND agent_id IS NULL
         ORDER BY number LIMIT {at_most} FOR UPDATE"
    );
    tx.query(&sql, params![ctx.workspace(), category], ticket)
}

/// Calls `count` for each ticket that was opened from `begin` on and before `end`.
pub(crate) fn each_opened(
    ctx: &Ctx,
    tx: &mut ReadTx,
    begin: Timestamp,
    end: Timestamp,
    mut count: impl FnMut(Counted),
) -> Result<()> {
    tx.each(
        "SELECT agent_id, category_id, created_at_ms, first_answer_at_ms, closed_at_ms, was_late, stars FROM tickets_ticket
         WHERE workspace_id = $1 AND created_at_ms >= $2 AND created_at_ms < $3 AND merged_into IS NULL",
        params![ctx.workspace(), begin, end],
        |row| {
            count(Counted {
                agent: row.get(0)?,
                category: row.get(1)?,
                created_at: row.get(2)?,
                first_answer_at: row.get(3)?,
                closed_at: row.get(4)?,
                was_late: row.get(5)?,
                stars: row.get(6)?,
            });
            Ok(())
        },
    )
}

/// The tickets of which a promised time is over that was not told yet, held until the end of the transaction.
pub(crate) fn newly_overdue(ctx: &Ctx, tx: &mut Tx, at_most: u32) -> Result<Vec<Ticket>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets_ticket WHERE workspace_id = $1 AND due_at_ms IS NOT NULL AND due_at_ms < $2
             AND (alerted_due_at_ms IS NULL OR alerted_due_at_ms <> due_at_ms)
         ORDER BY due_at_ms LIMIT {at_most} FOR UPDATE"
    );
    tx.query(&sql, params![ctx.workspace(), ctx.now()], ticket)
}

/// The open tickets that sleep no longer, held until the end of the transaction.
pub(crate) fn newly_awake(ctx: &Ctx, tx: &mut Tx, at_most: u32) -> Result<Vec<Ticket>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets_ticket WHERE workspace_id = $1 AND snoozed_until_ms IS NOT NULL
             AND snoozed_until_ms <= $2 AND is_open
         ORDER BY snoozed_until_ms LIMIT {at_most} FOR UPDATE"
    );
    tx.query(&sql, params![ctx.workspace(), ctx.now()], ticket)
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
    let Ticket { number, contact, created_at, .. } = ticket;
    let mut values = changing(ctx, ticket);
    values.extend(db::values![number, contact, created_at]);
    let holes: Vec<String> = (1..=values.len()).map(|hole| format!("${hole}")).collect();
    let sql = format!(
        "INSERT INTO tickets_ticket (workspace_id, id, {}, number, contact_id, created_at_ms) VALUES ({})",
        CHANGING.join(", "),
        holes.join(", ")
    );
    tx.execute_one(&sql, &values).on_unique(open_already)
}

/// The columns that can change.
const CHANGING: [&str; 21] = [
    "category_id",
    "agent_id",
    "is_open",
    "first_answer_at_ms",
    "last_message_at_ms",
    "closed_at_ms",
    "closed_by",
    "last_place",
    "chat_ref",
    "waiting_since_ms",
    "answer_due_at_ms",
    "resolve_due_at_ms",
    "due_at_ms",
    "was_late",
    "alerted_due_at_ms",
    "snoozed_until_ms",
    "stars",
    "rating_comment",
    "rated_at_ms",
    "reopened",
    "merged_into",
];

/// The workspace, the ticket's id, and what stands in [`CHANGING`].
fn changing(ctx: &Ctx, ticket: &Ticket) -> Vec<Value<'static>> {
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
        clock,
        snoozed_until,
        rating,
        reopened,
        merged_into,
    } = ticket;
    let Clock { waiting_since, answer_due_at, resolve_due_at, was_late, alerted_due_at } = clock;
    let rating = rating.as_ref();
    db::values![
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
        chat_ref,
        waiting_since,
        answer_due_at,
        resolve_due_at,
        clock.due_at(),
        was_late,
        alerted_due_at,
        snoozed_until,
        rating.map(|rating| rating.stars),
        rating.map(|rating| rating.comment.clone()),
        rating.map(|rating| rating.at),
        reopened,
        merged_into
    ]
}

/// Writes what can change of a ticket.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    let set: Vec<String> =
        CHANGING.iter().zip(3..).map(|(column, hole)| format!("{column} = ${hole}")).collect();
    let sql = format!("UPDATE tickets_ticket SET {} WHERE workspace_id = $1 AND id = $2", set.join(", "));
    tx.execute_one(&sql, &changing(ctx, ticket))
}

/// Makes the tickets of one contact those of another: which they were.
pub(crate) fn lead_to(
    ctx: &Ctx,
    tx: &mut Tx,
    gone: Id<Contact>,
    stays: Id<Contact>,
) -> Result<Vec<Id<Ticket>>> {
    tx.query(
        "UPDATE tickets_ticket SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2 RETURNING id",
        params![ctx.workspace(), gone, stays],
        |row| row.get(0),
    )
}

/// The part `page` of the tickets that fit and that are seen, the latest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    sight: &Sight,
    filter: &TicketFilter,
    found: &Found,
    page: PageRequest,
) -> Result<Page<Ticket>> {
    let TicketFilter { is_open, contact, category, agent, label, text: _, work_of, oldest_first } = filter;
    let mut select = Query::select();
    select
        .columns(columns())
        .from("tickets_ticket")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(is_open.map(|yes| Expr::col("is_open").eq(yes)))
        .and_where_option(contact.map(|id| Expr::col("contact_id").eq(id.to_value())))
        .and_where_option(category.map(|id| Expr::col("category_id").eq(id.to_value())))
        .and_where_option(agent.map(|id| Expr::col("agent_id").eq(id.to_value())));
    with_label(ctx, &mut select, *label);
    found.narrow(&mut select);
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

/// Narrows a query of tickets to those with the label.
pub(crate) fn with_label(ctx: &Ctx, select: &mut SelectStatement, label: Option<Id<Label>>) {
    let Some(label) = label else { return };
    let mut labelled = Query::select();
    labelled
        .column("ticket_id")
        .from("tickets_ticket_label")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("label_id").eq(label.to_value()));
    select.and_where(Expr::col("id").in_subquery(labelled.take()));
}

/// What an agent can work on: theirs, and what nobody has yet of what they answer.
fn work(agent: &Agent) -> Cond {
    let mut unassigned = Cond::all().add(Expr::col("agent_id").is_null());
    if !agent.is_head {
        unassigned = unassigned.add(among(&agent.categories));
    }
    Cond::any().add(Expr::col("agent_id").eq(agent.id.to_value())).add(unassigned)
}

pub(crate) fn among(categories: &[Id<Category>]) -> Expr {
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
