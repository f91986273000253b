//! Files that people sent to the support desk are fetched from the platform and kept, so that whoever sees the ticket sees them.
//! One that cannot be had is said in the ticket.

use std::sync::Arc;

use channels::telegram::{CallError, FileRef};
use context::{Ctx, Permission, StoredEvent};
use db::{Lane, ReadTx, Tx};
use files::Blobs;
use jobs::{Handler, JobError, Listener, NewJob, OrFail, Run};
use kernel::{Error, Id, Result};
use serde::{Deserialize, Serialize};
use tickets::{Kept, actions, events::TICKET_SAID, reads};

use super::{asked_in, asking, told};
use crate::{Bots, Channel, ChannelKind, inbox::received, store};

/// The kind of the job.
const KIND: &str = "bots.ticket_file";

/// Which message's file.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Fetch {
    message: Id<tickets::Message>,
}

pub(crate) fn listener() -> Listener {
    Listener { name: "bots.fetch_ticket_file", events: &[TICKET_SAID], on: begin }
}

pub(crate) fn handler() -> Handler {
    Handler::new(KIND, fetch).waiting()
}

fn begin(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let told = told(&event.payload)?;
    let brief = told.brief(ctx, tx)?;
    if brief.is_answer || !brief.has_file_elsewhere {
        return Ok(());
    }
    let message = reads::get_message(ctx, tx, told.message)?;
    if channel_of(ctx, tx, &message)?.is_none() {
        return Ok(());
    }
    let job = NewJob::new(KIND, &Fetch { message: told.message })?.unique(format!("{KIND}:{}", told.message));
    jobs::enqueue(ctx, tx, job).map(drop)
}

/// The channel of Telegram whose bot knows the message's file; `None` where it came another way.
fn channel_of(ctx: &Ctx, tx: &mut ReadTx, message: &tickets::Message) -> Result<Option<Channel>> {
    let ticket = reads::get(ctx, tx, message.ticket)?;
    let Some(conversation) = asked_in(ticket.chat_ref.as_deref()) else { return Ok(None) };
    let row = store::summary::get(ctx, tx, conversation)?;
    let channel = store::channel::get(ctx, tx, row.channel)?;
    Ok((channel.kind == ChannelKind::Telegram).then_some(channel))
}

async fn fetch(run: Run) -> Result<(), JobError> {
    let Fetch { message } = run.payload()?;
    let ctx = asking(&run.ctx);
    let own = ctx.clone();
    let find = move |tx: &mut ReadTx<'_>| {
        let message = reads::get_message(&own, tx, message)?;
        let channel = channel_of(&own, tx, &message)?;
        Ok((message.said, channel))
    };
    let (said, channel) = run.db.read(&ctx, find).await.or_retry()?;
    let (Some(id), None, Some(channel)) = (said.file_id, said.kept, channel) else { return Ok(()) };
    let bots: Arc<Bots> = run.services.get().or_fail()?;
    let file = FileRef { id, unique_id: String::new(), name: None, mime: None, size: None };
    let blobs: Arc<Blobs> = run.services.get().or_fail()?;
    let fetched = match bots.telegram_of(&channel).or_fail()?.download(&file).await {
        Ok(download) => received(&blobs, download).await.or_retry()?,
        Err(error) => Err(error),
    };
    let file = match fetched {
        Ok(file) => file,
        // Too large for bots, or gone: it does not get better. Anything else is tried again, and then given up.
        Err(error) if run.is_last() || matches!(error, CallError::Refused { code: 400, .. }) => {
            let why = error.to_string();
            let lose = move |tx: &mut Tx<'_>| actions::lose_file(&ctx, tx, message, &why);
            return run.db.write(&run.ctx, Lane::Background, lose).await.or_retry();
        }
        Err(error) => return Err(JobError::Retry(Error::internal(error))),
    };
    let (media_type, size) = (file.media_type(), file.size());
    let hash = file.keep().await.or_retry()?;
    let name = format!("{}-{}", said.kind.word(), message);
    let keep = move |tx: &mut Tx<'_>| {
        // Only who sees the ticket sees its files: by their own address nobody but who manages the desk.
        files::record(&ctx, tx, hash, media_type, size, Some(Permission::TicketsDelete))?;
        actions::keep_file(&ctx, tx, message, Kept { hash: hash.to_string(), name: name.clone() })
    };
    run.db.write(&run.ctx, Lane::Background, keep).await.or_retry()
}
