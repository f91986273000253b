//! A place where money lies. Pure.

use std::str::FromStr;

use kernel::{Id, Money, Timestamp};
use ledger::Role;

/// Characters of a register's name; a column of a list holds it.
pub(crate) const MAX_NAME: usize = 100;
/// The most that a register can hold, or owe: fifty trillion so'm (`cash_register` says the same).
pub const MAX_BALANCE: Money = Money::from_tiyin(5_000_000_000_000_000);

/// What kind of place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum RegisterKind {
    /// A till: notes and coins.
    #[default]
    Cash,
    /// An account at a bank, or the terminal that pays into it.
    Bank,
}

impl RegisterKind {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Cash, Self::Bank];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Bank => "bank",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Cash => "cash-register-cash",
            Self::Bank => "cash-register-bank",
        }
    }

    /// The key of what all of this kind are called together.
    pub(crate) const fn total_key(self) -> &'static str {
        match self {
            Self::Cash => "cash-total-cash",
            Self::Bank => "cash-total-bank",
        }
    }
}

impl FromStr for RegisterKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// A place where money lies: a till, a bank account, a card terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Its id.
    pub id: Id<Register>,
    /// Its number in the workspace, which the API speaks.
    pub number: i64,
    /// What people call it.
    pub name: String,
    /// What kind of place it is. It stays.
    pub kind: RegisterKind,
    /// Whether it is taken where nobody names one of its kind.
    pub is_default: bool,
    /// Whether more may go out of it than lies there; never of a till.
    pub may_be_negative: bool,
    /// Whether money may still move through it.
    pub active: bool,
    /// What lies in it.
    pub balance: Money,
    /// How many transactions made the balance.
    pub transactions: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Register {
    /// What its account in the ledger is used for.
    pub const fn role(&self) -> Role {
        match self.kind {
            RegisterKind::Cash => Role::Cash,
            RegisterKind::Bank => Role::Bank,
        }
    }

    /// What can be said of it, as it stands.
    pub fn content(&self) -> NewRegister {
        let Self {
            id: _,
            number: _,
            name,
            kind,
            is_default,
            may_be_negative,
            active,
            balance: _,
            transactions: _,
            created_at: _,
        } = self.clone();
        NewRegister { name, kind, is_default, may_be_negative, active }
    }
}

/// What people say of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRegister {
    /// What to call it.
    pub name: String,
    /// What kind of place it is.
    pub kind: RegisterKind,
    /// Whether to take it where nobody names one of its kind.
    pub is_default: bool,
    /// Whether more may go out of it than lies there; for bank accounts with an overdraft.
    pub may_be_negative: bool,
    /// Whether money may move through it.
    pub active: bool,
}

impl Default for NewRegister {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: RegisterKind::Cash,
            is_default: false,
            may_be_negative: false,
            active: true,
        }
    }
}
