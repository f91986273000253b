//! What went out is invoiced.

use context::{Ctx, Permission, next_number};
use db::Tx;
use kernel::{Checks, Date, Error, Id, Money, Result, Text};
use serde_json::json;

use super::{
    counting::NOTE_CHARS,
    fulfilling::{Fulfilment, day, not_before},
};
use crate::{
    Amounts, INVOICE_POSTED, Invoice, InvoiceKind, Order,
    delivery::with_invoiced,
    events::Told,
    invoice::{InvoiceDraft, draft_invoice},
    payment::allocate,
    store, to_ledger,
};

/// What an invoice is made with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewInvoice {
    /// The business date; today where nobody says.
    pub on: Option<Date>,
    /// Whatever else there is to say.
    pub note: String,
}

/// Invoices what went out for an order and is not invoiced yet, with VAT at the rates of the day. Advances pay it at
/// once.
pub fn invoice_order(ctx: &Ctx, tx: &mut Tx, id: Id<Order>, new: NewInvoice) -> Result<(Order, Invoice)> {
    ctx.require(Permission::SalesEdit)?;
    let mut work = Fulfilment::open(ctx, tx, id)?;
    let invoice = work.invoice(ctx, tx, new, false)?;
    Ok((work.finish(ctx, tx)?, invoice))
}

impl Fulfilment {
    /// The order is of this very moment where it `is_new`: nobody paid it in advance.
    pub(super) fn invoice(
        &mut self,
        ctx: &Ctx,
        tx: &mut Tx,
        new: NewInvoice,
        is_new: bool,
    ) -> Result<Invoice> {
        let NewInvoice { on, note } = new;
        let mut checks = Checks::new();
        let note = checks.prose("note", &note, NOTE_CHARS);
        let on = day(ctx, &mut checks, on);
        if on < ctx.today() && !is_new {
            // What goes out today at the latest is invoiced today at the earliest.
            let gone = with_invoiced(store::deliveries::gone(ctx, tx, self.order.id)?, &self.lines)?;
            let to_invoice = gone.iter().filter(|(piece, invoiced)| *invoiced < piece.quantity);
            if let Some(last) = to_invoice.map(|(piece, _)| piece.on).max() {
                not_before(&mut checks, on, last);
            }
        }
        checks.done()?;
        let InvoiceDraft { lines, fee, fee_vat_rate, amounts } = self.to_invoice(ctx, tx, on)?;
        let mut invoice = Invoice {
            id: ctx.new_id(),
            kind: InvoiceKind::Invoice,
            year: on.year(),
            number: 0,
            order: self.order.id,
            credits: None,
            customer: self.order.customer,
            invoiced_on: on,
            amounts,
            fee,
            fee_vat_rate,
            line_count: u32::try_from(lines.len()).map_err(Error::internal)?,
            paid: Money::ZERO,
            credited: Money::ZERO,
            note,
            created_at: ctx.now(),
        };
        let mut advances = if is_new {
            Vec::new()
        } else {
            store::payments::lock_free(ctx, tx, Some(self.order.id), self.order.customer)?
        };
        let allocations = allocate(std::slice::from_mut(&mut invoice), &mut advances)?;
        invoice.number = next_number(ctx, tx, &series(InvoiceKind::Invoice, invoice.year))?;
        store::invoices::insert(ctx, tx, &invoice, &lines)?;
        for payment in advances.iter().filter(|p| allocations.iter().any(|a| a.payment == p.id)) {
            store::payments::set_used(ctx, tx, payment)?;
        }
        store::payments::add_allocations(ctx, tx, &allocations)?;
        for line in &mut self.lines {
            line.progress.invoiced = line.progress.delivered;
        }
        let after = json!({ "invoice": invoice.label(), "order": self.order.number, "date": on,
                            "total": amounts.total, "vat": amounts.vat, "from_advances": invoice.paid });
        ctx.audit_new(tx, "sales_invoice.post", "sales_order", self.order.id, &after)?;
        self.entries.extend(to_ledger::invoiced(&invoice)?);
        self.moved = true;
        self.told.push((INVOICE_POSTED, Told::of(&invoice)?));
        Ok(invoice)
    }

    fn to_invoice(&self, ctx: &Ctx, tx: &mut Tx, on: Date) -> Result<InvoiceDraft> {
        let number = self.order.number;
        if self.order.amounts_only {
            // Its sum alone would not tell of an invoice that comes to nothing.
            let invoiced = !store::invoices::of_order(ctx, tx, self.order.id)?.is_empty();
            let taken = Text::new("sales-order-is-invoiced").with("number", number);
            return if invoiced {
                Err(Error::conflict(taken))
            } else {
                Ok(InvoiceDraft { amounts: self.order.amounts, ..InvoiceDraft::default() })
            };
        }
        // On its own day an order has the rates already.
        let same_day = on == self.order.ordered_on && self.order.delivery.fee.is_zero();
        let rates = if same_day { None } else { Some(tax::vat_rates(ctx, tx)?) };
        let draft = draft_invoice(&self.order, &self.lines, rates.as_ref(), on)?;
        if !draft.lines.is_empty() {
            return Ok(draft);
        }
        let nothing_went = self.lines.iter().all(|line| line.progress.delivered.is_zero());
        let key = if nothing_went { "sales-order-deliver-first" } else { "sales-order-is-invoiced" };
        Err(Error::conflict(Text::new(key).with("number", number)))
    }
}

/// The series of numbers of a kind and a year.
pub(super) fn series(kind: InvoiceKind, year: i32) -> String {
    format!("sales_{}:{year}", kind.word())
}

impl Amounts {
    /// Whether there is nothing to pay.
    pub(crate) fn is_zero(&self) -> bool {
        self.total.is_zero()
    }
}
