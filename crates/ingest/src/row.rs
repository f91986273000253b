//! A row's cells as what they say: a product, a line of a receipt. Pure.

use catalog::{CATEGORY_NAME_CHARS, Names, ProductContent, Vat, levels};
use kernel::{Barcode, Checks, Error, Money, Mxik, Quantity, Rate, Result, Text};

use crate::{
    ImportKind, Mapping, number,
    problem::{Problem, problems},
    sheet::Line,
};

/// Characters of a code that a receipt names; longer ones are no codes.
const CODE_CHARS: usize = 64;
/// What a spreadsheet shows where a formula found no value.
const ERRORS: [&str; 9] =
    ["#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#DATA!"];
/// How people write that a product is free of value added tax.
const EXEMPT: [&str; 7] =
    ["exempt", "ozod", "qqssiz", "без ндс", "не облагается", "освобожден", "without vat"];
/// How the program itself calls the other two.
const STANDARD: [&str; 4] =
    ["standard", "qqs asosiy stavkada", "ндс по основной ставке", "vat at the standard rate"];
const ZERO: [&str; 4] = ["zero", "qqs 0 %", "ндс 0 %", "vat 0 %"];
/// How people write that a product is on sale, and that it is not.
const ON_SALE: [&str; 10] =
    ["sotuvda", "в продаже", "on sale", "true", "1", "ha", "да", "yes", "faol", "активен"];
const OFF_SALE: [&str; 10] = [
    "sotuvda emas",
    "не в продаже",
    "off sale",
    "false",
    "0",
    "yo'q",
    "нет",
    "no",
    "faol emas",
    "не активен",
];

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    Product(Box<ProductRow>),
    Line(LineRow),
}

/// A product, and the path of its category from the top; the category itself is found or made when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProductRow {
    pub(crate) content: ProductContent,
    pub(crate) path: Vec<Names>,
}

/// Goods that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineRow {
    pub(crate) code: String,
    pub(crate) quantity: Quantity,
    pub(crate) unit_cost: Money,
}

/// Reads the rows of one file.
#[derive(Debug)]
pub(crate) struct RowReader<'f> {
    pub(crate) kind: ImportKind,
    pub(crate) mapping: &'f Mapping,
    pub(crate) headings: &'f [String],
    /// The standard rate of value added tax today: the only other one that a file may name is zero.
    pub(crate) standard: Rate,
}

