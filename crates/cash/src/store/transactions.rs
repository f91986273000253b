//! Transactions: only ever inserted.

use context::Ctx;
use db::{
    OnConstraint, ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, LikeExpr, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result, Text};
use ledger::Source;
use uuid::Uuid;

use crate::{Transaction, TransactionFilter};

fn read(row: &Row<'_>) -> Result<Transaction> {
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
        reversed_by: row.get(17)?,
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

/// Those that fit, the newest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &TransactionFilter,
    page: PageRequest,
) -> Result<Page<Transaction>> {
    let TransactionFilter { register, kind, flow, contact, from, until, text } = filter;
    let own =
        ["id", "number", "register_id", "ordinal", "flow", "kind", "amount_tiyin", "balance_after_tiyin"];
    let more = ["contact_id", "source_kind", "source_id", "source_number", "reverses_id", "moved_on", "note"];
    let of = |column: &'static str| Expr::col(("t", column));
    let folded = uztext::fold(text);
    let pattern = format!("%{}%", folded.replace(['\\', '%', '_'], ""));
    let taken_back = Query::select()
        .expr(Expr::col(("r", "id")))
        .from_as("cash_transaction", "r")
        .and_where(Expr::col(("r", "workspace_id")).eq(ctx.workspace().to_value()))
        .and_where(Expr::col(("r", "reverses_id")).equals(("t", "id")))
        .to_owned();
    let statement = Query::select()
        .exprs(own.into_iter().chain(more).chain(["recorded_by", "at_ms"]).map(of))
        .expr_as(taken_back, "reversed_by")
        .from_as("cash_transaction", "t")
        .and_where(of("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(register.map(|id| of("register_id").eq(id.to_value())))
        .and_where_option(kind.map(|kind| of("kind").eq(kind.word())))
        .and_where_option(flow.map(|flow| of("flow").eq(flow.word())))
        .and_where_option(contact.map(|id| of("contact_id").eq(id.to_value())))
        .and_where_option(from.map(|from| of("moved_on").gte(from.to_value())))
        .and_where_option(until.map(|until| of("moved_on").lte(until.to_value())))
        .and_where_option((!folded.is_empty()).then(|| of("note_fold").like(LikeExpr::new(pattern))))
        .order_by(("t", "number"), Order::Desc)
        .to_owned();
    tx.page(&statement, page, read)
}
