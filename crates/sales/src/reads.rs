//! What others may read of orders, and the lists of pages and API.

use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Id, Page, PageRequest, Result};

use crate::{Order, OrderLine, Source, Status, store};

/// Which orders are wanted; what is `None` does not matter.
#[derive(Debug, Clone)]
pub struct OrderFilter {
    /// Standing here.
    pub status: Option<Status>,
    /// Written by these.
    pub source: Option<Source>,
    /// For this customer.
    pub customer: Option<Id<Contact>>,
    /// Each of these words, in either script, is in the number, the customer's name or phone, or the note.
    pub text: String,
    /// Of this day or later.
    pub from: Option<Date>,
    /// Of this day or earlier.
    pub until: Option<Date>,
    /// Drafts are left out.
    pub without_drafts: bool,
    /// In which order.
    pub order: OrderOrder,
    /// From the end of that order.
    pub descending: bool,
}

impl Default for OrderFilter {
    /// All, newest first.
    fn default() -> Self {
        Self {
            status: None,
            source: None,
            customer: None,
            text: String::new(),
            from: None,
            until: None,
            without_drafts: false,
            order: OrderOrder::Number,
            descending: true,
        }
    }
}

/// The orders a list of orders can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrderOrder {
    /// By number, that is by age.
    #[default]
    Number,
    /// By the business date.
    Day,
    /// By what they come to.
    Total,
}

impl OrderOrder {
    /// All of them, as lists offer them.
    pub const ALL: [Self; 3] = [Self::Number, Self::Day, Self::Total];

    /// The word in `?ordering=`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Number => "id",
            Self::Day => "ordered_on",
            Self::Total => "total_amount",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.word() == word)
    }
}

/// The order with this id.
pub fn get_order(ctx: &Ctx, tx: &mut ReadTx, id: Id<Order>) -> Result<Order> {
    ctx.require(Permission::SalesRead)?;
    store::orders::get(ctx, tx, id)
}

/// The order with this number.
pub fn get_order_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Order> {
    ctx.require(Permission::SalesRead)?;
    store::orders::get_by_number(ctx, tx, number)
}

/// The lines of an order, in order.
pub fn order_lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<Order>) -> Result<Vec<OrderLine>> {
    ctx.require(Permission::SalesRead)?;
    store::lines::list(ctx, tx, id)
}

/// The orders that fit.
pub fn list_orders(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &OrderFilter,
    page: PageRequest,
) -> Result<Page<Order>> {
    ctx.require(Permission::SalesRead)?;
    store::orders::list(ctx, tx, filter, page)
}

/// A customer's orders, newest first, drafts of the staff left out.
pub fn orders_of_customer(
    ctx: &Ctx,
    tx: &mut ReadTx,
    customer: Id<Contact>,
    page: PageRequest,
) -> Result<Page<Order>> {
    let filter = OrderFilter { customer: Some(customer), without_drafts: true, ..OrderFilter::default() };
    list_orders(ctx, tx, &filter, page)
}

/// How many orders stand where.
pub fn orders_by_status(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(Status, i64)>> {
    ctx.require(Permission::SalesRead)?;
    let counts = store::orders::count_by_status(ctx, tx)?;
    let of = |status: Status| counts.iter().find(|(word, _)| word == status.word()).map_or(0, |(_, n)| *n);
    Ok(Status::ALL.map(|status| (status, of(status))).to_vec())
}

/// Everything about the workspace's orders that does not agree: sums against lines, promises against confirmed lines.
/// Empty when all is well; each finding is a sentence for developers and operators.
pub fn check(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    let mut found = store::orders::sums_unlike_their_lines(ctx, tx)?;
    found.extend(store::orders::promises_unlike_their_lines(ctx, tx)?);
    Ok(found)
}
