//! The SQL of the people of a broadcast. Each has one row, which goes from `waiting` over `sending` to what became of
//! it; back to `waiting` only when the platform certainly has nothing.

use std::collections::HashMap;

use bots::{Channel, Conversation, Listener};
use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Id, Lang, Page, PageRequest, Result};

use crate::{Broadcast, Counts, Fate, Recipient};

/// Rows in one statement.
const ROWS_AT_ONCE: usize = 250;

/// Somebody whose turn comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) conversation: Id<Conversation>,
    pub(crate) chat: i64,
    pub(crate) lang: Lang,
}

/// Writes people down; who has a row already keeps it.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, broadcast: &Broadcast, people: &[Listener]) -> Result<()> {
    let workspace = ctx.workspace();
    for part in people.chunks(ROWS_AT_ONCE) {
        let mut values: Vec<Value<'_>> = vec![workspace.to_value(), broadcast.id.to_value()];
        let mut rows = Vec::with_capacity(part.len());
        for Listener { conversation, person, chat, lang, name, contact: _ } in part {
            let first = values.len();
            values.push(conversation.to_value());
            values.push(person.to_value());
            values.push(chat.to_value());
            values.push(Value::Text(lang.unwrap_or(broadcast.default_lang).code().into()));
            values.push(name.to_value());
            let holes: Vec<String> = (first + 1..=values.len()).map(|hole| format!("${hole}")).collect();
            rows.push(format!("($1, $2, {}, 'waiting')", holes.join(", ")));
        }
        let sql = format!(
            "INSERT INTO broadcast_recipient (workspace_id, broadcast_id, conversation_id, person_id, chat, lang, name, state)
             VALUES {} ON CONFLICT DO NOTHING",
            rows.join(", ")
        );
        tx.execute(&sql, &values)?;
    }
    Ok(())
}

/// Those whose turn has not come, after this conversation.
pub(crate) fn waiting(
    ctx: &Ctx,
    tx: &mut ReadTx,
    broadcast: Id<Broadcast>,
    after: Id<Conversation>,
    at_most: i64,
) -> Result<Vec<Next>> {
    tx.query(
        "SELECT conversation_id, chat, lang FROM broadcast_recipient
         WHERE workspace_id = $1 AND broadcast_id = $2 AND state = 'waiting' AND conversation_id > $3
         ORDER BY conversation_id LIMIT $4",
        params![ctx.workspace(), broadcast, after, at_most],
        |row| {
            let lang: String = row.get(2)?;
            Ok(Next {
                conversation: row.get(0)?,
                chat: row.get(1)?,
                lang: Lang::parse(&lang).unwrap_or_default(),
            })
        },
    )
}

/// Takes these for sending, under this lease of the channel; answers those that nobody had taken before.
pub(crate) fn take(
    ctx: &Ctx,
    tx: &mut Tx,
    broadcast: Id<Broadcast>,
    fence: i64,
    wanted: &[Id<Conversation>],
) -> Result<Vec<Id<Conversation>>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let (workspace, now) = (ctx.workspace(), ctx.now());
    let mut values: Vec<Value<'_>> =
        vec![workspace.to_value(), broadcast.to_value(), fence.to_value(), now.to_value()];
    values.extend(wanted.iter().map(ToValue::to_value));
    let holes: Vec<String> = (5..=values.len()).map(|hole| format!("${hole}")).collect();
    let sql = format!(
        "UPDATE broadcast_recipient SET state = 'sending', fence = $3, at_ms = $4
         WHERE workspace_id = $1 AND broadcast_id = $2 AND state = 'waiting' AND conversation_id IN ({})
         RETURNING conversation_id",
        holes.join(", ")
    );
    tx.query(&sql, &values, |row| row.get(0))
}

/// Writes what became of somebody who was taken under this lease; `false` when that was written before. Who was given up
/// as unknown gets the truth when it comes late.
pub(crate) fn set_fate(
    ctx: &Ctx,
    tx: &mut Tx,
    broadcast: Id<Broadcast>,
    conversation: Id<Conversation>,
    fence: i64,
    (fate, problem): (Fate, Option<&str>),
) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE broadcast_recipient SET state = $5, problem = $6, at_ms = $7
         WHERE workspace_id = $1 AND broadcast_id = $2 AND conversation_id = $3 AND fence = $4
             AND state IN ('sending', 'unknown')",
        params![ctx.workspace(), broadcast, conversation, fence, fate.word(), problem, ctx.now()],
    )?;
    Ok(changed == 1)
}

