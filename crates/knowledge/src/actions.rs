//! What people do with what their bots know.

use context::{Ctx, Permission, next_number};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Page, PageRequest, Result, Text};
use serde::{Deserialize, Serialize};
use serde_json::json;
use web::RowKey;

use crate::{
    Content, Document, DocumentFilter, DocumentState, Passage,
    cut::{Piece, Writing, cut},
    document::PASSAGES,
    store, work,
};

/// What a person writes down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDocument {
    /// What stands in it.
    pub content: Content,
    /// Whether it is found.
    pub is_on: bool,
}

/// Writes a document down. A pair and a text are found at once; a file is read by a job first.
pub fn create_document(ctx: &Ctx, tx: &mut Tx, new: NewDocument) -> Result<Document> {
    ctx.require(Permission::BotsEdit)?;
    let NewDocument { content, is_on } = new;
    let content = content.checked()?;
    let pieces = pieces(&content);
    let mut document = Document {
        id: ctx.new_id(),
        number: next_number(ctx, tx, "knowledge_document")?,
        content,
        state: DocumentState::Waiting,
        problem: None,
        is_on,
        passage_count: 0,
        changed_by: ctx.actor().name.clone(),
        created_at: ctx.now(),
        changed_at: ctx.now(),
    };
    store::insert(ctx, tx, &document)?;
    match pieces {
        Some(pieces) => put(ctx, tx, &mut document, pieces)?,
        None => work::enqueue(ctx, tx, &document)?,
    }
    ctx.audit_new(tx, "knowledge.create", "knowledge_document", document.id, &trace(&document))?;
    Ok(document)
}

/// Writes new content into a document of the same kind. Nothing happens when nothing differs.
pub fn update_document(ctx: &Ctx, tx: &mut Tx, key: RowKey, new: NewDocument) -> Result<Document> {
    ctx.require(Permission::BotsEdit)?;
    let NewDocument { content, is_on } = new;
    let content = content.checked()?;
    let mut document = held(ctx, tx, key)?;
    if content.kind() != document.content.kind() {
        return Err(Error::field("kind", Text::new("knowledge-kind-stays")));
    }
    // The bytes of a file stay: another file is another document.
    let content = match (content, &document.content) {
        (Content::File { title, .. }, Content::File { filename, format, hash, .. }) => {
            Content::File { title, filename: filename.clone(), format: *format, hash: hash.clone() }
        }
        (content, _) => content,
    };
    if content == document.content && is_on == document.is_on {
        return Ok(document);
    }
    let before = trace(&document);
    let is_other = content != document.content;
    document.content = content;
    document.is_on = is_on;
    signed(ctx, &mut document);
    match pieces(&document.content).filter(|_| is_other) {
        Some(pieces) => put(ctx, tx, &mut document, pieces)?,
        None => {
            store::bump_revision(ctx, tx)?;
            store::update(ctx, tx, &document)?;
        }
    }
    ctx.audit(
        tx,
        "knowledge.change",
        "knowledge_document",
        document.id,
        Some(&before),
        Some(&trace(&document)),
    )?;
    Ok(document)
}

/// Says whether a document is found.
pub fn set_on(ctx: &Ctx, tx: &mut Tx, key: RowKey, is_on: bool) -> Result<Document> {
    ctx.require(Permission::BotsEdit)?;
    let mut document = held(ctx, tx, key)?;
    if document.is_on == is_on {
        return Ok(document);
    }
    let before = trace(&document);
    document.is_on = is_on;
    signed(ctx, &mut document);
    store::bump_revision(ctx, tx)?;
    store::update(ctx, tx, &document)?;
    ctx.audit(
        tx,
        "knowledge.change",
        "knowledge_document",
        document.id,
        Some(&before),
        Some(&trace(&document)),
    )?;
    Ok(document)
}

/// What became of pairs that were brought together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Imported {
    /// Pairs that are new.
    pub created: usize,
    /// Pairs whose question was there: they got the new answer.
    pub changed: usize,
    /// Pairs that were there as they are.
    pub same: usize,
}

/// Writes pairs down, all or none. One whose question is there already, in any script and spelling, changes that one.
pub fn import_pairs(ctx: &Ctx, tx: &mut Tx, pairs: &[Content]) -> Result<Imported> {
    ctx.require(Permission::BotsEdit)?;
    let mut known = store::pairs_by_key(ctx, tx)?;
    let mut imported = Imported::default();
    for content in pairs {
        let key = uztext::fold(content.title());
        let Some(id) = known.get(&key) else {
            let document = create_document(ctx, tx, NewDocument { content: content.clone(), is_on: true })?;
            known.insert(key, document.id);
            imported.created += 1;
            continue;
        };
        let before = store::get(ctx, tx, *id)?;
        let new = NewDocument { content: content.clone(), is_on: before.is_on };
        let after = update_document(ctx, tx, RowKey::Id(id.uuid()), new)?;
        if after == before { imported.same += 1 } else { imported.changed += 1 }
    }
    Ok(imported)
}

