//! What people do with imports.

use context::{Ctx, Permission, next_number};
use db::{ReadTx, Tx};
use jobs::{Job, NewJob};
use kernel::{Error, Id, Page, PageRequest, Result, Text};
use serde_json::json;
use stock::MAX_RECEIPT_LINES;
use web::RowKey;

use crate::{
    Import, ImportKind, ImportState, Mapping, Policy, Refused,
    sheet::Sheet,
    store,
    work::{APPLY, Acting, READ},
};

/// Rows that a person sees before deciding.
const SAMPLE_ROWS: usize = 10;
/// Characters of a cell that is only shown.
const SAMPLE_CHARS: usize = 200;
/// Characters of a file's name.
const FILENAME_CHARS: usize = 200;

/// A file that was read once, to know its columns.
#[derive(Debug, Clone)]
pub(crate) struct NewImport {
    pub(crate) kind: ImportKind,
    pub(crate) filename: String,
    pub(crate) hash: files::Hash,
    /// Whether the store of blobs has it.
    pub(crate) kept: bool,
    pub(crate) headings: Vec<String>,
    pub(crate) sample: Vec<Vec<String>>,
    pub(crate) row_count: i64,
}

impl NewImport {
    /// What is to be known of a file before its rows are checked.
    pub(crate) fn of(kind: ImportKind, filename: &str, hash: files::Hash, kept: bool, sheet: &Sheet) -> Self {
        let short = |cell: &String| store::storable(&cell.chars().take(SAMPLE_CHARS).collect::<String>());
        let sample = sheet.lines.iter().take(SAMPLE_ROWS);
        Self {
            kind,
            filename: filename.chars().filter(|c| !c.is_control()).take(FILENAME_CHARS).collect(),
            hash,
            kept,
            headings: sheet.headings.clone(),
            sample: sample.map(|line| line.cells.iter().map(short).collect()).collect(),
            row_count: i64::try_from(sheet.lines.len()).unwrap_or(i64::MAX),
        }
    }
}

/// Whoever imports may write what the file brings.
pub(crate) fn may(ctx: &Ctx, kind: ImportKind) -> Result<()> {
    ctx.require(Permission::InventoryCreate)?;
    match kind {
        ImportKind::Products => ctx.require(Permission::InventoryEdit),
        ImportKind::StockReceipt => Ok(()),
    }
}

/// Takes a file in. Where its columns say what they hold, its rows are read next; else a person says so first.
pub(crate) fn create_import(ctx: &Ctx, tx: &mut Tx, new: NewImport) -> Result<Import> {
    ctx.require(Permission::InventoryCreate)?;
    let NewImport { kind, filename, hash, kept, headings, sample, row_count } = new;
    may(ctx, kind)?;
    let mapping = Mapping::guess(kind, &headings);
    let is_clear = mapping.check(kind, &headings, false).is_ok();
    let mut import = Import {
        id: ctx.new_id(),
        number: next_number(ctx, tx, "import")?,
        kind,
        state: if is_clear { ImportState::Reading } else { ImportState::Columns },
        policy: Policy::All,
        filename,
        file_hash: hash.to_string(),
        file_kept: kept,
        headings,
        mapping,
        sample,
        row_count,
        good_count: 0,
        bad_count: 0,
        created_count: 0,
        changed_count: 0,
        same_count: 0,
        receipt: None,
        refusal: None,
        job: None,
        created_by: ctx.actor().name.clone(),
        created_at: ctx.now(),
        finished_at: None,
    };
    if is_clear && kept {
        import.job = enqueue(ctx, tx, READ, import.id)?;
    }
    store::insert(ctx, tx, &import)?;
    let after =
        json!({ "number": import.number, "kind": kind.word(), "file": import.filename, "rows": row_count });
    ctx.audit_new(tx, "import.create", "import", import.id, &after)?;
    Ok(import)
}

fn enqueue(ctx: &Ctx, tx: &mut Tx, kind: &'static str, import: Id<Import>) -> Result<Option<Id<Job>>> {
    jobs::enqueue(ctx, tx, NewJob::new(kind, &Acting::new(ctx, import))?)
}

