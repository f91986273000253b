//! The SQL of this crate's tables.

use std::collections::HashMap;

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result};

use crate::{
    Content, Document, DocumentFilter, DocumentKind, Entry, Passage,
    knowledge::{Found, Shown},
};

/// The columns of a [`Document`], in the order [`read`] takes them.
const COLUMNS: [&str; 16] = [
    "id",
    "number",
    "kind",
    "title",
    "wordings",
    "body",
    "filename",
    "format",
    "file_hash",
    "state",
    "problem",
    "is_on",
    "passage_count",
    "changed_by",
    "created_at_ms",
    "changed_at_ms",
];

fn read(row: &Row<'_>) -> Result<Document> {
    let text = |column: usize| row.get::<Option<String>>(column).map(Option::unwrap_or_default);
    let problem: Option<String> = row.get(10)?;
    let content = match row.parse(2)? {
        DocumentKind::Pair => {
            Content::Pair { question: row.get(3)?, wordings: wordings(row, 4)?, answer: row.get(5)? }
        }
        DocumentKind::Text => Content::Text { title: row.get(3)?, text: row.get(5)? },
        DocumentKind::File => Content::File {
            title: row.get(3)?,
            filename: text(6)?,
            format: text(7)?.parse().map_err(|_| Error::internal("a file without a format"))?,
            hash: text(8)?,
        },
    };
    Ok(Document {
        id: row.get(0)?,
        number: row.get(1)?,
        content,
        state: row.parse(9)?,
        problem: problem.map(|word| word.parse()).transpose()?,
        is_on: row.get(11)?,
        passage_count: row.get(12)?,
        changed_by: row.get(13)?,
        created_at: row.get(14)?,
        changed_at: row.get(15)?,
    })
}

fn wordings(row: &Row<'_>, column: usize) -> Result<Vec<String>> {
    serde_json::from_value(row.get(column)?).map_err(Error::internal)
}

/// What of a content stands in which column: title, wordings, body, filename, format, hash.
struct Parts<'a> {
    title: &'a str,
    wordings: serde_json::Value,
    body: &'a str,
    filename: Option<&'a str>,
    format: Option<&'static str>,
    hash: Option<&'a str>,
}

fn parts(content: &Content) -> Parts<'_> {
    let none = || serde_json::json!([]);
    match content {
        Content::Pair { question, answer, wordings } => Parts {
            title: question,
            wordings: serde_json::json!(wordings),
            body: answer,
            filename: None,
            format: None,
            hash: None,
        },
        Content::Text { title, text } => {
            Parts { title, wordings: none(), body: text, filename: None, format: None, hash: None }
        }
        Content::File { title, filename, format, hash } => Parts {
            title,
            wordings: none(),
            body: "",
            filename: Some(filename),
            format: Some(format.word()),
            hash: Some(hash),
        },
    }
}

/// Writes a new document.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, document: &Document) -> Result<()> {
    let Document {
        id,
        number,
        content,
        state,
        problem,
        is_on,
        passage_count,
        changed_by,
        created_at,
        changed_at,
    } = document;
    let Parts { title, wordings, body, filename, format, hash } = parts(content);
    tx.execute_one(
        "INSERT INTO knowledge_document (workspace_id, id, number, kind, title, title_key, wordings, body, filename,
             format, file_hash, state, problem, is_on, passage_count, changed_by, created_at_ms, changed_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        params![
            ctx.workspace(),
            id,
            number,
            content.kind().word(),
            title,
            uztext::fold(title),
            wordings,
            body,
            filename,
            format,
            hash,
            state.word(),
            problem.map(|problem| problem.word()),
            is_on,
            passage_count,
            changed_by,
            created_at,
            changed_at
        ],
    )
}

/// Writes what can change of a document that [`lock`] holds.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, document: &Document) -> Result<()> {
    let Document {
        id,
        number: _,
        content,
        state,
        problem,
        is_on,
        passage_count,
        changed_by,
        created_at: _,
        changed_at,
    } = document;
    let Parts { title, wordings, body, filename: _, format: _, hash: _ } = parts(content);
    tx.execute_one(
        "UPDATE knowledge_document SET title = $3, title_key = $4, wordings = $5, body = $6, state = $7, problem = $8,
             is_on = $9, passage_count = $10, changed_by = $11, changed_at_ms = $12
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            title,
            uztext::fold(title),
            wordings,
            body,
            state.word(),
            problem.map(|problem| problem.word()),
            is_on,
            passage_count,
            changed_by,
            changed_at
        ],
    )
}

