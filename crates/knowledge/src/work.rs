//! The job that reads a file.

use context::Ctx;
use db::{Lane, ReadTx, Tx};
use files::{Blobs, Hash};
use jobs::{Handler, JobError, NewJob, OrFail, Run, Work};
use kernel::{Error, Id, Kind, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Content, Document, DocumentState, FileFormat, Problem, actions,
    cut::{Piece, Writing, cut},
    pdf, store,
};

/// Reads a file into passages.
const READ: &str = "knowledge.read";
/// Runs of a job at most: a file that ends our process twice is not tried a hundred times.
const ATTEMPTS: u32 = 4;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Reading {
    document: Uuid,
}

/// Has the file of a document read after the commit.
pub(crate) fn enqueue(ctx: &Ctx, tx: &mut Tx, document: &Document) -> Result<()> {
    let reading = Reading { document: document.id.uuid() };
    let job = NewJob::new(READ, &reading)?.unique(key(document)).attempts(ATTEMPTS);
    jobs::enqueue(ctx, tx, job).map(drop)
}

/// Whether somebody reads the file of a document, or will.
pub(crate) fn is_under_way(ctx: &Ctx, tx: &mut ReadTx, document: &Document) -> Result<bool> {
    jobs::is_under_way(ctx, tx, &key(document))
}

fn key(document: &Document) -> String {
    format!("{READ} {}", document.id)
}

/// What this crate does after the answer. Needs the service `files::Blobs`.
pub fn work() -> Work {
    Work { handlers: vec![Handler::new(READ, read)], ..Work::default() }
}

async fn read(run: Run) -> Result<(), JobError> {
    let Reading { document } = run.payload()?;
    let id: Id<Document> = Id::from_uuid(document);
    let ctx = run.ctx.clone();
    let own = ctx.clone();
    let found = run.db.read(&ctx, move |tx| store::get(&own, tx, id)).await;
    let document = match found {
        // Deleted meanwhile.
        Err(error) if error.kind() == Kind::NotFound => return Ok(()),
        found => found.or_retry()?,
    };
    let Content::File { format, hash, .. } = &document.content else { return Ok(()) };
    if document.state != DocumentState::Waiting {
        return Ok(());
    }
    let outcome = match pieces_of(&run, *format, hash).await {
        Ok(outcome) => outcome,
        Err(error) if run.job.attempts >= run.job.max_attempts => {
            settle(&run, id, Err(Problem::Server)).await?;
            return Err(JobError::Fail(error));
        }
        Err(error) => return Err(JobError::Retry(error)),
    };
    settle(&run, id, outcome).await
}

/// The passages of a file, or why it has none; an error is the server's.
async fn pieces_of(run: &Run, format: FileFormat, hash: &str) -> Result<Result<Vec<Piece>, Problem>> {
    let hash: Hash = hash.parse()?;
    let bytes = run.services.get::<Blobs>()?.get(hash).await?;
    let (text, writing) = match format {
        FileFormat::Pdf => match pdf::text_of(bytes).await? {
            Ok(text) => (text, Writing::Pages),
            Err(problem) => return Ok(Err(problem)),
        },
        FileFormat::Markdown => (text_of(bytes)?, Writing::Markdown),
        FileFormat::Plain => (text_of(bytes)?, Writing::Plain),
    };
    let pieces = tokio::task::spawn_blocking(move || cut(&text, writing)).await.map_err(Error::internal)?;
    Ok(match pieces.is_empty() {
        true if format == FileFormat::Pdf => Err(Problem::Pictures),
        true => Err(Problem::Empty),
        false => Ok(pieces),
    })
}

/// The upload made sure that it is UTF-8.
fn text_of(bytes: Vec<u8>) -> Result<String> {
    let text = String::from_utf8(bytes).map_err(Error::internal)?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// Writes what came out, unless somebody else has.
async fn settle(run: &Run, id: Id<Document>, outcome: Result<Vec<Piece>, Problem>) -> Result<(), JobError> {
    let own = run.ctx.clone();
    let write = move |tx: &mut Tx| {
        let mut document = match store::lock(&own, tx, id) {
            Err(error) if error.kind() == Kind::NotFound => return Ok(()),
            document => document?,
        };
        if document.state != DocumentState::Waiting {
            return Ok(());
        }
        let problem = match &outcome {
            Err(problem) => *problem,
            Ok(pieces) => match tx.savepoint(|tx| actions::put(&own, tx, &mut document, pieces.clone())) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == Kind::Conflict => Problem::TooMany,
                Err(error) => return Err(error),
            },
        };
        if document.passage_count > 0 {
            // It was read before. Nobody is told what the page says could not be read.
            store::bump_revision(&own, tx)?;
            store::delete_passages(&own, tx, id)?;
            document.passage_count = 0;
        }
        document.state = DocumentState::Failed;
        document.problem = Some(problem);
        store::update(&own, tx, &document)
    };
    run.db.write(&run.ctx, Lane::Background, write).await.or_retry()
}
