//! What papers are made of: everything that stands on one, and no words.

use catalog::{Names, Vat};
use kernel::{Date, Money, Mxik, Phone, Quantity, Rate, Result, Timestamp, Tin, Zone};

use crate::Amounts;

/// Who sells: what the workspace says about itself.
#[derive(Debug, Clone, Default)]
pub struct Seller {
    /// Name, address and what the tax office knows it by.
    pub party: Party,
    /// The code of a payer of VAT.
    pub vat_code: String,
    /// The bank.
    pub bank: String,
    /// The account there.
    pub bank_account: String,
    /// The code of the bank's branch.
    pub mfo: String,
    /// Who signs first.
    pub director: String,
    /// Who signs for the books.
    pub accountant: String,
}

/// One side of a sale.
#[derive(Debug, Clone, Default)]
pub struct Party {
    /// What it is called; empty for a buyer who is nobody in particular.
    pub name: String,
    /// What the tax office knows it by.
    pub tin: Option<Tin>,
    /// Where it is.
    pub address: String,
    /// Its phone.
    pub phone: Option<Phone>,
}

/// Goods on a paper.
#[derive(Debug, Clone)]
pub struct PaperLine {
    /// What they are called.
    pub name: Names,
    /// Their code in the national catalogue.
    pub mxik: Option<Mxik>,
    /// What they are counted in, as it was typed.
    pub unit: String,
    /// How much.
    pub quantity: Quantity,
    /// The price of one unit.
    pub price: Money,
    /// The part of it that is taken off.
    pub discount: Rate,
    /// How VAT applies.
    pub vat: Vat,
    /// Its rate.
    pub vat_rate: Rate,
    /// What it comes to, every discount taken off.
    pub amounts: Amounts,
}

/// Which paper it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperKind {
    /// What the buyer owes.
    Invoice,
    /// What the buyer gets back of an invoice: its label and day.
    CreditNote(String, Date),
}

/// An invoice or a credit note.
#[derive(Debug, Clone)]
pub struct InvoicePaper {
    /// Which of the two.
    pub kind: PaperKind,
    /// Its number as people say it: `2026-000123`.
    pub label: String,
    /// Its day.
    pub invoiced_on: Date,
    /// The order's number and day.
    pub order: (i64, Date),
    /// Whether prices have VAT in them.
    pub prices_include_vat: bool,
    /// Who sells.
    pub seller: Seller,
    /// Who buys.
    pub buyer: Party,
    /// The goods.
    pub lines: Vec<PaperLine>,
    /// The fee for delivery and the rate of its VAT.
    pub delivery: (Amounts, Rate),
    /// What it comes to.
    pub amounts: Amounts,
    /// What of it is paid.
    pub paid: Money,
    /// What of it was credited.
    pub credited: Money,
    /// Whatever else there is to say.
    pub note: String,
}

/// Money that came from a customer, or went back.
#[derive(Debug, Clone)]
pub struct PaperPayment {
    /// The register that took it.
    pub register: String,
    /// Whether it lies in a till.
    pub is_cash: bool,
    /// How much; below zero what was given back.
    pub amount: Money,
}

/// A till's receipt for an order.
#[derive(Debug, Clone)]
pub struct ReceiptPaper {
    /// The order's number.
    pub order: i64,
    /// When it is printed or was paid.
    pub at: Timestamp,
    /// Where the till stands.
    pub zone: Zone,
    /// Whether prices have VAT in them.
    pub prices_include_vat: bool,
    /// Who sells.
    pub seller: Party,
    /// Who buys; empty for nobody in particular.
    pub buyer: String,
    /// The goods.
    pub lines: Vec<PaperLine>,
    /// The fee for delivery and the rate of its VAT.
    pub delivery: (Amounts, Rate),
    /// What it comes to.
    pub amounts: Amounts,
    /// What was paid, by register.
    pub payments: Vec<PaperPayment>,
    /// The cash that the customer handed over, where the till counted it.
    pub given: Option<Money>,
    /// What is still to be paid; below zero, what is to be given back.
    pub due: Money,
}

impl InvoicePaper {
    /// What is still to be paid of it.
    pub fn due(&self) -> Result<Money> {
        Ok(self.amounts.total.minus(self.paid)?.minus(self.credited)?.max(Money::ZERO))
    }
}

impl ReceiptPaper {
    /// What the customer got back of the cash they handed over.
    pub fn change(&self) -> Result<Money> {
        let taken = self.payments.iter().filter(|payment| payment.is_cash).map(|payment| payment.amount);
        let given = self.given.unwrap_or_default();
        Ok(given.minus(Money::sum(taken)?)?.max(Money::ZERO))
    }
}
