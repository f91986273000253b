//! How far an order has come: what went out, what was invoiced, returned and paid. Pure.

use std::str::FromStr;

use kernel::{Money, Quantity, Result};

use crate::{Order, OrderLine, Status};

/// How much of an order's goods went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DeliveryState {
    /// Nothing yet.
    #[default]
    None,
    /// Some.
    Part,
    /// Everything.
    Whole,
    /// Some, and nothing more will.
    Closed,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Part, Self::Whole, Self::Closed];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Part => "part",
            Self::Whole => "whole",
            Self::Closed => "closed",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::None => "sales-delivered-none",
            Self::Part => "sales-delivered-part",
            Self::Whole => "sales-delivered-whole",
            Self::Closed => "sales-delivered-closed",
        }
    }

    /// Whether nothing more will go out.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Whole | Self::Closed)
    }

    /// Of an order with these lines. Of one without any nothing goes out.
    pub(crate) fn of(lines: &[OrderLine]) -> Self {
        if !lines.is_empty() && lines.iter().all(|line| line.progress.delivered >= line.quantity) {
            Self::Whole
        } else if lines.iter().any(|line| line.progress.delivered.is_positive()) {
            Self::Part
        } else {
            Self::None
        }
    }
}

impl FromStr for DeliveryState {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.word() == word).ok_or(())
    }
}

/// How much of what an order comes to is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentState {
    /// Nothing.
    Unpaid,
    /// Some.
    Part,
    /// Everything.
    Paid,
    /// Money is to be given back.
    Over,
}

impl PaymentState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Unpaid, Self::Part, Self::Paid, Self::Over];

    /// The word that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Part => "part",
            Self::Paid => "paid",
            Self::Over => "over",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Unpaid => "sales-paid-none",
            Self::Part => "sales-paid-part",
            Self::Paid => "sales-paid-whole",
            Self::Over => "sales-paid-over",
        }
    }
}

/// The sums of an order's documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// How much went out.
    pub delivery: DeliveryState,
    /// What its invoices come to.
    pub invoiced: Money,
    /// What its credit notes come to.
    pub credited: Money,
    /// What was paid, and not given back.
    pub paid: Money,
}

/// What stands in the books of an order and is to be taken back before the order is called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// Goods are with the customer.
    Goods,
    /// It is invoiced, and not credited in full.
    Invoice,
    /// Money of the customer.
    Money,
}

impl Stands {
    /// The first of an order with these lines; `None` when nothing of it stands.
    pub(crate) fn of(order: &Order, lines: &[OrderLine]) -> Option<Self> {
        let Progress { delivery: _, invoiced, credited, paid } = order.progress;
        if lines.iter().any(OrderLine::is_out) {
            Some(Self::Goods)
        } else if invoiced != credited {
            Some(Self::Invoice)
        } else if !paid.is_zero() {
            Some(Self::Money)
        } else {
            None
        }
    }

    /// The key of the words that refuse to cancel.
    pub(crate) const fn against_cancelling(self) -> &'static str {
        match self {
            Self::Goods => "sales-cancel-delivered",
            Self::Invoice => "sales-cancel-invoiced",
            Self::Money => "sales-cancel-paid",
        }
    }

    /// The key of the words that refuse to change it.
    pub(crate) const fn against_changing(self) -> &'static str {
        match self {
            Self::Goods => "sales-change-delivered",
            Self::Invoice => "sales-change-invoiced",
            Self::Money => "sales-change-paid",
        }
    }
}

/// What became of one line of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineProgress {
    /// How much went out.
    pub delivered: Quantity,
    /// What that cost.
    pub delivered_cost: Money,
    /// How much of it was invoiced.
    pub invoiced: Quantity,
    /// How much of that came back.
    pub returned: Quantity,
    /// What that had cost.
    pub returned_cost: Money,
}

impl OrderLine {
    /// How much is still to go out.
    pub fn to_deliver(&self) -> Result<Quantity> {
        self.quantity.minus(self.progress.delivered)
    }

    /// Whether some of it is with the customer: it went out and did not come back.
    pub fn is_out(&self) -> bool {
        self.progress.delivered > self.progress.returned
    }

    /// How much went out and is not invoiced yet.
    pub fn to_invoice(&self) -> Result<Quantity> {
        self.progress.delivered.minus(self.progress.invoiced)
    }
}

impl Order {
    /// What the customer is to pay in the end: what the order says, or, when nothing more will go out, what was
    /// invoiced; credit notes taken off.
    pub fn expected(&self) -> Result<Money> {
        let Progress { delivery, invoiced, credited, paid: _ } = self.progress;
        let whole =
            if delivery == DeliveryState::Closed { invoiced } else { self.amounts.total.max(invoiced) };
        whole.minus(credited)
    }

    /// What is still to be paid; below zero, what is to be given back.
    pub fn due(&self) -> Result<Money> {
        self.expected()?.minus(self.progress.paid)
    }

    /// How much of it is paid.
    pub fn payment_state(&self) -> Result<PaymentState> {
        let due = self.due()?;
        Ok(if due.is_negative() {
            PaymentState::Over
        } else if due.is_zero() && (self.progress.paid.is_positive() || self.progress.invoiced.is_positive())
        {
            PaymentState::Paid
        } else if self.progress.paid.is_positive() {
            PaymentState::Part
        } else {
            PaymentState::Unpaid
        })
    }

    /// Whether its goods may go out.
    pub fn can_deliver(&self) -> bool {
        self.status == Status::Confirmed && !self.amounts_only && !self.progress.delivery.is_over()
    }
}
