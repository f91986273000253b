//! Lines: written before their entry, never after.

use context::Ctx;
use db::{ReadTx, Row, ToValue, Tx, Value, params};
use kernel::{Date, Error, Id, Money, PageRequest, Result};
use uuid::Uuid;

use crate::{Account, Entry, Line, batch};

fn read(row: &Row<'_>) -> Result<Line> {
    Ok(Line {
        entry: row.get(0)?,
        position: row.get(1)?,
        account: row.get(2)?,
        amount: row.get(3)?,
        off_balance: row.get(4)?,
        contact: row.get(5)?,
        product: row.get(6)?,
        warehouse: row.get(7)?,
        note: row.get(8)?,
    })
}

/// Writes the lines of entries that are about to be sealed with this number and day.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, lines: &[(&Line, i64, Date)]) -> Result<()> {
    for some in lines.chunks(batch::ROWS_PER_STATEMENT) {
        let sql = format!(
            "INSERT INTO ledger_line (workspace_id, entry_id, position, account_id, amount_tiyin, off_balance, number,
                 entry_on, contact_id, product_id, warehouse_id, note) VALUES {}",
            batch::rows(some.len(), 12, 1)
        );
        let workspace = ctx.workspace();
        let mut values = Vec::with_capacity(some.len() * 12);
        for (line, number, date) in some {
            let Line { entry, position, account, amount, off_balance, contact, product, warehouse, note } =
                line;
            values.extend([
                workspace.to_value(),
                entry.to_value(),
                position.to_value(),
                account.to_value(),
                amount.to_value(),
                off_balance.to_value(),
                number.to_value(),
                date.to_value(),
                contact.to_value(),
                product.to_value(),
                warehouse.to_value(),
                note.to_value(),
            ]);
        }
        let written = tx.execute(&sql, &values)?;
        if usize::try_from(written).ok() != Some(some.len()) {
            return Err(Error::internal(format!("{written} lines written of {}", some.len())));
        }
    }
    Ok(())
}

/// Those of an entry, in order, from `offset` on.
pub(crate) fn of_entry(ctx: &Ctx, tx: &mut ReadTx, id: Id<Entry>) -> Result<Vec<Line>> {
    tx.query(
        "SELECT entry_id, position, account_id, amount_tiyin, off_balance, contact_id, product_id, warehouse_id, note
         FROM ledger_line WHERE workspace_id = $1 AND entry_id = $2 ORDER BY position",
        params![ctx.workspace(), id],
        read,
    )
}

/// Those of these entries, in the order of their positions.
pub(crate) fn of_entries(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Entry>]) -> Result<Vec<Line>> {
    let mut found = Vec::new();
    for some in ids.chunks(batch::ROWS_PER_STATEMENT) {
        let some = batch::padded(some);
        let sql = format!(
            "SELECT entry_id, position, account_id, amount_tiyin, off_balance, contact_id, product_id, warehouse_id, note
             FROM ledger_line WHERE workspace_id = $1 AND entry_id IN ({}) ORDER BY position",
            batch::list(some.len(), 2)
        );
        let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
        values.extend(some.iter().map(|id| Value::Uuid(id.uuid())));
        found.extend(tx.query(&sql, &values, read)?);
    }
    Ok(found)
}

/// A part of an account's lines of these days, oldest first, with the size of the whole.
pub(crate) fn of_account(
    ctx: &Ctx,
    tx: &mut ReadTx,
    account: Id<Account>,
    from: Date,
    until: Date,
    page: PageRequest,
) -> Result<(i64, Vec<Line>)> {
    let count = tx.query_one(
        "SELECT COUNT(*) FROM ledger_line
         WHERE workspace_id = $1 AND account_id = $2 AND entry_on BETWEEN $3 AND $4",
        params![ctx.workspace(), account, from, until],
        |row| row.get(0),
    )?;
    let lines = tx.query(
        "SELECT entry_id, position, account_id, amount_tiyin, off_balance, contact_id, product_id, warehouse_id, note
         FROM ledger_line WHERE workspace_id = $1 AND account_id = $2 AND entry_on BETWEEN $3 AND $4
         ORDER BY entry_on, number, position LIMIT $5 OFFSET $6",
        params![ctx.workspace(), account, from, until, page.limit(), page.offset()],
        read,
    )?;
    Ok((count, lines))
}

/// The sum of an account's first `count` lines of these days.
pub(crate) fn sum_of_first(
    ctx: &Ctx,
    tx: &mut ReadTx,
    account: Id<Account>,
    from: Date,
    until: Date,
    count: i64,
) -> Result<Money> {
    tx.query_one(
        "SELECT CAST(COALESCE(SUM(amount_tiyin), 0) AS BIGINT) FROM (
             SELECT amount_tiyin FROM ledger_line
             WHERE workspace_id = $1 AND account_id = $2 AND entry_on BETWEEN $3 AND $4
             ORDER BY entry_on, number, position LIMIT $5
         ) first_lines",
        params![ctx.workspace(), account, from, until, count],
        |row| row.get(0),
    )
}

/// What stands between us and these contacts on an account: debit above zero. Contacts without lines are left out.
pub(crate) fn by_contact(
    ctx: &Ctx,
    tx: &mut ReadTx,
    account: Id<Account>,
    contacts: &[Uuid],
) -> Result<Vec<(Uuid, Money)>> {
    let contacts = batch::padded(contacts);
    let sql = format!(
        "SELECT contact_id, CAST(SUM(amount_tiyin) AS BIGINT) FROM ledger_line
         WHERE workspace_id = $1 AND account_id = $2 AND contact_id IN ({}) GROUP BY contact_id",
        batch::list(contacts.len(), 3)
    );
    let mut values = vec![Value::Uuid(ctx.workspace().uuid()), Value::Uuid(account.uuid())];
    values.extend(contacts.into_iter().map(Value::Uuid));
    tx.query(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What stands of every product on an account: debit above zero. Those of nothing are left out.
pub(crate) fn by_product(ctx: &Ctx, tx: &mut ReadTx, account: Id<Account>) -> Result<Vec<(Uuid, Money)>> {
    tx.query(
        "SELECT product_id, CAST(SUM(amount_tiyin) AS BIGINT) FROM ledger_line
         WHERE workspace_id = $1 AND account_id = $2 AND product_id IS NOT NULL
         GROUP BY product_id HAVING SUM(amount_tiyin) <> 0 ORDER BY product_id",
        params![ctx.workspace(), account],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
