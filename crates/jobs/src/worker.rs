//! The workers: take, run, write the outcome; tell events; look at schedules.

use std::{collections::HashMap, sync::Arc, time::Duration};

use context::{Actor, CtxBuilder, Random, Services, StoredEvent};
use db::{Db, Lane, Scope, Topic, Tx};
use futures::FutureExt;
use kernel::{Clock, Error, Id, Kind, Result, Timestamp};
use serde::Deserialize;
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    Handler, Job, JobError, JobState, Listener, NewJob, REDELIVER, Run, Schedule,
    dispatch::{CONSUMER, Told, dispatch},
    store::{self, Ending, Kinds, Taken},
};

/// A job's lease where nobody says another; lengthened at a third of it, so a dead node's jobs are taken over within
/// this.
const LEASE: Duration = Duration::from_secs(30);
/// How often everybody looks without having been woken.
const LOOK: Duration = Duration::from_secs(1);
/// How long events gather once some were told: where many come, each by itself would cost as many transactions again.
const GATHER: Duration = Duration::from_millis(20);
/// How soon [`Worker::drain`] looks again at events behind an open transaction.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// Jobs of a process that wait for other servers, beside each other.
const WAITING_AT_ONCE: usize = 32;
/// How long jobs that wait for other servers may go on when the process stops.
const GRACE: Duration = Duration::from_secs(5);
/// The first wait before a job runs again; doubled each time up to the longest.
const BACK_OFF_MS: i64 = 2_000;
const BACK_OFF_MOST_MS: i64 = 15 * 60 * 1_000;

/// What there is to run.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// By kind.
    pub handlers: Vec<Handler>,
    /// Who listens to events.
    pub listeners: Vec<Listener>,
    /// What comes back every so often.
    pub schedules: Vec<Schedule>,
}

/// Runs jobs. One in a process.
pub struct Worker {
    db: Db,
    services: Services,
    clock: Arc<dyn Clock>,
    random: Random,
    handlers: HashMap<&'static str, Handler>,
    listeners: Vec<Listener>,
    schedules: Vec<Schedule>,
    /// The kinds that wait for other servers.
    waiting: Arc<[&'static str]>,
    lease: Duration,
    pub(crate) grace: Duration,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Worker({} kinds)", self.handlers.len())
    }
}

/// Running workers; [`WorkerHandle::stop`] ends them.
#[derive(Debug)]
pub struct WorkerHandle {
    stop: CancellationToken,
    tasks: JoinSet<()>,
    waiting: Waiting,
    grace: Duration,
}

/// The jobs that wait for other servers, and whoever takes them.
#[derive(Debug, Clone)]
struct Waiting {
    running: TaskTracker,
    room: Arc<Semaphore>,
    /// Take no more.
    stop: CancellationToken,
    /// Give back what still runs.
    leave: CancellationToken,
}

impl WorkerHandle {
    /// Takes no more jobs and waits for those in hand. Those that wait for other servers are given back when they do not
    /// end soon.
    pub async fn stop(self) {
        let Self { stop, mut tasks, waiting, grace } = self;
        stop.cancel();
        let working = async { while tasks.join_next().await.is_some() {} };
        waiting.running.close();
        let leaving = async {
            if tokio::time::timeout(grace, waiting.running.wait()).await.is_err() {
                waiting.leave.cancel();
                waiting.running.wait().await;
            }
        };
        tokio::join!(leaving, working);
    }
}

impl Worker {
    /// A worker for `work`.
    pub fn new(db: Db, services: Services, clock: Arc<dyn Clock>, random: Random, work: Work) -> Arc<Self> {
        Self::with_lease(db, services, clock, random, work, LEASE)
    }

    /// A worker whose death the others notice after `lease`.
    pub fn with_lease(
        db: Db,
        services: Services,
        clock: Arc<dyn Clock>,
        random: Random,
        work: Work,
        lease: Duration,
    ) -> Arc<Self> {
        let Work { handlers, listeners, schedules } = work;
        let mut handlers: HashMap<_, _> =
            handlers.into_iter().map(|handler| (handler.kind, handler)).collect();
        let redeliver = redeliver_handler(&listeners);
        handlers.insert(redeliver.kind, redeliver);
        let mut waiting: Vec<&'static str> =
            handlers.values().filter(|handler| handler.waits).map(|handler| handler.kind).collect();
        waiting.sort_unstable();
        Arc::new(Self {
            db,
            services,
            clock,
            random,
            handlers,
            listeners,
            schedules,
            waiting: waiting.into(),
            lease,
            grace: GRACE,
        })
    }

