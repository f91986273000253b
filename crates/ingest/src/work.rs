//! The two jobs of an import: read and check its rows, write them into the books.

use context::{Actor, ActorKind, Ctx};
use db::{Db, Lane, Tx};
use files::{Blobs, Hash};
use jobs::{Handler, JobError, Run, Work};
use kernel::{Error, Id, Kind, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Import, ImportState, books, problem::Problem, stage, store};

/// Reads and checks the rows of an import.
pub(crate) const READ: &str = "ingest.read";
/// Writes the rows of an import into the books.
pub(crate) const APPLY: &str = "ingest.apply";

/// What the jobs are told: which import, and who wanted it. Audit entries name that person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Acting {
    import: Uuid,
    actor_kind: String,
    actor_id: Option<Uuid>,
    actor_name: String,
}

impl Acting {
    pub(crate) fn new(ctx: &Ctx, import: Id<Import>) -> Self {
        let Actor { kind, id, name } = ctx.actor().clone();
        Self { import: import.uuid(), actor_kind: kind.word().to_owned(), actor_id: id, actor_name: name }
    }

    fn ctx(&self, ctx: &Ctx) -> Ctx {
        let known = [ActorKind::Member, ActorKind::ApiKey, ActorKind::Service];
        let kind = known.into_iter().find(|kind| kind.word() == self.actor_kind);
        let Some(kind) = kind else { return ctx.clone() };
        let actor = Actor { kind, id: self.actor_id, name: self.actor_name.clone() };
        ctx.with(|builder| builder.actor = actor)
    }
}

/// Where a step says how far it is, and learns that it is to stop.
#[derive(Debug, Clone)]
pub(crate) struct Progress(pub(crate) Option<Run>);

impl Progress {
    pub(crate) async fn at(&self, done: i64, total: i64) -> Result<()> {
        let Some(run) = &self.0 else { return Ok(()) };
        run.progress(done, total).await.map_err(|stop| match stop {
            JobError::Retry(error) | JobError::Fail(error) => error,
        })
    }
}

/// What this crate does after the answer.
pub fn work() -> Work {
    let handlers = vec![Handler::new(READ, read), Handler::new(APPLY, apply)];
    Work { handlers, ..Work::default() }
}

async fn read(run: Run) -> Result<(), JobError> {
    let acting: Acting = run.payload()?;
    let (ctx, id) = (acting.ctx(&run.ctx), Id::from_uuid(acting.import));
    let blobs = run.services.get::<Blobs>().map_err(JobError::Retry)?;
    let own = ctx.clone();
    let import = run.db.read(&ctx, move |tx| store::get(&own, tx, id)).await.map_err(meant)?;
    let hash: Hash = import.file_hash.parse().map_err(JobError::Fail)?;
    let bytes = blobs.get(hash).await.map_err(meant)?;
    let read = stage::stage(&run.db, &ctx, id, bytes, &Progress(Some(run.clone()))).await;
    settle(&run.db, &ctx, id, ImportState::Columns, read).await
}

async fn apply(run: Run) -> Result<(), JobError> {
    let acting: Acting = run.payload()?;
    let (ctx, id) = (acting.ctx(&run.ctx), Id::from_uuid(acting.import));
    let applied = books::write(&run.db, &ctx, id, &Progress(Some(run.clone()))).await;
    settle(&run.db, &ctx, id, ImportState::Ready, applied).await
}

/// An error of the input sends the import back to the person, with the reason; any other one is tried again.
async fn settle(
    db: &Db,
    ctx: &Ctx,
    id: Id<Import>,
    back: ImportState,
    outcome: Result<()>,
) -> Result<(), JobError> {
    let Err(error) = outcome else { return Ok(()) };
    if !matches!(error.kind(), Kind::Invalid | Kind::Conflict) {
        return Err(meant(error));
    }
    let text = error.field_errors().first().map_or(error.text(), |error| &error.text).clone();
    let own = ctx.clone();
    let send_back = move |tx: &mut Tx| {
        let mut import = store::lock(&own, tx, id)?;
        if import.state.is_busy() {
            import.state = back;
            import.refusal = Some(Problem::new("", text.clone()));
            store::update(&own, tx, &import)?;
        }
        Ok(())
    };
    db.write(ctx, Lane::Background, send_back).await.map_err(JobError::Retry)?;
    Err(JobError::Fail(error))
}

fn meant(error: Error) -> JobError {
    match error.kind() {
        Kind::Invalid | Kind::Conflict | Kind::NotFound | Kind::Forbidden => JobError::Fail(error),
        _ => JobError::Retry(error),
    }
}
