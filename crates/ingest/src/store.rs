//! The SQL of this crate's tables.

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order, Query},
    values,
};
use kernel::{Error, Id, Page, PageRequest, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Import, ImportKind, ImportState, Mapping, Refused,
    problem::{Kept, Problem},
    sheet::Line,
};

/// The columns of an [`Import`], in the order [`read`] takes them.
const COLUMNS: [&str; 23] = [
    "id",
    "number",
    "kind",
    "state",
    "policy",
    "filename",
    "file_hash",
    "file_kept",
    "headings",
    "fields",
    "sample",
    "row_count",
    "good_count",
    "bad_count",
    "created_count",
    "changed_count",
    "same_count",
    "receipt_number",
    "refusal",
    "job_id",
    "created_by",
    "created_at_ms",
    "finished_at_ms",
];

fn read(row: &Row<'_>) -> Result<Import> {
    let kind: ImportKind = row.parse(2)?;
    let headings: Vec<String> = json(row, 8)?;
    let fields: Vec<String> = json(row, 9)?;
    let refusal: Option<serde_json::Value> = row.get(18)?;
    let refusal: Option<Kept> = refusal.map(serde_json::from_value).transpose().map_err(Error::internal)?;
    Ok(Import {
        id: row.get(0)?,
        number: row.get(1)?,
        kind,
        state: row.parse(3)?,
        policy: row.parse(4)?,
        filename: row.get(5)?,
        file_hash: row.get(6)?,
        file_kept: row.get(7)?,
        mapping: Mapping::read(kind, &fields, headings.len()).map_err(Error::internal)?,
        headings,
        sample: json(row, 10)?,
        row_count: row.get(11)?,
        good_count: row.get(12)?,
        bad_count: row.get(13)?,
        created_count: row.get(14)?,
        changed_count: row.get(15)?,
        same_count: row.get(16)?,
        receipt: row.get(17)?,
        refusal: refusal.map(Kept::read),
        job: row.get(19)?,
        created_by: row.get(20)?,
        created_at: row.get(21)?,
        finished_at: row.get(22)?,
    })
}

fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T> {
    serde_json::from_value(row.get(column)?).map_err(Error::internal)
}

fn to_json(value: impl Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(Error::internal)
}

/// Writes a new import.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, import: &Import) -> Result<()> {
    let Import {
        id,
        number,
        kind,
        state,
        policy,
        filename,
        file_hash,
        file_kept,
        headings,
        mapping,
        sample,
        row_count,
        good_count,
        bad_count,
        created_count,
        changed_count,
        same_count,
        receipt,
        refusal,
        job,
        created_by,
        created_at,
        finished_at,
    } = import;
    tx.execute_one(
        "INSERT INTO ingest_import (workspace_id, id, number, kind, state, policy, filename, file_hash, file_kept,
             headings, fields, sample, row_count, good_count, bad_count, created_count, changed_count, same_count,
             receipt_number, refusal, job_id, created_by, created_at_ms, finished_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23, $24)",
        params![
            ctx.workspace(),
            id,
            number,
            kind.word(),
            state.word(),
            policy.word(),
            filename,
            file_hash,
            file_kept,
            to_json(headings)?,
            to_json(mapping.names())?,
            to_json(sample)?,
            row_count,
            good_count,
            bad_count,
            created_count,
            changed_count,
            same_count,
            receipt,
            refusal.as_ref().map(|problem| to_json(problem.keep())).transpose()?,
            job,
            created_by,
            created_at,
            finished_at
        ],
    )
}

/// Writes what can change of an import.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, import: &Import) -> Result<()> {
    let Import {
        id,
        number: _,
        kind: _,
        state,
        policy,
        filename: _,
        file_hash: _,
        file_kept: _,
        headings: _,
        mapping,
        sample: _,
        row_count,
        good_count,
        bad_count,
        created_count,
        changed_count,
        same_count,
        receipt,
        refusal,
        job,
        created_by: _,
        created_at: _,
        finished_at,
    } = import;
    tx.execute_one(
        "UPDATE ingest_import SET state = $3, policy = $4, fields = $5, row_count = $6, good_count = $7,
             bad_count = $8, created_count = $9, changed_count = $10, same_count = $11, receipt_number = $12,
             refusal = $13, job_id = $14, finished_at_ms = $15
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            state.word(),
            policy.word(),
            to_json(mapping.names())?,
            row_count,
            good_count,
            bad_count,
            created_count,
            changed_count,
            same_count,
            receipt,
            refusal.as_ref().map(|problem| to_json(problem.keep())).transpose()?,
            job,
            finished_at
        ],
    )
}

/// The import with this id.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Import>) -> Result<Import> {
    let sql = format!("SELECT {} FROM ingest_import WHERE workspace_id = $1 AND id = $2", COLUMNS.join(", "));
    tx.query_one(&sql, params![ctx.workspace(), id], read)
}

/// The import with this number.
pub(crate) fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Import> {
    let columns = COLUMNS.join(", ");
    let sql = format!("SELECT {columns} FROM ingest_import WHERE workspace_id = $1 AND number = $2");
    tx.query_one(&sql, params![ctx.workspace(), number], read)
}

/// The import with this id, held until the end of the transaction.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Import>) -> Result<Import> {
    let columns = COLUMNS.join(", ");
    let sql = format!("SELECT {columns} FROM ingest_import WHERE workspace_id = $1 AND id = $2 FOR UPDATE");
    tx.query_one(&sql, params![ctx.workspace(), id], read)
}

