//! The SQL of forms.

use context::Ctx;
use db::{Constraint, OnConstraint, ReadTx, Row, Tx, params};
use kernel::{Error, Id, Result, Text};

use crate::{Form, FormField, NewForm};

const COLUMNS: &str =
    "id, code, name_uz, name_ru, name_en, position, is_open, fields, created_at_ms, updated_at_ms";

fn form(row: &Row<'_>) -> Result<Form> {
    let fields: serde_json::Value = row.get(7)?;
    Ok(Form {
        id: row.get(0)?,
        code: row.get(1)?,
        names: catalog::Names { uz: row.get(2)?, ru: row.get(3)?, en: row.get(4)? },
        position: row.get(5)?,
        is_open: row.get(6)?,
        fields: serde_json::from_value(fields).map_err(Error::internal)?,
        created_at: row.get(8)?,
        updated_at: row.get(9)?,
    })
}

fn written(fields: &[FormField]) -> Result<serde_json::Value> {
    serde_json::to_value(fields).map_err(Error::internal)
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Form>) -> Result<Form> {
    let sql = format!("SELECT {COLUMNS} FROM applications_form WHERE workspace_id = $1 AND id = $2");
    tx.query_one(&sql, params![ctx.workspace(), id], form)
}

pub(crate) fn get_for_update(ctx: &Ctx, tx: &mut Tx, id: Id<Form>) -> Result<Form> {
    let sql =
        format!("SELECT {COLUMNS} FROM applications_form WHERE workspace_id = $1 AND id = $2 FOR UPDATE");
    tx.query_one(&sql, params![ctx.workspace(), id], form)
}

pub(crate) fn find_by_code(ctx: &Ctx, tx: &mut ReadTx, code: &str) -> Result<Option<Form>> {
    let sql = format!("SELECT {COLUMNS} FROM applications_form WHERE workspace_id = $1 AND code = $2");
    tx.query_opt(&sql, params![ctx.workspace(), code], form)
}

/// Every form, in the order in which they are offered.
pub(crate) fn list(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Form>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM applications_form WHERE workspace_id = $1 ORDER BY position, created_at_ms, id"
    );
    tx.query(&sql, params![ctx.workspace()], form)
}

fn taken(code: &str) -> Error {
    Error::field("code", Text::new("applications-code-taken").with("code", code))
}

pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, form: &Form) -> Result<()> {
    let Form { id, code, names, position, is_open, fields, created_at, updated_at } = form;
    tx.execute_one(
        "INSERT INTO applications_form (workspace_id, id, code, name_uz, name_ru, name_en, position, is_open, fields,
             created_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            ctx.workspace(),
            id,
            code,
            names.uz,
            names.ru,
            names.en,
            position,
            is_open,
            written(fields)?,
            created_at,
            updated_at
        ],
    )
    .on_unique(|| taken(code))
}

pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, id: Id<Form>, content: &NewForm) -> Result<()> {
    let NewForm { code, names, position, is_open, fields } = content;
    tx.execute_one(
        "UPDATE applications_form SET code = $3, name_uz = $4, name_ru = $5, name_en = $6, position = $7, is_open = $8,
             fields = $9, updated_at_ms = $10
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            code,
            names.uz,
            names.ru,
            names.en,
            position,
            is_open,
            written(fields)?,
            ctx.now()
        ],
    )
    .on_unique(|| taken(code))
}

/// Takes the form away; the database refuses while an application names it.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Form>) -> Result<()> {
    let in_use = || Error::conflict(Text::new("applications-form-in-use"));
    tx.execute_one(
        "DELETE FROM applications_form WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
    .on(Constraint::ForeignKey, in_use)
}
