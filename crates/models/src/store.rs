//! The SQL of settings, budgets and calls.

mod call;

use context::Ctx;
use db::{ReadTx, Row, Tx, params};
use kernel::{Date, Result};

pub use call::{
    blank_bot, count_of, delete_older, find_call, insert_call, list, purposes, set_ended, totals,
};

use crate::{Price, Prices, Settings};

/// What the workspace chose, and its sealed key; `None` when it never chose anything.
pub fn find_settings(ctx: &Ctx, tx: &mut ReadTx) -> Result<Option<(Settings, Option<Vec<u8>>)>> {
    tx.query_opt(
        "SELECT provider, base_url, model, key_end, is_on, tokens_per_day, input_price_microdollars,
             output_price_microdollars, sealed_key
         FROM models_settings WHERE workspace_id = $1",
        params![ctx.workspace()],
        |row| Ok((read(row)?, row.get(8)?)),
    )
}

fn read(row: &Row<'_>) -> Result<Settings> {
    let input: Option<i64> = row.get(6)?;
    let output: Option<i64> = row.get(7)?;
    let prices = input.zip(output).map(|(input, output)| Prices {
        input: Price::from_microdollars(input),
        output: Price::from_microdollars(output),
    });
    Ok(Settings {
        provider: row.parse(0)?,
        base_url: row.get(1)?,
        model: row.get(2)?,
        key_end: row.get(3)?,
        is_on: row.get(4)?,
        tokens_per_day: row.get(5)?,
        prices,
    })
}

/// Writes what the workspace chose, with its sealed key.
pub fn set_settings(ctx: &Ctx, tx: &mut Tx, settings: &Settings, sealed_key: Option<&[u8]>) -> Result<()> {
    let Settings { provider, base_url, model, key_end, is_on, tokens_per_day, prices } = settings;
    tx.execute_one(
        "INSERT INTO models_settings (workspace_id, provider, base_url, model, sealed_key, key_end, is_on,
             tokens_per_day, input_price_microdollars, output_price_microdollars)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (workspace_id) DO UPDATE SET provider = excluded.provider, base_url = excluded.base_url,
             model = excluded.model, sealed_key = excluded.sealed_key, key_end = excluded.key_end,
             is_on = excluded.is_on, tokens_per_day = excluded.tokens_per_day,
             input_price_microdollars = excluded.input_price_microdollars,
             output_price_microdollars = excluded.output_price_microdollars",
        params![
            ctx.workspace(),
            provider.word(),
            base_url,
            model,
            sealed_key,
            key_end,
            is_on,
            tokens_per_day,
            prices.map(|prices| prices.input.microdollars()),
            prices.map(|prices| prices.output.microdollars())
        ],
    )
}

/// Reserves tokens of a day when it still has as many of `budget`; whether it had. The row is locked until the
/// transaction ends, so that calls of one moment stand one after another.
pub fn reserve(ctx: &Ctx, tx: &mut Tx, day: Date, tokens: u64, budget: i64) -> Result<bool> {
    let Ok(tokens) = i64::try_from(tokens) else { return Ok(false) };
    let Some(room) = budget.checked_sub(tokens) else { return Ok(false) };
    tx.execute(
        "INSERT INTO models_day (workspace_id, day, reserved_tokens, used_tokens) VALUES ($1, $2, 0, 0)
         ON CONFLICT (workspace_id, day) DO NOTHING",
        params![ctx.workspace(), day],
    )?;
    let reserved = tx.execute(
        "UPDATE models_day SET reserved_tokens = reserved_tokens + $3
         WHERE workspace_id = $1 AND day = $2 AND reserved_tokens + used_tokens <= $4",
        params![ctx.workspace(), day, tokens, room],
    )?;
    Ok(reserved == 1)
}

/// Makes what was reserved for a call what it used.
fn settle(ctx: &Ctx, tx: &mut Tx, day: Date, reserved: i64, used: i64) -> Result<()> {
    tx.execute_one(
        "UPDATE models_day SET reserved_tokens = reserved_tokens - $3, used_tokens = used_tokens + $4
         WHERE workspace_id = $1 AND day = $2",
        params![ctx.workspace(), day, reserved, used],
    )
}

/// What of a day's budget is reserved and used.
pub fn spent(ctx: &Ctx, tx: &mut ReadTx, day: Date) -> Result<(i64, i64)> {
    let found = tx.query_opt(
        "SELECT reserved_tokens, used_tokens FROM models_day WHERE workspace_id = $1 AND day = $2",
        params![ctx.workspace(), day],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.unwrap_or_default())
}
