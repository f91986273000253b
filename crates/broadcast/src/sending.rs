//! Sending: which broadcast is sent over which channel now.
//!
//! The node that serves a channel sends over it (`bots::Runner`), because the bot's limits are kept there. Nobody else
//! touches the rows of its broadcasts, and should a node wrongly think that it still serves a channel, the rows say so: each
//! is taken once.

mod run;
mod step;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bots::{Channel, Mailing, Post, Readiness};
use context::{Ctx, Event};
use db::{Lane, Scope, Tx};
use futures::future::BoxFuture;
use kernel::{Id, Result, Timestamp, WorkspaceId};
use tokio_util::sync::CancellationToken;

use crate::{Broadcast, Problem, State, events::CHANGED, store};

/// Messages on their way at once, of one channel: taken, and not yet written what became of them. A crash makes so many
/// unknown at most.
pub const IN_FLIGHT: usize = 32;
/// How often a node looks for what is to be sent.
const LOOK: Duration = Duration::from_secs(1);
const LOOK_MS: i64 = 1_000;
/// People who are written down in one transaction: some tens of milliseconds of the writer.
const LISTED_AT_ONCE: i64 = 1_000;

/// The channels for which there is something to send, as they were at some moment.
#[derive(Debug, Default)]
struct Work {
    at: Option<Timestamp>,
    channels: HashSet<(WorkspaceId, Id<Channel>)>,
}

/// Sends broadcasts over the channels of this node. One in a process.
#[derive(Debug, Default)]
pub struct Broadcasts {
    work: Mutex<Work>,
}

impl Mailing for Broadcasts {
    fn serve(self: Arc<Self>, post: Post, stop: CancellationToken) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move {
            give_up_before(&post).await?;
            while !stop.is_cancelled() {
                if self.has_work(&post).await?
                    && let Some(broadcast) = next(&post).await?
                {
                    run::Run::new(post.clone(), broadcast).go(&stop).await?;
                } else {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(LOOK) => {}
                    }
                }
            }
            Ok(())
        })
    }
}

impl Broadcasts {
    /// For a process.
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Whether there is something to send over this channel. One question a second for all channels of the node.
    async fn has_work(&self, post: &Post) -> Result<bool> {
        let now = post.now();
        let key = (post.channel().workspace, post.channel().id);
        let is_fresh = {
            let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
            let is_fresh = work.at.is_some_and(|at| now.millis_since(at).abs() < LOOK_MS);
            if !is_fresh {
                // Who asks first asks for all.
                work.at = Some(now);
            }
            is_fresh
        };
        if !is_fresh {
            let found = post.db().read(Scope::Server, move |tx| store::channels_with_work(tx, now)).await?;
            let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
            work.channels = found.into_iter().collect();
        }
        Ok(self.work.lock().unwrap_or_else(PoisonError::into_inner).channels.contains(&key))
    }
}

/// What earlier leases of the channel had on its way when they ended is unknown.
async fn give_up_before(post: &Post) -> Result<()> {
    let (ctx, channel) = (post.ctx(), post.channel().clone());
    let give_up =
        move |tx: &mut Tx<'_>| store::recipient::give_up_before(&ctx, tx, channel.id, channel.fence);
    let count = post.db().write(post.channel().workspace, Lane::Background, give_up).await?;
    if count > 0 {
        tracing::warn!(channel.id = %post.channel().id, count, "whether messages of a broadcast arrived is unknown");
    }
    Ok(())
}

/// The broadcast that is to be sent now, with everybody written down who gets it.
async fn next(post: &Post) -> Result<Option<Broadcast>> {
    let (ctx, channel) = (post.ctx(), post.channel().clone());
    let begin = move |tx: &mut Tx<'_>| begin(&ctx, tx, &channel);
    let Some(mut broadcast) = post.db().write(post.channel().workspace, Lane::People, begin).await? else {
        return Ok(None);
    };
    while !broadcast.is_listed {
        let (ctx, id) = (post.ctx(), broadcast.id);
        let list = move |tx: &mut Tx<'_>| list_some(&ctx, tx, id);
        broadcast = post.db().write(post.channel().workspace, Lane::Background, list).await?;
        if broadcast.state != State::Running {
            return Ok(None);
        }
    }
    Ok(Some(broadcast))
}

fn begin(ctx: &Ctx, tx: &mut Tx, channel: &Channel) -> Result<Option<Broadcast>> {
    let Some(before) = store::next_of(ctx, tx, channel.id, ctx.now())? else { return Ok(None) };
    match bots::readiness(tx, channel)? {
        Readiness::Lost => return Ok(None),
        Readiness::BotRests => {
            stop_with(ctx, tx, before, Problem::BotRests)?;
            return Ok(None);
        }
        Readiness::Ready => {}
    }
    if before.state == State::Running {
        return Ok(Some(before));
    }
    let after = Broadcast { state: State::Running, started_at: Some(ctx.now()), ..before.clone() };
    store::update(ctx, tx, &after)?;
    ctx.audit(tx, "broadcast.begin", "broadcast", after.id, Some(&before.state), Some(&after.state))?;
    ctx.emit(tx, Event::new(CHANGED, after.id))?;
    Ok(Some(after))
}

/// Lets it stand still until somebody has mended this.
fn stop_with(ctx: &Ctx, tx: &mut Tx, before: Broadcast, problem: Problem) -> Result<()> {
    let started_at = before.started_at.or(Some(ctx.now()));
    let after = Broadcast { state: State::Paused, problem: Some(problem), started_at, ..before.clone() };
    store::update(ctx, tx, &after)?;
    ctx.audit(tx, "broadcast.stop", "broadcast", after.id, Some(&before.state), Some(&after.problem))?;
    ctx.emit(tx, Event::new(CHANGED, after.id))
}

/// Writes the next people down. Who they are is asked as of the moment at which it began, however long this takes.
fn list_some(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>) -> Result<Broadcast> {
    let mut broadcast = store::lock(ctx, tx, id)?;
    if broadcast.is_listed || broadcast.state != State::Running {
        return Ok(broadcast);
    }
    let began = broadcast.started_at.unwrap_or(ctx.now());
    let segment = broadcast.people.segment(broadcast.channel, broadcast.default_lang, began);
    let found = bots::list_audience(ctx, tx, &segment, broadcast.listed_to, LISTED_AT_ONCE)?;
    store::recipient::insert(ctx, tx, &broadcast, &found)?;
    broadcast.listed_to = found.last().map(|last| last.conversation).or(broadcast.listed_to);
    broadcast.is_listed = i64::try_from(found.len()).unwrap_or(i64::MAX) < LISTED_AT_ONCE;
    store::update(ctx, tx, &broadcast)?;
    if broadcast.is_listed {
        tx.have_grown(&["broadcast_recipient"])?;
    }
    Ok(broadcast)
}
