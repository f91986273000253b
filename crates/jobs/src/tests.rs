//! Jobs on both databases: taken once, run again, fenced, cancelled, told exactly once.

mod stopping;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use context::{Actor, Ctx, CtxBuilder, Event, Random, Services};
use db::{Scope, db_test, params, testing::TestDb};
use kernel::{Clock, Error, FixedClock, Id, PageRequest, Timestamp};

use crate::{
    Handler, Job, JobError, JobState, Listener, NewJob, Run, Schedule, Work, Worker, enqueue, get, list,
    retry, store,
};

const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);

fn ctx() -> Ctx {
    ctx_of(7)
}

fn ctx_of(workspace: u128) -> Ctx {
    let workspace = Id::from_uuid(uuid::Uuid::from_u128(workspace));
    static SEED: AtomicU32 = AtomicU32::new(0);
    let random = Random::from_seed(SEED.fetch_add(1, Ordering::SeqCst).into());
    CtxBuilder::server(workspace, Actor::server("test"), START, random).build()
}

fn put(db: &TestDb, job: NewJob) -> Option<Id<Job>> {
    put_in(db, 7, job)
}

fn put_in(db: &TestDb, workspace: u128, job: NewJob) -> Option<Id<Job>> {
    let ctx = ctx_of(workspace);
    db.write_now(&ctx.clone(), move |tx| enqueue(&ctx, tx, job.clone())).unwrap()
}

fn state(db: &TestDb, id: Id<Job>) -> Job {
    let ctx = ctx();
    db.read_now(&ctx.clone(), move |tx| get(&ctx, tx, id)).unwrap()
}

/// The job that is taken now, with a lease of so long; one that ends at once stands for a worker that dies.
fn taken(db: &TestDb, lease_ms: i64, kinds: &store::Kinds) -> Option<Job> {
    let kinds = kinds.clone();
    match db.write_now(Scope::Server, move |tx| store::take(tx, START, lease_ms, &kinds)).unwrap() {
        store::Taken::Run(job) => Some(job),
        store::Taken::Nothing | store::Taken::Died(_) => None,
    }
}

fn worker(db: &TestDb, clock: &Arc<FixedClock>, work: Work) -> Arc<Worker> {
    let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
    Worker::new((**db).clone(), Services::default(), clock, Random::from_seed(2), work)
}

#[db_test]
async fn a_job_runs_and_its_result_stays(db: &TestDb) {
    let clock = Arc::new(FixedClock::at(START));
    let double = Handler::new("t.double", |run: Run| async move {
        let n: i64 = run.payload()?;
        run.progress(1, 2).await?;
        Ok(n * 2)
    });
    let id = put(db, NewJob::new("t.double", &21).unwrap()).unwrap();
    worker(db, &clock, Work { handlers: vec![double], ..Work::default() }).drain().await.unwrap();
    let job = state(db, id);
    assert_eq!((job.state, job.result, job.progress_done), (JobState::Done, Some(serde_json::json!(42)), 1));
}

#[db_test]
async fn a_job_that_fails_runs_again_later_and_dies_in_the_end(db: &TestDb) {
    let clock = Arc::new(FixedClock::at(START));
    let runs = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&runs);
    let flaky = Handler::new("t.flaky", move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Err::<(), _>(JobError::Retry(Error::busy())) }
    });
    let id = put(db, NewJob::new("t.flaky", &()).unwrap().attempts(2)).unwrap();
    let worker = worker(db, &clock, Work { handlers: vec![flaky], ..Work::default() });
    worker.drain().await.unwrap();
    assert_eq!((runs.load(Ordering::SeqCst), state(db, id).state), (1, JobState::Queued));
    clock.advance_millis(2_000);
    worker.drain().await.unwrap();
    assert_eq!((runs.load(Ordering::SeqCst), state(db, id).state), (2, JobState::Dead));
    let ctx = ctx();
    db.write_now(&ctx.clone(), move |tx| retry(&ctx, tx, id)).unwrap();
    assert_eq!(state(db, id).state, JobState::Queued);
}

#[db_test]
fn one_key_waits_once(db: &TestDb) {
    let job = NewJob::new("t.any", &()).unwrap().unique("k");
    assert!(put(db, job.clone()).is_some());
    assert!(put(db, job).is_none());
}

