//! Staff who bring orders to the books: deliveries, invoices, payments, credit notes, refunds, sales over the counter,
//! what was a mistake and is taken back; two of them at once with the same order.

use context::Ctx;
use db::{Lane, ReadTx, Scope, Tx, params};
use futures::{executor::block_on, future::join_all};
use kernel::{Id, Kind, Money, Quantity, Rate, Result};
use sales::{
    DeliveryNote, Invoice, NewCreditNote, NewDelivery, NewInvoice, NewLine, NewPayment, Order, OrderLine,
    Payment, QuickSale, Source,
};

use crate::world::World;

/// Colleagues who do the same with the same order at once.
const COLLEAGUES: usize = 3;

/// Orders of which something is to go out.
const TO_DELIVER: &str = "SELECT id FROM sales_order WHERE workspace_id = $1 AND status = 'confirmed'
     AND delivery_state IN ('none', 'part') ORDER BY number";
/// Orders of which something went out that is not invoiced.
const TO_INVOICE: &str = "SELECT id FROM sales_order o WHERE workspace_id = $1 AND status = 'confirmed'
     AND EXISTS (SELECT 1 FROM sales_order_line l WHERE l.workspace_id = $1 AND l.order_id = o.id
         AND l.delivered > l.invoiced) ORDER BY number";
/// Orders of which money is an advance.
const TO_REFUND: &str = "SELECT id FROM sales_order o WHERE workspace_id = $1 AND status = 'confirmed'
     AND EXISTS (SELECT 1 FROM sales_payment p WHERE p.workspace_id = $1 AND p.order_id = o.id
         AND p.kind = 'payment' AND p.allocated_tiyin + p.refunded_tiyin < p.amount_tiyin) ORDER BY number";

impl World {
    pub(crate) fn books_step(&mut self) {
        match self.dice.below(50) {
            0..14 => self.deliver(),
            14..22 => self.invoice(),
            22..31 => self.pay(),
            31..35 => self.credit(),
            35..38 => self.refund(),
            38..41 => self.sell(),
            41..43 => self.undo_delivery(),
            43..45 => self.reverse_payment(),
            45..46 => self.close_order(),
            46..48 => self.pay_on_account(),
            48 => self.refund_on_account(),
            _ => self.same_order_at_once(),
        }
    }

