//! Invoices, credit notes and receipts on paper. What is to be printed is read in a transaction ([`InvoicePaper`],
//! [`ReceiptPaper`]); its words and figures are put together in the reader's language, pure; the PDF is made outside of
//! any transaction, on a thread that may block.

mod invoice;
mod paper;
mod reading;
mod receipt;
#[cfg(test)]
mod tests;
mod words;

use std::sync::{Arc, LazyLock};

use kernel::{Error, Lang, Result, Text};
use print::Printer;
use text::Texts;

pub use paper::{InvoicePaper, PaperKind, PaperLine, PaperPayment, Party, ReceiptPaper, Seller};
pub use reading::{invoice_paper, receipt_paper};

/// The printers of this process and the words they print. Made once: they hold fonts.
pub struct Papers {
    texts: Arc<Texts>,
    invoice: LazyLock<Printer>,
    receipt: LazyLock<Printer>,
}

impl std::fmt::Debug for Papers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Papers")
    }
}

impl Papers {
    /// Printers that speak these texts.
    pub fn new(texts: Arc<Texts>) -> Self {
        Self {
            texts,
            invoice: LazyLock::new(|| Printer::new(include_str!("../print/invoice.typ"))),
            receipt: LazyLock::new(|| Printer::new(include_str!("../print/receipt.typ"))),
        }
    }

    /// The words that are printed.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// What the file of the invoice or credit note is called: plain letters, whatever the language.
    pub fn invoice_name(&self, lang: Lang, paper: &InvoicePaper) -> String {
        let key = match paper.kind {
            PaperKind::Invoice => "sales-print-invoice-file",
            PaperKind::CreditNote(..) => "sales-print-credit-note-file",
        };
        self.texts.say(lang, &Text::new(key).with("label", paper.label.as_str()))
    }

    /// What the file of the order's receipt is called.
    pub fn receipt_name(&self, lang: Lang, paper: &ReceiptPaper) -> String {
        self.texts.say(lang, &Text::new("sales-print-receipt-file").with("number", paper.order))
    }

    /// The invoice or credit note as a PDF. Blocks for some tens of milliseconds.
    pub fn invoice_now(&self, lang: Lang, paper: &InvoicePaper) -> Result<Vec<u8>> {
        self.invoice.pdf(&invoice::document(&self.texts, lang, paper)?)
    }

    /// The receipt as a PDF. Blocks for some tens of milliseconds.
    pub fn receipt_now(&self, lang: Lang, paper: &ReceiptPaper) -> Result<Vec<u8>> {
        self.receipt.pdf(&receipt::document(&self.texts, lang, paper)?)
    }

    /// [`Papers::invoice_now`] for those who may not block.
    pub async fn invoice(self: Arc<Self>, lang: Lang, paper: InvoicePaper) -> Result<Vec<u8>> {
        let printing = move || self.invoice_now(lang, &paper);
        tokio::task::spawn_blocking(printing).await.map_err(Error::internal)?
    }

    /// [`Papers::receipt_now`] for those who may not block.
    pub async fn receipt(self: Arc<Self>, lang: Lang, paper: ReceiptPaper) -> Result<Vec<u8>> {
        let printing = move || self.receipt_now(lang, &paper);
        tokio::task::spawn_blocking(printing).await.map_err(Error::internal)?
    }
}
