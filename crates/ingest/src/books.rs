//! Writes the staged rows of an import into the books, in transactions of bounded size that take the rows away.
//!
//! A row is written and taken from the staged ones in one transaction: after a crash at any point it is either in the
//! books or still to be written, and the job goes on with those that are left.

use catalog::Vat;
use context::Ctx;
use db::{Db, Lane, ReadTx, Tx};
use kernel::{Error, Id, Result, Text};
use stock::MAX_RECEIPT_LINES;

use crate::{
    BadRow, Import, ImportKind, ImportState, Policy, apply,
    apply::Applied,
    problem::Problem,
    row::{Entry, RowReader},
    sheet::Line,
    stage::against_books,
    store,
    work::Progress,
};

/// Rows of products written in one transaction: nobody else waits for longer than a tenth of a second or so. A power of
/// two, as statements of many rows are parted.
pub(crate) const CHUNK_ROWS: i64 = 256;
/// Up to this many products an import as a whole is one transaction, and nothing can come between.
pub(crate) const WHOLE_ROWS: i64 = 1_000;
/// Rows looked at again in one read.
const LOOK_ROWS: i64 = 1_000;

/// What one transaction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It wrote some rows: so many are done, of so many.
    Wrote(i64, i64),
    /// Nothing is left to do.
    Ended,
}

/// Writes what is left of an import that is being applied.
pub(crate) async fn write(db: &Db, ctx: &Ctx, id: Id<Import>, progress: &Progress) -> Result<()> {
    if !look_again(db, ctx, id).await? {
        return Ok(());
    }
    loop {
        let own = ctx.clone();
        match db.write(ctx, Lane::Background, move |tx| step(&own, tx, id)).await? {
            Step::Wrote(done, total) => progress.at(done, total).await?,
            Step::Ended => return Ok(()),
        }
    }
}

