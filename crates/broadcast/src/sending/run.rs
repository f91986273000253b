//! One broadcast while it is sent: who is next, what is on its way, what came of it.
//!
//! Every round is one transaction ([`Step`]): it writes what ended since the last one and takes as many people as may go
//! now. So a thousand messages cost some dozens of commits, and no row is `sending` longer than its call and one round.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use bots::{Conversation, Post};
use channels::telegram::{Outcome, Turn, Upload};
use db::{Lane, ReadTx, Tx};
use kernel::{Error, Id, Kind, Result, Timestamp};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    IN_FLIGHT,
    step::{Ended, Step, Stepped, finish},
    stop_with,
};
use crate::{Broadcast, MediaKind, Problem, store, store::recipient::Next};

/// People read at once.
const READ_AT_ONCE: i64 = 256;
/// Open pages are told at most so often, milliseconds.
const TOLD_MS: i64 = 2_000;
/// So many messages that come to nothing one after the other stop it: the next ones would, too.
const STREAK_MAX: usize = 20;
/// Tries of a transaction that writes what was sent.
const TRIES: u32 = 10;
/// Pause between them.
const AGAIN: Duration = Duration::from_millis(300);
/// How many people whose chats are busy are passed over in one round.
const PASSED_OVER: usize = 4;
/// Waiting for nothing in particular.
const IDLE: Duration = Duration::from_millis(250);

/// A broadcast that is being sent.
pub(super) struct Run {
    post: Post,
    broadcast: Broadcast,
    /// Whose turn comes, in order.
    queue: VecDeque<Next>,
    /// Up to whom people were read; `None` when all were.
    read_to: Option<Id<Conversation>>,
    sending: JoinSet<Ended>,
    ended: Vec<Ended>,
    /// The picture or film itself, until the platform has an id for it.
    file: Option<Upload>,
    new_file_id: Option<Option<String>>,
    told_at: Timestamp,
    streak: usize,
    problem: Option<Problem>,
    /// It is to be taken up again from its row.
    begins_anew: bool,
}

impl Run {
    pub(super) fn new(post: Post, broadcast: Broadcast) -> Self {
        let told_at = post.now();
        Self {
            post,
            broadcast,
            queue: VecDeque::new(),
            read_to: Some(Id::from_uuid(Uuid::nil())),
            sending: JoinSet::new(),
            ended: Vec::new(),
            file: None,
            new_file_id: None,
            told_at,
            streak: 0,
            problem: None,
            begins_anew: false,
        }
    }

    /// Sends until everybody had their turn, somebody stops it, or the process stops: then what is on its way is waited
    /// for and written down.
    pub(super) async fn go(mut self, stop: &CancellationToken) -> Result<()> {
        let mut goes_on = self.bring_file().await?;
        loop {
            while let Some(done) = self.sending.try_join_next() {
                self.note(done)?;
            }
            goes_on = goes_on && !stop.is_cancelled() && !self.begins_anew;
            let (batch, wait) = if goes_on { self.choose().await? } else { (Vec::new(), IDLE) };
            if batch.is_empty() && self.ended.is_empty() {
                if self.sending.is_empty() && (!goes_on || self.is_over().await?) {
                    return Ok(());
                }
                self.wait(wait, goes_on.then_some(stop)).await?;
                continue;
            }
            let Stepped { taken, goes_on: still } = self.step(&batch).await?;
            goes_on = goes_on && still;
            let taken: HashSet<Id<Conversation>> = taken.into_iter().collect();
            for next in batch.into_iter().filter(|next| taken.contains(&next.conversation)) {
                self.send(next);
            }
        }
    }

    /// Something ends, may go, or has to stop.
    async fn wait(&mut self, wait: Duration, stop: Option<&CancellationToken>) -> Result<()> {
        let stopped = async {
            match stop {
                Some(stop) => stop.cancelled().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(done) = self.sending.join_next() => self.note(done),
            () = stopped => Ok(()),
            () = tokio::time::sleep(wait) => Ok(()),
        }
    }

    /// Has the picture or film at hand, where there is one and the platform has none yet. `false`: it is nowhere.
    async fn bring_file(&mut self) -> Result<bool> {
        let Some(media) = self.broadcast.content.media.clone() else { return Ok(true) };
        if let Some(id) = &self.broadcast.file_id {
            self.file = Some(Upload::FileId(id.clone()));
            return Ok(true);
        }
        let (name, mime) = match media.kind {
            MediaKind::Photo => ("picture.jpg", "image/jpeg"),
            MediaKind::Video => ("video.mp4", "video/mp4"),
        };
        match bots::stored_upload(self.post.blobs(), &media.file, name.to_owned(), mime).await {
            Ok(upload) => {
                self.file = Some(upload);
                Ok(true)
            }
            // The store is silent: the broadcast is begun again, from where it was.
            Err(error) if error.kind() == Kind::Busy => {
                tracing::warn!(broadcast.id = %self.broadcast.id, %error, "a broadcast waits for its file");
                tokio::time::sleep(IDLE).await;
                Ok(false)
            }
            Err(error) => {
                tracing::error!(broadcast.id = %self.broadcast.id, file.hash = media.file, %error, "a broadcast's file is missing");
                let (ctx, id) = (self.post.ctx(), self.broadcast.id);
                let stop = move |tx: &mut Tx<'_>| {
                    let running = store::lock(&ctx, tx, id)?;
                    stop_with(&ctx, tx, running, Problem::FileMissing)
                };
                self.post.db().write(self.workspace(), Lane::People, stop).await?;
                Ok(false)
            }
        }
    }

    fn workspace(&self) -> kernel::WorkspaceId {
        self.post.channel().workspace
    }

