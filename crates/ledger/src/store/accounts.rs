//! Accounts, and which of them a role is.

use context::Ctx;
use db::{Constraint, OnConstraint, ReadTx, Row, ToValue, Tx, Value, params};
use kernel::{Error, Id, Result, Text};

use crate::{Account, Names, Role, batch};

fn read(row: &Row<'_>) -> Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        code: row.get(1)?,
        kind: row.parse(2)?,
        name: Names { uz: row.get(3)?, ru: row.get(4)?, en: row.get(5)? },
        postable: row.get(6)?,
        standard: row.get(7)?,
        active: row.get(8)?,
    })
}

/// All of them, in the order of their codes.
pub(crate) fn all(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Account>> {
    tx.query(
        "SELECT id, code, kind, name_uz, name_ru, name_en, postable, standard, active FROM ledger_account
         WHERE workspace_id = $1 ORDER BY code",
        params![ctx.workspace()],
        read,
    )
}

/// The one with this code, if there is one.
pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, code: &str) -> Result<Option<Account>> {
    tx.query_opt(
        "SELECT id, code, kind, name_uz, name_ru, name_en, postable, standard, active FROM ledger_account
         WHERE workspace_id = $1 AND code = $2",
        params![ctx.workspace(), code],
        read,
    )
}

/// The one with this id, held until the transaction ends.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Account>) -> Result<Account> {
    tx.query_one(
        "SELECT id, code, kind, name_uz, name_ru, name_en, postable, standard, active FROM ledger_account
         WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        params![ctx.workspace(), id],
        read,
    )
}

/// Accounts with these codes or ids, and those that these roles were given, in one statement.
pub(crate) fn wanted(
    ctx: &Ctx,
    tx: &mut ReadTx,
    codes: &[String],
    ids: &[Id<Account>],
    roles: &[Role],
) -> Result<Vec<(Account, Option<Role>)>> {
    let codes = batch::padded(codes);
    let ids = batch::padded(ids);
    let roles: Vec<&str> = batch::padded(roles).into_iter().map(Role::word).collect();
    let mut values: Vec<Value<'_>> = vec![Value::Uuid(ctx.workspace().uuid())];
    values.extend(codes.iter().map(ToValue::to_value));
    values.extend(ids.iter().map(ToValue::to_value));
    values.extend(roles.iter().map(ToValue::to_value));
    let (after_codes, after_ids) = (2 + codes.len(), 2 + codes.len() + ids.len());
    let among = |column: &str, count: usize, first: usize| match count {
        0 => String::new(),
        _ => format!(" OR {column} IN ({})", batch::list(count, first)),
    };
    let mut sql = format!(
        "SELECT id, code, kind, name_uz, name_ru, name_en, postable, standard, active, '' FROM ledger_account
         WHERE workspace_id = $1 AND (1 = 0{}{})",
        among("code", codes.len(), 2),
        among("id", ids.len(), after_codes),
    );
    if !roles.is_empty() {
        sql.push_str(&format!(
            " UNION ALL
             SELECT a.id, a.code, a.kind, a.name_uz, a.name_ru, a.name_en, a.postable, a.standard, a.active, r.role
             FROM ledger_role r
             JOIN ledger_account a ON a.workspace_id = r.workspace_id AND a.id = r.account_id
             WHERE r.workspace_id = $1 AND r.role IN ({})",
            batch::list(roles.len(), after_ids)
        ));
    }
    tx.query(&sql, &values, |row| {
        let role: String = row.get(9)?;
        Ok((read(row)?, Role::parse(&role)))
    })
}

/// What the workspace chose other accounts for than NSBU's.
pub(crate) fn chosen(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(Role, Id<Account>)>> {
    let rows = tx.query(
        "SELECT role, account_id FROM ledger_role WHERE workspace_id = $1 ORDER BY role",
        params![ctx.workspace()],
        |row| Ok((row.get::<String>(0)?, row.get(1)?)),
    )?;
    Ok(rows.into_iter().filter_map(|(word, id)| Some((Role::parse(&word)?, id))).collect())
}

/// Makes `role` another account than NSBU's.
pub(crate) fn set_role(ctx: &Ctx, tx: &mut Tx, role: Role, account: Id<Account>) -> Result<()> {
    tx.execute_one(
        "INSERT INTO ledger_role (workspace_id, role, account_id) VALUES ($1, $2, $3)
         ON CONFLICT (workspace_id, role) DO UPDATE SET account_id = excluded.account_id",
        params![ctx.workspace(), role.word(), account],
    )
}

/// Makes `role` NSBU's account again.
pub(crate) fn clear_role(ctx: &Ctx, tx: &mut Tx, role: Role) -> Result<()> {
    tx.execute(
        "DELETE FROM ledger_role WHERE workspace_id = $1 AND role = $2",
        params![ctx.workspace(), role.word()],
    )?;
    Ok(())
}

fn taken() -> Error {
    Error::field("code", Text::new("ledger-code-taken"))
}

/// Adds accounts; those whose code is there already stay as they are when `keep` says so.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, accounts: &[Account], keep: bool) -> Result<()> {
    for some in accounts.chunks(batch::ROWS_PER_STATEMENT) {
        let sql = format!(
            "INSERT INTO ledger_account (workspace_id, id, code, kind, name_uz, name_ru, name_en, postable,
                 standard, active) VALUES {}{}",
            batch::rows(some.len(), 10, 1),
            if keep { " ON CONFLICT (workspace_id, code) DO NOTHING" } else { "" }
        );
        let workspace = ctx.workspace();
        let mut values = Vec::with_capacity(some.len() * 10);
        for account in some {
            let Account { id, code, kind, name: Names { uz, ru, en }, postable, standard, active } = account;
            values.extend([
                workspace.to_value(),
                id.to_value(),
                code.to_value(),
                kind.word().to_value(),
                uz.to_value(),
                ru.to_value(),
                en.to_value(),
                postable.to_value(),
                standard.to_value(),
                active.to_value(),
            ]);
        }
        tx.execute(&sql, &values).on_unique(taken)?;
    }
    Ok(())
}

pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, account: &Account) -> Result<()> {
    let Account { id, code, kind, name: Names { uz, ru, en }, postable: _, standard: _, active } = account;
    tx.execute_one(
        "UPDATE ledger_account SET code = $3, kind = $4, name_uz = $5, name_ru = $6, name_en = $7, active = $8
         WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id, code, kind.word(), uz, ru, en, active],
    )
    .on_unique(taken)
}

/// Deletes an account that nothing names.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Account>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM ledger_account WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
    .on(Constraint::ForeignKey, || Error::conflict(Text::new("ledger-account-in-use")))
}

/// Whether a line names it.
pub(crate) fn has_lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<Account>) -> Result<bool> {
    let found = tx.query(
        "SELECT month FROM ledger_balance WHERE workspace_id = $1 AND account_id = $2 LIMIT 1",
        params![ctx.workspace(), id],
        |row| row.get::<i64>(0),
    )?;
    Ok(!found.is_empty())
}
