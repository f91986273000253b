//! The SQL of the log of calls.

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr},
};
use kernel::{Date, Error, Id, Page, PageRequest, Result, Timestamp};
use uuid::Uuid;
use web::RowKey;

use super::settle;
use crate::{
    CallFilter, CallState, Cost, Totals, Usage,
    call::{Call, Ending, UNDER_WAY_MS},
};

/// The columns of a [`Call`], in the order [`read`] takes them.
const COLUMNS: [&str; 22] = [
    "id",
    "number",
    "at_ms",
    "day",
    "purpose",
    "subject_id",
    "bot_id",
    "label",
    "provider",
    "model",
    "state",
    "reserved_tokens",
    "input_tokens",
    "output_tokens",
    "is_estimated",
    "cost_nanodollars",
    "duration_ms",
    "error",
    "said",
    "question",
    "answer",
    "tools",
];

fn read(row: &Row<'_>, now: Timestamp) -> Result<Call> {
    let at = row.get(2)?;
    let tokens = |column: usize| row.get::<i64>(column).map(i64::unsigned_abs);
    let tools: serde_json::Value = row.get(21)?;
    Ok(Call {
        id: row.get(0)?,
        number: row.get(1)?,
        at,
        day: row.get(3)?,
        purpose: row.get(4)?,
        subject: row.get(5)?,
        bot: row.get(6)?,
        label: row.get(7)?,
        provider: row.parse(8)?,
        model: row.get(9)?,
        state: Call::state_at(row.parse(10)?, at, now),
        reserved_tokens: tokens(11)?,
        usage: Usage { input_tokens: tokens(12)?, output_tokens: tokens(13)?, is_estimated: row.get(14)? },
        cost: row.get::<Option<i64>>(15)?.map(Cost::from_nanodollars),
        duration_ms: row.get(16)?,
        error: row.get(17)?,
        said: row.get(18)?,
        question: row.get(19)?,
        answer: row.get(20)?,
        tools: serde_json::from_value(tools).map_err(Error::internal)?,
    })
}

/// Puts a call in.
pub fn insert_call(ctx: &Ctx, tx: &mut Tx, call: &Call) -> Result<()> {
    let Call {
        id,
        number,
        at,
        day,
        purpose,
        subject,
        bot,
        label,
        provider,
        model,
        state,
        reserved_tokens,
        usage: Usage { input_tokens, output_tokens, is_estimated },
        cost,
        duration_ms,
        error,
        said,
        question,
        answer,
        tools,
    } = call;
    tx.execute_one(
        "INSERT INTO models_call (workspace_id, id, number, at_ms, day, purpose, subject_id, bot_id, label, provider,
             model, state, reserved_tokens, input_tokens, output_tokens, is_estimated, cost_nanodollars, duration_ms,
             error, said, question, answer, tools)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23)",
        params![
            ctx.workspace(),
            id,
            number,
            at,
            day,
            purpose,
            subject,
            bot,
            label,
            provider.word(),
            model,
            state.word(),
            count(*reserved_tokens)?,
            count(*input_tokens)?,
            count(*output_tokens)?,
            is_estimated,
            cost.map(Cost::nanodollars),
            duration_ms,
            error,
            said,
            question,
            answer,
            serde_json::json!(tools)
        ],
    )
}

fn count(tokens: u64) -> Result<i64> {
    i64::try_from(tokens).map_err(Error::internal)
}

