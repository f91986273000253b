//! Reads what is to be printed, in the transaction of whoever asks.

use std::collections::HashMap;

use auth::{Requisites, WorkspaceRecord};
use cash::RegisterKind;
use catalog::{Product, Vat};
use contacts::Contact;
use context::Ctx;
use db::ReadTx;
use kernel::{Error, Id, Money, Result, Text};

use super::{InvoicePaper, PaperKind, PaperLine, PaperPayment, Party, ReceiptPaper, Seller};
use crate::{
    Amounts, Invoice, InvoiceLine, Order, OrderLine, Payment, PaymentKind, Status, get_invoice, get_order,
    invoice_lines, invoices_of, order_lines, payments_of, reads::amount_for,
};

/// The invoice or credit note with everything that stands on it.
pub fn invoice_paper(ctx: &Ctx, tx: &mut ReadTx, id: Id<Invoice>) -> Result<InvoicePaper> {
    let invoice = get_invoice(ctx, tx, id)?;
    let order = get_order(ctx, tx, invoice.order)?;
    let lines = invoice_lines(ctx, tx, id)?;
    let kind = match invoice.credits {
        Some(credited) => {
            let credited = get_invoice(ctx, tx, credited)?;
            PaperKind::CreditNote(credited.label(), credited.invoiced_on)
        }
        None => PaperKind::Invoice,
    };
    Ok(InvoicePaper {
        kind,
        label: invoice.label(),
        invoiced_on: invoice.invoiced_on,
        order: (order.number, order.ordered_on),
        prices_include_vat: order.prices_include_vat,
        seller: seller(ctx, tx)?,
        buyer: invoice.customer.map_or_else(|| Ok(Party::default()), |id| buyer(ctx, tx, id))?,
        lines: paper_lines(ctx, tx, lines)?,
        delivery: (invoice.fee, invoice.fee_vat_rate),
        amounts: invoice.amounts,
        paid: invoice.paid,
        credited: invoice.credited,
        note: invoice.note,
    })
}

/// The order as a till's receipt: what was bought, what was paid for it and where. `given` is the cash that the customer
/// handed over, where the till counted it. Only what was accepted has one.
pub fn receipt_paper(
    ctx: &Ctx,
    tx: &mut ReadTx,
    id: Id<Order>,
    given: Option<Money>,
) -> Result<ReceiptPaper> {
    let order = get_order(ctx, tx, id)?;
    if order.status != Status::Confirmed {
        return Err(Error::conflict(Text::new("sales-print-no-receipt").with("number", order.number)));
    }
    let lines = order_lines(ctx, tx, id)?;
    let payments = payments_of(ctx, tx, id)?;
    let rate = tax::vat_rate(ctx, tx, Vat::Standard, order.ordered_on)?;
    let buyer = order.customer.map_or_else(|| Ok(Party::default()), |id| buyer(ctx, tx, id))?;
    Ok(ReceiptPaper {
        order: order.number,
        at: payments.last().map_or(order.created_at, |payment| payment.created_at),
        zone: ctx.zone(),
        prices_include_vat: order.prices_include_vat,
        seller: seller(ctx, tx)?.party,
        buyer: buyer.name,
        lines: paper_lines(ctx, tx, lines)?,
        delivery: (delivery(&order)?, rate),
        amounts: order.amounts,
        payments: paid(ctx, tx, id, &payments)?,
        given,
        due: order.due()?,
    })
}

/// The fee for delivery with its VAT.
fn delivery(order: &Order) -> Result<Amounts> {
    let (fee, vat) = (order.delivery.fee, order.delivery_vat);
    Ok(if order.prices_include_vat {
        Amounts { net: fee.minus(vat)?, vat, total: fee }
    } else {
        Amounts { net: fee, vat, total: fee.plus(vat)? }
    })
}

/// What each register took for the order and gave back; of money on account what pays this order. Mistakes that were
/// taken back are left out.
fn paid(ctx: &Ctx, tx: &mut ReadTx, order: Id<Order>, payments: &[Payment]) -> Result<Vec<PaperPayment>> {
    let invoices = invoices_of(ctx, tx, order)?;
    let mut shown = Vec::with_capacity(payments.len());
    for payment in payments.iter().filter(|payment| payment.reversed_at.is_none()) {
        let register = cash::find_register(ctx, tx, payment.register)?;
        let amount = match payment.kind {
            PaymentKind::Payment => amount_for(ctx, tx, payment, &invoices)?,
            PaymentKind::Refund => Money::ZERO.minus(payment.amount)?,
        };
        let is_cash = register.as_ref().is_some_and(|register| register.kind == RegisterKind::Cash);
        let register = register.map(|register| register.name).unwrap_or_default();
        shown.push(PaperPayment { register, is_cash, amount });
    }
    Ok(shown)
}

fn seller(ctx: &Ctx, tx: &mut ReadTx) -> Result<Seller> {
    let WorkspaceRecord { name, tin, phone, address, .. } = auth::workspace(tx, ctx.workspace())?;
    let Requisites { vat_code, bank, bank_account, mfo, director, accountant } = auth::requisites(ctx, tx)?;
    let party = Party { name, tin, address, phone };
    Ok(Seller { party, vat_code, bank, bank_account, mfo, director, accountant })
}

fn buyer(ctx: &Ctx, tx: &mut ReadTx, id: Id<Contact>) -> Result<Party> {
    let found = contacts::get_many(ctx, tx, &[id])?.pop().ok_or_else(Error::not_found)?;
    let Contact { name, tin, address, phone, .. } = found;
    Ok(Party { name, tin, address: address.unwrap_or_default(), phone })
}

/// What orders' and invoices' lines have in common.
trait Sold {
    fn product(&self) -> Id<Product>;
    fn on_paper(self, product: &Product) -> PaperLine;
}

macro_rules! sold {
    ($($line:ty),*) => {$(
        impl Sold for $line {
            fn product(&self) -> Id<Product> {
                self.product
            }
            fn on_paper(self, product: &Product) -> PaperLine {
                let Self { quantity, price, discount, vat, vat_rate, amounts, .. } = self;
                PaperLine {
                    name: product.name.clone(),
                    mxik: product.mxik.clone(),
                    unit: product.unit.clone(),
                    quantity,
                    price,
                    discount,
                    vat,
                    vat_rate,
                    amounts,
                }
            }
        }
    )*};
}
sold!(OrderLine, InvoiceLine);

fn paper_lines<L: Sold>(ctx: &Ctx, tx: &mut ReadTx, lines: Vec<L>) -> Result<Vec<PaperLine>> {
    let mut ids: Vec<Id<Product>> = lines.iter().map(Sold::product).collect();
    ids.sort_unstable();
    ids.dedup();
    let products: HashMap<_, _> = if ids.is_empty() {
        HashMap::new()
    } else {
        catalog::get_many(ctx, tx, &ids)?.into_iter().map(|product| (product.id, product)).collect()
    };
    let on_paper = |line: L| {
        let product = products.get(&line.product());
        product
            .map(|product| line.on_paper(product))
            .ok_or_else(|| Error::internal("a line without its product"))
    };
    lines.into_iter().map(on_paper).collect()
}
