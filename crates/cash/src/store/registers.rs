//! Registers.

use context::Ctx;
use db::{Constraint, OnConstraint, ReadTx, Row, Tx, params};
use kernel::{Error, Id, Money, Result, Text};

use crate::{MAX_BALANCE, Register, RegisterKind};

fn read(row: &Row<'_>) -> Result<Register> {
    let kind: String = row.get(3)?;
    Ok(Register {
        id: row.get(0)?,
        number: row.get(1)?,
        name: row.get(2)?,
        kind: kind.parse().map_err(|()| Error::internal(format!("a register of kind {kind:?}")))?,
        is_default: row.get(4)?,
        may_be_negative: row.get(5)?,
        active: row.get(6)?,
        balance: row.get(7)?,
        transactions: row.get(8)?,
        created_at: row.get(9)?,
    })
}

/// All of them: tills first, the default one of each kind first, then in the order they were made.
pub(crate) fn all(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Register>> {
    tx.query(
        "SELECT id, number, name, kind, is_default, may_be_negative, active, balance_tiyin, transactions, created_at_ms
         FROM cash_register WHERE workspace_id = $1 ORDER BY kind DESC, is_default DESC, number",
        params![ctx.workspace()],
        read,
    )
}

/// The one with this id.
pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, id: Id<Register>) -> Result<Option<Register>> {
    tx.query_opt(
        "SELECT id, number, name, kind, is_default, may_be_negative, active, balance_tiyin, transactions, created_at_ms
         FROM cash_register WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

/// The default one of this kind.
pub(crate) fn find_default(ctx: &Ctx, tx: &mut ReadTx, kind: RegisterKind) -> Result<Option<Register>> {
    tx.query_opt(
        "SELECT id, number, name, kind, is_default, may_be_negative, active, balance_tiyin, transactions, created_at_ms
         FROM cash_register WHERE workspace_id = $1 AND kind = $2 AND is_default",
        params![ctx.workspace(), kind.word()],
        read,
    )
}

/// The one with this id, held until the transaction ends.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Register>) -> Result<Register> {
    tx.query_one(
        "SELECT id, number, name, kind, is_default, may_be_negative, active, balance_tiyin, transactions, created_at_ms
         FROM cash_register WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        params![ctx.workspace(), id],
        read,
    )
}

/// Adds to the balance of an open register, and counts the transaction. None, and nothing changed, when there is no
/// such register, it is closed, or it would hold too little or too much.
pub(crate) fn add(ctx: &Ctx, tx: &mut Tx, id: Id<Register>, change: Money) -> Result<Option<Register>> {
    tx.query_opt(
        "UPDATE cash_register SET balance_tiyin = balance_tiyin + $3, transactions = transactions + 1
         WHERE workspace_id = $1 AND id = $2 AND active AND (may_be_negative OR balance_tiyin + $3 >= 0)
             AND balance_tiyin + $3 BETWEEN $4 AND $5
         RETURNING id, number, name, kind, is_default, may_be_negative, active, balance_tiyin, transactions,
             created_at_ms",
        params![ctx.workspace(), id, change, Money::ZERO.minus(MAX_BALANCE)?, MAX_BALANCE],
        read,
    )
}

/// The same with the default register of this kind.
pub(crate) fn add_to_default(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: RegisterKind,
    change: Money,
) -> Result<Option<Register>> {
    tx.query_opt(
        "UPDATE cash_register SET balance_tiyin = balance_tiyin + $3, transactions = transactions + 1
         WHERE workspace_id = $1 AND kind = $2 AND is_default AND (may_be_negative OR balance_tiyin + $3 >= 0)
             AND balance_tiyin + $3 BETWEEN $4 AND $5
         RETURNING id, number, name, kind, is_default, may_be_negative, active, balance_tiyin, transactions,
             created_at_ms",
        params![ctx.workspace(), kind.word(), change, Money::ZERO.minus(MAX_BALANCE)?, MAX_BALANCE],
        read,
    )
}

fn taken() -> Error {
    Error::field("name", Text::new("cash-register-name-taken"))
}

/// A register that holds nothing yet.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, register: &Register) -> Result<()> {
    let Register {
        id,
        number,
        name,
        kind,
        is_default,
        may_be_negative,
        active,
        balance,
        transactions,
        created_at,
    } = register;
    tx.execute_one(
        "INSERT INTO cash_register (workspace_id, id, number, name, name_fold, kind, is_default, may_be_negative,
             active, balance_tiyin, transactions, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            ctx.workspace(),
            id,
            number,
            name,
            uztext::fold(name),
            kind.word(),
            is_default,
            may_be_negative,
            active,
            balance,
            transactions,
            created_at
        ],
    )
    .on_unique(taken)
}

/// Makes the default register unless another call did so a moment ago.
pub(crate) fn insert_first(ctx: &Ctx, tx: &mut Tx, register: &Register) -> Result<bool> {
    let Register {
        id,
        number,
        name,
        kind,
        is_default,
        may_be_negative,
        active,
        balance,
        transactions,
        created_at,
    } = register;
    let made = tx.execute(
        "INSERT INTO cash_register (workspace_id, id, number, name, name_fold, kind, is_default, may_be_negative,
             active, balance_tiyin, transactions, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
        params![
            ctx.workspace(),
            id,
            number,
            name,
            uztext::fold(name),
            kind.word(),
            is_default,
            may_be_negative,
            active,
            balance,
            transactions,
            created_at
        ],
    )?;
    Ok(made == 1)
}

/// Writes what people say of it; kind and balance are not said.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, register: &Register) -> Result<()> {
    let Register {
        id,
        number: _,
        name,
        kind: _,
        is_default,
        may_be_negative,
        active,
        balance: _,
        transactions: _,
        created_at: _,
    } = register;
    tx.execute_one(
        "UPDATE cash_register SET name = $3, name_fold = $4, is_default = $5, may_be_negative = $6, active = $7
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            name,
            uztext::fold(name),
            is_default,
            may_be_negative,
            active
        ],
    )
    .on_unique(taken)
}

/// No register of this kind is the default one any more; the caller makes another so.
pub(crate) fn clear_default(ctx: &Ctx, tx: &mut Tx, kind: RegisterKind) -> Result<()> {
    tx.execute(
        "UPDATE cash_register SET is_default = $3 WHERE workspace_id = $1 AND kind = $2 AND is_default",
        params![ctx.workspace(), kind.word(), false],
    )?;
    Ok(())
}

/// Deletes one through which no money ever went.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Register>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM cash_register WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
    )
    .on(Constraint::ForeignKey, || Error::conflict(Text::new("cash-register-has-transactions")))
}
