//! API keys of a workspace.

use context::{Ctx, Permissions};
use db::{ReadTx, Row, Tx, params};
use kernel::{Id, Result, Timestamp, WorkspaceId, Zone};

use crate::{ApiKey, KeyKind, Role, RoleKind, role};

/// Everything that a request with a key needs to know, in one row.
#[derive(Debug, Clone)]
pub struct ActingKey {
    /// Which key.
    pub key: Id<ApiKey>,
    /// What it is called.
    pub name: String,
    /// Where.
    pub workspace: WorkspaceId,
    /// What the workspace is called.
    pub workspace_name: String,
    /// The workspace's zone.
    pub zone: Zone,
    /// What it may do: its scopes, as far as its maker may.
    pub permissions: Permissions,
    /// When it was last noted as used.
    pub used_at: Option<Timestamp>,
    /// Why the workspace is suspended, when it is.
    pub suspended: Option<String>,
}

fn read(row: &Row<'_>) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.get(0)?,
        name: row.get(1)?,
        prefix: row.get(2)?,
        permissions: role::from_words(&row.get(3)?),
        made_by: row.get(4)?,
        maker: row.get(5)?,
        created_at: row.get(6)?,
        expires_at: row.get(7)?,
        used_at: row.get(8)?,
        revoked_at: row.get(9)?,
        kind: row.parse(10)?,
    })
}

/// The key of this kind with this digest, if it holds at `now` and its maker is an active member (scope: server).
pub fn find_acting(
    tx: &mut ReadTx,
    kind: KeyKind,
    digest: &[u8; 32],
    now: Timestamp,
) -> Result<Option<ActingKey>> {
    tx.query_opt(
        "SELECT k.id, k.name, w.workspace_id, w.zone, k.permissions, r.kind, r.permissions, k.used_at_ms, w.name,
             w.suspended_at_ms, w.suspended_why
         FROM auth_api_key k
         JOIN auth_membership m ON m.workspace_id = k.workspace_id AND m.person_id = k.made_by
         JOIN auth_role r ON r.workspace_id = m.workspace_id AND r.id = m.role_id
         JOIN auth_workspace w ON w.workspace_id = k.workspace_id
         WHERE k.secret_hash = $1 AND k.kind = $3 AND k.revoked_at_ms IS NULL
             AND (k.expires_at_ms IS NULL OR k.expires_at_ms > $2) AND m.state = 'active'",
        params![digest, now, kind.word()],
        |row| {
            let kind: RoleKind = row.parse(5)?;
            let (suspended_at, why): (Option<Timestamp>, String) = (row.get(9)?, row.get(10)?);
            let makers = Role::permissions_of(kind, &row.get(6)?);
            Ok(ActingKey {
                key: row.get(0)?,
                name: row.get(1)?,
                workspace: row.get(2)?,
                workspace_name: row.get(8)?,
                zone: Zone::parse(&row.get::<String>(3)?).unwrap_or_default(),
                permissions: role::from_words(&row.get(4)?).both(makers),
                used_at: row.get(7)?,
                suspended: suspended_at.map(|_| why),
            })
        },
    )
}

/// The key with this id.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<ApiKey>) -> Result<ApiKey> {
    tx.query_one(
        "SELECT k.id, k.name, k.prefix, k.permissions, k.made_by, p.name, k.created_at_ms, k.expires_at_ms,
             k.used_at_ms, k.revoked_at_ms, k.kind
         FROM auth_api_key k JOIN auth_person p ON p.id = k.made_by
         WHERE k.workspace_id = $1 AND k.id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

/// Every key of the workspace, the newest first; there are few ([`crate::KEYS_AT_MOST`]).
pub fn list(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<ApiKey>> {
    tx.query(
        "SELECT k.id, k.name, k.prefix, k.permissions, k.made_by, p.name, k.created_at_ms, k.expires_at_ms,
             k.used_at_ms, k.revoked_at_ms, k.kind
         FROM auth_api_key k JOIN auth_person p ON p.id = k.made_by
         WHERE k.workspace_id = $1 ORDER BY k.id DESC",
        params![ctx.workspace()],
        read,
    )
}

/// How many keys are not revoked.
pub fn count_held(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    tx.query_one(
        "SELECT COUNT(*) FROM auth_api_key WHERE workspace_id = $1 AND revoked_at_ms IS NULL",
        params![ctx.workspace()],
        |row| row.get(0),
    )
}

/// Puts a new key in.
pub fn insert(ctx: &Ctx, tx: &mut Tx, key: &ApiKey, digest: &[u8; 32]) -> Result<()> {
    let ApiKey {
        id,
        kind,
        name,
        prefix,
        permissions,
        made_by,
        maker: _,
        created_at,
        expires_at,
        used_at,
        revoked_at,
    } = key;
    tx.execute_one(
        "INSERT INTO auth_api_key (workspace_id, id, name, prefix, secret_hash, permissions, made_by,
             created_at_ms, expires_at_ms, used_at_ms, revoked_at_ms, kind)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            ctx.workspace(),
            id,
            name,
            prefix,
            digest,
            serde_json::json!(role::to_words(*permissions)),
            made_by,
            created_at,
            expires_at,
            used_at,
            revoked_at,
            kind.word()
        ],
    )
}

/// Revokes a key; not found when it is revoked already.
pub fn set_revoked(ctx: &Ctx, tx: &mut Tx, id: Id<ApiKey>) -> Result<()> {
    tx.execute_one(
        "UPDATE auth_api_key SET revoked_at_ms = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at_ms IS NULL",
        params![ctx.workspace(), id, ctx.now()],
    )
}

/// Notes that a key was used.
pub fn set_used(tx: &mut Tx, workspace: WorkspaceId, id: Id<ApiKey>, at: Timestamp) -> Result<()> {
    tx.execute_one(
        "UPDATE auth_api_key SET used_at_ms = $3 WHERE workspace_id = $1 AND id = $2",
        params![workspace, id, at],
    )
}
