//! What each role may.

use context::{Ctx, Permission, Permissions};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Result, Text};

use super::require_within;
use crate::{Role, RoleKind, input, role, store};

/// Roles of a workspace's own at most: a page that one can overlook.
const OWN_ROLES_AT_MOST: usize = 50;

/// A role as a form has it.
#[derive(Debug, Clone)]
pub struct SetRole {
    /// Its name.
    pub name: String,
    /// What it gives.
    pub permissions: Permissions,
}

/// Every role with the number of its members, the built-in ones first.
pub fn roles(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(Role, i64)>> {
    ctx.require(Permission::UsersRead)?;
    store::role::list(ctx, tx)
}

/// One role.
pub fn role(ctx: &Ctx, tx: &mut ReadTx, id: Id<Role>) -> Result<Role> {
    ctx.require(Permission::UsersRead)?;
    store::role::get(ctx, tx, id)
}

/// Makes a role of the workspace's own.
pub fn create_role(ctx: &Ctx, tx: &mut Tx, input: &SetRole) -> Result<Role> {
    ctx.require(Permission::UsersCreate)?;
    let SetRole { name, permissions } = input;
    require_within(ctx, *permissions)?;
    if store::role::list(ctx, tx)?.len() >= OWN_ROLES_AT_MOST + RoleKind::BUILT_IN.len() {
        return Err(Error::conflict(Text::new("auth-roles-too-many").with("most", OWN_ROLES_AT_MOST)));
    }
    let name = checked_name(name)?;
    let role = Role {
        id: ctx.new_id(),
        kind: RoleKind::Custom,
        name,
        permissions: *permissions,
        created_at: ctx.now(),
    };
    store::role::insert(ctx, tx, &role)?;
    ctx.audit_new(tx, "role.create", "role", role.id, &worth_comparing(&role))?;
    Ok(role)
}

/// Writes the name and the grid of a role of the workspace's own; the built-in ones stay as they are.
pub fn set_role_permissions(ctx: &Ctx, tx: &mut Tx, id: Id<Role>, input: &SetRole) -> Result<Role> {
    ctx.require(Permission::UsersEdit)?;
    let SetRole { name, permissions } = input;
    let before = own_role(ctx, tx, id)?;
    require_within(ctx, before.permissions)?;
    require_within(ctx, *permissions)?;
    let after = Role { name: checked_name(name)?, permissions: *permissions, ..before.clone() };
    store::role::update(ctx, tx, &after)?;
    let (old, new) = (worth_comparing(&before), worth_comparing(&after));
    ctx.audit(tx, "role.change", "role", id, Some(&old), Some(&new))?;
    Ok(after)
}

/// Takes a role away that nobody has.
pub fn delete_role(ctx: &Ctx, tx: &mut Tx, id: Id<Role>) -> Result<()> {
    ctx.require(Permission::UsersDelete)?;
    let before = own_role(ctx, tx, id)?;
    require_within(ctx, before.permissions)?;
    store::role::delete(ctx, tx, id)?;
    ctx.audit(tx, "role.delete", "role", id, Some(&worth_comparing(&before)), None::<&()>)
}

fn own_role(ctx: &Ctx, tx: &mut ReadTx, id: Id<Role>) -> Result<Role> {
    let role = store::role::get(ctx, tx, id)?;
    if role.kind == RoleKind::Custom {
        Ok(role)
    } else {
        Err(Error::conflict(Text::new("auth-role-built-in")))
    }
}

fn checked_name(name: &str) -> Result<String> {
    let name = input::name(name).map_err(|error| error.under("name"))?;
    // A name of signs alone folds to nothing, and two such would be the same.
    let says_something = !uztext::fold(&name).is_empty();
    if says_something { Ok(name) } else { Err(Error::field("name", Text::new("auth-name-missing"))) }
}

fn worth_comparing(role: &Role) -> serde_json::Value {
    serde_json::json!({"name": role.name, "permissions": role::to_words(role.permissions)})
}
