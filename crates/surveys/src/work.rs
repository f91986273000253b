//! The job of an import: read the file, check every row, stage them, and have all of them stand in the roster at once.

use std::sync::Arc;

use catalog::{
    Item,
    items::{self, ItemFilter},
};
use context::{Actor, ActorKind, Ctx};
use db::{Lane, ReadTx, Tx};
use files::{Blobs, Hash};
use jobs::{Handler, JobError, OrFail, Run, Work};
use kernel::{Error, Id, Kind, PageRequest, Result};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    Import, ImportState,
    actions::{apply_import, end_import},
    reads,
    roster_file::{FileRow, Programs, RosterFile},
    sheet, store,
};

/// Reads a roster's file and writes it into the roster.
pub(crate) const IMPORT: &str = "surveys.import_roster";
/// Rows staged in one transaction.
const STAGED_ROWS: usize = 2_048;
/// Items read in one statement.
const ITEMS_AT_ONCE: u32 = 500;
/// Files unpacked at a time: one can take hundreds of megabytes.
static UNPACKING: Semaphore = Semaphore::const_new(2);

/// What the job is told: which import, and who wanted it. Audit entries name that person.
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
        let known = [ActorKind::Member, ActorKind::ApiKey];
        let kind = known.into_iter().find(|kind| kind.word() == self.actor_kind);
        let Some(kind) = kind else { return ctx.clone() };
        let actor = Actor { kind, id: self.actor_id, name: self.actor_name.clone() };
        ctx.with(|builder| builder.actor = actor)
    }
}

/// What this crate does after the answer. Its job needs the service `files::Blobs`.
pub fn work() -> Work {
    Work { handlers: vec![Handler::new(IMPORT, import)], ..Work::default() }
}

async fn import(run: Run) -> Result<(), JobError> {
    let acting: Acting = run.payload()?;
    let (ctx, id) = (acting.ctx(&run.ctx), Id::from_uuid(acting.import));
    let outcome = take_in(&run, &ctx, id).await;
    let (refusal, result) = match outcome {
        Ok(()) => (None, Ok(())),
        Err(JobError::Retry(error) | JobError::Fail(error)) if is_about_file(&error) => {
            let text = error.field_errors().first().map_or(error.text(), |error| &error.text);
            (Some(text.clone()), Ok(()))
        }
        Err(JobError::Retry(error)) if !run.is_last() && !run.is_cancelled() => {
            return Err(JobError::Retry(error));
        }
        Err(error) => (None, Err(error)),
    };
    if refusal.is_some() || result.is_err() {
        let own = ctx.clone();
        let end = move |tx: &mut Tx| end_import(&own, tx, id, refusal.clone());
        run.db.write(&ctx, Lane::Background, end).await.or_retry()?;
    }
    clear(&run, &ctx, id).await?;
    result
}

fn is_about_file(error: &Error) -> bool {
    matches!(error.kind(), Kind::Invalid | Kind::TooMuch { .. })
}

/// Takes away what is staged, by this run or by one before it.
async fn clear(run: &Run, ctx: &Ctx, id: Id<Import>) -> Result<(), JobError> {
    loop {
        let own = ctx.clone();
        let some = move |tx: &mut Tx| store::import::clear(&own, tx, id);
        if !run.db.write(ctx, Lane::Background, some).await.or_retry()? {
            return Ok(());
        }
    }
}

async fn set_state(run: &Run, ctx: &Ctx, id: Id<Import>, state: ImportState) -> Result<Import, JobError> {
    let own = ctx.clone();
    let set = move |tx: &mut Tx| {
        let mut import = store::import::lock(&own, tx, id)?;
        if !import.state.is_ended() {
            import.state = state;
            store::import::update(&own, tx, &import)?;
        }
        Ok(import)
    };
    run.db.write(ctx, Lane::Background, set).await.or_retry()
}

/// What the file says.
struct Checked {
    rows: Vec<FileRow>,
    row_count: i64,
    wrong_count: i64,
    problems: Vec<crate::RowProblem>,
}