impl RowReader<'_> {
    /// What the row says, or everything that is wrong with it.
    pub(crate) fn read(&self, line: &Line) -> Result<Entry, Vec<Problem>> {
        let errors: Vec<Problem> = self.errors_shown(line).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let entry = match self.kind {
            ImportKind::Products => self.product(line).map(|row| Entry::Product(Box::new(row))),
            ImportKind::StockReceipt => self.line(line).map(Entry::Line),
        };
        entry.map_err(|error| problems(&error, |field| self.heading(field)))
    }

    /// What the file calls the column of this field.
    pub(crate) fn heading(&self, field: &str) -> String {
        let heading = |field| self.mapping.column(field).and_then(|column| self.headings.get(column));
        // A problem of a category's whole path is shown where the path begins.
        heading(field).cloned().unwrap_or_default()
    }

    /// Cells that show a spreadsheet's error.
    fn errors_shown<'l>(&'l self, line: &'l Line) -> impl Iterator<Item = Problem> + 'l {
        self.mapping.0.iter().zip(self.headings).zip(&line.cells).filter_map(|((field, heading), cell)| {
            let cell = cell.trim();
            let shown = field.is_some() && ERRORS.contains(&cell);
            shown.then(|| Problem::new(heading, Text::new("ingest-cell-is-error").with("error", cell)))
        })
    }

    /// The field's cell, trimmed; empty when the file or the row does not have it.
    fn cell<'l>(&self, line: &'l Line, field: &str) -> &'l str {
        let cell = self.mapping.column(field).and_then(|column| line.cells.get(column));
        cell.map_or("", |cell| cell.trim())
    }

    fn product(&self, line: &Line) -> Result<ProductRow> {
        let mut checks = Checks::new();
        let cell = |field: &str| self.cell(line, field);
        let own = |field: &str| Some(cell(field).to_owned()).filter(|text| !text.is_empty());
        let sale_price = required(&mut checks, "sale_price", cell("sale_price"), number::money);
        let content = ProductContent {
            name: Names { uz: cell("name").to_owned(), ru: own("name_ru"), en: own("name_en") },
            brand: own("brand"),
            unit: cell("unit").to_owned(),
            purchase_price: optional(&mut checks, "purchase_price", cell("purchase_price"), number::money)
                .unwrap_or_default(),
            old_price: optional(&mut checks, "old_price", cell("old_price"), number::money),
            minimum_quantity: optional(
                &mut checks,
                "minimum_quantity",
                cell("minimum_quantity"),
                number::quantity,
            )
            .unwrap_or_default(),
            barcode: optional(&mut checks, "barcode", cell("barcode"), Barcode::parse),
            mxik: optional(&mut checks, "mxik", cell("mxik"), Mxik::parse),
            vat: optional(&mut checks, "vat", cell("vat"), |text| self.vat(text)).unwrap_or_default(),
            description_uz: own("description_uz"),
            description_ru: own("description_ru"),
            active: optional(&mut checks, "active", cell("active"), on_sale).unwrap_or(true),
            ..ProductContent::new(cell("code"), "", sale_price.unwrap_or_default())
        };
        let path = path(&mut checks, [cell("category"), cell("category_ru"), cell("category_en")]);
        let content = checks.take_all(content.checked());
        checks.done()?;
        let content = content.ok_or_else(|| Error::internal("a product that is neither right nor wrong"))?;
        Ok(ProductRow { content, path })
    }

    fn line(&self, line: &Line) -> Result<LineRow> {
        let mut checks = Checks::new();
        let cell = |field: &str| self.cell(line, field);
        let code = checks.required_line("code", cell("code"), CODE_CHARS);
        let quantity = required(&mut checks, "quantity", cell("quantity"), |text| {
            let quantity = number::quantity(text)?;
            stock::quantity_within(quantity).map(|()| quantity)
        });
        let unit_cost = required(&mut checks, "unit_cost", cell("unit_cost"), |text| {
            let price = number::money(text)?;
            stock::price_within(price).map(|()| price)
        });
        if let (Some(quantity), Some(cost)) = (quantity, unit_cost) {
            checks.take("unit_cost", cost.times(quantity));
        }
        checks.done()?;
        Ok(LineRow { code, quantity: quantity.unwrap_or_default(), unit_cost: unit_cost.unwrap_or_default() })
    }

    /// `12`, `12%` and the 0.12 that a cell in percent holds are the standard rate of today; `0` is zero.
    fn vat(&self, text: &str) -> Result<Vat> {
        let word = word(text);
        for (words, vat) in [(&EXEMPT[..], Vat::Exempt), (&STANDARD, Vat::Standard), (&ZERO, Vat::Zero)] {
            if words.contains(&word.as_str()) {
                return Ok(vat);
            }
        }
        let (points, standard) = (number::rate(text)?.basis_points(), self.standard.basis_points());
        match points {
            0 => Ok(Vat::Zero),
            points if points == standard || points.checked_mul(100) == Some(standard) => Ok(Vat::Standard),
            _ => {
                let words = Text::new("ingest-vat-unknown").with("rate", self.standard.to_string());
                Err(Error::invalid(words))
            }
        }
    }
}

/// A word as it is compared: lower case, one kind of apostrophe, single spaces.
fn word(text: &str) -> String {
    let plain = |c: char| if uztext::is_apostrophe(c) { '\'' } else { c };
    let lower: String = text.chars().map(plain).flat_map(char::to_lowercase).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn on_sale(text: &str) -> Result<bool> {
    let word = word(text);
    match (ON_SALE.contains(&word.as_str()), OFF_SALE.contains(&word.as_str())) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(Error::invalid(Text::new("ingest-state-of-sale-unknown"))),
    }
}

fn required<T>(checks: &mut Checks, field: &str, text: &str, read: impl Fn(&str) -> Result<T>) -> Option<T> {
    if text.is_empty() {
        checks.refuse(field, Text::new("kernel-text-missing"));
        return None;
    }
    checks.take(field, read(text))
}

fn optional<T>(checks: &mut Checks, field: &str, text: &str, read: impl Fn(&str) -> Result<T>) -> Option<T> {
    if text.is_empty() { None } else { checks.take(field, read(text)) }
}

/// The path of a category from its cells in Uzbek, Russian and English. Where the Uzbek one is empty, the first that is
/// not stands for it.
fn path(checks: &mut Checks, [uz, ru, en]: [&str; 3]) -> Vec<Names> {
    let mut names = |field: &str, path: &str| -> Vec<String> {
        levels(path).iter().map(|level| checks.line(field, level, CATEGORY_NAME_CHARS)).collect()
    };
    let (uz, ru, en) = (names("category", uz), names("category_ru", ru), names("category_en", en));
    let first = [&uz, &ru, &en].into_iter().find(|levels| !levels.is_empty()).cloned().unwrap_or_default();
    for (field, other) in [("category_ru", &ru), ("category_en", &en)] {
        let fits = other.is_empty() || other.len() == first.len();
        checks.hold(fits, field, Text::new("ingest-category-levels-differ"));
    }
    let (mut ru, mut en) = (ru.into_iter(), en.into_iter());
    first.into_iter().map(|uz| Names { uz, ru: ru.next(), en: en.next() }).collect()
}
