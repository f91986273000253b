//! How we stand with a customer: their invoices, credit notes, payments and refunds in the order they happened. Pure.

use std::str::FromStr;

use kernel::{Date, Money, Result};
use uuid::Uuid;

use crate::{Invoice, InvoiceKind, Order, PaymentKind};

/// The document behind a line of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementKind {
    /// An invoice or a credit note.
    Invoice(InvoiceKind),
    /// A payment or a refund.
    Payment(PaymentKind),
}

impl StatementKind {
    /// The word that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invoice(kind) => kind.word(),
            Self::Payment(kind) => kind.word(),
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Invoice(kind) => kind.text_key(),
            Self::Payment(kind) => kind.text_key(),
        }
    }
}

impl FromStr for StatementKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        word.parse().map(Self::Invoice).or_else(|()| word.parse().map(Self::Payment))
    }
}

/// One document of a customer, and how we stood after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// What it is.
    pub kind: StatementKind,
    /// Its id.
    pub id: Uuid,
    /// The year in which it is numbered; 0 where numbers go on.
    pub year: i32,
    /// What people call it by, within its year.
    pub number: i64,
    /// For which order; none when a customer paid on account.
    pub order: Option<kernel::Id<Order>>,
    /// The business date.
    pub on: Date,
    /// What it adds to what the customer owes; below zero what it takes off.
    pub amount: Money,
    /// What the customer owed after it; below zero we owe them.
    pub balance: Money,
}

impl StatementLine {
    /// What people call the document by.
    pub fn label(&self) -> String {
        match self.kind {
            StatementKind::Invoice(kind) => Invoice::label_of(kind, self.year, self.number),
            StatementKind::Payment(_) => self.number.to_string(),
        }
    }
}

/// How we stand with a customer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CustomerStanding {
    /// What is still to be paid of their invoices.
    pub open: Money,
    /// What they paid that pays nothing yet.
    pub advance: Money,
    /// How much of that was paid on account, for no order in particular.
    pub on_account: Money,
}

impl CustomerStanding {
    /// What they owe; below zero we owe them.
    pub fn balance(&self) -> Result<Money> {
        self.open.minus(self.advance)
    }
}
