//! Jobs that wait for other servers: what a stopping process does with them, how many a workspace may have, and what
//! becomes of those whose process died.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use db::{Scope, db_test, testing::TestDb};
use kernel::{FixedClock, Id};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;

use super::{START, ctx_of, put, put_in, state, taken, worker};
use crate::{
    Handler, Job, JobState, NewJob, Work, Worker,
    store::{self, Kinds},
};

/// Tells when it begins, and waits until it is let go.
fn waits_until(released: &CancellationToken) -> (Handler, UnboundedReceiver<()>) {
    let (began, seen) = tokio::sync::mpsc::unbounded_channel();
    let released = released.clone();
    let wait = Handler::new("t.wait", move |_| {
        began.send(()).unwrap();
        let released = released.clone();
        async move {
            released.cancelled().await;
            Ok(())
        }
    });
    (wait.waiting(), seen)
}

fn one_wait() -> NewJob {
    NewJob::new("t.wait", &()).unwrap()
}

fn with_grace(mut worker: Arc<Worker>, grace: Duration) -> Arc<Worker> {
    Arc::get_mut(&mut worker).unwrap().grace = grace;
    worker
}

#[db_test]
async fn a_job_that_waits_too_long_is_given_back_when_its_process_stops(db: &TestDb) {
    let clock = Arc::new(FixedClock::at(START));
    let never = CancellationToken::new();
    let (wait, mut seen) = waits_until(&never);
    let id = put(db, one_wait()).unwrap();
    let worker = worker(db, &clock, Work { handlers: vec![wait], ..Work::default() });
    let handle = with_grace(worker, Duration::from_millis(50)).start(1);
    seen.recv().await.unwrap();
    assert_eq!((state(db, id).state, state(db, id).attempts), (JobState::Running, 1));
    handle.stop().await;
    let job = state(db, id);
    assert_eq!((job.state, job.attempts, job.error), (JobState::Queued, 0, None));
    let next = taken(db, 30_000, &Kinds::Of(["t.wait"].as_slice().into())).unwrap();
    assert_eq!((next.id, next.attempts, next.fence), (id, 1, job.fence + 1), "taken at once, by a new fence");
}

#[db_test]
async fn a_job_that_waits_ends_by_itself_within_the_grace(db: &TestDb) {
    let clock = Arc::new(FixedClock::at(START));
    let released = CancellationToken::new();
    let (wait, mut seen) = waits_until(&released);
    let id = put(db, one_wait()).unwrap();
    let handle = worker(db, &clock, Work { handlers: vec![wait], ..Work::default() }).start(1);
    seen.recv().await.unwrap();
    tokio::join!(handle.stop(), async { released.cancel() });
    assert_eq!(state(db, id).state, JobState::Done);
}

#[db_test]
async fn a_process_that_stops_takes_no_job_for_a_place_that_becomes_free(db: &TestDb) {
    let clock = Arc::new(FixedClock::at(START));
    let released = CancellationToken::new();
    let (wait, mut seen) = waits_until(&released);
    let ids: Vec<(u128, Id<Job>)> = (0..33)
        .map(|number| {
            let workspace = 1 + number / 8;
            (workspace, put_in(db, workspace, one_wait()).unwrap())
        })
        .collect();
    let handle = worker(db, &clock, Work { handlers: vec![wait], ..Work::default() }).start(1);
    for _ in 0..32 {
        seen.recv().await.unwrap();
    }
    tokio::join!(handle.stop(), async { released.cancel() });
    assert!(seen.try_recv().is_err(), "the 33rd waits for the next start");
    let states: Vec<JobState> = ids
        .into_iter()
        .map(|(workspace, id)| {
            let ctx = ctx_of(workspace);
            db.read_now(&ctx.clone(), move |tx| crate::get(&ctx, tx, id)).unwrap().state
        })
        .collect();
    let count = |wanted| states.iter().filter(|state| **state == wanted).count();
    assert_eq!((count(JobState::Done), count(JobState::Queued)), (32, 1));
}

#[db_test]
fn one_workspace_takes_some_of_the_places_and_no_more(db: &TestDb) {
    let waiting = Kinds::Of(["t.wait", "t.other"].as_slice().into());
    for _ in 0..10 {
        put_in(db, 1, one_wait());
    }
    put_in(db, 2, one_wait());
    let all: Vec<Job> = std::iter::from_fn(|| taken(db, 30_000, &waiting)).collect();
    let of_first = all.iter().filter(|job| job.workspace == ctx_of(1).workspace()).count();
    assert_eq!((all.len(), of_first), (9, 8));
    // A place that becomes free is taken by the next one.
    let (ended, now) = (all[0].clone(), START);
    let done = store::Ending::Ended { state: JobState::Done, result: None, error: None };
    db.write_now(Scope::Server, move |tx| store::finish(tx, &ended, now, &done)).unwrap();
    let more: Vec<Job> = std::iter::from_fn(|| taken(db, 30_000, &waiting)).collect();
    let is_first = all[0].workspace == ctx_of(1).workspace();
    assert_eq!(more.len(), usize::from(is_first));
    // Jobs that work are counted by nobody.
    assert!(taken(db, 30_000, &Kinds::All).is_some());
}

#[db_test]
async fn a_job_whose_process_died_at_its_last_attempt_is_dead(db: &TestDb) {
    let runs = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&runs);
    let count = Handler::new("t.count", move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    });
    let job = |attempts| NewJob::new("t.count", &()).unwrap().attempts(attempts);
    let (first, second) = (put(db, job(1)).unwrap(), put(db, job(2)).unwrap());
    assert!(taken(db, -1_000, &Kinds::All).is_some() && taken(db, -1_000, &Kinds::All).is_some());
    let clock = Arc::new(FixedClock::at(START));
    worker(db, &clock, Work { handlers: vec![count], ..Work::default() }).drain().await.unwrap();
    let dead = state(db, first);
    assert_eq!((dead.state, dead.attempts, dead.finished_at), (JobState::Dead, 1, Some(START)));
    assert!(dead.error.unwrap().contains("process"), "it says why");
    let done = state(db, second);
    assert_eq!((done.state, done.attempts), (JobState::Done, 2));
    assert_eq!(runs.load(Ordering::SeqCst), 1, "the dead one is run by nobody");
}