/// Ends a call that is under way, and gives back to the day's budget what it did not use. One whose bot was forgotten
/// meanwhile keeps no words.
pub fn set_ended(ctx: &Ctx, tx: &mut Tx, id: Id<Call>, ending: &Ending) -> Result<()> {
    let Ending {
        state,
        usage: Usage { input_tokens, output_tokens, is_estimated },
        cost,
        duration_ms,
        error,
        said,
        answer,
        tools,
    } = ending;
    let (day, reserved) = tx.query_one(
        "UPDATE models_call SET state = $3, input_tokens = $4, output_tokens = $5, is_estimated = $6,
             cost_nanodollars = $7, duration_ms = $8, error = $9, tools = $12,
             said = CASE WHEN question = '' AND label = '' AND bot_id IS NOT NULL THEN '' ELSE $10 END,
             answer = CASE WHEN question = '' AND label = '' AND bot_id IS NOT NULL THEN '' ELSE $11 END
         WHERE workspace_id = $1 AND id = $2 AND state = 'begun'
         RETURNING day, reserved_tokens",
        params![
            ctx.workspace(),
            id,
            state.word(),
            count(*input_tokens)?,
            count(*output_tokens)?,
            is_estimated,
            cost.map(Cost::nanodollars),
            duration_ms,
            error,
            said,
            answer,
            serde_json::json!(tools)
        ],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    settle(ctx, tx, day, reserved, count(input_tokens.saturating_add(*output_tokens))?)
}

/// The call of this number or id.
pub fn find_call(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Option<Call>> {
    let (number, id) = match key {
        RowKey::Number(number) => (Some(number), None),
        RowKey::Id(id) => (None, Some(id)),
    };
    let statement = Query::select()
        .columns(COLUMNS)
        .from("models_call")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(number.map(|number| Expr::col("number").eq(number)))
        .and_where_option(id.map(|id| Expr::col("id").eq(id.to_value())))
        .to_owned();
    Ok(tx.select(&statement, |row| read(row, ctx.now()))?.pop())
}

/// The calls that fit, newest first.
pub fn list(ctx: &Ctx, tx: &mut ReadTx, filter: &CallFilter, page: PageRequest) -> Result<Page<Call>> {
    let statement = Query::select()
        .columns(COLUMNS)
        .from("models_call")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .order_by("number", Order::Desc)
        .to_owned();
    tx.page(&fitting(statement, ctx, filter), page, |row| read(row, ctx.now()))
}

/// What the calls that fit took together.
pub fn totals(ctx: &Ctx, tx: &mut ReadTx, filter: &CallFilter) -> Result<Totals> {
    let sum = |column: &'static str| -> SimpleExpr {
        Func::coalesce([Expr::col(column).sum().cast_as("BIGINT"), Expr::val(0)]).into()
    };
    let statement = Query::select()
        .expr(Expr::col("id").count())
        .expr(sum("input_tokens"))
        .expr(sum("output_tokens"))
        .expr(Expr::col("cost_nanodollars").sum().cast_as("BIGINT"))
        .from("models_call")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .to_owned();
    let read = |row: &Row<'_>| {
        Ok(Totals {
            calls: row.get(0)?,
            input_tokens: row.get(1)?,
            output_tokens: row.get(2)?,
            cost: row.get::<Option<i64>>(3)?.map(Cost::from_nanodollars),
        })
    };
    Ok(tx.select(&fitting(statement, ctx, filter), read)?.pop().unwrap_or_default())
}

/// The statement with the filter's conditions.
fn fitting(mut statement: SelectStatement, ctx: &Ctx, filter: &CallFilter) -> SelectStatement {
    let CallFilter { from, until, state, purpose, bot, subject } = filter;
    let begun = CallState::Begun.word();
    let old = ctx.now().plus_millis(-UNDER_WAY_MS).as_millis();
    let in_state = |state: CallState| match state {
        CallState::Begun => Expr::col("state").eq(begun).and(Expr::col("at_ms").gte(old)),
        CallState::Unknown => Expr::col("state").eq(begun).and(Expr::col("at_ms").lt(old)),
        ended => Expr::col("state").eq(ended.word()),
    };
    statement
        .and_where_option(from.map(|day| Expr::col("day").gte(day.to_value())))
        .and_where_option(until.map(|day| Expr::col("day").lte(day.to_value())))
        .and_where_option(state.map(in_state))
        .and_where_option(purpose.as_ref().map(|purpose| Expr::col("purpose").eq(purpose.to_value())))
        .and_where_option(bot.map(|bot| Expr::col("bot_id").eq(bot.to_value())))
        .and_where_option(subject.map(|subject| Expr::col("subject_id").eq(subject.to_value())));
    statement
}

/// What calls were for, each once.
pub fn purposes(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    tx.query(
        "SELECT DISTINCT purpose FROM models_call WHERE workspace_id = $1 ORDER BY purpose LIMIT 50",
        params![ctx.workspace()],
        |row| row.get(0),
    )
}

/// Takes the words out of a bot's calls; numbers and costs stay.
pub fn blank_bot(ctx: &Ctx, tx: &mut Tx, bot: Uuid) -> Result<()> {
    tx.execute(
        "UPDATE models_call SET question = '', answer = '', said = '', label = '', subject_id = NULL
         WHERE workspace_id = $1 AND bot_id = $2",
        params![ctx.workspace(), bot],
    )?;
    Ok(())
}

/// How many calls of a subject began on a day and were not refused.
pub fn count_of(ctx: &Ctx, tx: &mut ReadTx, subject: Uuid, day: Date) -> Result<i64> {
    tx.query_one(
        "SELECT COUNT(*) FROM models_call
         WHERE workspace_id = $1 AND subject_id = $2 AND day = $3 AND state <> 'refused'",
        params![ctx.workspace(), subject, day],
        |row| row.get(0),
    )
}

/// Forgets calls that began before `moment`; answers how many.
pub fn delete_older(tx: &mut Tx, moment: Timestamp) -> Result<u64> {
    // tidy: no workspace: housekeeping of the whole server
    tx.execute("DELETE FROM models_call WHERE at_ms < $1", params![moment])
}
