//! Workspaces.

use db::{OnConstraint, ReadTx, Row, Tx, params};
use kernel::{Error, Result, Text, WorkspaceId, Zone};

use crate::WorkspaceRecord;

fn read(row: &Row<'_>) -> Result<WorkspaceRecord> {
    Ok(WorkspaceRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        slug: row.get(2)?,
        lang: row.get(3)?,
        zone: Zone::parse(&row.get::<String>(4)?).unwrap_or_default(),
        tin: row.get(5)?,
        phone: row.get(6)?,
        address: row.get(7)?,
        created_at: row.get(8)?,
    })
}

/// The workspace with this id.
pub fn get(tx: &mut ReadTx, id: WorkspaceId) -> Result<WorkspaceRecord> {
    tx.query_one(
        "SELECT workspace_id, name, slug, lang, zone, tin, phone, address, created_at_ms FROM auth_workspace
         WHERE workspace_id = $1",
        params![id],
        read,
    )
}

/// The workspace with this name in addresses (scope: server).
pub fn find_by_slug(tx: &mut ReadTx, slug: &str) -> Result<Option<WorkspaceRecord>> {
    tx.query_opt(
        "SELECT workspace_id, name, slug, lang, zone, tin, phone, address, created_at_ms FROM auth_workspace
         WHERE slug = $1",
        params![slug],
        read,
    )
}

/// The first workspace of the server, if there is one (scope: server).
pub fn find_first(tx: &mut ReadTx) -> Result<Option<WorkspaceRecord>> {
    tx.query_opt(
        "SELECT workspace_id, name, slug, lang, zone, tin, phone, address, created_at_ms FROM auth_workspace
         ORDER BY created_at_ms, workspace_id LIMIT 1",
        &[],
        read,
    )
}

/// Every workspace, oldest first (scope: server).
pub fn ids(tx: &mut ReadTx) -> Result<Vec<WorkspaceId>> {
    let sql = "SELECT workspace_id FROM auth_workspace ORDER BY created_at_ms, workspace_id";
    tx.query(sql, &[], |row| row.get(0))
}

/// Puts a new workspace in (scope: server).
pub fn insert(tx: &mut Tx, workspace: &WorkspaceRecord) -> Result<()> {
    let WorkspaceRecord { id, name, slug, lang, zone, tin, phone, address, created_at } = workspace;
    tx.execute_one(
        "INSERT INTO auth_workspace (workspace_id, name, slug, lang, zone, tin, phone, address, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![id, name, slug, lang, zone.name(), tin, phone, address, created_at],
    )
    .on_unique(|| Error::conflict(Text::new("auth-slug-taken").with("slug", slug)))
}

/// Writes everything but the id, the slug and the day it began.
pub fn update(tx: &mut Tx, workspace: &WorkspaceRecord) -> Result<()> {
    let WorkspaceRecord { id, name, slug: _, lang, zone, tin, phone, address, created_at: _ } = workspace;
    tx.execute_one(
        "UPDATE auth_workspace SET name = $2, lang = $3, zone = $4, tin = $5, phone = $6, address = $7
         WHERE workspace_id = $1",
        params![id, name, lang, zone.name(), tin, phone, address],
    )
}
