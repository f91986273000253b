//! What is wrong with a row, as it is told and as it is kept.

use kernel::{Arg, FieldError, Text};
use serde::{Deserialize, Serialize};

/// A row that cannot be taken, or one of the reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The row's number as a spreadsheet shows it.
    pub row: u32,
    /// The heading of the column, as it stands in the file; empty when it is about the row.
    pub column: String,
    /// What is wrong.
    pub text: Text,
}

/// What is wrong in one column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) column: String,
    pub(crate) text: Text,
}

/// A [`Problem`] as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    column: String,
    key: String,
    args: Vec<(String, KeptArg)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptArg {
    Text(String),
    Int(i64),
    Money(i64),
    Quantity(i64),
    Date(kernel::Date),
}

/// The messages that a row, or an import as a whole, can be refused with. One that is not here is read back as `ingest-row-refused`.
const KEYS: &[&str] = &[
    "kernel-text-missing",
    "kernel-text-too-long",
    "kernel-text-has-control",
    "kernel-number-malformed",
    "kernel-number-too-precise",
    "kernel-number-too-large",
    "kernel-mxik-malformed",
    "kernel-barcode-malformed",
    "catalog-price-out-of-range",
    "catalog-quantity-out-of-range",
    "catalog-code-taken",
    "catalog-barcode-taken",
    "catalog-category-unknown",
    "catalog-category-name-taken",
    "catalog-category-too-deep",
    "catalog-categories-too-many",
    "stock-quantity-not-positive",
    "stock-quantity-too-large",
    "stock-price-negative",
    "stock-price-too-large",
    "stock-product-unknown",
    "ingest-number-ambiguous",
    "ingest-cell-is-error",
    "ingest-category-levels-differ",
    "ingest-vat-unknown",
    "ingest-state-of-sale-unknown",
    "ingest-code-twice",
    "ingest-barcode-twice",
    "ingest-product-unknown",
    "ingest-rows-refused",
    "stock-warehouse-closed",
    "stock-warehouse-default-missing",
];
/// The names of those messages' arguments.
const ARGS: &[&str] = &["max", "code", "name", "number", "error", "column", "row", "rate", "warehouse"];

impl Problem {
    pub(crate) fn new(column: impl Into<String>, text: Text) -> Self {
        Self { column: column.into(), text }
    }

    /// The same, to be kept.
    pub(crate) fn keep(&self) -> Kept {
        let arg = |value: &Arg| match value {
            Arg::Text(text) => KeptArg::Text(text.clone()),
            Arg::Int(number) => KeptArg::Int(*number),
            Arg::Money(money) => KeptArg::Money(money.tiyin()),
            Arg::Quantity(quantity) => KeptArg::Quantity(quantity.thousandths()),
            Arg::Date(date) => KeptArg::Date(*date),
        };
        Kept {
            column: self.column.clone(),
            key: self.text.key().to_owned(),
            args: self.text.args().iter().map(|(name, value)| ((*name).to_owned(), arg(value))).collect(),
        }
    }

    /// This problem of this row.
    pub(crate) fn of_row(self, row: u32) -> BadRow {
        BadRow { row, column: self.column, text: self.text }
    }
}

impl Kept {
    /// What was kept.
    pub(crate) fn read(self) -> Problem {
        let Self { column, key, args } = self;
        let key = KEYS.iter().find(|known| **known == key).copied().unwrap_or("ingest-row-refused");
        let mut text = Text::new(key);
        for (name, value) in args {
            let Some(name) = ARGS.iter().find(|known| **known == name).copied() else { continue };
            let value = match value {
                KeptArg::Text(text) => Arg::Text(text),
                KeptArg::Int(number) => Arg::Int(number),
                KeptArg::Money(tiyin) => Arg::Money(kernel::Money::from_tiyin(tiyin)),
                KeptArg::Quantity(thousandths) => {
                    Arg::Quantity(kernel::Quantity::from_thousandths(thousandths))
                }
                KeptArg::Date(date) => Arg::Date(date),
            };
            text = text.with(name, value);
        }
        Problem { column, text }
    }
}

/// The errors of a row's fields, with the headings that a person sees in place of the fields' names.
pub(crate) fn problems(error: &kernel::Error, heading: impl Fn(&str) -> String) -> Vec<Problem> {
    let of = |FieldError { field, text }: &FieldError| Problem::new(heading(field), text.clone());
    match error.field_errors() {
        [] => vec![Problem::new("", error.text().clone())],
        errors => errors.iter().map(of).collect(),
    }
}