    /// Starts `takers` that run jobs side by side, one for the jobs that wait for other servers, one that tells events and
    /// one that looks at schedules.
    pub fn start(self: &Arc<Self>, takers: usize) -> WorkerHandle {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        for _ in 0..takers.max(1) {
            let worker = Arc::clone(self);
            tasks.spawn(worker.clone().repeat(stop.clone(), Some(Topic::Jobs), move || {
                let worker = Arc::clone(&worker);
                async move { worker.run_next(Kinds::Besides(Arc::clone(&worker.waiting))).await }.boxed()
            }));
        }
        let waiting = Waiting {
            running: TaskTracker::new(),
            room: Arc::new(Semaphore::new(WAITING_AT_ONCE)),
            stop: stop.clone(),
            leave: CancellationToken::new(),
        };
        if !self.waiting.is_empty() {
            let (worker, own) = (Arc::clone(self), waiting.clone());
            let taking = worker.clone().repeat(stop.clone(), Some(Topic::Jobs), move || {
                let (worker, own) = (Arc::clone(&worker), own.clone());
                async move { worker.begin_waiting(&own).await }.boxed()
            });
            // Whoever takes is waited for as the jobs are: it may still begin one.
            tasks.spawn(waiting.running.track_future(taking));
        }
        let worker = Arc::clone(self);
        tasks.spawn(worker.clone().repeat(stop.clone(), Some(Topic::Events), move || {
            let worker = Arc::clone(&worker);
            async move {
                let Told { count, has_more } = worker.tell_next().await?;
                if count > 0 && !has_more {
                    tokio::time::sleep(GATHER).await;
                }
                Ok(count > 0)
            }
            .boxed()
        }));
        let worker = Arc::clone(self);
        tasks.spawn(worker.clone().repeat(stop.clone(), None, move || {
            let worker = Arc::clone(&worker);
            async move { worker.look_at_schedules().await.map(|()| false) }.boxed()
        }));
        WorkerHandle { stop, tasks, waiting, grace: self.grace }
    }

