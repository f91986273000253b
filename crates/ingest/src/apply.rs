//! Rows into the books: the only place that writes into the catalog and the stock.

use std::collections::{HashMap, HashSet};

use catalog::{Names, ProductContent, Upsert, code_key};
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Error, Id, Kind, Result, Text};
use stock::{NewReceipt, NewReceiptLine, Receipt};

use crate::{
    problem::{BadRow, Problem, problems},
    row::{LineRow, ProductRow},
};

/// What became of some rows.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Applied {
    pub(crate) created: i64,
    pub(crate) changed: i64,
    pub(crate) same: i64,
    /// Rows that the catalog did not take, by their numbers.
    pub(crate) refused: Vec<BadRow>,
}

/// Writes products, with the categories that are not there yet. Of a product that is there, only the fields in `has`
/// change: a file without a column says nothing about it.
pub(crate) fn products(
    ctx: &Ctx,
    tx: &mut Tx,
    rows: Vec<(u32, ProductRow)>,
    has: &[&str],
    heading: &impl Fn(&str) -> String,
) -> Result<Applied> {
    let mut applied = Applied::default();
    let categories = categories(ctx, tx, &rows)?;
    let (mut numbers, mut contents) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for (number, ProductRow { content, path }) in rows {
        match categories.get(&path) {
            Some(Err(error)) => applied.refuse(number, problems(error, |_| heading("category"))),
            found => {
                let category = found.and_then(|found| found.as_ref().ok()).copied();
                numbers.push(number);
                contents.push(ProductContent { category, ..content });
            }
        }
    }
    let upserts = catalog::merge_products(ctx, tx, contents, |before, row| over(before, row, has))?;
    for (number, upsert) in numbers.into_iter().zip(upserts) {
        match upsert {
            Upsert::Created(_) => applied.created += 1,
            Upsert::Changed(_) => applied.changed += 1,
            Upsert::Same(_) => applied.same += 1,
            Upsert::Refused(error) => applied.refuse(number, problems(&about_input(error)?, heading)),
        }
    }
    Ok(applied)
}

impl Applied {
    fn refuse(&mut self, row: u32, problems: Vec<Problem>) {
        self.refused.extend(problems.into_iter().map(|problem| problem.of_row(row)));
    }
}

/// The categories that the rows name by their paths, those made that are not there yet.
fn categories(
    ctx: &Ctx,
    tx: &mut Tx,
    rows: &[(u32, ProductRow)],
) -> Result<HashMap<Vec<Names>, Result<Id<catalog::Category>>>> {
    let mut seen = HashSet::new();
    let paths = rows.iter().map(|(_, row)| &row.path).filter(|path| !path.is_empty() && seen.insert(*path));
    let paths: Vec<Vec<Names>> = paths.cloned().collect();
    let found = catalog::ensure_categories(ctx, tx, &paths)?;
    Ok(paths.into_iter().zip(found).collect())
}

/// The error, when it is about what a row says; one that is ours ends the whole.
fn about_input(error: Error) -> Result<Error> {
    if matches!(error.kind(), Kind::Invalid | Kind::Conflict) { Ok(error) } else { Err(error) }
}

/// What stands in the catalog with the fields of the file over it.
fn over(before: ProductContent, row: ProductContent, has: &[&str]) -> ProductContent {
    let ProductContent {
        code,
        name,
        category,
        brand,
        unit,
        purchase_price,
        sale_price,
        old_price,
        minimum_quantity,
        barcode,
        mxik,
        vat,
        description_uz,
        description_ru,
        active,
    } = row;
    let mut out = before;
    out.code = code;
    out.name.uz = name.uz;
    out.sale_price = sale_price;
    macro_rules! take {
        ($($field:literal: $place:expr => $value:expr),* $(,)?) => {$(
            if has.contains(&$field) { $place = $value; }
        )*};
    }
    take! {
        "name_ru": out.name.ru => name.ru,
        "name_en": out.name.en => name.en,
        "brand": out.brand => brand,
        "unit": out.unit => unit,
        "purchase_price": out.purchase_price => purchase_price,
        "old_price": out.old_price => old_price,
        "minimum_quantity": out.minimum_quantity => minimum_quantity,
        "barcode": out.barcode => barcode,
        "mxik": out.mxik => mxik,
        "vat": out.vat => vat,
        "description_uz": out.description_uz => description_uz,
        "description_ru": out.description_ru => description_ru,
        "active": out.active => active,
    }
    if has.iter().any(|field| field.starts_with("category")) {
        out.category = category;
    }
    out
}

/// The products that the rows of a receipt name, and the rows that name none.
pub(crate) fn lines(
    ctx: &Ctx,
    tx: &mut ReadTx,
    rows: &[(u32, LineRow)],
    heading: &impl Fn(&str) -> String,
) -> Result<(Vec<NewReceiptLine>, Vec<BadRow>)> {
    let codes: Vec<String> = rows.iter().map(|(_, row)| row.code.clone()).collect();
    let known = catalog::find_by_codes(ctx, tx, &codes)?;
    let (mut lines, mut bad) = (Vec::with_capacity(rows.len()), Vec::new());
    for (number, LineRow { code, quantity, unit_cost }) in rows {
        match known.get(&code_key(code)) {
            Some(product) => {
                lines.push(NewReceiptLine {
                    product: product.id,
                    quantity: *quantity,
                    unit_cost: *unit_cost,
                });
            }
            None => {
                bad.push(Problem::new(heading("code"), unknown(code)).of_row(*number));
            }
        }
    }
    Ok((lines, bad))
}

/// The words for a code that no product has.
pub(crate) fn unknown(code: &str) -> Text {
    Text::new("ingest-product-unknown").with("code", code)
}

/// Puts the goods into the main warehouse, with a receipt of the file's name.
pub(crate) fn receipt(ctx: &Ctx, tx: &mut Tx, lines: Vec<NewReceiptLine>, note: &str) -> Result<Receipt> {
    stock::receive(ctx, tx, NewReceipt { lines, note: note.to_owned(), ..NewReceipt::default() })
}
