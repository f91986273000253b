//! What the people who run a workspace see of its background work: jobs, those that are dead first.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use context::Permission;
use db::{Lane, Scope, Tx};
use jobs::{Handler, Job, JobState, OrFail, Run, Schedule, Work};
use kernel::{Id, Text};
use web::{
    Caller, Module,
    pages::{
        Action, Cell, Choice, Column, Filter, Go, ListPage, ListQuery, MenuEntry, Section, Shell, Table,
        Tone, render,
    },
};

/// How long idempotency keys are kept; SPEC asks for at least a day.
const KEYS_KEPT_MS: i64 = 48 * 60 * 60 * 1_000;
const HOUR_MS: i64 = 60 * 60 * 1_000;
/// The kind of the hourly job that forgets what has grown old.
const TIDY_UP: &str = "app.tidy_up";

pub(crate) fn module() -> Module {
    let pages = Router::new()
        .route("/jobs", get(list_jobs))
        .route("/jobs/{id}/retry", post(retry_job))
        .route("/jobs/{id}/cancel", post(cancel_job));
    let entry = MenuEntry {
        section: Section::Settings,
        order: 90,
        href: "/jobs",
        text: "app-jobs",
        icon: "arrow-repeat",
        permission: Some(Permission::SettingsRead),
    };
    Module::new("app").texts(text::files!("app")).pages(pages).menu([entry])
}

pub(crate) fn work() -> Work {
    let tidy_up = Handler::new(TIDY_UP, |run: Run| async move {
        let old = run.ctx.now().plus_millis(-KEYS_KEPT_MS);
        let forget = move |tx: &mut Tx<'_>| web::delete_idempotency_keys_older_than(tx, old);
        run.db.write(Scope::Server, Lane::Background, forget).await.or_retry()
    });
    let hourly = Schedule { name: TIDY_UP, kind: TIDY_UP, every_ms: HOUR_MS };
    Work { handlers: vec![tidy_up], schedules: vec![hourly], ..Work::default() }
}

const fn state_key(state: JobState) -> (&'static str, Tone) {
    match state {
        JobState::Queued => ("app-job-queued", Tone::Plain),
        JobState::Running => ("app-job-running", Tone::Info),
        JobState::Done => ("app-job-done", Tone::Success),
        JobState::Failed => ("app-job-failed", Tone::Error),
        JobState::Cancelled => ("app-job-cancelled", Tone::Plain),
        JobState::Dead => ("app-job-dead", Tone::Error),
    }
}

async fn list_jobs(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsRead)?;
    let state = query.get("state").and_then(|word| word.parse().ok());
    let part = query.page();
    let page = caller.read(move |ctx, tx| jobs::list(ctx, tx, state, part)).await?;
    let p = caller.shell().titled("app-jobs").lead("app-jobs-lead");
    let columns = vec![
        Column::main("app-job-kind"),
        Column::new("app-job-state"),
        Column::figures("app-job-progress"),
        Column::new("app-job-error").wide(),
        Column::figures("app-job-created"),
        Column::new("web-actions"),
    ];
    let may = p.can(Permission::SettingsEdit);
    let table = Table::new(&p.words, "jobs", &query, columns, &page, |job| {
        let (key, tone) = state_key(job.state);
        let progress = match job.progress_total {
            0 => Cell::Blank,
            total => Cell::text(format!("{} / {}", p.number(job.progress_done), p.number(total))),
        };
        let actions = if may { actions_of(&p, job) } else { Vec::new() };
        vec![
            Cell::Two(job.kind.clone(), job.created_by.clone()),
            Cell::badge(tone, p.t(key)),
            progress,
            job.error.as_ref().map_or(Cell::Blank, Cell::text),
            Cell::Time(job.created_at),
            Cell::Actions(actions),
        ]
    });
    let states = [
        JobState::Queued,
        JobState::Running,
        JobState::Done,
        JobState::Failed,
        JobState::Cancelled,
        JobState::Dead,
    ];
    let choices = states.map(|state| Choice::new(state.word(), p.t(state_key(state).0))).to_vec();
    let table = table.filter(Filter::select("state", "app-job-state", choices));
    Ok(render(&ListPage::new(p, table)))
}

fn actions_of(p: &Shell, job: &Job) -> Vec<Action> {
    match job.state {
        JobState::Queued | JobState::Running => {
            vec![Action::post(p, format!("/jobs/{}/cancel", job.id), p.t("app-job-cancel"))]
        }
        JobState::Dead | JobState::Failed | JobState::Cancelled => {
            vec![Action::post(p, format!("/jobs/{}/retry", job.id), p.t("app-job-retry"))]
        }
        JobState::Done => Vec::new(),
    }
}

async fn retry_job(caller: Caller, Path(id): Path<String>) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsEdit)?;
    let id: Id<Job> = Id::parse(&id)?;
    caller.write(move |ctx, tx| jobs::retry(ctx, tx, id)).await?;
    Ok(Go::to("/jobs").done(&caller.words(), &Text::new("app-job-retried")).into_response())
}

async fn cancel_job(caller: Caller, Path(id): Path<String>) -> web::Result<Response> {
    caller.ctx.require(Permission::SettingsEdit)?;
    let id: Id<Job> = Id::parse(&id)?;
    caller.write(move |ctx, tx| jobs::cancel(ctx, tx, id)).await?;
    Ok(Go::to("/jobs").done(&caller.words(), &Text::new("app-job-cancelling")).into_response())
}
