//! What the index asks of the database beside the catalog's own reads.

use db::{ReadTx, params};
use kernel::{Result, WorkspaceId};

/// The workspaces that have products (scope: server).
// tidy: no workspace: the index of this node holds every workspace, and begins by asking which there are
pub(crate) fn list_workspaces(tx: &mut ReadTx) -> Result<Vec<WorkspaceId>> {
    let sql = "SELECT DISTINCT workspace_id FROM catalog_product";
    tx.query(sql, params![], |row| row.get(0))
}
