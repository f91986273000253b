//! What accounts turned over and what stands on them. Pure.

use kernel::{Date, Money, Result};

use crate::{Account, AccountKind, Entry, Line};

/// What an account turned over in a range of days, and what stood on it before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turnover {
    /// What stood on it before: debit above zero, credit below.
    pub opening: Money,
    /// Left.
    pub debit: Money,
    /// Right.
    pub credit: Money,
}

impl Turnover {
    /// What stands on it after: debit above zero, credit below.
    pub fn closing(&self) -> Result<Money> {
        self.opening.plus(self.debit)?.minus(self.credit)
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.opening.is_zero() && self.debit.is_zero() && self.credit.is_zero()
    }
}

/// A balance with its sides apart, as a trial balance shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sides {
    /// On the left.
    pub debit: Money,
    /// On the right.
    pub credit: Money,
}

impl Sides {
    /// Debit above zero, credit below.
    pub fn of(balance: Money) -> Self {
        if balance.is_negative() {
            Self { debit: Money::ZERO, credit: Money::from_tiyin(balance.tiyin().saturating_neg()) }
        } else {
            Self { debit: balance, credit: Money::ZERO }
        }
    }

    fn plus(self, other: Self) -> Result<Self> {
        Ok(Self { debit: self.debit.plus(other.debit)?, credit: self.credit.plus(other.credit)? })
    }
}

/// A row of a trial balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialRow {
    /// The account.
    pub account: Account,
    /// Before the first day.
    pub opening: Sides,
    /// From the first day to the last.
    pub turnover: Sides,
    /// After the last day.
    pub closing: Sides,
}

/// Every account on which something stands or moved. The sums are those of the balance: what stands beside it is
/// listed and not added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialBalance {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// In the order of their codes, those beside the balance last.
    pub rows: Vec<TrialRow>,
    /// Of all accounts of the balance, before.
    pub opening: Sides,
    /// The same, turned over.
    pub turnover: Sides,
    /// The same, after.
    pub closing: Sides,
}

impl TrialBalance {
    /// From what each account turned over.
    pub(crate) fn of(from: Date, until: Date, found: Vec<(Account, Turnover)>) -> Result<Self> {
        let mut rows = Vec::with_capacity(found.len());
        let [mut opening, mut turnover, mut closing] = [Sides::default(); 3];
        for (account, moved) in found.into_iter().filter(|(_, moved)| !moved.is_empty()) {
            let row = TrialRow {
                opening: Sides::of(moved.opening),
                turnover: Sides { debit: moved.debit, credit: moved.credit },
                closing: Sides::of(moved.closing()?),
                account,
            };
            if row.account.kind != AccountKind::OffBalance {
                opening = opening.plus(row.opening)?;
                turnover = turnover.plus(row.turnover)?;
                closing = closing.plus(row.closing)?;
            }
            rows.push(row);
        }
        rows.sort_by(|one, two| {
            let place =
                |row: &TrialRow| (row.account.kind == AccountKind::OffBalance, row.account.code.clone());
            place(one).cmp(&place(two))
        });
        Ok(Self { from, until, rows, opening, turnover, closing })
    }

    /// Whether left and right agree, before, within and after.
    pub fn is_balanced(&self) -> bool {
        [self.opening, self.turnover, self.closing].iter().all(|sides| sides.debit == sides.credit)
    }
}

/// A line of an account, with what stood on the account after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLine {
    /// The line.
    pub line: Line,
    /// Its entry.
    pub entry: Entry,
    /// What stood on the account after it: debit above zero, credit below.
    pub balance: Money,
}