    /// Those who may be sent to at this moment, and how long it is until the next may.
    async fn choose(&mut self) -> Result<(Vec<Next>, Duration)> {
        // The file travels once, alone; then the platform's id of it is known.
        let most = if matches!(self.file, Some(Upload::File { .. })) { 1 } else { IN_FLIGHT };
        let free = most.saturating_sub(self.sending.len());
        if free == 0 {
            return Ok((Vec::new(), IDLE));
        }
        if self.queue.len() < free {
            self.read().await?;
        }
        let mut batch = Vec::with_capacity(free);
        let mut soonest: Option<Timestamp> = None;
        let mut passed = 0;
        while batch.len() < free && passed < PASSED_OVER {
            let Some(next) = self.queue.pop_front() else { break };
            match self.post.ask(next.chat) {
                Turn::Go => batch.push(next),
                Turn::Wait(until) => {
                    soonest = Some(soonest.map_or(until, |soonest| soonest.min(until)));
                    self.queue.push_back(next);
                    passed += 1;
                }
            }
        }
        let wait = soonest.map_or(IDLE, |until| {
            let ms = u64::try_from(until.millis_since(self.post.now())).unwrap_or_default();
            Duration::from_millis(ms.clamp(1, 1_000))
        });
        Ok((batch, wait))
    }

    async fn read(&mut self) -> Result<()> {
        let Some(after) = self.read_to else { return Ok(()) };
        let (ctx, id) = (self.post.ctx(), self.broadcast.id);
        let read = move |tx: &mut ReadTx<'_>| store::recipient::waiting(&ctx, tx, id, after, READ_AT_ONCE);
        let found = self.post.db().read(self.workspace(), read).await?;
        let is_all = i64::try_from(found.len()).unwrap_or(i64::MAX) < READ_AT_ONCE;
        self.read_to = found.last().map(|last| last.conversation).filter(|_| !is_all);
        self.queue.extend(found);
        Ok(())
    }

    /// Nothing is on its way and nobody waits here: whether it has ended. Those who got nothing and wait again have their
    /// turn otherwise.
    async fn is_over(&mut self) -> Result<bool> {
        if !self.queue.is_empty() || self.read_to.is_some() {
            return Ok(false);
        }
        let (ctx, id, channel) = (self.post.ctx(), self.broadcast.id, self.post.channel().clone());
        let end = move |tx: &mut Tx<'_>| finish(&ctx, tx, id, &channel);
        let is_over = self.post.db().write(self.workspace(), Lane::People, end).await?;
        self.read_to = Some(Id::from_uuid(Uuid::nil()));
        Ok(is_over)
    }

    async fn step(&mut self, batch: &[Next]) -> Result<Stepped> {
        let now = self.post.now();
        let tell = now.millis_since(self.told_at) >= TOLD_MS;
        if tell {
            self.told_at = now;
        }
        let step = Arc::new(Step {
            broadcast: self.broadcast.id,
            channel: self.post.channel().clone(),
            ended: std::mem::take(&mut self.ended),
            wanted: batch.iter().map(|next| next.conversation).collect(),
            file_id: self.new_file_id.take(),
            tell,
            problem: self.problem.take(),
        });
        let mut tries = 0;
        loop {
            let (ctx, step) = (self.post.ctx(), Arc::clone(&step));
            let take = move |tx: &mut Tx<'_>| step.take(&ctx, tx);
            match self.post.db().write(self.workspace(), Lane::People, take).await {
                Ok(stepped) => return Ok(stepped),
                Err(error) if tries >= TRIES => return Err(error),
                // What was sent must be written: until it is, everybody would take it for unknown.
                Err(error) => {
                    tries += 1;
                    tracing::warn!(broadcast.id = %self.broadcast.id, %error, "what was sent could not be written");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }

    /// Makes the one call for this person.
    fn send(&mut self, next: Next) {
        let call = self.broadcast.content.call(next.chat, next.lang, self.broadcast.default_lang);
        let (post, file) = (self.post.clone(), self.file.clone());
        self.sending.spawn(async move {
            let outcome = post.send(&call, file.as_ref()).await;
            let by_file_id = matches!(file, Some(Upload::FileId(_)));
            Ended { conversation: next.conversation, call, at: post.now(), outcome, by_file_id }
        });
    }

    /// Looks at what came of a call; it is written in the next step.
    fn note(&mut self, done: Result<Ended, tokio::task::JoinError>) -> Result<()> {
        let ended = done.map_err(Error::internal)?;
        self.streak = match () {
            () if ended.is_general() => self.streak + 1,
            () if ended.outcome.is_ok() => 0,
            () => self.streak,
        };
        match &ended.outcome {
            Ok(sent) => self.learn_file_id(sent.file_id.clone()),
            Err(Outcome::BadFile(why)) if ended.by_file_id => {
                tracing::warn!(broadcast.id = %self.broadcast.id, why, "the platform forgot a file; it is sent anew");
                self.new_file_id = Some(None);
                self.begins_anew = true;
            }
            Err(Outcome::BadFile(why)) => self.problem = Some(Problem::FileRefused(why.clone())),
            Err(other) if self.streak >= STREAK_MAX => {
                let why = match other {
                    Outcome::BadRequest(why) => why.clone(),
                    _ => String::new(),
                };
                self.problem = Some(Problem::Refused(why));
            }
            Err(_) => {}
        }
        self.ended.push(ended);
        Ok(())
    }

    fn learn_file_id(&mut self, file_id: Option<String>) {
        if matches!(self.file, Some(Upload::File { .. }))
            && let Some(id) = file_id
        {
            self.file = Some(Upload::FileId(id.clone()));
            self.new_file_id = Some(Some(id));
        }
    }
}
