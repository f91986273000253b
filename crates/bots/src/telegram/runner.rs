//! Which node serves which channel: a lease a channel, taken when it is free, lengthened while it is served.

use std::{sync::Arc, time::Duration};

use channels::telegram::{CallError, Outcome, Telegram, classify};
use context::Random;
use db::{Db, Lane, Scope, Tx};
use kernel::{Clock, Result};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    intake::{ctx_of, take_all},
    post::{Mailing, Post},
    sender::Sender,
};
use crate::{Bots, Channel, ChannelKind, ChannelState, Intake, store};

/// How often free channels are looked for, at the latest; leases are lengthened at a third of them.
const LOOK: Duration = Duration::from_secs(1);
/// What is in hand at a stop may take so long; then it is left to whoever comes after us.
const GRACE: Duration = Duration::from_secs(5);
/// Channels taken in one look.
const TAKEN_AT_ONCE: i64 = 100;
/// Seconds that Telegram holds a poll.
const POLL_S: u32 = 50;
/// Waiting after a call that failed, doubled up to the longest.
const WAIT: Duration = Duration::from_millis(500);
const WAIT_MOST: Duration = Duration::from_secs(30);
/// Connections by which Telegram may call the webhook at once.
const WEBHOOK_CONNECTIONS: u32 = 40;

/// Serves Telegram channels. One in a process.
#[derive(Debug)]
pub struct Runner {
    pub(super) db: Db,
    pub(super) bots: Arc<Bots>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Random,
    /// A channel's lease: a dead node's channels are taken over within this and one look.
    lease: Duration,
    /// What goes out beside the answers.
    mailing: Option<Arc<dyn Mailing>>,
}

