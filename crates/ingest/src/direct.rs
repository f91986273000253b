//! A whole file at once, for commands: nothing is written when a row is bad.

use std::collections::HashMap;

use catalog::{Vat, code_key};
use context::{Ctx, Permission};
use db::{Db, Lane};
use kernel::{Result, Text};

use crate::{
    BadRow, ImportKind, Mapping, apply,
    problem::Problem,
    row::{Entry, RowReader},
    sheet,
};

/// Rows written in one transaction.
const CHUNK_ROWS: usize = 250;

/// What came of a file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// Rows of the file, the headings not counted.
    pub rows: usize,
    /// Products that were not there, or lines of the receipt.
    pub created: i64,
    /// Products that are different now.
    pub changed: i64,
    /// Products that are as they were.
    pub same: i64,
    /// What keeps the file from being taken; nothing is written when there is any.
    pub bad: Vec<BadRow>,
}

/// The rows of a file, read and checked by themselves.
struct Checked {
    mapping: Mapping,
    headings: Vec<String>,
    rows: usize,
    good: Vec<(u32, Entry)>,
    bad: Vec<BadRow>,
}

async fn checked(db: &Db, ctx: &Ctx, kind: ImportKind, bytes: &[u8]) -> Result<Checked> {
    ctx.require(Permission::InventoryCreate)?;
    let own = ctx.clone();
    let standard = db.read(ctx, move |tx| tax::vat_rate(&own, tx, Vat::Standard, own.today())).await?;
    let sheet = sheet::read(bytes)?;
    let mapping = Mapping::guess(kind, &sheet.headings);
    mapping.check(kind, &sheet.headings, false)?;
    let reader = RowReader { kind, mapping: &mapping, headings: &sheet.headings, standard };
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut codes: HashMap<String, u32> = HashMap::new();
    for line in &sheet.lines {
        match reader.read(line) {
            Ok(entry) => {
                if let Entry::Product(row) = &entry
                    && let Some(first) = codes.get(&code_key(&row.content.code))
                {
                    let words = Text::new("ingest-code-twice").with("row", *first);
                    bad.push(Problem::new(reader.heading("code"), words).of_row(line.number));
                    continue;
                }
                if let Entry::Product(row) = &entry {
                    codes.insert(code_key(&row.content.code), line.number);
                }
                good.push((line.number, entry));
            }
            Err(found) => bad.extend(found.into_iter().map(|problem| problem.of_row(line.number))),
        }
    }
    let rows = sheet.lines.len();
    Ok(Checked { headings: sheet.headings, mapping, rows, good, bad })
}

/// Writes the products of a file.
pub async fn import_products(db: &Db, ctx: &Ctx, bytes: &[u8], _name: &str) -> Result<Report> {
    ctx.require(Permission::InventoryCreate)?;
    let Checked { mapping, headings, rows, good, bad } = checked(db, ctx, ImportKind::Products, bytes).await?;
    let mut report = Report { rows, bad, ..Report::default() };
    if !report.bad.is_empty() {
        return Ok(report);
    }
    let has: Vec<&'static str> = mapping.0.iter().flatten().copied().collect();
    let good: Vec<_> = good
        .into_iter()
        .filter_map(|(number, entry)| match entry {
            Entry::Product(row) => Some((number, *row)),
            Entry::Line(_) => None,
        })
        .collect();
    for part in good.chunks(CHUNK_ROWS) {
        let (own, part, has) = (ctx.clone(), part.to_vec(), has.clone());
        let (mapping, headings) = (mapping.clone(), headings.clone());
        let write = move |tx: &mut db::Tx| {
            let heading = |field: &str| {
                mapping.column(field).and_then(|column| headings.get(column)).cloned().unwrap_or_default()
            };
            apply::products(&own, tx, part.clone(), &has, &heading)
        };
        let applied = db.write(ctx, Lane::Background, write).await?;
        report.created += applied.created;
        report.changed += applied.changed;
        report.same += applied.same;
        report.bad.extend(applied.refused);
    }
    Ok(report)
}

/// Writes the stock receipt of a file.
pub async fn import_receipt(db: &Db, ctx: &Ctx, bytes: &[u8], name: &str) -> Result<Report> {
    ctx.require(Permission::InventoryCreate)?;
    let Checked { mapping, headings, rows, good, bad } =
        checked(db, ctx, ImportKind::StockReceipt, bytes).await?;
    let mut report = Report { rows, bad, ..Report::default() };
    if !report.bad.is_empty() {
        return Ok(report);
    }
    let good: Vec<_> = good
        .into_iter()
        .filter_map(|(number, entry)| match entry {
            Entry::Line(row) => Some((number, row)),
            Entry::Product(_) => None,
        })
        .collect();
    let (own, name) = (ctx.clone(), name.to_owned());
    let write = move |tx: &mut db::Tx| {
        let heading = |field: &str| {
            mapping.column(field).and_then(|column| headings.get(column)).cloned().unwrap_or_default()
        };
        let (lines, bad) = apply::lines(&own, tx, &good, &heading)?;
        if !bad.is_empty() {
            return Ok((0, bad));
        }
        let receipt = apply::receipt(&own, tx, lines, &name)?;
        Ok((i64::from(receipt.line_count), bad))
    };
    let (created, bad) = db.write(ctx, Lane::Background, write).await?;
    report.created = created;
    report.bad = bad;
    Ok(report)
}
