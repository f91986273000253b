//! What a job is.

use std::str::FromStr;

use kernel::{Error, Id, Result, Timestamp, WorkspaceId};
use serde::Serialize;

/// Attempts of a job unless it says otherwise: with doubling waits from two seconds, about an hour.
const MAX_ATTEMPTS: u32 = 11;

/// A job as it stands.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: Id<Job>,
    /// Whose job; the nil id for jobs of the server.
    pub workspace: WorkspaceId,
    /// Which handler runs it: `catalog.import`.
    pub kind: String,
    /// The handler's input.
    pub payload: serde_json::Value,
    /// Where it stands.
    pub state: JobState,
    /// Not before this moment.
    pub run_at: Timestamp,
    /// Runs begun so far.
    pub attempts: u32,
    /// Runs at most.
    pub max_attempts: u32,
    /// Steps done.
    pub progress_done: i64,
    /// Steps in all; 0 when not known.
    pub progress_total: i64,
    /// Whether somebody asked it to stop.
    pub cancel_requested: bool,
    /// What came out.
    pub result: Option<serde_json::Value>,
    /// Why the last run failed; for people who run the server.
    pub error: Option<String>,
    /// Who enqueued it.
    pub created_by: String,
    /// When it was enqueued.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The fencing number of the present lease.
    pub(crate) fence: i64,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Waits for its moment and for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// Ended well.
    Done,
    /// Ended badly, and running it again would not help.
    Failed,
    /// Stopped on request.
    Cancelled,
    /// Every attempt failed; waits for a person.
    Dead,
}

impl JobState {
    /// The word that is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
        }
    }

    /// Whether nothing more happens to it by itself.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled | Self::Dead)
    }
}

impl FromStr for JobState {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled, Self::Dead]
            .into_iter()
            .find(|state| state.word() == word)
            .ok_or_else(Error::not_found)
    }
}

/// A job to enqueue.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub(crate) kind: &'static str,
    pub(crate) payload: serde_json::Value,
    pub(crate) unique_key: Option<String>,
    pub(crate) run_at: Option<Timestamp>,
    pub(crate) max_attempts: u32,
}

impl NewJob {
    /// A job of this kind with this input.
    pub fn new(kind: &'static str, payload: &impl Serialize) -> Result<Self> {
        let payload = serde_json::to_value(payload).map_err(Error::internal)?;
        Ok(Self { kind, payload, unique_key: None, run_at: None, max_attempts: MAX_ATTEMPTS })
    }

    /// Enqueued only when no job with this key waits or runs in the workspace.
    pub fn unique(mut self, key: impl Into<String>) -> Self {
        self.unique_key = Some(key.into());
        self
    }

    /// Not before this moment.
    pub fn at(mut self, moment: Timestamp) -> Self {
        self.run_at = Some(moment);
        self
    }

    /// At most this many runs.
    pub fn attempts(mut self, at_most: u32) -> Self {
        self.max_attempts = at_most.max(1);
        self
    }
}
