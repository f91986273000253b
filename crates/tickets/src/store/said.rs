//! The SQL of what tickets are found by: their number, who asks, the words that were said.

use contacts::Contact;
use context::Ctx;
use db::{
    ReadTx, ToValue, Tx, Value, params,
    sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement},
};
use kernel::{Id, Result, Timestamp, WorkspaceId};

use super::ticket::among;
use crate::{Message, Ticket, reads::Sight};

/// Characters of a message that are found.
const FOUND_CHARS: usize = 1_000;
/// Messages that one search finds, the latest: the tickets of all of them are listed.
const FOUND_AT_MOST: u64 = 1_000;
/// Messages with these words of which it is asked whether their tickets are seen, the latest.
const LOOKED_AT_MOST: u64 = 5_000;
/// Words of a question that are looked for; those behind them are left out.
const WORDS_AT_MOST: usize = 8;

/// What a search found.
#[derive(Debug)]
pub(crate) enum Found {
    /// Nothing was searched for.
    All,
    /// The ticket with this number, those of these contacts, and those in which the words were said.
    Of { number: Option<i64>, contacts: Vec<Id<Contact>>, said_in: Vec<Id<Ticket>> },
}

impl Found {
    /// Narrows a query of tickets to what was found.
    pub(crate) fn narrow(&self, select: &mut SelectStatement) {
        let Self::Of { number, contacts, said_in } = self else { return };
        // An empty list would be compared with values that have no type on PostgreSQL. No ticket is without a contact.
        let mut any = Cond::any().add(Expr::col("contact_id").is_null());
        if let Some(number) = number {
            any = any.add(Expr::col("number").eq(*number));
        }
        let contacts: Vec<Value<'static>> = contacts.iter().map(|id| Value::Uuid(id.uuid())).collect();
        let tickets: Vec<Value<'static>> = said_in.iter().map(|id| Value::Uuid(id.uuid())).collect();
        for (column, values) in [("contact_id", contacts), ("id", tickets)] {
            if !values.is_empty() {
                any = any.add(Expr::col(column).is_in(padded(values)));
            }
        }
        select.cond_where(any);
    }
}

/// As many values as a power of two, so that lists of many lengths share few statements.
fn padded(mut values: Vec<Value<'static>>) -> Vec<Value<'static>> {
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

/// A message as it is made findable.
struct Unfound {
    workspace: WorkspaceId,
    ticket: Id<Ticket>,
    message: Id<Message>,
    at: Timestamp,
    text: String,
}

/// Makes messages of any workspace findable that were said before they were searched, at most so many; whether there may be more.
pub(crate) fn make_findable(tx: &mut Tx, at_most: u32) -> Result<bool> {
    // tidy: no workspace: the server's own work, for all of them.
    let sql = "SELECT workspace_id, ticket_id, id, created_at_ms, text FROM tickets_message WHERE NOT is_found LIMIT $1";
    let unfound: Vec<Unfound> = tx.query(sql, params![i64::from(at_most)], |row| {
        Ok(Unfound {
            workspace: row.get(0)?,
            ticket: row.get(1)?,
            message: row.get(2)?,
            at: row.get(3)?,
            text: row.get(4)?,
        })
    })?;
    for Unfound { workspace, ticket, message, at, text } in &unfound {
        put(tx, *workspace, *ticket, (*message, *at), text)?;
        tx.execute_one(
            "UPDATE tickets_message SET is_found = TRUE WHERE workspace_id = $1 AND id = $2",
            params![workspace, message],
        )?;
    }
    Ok(u32::try_from(unfound.len()).is_ok_and(|count| count == at_most))
}

/// Makes the words of a message findable; a message without words is not.
pub(crate) fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    ticket: Id<Ticket>,
    (message, at): (Id<Message>, Timestamp),
    text: &str,
) -> Result<()> {
    put(tx, ctx.workspace(), ticket, (message, at), text)
}

fn put(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ticket: Id<Ticket>,
    (message, at): (Id<Message>, Timestamp),
    text: &str,
) -> Result<()> {
    let words: String = text.chars().take(FOUND_CHARS).collect();
    let fold = uztext::fold(&words);
    if fold.is_empty() {
        return Ok(());
    }
    tx.execute_one(
        "INSERT INTO tickets_said (workspace_id, at_ms, message_id, ticket_id, fold) VALUES ($1, $2, $3, $4, $5)",
        params![workspace, at, message, ticket, fold],
    )
}

/// Makes the words that a message has now findable, and those from before no more.
pub(crate) fn update(
    ctx: &Ctx,
    tx: &mut Tx,
    ticket: Id<Ticket>,
    (message, at): (Id<Message>, Timestamp),
    text: &str,
) -> Result<()> {
    tx.execute(
        "DELETE FROM tickets_said WHERE workspace_id = $1 AND at_ms = $2 AND message_id = $3",
        params![ctx.workspace(), at, message],
    )?;
    insert(ctx, tx, ticket, (message, at), text)
}

/// What was said in `from` is found in `into`.
pub(crate) fn move_to(ctx: &Ctx, tx: &mut Tx, from: Id<Ticket>, into: Id<Ticket>) -> Result<()> {
    tx.execute(
        "UPDATE tickets_said SET ticket_id = $3 WHERE workspace_id = $1 AND ticket_id = $2",
        params![ctx.workspace(), from, into],
    )?;
    Ok(())
}

/// The seen tickets, open ones or closed ones where it is said, in which all of these folded words were said in one message.
pub(crate) fn find(
    ctx: &Ctx,
    tx: &mut ReadTx,
    sight: &Sight,
    is_open: Option<bool>,
    words: &[String],
) -> Result<Vec<Id<Ticket>>> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut said = Query::select();
    said.columns(["ticket_id", "at_ms"])
        .from("tickets_said")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()));
    for word in words.iter().take(WORDS_AT_MOST) {
        // Folded words hold letters and digits only: nothing in them means anything to LIKE.
        said.and_where(Expr::col("fold").like(format!("%{word}%")));
    }
    let mut seen = Query::select();
    seen.column("id")
        .from("tickets_ticket")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(is_open.map(|yes| Expr::col("is_open").eq(yes)));
    if let Some(categories) = sight.categories() {
        seen.and_where(among(categories));
    }
    let mut select = match is_open {
        // Few of all are open: what was said in these is looked through, and not the messages in the order of their time.
        Some(true) => {
            said.and_where(Expr::col("ticket_id").in_subquery(seen.take()));
            said.order_by_expr(Expr::cust("at_ms + 0"), Order::Desc).take()
        }
        Some(false) | None => {
            said.order_by("at_ms", Order::Desc).limit(LOOKED_AT_MOST);
            seen.and_where(Expr::col(("tickets_ticket", "id")).equals(("said", "ticket_id")));
            // tidy: no workspace: it chooses from what `said` found in one.
            let mut latest = Query::select();
            latest.columns(["ticket_id", "at_ms"]).from_subquery(said.take(), "said");
            latest.and_where(Expr::exists(seen.take())).order_by("at_ms", Order::Desc).take()
        }
    };
    select.limit(FOUND_AT_MOST);
    let mut found: Vec<Id<Ticket>> = tx.select(&select, |row| row.get(0))?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
