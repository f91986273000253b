//! Roles of a workspace.

use context::Ctx;
use db::{OnConstraint, ReadTx, Row, Tx, params};
use kernel::{Error, Id, Result, Text};

use crate::{Role, RoleKind, role};

fn read(row: &Row<'_>) -> Result<Role> {
    let kind: RoleKind = row.parse(1)?;
    Ok(Role {
        id: row.get(0)?,
        kind,
        name: row.get(2)?,
        permissions: Role::permissions_of(kind, &row.get(3)?),
        created_at: row.get(4)?,
    })
}

/// The role with this id.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Role>) -> Result<Role> {
    tx.query_one(
        "SELECT id, kind, name, permissions, created_at_ms FROM auth_role WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

/// The built-in role of this kind.
pub fn get_built_in(ctx: &Ctx, tx: &mut ReadTx, kind: RoleKind) -> Result<Role> {
    tx.query_one(
        "SELECT id, kind, name, permissions, created_at_ms FROM auth_role WHERE workspace_id = $1 AND name_key = $2",
        params![ctx.workspace(), built_in_key(kind)],
        read,
    )
}

/// Every role of the workspace with the number of its members who are not inactive, the built-in ones first.
pub fn list(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(Role, i64)>> {
    let mut roles = tx.query(
        "SELECT r.id, r.kind, r.name, r.permissions, r.created_at_ms,
             (SELECT COUNT(*) FROM auth_membership m
              WHERE m.workspace_id = r.workspace_id AND m.role_id = r.id AND m.state <> 'inactive')
         FROM auth_role r WHERE r.workspace_id = $1",
        params![ctx.workspace()],
        |row| Ok((read(row)?, row.get(5)?)),
    )?;
    roles.sort_by_cached_key(|(role, _): &(Role, i64)| (role.kind, uztext::sort_key(&role.name), role.id));
    Ok(roles)
}

/// Puts a new role in; a name that another role has is an error of its field.
pub fn insert(ctx: &Ctx, tx: &mut Tx, role: &Role) -> Result<()> {
    let Role { id, kind, name, permissions, created_at } = role;
    tx.execute_one(
        "INSERT INTO auth_role (workspace_id, id, kind, name, name_key, permissions, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![ctx.workspace(), id, kind.word(), name, name_key(role), words(*permissions), created_at],
    )
    .on_unique(|| Error::field("name", Text::new("auth-role-name-taken")))
}

/// Writes the name and the permissions of a role that the workspace made.
pub fn update(ctx: &Ctx, tx: &mut Tx, role: &Role) -> Result<()> {
    let Role { id, kind: _, name, permissions, created_at: _ } = role;
    tx.execute_one(
        "UPDATE auth_role SET name = $3, name_key = $4, permissions = $5
         WHERE workspace_id = $1 AND id = $2 AND kind = 'custom'",
        params![ctx.workspace(), id, name, name_key(role), words(*permissions)],
    )
    .on_unique(|| Error::field("name", Text::new("auth-role-name-taken")))
}

/// Takes a role away that the workspace made; one that somebody has stays.
pub fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Role>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM auth_role WHERE workspace_id = $1 AND id = $2 AND kind = 'custom'",
        params![ctx.workspace(), id],
    )
    .on(db::Constraint::ForeignKey, || Error::conflict(Text::new("auth-role-in-use")))
}

fn words(permissions: context::Permissions) -> serde_json::Value {
    serde_json::json!(role::to_words(permissions))
}

/// What two names are compared by. A built-in role's key has a mark that no folded name has, so that a workspace
/// may call a role of its own as it likes.
fn name_key(role: &Role) -> String {
    if role.kind == RoleKind::Custom { uztext::fold(&role.name) } else { built_in_key(role.kind) }
}

fn built_in_key(kind: RoleKind) -> String {
    format!("={}", kind.word())
}