/// The import that a path names.
pub fn get_import(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Import> {
    ctx.require(Permission::InventoryCreate)?;
    match key {
        RowKey::Number(number) => store::get_by_number(ctx, tx, number),
        RowKey::Id(uuid) => store::get(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// The imports, newest first.
pub fn list_imports(
    ctx: &Ctx,
    tx: &mut ReadTx,
    kind: Option<ImportKind>,
    state: Option<ImportState>,
    page: PageRequest,
) -> Result<Page<Import>> {
    ctx.require(Permission::InventoryCreate)?;
    store::list(ctx, tx, kind, state, page)
}

/// The bad rows of an import after the row `after`, at most `at_most`.
pub fn bad_rows(
    ctx: &Ctx,
    tx: &mut ReadTx,
    import: Id<Import>,
    after: u32,
    at_most: u32,
) -> Result<Vec<Refused>> {
    ctx.require(Permission::InventoryCreate)?;
    store::bad_rows(ctx, tx, import, after, i64::from(at_most))
}

/// The receipt that came of the same file before.
pub(crate) fn receipt_before(ctx: &Ctx, tx: &mut ReadTx, import: &Import) -> Result<Option<i64>> {
    match import.kind {
        ImportKind::Products => Ok(None),
        ImportKind::StockReceipt => store::find_receipt_of_file(ctx, tx, &import.file_hash),
    }
}

/// Says which field each column holds (empty: none), and has the rows read anew.
pub fn set_columns(ctx: &Ctx, tx: &mut Tx, key: RowKey, fields: &[String]) -> Result<Import> {
    ctx.require(Permission::InventoryCreate)?;
    let mut import = held(ctx, tx, key)?;
    may(ctx, import.kind)?;
    if !matches!(import.state, ImportState::Columns | ImportState::Ready) || !import.file_kept {
        return Err(against(&import));
    }
    let mapping = Mapping::read(import.kind, fields, import.headings.len())?;
    mapping.check(import.kind, &import.headings, true)?;
    import.mapping = mapping;
    import.state = ImportState::Reading;
    import.refusal = None;
    import.job = enqueue(ctx, tx, READ, import.id)?;
    store::update(ctx, tx, &import)?;
    Ok(import)
}

/// Has the checked rows written into the books. With [`Policy::All`] a bad row keeps all of them out. `again` allows a
/// receipt of a file that one came of before. An import that has stopped goes on.
pub fn apply_import(ctx: &Ctx, tx: &mut Tx, key: RowKey, policy: Policy, again: bool) -> Result<Import> {
    ctx.require(Permission::InventoryCreate)?;
    let mut import = held(ctx, tx, key)?;
    may(ctx, import.kind)?;
    let job = import.job.filter(|_| import.state.is_busy()).map(|job| jobs::get(ctx, tx, job)).transpose()?;
    if is_stopped(&import, job.as_ref()) {
        return resume(ctx, tx, import);
    }
    if import.state != ImportState::Ready {
        return Err(against(&import));
    }
    if policy == Policy::All && import.bad_count > 0 {
        return Err(Error::conflict(Text::new("ingest-rows-are-bad").with("count", import.bad_count)));
    }
    if import.good_count == 0 {
        return Err(Error::conflict(Text::new("ingest-no-good-rows")));
    }
    if import.kind == ImportKind::StockReceipt {
        if import.good_count > i64::try_from(MAX_RECEIPT_LINES).unwrap_or(i64::MAX) {
            let words = Text::new("ingest-receipt-too-long").with("max", MAX_RECEIPT_LINES);
            return Err(Error::conflict(words));
        }
        if let Some(number) = store::find_receipt_of_file(ctx, tx, &import.file_hash)?.filter(|_| !again) {
            return Err(Error::conflict(Text::new("ingest-receipt-before").with("number", number)));
        }
    }
    import.state = ImportState::Applying;
    import.policy = policy;
    import.refusal = None;
    if import.file_kept {
        import.job = enqueue(ctx, tx, APPLY, import.id)?;
    }
    store::update(ctx, tx, &import)?;
    let after = json!({ "policy": policy.word(), "good": import.good_count, "bad": import.bad_count });
    ctx.audit_new(tx, "import.apply", "import", import.id, &after)?;
    Ok(import)
}

/// Whether nobody works any more on an import that is being read or written: its job failed as often as it may.
pub fn is_stopped(import: &Import, job: Option<&Job>) -> bool {
    import.state.is_busy() && job.is_some_and(|job| job.state.is_ended())
}

/// Goes on where it stood: rows that are in the books are not staged any more.
fn resume(ctx: &Ctx, tx: &mut Tx, mut import: Import) -> Result<Import> {
    let kind = if import.state == ImportState::Reading { READ } else { APPLY };
    import.job = enqueue(ctx, tx, kind, import.id)?;
    store::update(ctx, tx, &import)?;
    ctx.audit(tx, "import.resume", "import", import.id, None::<&()>, Some(&import.state.word()))?;
    Ok(import)
}

/// Throws an import away. One that goes into the books as a whole and has begun cannot be stopped any more; of one that
/// takes the good rows, those that are in the books stay there.
pub fn cancel_import(ctx: &Ctx, tx: &mut Tx, key: RowKey) -> Result<Import> {
    ctx.require(Permission::InventoryCreate)?;
    let mut import = held(ctx, tx, key)?;
    let begun = import.state == ImportState::Applying && import.applied_count() > 0;
    if matches!(import.state, ImportState::Done | ImportState::Cancelled) {
        return Err(against(&import));
    }
    if begun && import.policy == Policy::All {
        return Err(Error::conflict(Text::new("ingest-whole-has-begun")));
    }
    if let Some(job) = import.job.filter(|_| import.state.is_busy())
        && !jobs::get(ctx, tx, job)?.state.is_ended()
    {
        jobs::cancel(ctx, tx, job)?;
    }
    let before = import.state;
    import.state = ImportState::Cancelled;
    import.finished_at = Some(ctx.now());
    store::update(ctx, tx, &import)?;
    store::delete_good_rows(ctx, tx, import.id, u32::MAX)?;
    let applied = json!({ "applied": import.applied_count() });
    ctx.audit(tx, "import.cancel", "import", import.id, Some(&before.word()), Some(&applied))?;
    Ok(import)
}

fn held(ctx: &Ctx, tx: &mut Tx, key: RowKey) -> Result<Import> {
    let id = get_import(ctx, tx, key)?.id;
    store::lock(ctx, tx, id)
}

fn against(import: &Import) -> Error {
    let key = match import.state {
        ImportState::Columns => "ingest-is-columns",
        ImportState::Reading => "ingest-is-reading",
        ImportState::Ready => "ingest-is-ready",
        ImportState::Applying => "ingest-is-applying",
        ImportState::Done => "ingest-is-done",
        ImportState::Cancelled => "ingest-is-cancelled",
    };
    Error::conflict(Text::new(key))
}