/// Has a file read once more.
pub fn read_again(ctx: &Ctx, tx: &mut Tx, key: RowKey) -> Result<Document> {
    ctx.require(Permission::BotsEdit)?;
    let mut document = held(ctx, tx, key)?;
    if !matches!(document.content, Content::File { .. }) {
        return Err(Error::conflict(Text::new("knowledge-not-a-file")));
    }
    document.state = DocumentState::Waiting;
    document.problem = None;
    store::update(ctx, tx, &document)?;
    work::enqueue(ctx, tx, &document)?;
    ctx.audit(
        tx,
        "knowledge.read_again",
        "knowledge_document",
        document.id,
        None::<&()>,
        Some(&trace(&document)),
    )?;
    Ok(document)
}

/// Takes a document and its passages away.
pub fn delete_document(ctx: &Ctx, tx: &mut Tx, key: RowKey) -> Result<()> {
    ctx.require(Permission::BotsEdit)?;
    let document = held(ctx, tx, key)?;
    store::bump_revision(ctx, tx)?;
    store::delete_passages(ctx, tx, document.id)?;
    store::delete(ctx, tx, document.id)?;
    ctx.audit(tx, "knowledge.delete", "knowledge_document", document.id, Some(&trace(&document)), None::<&()>)
}

/// Refuses whoever may not ask what the workspace knows.
pub(crate) fn may_ask(ctx: &Ctx) -> Result<()> {
    ctx.require(Permission::BotsRead)
}

/// The document that a path names.
pub fn get_document(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Document> {
    ctx.require(Permission::BotsRead)?;
    by_key(ctx, tx, key)
}

/// Whether the file of a document waits to be read and nobody does it: the process that read it died once too often.
pub(crate) fn is_left(ctx: &Ctx, tx: &mut ReadTx, document: &Document) -> Result<bool> {
    Ok(document.state == DocumentState::Waiting && !work::is_under_way(ctx, tx, document)?)
}

/// The documents that fit, the last changed first.
pub fn list_documents(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &DocumentFilter,
    page: PageRequest,
) -> Result<Page<Document>> {
    ctx.require(Permission::BotsRead)?;
    store::list(ctx, tx, filter, page)
}

/// The passages of a document, in their order.
pub fn passages_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    document: Id<Document>,
    page: PageRequest,
) -> Result<Page<Passage>> {
    ctx.require(Permission::BotsRead)?;
    store::passages(ctx, tx, document, page)
}

/// Writes the passages of a document anew, and with them the document. More than the workspace may have are refused.
pub(crate) fn put(ctx: &Ctx, tx: &mut Tx, document: &mut Document, pieces: Vec<Piece>) -> Result<()> {
    // Holds whoever else changes what the workspace knows, so that two together do not pass the limit.
    store::bump_revision(ctx, tx)?;
    let count = i64::try_from(pieces.len()).map_err(Error::internal)?;
    let others = store::count_passages(ctx, tx)? - document.passage_count;
    if others + count > PASSAGES {
        let words = Text::new("knowledge-passages-too-many").with("max", PASSAGES).with("has", others);
        return Err(Error::conflict(words.with("count", count)));
    }
    let passages = (1..).zip(pieces).map(|(position, Piece { page, heading, text })| Passage {
        id: ctx.new_id(),
        position,
        page,
        heading,
        text,
    });
    let passages: Vec<Passage> = passages.collect();
    store::delete_passages(ctx, tx, document.id)?;
    store::insert_passages(ctx, tx, document.id, &passages)?;
    document.passage_count = count;
    document.state = DocumentState::Ready;
    document.problem = None;
    store::update(ctx, tx, document)
}

/// The passages of what needs no reading; none for a file.
fn pieces(content: &Content) -> Option<Vec<Piece>> {
    match content {
        Content::Pair { answer, .. } => Some(vec![Piece { page: None, heading: None, text: answer.clone() }]),
        // Whoever pastes Markdown means its headings; elsewhere no line begins with `# `.
        Content::Text { text, .. } => Some(cut(text, Writing::Markdown)),
        Content::File { .. } => None,
    }
}

fn by_key(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Document> {
    match key {
        RowKey::Number(number) => store::get_by_number(ctx, tx, number),
        RowKey::Id(uuid) => store::get(ctx, tx, Id::from_uuid(uuid)),
    }
}

fn held(ctx: &Ctx, tx: &mut Tx, key: RowKey) -> Result<Document> {
    let id = by_key(ctx, tx, key)?.id;
    store::lock(ctx, tx, id)
}

fn signed(ctx: &Ctx, document: &mut Document) {
    document.changed_by.clone_from(&ctx.actor().name);
    document.changed_at = ctx.now();
}

/// What an audit entry compares: a text of many pages is told by its length.
fn trace(document: &Document) -> serde_json::Value {
    let Document { content, is_on, state, passage_count, .. } = document;
    let mut trace = json!({ "kind": content.kind(), "title": content.title(), "is_on": is_on });
    let more = match content {
        Content::Pair { answer, wordings, .. } => json!({ "answer": answer, "wordings": wordings }),
        Content::Text { text, .. } => json!({ "characters": text.chars().count() }),
        Content::File { filename, hash, .. } => json!({ "file": filename, "hash": hash, "state": state }),
    };
    if let (Some(trace), serde_json::Value::Object(more)) = (trace.as_object_mut(), more) {
        trace.extend(more);
        trace.insert("passages".to_owned(), json!(passage_count));
    }
    trace
}