#[db_test]
fn a_worker_that_lost_its_lease_cannot_write_the_outcome(db: &TestDb) {
    let id = put(db, NewJob::new("t.any", &()).unwrap()).unwrap();
    // A lease that ends at once stands for a worker that died.
    let first = taken(db, -1_000, &store::Kinds::All).unwrap();
    let second = taken(db, 30_000, &store::Kinds::All).unwrap();
    assert_eq!((first.id, second.id, second.fence), (id, id, first.fence + 1));
    let ending = || store::Ending::Ended { state: JobState::Done, result: None, error: None };
    assert!(db.write_now(Scope::Server, move |tx| store::finish(tx, &first, START, &ending())).is_err());
    db.write_now(Scope::Server, move |tx| store::finish(tx, &second, START, &ending())).unwrap();
    assert!(taken(db, 30_000, &store::Kinds::All).is_none());
}

#[db_test]
async fn many_workers_run_each_job_once(db: &TestDb) {
    let clock = Arc::new(FixedClock::at(START));
    let runs = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&runs);
    let count = Handler::new("t.count", move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    });
    for _ in 0..20 {
        put(db, NewJob::new("t.count", &()).unwrap());
    }
    let worker = worker(db, &clock, Work { handlers: vec![count], ..Work::default() });
    let (one, two, three) = tokio::join!(worker.drain(), worker.drain(), worker.drain());
    one.and(two).and(three).unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 20);
}

fn note(ctx: &Ctx, tx: &mut db::Tx, event: &context::StoredEvent) -> kernel::Result<()> {
    if event.payload == serde_json::json!("bad") {
        return Err(Error::not_found());
    }
    context::next_number(ctx, tx, "told").map(drop)
}

#[db_test]
async fn events_are_told_once_and_a_failing_listener_holds_up_nobody(db: &TestDb) {
    let clock = Arc::new(FixedClock::at(START));
    let ctx = ctx();
    for payload in ["good", "bad", "good"] {
        let writer = ctx.clone();
        db.write_now(&ctx, move |tx| {
            writer.emit(tx, Event::new("t.happened", writer.new_id::<()>()).with(&payload)?)
        })
        .unwrap();
    }
    let listener = Listener { name: "t.note", events: &["t.happened"], on: note };
    let worker = worker(db, &clock, Work { listeners: vec![listener], ..Work::default() });
    worker.drain().await.unwrap();
    worker.drain().await.unwrap();
    let sql = "SELECT last_number FROM context_counter WHERE workspace_id = $1 AND series = 'told'";
    let workspace = ctx.workspace();
    let told: i64 =
        db.read_now(&ctx, move |tx| tx.query_one(sql, params![workspace], |row| row.get(0))).unwrap();
    assert_eq!(told, 2);
    let reader = ctx.clone();
    let waiting = db
        .read_now(&ctx, move |tx| list(&reader, tx, Some(JobState::Queued), PageRequest::default()))
        .unwrap();
    assert_eq!((waiting.count, waiting.results[0].kind.as_str()), (1, crate::REDELIVER));
}

/// Writes only what is loud.
fn note_loud(ctx: &Ctx, tx: &mut db::Tx, event: &context::StoredEvent) -> kernel::Result<()> {
    match event.payload.as_str() {
        Some("loud") => context::next_number(ctx, tx, "told").map(drop),
        _ => Ok(()),
    }
}

#[db_test]
fn rows_that_listeners_hold_wait_for_few_other_events(db: &TestDb) {
    let ctx = ctx();
    let writer = ctx.clone();
    db.write_now(&ctx, move |tx| {
        [("quiet", 2), ("loud", 5), ("quiet", 1), ("loud", 5)].into_iter().try_for_each(|(payload, times)| {
            (0..times).try_for_each(|_| {
                writer.emit(tx, Event::new("t.happened", writer.new_id::<()>()).with(&payload)?)
            })
        })
    })
    .unwrap();
    let told: Vec<(usize, bool)> = (0..3)
        .map(|_| {
            let listeners = [Listener { name: "t.loud", events: &["t.happened"], on: note_loud }];
            let tell = move |tx: &mut db::Tx| {
                crate::dispatch::dispatch(tx, &listeners, START, &Random::from_seed(1))
            };
            let told = db.write_now(Scope::Server, tell).unwrap();
            (told.count, told.has_more)
        })
        .collect();
    let expected = match db.backend() {
        // Writers come one after the other there: nobody waits for rows.
        db::Backend::Sqlite => [(13, false), (0, false), (0, false)],
        db::Backend::Postgres => [(11, true), (2, false), (0, false)],
    };
    assert_eq!(told, expected);
}

