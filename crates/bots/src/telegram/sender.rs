//! Messages out: the channel's outbox, chat by chat in order, chats side by side, within the platform's limits.
//!
//! A message is marked after the platform took it. A crash between the two sends it once more: at most one double for
//! each send in flight (SPEC, "Rules that hold everywhere").

use std::{
    collections::{HashMap, HashSet, VecDeque},
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use channels::telegram::{Act, Limiter, Outcome, Outgoing, Sent, Telegram, Turn, Upload};
use context::Ctx;
use db::{Lane, ReadTx, Topic, Tx};
use flow::limits;
use futures::FutureExt;
use kernel::{Kind, Result};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    intake::ctx_of,
    post::stored_upload,
    runner::{Runner, wait_or_stop},
    turns::Turns,
};
use crate::{
    Channel,
    audience::note_blocked,
    store::{
        self,
        message::{Fate, Mark, Queued},
    },
    ticketing,
};

/// Chats that are written to at once by one bot.
const CHATS_AT_ONCE: usize = 32;
/// Messages read from the outbox at once.
const READ_AT_ONCE: i64 = 512;
/// How long a look gathers what wakes it, unless the last look is longer ago than this: under load a hundred looks a second
/// read what five hundred would, and who writes alone is answered at once.
const GATHER: Duration = Duration::from_millis(10);
/// How often the whole outbox is looked through, for what a wake-up did not tell.
const LOOK: Duration = Duration::from_secs(1);
/// Rows that may become visible behind later ones (PostgreSQL commits out of order): looked at again each time.
const OVERLAP: i64 = 256;
/// Tries of a message whose outcome stays unknown or whose server fails.
const TRIES: u32 = 5;
/// Fates written in one transaction.
const FATES_AT_ONCE: usize = 256;
/// Stored files whose Telegram id is remembered.
const FILES: usize = 20_000;

/// Sends the messages of one channel.
pub(super) struct Sender {
    runner: Arc<Runner>,
    channel: Channel,
    telegram: Telegram,
    limiter: Mutex<Limiter>,
    files: Mutex<HashMap<String, String>>,
    /// Messages whose fate is not written yet: in the outbox they still look as if they waited.
    unwritten: AtomicUsize,
}

/// How sending to one chat ended.
enum ChatEnd {
    Done,
    /// The token is good no longer.
    Broken(String),
}

impl Sender {
    pub(super) fn new(runner: Arc<Runner>, channel: Channel, telegram: Telegram) -> Arc<Self> {
        let (limiter, files) = (Mutex::new(Limiter::new()), Mutex::new(HashMap::new()));
        Arc::new(Self { runner, channel, telegram, limiter, files, unwritten: AtomicUsize::new(0) })
    }

    pub(super) fn channel(&self) -> &Channel {
        &self.channel
    }

    pub(super) fn runner(&self) -> &Runner {
        &self.runner
    }

    /// Whether a message that stands behind all answers may go now.
    pub(super) fn ask_behind(&self, chat: i64) -> Turn {
        let now = self.runner.clock.now();
        let mut limiter = self.limiter.lock().unwrap_or_else(PoisonError::into_inner);
        if self.runner.bots.config().telegram_limits {
            return limiter.ask_behind(now, chat);
        }
        // A server of one's own has no limits, and may ask for silence all the same.
        limiter.stopped_until(now).map_or(Turn::Go, Turn::Wait)
    }

    /// Makes one call as it is, which the limits have let pass.
    pub(super) async fn send_once(
        &self,
        outgoing: &Outgoing,
        upload: Option<&Upload>,
    ) -> Result<Sent, Outcome> {
        let outcome = self.telegram.deliver_as_it_is(outgoing, upload).await;
        match &outcome {
            Ok(_) => metrics::counter!("telegram_sent_total").increment(1),
            Err(Outcome::Retry { after_s }) => self.stop_for(after_s.unwrap_or(1).max(1)),
            Err(broken @ (Outcome::Unauthorized | Outcome::Conflict(_))) => {
                let problem = format!("{broken:?}");
                if let Err(error) = self.runner.set_broken(&self.channel, &problem).await {
                    tracing::error!(channel.id = %self.channel.id, %error, "a broken channel could not be marked");
                }
            }
            Err(_) => {}
        }
        outcome
    }