fn get_where(ctx: &Ctx, tx: &mut ReadTx, rest: &str, value: Value<'_>) -> Result<Document> {
    let sql =
        format!("SELECT {} FROM knowledge_document WHERE workspace_id = $1 AND {rest}", COLUMNS.join(", "));
    tx.query_one(&sql, &[Value::Uuid(ctx.workspace().uuid()), value], read)
}

/// The document with this id.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Document>) -> Result<Document> {
    get_where(ctx, tx, "id = $2", id.to_value())
}

/// The document with this number.
pub(crate) fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Document> {
    get_where(ctx, tx, "number = $2", number.to_value())
}

/// The document, held until the end of the transaction.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Document>) -> Result<Document> {
    get_where(ctx, tx, "id = $2 FOR UPDATE", id.to_value())
}

/// The documents that fit, the last changed first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &DocumentFilter,
    page: PageRequest,
) -> Result<Page<Document>> {
    let DocumentFilter { q, kind, state, is_on } = filter;
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from("knowledge_document")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(kind.map(|kind| Expr::col("kind").eq(kind.word())))
        .and_where_option(state.map(|state| Expr::col("state").eq(state.word())))
        .and_where_option(is_on.map(|yes| Expr::col("is_on").eq(yes)))
        .order_by("changed_at_ms", Order::Desc)
        .order_by("id", Order::Desc);
    // A folded word has letters and digits only: nothing that LIKE would read as a pattern.
    for word in q.iter().flat_map(|q| uztext::tokens(q)) {
        select.and_where(Expr::col("title_key").like(format!("%{word}%")));
    }
    tx.page(&select.take(), page, read)
}

/// The pairs by their folded questions; of several with one question, the oldest.
pub(crate) fn pairs_by_key(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<String, Id<Document>>> {
    let pairs = tx.query(
        "SELECT title_key, id FROM knowledge_document WHERE workspace_id = $1 AND kind = 'pair' ORDER BY number DESC",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(pairs.into_iter().collect())
}

/// Takes a document away that has no passages any more.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Document>) -> Result<()> {
    let sql = "DELETE FROM knowledge_document WHERE workspace_id = $1 AND id = $2";
    tx.execute_one(sql, params![ctx.workspace(), id])
}

/// Takes all passages of a document away.
pub(crate) fn delete_passages(ctx: &Ctx, tx: &mut Tx, document: Id<Document>) -> Result<()> {
    let sql = "DELETE FROM knowledge_passage WHERE workspace_id = $1 AND document_id = $2";
    tx.execute(sql, params![ctx.workspace(), document])?;
    Ok(())
}

/// Writes the passages of a document that has none.
pub(crate) fn insert_passages(
    ctx: &Ctx,
    tx: &mut Tx,
    document: Id<Document>,
    passages: &[Passage],
) -> Result<()> {
    let row = |passage: &Passage| {
        let Passage { id, position, page, heading, text } = passage;
        vec![
            Value::Uuid(ctx.workspace().uuid()),
            Value::Uuid(id.uuid()),
            Value::Uuid(document.uuid()),
            position.to_value().into_owned(),
            page.map(i64::from).to_value().into_owned(),
            heading.to_value().into_owned(),
            text.to_value().into_owned(),
        ]
    };
    let rows: Vec<Vec<Value<'static>>> = passages.iter().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    tx.insert_many(
        "INSERT INTO knowledge_passage (workspace_id, id, document_id, position, page, heading, body) VALUES {}",
        &rows,
    )
}

fn page_of(row: &Row<'_>, column: usize) -> Result<Option<u32>> {
    let page: Option<i64> = row.get(column)?;
    Ok(page.and_then(|page| u32::try_from(page).ok()))
}

/// The passages of a document, in their order.
pub(crate) fn passages(
    ctx: &Ctx,
    tx: &mut ReadTx,
    document: Id<Document>,
    page: PageRequest,
) -> Result<Page<Passage>> {
    let statement = Query::select()
        .columns(["id", "position", "page", "heading", "body"])
        .from("knowledge_passage")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where(Expr::col("document_id").eq(document.to_value()))
        .order_by("position", Order::Asc)
        .to_owned();
    tx.page(&statement, page, |row| {
        Ok(Passage {
            id: row.get(0)?,
            position: row.get(1)?,
            page: page_of(row, 2)?,
            heading: row.get(3)?,
            text: row.get(4)?,
        })
    })
}

