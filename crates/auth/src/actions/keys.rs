//! Keys for outside systems, and tokens for outside bots.

use context::{Ctx, Permission, Permissions};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Result, Text, Timestamp};

use super::{acting_person, require_within};
use crate::{
    ApiKey, KEYS_AT_MOST, KeyKind, Secret,
    input::{self, Checks},
    role, store, token,
};

/// A key as a form has it.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Who uses it.
    pub kind: KeyKind,
    /// What it is for.
    pub name: String,
    /// What it may do at most; nothing that its maker may not.
    pub permissions: Permissions,
    /// Until when; `None` is until it is revoked.
    pub expires_at: Option<Timestamp>,
}

/// Every key of the workspace, the newest first.
pub fn keys(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<ApiKey>> {
    ctx.require(Permission::UsersRead)?;
    store::api_key::list(ctx, tx)
}

/// Makes a key of this new secret, which is shown to its maker this once. Only a person makes keys: a key that made keys could not be revoked.
pub fn create_key(ctx: &Ctx, tx: &mut Tx, input: &NewKey, secret: &Secret) -> Result<ApiKey> {
    ctx.require(Permission::UsersCreate)?;
    super::require_oneself(ctx)?;
    let made_by = acting_person(ctx)?;
    let NewKey { kind, name, permissions, expires_at } = input;
    let mut checks = Checks::default();
    let name = checks.take("name", input::name(name)).unwrap_or_default();
    if *permissions == Permissions::NONE {
        checks.refuse("permissions", Text::new("auth-key-without-scopes"));
    }
    if expires_at.is_some_and(|end| end <= ctx.now()) {
        checks.refuse("expires_at", Text::new("auth-key-expiry-past"));
    }
    checks.finish()?;
    require_within(ctx, *permissions)?;
    if store::api_key::count_held(ctx, tx)? >= KEYS_AT_MOST {
        return Err(Error::conflict(Text::new("auth-keys-too-many").with("most", KEYS_AT_MOST)));
    }
    let key = ApiKey {
        id: ctx.new_id(),
        kind: *kind,
        name,
        prefix: secret.prefix().to_owned(),
        permissions: *permissions,
        made_by,
        maker: ctx.actor().name.clone(),
        created_at: ctx.now(),
        expires_at: *expires_at,
        used_at: None,
        revoked_at: None,
    };
    store::api_key::insert(ctx, tx, &key, &token::digest(secret.reveal()))?;
    let after = serde_json::json!({
        "kind": key.kind.word(), "name": key.name, "prefix": key.prefix, "permissions": role::to_words(key.permissions),
        "expires_at": key.expires_at,
    });
    ctx.audit_new(tx, "api_key.create", "api_key", key.id, &after)?;
    Ok(key)
}

/// A key that whoever acts has made.
pub fn made_key(ctx: &Ctx, tx: &mut ReadTx, id: Id<ApiKey>) -> Result<ApiKey> {
    ctx.require(Permission::UsersCreate)?;
    store::api_key::get(ctx, tx, id)
}

/// Revokes a key; from then on nobody gets in with it.
pub fn revoke_key(ctx: &Ctx, tx: &mut Tx, id: Id<ApiKey>) -> Result<()> {
    ctx.require(Permission::UsersDelete)?;
    super::require_oneself(ctx)?;
    let key = store::api_key::get(ctx, tx, id)?;
    if key.revoked_at.is_some() {
        return Err(Error::conflict(Text::new("auth-key-revoked-before")));
    }
    store::api_key::set_revoked(ctx, tx, id)?;
    let before = serde_json::json!({"name": key.name, "prefix": key.prefix});
    ctx.audit(tx, "api_key.revoke", "api_key", id, Some(&before), None::<&()>)
}