/// The imports, newest first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    kind: Option<ImportKind>,
    state: Option<ImportState>,
    page: PageRequest,
) -> Result<Page<Import>> {
    let statement = Query::select()
        .columns(COLUMNS)
        .from("ingest_import")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(kind.map(|kind| Expr::col("kind").eq(kind.word())))
        .and_where_option(state.map(|state| Expr::col("state").eq(state.word())))
        .order_by("number", Order::Desc)
        .to_owned();
    tx.page(&statement, page, read)
}

/// The number of the receipt that came of this very file before, if one did.
pub(crate) fn find_receipt_of_file(ctx: &Ctx, tx: &mut ReadTx, hash: &str) -> Result<Option<i64>> {
    tx.query_opt(
        "SELECT receipt_number FROM ingest_import
         WHERE workspace_id = $1 AND file_hash = $2 AND receipt_number IS NOT NULL ORDER BY number DESC LIMIT 1",
        params![ctx.workspace(), hash],
        |row| row.get(0),
    )
}

/// Stages rows, with what is wrong with them.
pub(crate) fn insert_rows(
    ctx: &Ctx,
    tx: &mut Tx,
    import: Id<Import>,
    rows: &[(&Line, Vec<Problem>)],
) -> Result<()> {
    let row = |(Line { number, cells }, problems): &(&Line, Vec<Problem>)| {
        let cells: Vec<String> = cells.iter().map(|cell| storable(cell)).collect();
        Ok(values![ctx.workspace(), import, number, !problems.is_empty(), to_json(cells)?, kept(problems)?])
    };
    let rows = rows.iter().map(row).collect::<Result<Vec<_>>>()?;
    let sql =
        "INSERT INTO ingest_row (workspace_id, import_id, row_number, is_bad, cells, problems) VALUES {}";
    tx.insert_many(sql, &rows)
}

fn kept(problems: &[Problem]) -> Result<serde_json::Value> {
    to_json(problems.iter().map(Problem::keep).collect::<Vec<_>>())
}

/// JSON of PostgreSQL holds no NUL; a row that has one is bad, and shows where it stood.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The first good rows after `after` that are staged, in their order; at most `at_most`.
pub(crate) fn good_rows(
    ctx: &Ctx,
    tx: &mut ReadTx,
    import: Id<Import>,
    after: u32,
    at_most: i64,
) -> Result<Vec<Line>> {
    tx.query(
        "SELECT row_number, cells FROM ingest_row
         WHERE workspace_id = $1 AND import_id = $2 AND is_bad = $3 AND row_number > $4
         ORDER BY row_number LIMIT $5",
        params![ctx.workspace(), import, false, after, at_most],
        |row| Ok(Line { number: row.get(0)?, cells: json(row, 1)? }),
    )
}

/// The first bad rows after `after`, in their order; at most `at_most`.
pub(crate) fn bad_rows(
    ctx: &Ctx,
    tx: &mut ReadTx,
    import: Id<Import>,
    after: u32,
    at_most: i64,
) -> Result<Vec<Refused>> {
    tx.query(
        "SELECT row_number, cells, problems FROM ingest_row
         WHERE workspace_id = $1 AND import_id = $2 AND is_bad = $3 AND row_number > $4
         ORDER BY row_number LIMIT $5",
        params![ctx.workspace(), import, true, after, at_most],
        |row| {
            let problems: Vec<Kept> = json(row, 2)?;
            let problems = problems.into_iter().map(|kept| {
                let Problem { column, text } = kept.read();
                (column, text)
            });
            Ok(Refused { row: row.get(0)?, cells: json(row, 1)?, problems: problems.collect() })
        },
    )
}

/// Marks a staged row as bad.
pub(crate) fn set_bad(
    ctx: &Ctx,
    tx: &mut Tx,
    import: Id<Import>,
    row: u32,
    problems: &[Problem],
) -> Result<()> {
    tx.execute_one(
        "UPDATE ingest_row SET is_bad = $4, problems = $5
         WHERE workspace_id = $1 AND import_id = $2 AND row_number = $3",
        params![ctx.workspace(), import, row, true, kept(problems)?],
    )
}

/// Takes away the good rows up to `last`, which are applied.
pub(crate) fn delete_good_rows(ctx: &Ctx, tx: &mut Tx, import: Id<Import>, last: u32) -> Result<u64> {
    tx.execute(
        "DELETE FROM ingest_row WHERE workspace_id = $1 AND import_id = $2 AND is_bad = $3 AND row_number <= $4",
        params![ctx.workspace(), import, false, last],
    )
}

/// Takes away the staged rows up to `last`, whatever they are.
pub(crate) fn delete_rows(ctx: &Ctx, tx: &mut Tx, import: Id<Import>, last: u32) -> Result<u64> {
    tx.execute(
        "DELETE FROM ingest_row WHERE workspace_id = $1 AND import_id = $2 AND row_number <= $3",
        params![ctx.workspace(), import, last],
    )
}

/// Whether rows of the import are staged.
pub(crate) fn has_rows(ctx: &Ctx, tx: &mut ReadTx, import: Id<Import>) -> Result<bool> {
    let found = tx.query(
        "SELECT row_number FROM ingest_row WHERE workspace_id = $1 AND import_id = $2 LIMIT 1",
        params![ctx.workspace(), import],
        |row| row.get::<i64>(0),
    )?;
    Ok(!found.is_empty())
}
