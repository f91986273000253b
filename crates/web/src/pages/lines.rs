//! The lines of a document in a form: product, quantity, price, discount. They are sent as columns of equal
//! length: `line_product_id`, `line_quantity`, `line_price`, `line_discount`.

use askama::{Template, filters::HtmlSafe};
use kernel::{Error, FieldError, Money, Quantity, Rate};

use super::{Icon, Words};
use crate::Multi;

/// One line as it stands in the form, with what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// The product's id; empty in a new line.
    pub product_id: String,
    /// Its name.
    pub product: String,
    /// Its unit of measure.
    pub unit: String,
    /// How much, as typed.
    pub quantity: String,
    /// The price of a unit, as typed.
    pub price: String,
    /// Percent taken off, as typed.
    pub discount: String,
    errors: Vec<(String, String)>,
}

impl Line {
    /// A line of stored values.
    pub fn stored(
        product_id: impl Into<String>,
        product: impl Into<String>,
        unit: impl Into<String>,
        quantity: Quantity,
        price: Money,
        discount: Rate,
    ) -> Self {
        Self {
            product_id: product_id.into(),
            product: product.into(),
            unit: unit.into(),
            quantity: quantity.to_string(),
            price: price.to_string(),
            discount: discount.to_string(),
            errors: Vec::new(),
        }
    }

    /// The lines as a form sent them ([`crate::Multi`]); lines that were left empty are left out.
    pub fn sent(form: &Multi) -> Vec<Self> {
        let column = |name| form.all(name).map(|value| value.trim().to_owned()).collect::<Vec<_>>();
        let (ids, names, units) = (column("line_product_id"), column("line_product"), column("line_unit"));
        let (quantities, prices) = (column("line_quantity"), column("line_price"));
        let discounts = column("line_discount");
        let at = |column: &[String], index: usize| column.get(index).cloned().unwrap_or_default();
        (0..ids.len())
            .map(|index| Self {
                product_id: at(&ids, index),
                product: at(&names, index),
                unit: at(&units, index),
                quantity: at(&quantities, index),
                price: at(&prices, index),
                discount: at(&discounts, index),
                errors: Vec::new(),
            })
            .filter(|line| {
                !(line.product_id.is_empty() && line.product.is_empty() && line.quantity.is_empty())
            })
            .collect()
    }

    fn error(&self, field: &str) -> String {
        let said = self.errors.iter().filter(|(name, _)| name == field);
        said.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// The lines, with a search for products and the sum.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/lines.html")]
pub struct Lines {
    words: Words,
    source: String,
    lines: Vec<Line>,
    has_price: bool,
    has_discount: bool,
    preview: Option<String>,
    error: String,
}
impl HtmlSafe for Lines {}

impl Lines {
    /// The errors under this name belong to lines.
    pub(super) const FIELD: &'static str = "lines";

    /// These lines; `source` answers `?q=` with one `<li role="option" data-value="id" data-label="name"
    /// data-price="1250000.5" data-unit="dona">…</li>` for each product found.
    pub fn new(words: &Words, source: impl Into<String>, lines: Vec<Line>) -> Self {
        Self {
            words: words.clone(),
            source: source.into(),
            lines,
            has_price: true,
            has_discount: false,
            preview: None,
            error: String::new(),
        }
    }

    /// With a discount for each line.
    #[must_use]
    pub const fn discounts(mut self) -> Self {
        self.has_discount = true;
        self
    }

    /// Without prices: for moves and counts of stock.
    #[must_use]
    pub const fn quantities_only(mut self) -> Self {
        self.has_price = false;
        self
    }

    /// With the server's own sums: the form is posted to `href` as it is typed, and [`Totals`] come back. What is not
    /// right yet is no error there; it counts what it can.
    #[must_use]
    pub fn preview(mut self, href: impl Into<String>) -> Self {
        self.preview = Some(href.into());
        self
    }

    /// Shows what was wrong: `lines` as a whole, `lines.2.quantity` beside its field.
    #[must_use]
    pub fn error(mut self, error: Option<&Error>) -> Self {
        for FieldError { field, text } in error.map(Error::field_errors).unwrap_or_default() {
            let Some(path) = field.strip_prefix(Self::FIELD) else { continue };
            let said = self.words.say(text);
            let mut steps = path.trim_start_matches('.').splitn(2, '.');
            let line = steps.next().and_then(|index| index.parse::<usize>().ok());
            match line.and_then(|index| self.lines.get_mut(index)) {
                Some(line) => line.errors.push((steps.next().unwrap_or("product_id").to_owned(), said)),
                None => self.error = said,
            }
        }
        self
    }

    fn blank(&self) -> Line {
        Line::default()
    }
}

/// What a document comes to: its parts, then the sum that counts, last and largest.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/totals.html")]
pub struct Totals {
    rows: Vec<(String, String)>,
    unit: String,
}
impl HtmlSafe for Totals {}

impl Totals {
    /// These parts and sums, in the order they are read: without VAT, VAT, total.
    pub fn new(words: &Words, rows: impl IntoIterator<Item = (String, Money)>) -> Self {
        let rows = rows.into_iter().map(|(label, money)| (label, words.money(money))).collect();
        Self { rows, unit: words.t("web-som") }
    }
}
