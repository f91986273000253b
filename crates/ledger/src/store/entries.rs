//! Entries. Inserting one seals it: its lines are there already.

use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, LikeExpr, Order, Query},
};
use kernel::{Arg, Error, Id, Page, PageRequest, Result, Text};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::{Entry, EntryFilter, Memo, Source, batch};

fn read(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        number: row.get(1)?,
        date: row.get(2)?,
        memo: Memo { key: row.get(3)?, args: args_from(row.get(4)?), text: row.get(5)? },
        source: Source { kind: row.get(6)?, id: row.get(7)?, number: row.get(8)? },
        purpose: row.get(9)?,
        reverses: row.get(10)?,
        line_count: row.get(11)?,
        total: row.get(12)?,
        posted_by: row.get(13)?,
        posted_at: row.get(14)?,
        reversed_by: row.get(15)?,
    })
}

fn args_from(json: Json) -> Vec<(String, Arg)> {
    let Json::Object(map) = json else { return Vec::new() };
    let arg = |value: &Json| match value {
        Json::String(text) => Arg::Text(text.clone()),
        other => Arg::Int(other.as_i64().unwrap_or_default()),
    };
    map.iter().map(|(name, value)| (name.clone(), arg(value))).collect()
}

fn args_to(args: &[(String, Arg)]) -> Json {
    let json = |arg: &Arg| match arg {
        Arg::Int(count) => Json::from(*count),
        Arg::Text(text) => Json::from(text.as_str()),
        // `Memo` holds no others.
        Arg::Money(_) | Arg::Quantity(_) | Arg::Date(_) => Json::Null,
    };
    Json::Object(args.iter().map(|(name, arg)| (name.clone(), json(arg))).collect::<Map<_, _>>())
}

/// What search sees of an entry.
fn folded(entry: &Entry) -> String {
    let Memo { key: _, args, text } = &entry.memo;
    let words = args.iter().filter_map(|(_, arg)| match arg {
        Arg::Text(word) => Some(word.clone()),
        Arg::Int(count) => Some(count.to_string()),
        Arg::Money(_) | Arg::Quantity(_) | Arg::Date(_) => None,
    });
    let numbers = entry.source.number.map(|number| number.to_string());
    let all: Vec<String> = words.chain(numbers).chain([text.clone()]).collect();
    uztext::fold(&all.join(" "))
}

/// Seals these entries, whose lines are written. A document's entry that is there already is refused in words.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, entries: &[Entry]) -> Result<()> {
    let is_reversal = entries.iter().any(|entry| entry.reverses.is_some());
    let twice = || {
        let key = if is_reversal { "ledger-entry-is-reversed" } else { "ledger-entry-is-posted" };
        Error::conflict(Text::new(key))
    };
    for some in entries.chunks(batch::ROWS_PER_STATEMENT) {
        let sql = format!(
            "INSERT INTO ledger_entry (workspace_id, id, number, entry_on, memo_key, memo_args, memo, memo_fold,
                 source_kind, source_id, source_number, purpose, reverses_id, line_count, total_tiyin, posted_by,
                 posted_at_ms) VALUES {}",
            batch::rows(some.len(), 17, 1)
        );
        let mut values: Vec<Value<'static>> = Vec::with_capacity(some.len() * 17);
        for entry in some {
            values.extend(row_of(ctx, entry));
        }
        tx.execute(&sql, &values).on_unique(twice)?;
    }
    Ok(())
}

fn row_of(ctx: &Ctx, entry: &Entry) -> [Value<'static>; 17] {
    let Entry {
        id,
        number,
        date,
        memo: Memo { key, args, text },
        source: Source { kind, id: source_id, number: source_number },
        purpose,
        reverses,
        reversed_by: _,
        line_count,
        total,
        posted_by,
        posted_at,
    } = entry;
    let own = |value: Value<'_>| value.into_owned();
    [
        own(ctx.workspace().to_value()),
        own(id.to_value()),
        own(number.to_value()),
        own(date.to_value()),
        own(key.to_value()),
        own(args_to(args).to_value()),
        own(text.to_value()),
        own(folded(entry).to_value()),
        own(kind.to_value()),
        own(source_id.to_value()),
        own(source_number.to_value()),
        own(purpose.to_value()),
        own(reverses.to_value()),
        own(line_count.to_value()),
        own(total.to_value()),
        own(posted_by.to_value()),
        own(posted_at.to_value()),
    ]
}