    /// Calls `step` until it says that there is nothing to do, then sleeps until `topic` wakes it, or until it is time to look.
    async fn repeat(
        self: Arc<Self>,
        stop: CancellationToken,
        topic: Option<Topic>,
        step: impl Fn() -> futures::future::BoxFuture<'static, Result<bool>> + Send,
    ) {
        let mut woken: Option<watch::Receiver<u64>> = topic.map(|topic| self.db.subscribe(topic));
        while !stop.is_cancelled() {
            woken.iter_mut().for_each(watch::Receiver::mark_unchanged);
            match step().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "a worker's step failed"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = is_woken(woken.as_mut()) => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Runs everything that is due and tells every event, until nothing is left. For commands and tests.
    pub async fn drain(self: &Arc<Self>) -> Result<()> {
        loop {
            let told = self.tell_next().await?.count > 0;
            let ran = self.run_next(Kinds::All).await?;
            if told || ran {
                continue;
            }
            // Events behind somebody's open transaction become visible when it ends.
            let behind = self.db.read(Scope::Server, |tx| store::is_behind(tx, CONSUMER)).await?;
            if !behind {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn tell_next(&self) -> Result<Told> {
        let (listeners, now, random) = (self.listeners.clone(), self.clock.now(), self.random.clone());
        let tell = move |tx: &mut Tx| dispatch(tx, &listeners, now, &random);
        self.db.write(Scope::Server, Lane::Background, tell).await
    }

    async fn look_at_schedules(&self) -> Result<()> {
        let nil = Id::from_uuid(Uuid::nil());
        let known = self.db.read(Scope::Server, store::schedules).await?;
        for schedule in self.schedules.clone() {
            let now = self.clock.now();
            if known.get(schedule.name).is_some_and(|next_at| *next_at > now) {
                continue;
            }
            let ctx = CtxBuilder::server(nil, Actor::job(schedule.name), now, self.random.clone()).build();
            let look = move |tx: &mut Tx| {
                if store::take_schedule(tx, schedule.name, now, schedule.every_ms)? {
                    let job = NewJob::new(schedule.kind, &serde_json::json!({}))?.unique(schedule.name);
                    store::enqueue(&ctx, tx, job)?;
                }
                Ok(())
            };
            self.db.write(Scope::Server, Lane::Background, look).await?;
        }
        Ok(())
    }

    async fn run_next(self: &Arc<Self>, kinds: Kinds) -> Result<bool> {
        let Some(job) = self.take(kinds).await? else { return Ok(false) };
        self.run(job).await?;
        Ok(true)
    }

    /// Begins the next job that waits for another server, when there is room for one more.
    async fn begin_waiting(self: &Arc<Self>, waiting: &Waiting) -> Result<bool> {
        let place = tokio::select! {
            biased;
            () = waiting.stop.cancelled() => return Ok(false),
            place = Arc::clone(&waiting.room).acquire_owned() => place.map_err(Error::internal)?,
        };
        let Some(job) = self.take(Kinds::Of(Arc::clone(&self.waiting))).await? else { return Ok(false) };
        let (worker, leave) = (Arc::clone(self), waiting.leave.clone());
        if waiting.stop.is_cancelled() {
            return worker.give_back(&job).await.map(|()| false);
        }
        waiting.running.spawn(async move {
            let ended = tokio::select! {
                ended = worker.run(Arc::clone(&job)) => ended,
                () = leave.cancelled() => worker.give_back(&job).await,
            };
            if let Err(error) = ended {
                tracing::error!(%error, "what became of a job could not be written");
            }
            drop(place);
        });
        Ok(true)
    }

    /// Makes a job wait for the next worker, as though this one had not begun it.
    async fn give_back(&self, job: &Arc<Job>) -> Result<()> {
        let own = Arc::clone(job);
        let give = move |tx: &mut Tx| store::give_back(tx, &own);
        match self.db.write(Scope::Server, Lane::Background, give).await {
            // It ended at that moment.
            Err(error) if error.kind() == Kind::NotFound => Ok(()),
            other => other,
        }
    }

    async fn take(&self, kinds: Kinds) -> Result<Option<Arc<Job>>> {
        let lease_ms = self.lease_ms();
        loop {
            let (now, kinds) = (self.clock.now(), kinds.clone());
            let take = move |tx: &mut Tx| store::take(tx, now, lease_ms, &kinds);
            match self.db.write(Scope::Server, Lane::Background, take).await? {
                Taken::Nothing => return Ok(None),
                Taken::Run(job) => return Ok(Some(Arc::new(job))),
                Taken::Died(job) => {
                    tracing::error!(job.kind, job.id = %job.id, "a job is dead: its process died");
                    metrics::counter!("jobs_dead_total").increment(1);
                }
            }
        }
    }

    async fn run(self: &Arc<Self>, job: Arc<Job>) -> Result<()> {
        let cancelled = CancellationToken::new();
        let actor = Actor::job(job.kind.clone());
        let ctx = CtxBuilder::server(job.workspace, actor, self.clock.now(), self.random.clone()).build();
        let run = Run {
            ctx,
            db: self.db.clone(),
            services: self.services.clone(),
            job: Arc::clone(&job),
            cancelled: cancelled.clone(),
        };
        let outcome = match self.handlers.get(job.kind.as_str()) {
            None => Err(JobError::Fail(Error::internal(format!("nobody runs jobs of kind {}", job.kind)))),
            Some(handler) => {
                let running = std::panic::AssertUnwindSafe((handler.run)(run)).catch_unwind();
                tokio::select! {
                    outcome = running => outcome.unwrap_or_else(|_| {
                        Err(JobError::Retry(Error::internal("the job panicked")))
                    }),
                    () = self.keep_lease(&job, &cancelled) => return Ok(()),
                }
            }
        };
        let ending = self.ending(&job, outcome, cancelled.is_cancelled());
        let now = self.clock.now();
        let finished = self
            .db
            .write(Scope::Server, Lane::Background, move |tx| store::finish(tx, &job, now, &ending))
            .await;
        match finished {
            // Another worker has the job by now; its outcome counts.
            Err(error) if error.kind() == Kind::NotFound => Ok(()),
            other => other,
        }
    }

    fn lease_ms(&self) -> i64 {
        i64::try_from(self.lease.as_millis()).unwrap_or(i64::MAX)
    }

    /// Lengthens the lease until the run ends; returns when the lease is lost.
    async fn keep_lease(&self, job: &Arc<Job>, cancelled: &CancellationToken) {
        // A cancel is seen sooner than a lease runs out.
        let look = LOOK.min(self.lease / 3);
        let lease_ms = self.lease_ms();
        loop {
            tokio::time::sleep(look).await;
            let job = Arc::clone(job);
            let extend = move |tx: &mut Tx| store::extend(tx, &job, lease_ms);
            match self.db.write(Scope::Server, Lane::Background, extend).await {
                Ok(true) => cancelled.cancel(),
                Ok(false) => {}
                Err(error) if error.kind() == Kind::NotFound => return cancelled.cancel(),
                Err(error) => tracing::warn!(%error, "a lease was not lengthened"),
            }
        }
    }

    fn ending(&self, job: &Job, outcome: Result<serde_json::Value, JobError>, cancelled: bool) -> Ending {
        let ended = |state, result, error| Ending::Ended { state, result, error };
        match outcome {
            Ok(result) => ended(JobState::Done, Some(result), None),
            Err(JobError::Fail(_) | JobError::Retry(_)) if cancelled => {
                ended(JobState::Cancelled, None, None)
            }
            Err(JobError::Fail(error)) => {
                tracing::error!(job.kind, job.id = %job.id, %error, "a job failed");
                ended(JobState::Failed, None, Some(error.to_string()))
            }
            Err(JobError::Retry(error)) if job.attempts >= job.max_attempts => {
                tracing::error!(job.kind, job.id = %job.id, %error, "a job is dead");
                metrics::counter!("jobs_dead_total").increment(1);
                ended(JobState::Dead, None, Some(error.to_string()))
            }
            Err(JobError::Retry(error)) => {
                tracing::warn!(job.kind, job.id = %job.id, job.attempts, %error, "a job will run again");
                let doublings = job.attempts.saturating_sub(1).min(20);
                let wait = BACK_OFF_MS.saturating_mul(1 << doublings).min(BACK_OFF_MOST_MS);
                Ending::Again { at: self.clock.now().plus_millis(wait), error: error.to_string() }
            }
        }
    }
}

/// Until somebody is woken; without a topic nobody is.
async fn is_woken(topic: Option<&mut watch::Receiver<u64>>) {
    match topic {
        // The sender is the database's, which outlives whoever works with it.
        Some(topic) => drop(topic.changed().await),
        None => std::future::pending().await,
    }
}

/// What a redelivery carries.
#[derive(Deserialize)]
struct Again {
    listener: String,
    seq: i64,
    name: String,
    subject: Uuid,
    payload: serde_json::Value,
    at_ms: i64,
}

fn redeliver_handler(listeners: &[Listener]) -> Handler {
    let listeners = listeners.to_vec();
    Handler::new(REDELIVER, move |run: Run| {
        let listeners = listeners.clone();
        async move {
            let Again { listener, seq, name, subject, payload, at_ms } = run.payload()?;
            let Some(found) = listeners.iter().find(|l| l.name == listener).copied() else {
                return Err(JobError::Fail(Error::internal(format!("no listener {listener}"))));
            };
            let at = Timestamp::from_millis(at_ms);
            let event = StoredEvent { seq, workspace: run.ctx.workspace(), name, subject, payload, at };
            let (ctx, job) = (run.ctx.clone(), Arc::clone(&run.job));
            // In one transaction with the job's end: a process that dies in between would have it told once more.
            let done = Ending::Ended { state: JobState::Done, result: None, error: None };
            let tell = move |tx: &mut Tx| {
                (found.on)(&ctx, tx, &event)?;
                store::finish(tx, &job, ctx.now(), &done)
            };
            run.db.write(&run.ctx, Lane::Background, tell).await.map_err(JobError::Retry)
        }
    })
}
