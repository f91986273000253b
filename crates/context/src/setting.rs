//! A workspace's settings: small values by name, owned by the domain that the name begins with.

use db::{ReadTx, Tx, params};
use kernel::{Error, Id, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::Ctx;

/// The setting `name` (`sales.prices_include_vat`), or its type's default when it was never set.
pub fn get_setting<T: DeserializeOwned + Default>(ctx: &Ctx, tx: &mut ReadTx, name: &str) -> Result<T> {
    let stored: Option<serde_json::Value> = tx.query_opt(
        "SELECT value FROM context_setting WHERE workspace_id = $1 AND name = $2",
        params![ctx.workspace(), name],
        |row| row.get(0),
    )?;
    stored.map_or_else(|| Ok(T::default()), |value| serde_json::from_value(value).map_err(Error::internal))
}

/// Sets `name` and leaves an audit entry. Who may is the caller's question.
pub fn set_setting<T: Serialize>(ctx: &Ctx, tx: &mut Tx, name: &'static str, value: &T) -> Result<()> {
    let value = serde_json::to_value(value).map_err(Error::internal)?;
    let before: Option<serde_json::Value> = tx.query_opt(
        "SELECT value FROM context_setting WHERE workspace_id = $1 AND name = $2 FOR UPDATE",
        params![ctx.workspace(), name],
        |row| row.get(0),
    )?;
    if before.as_ref() == Some(&value) {
        return Ok(());
    }
    tx.execute_one(
        "INSERT INTO context_setting (workspace_id, name, value) VALUES ($1, $2, $3)
         ON CONFLICT (workspace_id, name) DO UPDATE SET value = excluded.value",
        params![ctx.workspace(), name, value],
    )?;
    let workspace: Id<kernel::Workspace> = ctx.workspace();
    ctx.audit(tx, "setting.set", name, workspace, before.as_ref(), Some(&value))
}
