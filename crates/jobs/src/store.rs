//! The SQL of jobs, cursors and schedules.

use std::{collections::HashMap, sync::Arc};

use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Topic, Tx, Value, params,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result, Text, Timestamp};

use crate::{Job, JobState, NewJob};

/// Jobs of kinds that wait, of one workspace, that run at the same time.
const WAITING_A_WORKSPACE: u32 = 8;

/// The columns of a [`Job`], in the order [`read`] takes them.
const COLUMNS: [&str; 17] = [
    "id",
    "workspace_id",
    "kind",
    "payload",
    "state",
    "run_at_ms",
    "attempts",
    "max_attempts",
    "progress_done",
    "progress_total",
    "cancel_requested",
    "result",
    "error",
    "created_by",
    "created_at_ms",
    "finished_at_ms",
    "fence",
];

fn read(row: &Row<'_>) -> Result<Job> {
    Ok(Job {
        id: row.get(0)?,
        workspace: row.get(1)?,
        kind: row.get(2)?,
        payload: row.get(3)?,
        state: row.parse(4)?,
        run_at: row.get(5)?,
        attempts: row.get(6)?,
        max_attempts: row.get(7)?,
        progress_done: row.get(8)?,
        progress_total: row.get(9)?,
        cancel_requested: row.get(10)?,
        result: row.get(11)?,
        error: row.get(12)?,
        created_by: row.get(13)?,
        created_at: row.get(14)?,
        finished_at: row.get(15)?,
        fence: row.get(16)?,
    })
}

/// Enqueues a job in this transaction. `None` when its unique key waits or runs already.
pub fn enqueue(ctx: &Ctx, tx: &mut Tx, job: NewJob) -> Result<Option<Id<Job>>> {
    let NewJob { kind, payload, unique_key, run_at, max_attempts } = job;
    let id = ctx.new_id();
    let inserted = tx.execute(
        "INSERT INTO jobs_job (workspace_id, id, kind, payload, state, unique_key, run_at_ms, max_attempts,
             created_by, created_at_ms)
         VALUES ($1, $2, $3, $4, 'queued', $5, $6, $7, $8, $9)
         ON CONFLICT (workspace_id, unique_key) WHERE unique_key IS NOT NULL AND state IN ('queued', 'running') DO NOTHING",
        params![
            ctx.workspace(),
            id,
            kind,
            payload,
            unique_key,
            run_at.unwrap_or(ctx.now()),
            max_attempts,
            ctx.actor().name,
            ctx.now()
        ],
    )?;
    // One for later is found by whoever looks at the clock.
    if inserted == 1 && run_at.is_none_or(|at| at <= ctx.now()) {
        tx.wake(Topic::Jobs);
    }
    Ok((inserted == 1).then_some(id))
}

/// Whether a job of this unique key waits or runs.
pub fn is_under_way(ctx: &Ctx, tx: &mut ReadTx, unique_key: &str) -> Result<bool> {
    let found: Option<i64> = tx.query_opt(
        "SELECT 1 FROM jobs_job WHERE workspace_id = $1 AND unique_key = $2 AND state IN ('queued', 'running')",
        params![ctx.workspace(), unique_key],
        |row| row.get(0),
    )?;
    Ok(found.is_some())
}

/// The workspace's job with this id.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Job>) -> Result<Job> {
    let sql = format!("SELECT {} FROM jobs_job WHERE workspace_id = $1 AND id = $2", COLUMNS.join(", "));
    tx.query_one(&sql, params![ctx.workspace(), id], read)
}

/// The workspace's jobs, newest first; only those in `state` when it is given.
pub fn list(ctx: &Ctx, tx: &mut ReadTx, state: Option<JobState>, page: PageRequest) -> Result<Page<Job>> {
    let statement = Query::select()
        .columns(COLUMNS)
        .from("jobs_job")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(state.map(|state| Expr::col("state").eq(state.word())))
        .order_by("id", Order::Desc)
        .to_owned();
    tx.page(&statement, page, read)
}

/// Asks a job to stop: one that waits is cancelled at once, one that runs sees it at its next look.
pub fn cancel(ctx: &Ctx, tx: &mut Tx, id: Id<Job>) -> Result<()> {
    let job = get(ctx, tx, id)?;
    if job.state.is_ended() {
        return Err(Error::conflict(Text::new("jobs-ended-already")));
    }
    tx.execute_one(
        "UPDATE jobs_job SET cancel_requested = $3,
             finished_at_ms = CASE WHEN state = 'queued' THEN CAST($4 AS BIGINT) END,
             state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
         WHERE workspace_id = $1 AND id = $2 AND state IN ('queued', 'running')",
        params![ctx.workspace(), id, true, ctx.now()],
    )?;
    ctx.audit(tx, "job.cancel", "job", id, Some(&job.state), None::<&()>)
}

