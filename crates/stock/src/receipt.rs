//! A stock receipt: goods that came in, what they cost, from whom. A draft can be changed; posted it stands.

use std::str::FromStr;

use catalog::{PRICE_MAX, Product, QUANTITY_MAX};
use contacts::Contact;
use kernel::{Checks, Date, Error, Id, Money, Quantity, Result, Text, Timestamp};

use crate::Warehouse;

/// Lines on one receipt: a wholesale delivery with room to spare, and one transaction of about a second.
pub const MAX_RECEIPT_LINES: usize = 10_000;

/// Whether a receipt can still be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReceiptStatus {
    /// Being written; nothing moved yet.
    Draft,
    /// The goods are in the warehouse.
    Posted,
}

impl ReceiptStatus {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Draft, Self::Posted];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Posted => "posted",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Draft => "stock-receipt-status-draft",
            Self::Posted => "stock-receipt-status-posted",
        }
    }
}

impl FromStr for ReceiptStatus {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.word() == word).ok_or(())
    }
}

/// Goods that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its id.
    pub id: Id<Receipt>,
    /// Its number in the workspace, which the API speaks.
    pub number: i64,
    /// Where the goods came to.
    pub warehouse: Id<Warehouse>,
    /// From whom.
    pub supplier: Option<Id<Contact>>,
    /// On which day.
    pub received_on: Date,
    /// Whether it can still be changed.
    pub status: ReceiptStatus,
    /// What people said of it.
    pub note: String,
    /// What all the lines cost.
    pub total: Money,
    /// How many lines it has.
    pub line_count: u32,
    /// How often it was changed; a form that saves an older version is refused.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was posted.
    pub posted_at: Option<Timestamp>,
}

/// One product on a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// Its place, from 1.
    pub position: u32,
    /// The product.
    pub product: Id<Product>,
    /// How much came.
    pub quantity: Quantity,
    /// What one unit cost.
    pub unit_cost: Money,
    /// What the line cost, rounded to the tiyin.
    pub value: Money,
}

/// What people say of goods that came in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewReceipt {
    /// Where the goods came to; the default warehouse where nobody says.
    pub warehouse: Option<Id<Warehouse>>,
    /// From whom.
    pub supplier: Option<Id<Contact>>,
    /// On which day; today where nobody says.
    pub received_on: Option<Date>,
    /// Whatever else there is to say.
    pub note: String,
    /// What came.
    pub lines: Vec<NewReceiptLine>,
}

/// What people say of one product that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReceiptLine {
    /// The product.
    pub product: Id<Product>,
    /// How much, above zero.
    pub quantity: Quantity,
    /// What one unit cost, not below zero.
    pub unit_cost: Money,
}

/// The receipt's lines with their places and values, and what they cost together. Wrong ones are named.
pub(crate) fn lines_of(new: &[NewReceiptLine]) -> Result<(Vec<ReceiptLine>, Money)> {
    if new.is_empty() {
        return Err(Error::field("lines", Text::new("stock-lines-missing")));
    }
    if new.len() > MAX_RECEIPT_LINES {
        let text = Text::new("stock-lines-too-many").with("max", MAX_RECEIPT_LINES);
        return Err(Error::field("lines", text));
    }
    let mut checks = Checks::new();
    let mut lines = Vec::with_capacity(new.len());
    for (position, NewReceiptLine { product, quantity, unit_cost }) in (1..).zip(new) {
        let field = |name: &str| format!("lines.{}.{name}", position - 1);
        checks.take(&field("quantity"), quantity_within(*quantity));
        checks.take(&field("unit_cost"), price_within(*unit_cost));
        let value = checks.take(&field("unit_cost"), unit_cost.times(*quantity)).unwrap_or_default();
        lines.push(ReceiptLine {
            position,
            product: *product,
            quantity: *quantity,
            unit_cost: *unit_cost,
            value,
        });
    }
    checks.done()?;
    let total = Money::sum(lines.iter().map(|line| line.value)).map_err(|error| error.under("lines"))?;
    Ok((lines, total))
}

/// Refuses a quantity that nobody can mean.
pub fn quantity_within(quantity: Quantity) -> Result<()> {
    if !quantity.is_positive() {
        return Err(Error::invalid(Text::new("stock-quantity-not-positive")));
    }
    if quantity > QUANTITY_MAX {
        return Err(Error::invalid(Text::new("stock-quantity-too-large").with("max", QUANTITY_MAX)));
    }
    Ok(())
}

/// Refuses a price that nobody can mean.
pub fn price_within(price: Money) -> Result<()> {
    if price.is_negative() {
        return Err(Error::invalid(Text::new("stock-price-negative")));
    }
    if price > PRICE_MAX {
        return Err(Error::invalid(Text::new("stock-price-too-large").with("max", PRICE_MAX)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines are `quantity@unit cost` in thousandths and tiyin; the answer is the total or the marked fields.
    #[track_caller]
    fn check(lines: &str, expected: &str) {
        let lines: Vec<NewReceiptLine> = lines
            .split_whitespace()
            .map(|line| {
                let (quantity, cost) = line.split_once('@').unwrap();
                NewReceiptLine {
                    product: Id::from_uuid(uuid::Uuid::from_u128(1)),
                    quantity: Quantity::from_thousandths(quantity.parse().unwrap()),
                    unit_cost: Money::from_tiyin(cost.parse().unwrap()),
                }
            })
            .collect();
        let found = match lines_of(&lines) {
            Ok((_, total)) => total.tiyin().to_string(),
            Err(error) => {
                let marked = error.field_errors().iter().map(|f| format!("{}: {}", f.field, f.text.key()));
                marked.collect::<Vec<_>>().join(", ")
            }
        };
        assert_eq!(found, expected, "{lines:?}");
    }

    #[test]
    fn each_line_is_rounded_and_the_total_is_their_sum() {
        check("1000@500 1500@333", "1000");
        check("1500@333 1500@333", "1000");
        check("1000@0", "0");
    }

    #[test]
    fn every_wrong_line_is_named() {
        check("", "lines: stock-lines-missing");
        check(
            "0@1 1000@1 -5@1 1@-1",
            "lines.0.quantity: stock-quantity-not-positive, lines.2.quantity: stock-quantity-not-positive, \
             lines.3.unit_cost: stock-price-negative",
        );
        check("9223372036854775807@1", "lines.0.quantity: stock-quantity-too-large");
        check("1@9223372036854775807", "lines.0.unit_cost: stock-price-too-large");
        check("1000000000000@100000000000000", "lines.0.unit_cost: kernel-number-too-large");
        check(&"1@1 ".repeat(10_001), "lines: stock-lines-too-many");
    }
}
