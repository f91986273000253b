//! Goods come back: a credit note takes back what an invoice says, and the goods are in the warehouse at what they had
//! cost.

use std::collections::HashMap;

use context::{Ctx, Permission, next_number};
use db::Tx;
use kernel::{Checks, Date, Error, Id, Money, Quantity, Result, Text};
use serde_json::json;
use stock::{Delivered, TakeBack, Warehouse};

use super::{
    counting::NOTE_CHARS,
    fulfilling::{Fulfilment, day, not_before},
    invoicing::series,
};
use crate::{
    CREDIT_NOTE_POSTED, Invoice, InvoiceKind, InvoiceLine, LineQuantities, Order, OrderLine,
    delivery::{cost_of_invoiced, with_invoiced},
    events::Told,
    invoice::{InvoiceDraft, draft_credit},
    payment::free_up,
    store, to_ledger,
};

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewCreditNote {
    /// How much of which line of the order; everything that is left of the invoice where nobody says.
    pub lines: Option<LineQuantities>,
    /// Whether the fee for delivery is given back, too.
    pub with_fee: bool,
    /// Where the goods go; the default warehouse where nobody says.
    pub warehouse: Option<Id<Warehouse>>,
    /// The business date; today where nobody says.
    pub on: Option<Date>,
    /// Why.
    pub note: String,
}

/// Takes goods of an invoice back, in whole or in part: a credit note with its own gapless number. What was paid for
/// them is an advance of the customer again, to be given back or to pay the next invoice. More than was invoiced and
/// not returned is refused beside the line.
pub fn credit_invoice(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Invoice>,
    new: NewCreditNote,
) -> Result<(Order, Invoice)> {
    ctx.require(Permission::SalesEdit)?;
    let order = store::invoices::get(ctx, tx, id)?.order;
    let mut work = Fulfilment::open(ctx, tx, order)?;
    let invoice = store::invoices::lock(ctx, tx, id)?;
    let credit = work.credit(ctx, tx, invoice, new)?;
    Ok((work.finish(ctx, tx)?, credit))
}

impl Fulfilment {
    fn credit(
        &mut self,
        ctx: &Ctx,
        tx: &mut Tx,
        mut invoice: Invoice,
        new: NewCreditNote,
    ) -> Result<Invoice> {
        let NewCreditNote { lines: said, with_fee, warehouse, on, note } = new;
        let mut checks = Checks::new();
        let note = checks.prose("note", &note, NOTE_CHARS);
        let on = day(ctx, &mut checks, on);
        not_before(&mut checks, on, invoice.invoiced_on);
        checks.done()?;
        if invoice.kind == InvoiceKind::CreditNote {
            return Err(Error::conflict(
                Text::new("sales-credit-note-stands").with("number", invoice.label()),
            ));
        }
        let stands = store::invoices::lines(ctx, tx, invoice.id)?;
        let (credited, fee_credited) = store::invoices::credited(ctx, tx, invoice.id)?;
        let all = said.is_none();
        let quantities = quantities(&stands, &credited, said)?;
        let with_fee = (with_fee || all) && !fee_credited && !invoice.fee.is_zero();
        let draft = if self.order.amounts_only {
            let open = invoice.credited.is_zero();
            let amounts = if open { invoice.amounts } else { crate::Amounts::default() };
            InvoiceDraft { amounts, ..InvoiceDraft::default() }
        } else {
            draft_credit(&invoice, &stands, &credited, &quantities, with_fee)?
        };
        if draft.lines.is_empty() && draft.amounts.is_zero() {
            return Err(nothing_back(&invoice, &stands, &credited, fee_credited));
        }
        let gone = with_invoiced(store::deliveries::gone(ctx, tx, self.order.id)?, &self.lines)?;
        let back = self.goods_back(&draft.lines, &cost_of_invoiced(&gone)?)?;
        let id: Id<Invoice> = ctx.new_id();
        let moves = if back.is_empty() {
            Vec::new()
        } else {
            let warehouse = match warehouse {
                Some(warehouse) => warehouse,
                None => stock::default_warehouse(ctx, tx)?.id,
            };
            let pieces = back.iter().map(|piece| Delivered { warehouse, ..*piece }).collect();
            stock::take_back(ctx, tx, TakeBack { document: id.uuid(), on, pieces, promise_to: None })?
        };
        let cost = Money::sum(back.iter().map(|piece| piece.cost))?;

        // What of it was paid is the customer's again.
        let total = draft.amounts.total;
        let freed = total.minus(invoice.open()?)?.max(Money::ZERO);
        let paying = store::payments::allocations_of_invoice(ctx, tx, invoice.id)?;
        let changed = free_up(freed, &paying)?;
        for allocation in &changed {
            let mut payment = store::payments::lock(ctx, tx, allocation.payment)?;
            let before = paying.iter().find(|a| a.payment == allocation.payment);
            let before = before.map_or(Money::ZERO, |a| a.amount);
            payment.allocated = payment.allocated.minus(before.minus(allocation.amount)?)?;
            store::payments::set_used(ctx, tx, &payment)?;
        }
        store::payments::set_allocations(ctx, tx, &changed)?;
        invoice.paid = invoice.paid.minus(freed)?;
        invoice.credited = invoice.credited.plus(total)?;
        store::invoices::set_settled(ctx, tx, &invoice)?;

        let InvoiceDraft { lines, fee, fee_vat_rate, amounts } = draft;
        let credit = Invoice {
            id,
            kind: InvoiceKind::CreditNote,
            year: on.year(),
            number: next_number(ctx, tx, &series(InvoiceKind::CreditNote, on.year()))?,
            credits: Some(invoice.id),
            invoiced_on: on,
            amounts,
            fee,
            fee_vat_rate,
            line_count: u32::try_from(lines.len()).map_err(Error::internal)?,
            paid: Money::ZERO,
            credited: Money::ZERO,
            note,
            created_at: ctx.now(),
            ..invoice.clone()
        };
        store::invoices::insert(ctx, tx, &credit, &lines)?;
        let after = json!({ "credit_note": credit.label(), "invoice": invoice.label(), "date": on,
                            "total": total, "cost": cost, "order": self.order.number });
        ctx.audit_new(tx, "sales_credit_note.post", "sales_order", self.order.id, &after)?;
        self.entries.extend(to_ledger::credited(&credit, freed)?);
        self.entries.extend(to_ledger::came_back(&credit, cost, &moves)?);
        self.moved = true;
        self.told.push((CREDIT_NOTE_POSTED, Told { left: Some(freed), ..Told::of(&credit)? }));
        Ok(credit)
    }

