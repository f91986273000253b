//! An invoice or a credit note as a file in a chat. A job makes the PDF outside of any transaction, keeps it, and puts
//! the message among those that leave: one message a key, whatever dies in between.

use std::sync::Arc;

use context::{Ctx, Permission};
use db::{Lane, ReadTx, Tx};
use files::{Blobs, MediaType};
use flow::{Document, Message};
use jobs::{Handler, JobError, NewJob, OrFail, Run};
use kernel::{Error, Id, Lang, Result, Text};
use sales::{Invoice, InvoicePaper, PaperKind, Papers};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::audience::Audience;
use crate::Conversation;

/// The kind of the job.
const KIND: &str = "bots.send_invoice";

/// What is to be sent where.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SendInvoice {
    invoice: Id<Invoice>,
    conversation: Id<Conversation>,
    /// The customer's language, for a conversation in which none was chosen.
    lang: Option<Lang>,
    /// Names the message: it is sent once.
    key: String,
}

pub(super) fn handler() -> Handler {
    Handler::new(KIND, send)
}

/// Has the invoice sent, once in all.
pub(super) fn send_once(
    ctx: &Ctx,
    tx: &mut Tx,
    invoice: Id<Invoice>,
    conversation: Id<Conversation>,
    lang: Option<Lang>,
) -> Result<()> {
    let key = format!("invoice:{invoice}");
    enqueue(ctx, tx, SendInvoice { invoice, conversation, lang, key })
}

/// Has the invoice sent once more, since somebody asked for it.
pub(crate) fn send_again(
    ctx: &Ctx,
    tx: &mut Tx,
    invoice: Id<Invoice>,
    conversation: Id<Conversation>,
) -> Result<()> {
    let key = format!("invoice:{invoice}:{}", ctx.new_id::<SendInvoice>());
    enqueue(ctx, tx, SendInvoice { invoice, conversation, lang: None, key })
}

fn enqueue(ctx: &Ctx, tx: &mut Tx, wanted: SendInvoice) -> Result<()> {
    let job = NewJob::new(KIND, &wanted)?.unique(wanted.key.clone());
    jobs::enqueue(ctx, tx, job).map(drop)
}

/// What the job found out before it prints.
struct Found {
    lang: Lang,
    paper: InvoicePaper,
}

async fn send(run: Run) -> Result<(), JobError> {
    let wanted: SendInvoice = run.payload()?;
    let (ctx, asked) = (run.ctx.clone(), wanted.clone());
    let find = move |tx: &mut ReadTx<'_>| find(&ctx, tx, &asked);
    let Some(Found { lang, paper }) = run.db.read(&run.ctx, find).await.or_retry()? else { return Ok(()) };
    let papers: Arc<Papers> = run.services.get().or_fail()?;
    let name = papers.invoice_name(lang, &paper);
    let without = papers.texts().say(lang, &Text::new("bots-file-missing").with("name", name.as_str()));
    let pdf = Arc::clone(&papers).invoice(lang, paper.clone()).await.or_fail()?;
    let size = pdf.len();
    let blobs: Arc<Blobs> = run.services.get().or_fail()?;
    let hash = blobs.put(pdf).await.or_retry()?;
    let document = Document {
        file: hash.to_string(),
        name,
        size_bytes: u64::try_from(size).unwrap_or(u64::MAX),
        without,
    };
    let ctx = run.ctx.clone();
    let write = move |tx: &mut Tx<'_>| {
        files::record(&ctx, tx, hash, MediaType::Pdf, size, Some(Permission::SalesRead))?;
        put(&ctx, tx, &wanted, &paper, &document)
    };
    run.db.write(&run.ctx, Lane::Background, write).await.or_retry()
}

/// The paper to print, and in which language; `None` when it was sent before or nobody would read it.
fn find(ctx: &Ctx, tx: &mut ReadTx, wanted: &SendInvoice) -> Result<Option<Found>> {
    let SendInvoice { invoice, conversation, lang, key } = wanted;
    let Some(audience) = Audience::find(ctx, tx, *conversation, *lang)? else { return Ok(None) };
    if audience.has(ctx, tx, key)? {
        return Ok(None);
    }
    Ok(Some(Found { lang: audience.lang, paper: sales::invoice_paper(ctx, tx, *invoice)? }))
}

fn put(
    ctx: &Ctx,
    tx: &mut Tx,
    wanted: &SendInvoice,
    paper: &InvoicePaper,
    document: &Document,
) -> Result<()> {
    let SendInvoice { invoice: _, conversation, lang, key } = wanted;
    let Some(audience) = Audience::find(ctx, tx, *conversation, *lang)? else { return Ok(()) };
    let notification = match paper.kind {
        PaperKind::Invoice => "invoice",
        PaperKind::CreditNote(..) => "credit_note",
    };
    let args = json!({
        "number": paper.order.0,
        "label": paper.label,
        "total_tiyin": paper.amounts.total.tiyin(),
        "due_tiyin": paper.due()?.tiyin(),
    });
    let words = audience.message(ctx, notification, &args);
    let words = words.ok_or_else(|| Error::internal("no words for an invoice"))?;
    let message = Message { document: Some(document.clone()), ..words };
    audience.send(ctx, tx, message, Some(key), None)
}
