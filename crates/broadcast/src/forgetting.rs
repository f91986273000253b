//! With a bot go its broadcasts: they name people who talked to it. A job erases them, piece by piece.

use bots::{BOT_DELETED, Bot};
use context::{Ctx, StoredEvent};
use db::{Lane, Tx};
use jobs::{Handler, JobError, Listener, NewJob, OrFail, Run};
use kernel::{Id, Result};
use serde::{Deserialize, Serialize};

use crate::store;

/// The kind of the job.
const FORGET: &str = "broadcast.forget";
/// Rows that are erased in one transaction: a few milliseconds of the writer.
const ERASED_AT_ONCE: i64 = 1_000;

/// What the job has to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Forget {
    bot: Id<Bot>,
}

pub(crate) fn listener() -> Listener {
    Listener { name: "broadcast.forget_bot", events: &[BOT_DELETED], on: begin }
}

pub(crate) fn handler() -> Handler {
    Handler::new(FORGET, forget)
}

fn begin(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let bot: Id<Bot> = Id::from_uuid(event.subject);
    jobs::enqueue(ctx, tx, NewJob::new(FORGET, &Forget { bot })?.unique(format!("forget:{bot}"))).map(drop)
}

async fn forget(run: Run) -> Result<(), JobError> {
    let Forget { bot } = run.payload()?;
    loop {
        let ctx = run.ctx.clone();
        let piece = move |tx: &mut Tx<'_>| forget_some(&ctx, tx, bot);
        if run.db.write(&run.ctx, Lane::Background, piece).await.or_retry()? {
            return Ok(());
        }
    }
}

/// Erases some of it; `true` when nothing is left.
pub(crate) fn forget_some(ctx: &Ctx, tx: &mut Tx, bot: Id<Bot>) -> Result<bool> {
    let Some(next) = store::first_of_bot(ctx, tx, bot)? else { return Ok(true) };
    if store::recipient::erase(ctx, tx, next, ERASED_AT_ONCE)? == 0 {
        store::delete(ctx, tx, next)?;
    }
    Ok(false)
}
