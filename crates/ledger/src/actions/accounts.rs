//! The chart: begun from NSBU 21 when it is first needed, and grown by accounts of the workspace's own.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Error, Id, Result, Text};
use serde_json::{Value, json};

use crate::{
    Account, AccountKind, MAX_ACCOUNTS, Names, NewAccount,
    chart::{StandardAccount, standard},
    store,
};

/// Gives the workspace its chart and its book, unless it has them. Several may do so at once.
pub(crate) fn begin(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let account = |account: StandardAccount| {
        let StandardAccount { code, kind, name, postable } = account;
        Account {
            id: ctx.new_id(),
            code: code.to_owned(),
            kind,
            name,
            postable,
            standard: true,
            active: true,
        }
    };
    let chart: Vec<_> = standard()?.into_iter().map(account).collect();
    store::books::insert(ctx, tx)?;
    store::accounts::insert(ctx, tx, &chart, true)
}

fn seen(account: &Account) -> Value {
    let Account { id: _, code, kind, name: Names { uz, ru, en }, postable: _, standard: _, active } = account;
    json!({ "code": code, "kind": kind.word(), "name_uz": uz, "name_ru": ru, "name_en": en, "active": active })
}

/// Adds an account of the workspace's own.
pub fn create_account(ctx: &Ctx, tx: &mut Tx, new: NewAccount) -> Result<Account> {
    ctx.require(Permission::FinanceEdit)?;
    let NewAccount { code, kind, name, active } = new.check()?;
    begin_if_new(ctx, tx)?;
    if store::accounts::all(ctx, tx)?.len() >= MAX_ACCOUNTS {
        return Err(Error::conflict(Text::new("ledger-accounts-too-many").with("max", MAX_ACCOUNTS)));
    }
    let account = Account { id: ctx.new_id(), code, kind, name, postable: true, standard: false, active };
    store::accounts::insert(ctx, tx, std::slice::from_ref(&account), false)?;
    ctx.audit_new(tx, "ledger_account.create", "ledger_account", account.id, &seen(&account))?;
    Ok(account)
}

/// Changes an account. Of the standard chart only the name and whether it is open; one with lines keeps its kind.
pub fn update_account(ctx: &Ctx, tx: &mut Tx, id: Id<Account>, new: NewAccount) -> Result<Account> {
    ctx.require(Permission::FinanceEdit)?;
    let stands = store::accounts::lock(ctx, tx, id)?;
    let NewAccount { code, kind, name, active } = new.check()?;
    let mut checks = Checks::new();
    if stands.standard {
        checks.hold(code == stands.code, "code", Text::new("ledger-account-is-standard"));
        checks.hold(kind == stands.kind, "kind", Text::new("ledger-account-is-standard"));
    } else if crosses(stands.kind, kind) && store::accounts::has_lines(ctx, tx, id)? {
        checks.refuse("kind", Text::new("ledger-account-has-lines"));
    }
    if !active && stands.active {
        let used = crate::role_accounts(ctx, tx)?.into_iter().find(|(_, account)| account.id == id);
        checks.hold(used.is_none(), "active", Text::new("ledger-account-has-role"));
    }
    checks.done()?;
    let account = Account { code, kind, name, active, ..stands.clone() };
    if account != stands {
        store::accounts::update(ctx, tx, &account)?;
        let (before, after) = (seen(&stands), seen(&account));
        ctx.audit(tx, "ledger_account.update", "ledger_account", id, Some(&before), Some(&after))?;
    }
    Ok(account)
}

/// Whether the change would move lines into the balance, or out of it.
fn crosses(from: AccountKind, to: AccountKind) -> bool {
    (from == AccountKind::OffBalance) != (to == AccountKind::OffBalance)
}

/// Deletes an account of the workspace's own to which nothing was posted.
pub fn delete_account(ctx: &Ctx, tx: &mut Tx, id: Id<Account>) -> Result<()> {
    ctx.require(Permission::FinanceDelete)?;
    let stands = store::accounts::lock(ctx, tx, id)?;
    if stands.standard {
        return Err(Error::conflict(Text::new("ledger-account-is-standard")));
    }
    store::accounts::delete(ctx, tx, id)?;
    ctx.audit(tx, "ledger_account.delete", "ledger_account", id, Some(&seen(&stands)), None::<&()>)
}

/// Begins the chart before anything of it is changed.
pub(crate) fn begin_if_new(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    if store::accounts::find(ctx, tx, crate::Role::Cash.default_code())?.is_none() {
        begin(ctx, tx)?;
    }
    Ok(())
}
