//! Invoices and credit notes: what they come to, line by line. Pure.

use std::{collections::HashMap, str::FromStr};

use catalog::{Product, Vat};
use contacts::Contact;
use kernel::{Date, Id, Money, Quantity, Rate, Result, Timestamp};
use tax::VatRates;

use crate::{Amounts, Order, OrderLine};

/// What the paper says: that money is owed, or that it is not owed after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvoiceKind {
    /// Goods went out; money is owed.
    Invoice,
    /// Goods came back; what an invoice says is taken back.
    CreditNote,
}

impl InvoiceKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Invoice, Self::CreditNote];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Invoice => "sales-invoice",
            Self::CreditNote => "sales-credit-note",
        }
    }

    /// What stands before the year in its label.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Invoice => "",
            Self::CreditNote => "QN-",
        }
    }
}

impl FromStr for InvoiceKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// What a customer owes for goods that went out, or no longer owes for goods that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Its id.
    pub id: Id<Invoice>,
    /// Invoice or credit note.
    pub kind: InvoiceKind,
    /// The year whose numbers it counts in.
    pub year: i32,
    /// Its number in that year, without a gap.
    pub number: i64,
    /// For which order.
    pub order: Id<Order>,
    /// Which invoice a credit note takes back.
    pub credits: Option<Id<Invoice>>,
    /// For whom; nobody in particular when none.
    pub customer: Option<Id<Contact>>,
    /// The business date; its VAT is at the rates of this day.
    pub invoiced_on: Date,
    /// What it comes to.
    pub amounts: Amounts,
    /// Of that, for bringing the goods.
    pub fee: Amounts,
    /// The rate of VAT in the fee.
    pub fee_vat_rate: Rate,
    /// How many lines it has.
    pub line_count: u32,
    /// What was paid of it.
    pub paid: Money,
    /// What credit notes took back of it.
    pub credited: Money,
    /// Whatever else there is to say.
    pub note: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Invoice {
    /// What people call it: `2026-000123`, a credit note `QN-2026-000004`.
    pub fn label(&self) -> String {
        Self::label_of(self.kind, self.year, self.number)
    }

    /// What people call the one of this kind with this number.
    pub(crate) fn label_of(kind: InvoiceKind, year: i32, number: i64) -> String {
        format!("{}{year}-{number:06}", kind.prefix())
    }

    /// What is still to be paid of it.
    pub fn open(&self) -> Result<Money> {
        self.amounts.total.minus(self.paid)?.minus(self.credited)
    }

    /// Reads a label.
    pub fn parse_label(label: &str) -> Option<(InvoiceKind, i32, i64)> {
        let (kind, rest) = match label.strip_prefix("QN-") {
            Some(rest) => (InvoiceKind::CreditNote, rest),
            None => (InvoiceKind::Invoice, label),
        };
        let (year, number) = rest.split_once('-')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year) || !digits(number) {
            return None;
        }
        Some((kind, year.parse().ok()?, number.parse().ok()?))
    }
}

/// One product of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLine {
    /// Its place, from 1.
    pub position: u32,
    /// The order's line.
    pub order_line: Id<OrderLine>,
    /// The product.
    pub product: Id<Product>,
    /// How much.
    pub quantity: Quantity,
    /// The price of one unit, as the order says it.
    pub price: Money,
    /// The part of it that is taken off.
    pub discount: Rate,
    /// How VAT applies to the product.
    pub vat: Vat,
    /// The rate of the invoice's day.
    pub vat_rate: Rate,
    /// What it comes to.
    pub amounts: Amounts,
}

/// The lines of an invoice or a credit note, and what they come to with the fee.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvoiceDraft {
    /// The lines.
    pub lines: Vec<InvoiceLine>,
    /// For bringing the goods.
    pub fee: Amounts,
    /// The rate of VAT in that.
    pub fee_vat_rate: Rate,
    /// All of it.
    pub amounts: Amounts,
}

impl Amounts {
    /// The part of these from `before` to `until` of `whole`: parts that follow each other add up to the whole, each
    /// above zero or nothing, so the last one takes the remainder.
    pub(crate) fn part(self, before: Quantity, until: Quantity, whole: Quantity) -> Result<Self> {
        let of = |money: Money| money.share(until, whole)?.minus(money.share(before, whole)?);
        let (net, vat) = (of(self.net)?, of(self.vat)?);
        Ok(Self { net, vat, total: net.plus(vat)? })
    }

    /// The same at another rate of VAT: what was said with VAT in it stays what it is, the rest gets VAT on top.
    fn at(self, rate: Rate, includes_vat: bool) -> Result<Self> {
        Self::of(if includes_vat { self.total } else { self.net }, rate, includes_vat)
    }
}

