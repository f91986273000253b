//! What a file brings.

use std::str::FromStr;

use kernel::{Error, Result, Text};

/// What a file brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportKind {
    /// Products of the catalog, by their codes.
    Products,
    /// Goods that came in, as one stock receipt.
    StockReceipt,
}

impl ImportKind {
    /// All kinds, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Products, Self::StockReceipt];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::StockReceipt => "stock_receipt",
        }
    }

    /// The message that names it.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Products => "ingest-kind-products",
            Self::StockReceipt => "ingest-kind-stock-receipt",
        }
    }
}

impl FromStr for ImportKind {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        let unknown = || Error::field("kind", Text::new("ingest-kind-unknown"));
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(unknown)
    }
}