    /// Any row that this query finds.
    fn any<T: Send + 'static>(&mut self, sql: &'static str) -> Option<Id<T>> {
        let ctx = self.staff();
        let scope = Scope::from(&ctx);
        let read =
            move |tx: &mut ReadTx<'_>| tx.query(sql, params![ctx.workspace()], |row| row.get::<Id<T>>(0));
        let all = self.db.read_now(scope, read).unwrap();
        if all.is_empty() { None } else { Some(*self.dice.pick(&all)) }
    }

    /// Mostly an order of these, which wait for the step; now and then any confirmed one, which may refuse it.
    fn order_of(&mut self, waiting: &'static str) -> Option<Id<Order>> {
        if self.dice.one_in(4) { self.confirmed_order() } else { self.any(waiting) }
    }

    fn confirmed_order(&mut self) -> Option<Id<Order>> {
        self.any(
            "SELECT id FROM sales_order WHERE workspace_id = $1 AND status = 'confirmed' ORDER BY number",
        )
    }

    /// Some of these lines, mostly no more than there is to take.
    fn some_of(&mut self, lines: Vec<(Id<OrderLine>, Quantity)>) -> Vec<(Id<OrderLine>, Quantity)> {
        let mut some = Vec::new();
        for (id, most) in lines {
            let more = if self.dice.one_in(12) { 1_000 } else { 0 };
            let thousandths = self.dice.between(0, most.thousandths() + more);
            some.push((id, Quantity::from_thousandths(thousandths)));
        }
        some
    }

    fn lines_of(&self, id: Id<Order>) -> Vec<OrderLine> {
        let ctx = self.staff();
        let own = ctx.clone();
        self.db.read_now(Scope::from(&ctx), move |tx| sales::order_lines(&own, tx, id)).unwrap()
    }

    fn new_delivery(&mut self, id: Id<Order>) -> NewDelivery {
        let lines = if self.dice.one_in(2) {
            let left = self.lines_of(id).iter().map(|l| (l.id, l.to_deliver().unwrap())).collect();
            Some(self.some_of(left))
        } else {
            None
        };
        NewDelivery { lines, ..NewDelivery::default() }
    }

    fn deliver(&mut self) {
        let Some(id) = self.order_of(TO_DELIVER) else { return };
        let new = self.new_delivery(id);
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::deliver_order(ctx, tx, id, new.clone());
        if self.write("sales_delivery.post", run).is_some() {
            self.told.deliveries += 1;
        }
    }

    fn invoice(&mut self) {
        let Some(id) = self.order_of(TO_INVOICE) else { return };
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::invoice_order(ctx, tx, id, NewInvoice::default());
        if self.write("sales_invoice.post", run).is_some() {
            self.told.invoices += 1;
        }
    }

    fn new_payment(&mut self) -> NewPayment {
        let amount = if self.dice.one_in(3) {
            None
        } else {
            Some(Money::from_tiyin(self.dice.between(1, 300_000_000)))
        };
        NewPayment { amount, ..NewPayment::default() }
    }

    fn pay(&mut self) {
        let Some(id) = self.confirmed_order() else { return };
        let new = self.new_payment();
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::pay_order(ctx, tx, id, new.clone());
        if self.write("sales_payment.receive", run).is_some() {
            self.told.payments += 1;
        }
    }

    fn pay_on_account(&mut self) {
        let Self { dice, customers, .. } = self;
        let whom = dice.pick(customers).id;
        let new = self.new_payment();
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::pay_on_account(ctx, tx, whom, new.clone());
        if self.write("sales_payment.receive", run).is_some() {
            self.told.payments += 1;
        }
    }

    fn refund_on_account(&mut self) {
        let Self { dice, customers, .. } = self;
        let whom = dice.pick(customers).id;
        let new = if self.dice.one_in(2) { NewPayment::default() } else { self.new_payment() };
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::refund_on_account(ctx, tx, whom, new.clone());
        if self.write("sales_refund.pay", run).is_some() {
            self.told.refunds += 1;
        }
    }

    fn credit(&mut self) {
        let sql =
            "SELECT id FROM sales_invoice WHERE workspace_id = $1 AND kind = 'invoice' ORDER BY year, number";
        let Some(id) = self.any::<Invoice>(sql) else { return };
        let ctx = self.staff();
        let own = ctx.clone();
        let read = move |tx: &mut ReadTx<'_>| {
            let (credited, _) = sales::credited_of(&own, tx, id)?;
            let left = |line: &sales::InvoiceLine| {
                let before = credited.get(&line.order_line).copied().unwrap_or_default();
                Ok((line.order_line, line.quantity.minus(before)?))
            };
            sales::invoice_lines(&own, tx, id)?.iter().map(left).collect::<Result<Vec<_>>>()
        };
        let left = self.db.read_now(Scope::from(&ctx), read).unwrap();
        let lines = if self.dice.one_in(3) { None } else { Some(self.some_of(left)) };
        let new = NewCreditNote { lines, with_fee: self.dice.one_in(2), ..NewCreditNote::default() };
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::credit_invoice(ctx, tx, id, new.clone());
        if self.write("sales_credit_note.post", run).is_some() {
            self.told.credit_notes += 1;
        }
    }

    fn refund(&mut self) {
        let Some(id) = self.order_of(TO_REFUND) else { return };
        let new = if self.dice.one_in(2) { NewPayment::default() } else { self.new_payment() };
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::refund_order(ctx, tx, id, new.clone());
        if self.write("sales_refund.pay", run).is_some() {
            self.told.refunds += 1;
        }
    }

    fn sell(&mut self) {
        let lines = (0..self.dice.between(1, 3))
            .map(|_| NewLine {
                product: self.any_product(),
                quantity: Quantity::from_units(self.dice.between(1, 2)),
                price: None,
                discount: Rate::from_basis_points(self.dice.between(0, 3) * 333),
            })
            .collect();
        let payments = if self.dice.one_in(4) { Some(Vec::new()) } else { None };
        let is_paid = payments.is_none();
        let sale = QuickSale { lines, payments, ..QuickSale::default() };
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::sell(ctx, tx, Source::Staff, sale.clone());
        if let Some(sold) = self.write("sales_order.sell", run) {
            self.know(&sold.order);
            for action in ["sales_delivery.post", "sales_invoice.post"] {
                *self.owed.entry(action).or_default() += 1;
            }
            if is_paid {
                *self.owed.entry("sales_payment.receive").or_default() += 1;
            }
            self.told.sold += 1;
        }
    }

    fn undo_delivery(&mut self) {
        let sql = "SELECT id FROM sales_delivery WHERE workspace_id = $1 ORDER BY number";
        let Some(id) = self.any::<DeliveryNote>(sql) else { return };
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::undo_delivery(ctx, tx, id, None);
        if self.write("sales_delivery.undo", run).is_some() {
            self.told.taken_back += 1;
        }
    }

    fn reverse_payment(&mut self) {
        let sql = "SELECT id FROM sales_payment WHERE workspace_id = $1 ORDER BY number";
        let Some(id) = self.any::<Payment>(sql) else { return };
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::reverse_payment(ctx, tx, id, None);
        if self.write("sales_payment.reverse", run).is_some() {
            self.told.taken_back += 1;
        }
    }

    fn close_order(&mut self) {
        let Some(id) = self.confirmed_order() else { return };
        let run = move |ctx: &Ctx, tx: &mut Tx<'_>| sales::close_order(ctx, tx, id);
        self.write("sales_order.close", run);
    }

    /// Colleagues deliver, invoice and take payment for one order at the same moment: each is done as often as there
    /// is something to do.
    fn same_order_at_once(&mut self) {
        let Some(id) = self.confirmed_order() else { return };
        let ctx = self.staff();
        let step = self.dice.below(3);
        let action = ["sales_delivery.post", "sales_invoice.post", "sales_payment.receive"][step];
        let all = (0..COLLEAGUES).map(|_| {
            let own = ctx.clone();
            let run = move |tx: &mut Tx<'_>| match step {
                0 => sales::deliver_order(&own, tx, id, NewDelivery::default()).map(drop),
                1 => sales::invoice_order(&own, tx, id, NewInvoice::default()).map(drop),
                _ => sales::pay_order(&own, tx, id, NewPayment::default()).map(drop),
            };
            self.db.write(&ctx, Lane::People, run)
        });
        for done in block_on(join_all(all)) {
            match done {
                Ok(()) => *self.owed.entry(action).or_default() += 1,
                Err(error) if error.kind() == Kind::Conflict => self.told.refused += 1,
                Err(error) => panic!("the same order at once: {error}"),
            }
        }
    }
}
