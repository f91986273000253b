//! The SQL of what Telegram calls the contacts who ask.

use std::collections::HashMap;

use contacts::Contact;
use context::Ctx;
use db::{
    OnConstraint, ReadTx, ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result, Text};

use super::ticket::who_asked_in;
use crate::{Telegram, reads::Sight};

/// The contact whom Telegram calls so.
pub(crate) fn find_by_telegram(ctx: &Ctx, tx: &mut ReadTx, telegram_id: i64) -> Result<Option<Id<Contact>>> {
    let sql = "SELECT contact_id FROM tickets_user WHERE workspace_id = $1 AND telegram_id = $2";
    tx.query_opt(sql, params![ctx.workspace(), telegram_id], |row| row.get(0))
}

/// What Telegram calls these contacts; those whom it never named are left out.
pub(crate) fn of_contacts(
    ctx: &Ctx,
    tx: &mut ReadTx,
    contacts: &[Id<Contact>],
) -> Result<HashMap<Id<Contact>, Telegram>> {
    if contacts.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
    values.extend(contacts.iter().map(ToValue::to_value));
    // Padded to a power of two, so that lists of many lengths share few statements.
    if let Some(last) = contacts.last() {
        values.resize(1 + contacts.len().next_power_of_two(), last.to_value());
    }
    let holes: Vec<String> = (2..=values.len()).map(|hole| format!("${hole}")).collect();
    let sql = format!(
        "SELECT contact_id, telegram_id, username FROM tickets_user WHERE workspace_id = $1 AND contact_id IN ({})",
        holes.join(", ")
    );
    let found = tx.query(&sql, &values, |row| {
        Ok((row.get(0)?, Telegram { telegram_id: row.get(1)?, username: row.get(2)? }))
    })?;
    Ok(found.into_iter().collect())
}

/// The part `page` of the contacts whom Telegram named and who are seen, the latest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    sight: &Sight,
    page: PageRequest,
) -> Result<Page<Id<Contact>>> {
    let mut select = Query::select();
    select
        .column("contact_id")
        .from("tickets_user")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .order_by("contact_id", Order::Desc);
    if let Some(categories) = sight.categories() {
        select.and_where(Expr::col("contact_id").in_subquery(who_asked_in(ctx, categories)));
    }
    tx.page(&select.take(), page, |row| row.get(0))
}

/// Forgets what Telegram calls this contact.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, contact: Id<Contact>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM tickets_user WHERE workspace_id = $1 AND contact_id = $2",
        params![ctx.workspace(), contact],
    )
}

/// Writes what Telegram calls this contact.
pub(crate) fn put(ctx: &Ctx, tx: &mut Tx, contact: Id<Contact>, telegram: &Telegram) -> Result<()> {
    let Telegram { telegram_id, username } = telegram;
    tx.execute_one(
        "INSERT INTO tickets_user (workspace_id, contact_id, telegram_id, username) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id, contact_id)
         DO UPDATE SET telegram_id = excluded.telegram_id, username = excluded.username",
        params![ctx.workspace(), contact, telegram_id, username],
    )
    .on_unique(|| Error::field("telegram_id", Text::new("tickets-user-taken")))
}