/// A running [`Runner`].
#[derive(Debug)]
pub struct RunnerHandle {
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl RunnerHandle {
    /// Ends polls, finishes the turns and the sends in hand and gives the leases back.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

impl Runner {
    /// A runner over these, whose death the other nodes notice after `lease`. `mailing` is what goes out over the channels
    /// beside the answers to people.
    pub fn new(
        db: Db,
        bots: Arc<Bots>,
        clock: Arc<dyn Clock>,
        random: Random,
        lease: Duration,
        mailing: Option<Arc<dyn Mailing>>,
    ) -> Arc<Self> {
        Arc::new(Self { db, bots, clock, random, lease, mailing })
    }

    fn lease_ms(&self) -> i64 {
        i64::try_from(self.lease.as_millis()).unwrap_or(i64::MAX)
    }

    /// Starts serving.
    pub fn start(self: &Arc<Self>) -> RunnerHandle {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(self).supervise(stop.clone()));
        RunnerHandle { stop, tasks }
    }

    async fn supervise(self: Arc<Self>, stop: CancellationToken) {
        let mut served = JoinSet::new();
        let lease_ms = self.lease_ms();
        while !stop.is_cancelled() {
            let take = move |tx: &mut Tx<'_>| {
                store::channel::take_free(tx, ChannelKind::Telegram, lease_ms, TAKEN_AT_ONCE)
            };
            match self.db.write(Scope::Server, Lane::People, take).await {
                Ok(free) => {
                    for channel in free {
                        served.spawn(Arc::clone(&self).serve(channel, stop.child_token()));
                    }
                }
                Err(error) => tracing::error!(%error, "free channels could not be looked for"),
            }
            while served.try_join_next().is_some() {}
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(LOOK.min(self.lease / 3)) => {}
            }
        }
        while served.join_next().await.is_some() {}
    }

    /// Serves one channel until its lease is lost, it breaks, or the process stops.
    async fn serve(self: Arc<Self>, channel: Channel, stop: CancellationToken) {
        tracing::info!(channel.id = %channel.id, bot.id = %channel.bot, "a channel is served here");
        let mut mailing = None;
        let outcome = match self.bots.telegram_of(&channel) {
            Err(error) => Err(error),
            Ok(telegram) => {
                let sender = Sender::new(Arc::clone(&self), channel.clone(), telegram.clone());
                mailing =
                    Some(tokio::spawn(Arc::clone(&self).mail(Post::new(Arc::clone(&sender)), stop.clone())));
                // Whichever ends lets the others finish what they have in hand.
                let take_in = async { ended(&stop, self.take_in(&channel, &telegram, &stop).await) };
                let send = async { ended(&stop, sender.send_all(&stop).await) };
                tokio::select! {
                    outcome = self.keep_lease(&channel) => outcome,
                    (taken, sent) = async { tokio::join!(take_in, send) } => taken.and(sent),
                    () = async { stop.cancelled().await; tokio::time::sleep(GRACE).await } => Ok(()),
                }
            }
        };
        stop.cancel();
        // Also when the lease is lost: what has left for many is written down, and nobody sends it again.
        if let Some(mut mailing) = mailing
            && tokio::time::timeout(GRACE, &mut mailing).await.is_err()
        {
            mailing.abort();
        }
        if let Err(error) = outcome {
            tracing::error!(channel.id = %channel.id, %error, "a channel could not be served");
        }
        let release = move |tx: &mut Tx<'_>| store::channel::release_lease(tx, &channel);
        if let Err(error) = self.db.write(Scope::Server, Lane::People, release).await {
            tracing::warn!(%error, "a lease was not given back; it runs out by itself");
        }
    }

    async fn mail(self: Arc<Self>, post: Post, stop: CancellationToken) {
        let Some(mailing) = &self.mailing else { return };
        let channel = post.channel().id;
        if let Err(error) = ended(&stop, Arc::clone(mailing).serve(post, stop.clone()).await) {
            tracing::error!(channel.id = %channel, %error, "what goes to many could not be sent");
        }
    }

    async fn keep_lease(&self, channel: &Channel) -> Result<()> {
        loop {
            tokio::time::sleep(self.lease / 3).await;
            let (held, lease_ms) = (channel.clone(), self.lease_ms());
            let extend = move |tx: &mut Tx<'_>| store::channel::extend_lease(tx, &held, lease_ms);
            if !self.db.write(Scope::Server, Lane::People, extend).await? {
                return Ok(());
            }
        }
    }

    async fn take_in(&self, channel: &Channel, telegram: &Telegram, stop: &CancellationToken) -> Result<()> {
        let is_good = tokio::select! {
            () = stop.cancelled() => false,
            is_good = self.set_menu(channel, telegram) => is_good?,
        };
        if !is_good {
            return Ok(());
        }
        match channel.intake {
            Some(Intake::Webhook) => self.hold_webhook(channel, telegram, stop).await,
            Some(Intake::Polling) | None => self.poll(channel, telegram, stop).await,
        }
    }

    /// Tells Telegram the bot's commands in each language. `false` when the token is good no longer.
    async fn set_menu(&self, channel: &Channel, telegram: &Telegram) -> Result<bool> {
        let (ctx, bots, bot) =
            (ctx_of(channel, self.clock.now(), &self.random), Arc::clone(&self.bots), channel.bot);
        let read = move |tx: &mut db::ReadTx<'_>| {
            let version = store::bot::get(&ctx, tx, bot)?.version;
            bots.blueprint(&ctx, tx, bot, version)
        };
        let blueprint = self.db.read(channel.workspace, read).await?;
        if let Err(error) = super::menu::tell(telegram, &blueprint).await {
            if self.is_broken(channel, &error).await? {
                return Ok(false);
            }
            // The menu is a comfort: the bot works without it.
            tracing::warn!(channel.id = %channel.id, %error, "the commands' menu was not set");
        }
        Ok(true)
    }

    async fn poll(&self, channel: &Channel, telegram: &Telegram, stop: &CancellationToken) -> Result<()> {
        let mut next = channel.next_update;
        let mut wait = WAIT;
        while !stop.is_cancelled() {
            let asked = tokio::select! {
                () = stop.cancelled() => break,
                asked = telegram.get_updates(next, POLL_S) => asked,
            };
            let updates = match asked {
                Ok(updates) => updates,
                Err(error) => {
                    if self.is_broken(channel, &error).await? {
                        return Ok(());
                    }
                    if matches!(classify(&error), Outcome::Conflict(_)) {
                        // A webhook that was set before; another poller is seen again at the next try.
                        let _told_again = telegram.delete_webhook(false).await;
                    }
                    tracing::warn!(channel.id = %channel.id, %error, "updates could not be fetched");
                    wait_or_stop(pause(&error, &mut wait), stop).await;
                    continue;
                }
            };
            wait = WAIT;
            let Some(last) = updates.iter().map(|update| update.update_id).max() else { continue };
            let ctx = ctx_of(channel, self.clock.now(), &self.random);
            if let Err(error) = take_all(&ctx, &self.db, &self.bots, channel, &updates).await {
                tracing::error!(channel.id = %channel.id, %error, "updates were not taken; they will come again");
                wait_or_stop(wait, stop).await;
                continue;
            }
            next = last.saturating_add(1);
            let (workspace, id) = (channel.workspace, channel.id);
            let save = move |tx: &mut Tx<'_>| store::channel::set_next_update(workspace, tx, id, next);
            self.db.write(channel.workspace, Lane::Background, save).await?;
        }
        Ok(())
    }

    /// Sets the webhook and stays until the channel is given up: updates come to [`super::webhook`].
    async fn hold_webhook(
        &self,
        channel: &Channel,
        telegram: &Telegram,
        stop: &CancellationToken,
    ) -> Result<()> {
        let url = format!("{}/webhook/telegram/{}", self.bots.config().public_url, channel.id);
        let secret = channel.webhook_secret.clone().unwrap_or_default();
        let mut wait = WAIT;
        while !stop.is_cancelled() {
            let Err(error) = telegram.set_webhook(&url, &secret, WEBHOOK_CONNECTIONS).await else { break };
            if self.is_broken(channel, &error).await? {
                return Ok(());
            }
            tracing::warn!(channel.id = %channel.id, %error, "the webhook was not set");
            wait_or_stop(pause(&error, &mut wait), stop).await;
        }
        stop.cancelled().await;
        Ok(())
    }

    /// Whether the error ends the channel: the token is good no longer. Then people see why.
    pub(super) async fn is_broken(&self, channel: &Channel, error: &CallError) -> Result<bool> {
        if classify(error) != Outcome::Unauthorized {
            return Ok(false);
        }
        self.set_broken(channel, &error.to_string()).await?;
        Ok(true)
    }

    pub(super) async fn set_broken(&self, channel: &Channel, problem: &str) -> Result<()> {
        let (workspace, id, problem) = (channel.workspace, channel.id, problem.to_owned());
        let broken = move |tx: &mut Tx<'_>| {
            store::channel::set_state(workspace, tx, id, ChannelState::Broken, Some(&problem))
        };
        self.db.write(channel.workspace, Lane::People, broken).await
    }
}

/// Says that one half of serving a channel has ended: the other finishes too.
fn ended(stop: &CancellationToken, outcome: Result<()>) -> Result<()> {
    stop.cancel();
    outcome
}

pub(super) async fn wait_or_stop(pause: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(pause) => {}
    }
}

/// How long to wait after this error.
fn pause(error: &CallError, wait: &mut Duration) -> Duration {
    if let Outcome::Retry { after_s: Some(seconds) } = classify(error) {
        return Duration::from_secs(u64::from(seconds.max(1)));
    }
    let now = *wait;
    *wait = wait.saturating_mul(2).min(WAIT_MOST);
    now
}
