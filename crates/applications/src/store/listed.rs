//! The SQL of the items that applications are found by, and of how many applications there are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use catalog::Item;
use context::Ctx;
use db::{ReadTx, Tx, Value, params, values};
use kernel::{Id, Result};
use uuid::Uuid;

use crate::{Application, Form, Status};

/// What is counted: applications for a form, this far, with an item; with `None`, whatever items they have.
pub(crate) type Counted = (Option<Id<Item>>, Id<Form>, &'static str);

/// The id under which applications are counted whatever items they have.
fn key(item: Option<Id<Item>>) -> Id<Item> {
    item.unwrap_or_else(|| Id::from_uuid(Uuid::nil()))
}

/// The items that an application is found by.
pub(crate) fn items(ctx: &Ctx, tx: &mut ReadTx, id: Id<Application>) -> Result<BTreeSet<Id<Item>>> {
    let sql = "SELECT item_id FROM applications_item WHERE workspace_id = $1 AND application_id = $2";
    let found = tx.query(sql, params![ctx.workspace(), id], |row| row.get(0))?;
    Ok(found.into_iter().collect())
}

/// Has an application found by these items, at the time at which it was submitted.
pub(crate) fn put_items(
    ctx: &Ctx,
    tx: &mut Tx,
    application: &Application,
    items: &BTreeSet<Id<Item>>,
) -> Result<()> {
    let Application { id, submitted_at, .. } = application;
    let rows: Vec<Vec<Value<'_>>> =
        items.iter().map(|item| values![ctx.workspace(), item, submitted_at, id]).collect();
    tx.insert_many_later(
        "INSERT INTO applications_item (workspace_id, item_id, submitted_at_ms, application_id) VALUES {}",
        &rows,
    )
}

/// Has an application found by no item.
pub(crate) fn take_items(ctx: &Ctx, tx: &mut Tx, id: Id<Application>) -> Result<()> {
    let sql = "DELETE FROM applications_item WHERE workspace_id = $1 AND application_id = $2";
    tx.execute(sql, params![ctx.workspace(), id]).map(drop)
}

/// Counts so many more. Whoever counts several, counts them in this order: nobody waits for somebody who waits for them.
pub(crate) fn add(ctx: &Ctx, tx: &mut Tx, more: &BTreeMap<Counted, i64>) -> Result<()> {
    let more = more.iter().filter(|(_, count)| **count != 0);
    let rows: Vec<Vec<Value<'_>>> = more
        .map(|((item, form, status), count)| values![ctx.workspace(), key(*item), form, *status, count])
        .collect();
    tx.insert_many_later(
        "INSERT INTO applications_tally (workspace_id, item_id, form_id, status, application_count) VALUES {}
         ON CONFLICT (workspace_id, item_id, form_id, status)
         DO UPDATE SET application_count = applications_tally.application_count + excluded.application_count",
        &rows,
    )
}

/// How many applications have each status: those for a form, or all; with an item, or all.
pub(crate) fn counts(
    ctx: &Ctx,
    tx: &mut ReadTx,
    item: Option<Id<Item>>,
    form: Option<Id<Form>>,
) -> Result<Vec<(Status, i64)>> {
    let mut values = values![ctx.workspace(), key(item)];
    let mut of_form = "";
    if let Some(form) = form {
        values.extend(values![form]);
        of_form = "AND form_id = $3";
    }
    let sql = format!(
        "SELECT status, CAST(SUM(application_count) AS bigint) FROM applications_tally
         WHERE workspace_id = $1 AND item_id = $2 {of_form} GROUP BY status ORDER BY status"
    );
    tx.query(&sql, &values, |row| Ok((row.parse(0)?, row.get(1)?)))
}

/// How many applications each form has; those without any are left out.
pub(crate) fn counts_of_forms(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<Id<Form>, i64>> {
    let found = tx.query(
        "SELECT form_id, CAST(SUM(application_count) AS bigint) FROM applications_tally
         WHERE workspace_id = $1 AND item_id = $2 GROUP BY form_id",
        params![ctx.workspace(), key(None)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.into_iter().filter(|(_, count)| *count > 0).collect())
}