/// Fails when the dispatcher tells it; told late, it takes note, and the job's lease goes to somebody else meanwhile.
fn note_late(ctx: &Ctx, tx: &mut db::Tx, _: &context::StoredEvent) -> kernel::Result<()> {
    if ctx.actor().name == "t.late" {
        return Err(Error::internal("the first time it fails"));
    }
    context::next_number(ctx, tx, "told")?;
    let steal = "UPDATE jobs_job SET fence = fence + 1 WHERE workspace_id = $1";
    tx.execute_one(steal, params![ctx.workspace()])
}

#[db_test]
async fn what_a_listener_does_late_and_the_end_of_its_job_are_one(db: &TestDb) {
    let clock = Arc::new(FixedClock::at(START));
    let ctx = ctx();
    let writer = ctx.clone();
    db.write_now(&ctx, move |tx| writer.emit(tx, Event::new("t.happened", writer.new_id::<()>()))).unwrap();
    let listener = Listener { name: "t.late", events: &["t.happened"], on: note_late };
    let worker = worker(db, &clock, Work { listeners: vec![listener], ..Work::default() });
    worker.drain().await.unwrap();
    clock.advance_millis(60_000);
    worker.drain().await.unwrap();
    let sql = "SELECT COUNT(*) FROM context_counter WHERE workspace_id = $1 AND series = 'told'";
    let workspace = ctx.workspace();
    let told: i64 =
        db.read_now(&ctx, move |tx| tx.query_one(sql, params![workspace], |row| row.get(0))).unwrap();
    assert_eq!(told, 0, "whoever has the job now tells it");
}

#[db_test]
async fn running_workers_take_what_is_enqueued_follow_schedules_and_stop_when_told(db: &TestDb) {
    let clock = Arc::new(FixedClock::at(START));
    let (ran, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let tell = Handler::new("t.tell", move |_| {
        ran.send(()).unwrap();
        async { Ok(()) }
    });
    let schedule = Schedule { name: "t.hourly", kind: "t.tell", every_ms: 3_600_000 };
    let work = Work { handlers: vec![tell], schedules: vec![schedule], ..Work::default() };
    let handle = worker(db, &clock, work).start(2);
    seen.recv().await.unwrap();
    put(db, NewJob::new("t.tell", &()).unwrap());
    seen.recv().await.unwrap();
    handle.stop().await;
    assert!(seen.try_recv().is_err());
}

#[db_test]
async fn jobs_that_wait_for_other_servers_run_beside_each_other_and_hold_up_nobody(db: &TestDb) {
    let clock = Arc::new(FixedClock::at(START));
    let (ran, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let all_wait = Arc::new(tokio::sync::Barrier::new(4));
    let meeting = Arc::clone(&all_wait);
    let wait = Handler::new("t.wait", move |_| {
        let meeting = Arc::clone(&meeting);
        async move {
            meeting.wait().await;
            Ok(())
        }
    })
    .waiting();
    let tell = Handler::new("t.tell", move |_| {
        ran.send(()).unwrap();
        async { Ok(()) }
    });
    let handle = worker(db, &clock, Work { handlers: vec![wait, tell], ..Work::default() }).start(1);
    for _ in 0..3 {
        put(db, NewJob::new("t.wait", &()).unwrap());
    }
    put(db, NewJob::new("t.tell", &()).unwrap());
    // The only taker is free for this, whatever the others wait for; and they all wait at the same time.
    seen.recv().await.unwrap();
    all_wait.wait().await;
    handle.stop().await;
    let ctx = ctx();
    let done =
        db.read_now(&ctx.clone(), move |tx| list(&ctx, tx, Some(JobState::Done), PageRequest::default()));
    assert_eq!(done.unwrap().count, 4);
}
