//! An order on its way to the books: what one transaction does with it, from the lock to the entries.
//!
//! Every step changes what is held here; [`Fulfilment::finish`] writes it once, posts all entries together at the end of
//! the transaction, because posting holds the workspace's book, and tells what happened.

use catalog::Product;
use contacts::Contact;
use context::Ctx;
use db::Tx;
use kernel::{Checks, Date, Error, Id, Result, Text};
use ledger::NewEntry;

use super::customer_of;
use crate::{DeliveryState, Order, OrderLine, Status, events, events::Told, store};

/// An order that this transaction holds, with everything that it does to it.
pub(super) struct Fulfilment {
    pub(super) order: Order,
    pub(super) lines: Vec<OrderLine>,
    pub(super) contact: Option<Contact>,
    pub(super) products: Vec<Product>,
    /// Its goods are promised to it; a sale over the counter takes what is free.
    pub(super) promised: bool,
    pub(super) entries: Vec<NewEntry>,
    pub(super) told: Vec<(&'static str, Told)>,
    /// Lines are written back.
    pub(super) moved: bool,
}

impl Fulfilment {
    /// Takes the order, which must be confirmed.
    pub(super) fn open(ctx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Self> {
        let order = store::orders::lock(ctx, tx, id)?;
        let key = match order.status {
            Status::Confirmed => None,
            Status::Draft | Status::New => Some("sales-order-not-confirmed"),
            Status::Cancelled => Some("sales-order-is-cancelled"),
        };
        if let Some(key) = key {
            return Err(Error::conflict(Text::new(key).with("number", order.number)));
        }
        let lines = store::lines::list(ctx, tx, id)?;
        let contact = customer_of(ctx, tx, &order)?;
        Ok(Self::of(order, lines, contact, true))
    }

    pub(super) fn of(order: Order, lines: Vec<OrderLine>, contact: Option<Contact>, promised: bool) -> Self {
        Self {
            order,
            lines,
            contact,
            products: Vec::new(),
            promised,
            entries: Vec::new(),
            told: Vec::new(),
            moved: false,
        }
    }

    /// Asks for the products of its lines, once.
    pub(super) fn load_products(&mut self, ctx: &Ctx, tx: &mut Tx) -> Result<()> {
        if self.products.is_empty() && !self.lines.is_empty() {
            let mut ids: Vec<_> = self.lines.iter().map(|line| line.product).collect();
            ids.sort_unstable();
            ids.dedup();
            self.products = catalog::get_many(ctx, tx, &ids)?;
        }
        Ok(())
    }

    /// The line of the order with this id.
    pub(super) fn line_mut(&mut self, id: Id<OrderLine>) -> Result<&mut OrderLine> {
        let found = self.lines.iter_mut().find(|line| line.id == id);
        found.ok_or_else(|| Error::internal("a line of another order"))
    }

    /// Writes the order and its lines, tells what happened, and posts.
    pub(super) fn finish(mut self, ctx: &Ctx, tx: &mut Tx) -> Result<Order> {
        if self.moved {
            store::lines::follow(ctx, tx, self.order.id, &self.lines)?;
            if self.order.progress.delivery != DeliveryState::Closed {
                self.order.progress.delivery = DeliveryState::of(&self.lines);
            }
        }
        self.order.version += 1;
        let Order { id, version, .. } = self.order;
        self.order.progress = store::orders::follow(ctx, tx, id, self.order.progress.delivery, version)?;
        for (name, told) in self.told {
            events::emit_told(ctx, tx, name, &self.order, self.contact.as_ref(), told)?;
        }
        ledger::post_all(ctx, tx, self.entries)?;
        Ok(self.order)
    }
}

/// The business date of a document: today where nobody says, and never after it.
pub(super) fn day(ctx: &Ctx, checks: &mut Checks, said: Option<Date>) -> Date {
    let today = ctx.today();
    let day = said.unwrap_or(today);
    checks.hold(day <= today, "date", Text::new("sales-date-in-future").with("today", today));
    day
}

/// Refuses a day before that of the document which this one follows or takes back.
pub(super) fn not_before(checks: &mut Checks, on: Date, earliest: Date) {
    checks.hold(on >= earliest, "date", Text::new("sales-date-before").with("date", earliest));
}
