//! A roster comes as a file.

use context::{ActorKind, Ctx, Permission};
use db::{ReadTx, Tx};
use jobs::NewJob;
use kernel::{Error, Id, Result, Text};
use serde_json::json;

use crate::{
    Import, ImportState,
    import::FILENAME_CHARS,
    reads, store,
    work::{Acting, IMPORT},
};

/// A file that is kept and waits for its job.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// The code of the campaign whose roster it is; none for the default one.
    pub campaign: Option<String>,
    /// What the file is called.
    pub filename: String,
    /// The hash of its bytes in the store of blobs.
    pub hash: files::Hash,
    /// Whether students whom it does not name are asked no more.
    pub deactivates_missing: bool,
}

/// Refuses whoever brings no rosters: an outside bot's token answers for students and writes no lists of them.
pub(crate) fn may_import(ctx: &Ctx) -> Result<()> {
    ctx.require(Permission::SurveysEdit)?;
    match ctx.actor().kind {
        ActorKind::Service | ActorKind::Bot => Err(Error::forbidden()),
        _ => Ok(()),
    }
}

/// Takes a file in; a job checks all its rows, and writes them into the roster when none is wrong. Errors: no such campaign.
pub fn create_import(ctx: &Ctx, tx: &mut Tx, new: NewImport) -> Result<Import> {
    ctx.require(Permission::SurveysEdit)?;
    may_import(ctx)?;
    let NewImport { campaign, filename, hash, deactivates_missing } = new;
    let campaign = reads::rostered(ctx, tx, campaign.as_deref())?;
    let mut import = Import {
        id: ctx.new_id(),
        campaign: campaign.id,
        state: ImportState::Waiting,
        filename: filename.chars().filter(|c| !c.is_control()).take(FILENAME_CHARS).collect(),
        file_hash: hash.to_string(),
        deactivates_missing,
        row_count: 0,
        created_count: 0,
        updated_count: 0,
        unchanged_count: 0,
        deactivated_count: 0,
        wrong_count: 0,
        problems: Vec::new(),
        refusal: None,
        job: None,
        created_by: ctx.actor().name.clone(),
        created_at: ctx.now(),
        finished_at: None,
    };
    store::import::insert(ctx, tx, &import)?;
    import.job = jobs::enqueue(ctx, tx, NewJob::new(IMPORT, &Acting::new(ctx, import.id))?.attempts(8))?;
    store::import::set_job(ctx, tx, import.id, import.job)?;
    let told = json!({ "campaign": campaign.code, "file": import.filename });
    ctx.audit_new(tx, "survey_import.create", "survey_import", import.id, &told)?;
    Ok(import)
}

/// The import with this id, with the job that works on it. Errors: the workspace has none.
pub fn get_import(ctx: &Ctx, tx: &mut ReadTx, id: Id<Import>) -> Result<(Import, Option<jobs::Job>)> {
    ctx.require(Permission::SurveysEdit)?;
    may_import(ctx)?;
    let import = store::import::get(ctx, tx, id)?;
    let job = import.job.map(|job| jobs::get(ctx, tx, job)).transpose()?;
    Ok((import, job))
}

/// Has the checked rows of an import stand in the roster, all at once; what it did before it was done stays done once.
pub(crate) fn apply_import(ctx: &Ctx, tx: &mut Tx, id: Id<Import>) -> Result<Import> {
    ctx.require(Permission::SurveysEdit)?;
    let mut import = store::import::lock(ctx, tx, id)?;
    if import.state != ImportState::Applying {
        return Ok(import);
    }
    // Whoever puts a student into the roster waits until all of them are there.
    let campaign = store::campaign::lock(ctx, tx, import.campaign)?;
    tx.have_grown(&["surveys_import_row"])?;
    let applied = store::import::apply(ctx, tx, &import)?;
    if applied.created > MANY_ROWS {
        tx.have_grown(&["surveys_roster"])?;
    }
    import.created_count = applied.created;
    import.updated_count = applied.updated;
    import.deactivated_count = applied.deactivated;
    import.unchanged_count = import.row_count - applied.created - applied.updated;
    import.state = ImportState::Done;
    import.finished_at = Some(ctx.now());
    store::import::update(ctx, tx, &import)?;
    let told = json!({
        "campaign": campaign.code, "rows": import.row_count, "created": applied.created, "updated": applied.updated,
        "deactivated": applied.deactivated,
    });
    ctx.audit_new(tx, "survey_import.apply", "survey_import", id, &told)?;
    Ok(import)
}

/// New rows of which the planner of the database should know.
const MANY_ROWS: i64 = 1_000;

/// Says of an import that nothing comes of it: why, where that is the file's fault.
pub(crate) fn end_import(ctx: &Ctx, tx: &mut Tx, id: Id<Import>, refusal: Option<Text>) -> Result<()> {
    ctx.require(Permission::SurveysEdit)?;
    let mut import = store::import::lock(ctx, tx, id)?;
    if import.state.is_ended() {
        return Ok(());
    }
    import.state = if refusal.is_some() { ImportState::Refused } else { ImportState::Failed };
    import.refusal = refusal;
    import.finished_at = Some(ctx.now());
    store::import::update(ctx, tx, &import)?;
    let told = json!({ "state": import.state, "wrong": import.wrong_count });
    ctx.audit_new(tx, "survey_import.end", "survey_import", id, &told)
}
