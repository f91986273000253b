//! What runs a job, and what a run can do.

use std::{fmt, sync::Arc};

use context::{Ctx, Services};
use db::{Db, Lane, Scope, Tx};
use futures::future::BoxFuture;
use kernel::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};
use tokio_util::sync::CancellationToken;

use crate::{Job, store};

/// Why a run did not end well: said at each `?` of a job.
#[derive(Debug)]
pub enum JobError {
    /// The same run may succeed later.
    Retry(Error),
    /// Running it again would not help.
    Fail(Error),
}

/// Says at a `?` what an error means for the job.
pub trait OrFail<T> {
    /// The same run may succeed later.
    fn or_retry(self) -> Result<T, JobError>;
    /// Running it again would not help.
    fn or_fail(self) -> Result<T, JobError>;
}

impl<T> OrFail<T> for Result<T> {
    fn or_retry(self) -> Result<T, JobError> {
        self.map_err(JobError::Retry)
    }
    fn or_fail(self) -> Result<T, JobError> {
        self.map_err(JobError::Fail)
    }
}

type RunJob = dyn Fn(Run) -> BoxFuture<'static, Result<serde_json::Value, JobError>> + Send + Sync;

/// Runs the jobs of one kind.
#[derive(Clone)]
pub struct Handler {
    /// The kind: `catalog.import`.
    pub kind: &'static str,
    pub(crate) run: Arc<RunJob>,
    /// Whether it mostly waits for somebody else's server.
    pub(crate) waits: bool,
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handler({})", self.kind)
    }
}

impl Handler {
    /// `run` runs jobs of this kind; what it gives is the job's result.
    pub fn new<F, R, T>(kind: &'static str, run: F) -> Self
    where
        F: Fn(Run) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, JobError>> + Send + 'static,
        T: Serialize,
    {
        let run = move |job: Run| -> BoxFuture<'static, Result<serde_json::Value, JobError>> {
            let running = run(job);
            Box::pin(async move {
                let value = running.await?;
                serde_json::to_value(value).map_err(|error| JobError::Fail(Error::internal(error)))
            })
        };
        Self { kind, run: Arc::new(run), waits: false }
    }

    /// The job mostly waits for somebody else's server: many such jobs run beside each other, and none of them keeps a
    /// job that works from running.
    #[must_use]
    pub fn waiting(self) -> Self {
        Self { waits: true, ..self }
    }
}

/// One run of a job.
#[derive(Debug, Clone)]
pub struct Run {
    /// Acts as this job, in its workspace.
    pub ctx: Ctx,
    /// The database.
    pub db: Db,
    /// The process's services.
    pub services: Services,
    /// The job.
    pub job: Arc<Job>,
    pub(crate) cancelled: CancellationToken,
}

impl Run {
    /// The job's input.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, JobError> {
        serde_json::from_value(self.job.payload.clone())
            .map_err(|error| JobError::Fail(Error::internal(error)))
    }

    /// Notes how far it is, and stops the run when somebody asked for that.
    pub async fn progress(&self, done: i64, total: i64) -> Result<(), JobError> {
        let job = Arc::clone(&self.job);
        let note = move |tx: &mut Tx| store::set_progress(tx, &job, done, total);
        self.db.write(Scope::Server, Lane::Background, note).await.or_retry()?;
        if self.cancelled.is_cancelled() { Err(JobError::Fail(Error::busy())) } else { Ok(()) }
    }

    /// Does `some` in one transaction after the other, in `scope`, until it says that there is no more.
    pub async fn in_portions<F>(&self, scope: impl Into<Scope>, some: F) -> Result<(), JobError>
    where
        F: Fn(&Ctx, &mut Tx<'_>) -> Result<bool> + Copy + Send + 'static,
    {
        let scope = scope.into();
        loop {
            let ctx = self.ctx.clone();
            let portion = move |tx: &mut Tx<'_>| some(&ctx, tx);
            if !self.db.write(scope, Lane::Background, portion).await.or_retry()? {
                return Ok(());
            }
        }
    }

    /// Whether it is not begun again when it fails now.
    pub fn is_last(&self) -> bool {
        self.job.attempts >= self.job.max_attempts
    }

    /// Whether somebody asked it to stop, or its lease is lost.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }
}
