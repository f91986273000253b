//! The desk's report as a file in a head agent's chat. A job prints it outside of any transaction, and the message stands there once.

use std::sync::Arc;

use context::{Ctx, Permission};
use db::{Lane, ReadTx, Tx};
use files::{Blobs, MediaType};
use flow::{Document, Message, RichText};
use jobs::{Handler, JobError, NewJob, OrFail, Run};
use kernel::{Date, Error, Id, Lang, Result, Text};
use sales::Papers;
use serde::{Deserialize, Serialize};
use tickets::ReportPaper;

use super::audience::Audience;
use crate::Conversation;

/// The kind of the job.
const KIND: &str = "bots.send_desk_report";
/// Days before today that the report has.
const DAYS_BEFORE: u64 = 29;

/// What is to be sent where.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SendReport {
    conversation: Id<Conversation>,
    lang: Lang,
    until: Date,
    /// Names the message: it is sent once.
    key: String,
}

pub(super) fn handler() -> Handler {
    Handler::new(KIND, send)
}

/// Has the report of thirty days sent to whoever asks for it there, and who may see it.
pub(crate) fn send_report(ctx: &Ctx, tx: &mut Tx, conversation: Id<Conversation>, lang: Lang) -> Result<()> {
    let key = format!("desk-report:{}", ctx.new_id::<SendReport>());
    let wanted = SendReport { conversation, lang, until: ctx.today(), key };
    let job = NewJob::new(KIND, &wanted)?.unique(wanted.key.clone());
    jobs::enqueue(ctx, tx, job).map(drop)
}

async fn send(run: Run) -> Result<(), JobError> {
    let wanted: SendReport = run.payload()?;
    let (ctx, asked) = (run.ctx.clone(), wanted.clone());
    let find = move |tx: &mut ReadTx<'_>| {
        let audience = Audience::find(&ctx, tx, asked.conversation, None)?;
        match audience {
            Some(audience) if !audience.has(&ctx, tx, &asked.key)? => {
                let from = asked.until.minus_days(DAYS_BEFORE);
                ReportPaper::read(&ctx, tx, from, asked.until).map(Some)
            }
            _ => Ok(None),
        }
    };
    let Some(paper) = run.db.read(&run.ctx, find).await.or_retry()? else { return Ok(()) };
    let papers: Arc<Papers> = run.services.get().or_fail()?;
    let (name, lang) = (paper.file_name(), wanted.lang);
    let without = papers.texts().say(lang, &Text::new("bots-file-missing").with("name", name.as_str()));
    let printing = move || paper.pdf_now(papers.texts(), lang);
    let printed = tokio::task::spawn_blocking(printing).await.map_err(Error::internal).or_fail()?;
    let pdf = printed.or_fail()?;
    let size = pdf.len();
    let blobs: Arc<Blobs> = run.services.get().or_fail()?;
    let hash = blobs.put(pdf).await.or_retry()?;
    let size_bytes = u64::try_from(size).unwrap_or(u64::MAX);
    let document = Document { file: hash.to_string(), name, size_bytes, without };
    let ctx = run.ctx.clone();
    let write = move |tx: &mut Tx<'_>| {
        files::record(&ctx, tx, hash, MediaType::Pdf, size, Some(Permission::TicketsDelete))?;
        let Some(audience) = Audience::find(&ctx, tx, wanted.conversation, None)? else { return Ok(()) };
        let message = Message { document: Some(document.clone()), ..Message::of(RichText::default()) };
        audience.send(&ctx, tx, message, Some(&wanted.key), None)
    };
    run.db.write(&run.ctx, Lane::Background, write).await.or_retry()
}