/// Queues a job again that is dead, failed or cancelled.
pub fn retry(ctx: &Ctx, tx: &mut Tx, id: Id<Job>) -> Result<()> {
    let job = get(ctx, tx, id)?;
    let changed = tx.execute(
        "UPDATE jobs_job SET state = 'queued', attempts = 0, run_at_ms = $3, cancel_requested = $4, error = NULL,
             finished_at_ms = NULL
         WHERE workspace_id = $1 AND id = $2 AND state IN ('dead', 'failed', 'cancelled')",
        params![ctx.workspace(), id, ctx.now(), false],
    )?;
    if changed == 0 {
        return Err(Error::conflict(Text::new("jobs-not-ended")));
    }
    tx.wake(Topic::Jobs);
    ctx.audit(tx, "job.retry", "job", id, Some(&job.state), None::<&()>)
}

/// Which kinds of jobs are taken.
#[derive(Debug, Clone)]
pub(crate) enum Kinds {
    All,
    Of(Arc<[&'static str]>),
    Besides(Arc<[&'static str]>),
}

impl Kinds {
    /// The condition, with the kinds behind the values that are there.
    fn condition(&self, values: &mut Vec<Value<'_>>) -> String {
        let (word, kinds) = match self {
            Self::All => return String::new(),
            Self::Besides(kinds) if kinds.is_empty() => return String::new(),
            Self::Of(kinds) => ("IN", kinds),
            Self::Besides(kinds) => ("NOT IN", kinds),
        };
        let first = values.len() + 1;
        values.extend(kinds.iter().map(|kind| Value::Text((*kind).into())));
        let holes: Vec<String> = (first..=values.len()).map(|hole| format!("${hole}")).collect();
        format!("AND kind {word} ({})", holes.join(", "))
    }

    /// The condition that leaves out the workspaces of which enough jobs of these kinds run; `of` is what
    /// [`Kinds::condition`] gave. Only kinds that wait are counted: one workspace with many questions must not take every
    /// place of a process.
    fn with_room(&self, of: &str) -> String {
        match self {
            Self::Of(_) => format!(
                "AND workspace_id NOT IN (SELECT workspace_id FROM jobs_job WHERE state = 'running' {of}
                     GROUP BY workspace_id HAVING COUNT(*) >= {WAITING_A_WORKSPACE})"
            ),
            Self::All | Self::Besides(_) => String::new(),
        }
    }
}

/// What looking for a job found.
#[derive(Debug)]
pub(crate) enum Taken {
    Nothing,
    /// It is to be run.
    Run(Job),
    /// Its process died at its last attempt: nobody runs it any more.
    Died(Job),
}

/// Takes the next due job of these kinds, of any workspace, with a lease, or one whose lease ran out. One whose lease ran
/// out and that has no attempt left is dead.
pub(crate) fn take(tx: &mut Tx, now: Timestamp, lease_ms: i64, kinds: &Kinds) -> Result<Taken> {
    let clock = tx.database_now()?;
    let columns = COLUMNS.join(", ");
    let (mut due_by, mut left_by) = (params![now].to_vec(), params![clock].to_vec());
    let of = kinds.condition(&mut due_by);
    // The kinds stand in the same places in both.
    kinds.condition(&mut left_by);
    let with_room = kinds.with_room(&of);
    let due = format!(
        // tidy: no workspace: a worker serves every workspace
        "SELECT {columns} FROM jobs_job WHERE state = 'queued' AND run_at_ms <= $1 {of} {with_room}
         ORDER BY run_at_ms, id LIMIT 1 FOR UPDATE SKIP LOCKED"
    );
    let abandoned = format!(
        // tidy: no workspace: a worker serves every workspace
        "SELECT {columns} FROM jobs_job WHERE state = 'running' AND lease_until_ms < $1 {of}
         ORDER BY lease_until_ms LIMIT 1 FOR UPDATE SKIP LOCKED"
    );
    let mut found = tx.query_opt(&due, &due_by, read)?;
    if found.is_none() {
        // These count among the running ones already, so no room is asked for.
        found = tx.query_opt(&abandoned, &left_by, read)?;
    }
    let Some(mut job) = found else { return Ok(Taken::Nothing) };
    if job.state == JobState::Running && job.attempts >= job.max_attempts {
        let error = Some("the process that ran it died, or its lease ran out".to_owned());
        finish(tx, &job, now, &Ending::Ended { state: JobState::Dead, result: None, error })?;
        return Ok(Taken::Died(job));
    }
    job.fence += 1;
    job.attempts += 1;
    job.state = JobState::Running;
    tx.execute_one(
        "UPDATE jobs_job SET state = 'running', attempts = $3, fence = $4, lease_until_ms = $5
         WHERE workspace_id = $1 AND id = $2",
        params![job.workspace, job.id, job.attempts, job.fence, clock.plus_millis(lease_ms)],
    )?;
    Ok(Taken::Run(job))
}

/// Makes a running job wait again, as though it had not been taken. "Not found" when the lease is lost.
pub(crate) fn give_back(tx: &mut Tx, job: &Job) -> Result<()> {
    tx.wake(Topic::Jobs);
    tx.execute_one(
        "UPDATE jobs_job SET state = 'queued', attempts = $4, lease_until_ms = 0
         WHERE workspace_id = $1 AND id = $2 AND fence = $3 AND state = 'running'",
        params![job.workspace, job.id, job.fence, job.attempts.saturating_sub(1)],
    )
}

/// Lengthens the lease; answers whether somebody asked the job to stop. "Not found" when the lease is lost.
pub(crate) fn extend(tx: &mut Tx, job: &Job, lease_ms: i64) -> Result<bool> {
    let until = tx.database_now()?.plus_millis(lease_ms);
    tx.query_one(
        "UPDATE jobs_job SET lease_until_ms = $4 WHERE workspace_id = $1 AND id = $2 AND fence = $3
             AND state = 'running' RETURNING cancel_requested",
        params![job.workspace, job.id, job.fence, until],
        |row| row.get(0),
    )
}

/// Notes how far the job is. "Not found" when the lease is lost.
pub(crate) fn set_progress(tx: &mut Tx, job: &Job, done: i64, total: i64) -> Result<()> {
    tx.execute_one(
        "UPDATE jobs_job SET progress_done = $4, progress_total = $5
         WHERE workspace_id = $1 AND id = $2 AND fence = $3 AND state = 'running'",
        params![job.workspace, job.id, job.fence, done, total],
    )
}

/// How a run ended.
pub(crate) enum Ending {
    Ended { state: JobState, result: Option<serde_json::Value>, error: Option<String> },
    Again { at: Timestamp, error: String },
}

/// Writes how a run ended. "Not found" when the lease was lost: another worker has the job.
pub(crate) fn finish(tx: &mut Tx, job: &Job, now: Timestamp, ending: &Ending) -> Result<()> {
    match ending {
        Ending::Ended { state, result, error } => tx.execute_one(
            "UPDATE jobs_job SET state = $4, result = $5, error = $6, finished_at_ms = $7, lease_until_ms = 0
             WHERE workspace_id = $1 AND id = $2 AND fence = $3 AND state = 'running'",
            params![job.workspace, job.id, job.fence, state.word(), result, error, now],
        ),
        Ending::Again { at, error } => {
            tx.wake(Topic::Jobs);
            tx.execute_one(
                "UPDATE jobs_job SET state = 'queued', run_at_ms = $4, error = $5, lease_until_ms = 0
                 WHERE workspace_id = $1 AND id = $2 AND fence = $3 AND state = 'running'",
                params![job.workspace, job.id, job.fence, at, error],
            )
        }
    }
}

/// The place of `consumer` in the outbox, locked until the transaction ends.
pub(crate) fn lock_cursor(tx: &mut Tx, consumer: &str) -> Result<i64> {
    // tidy: no workspace: the cursor stands over the outbox of the whole server
    let lock = "SELECT seq FROM jobs_cursor WHERE consumer = $1 FOR UPDATE";
    if let Some(seq) = tx.query_opt(lock, params![consumer], |row| row.get(0))? {
        return Ok(seq);
    }
    // tidy: no workspace: the cursor stands over the outbox of the whole server
    let sql = "INSERT INTO jobs_cursor (consumer, seq) VALUES ($1, 0) ON CONFLICT (consumer) DO NOTHING";
    tx.execute(sql, params![consumer])?;
    tx.query_one(lock, params![consumer], |row| row.get(0))
}

/// Whether the outbox holds events that `consumer` has not been told, visible yet or not.
pub(crate) fn is_behind(tx: &mut ReadTx, consumer: &str) -> Result<bool> {
    let last = context::newest_event_seq(tx)?;
    // tidy: no workspace: the cursor stands over the outbox of the whole server
    let sql = "SELECT seq FROM jobs_cursor WHERE consumer = $1";
    let seq: i64 = tx.query_opt(sql, params![consumer], |row| row.get(0))?.unwrap_or(0);
    Ok(seq < last)
}

pub(crate) fn set_cursor(tx: &mut Tx, consumer: &str, seq: i64) -> Result<()> {
    // tidy: no workspace: schedules are the server's
    tx.execute_one("UPDATE jobs_cursor SET seq = $2 WHERE consumer = $1", params![consumer, seq])
}

/// The schedules that are known, and when each is due.
pub(crate) fn schedules(tx: &mut ReadTx) -> Result<HashMap<String, Timestamp>> {
    // tidy: no workspace: schedules are the server's
    let known =
        tx.query("SELECT name, next_at_ms FROM jobs_schedule", &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(known.into_iter().collect())
}

/// Whether the schedule is due, and if so moves it on. One node wins.
pub(crate) fn take_schedule(tx: &mut Tx, name: &str, now: Timestamp, every_ms: i64) -> Result<bool> {
    // tidy: no workspace: schedules are the server's
    let sql = "INSERT INTO jobs_schedule (name, next_at_ms) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    tx.execute(sql, params![name, now])?;
    let moved = tx.execute(
        // tidy: no workspace: schedules are the server's
        "UPDATE jobs_schedule SET next_at_ms = $3 WHERE name = $1 AND next_at_ms <= $2",
        params![name, now, now.plus_millis(every_ms)],
    )?;
    Ok(moved == 1)
}
