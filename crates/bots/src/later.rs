//! Actions that take long: a job does them outside of any transaction, as often as it has to be run, and goes on with the
//! conversation if that still waits. Whoever waits is answered in the end, whatever becomes of the job.

use std::sync::Arc;

use context::Ctx;
use db::{Lane, ReadTx, Tx};
use flow::{ActionResult, FAILED};
use jobs::{JobError, NewJob, OrFail, Run};
use kernel::{Id, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Bots, Conversation, store, turn};

/// How often a job is begun: somebody waits for it in a chat, and each time may cost money.
const ATTEMPTS: u32 = 3;

/// What is wanted, and whose conversation goes on then.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Wanted<T> {
    pub(crate) conversation: Id<Conversation>,
    pub(crate) call: u64,
    /// The same in every run of the job.
    pub(crate) key: String,
    pub(crate) what: T,
}

/// Has it done by a job of this kind once this transaction is done.
pub(crate) fn enqueue<T: Serialize>(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: &'static str,
    conversation: &Conversation,
    call: u64,
    what: T,
) -> Result<()> {
    let key = key(conversation, call);
    let wanted = Wanted { conversation: conversation.id, call, key: key.clone(), what };
    jobs::enqueue(ctx, tx, NewJob::new(kind, &wanted)?.unique(key).attempts(ATTEMPTS)).map(drop)
}

/// Names a call of a conversation.
fn key(conversation: &Conversation, call: u64) -> String {
    format!("call:{}:{}:{call}", conversation.id, conversation.resets)
}

/// Whether a job still does what this conversation waits for.
pub(crate) fn is_under_way(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversation: &Conversation,
    call: u64,
) -> Result<bool> {
    jobs::is_under_way(ctx, tx, &key(conversation, call))
}

/// The call that could not be done.
pub(crate) fn given_up(call: u64) -> ActionResult {
    ActionResult { id: call, outcome: FAILED.to_owned(), data: Value::Null }
}

/// Does what is wanted, if the conversation still waits for it; where it cannot be done in the end, goes on with that.
pub(crate) async fn run<T, F>(run: Run, work: impl FnOnce(Run, Wanted<T>) -> F) -> Result<(), JobError>
where
    T: DeserializeOwned + Clone,
    F: Future<Output = Result<(), JobError>>,
{
    let wanted: Wanted<T> = run.payload()?;
    let (id, call) = (wanted.conversation, wanted.call);
    if !is_still_waited_for(&run, &wanted).await.or_retry()? {
        return Ok(());
    }
    let outcome = work(run.clone(), wanted).await;
    let is_over = matches!(outcome, Err(JobError::Fail(_))) || (outcome.is_err() && run.is_last());
    if is_over {
        go_on(&run, id, given_up(call), |_, _, _| Ok(())).await?;
    }
    outcome
}

/// Whether the conversation still stands where it asked for this.
fn is_waited_for(ctx: &Ctx, tx: &mut ReadTx, id: Id<Conversation>, call: u64) -> Result<bool> {
    let Some(conversation) = store::conversation::find(ctx, tx, id)? else { return Ok(false) };
    Ok(turn::open_session(&conversation)?.pending() == Some(call))
}

/// Goes on with the conversation; `also` does what belongs to that, in the same transaction, when it waited.
pub(crate) async fn go_on(
    run: &Run,
    id: Id<Conversation>,
    result: ActionResult,
    also: impl Fn(&Ctx, &mut Tx<'_>, &Conversation) -> Result<()> + Send + Sync + 'static,
) -> Result<(), JobError> {
    let bots: Arc<Bots> = run.services.get().or_fail()?;
    let ctx = run.ctx.clone();
    let resume = move |tx: &mut Tx<'_>| {
        let conversation = store::conversation::lock_by_id(&ctx, tx, id)?;
        if turn::open_session(&conversation)?.pending() == Some(result.id) {
            also(&ctx, tx, &conversation)?;
        }
        turn::resume(&ctx, tx, &bots, id, result.clone())
    };
    run.db.write(&run.ctx, Lane::People, resume).await.or_retry()
}

/// Whether the conversation still waits for this, asked in between: what was begun for nobody may cost money.
pub(crate) async fn is_still_waited_for<T>(run: &Run, wanted: &Wanted<T>) -> Result<bool> {
    let (ctx, id, call) = (run.ctx.clone(), wanted.conversation, wanted.call);
    run.db.read(&run.ctx, move |tx| is_waited_for(&ctx, tx, id, call)).await
}