/// What an invoice of this day says of goods that went out and were not invoiced yet; the fee for bringing them goes
/// with the first. VAT is at the rates of the day: where they are not those of the order's day, it is counted anew.
/// Without `rates` they are the order's.
pub(crate) fn draft_invoice(
    order: &Order,
    lines: &[OrderLine],
    rates: Option<&VatRates>,
    day: Date,
) -> Result<InvoiceDraft> {
    let mut draft = InvoiceDraft::default();
    for line in lines {
        let quantity = line.to_invoice()?;
        if !quantity.is_positive() {
            continue;
        }
        let until = line.progress.delivered;
        let part = line.amounts.part(line.progress.invoiced, until, line.quantity)?;
        let vat_rate = rates.map_or(line.vat_rate, |rates| rates.on(line.vat, day));
        let amounts =
            if vat_rate == line.vat_rate { part } else { part.at(vat_rate, order.prices_include_vat)? };
        draft.lines.push(InvoiceLine {
            position: u32::try_from(draft.lines.len() + 1).map_err(kernel::Error::internal)?,
            order_line: line.id,
            product: line.product,
            quantity,
            price: line.price,
            discount: line.discount,
            vat: line.vat,
            vat_rate,
            amounts,
        });
    }
    let is_first = lines.iter().all(|line| line.progress.invoiced.is_zero());
    if let (true, Some(rates)) = (is_first && order.delivery.fee.is_positive(), rates) {
        let (then, now) = (rates.on(Vat::Standard, order.ordered_on), rates.on(Vat::Standard, day));
        let (fee, vat) = (order.delivery.fee, order.delivery_vat);
        let said = if order.prices_include_vat {
            Amounts { net: fee.minus(vat)?, vat, total: fee }
        } else {
            Amounts { net: fee, vat, total: fee.plus(vat)? }
        };
        draft.fee = if then == now { said } else { said.at(now, order.prices_include_vat)? };
        draft.fee_vat_rate = now;
    }
    draft.counted()
}

/// What a credit note says of `quantities` of an invoice's lines, of which `credited` was taken back before. The last
/// part of a line takes its remainder, so that an invoice that came back whole is worth nothing.
pub(crate) fn draft_credit(
    invoice: &Invoice,
    lines: &[InvoiceLine],
    credited: &HashMap<Id<OrderLine>, Quantity>,
    quantities: &HashMap<Id<OrderLine>, Quantity>,
    with_fee: bool,
) -> Result<InvoiceDraft> {
    let mut draft = InvoiceDraft::default();
    for line in lines {
        let quantity = quantities.get(&line.order_line).copied().unwrap_or_default();
        if !quantity.is_positive() {
            continue;
        }
        let before = credited.get(&line.order_line).copied().unwrap_or_default();
        draft.lines.push(InvoiceLine {
            position: u32::try_from(draft.lines.len() + 1).map_err(kernel::Error::internal)?,
            quantity,
            amounts: line.amounts.part(before, before.plus(quantity)?, line.quantity)?,
            ..line.clone()
        });
    }
    if with_fee {
        draft.fee = invoice.fee;
    }
    draft.fee_vat_rate = invoice.fee_vat_rate;
    draft.counted()
}

impl InvoiceDraft {
    fn counted(mut self) -> Result<Self> {
        let all = self.lines.iter().map(|line| line.amounts);
        self.amounts = all.into_iter().try_fold(self.fee, Amounts::plus)?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_label_is_read_as_it_is_written() {
        #[track_caller]
        fn check(label: &str, expected: Option<(InvoiceKind, i32, i64)>) {
            assert_eq!(Invoice::parse_label(label), expected, "{label}");
        }
        check("2026-000123", Some((InvoiceKind::Invoice, 2026, 123)));
        check("QN-2026-000004", Some((InvoiceKind::CreditNote, 2026, 4)));
        check("2026-1234567", Some((InvoiceKind::Invoice, 2026, 1_234_567)));
        for wrong in ["", "2026", "2026-", "-1", "2026--1", "2026-1x", "+2026-1", "QN-QN-2026-1"] {
            check(wrong, None);
        }
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole_and_none_is_below_zero(
            net in 0_i64..1_000_000, vat in 0_i64..1_000_000,
            parts in prop::collection::vec(1_i64..10_000, 1..12),
        ) {
            let whole = Quantity::from_thousandths(parts.iter().sum());
            let (net, vat) = (Money::from_tiyin(net), Money::from_tiyin(vat));
            let amounts = Amounts { net, vat, total: net.plus(vat).unwrap() };
            let (mut before, mut sum) = (Quantity::ZERO, Amounts::default());
            for part in parts {
                let until = before.plus(Quantity::from_thousandths(part)).unwrap();
                let share = amounts.part(before, until, whole).unwrap();
                prop_assert!(!share.net.is_negative() && !share.vat.is_negative());
                sum = sum.plus(share).unwrap();
                before = until;
            }
            prop_assert_eq!(sum, amounts);
        }
    }
}