/// The one with this id.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Entry>) -> Result<Entry> {
    tx.query_one(
        "SELECT e.id, e.number, e.entry_on, e.memo_key, e.memo_args, e.memo, e.source_kind, e.source_id,
             e.source_number, e.purpose, e.reverses_id, e.line_count, e.total_tiyin, e.posted_by, e.posted_at_ms, r.id
         FROM ledger_entry e
         LEFT JOIN ledger_entry r ON r.workspace_id = e.workspace_id AND r.reverses_id = e.id
         WHERE e.workspace_id = $1 AND e.id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

/// The one with this number.
pub(crate) fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Entry> {
    tx.query_one(
        "SELECT e.id, e.number, e.entry_on, e.memo_key, e.memo_args, e.memo, e.source_kind, e.source_id,
             e.source_number, e.purpose, e.reverses_id, e.line_count, e.total_tiyin, e.posted_by, e.posted_at_ms, r.id
         FROM ledger_entry e
         LEFT JOIN ledger_entry r ON r.workspace_id = e.workspace_id AND r.reverses_id = e.id
         WHERE e.workspace_id = $1 AND e.number = $2",
        params![ctx.workspace(), number],
        read,
    )
}

/// The ones with these ids, in any order.
pub(crate) fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Entry>]) -> Result<Vec<Entry>> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(batch::ROWS_PER_STATEMENT) {
        let some = batch::padded(some);
        let sql = format!(
            "SELECT e.id, e.number, e.entry_on, e.memo_key, e.memo_args, e.memo, e.source_kind, e.source_id,
                 e.source_number, e.purpose, e.reverses_id, e.line_count, e.total_tiyin, e.posted_by, e.posted_at_ms, r.id
             FROM ledger_entry e
             LEFT JOIN ledger_entry r ON r.workspace_id = e.workspace_id AND r.reverses_id = e.id
             WHERE e.workspace_id = $1 AND e.id IN ({})",
            batch::list(some.len(), 2)
        );
        let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
        values.extend(some.iter().map(|id| Value::Uuid(id.uuid())));
        found.extend(tx.query(&sql, &values, read)?);
    }
    Ok(found)
}

/// Those that a document posted, in the order they were posted.
pub(crate) fn of_source(ctx: &Ctx, tx: &mut ReadTx, kind: &str, id: Uuid) -> Result<Vec<Entry>> {
    tx.query(
        "SELECT e.id, e.number, e.entry_on, e.memo_key, e.memo_args, e.memo, e.source_kind, e.source_id,
             e.source_number, e.purpose, e.reverses_id, e.line_count, e.total_tiyin, e.posted_by, e.posted_at_ms, r.id
         FROM ledger_entry e
         LEFT JOIN ledger_entry r ON r.workspace_id = e.workspace_id AND r.reverses_id = e.id
         WHERE e.workspace_id = $1 AND e.source_kind = $2 AND e.source_id = $3 ORDER BY e.number",
        params![ctx.workspace(), kind, id],
        read,
    )
}

/// Those that fit, the newest day first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &EntryFilter,
    page: PageRequest,
) -> Result<Page<Id<Entry>>> {
    let EntryFilter { from, until, account, source_kind, source_id, amount, text, ascending } = filter;
    let with_account = account.map(|account| {
        Query::select()
            .column("entry_id")
            .from("ledger_line")
            .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
            .and_where(Expr::col("account_id").eq(account.to_value()))
            .to_owned()
    });
    let folded = uztext::fold(text);
    let pattern = format!("%{}%", folded.replace(['\\', '%', '_'], ""));
    let order = if *ascending { Order::Asc } else { Order::Desc };
    let statement = Query::select()
        .column("id")
        .from("ledger_entry")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(from.map(|from| Expr::col("entry_on").gte(from.to_value())))
        .and_where_option(until.map(|until| Expr::col("entry_on").lte(until.to_value())))
        .and_where_option(source_kind.as_ref().map(|kind| Expr::col("source_kind").eq(kind.to_value())))
        .and_where_option(source_id.map(|id| Expr::col("source_id").eq(id)))
        .and_where_option(amount.map(|amount| Expr::col("total_tiyin").eq(amount.to_value())))
        .and_where_option(with_account.map(|lines| Expr::col("id").in_subquery(lines)))
        .and_where_option((!folded.is_empty()).then(|| Expr::col("memo_fold").like(LikeExpr::new(pattern))))
        .order_by("entry_on", order.clone())
        .order_by("number", order)
        .to_owned();
    tx.page(&statement, page, |row| row.get(0))
}