    /// What the lines had cost, as stock takes them back: on average of what is invoiced of the line, because only that
    /// can come back, and the rest may still be undone. The lines of the order know of it from here on.
    fn goods_back(
        &mut self,
        lines: &[InvoiceLine],
        invoiced: &HashMap<Id<OrderLine>, Money>,
    ) -> Result<Vec<Delivered>> {
        let mut back = Vec::with_capacity(lines.len());
        for line in lines {
            let order_line = self.line_mut(line.order_line)?;
            let progress = &mut order_line.progress;
            let returned = progress.returned.plus(line.quantity)?;
            let whole = invoiced.get(&line.order_line).copied().unwrap_or_default();
            let cost = whole.share(returned, progress.invoiced)?;
            let cost = cost.minus(progress.returned_cost)?.max(Money::ZERO);
            progress.returned = returned;
            progress.returned_cost = progress.returned_cost.plus(cost)?;
            back.push(Delivered {
                line: line.order_line.uuid(),
                warehouse: Id::from_uuid(uuid::Uuid::nil()),
                product: line.product,
                quantity: line.quantity,
                cost,
            });
        }
        Ok(back)
    }
}

/// Why a credit note would say nothing: nothing is left of the invoice, or nobody said what of it comes back.
fn nothing_back(
    invoice: &Invoice,
    lines: &[InvoiceLine],
    credited: &HashMap<Id<OrderLine>, Quantity>,
    fee_credited: bool,
) -> Error {
    let before = |line: &InvoiceLine| credited.get(&line.order_line).copied().unwrap_or_default();
    let goods_left = lines.iter().any(|line| before(line) < line.quantity);
    let fee_left = !fee_credited && !invoice.fee.is_zero();
    if goods_left || fee_left {
        return Error::field("lines", Text::new("sales-nothing-to-return"));
    }
    Error::conflict(Text::new("sales-invoice-is-credited").with("number", invoice.label()))
}

/// How much of each line comes back; what is said must be left of it.
fn quantities(
    lines: &[InvoiceLine],
    credited: &HashMap<Id<OrderLine>, Quantity>,
    said: Option<LineQuantities>,
) -> Result<HashMap<Id<OrderLine>, Quantity>> {
    let left =
        |line: &InvoiceLine| line.quantity.minus(credited.get(&line.order_line).copied().unwrap_or_default());
    let Some(said) = said else {
        return lines.iter().map(|line| Ok((line.order_line, left(line)?))).collect();
    };
    let mut checks = Checks::new();
    let mut quantities = HashMap::new();
    for (place, (id, quantity)) in said.into_iter().enumerate() {
        let Some(line) = lines.iter().find(|line| line.order_line == id) else {
            checks.refuse(format!("lines.{place}.line"), Text::new("sales-line-not-invoiced"));
            continue;
        };
        let field = format!("lines.{place}.quantity");
        let left = left(line)?;
        checks.hold(!quantity.is_negative(), &field, Text::new("sales-quantity-negative"));
        checks.hold(quantity <= left, &field, Text::new("sales-more-than-invoiced").with("left", left));
        if quantities.insert(id, quantity).is_some() {
            checks.refuse(format!("lines.{place}.line"), Text::new("sales-line-twice"));
        }
    }
    checks.done()?;
    Ok(quantities)
}