    /// The platform asked for silence.
    fn stop_for(&self, seconds: u32) {
        metrics::counter!("telegram_flood_total").increment(1);
        let now = self.runner.clock.now();
        self.limiter.lock().unwrap_or_else(PoisonError::into_inner).stop(now, seconds);
    }

    /// Sends until the channel breaks or the process stops; what is on its way then is waited for and marked.
    pub(super) async fn send_all(self: Arc<Self>, stop: &CancellationToken) -> Result<()> {
        let (marks, to_write) = unbounded_channel();
        // The marks end when nobody is left who could send one.
        let (pumped, written) =
            tokio::join!(Arc::clone(&self).pump(marks, stop), self.write_marks(to_write, stop));
        pumped.and(written)
    }

    async fn pump(self: Arc<Self>, marks: UnboundedSender<Mark>, stop: &CancellationToken) -> Result<()> {
        let mut woken = self.runner.db.subscribe(Topic::Messages);
        let mut turns: Turns<Queued> = Turns::default();
        let mut known: HashSet<i64> = HashSet::new();
        let mut sending: JoinSet<(i64, ChatEnd)> = JoinSet::new();
        let mut seen = 0;
        loop {
            woken.mark_unchanged();
            seen = self.look(seen, &mut known, &mut turns).await?;
            let next_look = Instant::now() + GATHER;
            let mut is_woken = false;
            loop {
                if stop.is_cancelled() {
                    while sending.join_next().await.is_some() {}
                    return Ok(());
                }
                while turns.busy() < CHATS_AT_ONCE
                    && let Some((chat, queue)) = turns.next()
                {
                    sending.spawn(Arc::clone(&self).send_chat(chat, queue, marks.clone(), stop.clone()));
                }
                tokio::select! {
                    Some(ended) = sending.join_next() => {
                        if let Ok((chat, end)) = ended {
                            turns.done(chat);
                            if let ChatEnd::Broken(problem) = end {
                                return self.runner.set_broken(&self.channel, &problem).await;
                            }
                        }
                    }
                    () = stop.cancelled() => {}
                    _ = woken.changed(), if !is_woken => is_woken = true,
                    () = tokio::time::sleep_until(next_look), if is_woken => break,
                    () = tokio::time::sleep(LOOK) => {
                        // Everything anew: also what is to be tried again.
                        if turns.is_idle() && self.unwritten.load(Ordering::SeqCst) == 0 {
                            known.clear();
                            seen = 0;
                        }
                        break;
                    }
                }
            }
        }
    }

