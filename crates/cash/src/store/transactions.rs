//! Transactions: only ever inserted.

use std::collections::HashMap;

use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, LikeExpr, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result, Text};
use ledger::Source;
use uuid::Uuid;

use crate::{Transaction, TransactionFilter};

/// A row with the id of what takes it back behind its own columns.
fn read(row: &Row<'_>) -> Result<Transaction> {
    Ok(Transaction { reversed_by: row.get(17)?, ..stored(row)? })
}

/// The columns of the row itself.
fn stored(row: &Row<'_>) -> Result<Transaction> {
    let (flow, kind): (String, String) = (row.get(4)?, row.get(5)?);
    let unknown = |what: &str| Error::internal(format!("a transaction of {what:?}"));
    Ok(Transaction {
        id: row.get(0)?,
        number: row.get(1)?,
        register: row.get(2)?,
        ordinal: row.get(3)?,
        flow: flow.parse().map_err(|()| unknown(&flow))?,
        kind: kind.parse().map_err(|()| unknown(&kind))?,
        amount: row.get(6)?,
        balance_after: row.get(7)?,
        contact: row.get(8)?,
        source: Source { kind: row.get(9)?, id: row.get(10)?, number: row.get(11)? },
        reverses: row.get(12)?,
        on: row.get(13)?,
        note: row.get(14)?,
        recorded_by: row.get(15)?,
        recorded_at: row.get(16)?,
        reversed_by: None,
    })
}

/// What search sees of a transaction.
fn folded(transaction: &Transaction) -> String {
    let document = transaction.source.number.map(|number| number.to_string()).unwrap_or_default();
    uztext::fold(&format!("{} {} {document}", transaction.note, transaction.number))
}

/// One that is taken back already is refused in words.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, transaction: &Transaction) -> Result<()> {
    let Transaction {
        id,
        number,
        register,
        ordinal,
        flow,
        kind,
        amount,
        balance_after,
        contact,
        source: Source { kind: source_kind, id: source_id, number: source_number },
        reverses,
        reversed_by: _,
        on,
        note,
        recorded_by,
        recorded_at,
    } = transaction;
    tx.execute_one(
        "INSERT INTO cash_transaction (workspace_id, id, number, register_id, ordinal, flow, kind, amount_tiyin,
             balance_after_tiyin, contact_id, source_kind, source_id, source_number, reverses_id, moved_on, note,
             note_fold, recorded_by, at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        params![
            ctx.workspace(),
            id,
            number,
            register,
            ordinal,
            flow.word(),
            kind.word(),
            amount,
            balance_after,
            contact,
            source_kind,
            source_id,
            source_number,
            reverses,
            on,
            note,
            folded(transaction),
            recorded_by,
            recorded_at
        ],
    )
    .on_unique(|| Error::conflict(Text::new("cash-transaction-is-reversed")))
}

/// The one with this id.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Transaction>) -> Result<Transaction> {
    tx.query_one(
        "SELECT t.id, t.number, t.register_id, t.ordinal, t.flow, t.kind, t.amount_tiyin, t.balance_after_tiyin,
             t.contact_id, t.source_kind, t.source_id, t.source_number, t.reverses_id, t.moved_on, t.note,
             t.recorded_by, t.at_ms, r.id
         FROM cash_transaction t
         LEFT JOIN cash_transaction r ON r.workspace_id = t.workspace_id AND r.reverses_id = t.id
         WHERE t.workspace_id = $1 AND t.id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

/// The one with this number.
pub(crate) fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Transaction> {
    tx.query_one(
        "SELECT t.id, t.number, t.register_id, t.ordinal, t.flow, t.kind, t.amount_tiyin, t.balance_after_tiyin,
             t.contact_id, t.source_kind, t.source_id, t.source_number, t.reverses_id, t.moved_on, t.note,
             t.recorded_by, t.at_ms, r.id
         FROM cash_transaction t
         LEFT JOIN cash_transaction r ON r.workspace_id = t.workspace_id AND r.reverses_id = t.id
         WHERE t.workspace_id = $1 AND t.number = $2",
        params![ctx.workspace(), number],
        read,
    )
}

/// Those that a document recorded, in the order they were recorded.
pub(crate) fn of_source(ctx: &Ctx, tx: &mut ReadTx, kind: &str, id: Uuid) -> Result<Vec<Transaction>> {
    tx.query(
        "SELECT t.id, t.number, t.register_id, t.ordinal, t.flow, t.kind, t.amount_tiyin, t.balance_after_tiyin,
             t.contact_id, t.source_kind, t.source_id, t.source_number, t.reverses_id, t.moved_on, t.note,
             t.recorded_by, t.at_ms, r.id
         FROM cash_transaction t
         LEFT JOIN cash_transaction r ON r.workspace_id = t.workspace_id AND r.reverses_id = t.id
         WHERE t.workspace_id = $1 AND t.source_kind = $2 AND t.source_id = $3 ORDER BY t.number",
        params![ctx.workspace(), kind, id],
        read,
    )
}

/// Those that fit, the newest first. What takes them back is asked of the part alone: a sort would ask it of every row.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &TransactionFilter,
    page: PageRequest,
) -> Result<Page<Transaction>> {
    let TransactionFilter { register, kind, flow, contact, from, until, text } = filter;
    let folded = uztext::fold(text);
    let pattern = format!("%{}%", folded.replace(['\\', '%', '_'], ""));
    let statement = Query::select()
        .columns([
            "id",
            "number",
            "register_id",
            "ordinal",
            "flow",
            "kind",
            "amount_tiyin",
            "balance_after_tiyin",
            "contact_id",
            "source_kind",
            "source_id",
            "source_number",
            "reverses_id",
            "moved_on",
            "note",
            "recorded_by",
            "at_ms",
        ])
        .from("cash_transaction")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(register.map(|id| Expr::col("register_id").eq(id.to_value())))
        .and_where_option(kind.map(|kind| Expr::col("kind").eq(kind.word())))
        .and_where_option(flow.map(|flow| Expr::col("flow").eq(flow.word())))
        .and_where_option(contact.map(|id| Expr::col("contact_id").eq(id.to_value())))
        .and_where_option(from.map(|from| Expr::col("moved_on").gte(from.to_value())))
        .and_where_option(until.map(|until| Expr::col("moved_on").lte(until.to_value())))
        .and_where_option((!folded.is_empty()).then(|| Expr::col("note_fold").like(LikeExpr::new(pattern))))
        .order_by("number", Order::Desc)
        .to_owned();
    let mut page = tx.page(&statement, page, stored)?;
    let ids: Vec<_> = page.results.iter().map(|one| one.id).collect();
    let taken_back = reversals_of(ctx, tx, &ids)?;
    for one in &mut page.results {
        one.reversed_by = taken_back.get(&one.id).copied();
    }
    Ok(page)
}

/// What takes these back, by what it takes back.
fn reversals_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    ids: &[Id<Transaction>],
) -> Result<HashMap<Id<Transaction>, Id<Transaction>>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = Query::select()
        .columns(["reverses_id", "id"])
        .from("cash_transaction")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("reverses_id").is_in(ids.iter().map(|id| id.uuid())))
        .to_owned();
    let found = tx.select(&statement, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.into_iter().collect())
}
