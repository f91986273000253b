//! What whoever runs the server sees and sets, over all workspaces.

use db::{ReadTx, Row, Tx, params};
use kernel::{Id, Page, PageRequest, PersonId, Result, Timestamp, WorkspaceId, Zone};

use crate::{Session, WorkspaceRecord, operator::Tenant};

fn read(row: &Row<'_>) -> Result<Tenant> {
    let suspended_at: Option<Timestamp> = row.get(9)?;
    let why: String = row.get(10)?;
    Ok(Tenant {
        record: WorkspaceRecord {
            id: row.get(0)?,
            name: row.get(1)?,
            slug: row.get(2)?,
            lang: row.get(3)?,
            zone: Zone::parse(&row.get::<String>(4)?).unwrap_or_default(),
            tin: row.get(5)?,
            phone: row.get(6)?,
            address: row.get(7)?,
            created_at: row.get(8)?,
        },
        suspended: suspended_at.map(|_| why),
        members: row.get(11)?,
        last_activity: row.get(12)?,
    })
}

/// The workspaces whose name or address holds this, the newest first. `name` is as typed, `slug` what it would be in
/// addresses; both empty for all.
pub fn tenants(tx: &mut ReadTx, name: &str, slug: &str, page: PageRequest) -> Result<Page<Tenant>> {
    let [name, slug] = [name, slug].map(|text| format!("%{}%", text.replace(['%', '_'], " ")));
    let count = tx.query_one(
        "SELECT COUNT(*) FROM auth_workspace w WHERE w.workspace_id IS NOT NULL AND (w.name LIKE $1 OR w.slug LIKE $2)",
        params![name, slug],
        |row| row.get(0),
    )?;
    let all = tx.query(
        "SELECT w.workspace_id, w.name, w.slug, w.lang, w.zone, w.tin, w.phone, w.address, w.created_at_ms,
             w.suspended_at_ms, w.suspended_why,
             (SELECT COUNT(*) FROM auth_membership m WHERE m.workspace_id = w.workspace_id AND m.state = 'active'),
             (SELECT MAX(e.at_ms) FROM context_audit_entry e WHERE e.workspace_id = w.workspace_id)
         FROM auth_workspace w WHERE w.name LIKE $1 OR w.slug LIKE $2
         ORDER BY w.created_at_ms DESC, w.workspace_id LIMIT $3 OFFSET $4",
        params![name, slug, page.limit(), page.offset()],
        read,
    )?;
    Ok(Page::new(page, count, all))
}

/// One workspace.
pub fn tenant(tx: &mut ReadTx, id: WorkspaceId) -> Result<Tenant> {
    tx.query_one(
        "SELECT w.workspace_id, w.name, w.slug, w.lang, w.zone, w.tin, w.phone, w.address, w.created_at_ms,
             w.suspended_at_ms, w.suspended_why,
             (SELECT COUNT(*) FROM auth_membership m WHERE m.workspace_id = w.workspace_id AND m.state = 'active'),
             (SELECT MAX(e.at_ms) FROM context_audit_entry e WHERE e.workspace_id = w.workspace_id)
         FROM auth_workspace w WHERE w.workspace_id = $1",
        params![id],
        read,
    )
}

/// Suspends a workspace, or with `None` lets it work again.
pub fn set_suspended(tx: &mut Tx, id: WorkspaceId, at: Option<Timestamp>, why: &str) -> Result<()> {
    tx.execute_one(
        "UPDATE auth_workspace SET suspended_at_ms = $2, suspended_why = $3 WHERE workspace_id = $1",
        params![id, at, why],
    )
}

/// Makes somebody an operator of the server, or with `None` ends that.
pub fn set_operator(tx: &mut Tx, person: PersonId, since: Option<Timestamp>) -> Result<()> {
    // tidy: no workspace: people belong to the server
    let sql = "UPDATE auth_person SET operator_since_ms = $2 WHERE id = $1";
    tx.execute_one(sql, params![person, since])
}

/// Lets a session act as a member until then.
pub fn set_acting(
    tx: &mut Tx,
    session: Id<Session>,
    person: PersonId,
    workspace: WorkspaceId,
    reason: &str,
    until: Timestamp,
) -> Result<()> {
    // tidy: no workspace: a session belongs to a person
    let sql =
        "UPDATE auth_session SET as_person_id = $2, as_workspace_id = $3, as_reason = $4, as_until_ms = $5
         WHERE id = $1";
    tx.execute_one(sql, params![session, person, workspace, reason, until])
}

/// Lets a session act in its own name again.
pub fn clear_acting(tx: &mut Tx, session: Id<Session>) -> Result<()> {
    // tidy: no workspace: a session belongs to a person
    let sql = "UPDATE auth_session SET as_person_id = NULL, as_workspace_id = NULL, as_reason = '', as_until_ms = NULL
         WHERE id = $1";
    tx.execute_one(sql, params![session])
}