async fn take_in(run: &Run, ctx: &Ctx, id: Id<Import>) -> Result<(), JobError> {
    let import = set_state(run, ctx, id, ImportState::Checking).await?;
    if import.state.is_ended() {
        return Ok(());
    }
    let checked = check(run, ctx, &import).await?;
    let total = checked.row_count;
    run.progress(0, total).await?;
    let Checked { rows, row_count, wrong_count, problems } = checked;
    let is_refused = wrong_count > 0;
    let own = ctx.clone();
    let found = move |tx: &mut Tx| {
        let mut import = store::import::lock(&own, tx, id)?;
        (import.row_count, import.wrong_count) = (row_count, wrong_count);
        import.problems.clone_from(&problems);
        store::import::update(&own, tx, &import)?;
        if is_refused { end_refused(&own, tx, id) } else { Ok(()) }
    };
    run.db.write(ctx, Lane::Background, found).await.or_retry()?;
    if is_refused {
        return Ok(());
    }
    clear(run, ctx, id).await?;
    let rows: Arc<[FileRow]> = rows.into();
    for first in (0..rows.len()).step_by(STAGED_ROWS) {
        let (own, rows) = (ctx.clone(), Arc::clone(&rows));
        let stage = move |tx: &mut Tx| {
            let part = rows.get(first..rows.len().min(first + STAGED_ROWS)).unwrap_or_default();
            store::import::stage(&own, tx, id, part)
        };
        run.db.write(ctx, Lane::Background, stage).await.or_retry()?;
        let done = i64::try_from(first + STAGED_ROWS).unwrap_or(i64::MAX).min(total);
        run.progress(done, total).await?;
    }
    set_state(run, ctx, id, ImportState::Applying).await?;
    let own = ctx.clone();
    let apply = move |tx: &mut Tx| apply_import(&own, tx, id).map(drop);
    run.db.write(ctx, Lane::Background, apply).await.or_retry()
}

/// Rows are wrong: nothing of the file goes anywhere.
fn end_refused(ctx: &Ctx, tx: &mut Tx, id: Id<Import>) -> Result<()> {
    end_import(ctx, tx, id, Some(kernel::Text::new("surveys-import-rows-wrong")))
}

async fn check(run: &Run, ctx: &Ctx, import: &Import) -> Result<Checked, JobError> {
    let blobs = run.services.get::<Blobs>().or_retry()?;
    let hash: Hash = import.file_hash.parse().map_err(JobError::Fail)?;
    let bytes = blobs.get(hash).await.or_retry()?;
    let own = ctx.clone();
    let items = run.db.read(ctx, move |tx| programs(&own, tx)).await.or_retry()?;
    let _place = UNPACKING.acquire().await.map_err(|error| JobError::Retry(Error::internal(error)))?;
    let checking = tokio::task::spawn_blocking(move || checked(&bytes, &items));
    checking.await.map_err(|error| JobError::Retry(Error::internal(error)))?.or_fail()
}

fn checked(bytes: &[u8], items: &[Item]) -> Result<Checked> {
    let programs = Programs::of(items);
    let mut file = RosterFile::new(&programs);
    sheet::read(bytes, &mut |piece| file.take(piece))?;
    let RosterFile { rows, row_count, wrong_count, problems, .. } = file;
    Ok(Checked { rows, row_count, wrong_count, problems })
}

/// Everything that a roster may say is studied, also what is offered no more.
fn programs(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Item>> {
    let kind = Some(reads::program_kind(ctx, tx)?);
    let filter = ItemFilter { kind, ..ItemFilter::default() };
    let mut all = Vec::new();
    for number in 1.. {
        let page = items::list(ctx, tx, &filter, PageRequest::new(number, ITEMS_AT_ONCE))?;
        let has_next = page.has_next();
        all.extend(page.results);
        if !has_next {
            break;
        }
    }
    Ok(all)
}
