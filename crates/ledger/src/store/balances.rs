//! What accounts turned over in each month, kept at posting.

use std::collections::BTreeMap;

use context::Ctx;
use db::{Constraint, OnConstraint, ReadTx, ToValue, Tx, params};
use kernel::{Date, Error, Id, Money, Result, Text};

use crate::{Account, Month, Turnover, batch};

/// What is added to a month of an account: debit, credit, lines.
pub(crate) type Added = BTreeMap<(Id<Account>, Month), (Money, Money, i64)>;

/// Adds to the months of accounts, in the order of their ids.
pub(crate) fn add(ctx: &Ctx, tx: &mut Tx, added: &Added) -> Result<()> {
    let rows: Vec<_> = added.iter().collect();
    for some in rows.chunks(batch::ROWS_PER_STATEMENT) {
        let sql = format!(
            "INSERT INTO ledger_balance (workspace_id, account_id, month, debit_tiyin, credit_tiyin, lines) VALUES {}
             ON CONFLICT (workspace_id, account_id, month) DO UPDATE SET
                 debit_tiyin = ledger_balance.debit_tiyin + excluded.debit_tiyin,
                 credit_tiyin = ledger_balance.credit_tiyin + excluded.credit_tiyin,
                 lines = ledger_balance.lines + excluded.lines",
            batch::rows(some.len(), 6, 1)
        );
        let workspace = ctx.workspace();
        let mut values = Vec::with_capacity(some.len() * 6);
        for ((account, month), (debit, credit, lines)) in some {
            values.extend([
                workspace.to_value(),
                account.to_value(),
                month.to_value(),
                debit.to_value(),
                credit.to_value(),
                lines.to_value(),
            ]);
        }
        let full =
            || Error::conflict(Text::new("ledger-turnover-too-large").with("max", crate::MAX_TURNOVER));
        tx.execute(&sql, &values).on(Constraint::Check, full)?;
    }
    Ok(())
}

/// What accounts turned over from `from` to `until`, and what stood on them before. With `only`, of one account.
pub(crate) fn turnovers(
    ctx: &Ctx,
    tx: &mut ReadTx,
    from: Date,
    until: Date,
    only: Option<Id<Account>>,
) -> Result<BTreeMap<Id<Account>, Turnover>> {
    let (first, last) = (Month::of(from)?, Month::of(until)?);
    let one = if only.is_some() { " AND account_id = $4" } else { "" };
    let sql = format!(
        "SELECT account_id,
             CAST(SUM(CASE WHEN month < $2 THEN debit_tiyin - credit_tiyin ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN month >= $2 THEN debit_tiyin ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN month >= $2 THEN credit_tiyin ELSE 0 END) AS BIGINT)
         FROM ledger_balance WHERE workspace_id = $1 AND month <= $3{one} GROUP BY account_id"
    );
    let workspace = ctx.workspace();
    let mut values = params![workspace, first, last].to_vec();
    values.extend(only.as_ref().map(ToValue::to_value));
    let months = tx.query(&sql, &values, |row| {
        Ok((row.get(0)?, Turnover { opening: row.get(1)?, debit: row.get(2)?, credit: row.get(3)? }))
    })?;
    let mut found: BTreeMap<Id<Account>, Turnover> = months.into_iter().collect();
    // Days of the first month before `from` belong to what stood before.
    if from > first.first_day()? {
        let day_before = from.naive().pred_opt().map(Date::from_naive).unwrap_or(from);
        for (account, debit, credit) in of_days(ctx, tx, first.first_day()?, day_before, only)? {
            let moved = found.entry(account).or_default();
            moved.opening = moved.opening.plus(debit)?.minus(credit)?;
            moved.debit = moved.debit.minus(debit)?;
            moved.credit = moved.credit.minus(credit)?;
        }
    }
    // Days of the last month after `until` do not belong to it.
    if until < last.last_day()? {
        for (account, debit, credit) in of_days(ctx, tx, until.plus_days(1), last.last_day()?, only)? {
            let moved = found.entry(account).or_default();
            moved.debit = moved.debit.minus(debit)?;
            moved.credit = moved.credit.minus(credit)?;
        }
    }
    Ok(found)
}

/// What accounts turned over on these days of one month, from the lines: those of a day are added up in the order in
/// which the index has them, and only the sums of the days are gathered, so that no line is sorted.
fn of_days(
    ctx: &Ctx,
    tx: &mut ReadTx,
    from: Date,
    until: Date,
    only: Option<Id<Account>>,
) -> Result<Vec<(Id<Account>, Money, Money)>> {
    let one = if only.is_some() { " AND account_id = $4" } else { "" };
    let sql = format!(
        "SELECT account_id, CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT) FROM (
             SELECT account_id, SUM(CASE WHEN amount_tiyin > 0 THEN amount_tiyin ELSE 0 END) AS debit,
                 SUM(CASE WHEN amount_tiyin < 0 THEN -amount_tiyin ELSE 0 END) AS credit
             FROM ledger_line WHERE workspace_id = $1 AND entry_on BETWEEN $2 AND $3{one}
             GROUP BY entry_on, account_id) AS days
         GROUP BY account_id"
    );
    let workspace = ctx.workspace();
    let mut values = params![workspace, from, until].to_vec();
    values.extend(only.as_ref().map(ToValue::to_value));
    tx.query(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}