    /// Reads what is new in the outbox into the chats' queues; answers the place up to which it has looked.
    async fn look(&self, seen: i64, known: &mut HashSet<i64>, turns: &mut Turns<Queued>) -> Result<i64> {
        let (workspace, channel) = (self.channel.workspace, self.channel.id);
        let mut last = seen;
        loop {
            let from = last.saturating_sub(OVERLAP);
            let skip: HashSet<i64> = known.iter().copied().filter(|seq| *seq > from).collect();
            let read = move |tx: &mut ReadTx<'_>| {
                store::message::queued(tx, workspace, channel, from, READ_AT_ONCE, &skip)
            };
            let (found, end, is_full) = self.runner.db.read(workspace, read).await?;
            for message in found {
                known.insert(message.seq);
                turns.add(message.outgoing.chat, message);
            }
            let end = end.map_or(last, |end| end.max(last));
            let is_read = !is_full || end == last;
            last = end;
            if is_read {
                known.retain(|seq| *seq > last.saturating_sub(OVERLAP * 2));
                return Ok(last);
            }
        }
    }

    async fn send_chat(
        self: Arc<Self>,
        chat: i64,
        queue: VecDeque<Queued>,
        marks: UnboundedSender<Mark>,
        stop: CancellationToken,
    ) -> (i64, ChatEnd) {
        for message in queue {
            if stop.is_cancelled() {
                break;
            }
            let sending = self.send_one(chat, &message, &marks, &stop);
            match AssertUnwindSafe(sending).catch_unwind().await {
                Ok(None) => {}
                Ok(Some(end)) => return (chat, end),
                // A fault of ours at one message does not silence the chat for ever.
                Err(_panic) => {
                    self.mark(&marks, message.seq, Fate::Failed { problem: "a panic".to_owned() });
                }
            }
        }
        (chat, ChatEnd::Done)
    }

    /// Acts for the channel.
    fn ctx(&self) -> Ctx {
        ctx_of(&self.channel, self.runner.clock.now(), &self.runner.random)
    }

    /// Has it written down what became of a message.
    fn mark(&self, marks: &UnboundedSender<Mark>, seq: i64, fate: Fate) {
        self.unwritten.fetch_add(1, Ordering::SeqCst);
        // The receiver lives as long as this does.
        let _sent = marks.send(Mark { seq, at: self.runner.clock.now(), fate });
    }

    /// Sends one message, however long the limits make it wait. `Some` ends the chat's queue, as a stop does.
    async fn send_one(
        &self,
        chat: i64,
        message: &Queued,
        marks: &UnboundedSender<Mark>,
        stop: &CancellationToken,
    ) -> Option<ChatEnd> {
        let mark = |fate: Fate| self.mark(marks, message.seq, fate);
        let mut tries = message.attempts;
        loop {
            tokio::select! {
                () = stop.cancelled() => return Some(ChatEnd::Done),
                () = self.wait_for_turn(chat, message) => {}
            }
            let upload = match self.upload(message).await {
                Ok(upload) => upload,
                Err(error) if tries < TRIES => {
                    tries += 1;
                    mark(Fate::Again { problem: error.to_string() });
                    wait_or_stop(Duration::from_millis(250 << tries.min(6)), stop).await;
                    continue;
                }
                Err(error) => {
                    tracing::warn!(%error, "the store of files stays silent; the message's words are sent");
                    None
                }
            };
            match self.telegram.deliver(&message.outgoing, upload.as_ref()).await {
                Ok(Sent { message: platform_id, file_id }) => {
                    self.remember_file(message, file_id);
                    mark(Fate::Sent { platform_id });
                    metrics::counter!("telegram_sent_total").increment(1);
                    return None;
                }
                Err(Outcome::Retry { after_s }) => {
                    let seconds = after_s.unwrap_or(1).max(1);
                    self.stop_for(seconds);
                    wait_or_stop(Duration::from_secs(u64::from(seconds)), stop).await;
                }
                Err(Outcome::Blocked | Outcome::Gone) => {
                    self.give_up_chat(message).await;
                    return Some(ChatEnd::Done);
                }
                Err(outcome @ (Outcome::Unauthorized | Outcome::Conflict(_))) => {
                    return Some(ChatEnd::Broken(format!("{outcome:?}")));
                }
                Err(outcome @ Outcome::Unknown) if tries < TRIES => {
                    tries += 1;
                    mark(Fate::Again { problem: format!("{outcome:?}") });
                    wait_or_stop(Duration::from_millis(250 << tries.min(6)), stop).await;
                }
                Err(outcome) => {
                    tracing::error!(channel.id = %self.channel.id, message.seq, ?outcome, "a message was refused");
                    mark(Fate::Failed { problem: format!("{outcome:?}") });
                    return None;
                }
            }
        }
    }

    async fn wait_for_turn(&self, chat: i64, message: &Queued) {
        if !self.runner.bots.config().telegram_limits || !message.outgoing.is_limited() {
            return;
        }
        loop {
            let now = self.runner.clock.now();
            let turn = self.limiter.lock().unwrap_or_else(PoisonError::into_inner).ask(now, chat);
            match turn {
                Turn::Go => return,
                Turn::Wait(until) => {
                    let ms = u64::try_from(until.millis_since(now)).unwrap_or_default().max(1);
                    tokio::time::sleep(Duration::from_millis(ms)).await;
                }
            }
        }
    }

    /// The stored picture or document that the message shows: Telegram's own copy where it has one. `None` for one that is
    /// not there or that no bot may send: its words are sent. Errors: the store of files is silent.
    async fn upload(&self, message: &Queued) -> Result<Option<Upload>> {
        let Some(hash) = message.outgoing.stored_file() else { return Ok(None) };
        let (name, mime) = match &message.outgoing.act {
            Act::Document { document, .. } if document.size_bytes > limits::DOCUMENT_BYTES_MAX => {
                return Ok(None);
            }
            Act::Document { document, .. } => (document.name.clone(), mime_of(&document.name)),
            Act::Video { video, .. } => (video.name.clone(), "video/mp4"),
            _ => ("picture.jpg".to_owned(), "image/jpeg"),
        };
        let known = self.files.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned();
        if let Some(id) = known {
            return Ok(Some(Upload::FileId(id)));
        }
        match stored_upload(self.runner.bots.blobs(), hash, name, mime).await {
            Ok(upload) => Ok(Some(upload)),
            Err(error) if error.kind() == Kind::Busy => Err(error),
            Err(error) => {
                tracing::warn!(file.hash = hash, %error, "a file is not there; its words are sent");
                Ok(None)
            }
        }
    }

    fn remember_file(&self, message: &Queued, file_id: Option<String>) {
        if let (Some(hash), Some(id)) = (message.outgoing.stored_file(), file_id) {
            let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            if files.len() >= FILES {
                files.clear();
            }
            files.insert(hash.to_owned(), id);
        }
    }

    /// The person blocked the bot or is gone: nothing more is sent until they come back.
    async fn give_up_chat(&self, message: &Queued) {
        let (ctx, conversation) = (self.ctx(), message.conversation);
        let give_up = move |tx: &mut Tx<'_>| note_blocked(&ctx, tx, conversation);
        if let Err(error) = self.runner.db.write(self.channel.workspace, Lane::People, give_up).await {
            tracing::error!(%error, "a blocked conversation could not be marked");
        }
    }

    /// Writes what became of messages, many at a time, until nobody sends any more. When it cannot, sending ends: what
    /// is not marked would be sent again.
    async fn write_marks(&self, mut marks: UnboundedReceiver<Mark>, stop: &CancellationToken) -> Result<()> {
        let workspace = self.channel.workspace;
        let mut batch = Vec::new();
        while marks.recv_many(&mut batch, FATES_AT_ONCE).await > 0 {
            let fates: Arc<[Mark]> = std::mem::take(&mut batch).into();
            let count = fates.len();
            let ctx = self.ctx();
            let write = move |tx: &mut Tx<'_>| {
                store::message::set_fates(tx, workspace, &fates)?;
                // An answer of the desk that was refused is said in its ticket.
                for Mark { seq, at: _, fate } in fates.iter() {
                    if let Fate::Failed { problem } = fate
                        && let Some(answer) = store::message::answer_at(&ctx, tx, *seq)?
                    {
                        ticketing::lost(&ctx, tx, answer, problem)?;
                    }
                }
                Ok(())
            };
            if let Err(error) = self.runner.db.write(workspace, Lane::People, write).await {
                stop.cancel();
                return Err(error);
            }
            self.unwritten.fetch_sub(count, Ordering::SeqCst);
        }
        Ok(())
    }
}

/// What a document is, by the ending of its name.
fn mime_of(name: &str) -> &'static str {
    if name.to_ascii_lowercase().ends_with(".pdf") { "application/pdf" } else { "application/octet-stream" }
}
