//! Money that came or went: one change of one register, written once. Pure.

use std::str::FromStr;

use contacts::Contact;
use kernel::{Date, Id, Money, Result, Timestamp};
use ledger::{Role, Source};

use crate::Register;

/// Characters of a note.
pub(crate) const MAX_NOTE: usize = 300;
/// The kind of source of what a person moved by hand.
pub const MANUAL: &str = "cash_transaction";
/// The kind of source of the two sides of a transfer.
pub const TRANSFER: &str = "cash_transfer";

/// Which way money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flow {
    /// Into the register.
    In,
    /// Out of it.
    Out,
}

impl Flow {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::In, Self::Out];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::In => "cash-flow-in",
            Self::Out => "cash-flow-out",
        }
    }

    /// The other way.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::In => Self::Out,
            Self::Out => Self::In,
        }
    }

    /// What `amount` adds to the balance.
    pub fn signed(self, amount: Money) -> Result<Money> {
        match self {
            Self::In => Ok(amount),
            Self::Out => Money::ZERO.minus(amount),
        }
    }
}

impl FromStr for Flow {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|flow| flow.word() == word).ok_or(())
    }
}

/// Why money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransactionKind {
    /// A customer paid.
    SalePayment,
    /// A customer got money back.
    Refund,
    /// Income beside sales.
    OtherIncome,
    /// It was there when the books began.
    Opening,
    /// An expense of no other kind.
    OtherExpense,
    /// What selling costs: advertising, delivery.
    SellingExpense,
    /// What running the business costs: rent, the office.
    AdministrativeExpense,
    /// From one register to another.
    Transfer,
}

impl TransactionKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::SalePayment,
        Self::Refund,
        Self::OtherIncome,
        Self::Opening,
        Self::OtherExpense,
        Self::SellingExpense,
        Self::AdministrativeExpense,
        Self::Transfer,
    ];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SalePayment => "sale_payment",
            Self::Refund => "refund",
            Self::OtherIncome => "other_income",
            Self::Opening => "opening",
            Self::OtherExpense => "other_expense",
            Self::SellingExpense => "selling_expense",
            Self::AdministrativeExpense => "administrative_expense",
            Self::Transfer => "transfer",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::SalePayment => "cash-kind-sale-payment",
            Self::Refund => "cash-kind-refund",
            Self::OtherIncome => "cash-kind-other-income",
            Self::Opening => "cash-kind-opening",
            Self::OtherExpense => "cash-kind-other-expense",
            Self::SellingExpense => "cash-kind-selling-expense",
            Self::AdministrativeExpense => "cash-kind-administrative-expense",
            Self::Transfer => "cash-kind-transfer",
        }
    }

    /// What people record by hand of this kind: which way the money goes, and the account on the other side. None for
    /// what documents and transfers record.
    pub const fn by_hand(self) -> Option<(Flow, Role)> {
        match self {
            Self::SalePayment | Self::Refund | Self::Transfer => None,
            Self::OtherIncome => Some((Flow::In, Role::OtherIncome)),
            Self::Opening => Some((Flow::In, Role::Opening)),
            Self::OtherExpense => Some((Flow::Out, Role::OtherExpenses)),
            Self::SellingExpense => Some((Flow::Out, Role::SellingExpenses)),
            Self::AdministrativeExpense => Some((Flow::Out, Role::AdministrativeExpenses)),
        }
    }
}

impl FromStr for TransactionKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// One change of one register's balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Its id.
    pub id: Id<Transaction>,
    /// Its number in the workspace, which the API speaks.
    pub number: i64,
    /// Which register.
    pub register: Id<Register>,
    /// Its place among the transactions of the register, from 1.
    pub ordinal: i64,
    /// Which way.
    pub flow: Flow,
    /// Why.
    pub kind: TransactionKind,
    /// How much, above zero.
    pub amount: Money,
    /// What lay in the register after it.
    pub balance_after: Money,
    /// From whom, or to whom.
    pub contact: Option<Id<Contact>>,
    /// The document it comes from; itself where a person moved the money.
    pub source: Source,
    /// The transaction that it takes back.
    pub reverses: Option<Id<Transaction>>,
    /// The transaction that takes it back.
    pub reversed_by: Option<Id<Transaction>>,
    /// The business date.
    pub on: Date,
    /// What people say of it.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: Timestamp,
}

impl Transaction {
    /// Whether a person moved the money by hand; what a document recorded is taken back by undoing the document.
    pub fn is_manual(&self) -> bool {
        [MANUAL, TRANSFER].contains(&self.source.kind.as_str())
    }
}

/// Money to be moved by a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTransaction {
    /// Which register; the default till where nobody says.
    pub register: Option<Id<Register>>,
    /// Which way.
    pub flow: Flow,
    /// How much, above zero.
    pub amount: Money,
    /// Why.
    pub kind: TransactionKind,
    /// From whom, or to whom.
    pub contact: Option<Id<Contact>>,
    /// The document.
    pub source: Source,
    /// The business date; not in the future.
    pub on: Date,
    /// What people say of it.
    pub note: String,
}
