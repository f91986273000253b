//! Reads a file's rows, checks each by itself, among each other and against the books, and stages them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use catalog::{Names, Product, Vat, code_key};
use context::Ctx;
use db::{Db, Lane, ReadTx, Tx};
use kernel::{Barcode, Error, Id, Kind, Rate, Result, Text};
use tokio::sync::Semaphore;

use crate::{
    Import, ImportState, apply,
    problem::Problem,
    row::{Entry, RowReader},
    sheet::{self, Line, Sheet},
    store,
    work::Progress,
};

/// Rows checked and staged in one transaction.
const STAGED_ROWS: usize = 512;
/// Staged rows taken away in one transaction.
const CLEARED_ROWS: u32 = 20_000;
/// Paths of categories tried in one transaction.
const TRIED_PATHS: usize = 100;
/// Files unpacked at a time: one can take hundreds of megabytes.
static UNPACKING: Semaphore = Semaphore::const_new(2);

/// A row, what it says, and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) line: Line,
    pub(crate) entry: Option<Entry>,
    pub(crate) problems: Vec<Problem>,
}

/// Reads a file off the threads that answer.
pub(crate) async fn unpack(bytes: Vec<u8>) -> Result<Sheet> {
    let _place = UNPACKING.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || sheet::read(&bytes)).await.map_err(Error::internal)?
}

/// Stages the rows of an import that is being read; a second call begins anew.
pub(crate) async fn stage(
    db: &Db,
    ctx: &Ctx,
    id: Id<Import>,
    bytes: Vec<u8>,
    progress: &Progress,
) -> Result<()> {
    let own = ctx.clone();
    let (import, standard) = db
        .read(ctx, move |tx| {
            let standard = tax::vat_rate(&own, tx, Vat::Standard, own.today())?;
            Ok((store::get(&own, tx, id)?, standard))
        })
        .await?;
    if import.state != ImportState::Reading {
        return Ok(());
    }
    let sheet = unpack(bytes).await?;
    let total = i64::try_from(sheet.lines.len()).map_err(Error::internal)?;
    progress.at(0, total).await?;
    let import = Arc::new(import);
    let reading = Arc::clone(&import);
    let rows = tokio::task::spawn_blocking(move || checked(&reading, standard, sheet.lines));
    let mut rows = rows.await.map_err(Error::internal)?;
    refuse_paths(db, ctx, &import, &mut rows).await?;
    clear(db, ctx, id).await?;
    let rows: Arc<[Checked]> = rows.into();
    let mut bad = 0;
    for first in (0..rows.len()).step_by(STAGED_ROWS) {
        let (own, import, rows) = (ctx.clone(), Arc::clone(&import), Arc::clone(&rows));
        let part =
            move |tx: &mut Tx| stage_part(&own, tx, &import, rows.iter().skip(first).take(STAGED_ROWS));
        let Some(found) = db.write(ctx, Lane::Background, part).await? else { return Ok(()) };
        bad += found;
        let done = rows_to(first + STAGED_ROWS, total);
        progress.at(done, total).await?;
    }
    let own = ctx.clone();
    let ready = move |tx: &mut Tx| {
        let mut import = store::lock(&own, tx, id)?;
        if import.state == ImportState::Reading {
            import.state = ImportState::Ready;
            import.row_count = total;
            import.good_count = total - bad;
            import.bad_count = bad;
            store::update(&own, tx, &import)?;
        }
        Ok(())
    };
    db.write(ctx, Lane::Background, ready).await
}

fn rows_to(end: usize, total: i64) -> i64 {
    i64::try_from(end).unwrap_or(i64::MAX).min(total)
}

/// Takes away what an earlier run staged.
async fn clear(db: &Db, ctx: &Ctx, id: Id<Import>) -> Result<()> {
    let highest = 1_048_576 + CLEARED_ROWS;
    for last in (CLEARED_ROWS..=highest).step_by(usize::try_from(CLEARED_ROWS).unwrap_or(1)) {
        let own = ctx.clone();
        let any = move |tx: &mut ReadTx| store::has_rows(&own, tx, id);
        if !db.read(ctx, any).await? {
            return Ok(());
        }
        let own = ctx.clone();
        db.write(ctx, Lane::Background, move |tx| store::delete_rows(&own, tx, id, last)).await?;
    }
    Ok(())
}

/// The rows with what is wrong with each by itself and among the others.
pub(crate) fn checked(import: &Import, standard: Rate, lines: Vec<Line>) -> Vec<Checked> {
    let Import { kind, mapping, headings, .. } = import;
    let reader = RowReader { kind: *kind, mapping, headings, standard };
    let mut codes: HashMap<String, u32> = HashMap::new();
    let mut barcodes: HashMap<String, u32> = HashMap::new();
    let check = |line: Line| {
        let (entry, mut problems) = match reader.read(&line) {
            Ok(entry) => (Some(entry), Vec::new()),
            Err(problems) => (None, problems),
        };
        if let Some(Entry::Product(row)) = &entry {
            let code = code_key(&row.content.code);
            let first = *codes.entry(code).or_insert(line.number);
            if first != line.number {
                let words = Text::new("ingest-code-twice").with("row", first);
                problems.push(Problem::new(reader.heading("code"), words));
            }
            if let Some(barcode) = &row.content.barcode {
                let first = *barcodes.entry(barcode.as_str().to_owned()).or_insert(line.number);
                if first != line.number {
                    let words = Text::new("ingest-barcode-twice").with("row", first);
                    problems.push(Problem::new(reader.heading("barcode"), words));
                }
            }
        }
        Checked { line, entry, problems }
    };
    lines.into_iter().map(check).collect()
}

