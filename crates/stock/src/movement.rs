//! A stock move: one change of one balance, written once.

use std::str::FromStr;

use catalog::Product;
use kernel::{Date, Id, Money, Quantity, Timestamp};
use uuid::Uuid;

use crate::Warehouse;

/// Why goods moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MoveKind {
    /// They were there when the books began.
    Opening,
    /// They were bought.
    Receipt,
    /// A count found more or less than the books say.
    Adjustment,
    /// They went to a customer.
    Delivery,
    /// A customer brought them back.
    Return,
    /// No goods moved: goods that went out below zero have arrived, and their cost is now known.
    Revaluation,
}

impl MoveKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Opening, Self::Receipt, Self::Adjustment, Self::Delivery, Self::Return, Self::Revaluation];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Receipt => "receipt",
            Self::Adjustment => "adjustment",
            Self::Delivery => "delivery",
            Self::Return => "return",
            Self::Revaluation => "revaluation",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Opening => "stock-move-opening",
            Self::Receipt => "stock-move-receipt",
            Self::Adjustment => "stock-move-adjustment",
            Self::Delivery => "stock-move-delivery",
            Self::Return => "stock-move-return",
            Self::Revaluation => "stock-move-revaluation",
        }
    }
}

impl FromStr for MoveKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// One change of one balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its id.
    pub id: Id<Move>,
    /// Where.
    pub warehouse: Id<Warehouse>,
    /// What.
    pub product: Id<Product>,
    /// Its place among the moves of this product in this warehouse, from 1.
    pub ordinal: i64,
    /// Why.
    pub kind: MoveKind,
    /// In when above zero, out when below.
    pub quantity: Quantity,
    /// The cost that came or went with it.
    pub value: Money,
    /// What lay there after it.
    pub on_hand_after: Quantity,
    /// What that had cost.
    pub value_after: Money,
    /// The document it comes from.
    pub source: Uuid,
    /// The business date.
    pub moved_on: Date,
    /// When it was written.
    pub at: Timestamp,
    /// What people said of it.
    pub note: String,
}