/// An import as a whole that takes several transactions is checked against the books once more before the first of
/// them; one row that does not fit any more sends it back. Answers whether it may go on.
async fn look_again(db: &Db, ctx: &Ctx, id: Id<Import>) -> Result<bool> {
    let own = ctx.clone();
    let import = db.read(ctx, move |tx| store::get(&own, tx, id)).await?;
    let begun = import.applied_count() > 0;
    if import.policy == Policy::Good || begun || import.good_count <= WHOLE_ROWS {
        return Ok(true);
    }
    let mut after = 0;
    let mut bad: Vec<BadRow> = Vec::new();
    loop {
        let (own, import) = (ctx.clone(), import.clone());
        let look = move |tx: &mut ReadTx| {
            let lines = store::good_rows(&own, tx, id, after, LOOK_ROWS)?;
            let (entries, mut bad) = entries(&own, tx, &import, &lines)?;
            let refs: Vec<(u32, &Entry)> = entries.iter().map(|(row, entry)| (*row, entry)).collect();
            let against = against_books(&own, tx, &import, &refs)?;
            bad.extend(against.into_iter().map(|(row, problem)| problem.of_row(row)));
            Ok((lines.last().map(|line| line.number), bad))
        };
        let (last, found) = db.read(ctx, look).await?;
        bad.extend(found);
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    if bad.is_empty() {
        return Ok(true);
    }
    let own = ctx.clone();
    let send_back = move |tx: &mut Tx| {
        let import = store::lock(&own, tx, id)?;
        if import.state == ImportState::Applying { back(&own, tx, import, &bad) } else { Ok(()) }
    };
    db.write(ctx, Lane::Background, send_back).await.map(|()| false)
}

/// Writes the next rows, in one transaction.
pub(crate) fn step(ctx: &Ctx, tx: &mut Tx, id: Id<Import>) -> Result<Step> {
    let import = store::lock(ctx, tx, id)?;
    if import.state != ImportState::Applying {
        return Ok(Step::Ended);
    }
    let whole =
        import.policy == Policy::All && import.good_count <= WHOLE_ROWS && import.applied_count() == 0;
    let at_most = match import.kind {
        ImportKind::StockReceipt => i64::try_from(MAX_RECEIPT_LINES).map_err(Error::internal)?,
        ImportKind::Products if whole => WHOLE_ROWS,
        ImportKind::Products => CHUNK_ROWS,
    };
    let lines = store::good_rows(ctx, tx, id, 0, at_most)?;
    let Some(last) = lines.last().map(|line| line.number) else { return done(ctx, tx, import) };
    let (entries, bad) = entries(ctx, tx, &import, &lines)?;
    let mut import = import;
    let mut refused = bad;
    let is_one = whole || import.kind == ImportKind::StockReceipt;
    let all = import.policy == Policy::All && is_one;
    let mut receipt = None;
    let outcome = tx.savepoint(|tx| {
        let applied = match import.kind {
            ImportKind::Products => products(ctx, tx, &import, entries)?,
            ImportKind::StockReceipt => {
                let (applied, number) =
                    lines_of_receipt(ctx, tx, &import, entries, all && !refused.is_empty())?;
                receipt = number;
                applied
            }
        };
        refused.extend(applied.refused.iter().cloned());
        let fits = !all || refused.is_empty();
        if fits { Ok(applied) } else { Err(Error::conflict(Text::new("ingest-rows-refused"))) }
    });
    let applied = match outcome {
        Ok(applied) => applied,
        Err(_) if all && !refused.is_empty() => return back(ctx, tx, import, &refused).map(|()| Step::Ended),
        Err(error) => return Err(error),
    };
    import.created_count += applied.created;
    import.changed_count += applied.changed;
    import.same_count += applied.same;
    import.receipt = receipt.or(import.receipt);
    refuse(ctx, tx, &mut import, &refused)?;
    store::delete_good_rows(ctx, tx, id, last)?;
    store::update(ctx, tx, &import)?;
    Ok(Step::Wrote(import.applied_count(), import.good_count))
}

/// A row that could be read: its number in the file and what it says.
type Read = (u32, Entry);

/// What staged rows say. They were read without a mistake before; what the law's rate of tax or the names of columns
/// have done to them since is told.
fn entries(ctx: &Ctx, tx: &mut ReadTx, import: &Import, lines: &[Line]) -> Result<(Vec<Read>, Vec<BadRow>)> {
    let standard = tax::vat_rate(ctx, tx, Vat::Standard, ctx.today())?;
    let Import { kind, mapping, headings, .. } = import;
    let reader = RowReader { kind: *kind, mapping, headings, standard };
    let (mut entries, mut bad) = (Vec::with_capacity(lines.len()), Vec::new());
    for line in lines {
        match reader.read(line) {
            Ok(entry) => entries.push((line.number, entry)),
            Err(problems) => bad.extend(problems.into_iter().map(|problem| problem.of_row(line.number))),
        }
    }
    Ok((entries, bad))
}

fn products(ctx: &Ctx, tx: &mut Tx, import: &Import, entries: Vec<(u32, Entry)>) -> Result<Applied> {
    let rows = entries.into_iter().filter_map(|(row, entry)| match entry {
        Entry::Product(product) => Some((row, *product)),
        Entry::Line(_) => None,
    });
    let has: Vec<&str> = import.mapping.0.iter().flatten().copied().collect();
    apply::products(ctx, tx, rows.collect(), &has, &|field| import.heading(field))
}

fn lines_of_receipt(
    ctx: &Ctx,
    tx: &mut Tx,
    import: &Import,
    entries: Vec<(u32, Entry)>,
    is_lost: bool,
) -> Result<(Applied, Option<i64>)> {
    let rows: Vec<_> = entries
        .into_iter()
        .filter_map(|(row, entry)| match entry {
            Entry::Line(line) => Some((row, line)),
            Entry::Product(_) => None,
        })
        .collect();
    let (lines, refused) = apply::lines(ctx, tx, &rows, &|field| import.heading(field))?;
    let is_lost = is_lost || lines.is_empty() || (import.policy == Policy::All && !refused.is_empty());
    if is_lost {
        return Ok((Applied { refused, ..Applied::default() }, None));
    }
    let receipt = apply::receipt(ctx, tx, lines, &import.filename)?;
    let created = i64::from(receipt.line_count);
    Ok((Applied { created, refused, ..Applied::default() }, Some(receipt.number)))
}

/// Marks the rows as bad and counts them so.
fn refuse(ctx: &Ctx, tx: &mut Tx, import: &mut Import, refused: &[BadRow]) -> Result<()> {
    let mut rows: Vec<u32> = refused.iter().map(|bad| bad.row).collect();
    rows.sort_unstable();
    rows.dedup();
    for row in &rows {
        let of_row = refused.iter().filter(|bad| bad.row == *row);
        let problems: Vec<Problem> = of_row.map(|bad| Problem::new(&bad.column, bad.text.clone())).collect();
        store::set_bad(ctx, tx, import.id, *row, &problems)?;
    }
    let count = i64::try_from(rows.len()).map_err(Error::internal)?;
    import.good_count -= count;
    import.bad_count += count;
    Ok(())
}

/// Sends an import back to the person: rows that were good do not fit any more.
fn back(ctx: &Ctx, tx: &mut Tx, mut import: Import, refused: &[BadRow]) -> Result<()> {
    refuse(ctx, tx, &mut import, refused)?;
    import.state = ImportState::Ready;
    import.refusal = Some(Problem::new("", Text::new("ingest-rows-refused")));
    store::update(ctx, tx, &import)
}

fn done(ctx: &Ctx, tx: &mut Tx, mut import: Import) -> Result<Step> {
    import.state = ImportState::Done;
    import.finished_at = Some(ctx.now());
    store::update(ctx, tx, &import)?;
    let after = serde_json::json!({
        "created": import.created_count, "changed": import.changed_count, "same": import.same_count,
        "bad": import.bad_count, "receipt": import.receipt,
    });
    ctx.audit_new(tx, "import.done", "import", import.id, &after)?;
    Ok(Step::Ended)
}