/// How many passages the workspace has, found or not.
pub(crate) fn count_passages(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(passage_count), 0) AS BIGINT) FROM knowledge_document WHERE workspace_id = $1";
    tx.query_one(sql, params![ctx.workspace()], |row| row.get(0))
}

/// Whether anything can be found.
pub(crate) fn has_any(ctx: &Ctx, tx: &mut ReadTx) -> Result<bool> {
    let sql = "SELECT 1 FROM knowledge_document
         WHERE workspace_id = $1 AND is_on AND passage_count > 0 LIMIT 1";
    Ok(tx.query_opt(sql, params![ctx.workspace()], |row| row.get::<i64>(0))?.is_some())
}

/// How often what the workspace knows has changed.
pub(crate) fn revision(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let sql = "SELECT revision FROM knowledge_revision WHERE workspace_id = $1";
    Ok(tx.query_opt(sql, params![ctx.workspace()], |row| row.get(0))?.unwrap_or(0))
}

/// Says that what the workspace knows changes in this transaction, and holds everybody else who changes it.
pub(crate) fn bump_revision(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    tx.execute_one(
        "INSERT INTO knowledge_revision (workspace_id, revision) VALUES ($1, 1)
         ON CONFLICT (workspace_id) DO UPDATE SET revision = knowledge_revision.revision + 1",
        params![ctx.workspace()],
    )
}

/// Everything that can be found, for the index.
pub(crate) fn entries(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Entry>> {
    tx.query(
        "SELECT p.id, d.kind, d.title, d.wordings, p.heading, p.body
         FROM knowledge_passage p
         JOIN knowledge_document d ON d.workspace_id = p.workspace_id AND d.id = p.document_id
         WHERE p.workspace_id = $1 AND d.workspace_id = $1 AND d.is_on
         ORDER BY d.number, p.position",
        params![ctx.workspace()],
        |row| {
            let is_pair = row.parse::<DocumentKind>(1)? == DocumentKind::Pair;
            let title: String = row.get(2)?;
            let (questions, title) = if is_pair {
                let mut questions = vec![title];
                questions.extend(wordings(row, 3)?);
                (questions, String::new())
            } else {
                (Vec::new(), title)
            };
            let id: Id<Passage> = row.get(0)?;
            let heading: Option<String> = row.get(4)?;
            Ok(Entry {
                key: id.uuid().as_u128(),
                questions,
                title,
                heading: heading.unwrap_or_default(),
                text: row.get(5)?,
            })
        },
    )
}

/// The passages with these ids as they are shown, in the order of the ids; those that are gone, or are not found any
/// more, are left out.
pub(crate) fn found(ctx: &Ctx, tx: &mut ReadTx, hits: &[(Id<Passage>, Shown)]) -> Result<Vec<Found>> {
    if hits.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..2 + hits.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT p.id, d.number, d.kind, d.title, p.page, p.heading, p.body
         FROM knowledge_passage p
         JOIN knowledge_document d ON d.workspace_id = p.workspace_id AND d.id = p.document_id
         WHERE p.workspace_id = $1 AND d.workspace_id = $1 AND d.is_on AND p.id IN ({})",
        places.join(", ")
    );
    let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
    values.extend(hits.iter().map(|(id, _)| Value::Uuid(id.uuid())));
    let known: HashMap<Id<Passage>, (usize, Shown)> =
        hits.iter().enumerate().map(|(at, (id, shown))| (*id, (at, *shown))).collect();
    let mut found = tx.query(&sql, &values, |row| {
        let passage: Id<Passage> = row.get(0)?;
        let (at, Shown { fit, is_sure }) = known.get(&passage).copied().ok_or_else(Error::not_found)?;
        let title: String = row.get(3)?;
        let is_pair = row.parse::<DocumentKind>(2)? == DocumentKind::Pair;
        let question = is_pair.then(|| title.clone());
        let (document, page, heading, text) = (row.get(1)?, page_of(row, 4)?, row.get(5)?, row.get(6)?);
        Ok((at, Found { passage, document, title, page, heading, text, question, fit, is_sure }))
    })?;
    found.sort_by_key(|(at, _)| *at);
    Ok(found.into_iter().map(|(_, found)| found).collect())
}
