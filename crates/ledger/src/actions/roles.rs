//! Which account a role is.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Id, Result, Text, Workspace};
use serde_json::{Map, Value};

use super::accounts::begin_if_new;
use crate::{Account, AccountKind, Role, accounts, store};

/// Says which accounts these roles are from now on; what is posted stays where it is. Only open accounts of the
/// balance that can be posted to.
pub fn set_role_accounts(ctx: &Ctx, tx: &mut Tx, chosen: &[(Role, String)]) -> Result<Vec<(Role, Account)>> {
    ctx.require(Permission::SettingsEdit)?;
    begin_if_new(ctx, tx)?;
    let chart = accounts(ctx, tx)?;
    let before = crate::role_accounts(ctx, tx)?;
    let mut checks = Checks::new();
    let mut changed = Map::new();
    for (role, code) in chosen {
        let Some(account) = chart.iter().find(|account| account.code == code.trim()) else {
            checks.refuse(role.word(), Text::new("ledger-account-unknown"));
            continue;
        };
        let fits = account.postable && account.active && account.kind != AccountKind::OffBalance;
        checks.hold(fits, role.word(), Text::new("ledger-account-unfit").with("code", account.code.clone()));
        if before.iter().any(|(one, stands)| one == role && stands.id == account.id) {
            continue;
        }
        changed.insert(role.word().to_owned(), Value::from(account.code.as_str()));
        if account.code == role.default_code() {
            store::accounts::clear_role(ctx, tx, *role)?;
        } else {
            store::accounts::set_role(ctx, tx, *role, account.id)?;
        }
    }
    checks.done()?;
    if !changed.is_empty() {
        let workspace: Id<Workspace> = ctx.workspace();
        ctx.audit(tx, "ledger_role.set", "ledger_role", workspace, None::<&()>, Some(&Value::from(changed)))?;
    }
    crate::role_accounts(ctx, tx)
}
