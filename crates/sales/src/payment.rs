//! Money of customers: what it pays, what stays an advance, what is given back. Pure.

use std::str::FromStr;

use cash::Register;
use contacts::Contact;
use kernel::{Date, Id, Money, Result, Timestamp};

use crate::{Invoice, Order};

/// Which way the money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentKind {
    /// A customer paid.
    Payment,
    /// A customer was given money back.
    Refund,
}

impl PaymentKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Payment, Self::Refund];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Refund => "refund",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Payment => "sales-payment",
            Self::Refund => "sales-refund",
        }
    }
}

impl FromStr for PaymentKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// Money that came from a customer or went back to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: Id<Payment>,
    /// Which way it went.
    pub kind: PaymentKind,
    /// What people call it by.
    pub number: i64,
    /// For which order; none when a customer paid on account.
    pub order: Option<Id<Order>>,
    /// Who paid; nobody in particular when none.
    pub customer: Option<Id<Contact>>,
    /// Where the money lies.
    pub register: Id<Register>,
    /// The register's own row of it.
    pub transaction: Id<cash::Transaction>,
    /// How much.
    pub amount: Money,
    /// How much of it pays invoices.
    pub allocated: Money,
    /// How much of it was given back.
    pub refunded: Money,
    /// The business date.
    pub paid_on: Date,
    /// Whatever else there is to say.
    pub note: String,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was taken back as a mistake.
    pub reversed_at: Option<Timestamp>,
}

impl Payment {
    /// What of it is an advance: it pays nothing yet and was not given back.
    pub fn free(&self) -> Result<Money> {
        if self.reversed_at.is_some() || self.kind == PaymentKind::Refund {
            return Ok(Money::ZERO);
        }
        self.amount.minus(self.allocated)?.minus(self.refunded)
    }
}

/// How much of a payment pays an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocation {
    /// What is paid.
    pub invoice: Id<Invoice>,
    /// With what.
    pub payment: Id<Payment>,
    /// How much.
    pub amount: Money,
}

/// Pays invoices with money in the order both come: the first open one with the first free money. Both are changed.
pub(crate) fn allocate(invoices: &mut [Invoice], payments: &mut [Payment]) -> Result<Vec<Allocation>> {
    let mut allocations = Vec::new();
    for invoice in invoices.iter_mut() {
        for payment in payments.iter_mut() {
            let amount = invoice.open()?.min(payment.free()?);
            if !amount.is_positive() {
                continue;
            }
            invoice.paid = invoice.paid.plus(amount)?;
            payment.allocated = payment.allocated.plus(amount)?;
            allocations.push(Allocation { invoice: invoice.id, payment: payment.id, amount });
        }
    }
    Ok(allocations)
}

/// Takes `amount` out of what these allocations pay, the last one first; answers what they are afterwards.
pub(crate) fn free_up(amount: Money, allocations: &[Allocation]) -> Result<Vec<Allocation>> {
    let mut rest = amount;
    let mut changed = Vec::new();
    for allocation in allocations.iter().rev() {
        let take = rest.min(allocation.amount);
        if take.is_positive() {
            rest = rest.minus(take)?;
            changed.push(Allocation { amount: allocation.amount.minus(take)?, ..*allocation });
        }
    }
    Ok(changed)
}
