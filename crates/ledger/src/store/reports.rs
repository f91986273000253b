//! Sums of some accounts, from the months that are kept and from the lines of single days.

use std::collections::BTreeMap;

use context::Ctx;
use db::{ReadTx, ToValue, Value};
use kernel::{Date, Id, Money, Result};

use crate::{Account, Month};

/// Debit and credit by account.
type Sums = BTreeMap<Id<Account>, (Money, Money)>;

/// What these accounts turned over in these months.
pub(crate) fn of_months(
    ctx: &Ctx,
    tx: &mut ReadTx,
    accounts: &[Id<Account>],
    first: Month,
    last: Month,
) -> Result<Sums> {
    let workspace = ctx.workspace();
    let mut values = vec![workspace.to_value(), first.to_value(), last.to_value()];
    let accounts = holes(&mut values, accounts);
    let sql = format!(
        "SELECT account_id, CAST(SUM(debit_tiyin) AS BIGINT), CAST(SUM(credit_tiyin) AS BIGINT) FROM ledger_balance
         WHERE workspace_id = $1 AND account_id IN ({accounts}) AND month BETWEEN $2 AND $3 GROUP BY account_id"
    );
    read(tx, &sql, &values)
}

/// What these accounts turned over on these days, each day and account read by itself from the index.
pub(crate) fn of_days(ctx: &Ctx, tx: &mut ReadTx, accounts: &[Id<Account>], days: &[Date]) -> Result<Sums> {
    if days.is_empty() {
        return Ok(Sums::new());
    }
    let workspace = ctx.workspace();
    let mut values = vec![workspace.to_value()];
    let accounts = holes(&mut values, accounts);
    let days = holes(&mut values, days);
    let sql = format!(
        "SELECT account_id, CAST(SUM(CASE WHEN amount_tiyin > 0 THEN amount_tiyin ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN amount_tiyin < 0 THEN -amount_tiyin ELSE 0 END) AS BIGINT)
         FROM ledger_line WHERE workspace_id = $1 AND entry_on IN ({days}) AND account_id IN ({accounts})
         GROUP BY account_id"
    );
    read(tx, &sql, &values)
}

fn read(tx: &mut ReadTx, sql: &str, values: &[Value<'_>]) -> Result<Sums> {
    let found = tx.query(sql, values, |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(found.into_iter().collect())
}

/// `$4, $5, …` for the rows, which become values; a null where there is none, so that nothing is found. The last one is
/// repeated until there are 1, 2, 4, 8, … of them: lists of every length share a few statements.
fn holes<'v, T: ToValue>(values: &mut Vec<Value<'v>>, rows: &'v [T]) -> String {
    let Some(last) = rows.last() else { return "NULL".to_owned() };
    let first = values.len() + 1;
    values.extend(rows.iter().map(ToValue::to_value));
    values.resize(first - 1 + rows.len().next_power_of_two(), last.to_value());
    (first..=values.len()).map(|hole| format!("${hole}")).collect::<Vec<_>>().join(", ")
}