/// Finds out which paths of categories the catalog would not take, by making them in a transaction that is undone.
async fn refuse_paths(db: &Db, ctx: &Ctx, import: &Import, rows: &mut [Checked]) -> Result<()> {
    let path = |row: &Checked| match &row.entry {
        Some(Entry::Product(product)) if !product.path.is_empty() => Some(product.path.clone()),
        _ => None,
    };
    let mut seen = HashSet::new();
    let paths: Vec<Vec<Names>> =
        rows.iter().filter_map(path).filter(|path| seen.insert(path.clone())).collect();
    let mut refused: HashMap<Vec<Names>, Text> = HashMap::new();
    for part in paths.chunks(TRIED_PATHS) {
        let (own, part) = (ctx.clone(), part.to_vec());
        let found = db.write(ctx, Lane::Background, move |tx| tried(&own, tx, &part)).await?;
        refused.extend(found);
    }
    for row in rows.iter_mut() {
        if let Some(text) = path(row).and_then(|path| refused.get(&path).cloned()) {
            row.problems.push(Problem::new(import.heading("category"), text));
        }
    }
    Ok(())
}

/// The paths that are refused, with the reasons; what was made for the trial is undone.
fn tried(ctx: &Ctx, tx: &mut Tx, paths: &[Vec<Names>]) -> Result<Vec<(Vec<Names>, Text)>> {
    let mut outcome = Ok(Vec::new());
    let trial: Result<()> = tx.savepoint(|tx| {
        outcome = catalog::ensure_categories(ctx, tx, paths);
        Err(Error::conflict(Text::new("ingest-row-refused")))
    });
    match trial {
        Err(error) if error.kind() != Kind::Conflict => return Err(error),
        _ => {}
    }
    let reason = |error: Error| {
        let words = error.field_errors().first().map_or(error.text(), |error| &error.text);
        words.clone()
    };
    let refused =
        paths.iter().zip(outcome?).filter_map(|(path, made)| Some((path.clone(), reason(made.err()?))));
    Ok(refused.collect())
}

/// Stages some rows, after a look at the books; answers how many are bad, `None` when the import is not being read.
fn stage_part<'r>(
    ctx: &Ctx,
    tx: &mut Tx,
    import: &Import,
    rows: impl Iterator<Item = &'r Checked> + Clone,
) -> Result<Option<i64>> {
    if store::lock(ctx, tx, import.id)?.state != ImportState::Reading {
        return Ok(None);
    }
    let entries: Vec<(u32, &Entry)> = rows
        .clone()
        .filter(|row| row.problems.is_empty())
        .filter_map(|row| Some((row.line.number, row.entry.as_ref()?)))
        .collect();
    let mut against = against_books(ctx, tx, import, &entries)?;
    let staged: Vec<(&Line, Vec<Problem>)> = rows
        .map(|row| {
            let mut problems = row.problems.clone();
            problems.extend(against.remove(&row.line.number));
            (&row.line, problems)
        })
        .collect();
    store::insert_rows(ctx, tx, import.id, &staged)?;
    let bad = staged.iter().filter(|(_, problems)| !problems.is_empty()).count();
    Ok(Some(i64::try_from(bad).map_err(Error::internal)?))
}

/// What the books have against rows that are right by themselves, by their numbers.
pub(crate) fn against_books(
    ctx: &Ctx,
    tx: &mut ReadTx,
    import: &Import,
    entries: &[(u32, &Entry)],
) -> Result<HashMap<u32, Problem>> {
    let code = |entry: &Entry| match entry {
        Entry::Product(row) => row.content.code.clone(),
        Entry::Line(row) => row.code.clone(),
    };
    let codes: Vec<String> = entries.iter().map(|(_, entry)| code(entry)).collect();
    let known = catalog::find_by_codes(ctx, tx, &codes)?;
    let barcode = |entry: &&Entry| match entry {
        Entry::Product(row) => row.content.barcode.clone(),
        Entry::Line(_) => None,
    };
    let barcodes: Vec<Barcode> = entries.iter().map(|(_, entry)| entry).filter_map(barcode).collect();
    let barcodes: Vec<&str> = barcodes.iter().map(Barcode::as_str).collect();
    let owners = catalog::find_by_barcodes(ctx, tx, &barcodes)?;
    let owners: HashMap<&Barcode, &Product> =
        owners.iter().filter_map(|owner| Some((owner.barcode.as_ref()?, owner))).collect();
    let mut against = HashMap::new();
    for (number, entry) in entries {
        let problem = match entry {
            Entry::Line(row) => {
                let unknown = !known.contains_key(&code_key(&row.code));
                unknown.then(|| Problem::new(import.heading("code"), apply::unknown(&row.code)))
            }
            Entry::Product(row) => {
                let own = known.get(&code_key(&row.content.code)).map(|own| own.id);
                let owner = row.content.barcode.as_ref().and_then(|barcode| owners.get(barcode));
                owner.filter(|owner| Some(owner.id) != own).map(|owner| {
                    let words = Text::new("catalog-barcode-taken").with("code", &owner.code);
                    Problem::new(import.heading("barcode"), words)
                })
            }
        };
        against.extend(problem.map(|problem| (*number, problem)));
    }
    Ok(against)
}
