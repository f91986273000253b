//! Invitations to a workspace.

use context::Ctx;
use db::{OnConstraint, ReadTx, Row, Tx, params};
use kernel::{Error, Id, Page, PageRequest, Result, Text, Timestamp, WorkspaceId};

use crate::{Email, Invitation, Role, RoleKind};

fn read(row: &Row<'_>) -> Result<Invitation> {
    let kind: RoleKind = row.parse(7)?;
    Ok(Invitation {
        id: row.get(0)?,
        workspace: row.get(1)?,
        workspace_name: row.get(2)?,
        workspace_slug: row.get(3)?,
        email: row.get(4)?,
        name: row.get(5)?,
        role: Role {
            id: row.get(6)?,
            kind,
            name: row.get(8)?,
            permissions: Role::permissions_of(kind, &row.get(9)?),
            created_at: row.get(10)?,
        },
        lang: row.get(11)?,
        invited_by: row.get(12)?,
        inviter: row.get::<Option<String>>(13)?.unwrap_or_default(),
        mailed: row.get(14)?,
        created_at: row.get(15)?,
        sent_at: row.get(16)?,
        expires_at: row.get(17)?,
    })
}

/// The invitation with this id.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Invitation>) -> Result<Invitation> {
    tx.query_one(
        "SELECT i.id, i.workspace_id, w.name, w.slug, i.email, i.name, r.id, r.kind, r.name, r.permissions, r.created_at_ms,
             i.lang, i.invited_by, p.name, i.mailed, i.created_at_ms, i.sent_at_ms, i.expires_at_ms
         FROM auth_invitation i
         JOIN auth_workspace w ON w.workspace_id = i.workspace_id
         JOIN auth_role r ON r.workspace_id = i.workspace_id AND r.id = i.role_id
         LEFT JOIN auth_person p ON p.id = i.invited_by
         WHERE i.workspace_id = $1 AND i.id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

/// The invitation of this token's digest that holds at `now` (scope: server).
pub fn find_by_token(tx: &mut ReadTx, digest: &[u8; 32], now: Timestamp) -> Result<Option<Invitation>> {
    tx.query_opt(
        "SELECT i.id, i.workspace_id, w.name, w.slug, i.email, i.name, r.id, r.kind, r.name, r.permissions, r.created_at_ms,
             i.lang, i.invited_by, p.name, i.mailed, i.created_at_ms, i.sent_at_ms, i.expires_at_ms
         FROM auth_invitation i
         JOIN auth_workspace w ON w.workspace_id = i.workspace_id
         JOIN auth_role r ON r.workspace_id = i.workspace_id AND r.id = i.role_id
         LEFT JOIN auth_person p ON p.id = i.invited_by
         WHERE i.token_hash = $1 AND i.expires_at_ms > $2",
        params![digest, now],
        read,
    )
}

/// The invitations to this address that hold at `now`, oldest first (scope: server).
pub fn list_of(tx: &mut ReadTx, email: &Email, now: Timestamp) -> Result<Vec<Invitation>> {
    tx.query(
        "SELECT i.id, i.workspace_id, w.name, w.slug, i.email, i.name, r.id, r.kind, r.name, r.permissions, r.created_at_ms,
             i.lang, i.invited_by, p.name, i.mailed, i.created_at_ms, i.sent_at_ms, i.expires_at_ms
         FROM auth_invitation i
         JOIN auth_workspace w ON w.workspace_id = i.workspace_id
         JOIN auth_role r ON r.workspace_id = i.workspace_id AND r.id = i.role_id
         LEFT JOIN auth_person p ON p.id = i.invited_by
         WHERE i.email = $1 AND i.expires_at_ms > $2
         ORDER BY i.created_at_ms, i.id",
        params![email, now],
        read,
    )
}

/// The invitations of the workspace, the newest first.
pub fn list(ctx: &Ctx, tx: &mut ReadTx, page: PageRequest) -> Result<Page<Invitation>> {
    let all = tx.query(
        "SELECT i.id, i.workspace_id, w.name, w.slug, i.email, i.name, r.id, r.kind, r.name, r.permissions, r.created_at_ms,
             i.lang, i.invited_by, p.name, i.mailed, i.created_at_ms, i.sent_at_ms, i.expires_at_ms
         FROM auth_invitation i
         JOIN auth_workspace w ON w.workspace_id = i.workspace_id
         JOIN auth_role r ON r.workspace_id = i.workspace_id AND r.id = i.role_id
         LEFT JOIN auth_person p ON p.id = i.invited_by
         WHERE i.workspace_id = $1
         ORDER BY i.id DESC LIMIT $2 OFFSET $3",
        params![ctx.workspace(), page.limit(), page.offset()],
        read,
    )?;
    Ok(Page::new(page, count(ctx, tx)?, all))
}

/// How many there are.
pub fn count(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM auth_invitation WHERE workspace_id = $1";
    tx.query_one(sql, params![ctx.workspace()], |row| row.get(0))
}

/// Puts an invitation in.
pub fn insert(ctx: &Ctx, tx: &mut Tx, invitation: &Invitation, digest: &[u8; 32]) -> Result<()> {
    let Invitation {
        id,
        workspace: _,
        workspace_name: _,
        workspace_slug: _,
        email,
        name,
        role,
        lang,
        invited_by,
        inviter: _,
        mailed,
        created_at,
        sent_at,
        expires_at,
    } = invitation;
    tx.execute_one(
        "INSERT INTO auth_invitation (workspace_id, id, token_hash, email, name, role_id, lang, invited_by, mailed,
             created_at_ms, sent_at_ms, expires_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            ctx.workspace(),
            id,
            digest,
            email,
            name,
            role.id,
            lang,
            invited_by,
            mailed,
            created_at,
            sent_at,
            expires_at
        ],
    )
    .on_unique(|| Error::field("email", Text::new("auth-invited-already")))
}

/// Gives an invitation a new link; the one before opens nothing any more.
pub fn set_token(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Invitation>,
    mailed: bool,
    expires_at: Timestamp,
    digest: &[u8; 32],
) -> Result<()> {
    tx.execute_one(
        "UPDATE auth_invitation SET token_hash = $3, mailed = $4, sent_at_ms = $5, expires_at_ms = $6
         WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, digest, mailed, ctx.now(), expires_at],
    )
}

/// Takes an invitation away: it was accepted, declined or taken back. Not found when it is gone already.
pub fn delete(tx: &mut Tx, workspace: WorkspaceId, id: Id<Invitation>) -> Result<()> {
    let sql = "DELETE FROM auth_invitation WHERE workspace_id = $1 AND id = $2";
    tx.execute_one(sql, params![workspace, id])
}

/// Forgets the invitations of the whole server that ended before `moment`; answers how many.
pub fn delete_ended(tx: &mut Tx, moment: Timestamp) -> Result<u64> {
    // tidy: no workspace: housekeeping of the whole server
    tx.execute("DELETE FROM auth_invitation WHERE expires_at_ms < $1", params![moment])
}