/// Gives up what earlier leases of the channel left behind, of all its broadcasts: whether it arrived is unknown.
pub(crate) fn give_up_before(ctx: &Ctx, tx: &mut Tx, channel: Id<Channel>, fence: i64) -> Result<u64> {
    tx.execute(
        "UPDATE broadcast_recipient SET state = 'unknown'
         WHERE workspace_id = $1 AND state = 'sending' AND fence < $3 AND broadcast_id IN (
             SELECT id FROM broadcast_broadcast WHERE workspace_id = $1 AND channel_id = $2 AND started_at_ms IS NOT NULL)",
        params![ctx.workspace(), channel, fence],
    )
}

/// Gives up everything of this broadcast that is still being sent under this lease or an earlier one: its sender says
/// that nothing is on its way any more.
pub(crate) fn give_up_all(ctx: &Ctx, tx: &mut Tx, broadcast: Id<Broadcast>, fence: i64) -> Result<u64> {
    tx.execute(
        "UPDATE broadcast_recipient SET state = 'unknown'
         WHERE workspace_id = $1 AND broadcast_id = $2 AND state = 'sending' AND fence <= $3",
        params![ctx.workspace(), broadcast, fence],
    )
}

/// Erases some people of a broadcast; answers how many.
pub(crate) fn erase(ctx: &Ctx, tx: &mut Tx, broadcast: Id<Broadcast>, at_most: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM broadcast_recipient WHERE workspace_id = $1 AND broadcast_id = $2 AND conversation_id IN (
             SELECT conversation_id FROM broadcast_recipient WHERE workspace_id = $1 AND broadcast_id = $2 LIMIT $3)",
        params![ctx.workspace(), broadcast, at_most],
    )
}

/// How many people of each of these broadcasts have which fate.
pub(crate) fn counts(
    ctx: &Ctx,
    tx: &mut ReadTx,
    broadcasts: &[Id<Broadcast>],
) -> Result<HashMap<Id<Broadcast>, Counts>> {
    let mut found: HashMap<Id<Broadcast>, Counts> = HashMap::new();
    if broadcasts.is_empty() {
        return Ok(found);
    }
    let workspace = ctx.workspace();
    let mut values: Vec<Value<'_>> = vec![workspace.to_value()];
    values.extend(broadcasts.iter().map(ToValue::to_value));
    let holes: Vec<String> = (2..=values.len()).map(|hole| format!("${hole}")).collect();
    let sql = format!(
        "SELECT broadcast_id, state, COUNT(*) FROM broadcast_recipient
         WHERE workspace_id = $1 AND broadcast_id IN ({}) GROUP BY broadcast_id, state",
        holes.join(", ")
    );
    tx.each(&sql, &values, |row| {
        found.entry(row.get(0)?).or_default().set(row.parse(1)?, row.get(2)?);
        Ok(())
    })?;
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Recipient> {
    let lang: String = row.get(2)?;
    Ok(Recipient {
        conversation: row.get(0)?,
        name: row.get(1)?,
        lang: Lang::parse(&lang).unwrap_or_default(),
        fate: row.parse(3)?,
        problem: row.get(4)?,
        at: row.get(5)?,
    })
}

/// The people of a broadcast, in the order of their turns; those of one fate.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    broadcast: Id<Broadcast>,
    fate: Option<Fate>,
    page: PageRequest,
) -> Result<Page<Recipient>> {
    let select = Query::select()
        .columns(["conversation_id", "name", "lang", "state", "problem", "at_ms"])
        .from("broadcast_recipient")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("broadcast_id").eq(broadcast.to_value()))
        .and_where_option(fate.map(|fate| Expr::col("state").eq(fate.word())))
        .order_by("conversation_id", Order::Asc)
        .to_owned();
    tx.page(&select, page, read)
}
