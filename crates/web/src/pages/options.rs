//! What a combobox found: the rows under a search field, answered to `GET <source>?q=`.

use askama::Template;
use kernel::Money;

/// Rows found; drawn with [`super::render`].
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/options.html")]
pub struct Options(pub Vec<Found>);

/// One row found.
#[derive(Debug, Clone)]
pub struct Found {
    value: String,
    label: String,
    note: String,
    end: String,
    price: String,
    unit: String,
}

impl Found {
    /// The thing `value`, called `label`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            note: String::new(),
            end: String::new(),
            price: String::new(),
            unit: String::new(),
        }
    }

    /// With a smaller line under the name: a code, a phone.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// With words at the end of the row: what is in stock.
    #[must_use]
    pub fn end(mut self, end: impl Into<String>) -> Self {
        self.end = end.into();
        self
    }

    /// With the price and the unit of measure that an order's line takes over.
    #[must_use]
    pub fn priced(mut self, price: Money, unit: impl Into<String>) -> Self {
        self.price = price.to_string();
        self.unit = unit.into();
        self
    }
}
