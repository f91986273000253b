//! One transaction of sending: what became of messages is written, and the next people are taken.

use bots::{Arrived, Channel, Conversation, Readiness};
use channels::telegram::{Outcome, Outgoing, Sent};
use context::{Ctx, Event};
use db::Tx;
use kernel::{Id, Result, Timestamp};

use super::stop_with;
use crate::{
    Broadcast, Fate, Problem, State,
    events::{CHANGED, PROGRESS},
    store,
};

/// Characters of the platform's words that are kept.
const PROBLEM_CHARS: usize = 300;

/// A call that was made, and what came of it.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    pub(super) conversation: Id<Conversation>,
    pub(super) call: Outgoing,
    pub(super) at: Timestamp,
    pub(super) outcome: Result<Sent, Outcome>,
    /// The picture or film went as the platform's own.
    pub(super) by_file_id: bool,
}

impl Ended {
    /// What became of the person, and why. Back to their turn goes only who certainly got nothing.
    pub(super) fn fate(&self) -> (Fate, Option<String>) {
        let said = |words: &str| Some(words.chars().take(PROBLEM_CHARS).collect());
        match &self.outcome {
            Ok(_) => (Fate::Sent, None),
            Err(Outcome::Retry { .. } | Outcome::Unauthorized | Outcome::Conflict(_)) => {
                (Fate::Waiting, None)
            }
            // The platform's id of a file is of another bot, or too old: the file itself is sent.
            Err(Outcome::BadFile(_)) if self.by_file_id => (Fate::Waiting, None),
            Err(Outcome::Blocked) => (Fate::Blocked, None),
            Err(Outcome::Gone) => (Fate::Failed, said("gone")),
            Err(Outcome::Moved(_)) => (Fate::Failed, said("moved")),
            Err(Outcome::BadFile(why) | Outcome::BadRequest(why)) => (Fate::Failed, said(why)),
            Err(Outcome::CannotEdit | Outcome::Done | Outcome::Unknown) => (Fate::Unknown, None),
        }
    }

    /// Whether everybody would get the same answer from the platform.
    pub(super) fn is_general(&self) -> bool {
        matches!(&self.outcome, Err(Outcome::BadFile(_) | Outcome::BadRequest(_) | Outcome::Unknown))
            && self.fate().0 != Fate::Waiting
    }
}

/// What a step is to do.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) broadcast: Id<Broadcast>,
    pub(super) channel: Channel,
    pub(super) ended: Vec<Ended>,
    pub(super) wanted: Vec<Id<Conversation>>,
    /// The platform's id of the picture or film, when that has changed.
    pub(super) file_id: Option<Option<String>>,
    /// Open pages are told.
    pub(super) tell: bool,
    /// Why it has to stand still.
    pub(super) problem: Option<Problem>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stepped {
    /// Who may be sent to.
    pub(super) taken: Vec<Id<Conversation>>,
    /// Whether it goes on.
    pub(super) goes_on: bool,
}

impl Step {
    pub(super) fn take(&self, ctx: &Ctx, tx: &mut Tx) -> Result<Stepped> {
        let Self { broadcast, channel, ended, wanted, file_id, tell, problem } = self;
        let stopped = Stepped { taken: Vec::new(), goes_on: false };
        let state = store::state(ctx, tx, *broadcast)?;
        if state.is_none() {
            // Its bot was deleted, and it with its bot.
            return Ok(stopped);
        }
        self.write_down(ctx, tx, ended)?;
        if let Some(file_id) = file_id {
            store::set_file_id(ctx, tx, *broadcast, file_id.as_deref())?;
        }
        if *tell {
            let counts = store::recipient::counts(ctx, tx, &[*broadcast])?.remove(broadcast);
            ctx.emit(tx, Event::new(PROGRESS, *broadcast).with(&counts.unwrap_or_default())?)?;
        }
        if state != Some(State::Running) {
            return Ok(stopped);
        }
        let problem = match bots::readiness(tx, channel)? {
            Readiness::Lost => return Ok(stopped),
            Readiness::BotRests => Some(Problem::BotRests),
            Readiness::Ready => problem.clone(),
        };
        if let Some(problem) = problem {
            let running = store::lock(ctx, tx, *broadcast)?;
            stop_with(ctx, tx, running, problem)?;
            return Ok(stopped);
        }
        let taken = store::recipient::take(ctx, tx, *broadcast, channel.fence, wanted)?;
        Ok(Stepped { taken, goes_on: true })
    }

    /// Each fate once, and into the history of the conversation what arrived.
    fn write_down(&self, ctx: &Ctx, tx: &mut Tx, ended: &[Ended]) -> Result<()> {
        let mut arrived = Vec::with_capacity(ended.len());
        for one in ended {
            let (fate, problem) = one.fate();
            let (id, fence) = (one.conversation, self.channel.fence);
            let is_new =
                store::recipient::set_fate(ctx, tx, self.broadcast, id, fence, (fate, problem.as_deref()))?;
            match &one.outcome {
                Ok(sent) if is_new => arrived.push(Arrived {
                    conversation: id,
                    call: one.call.clone(),
                    platform_id: sent.message,
                    at: one.at,
                }),
                Err(Outcome::Blocked | Outcome::Gone) => bots::note_blocked(ctx, tx, id)?,
                _ => {}
            }
        }
        bots::note_arrived(ctx, tx, self.channel.id, self.broadcast.uuid(), &arrived)
    }
}

/// Ends the broadcast when nobody's turn is left and nothing is on its way; `true` when it has ended.
pub(super) fn finish(ctx: &Ctx, tx: &mut Tx, id: Id<Broadcast>, channel: &Channel) -> Result<bool> {
    let before = store::lock(ctx, tx, id)?;
    if before.state != State::Running {
        return Ok(true);
    }
    // This sender has nothing on its way: what still looks so is of a dead one.
    store::recipient::give_up_all(ctx, tx, id, channel.fence)?;
    let counts = store::recipient::counts(ctx, tx, &[id])?.remove(&id).unwrap_or_default();
    if counts.waiting > 0 || counts.sending > 0 {
        return Ok(false);
    }
    let after = Broadcast { state: State::Done, ended_at: Some(ctx.now()), ..before.clone() };
    store::update(ctx, tx, &after)?;
    ctx.audit(tx, "broadcast.end", "broadcast", id, Some(&before.state), Some(&counts))?;
    ctx.emit(tx, Event::new(CHANGED, id))?;
    Ok(true)
}
