//! Figures of sales for reports: what was invoiced, less what credit notes took back. Summed by the database.

use catalog::Product;
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Id, Money, Page, PageRequest, Quantity, Result};

use crate::{Amounts, store};

/// What was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SalesSums {
    /// How many invoices.
    pub count: i64,
    /// What they come to, less their credit notes.
    pub amounts: Amounts,
}

impl SalesSums {
    /// What an invoice comes to on average; nothing where there is none.
    pub fn average(&self) -> Result<Money> {
        let count = Quantity::from_units(self.count);
        if self.count == 0 { Ok(Money::ZERO) } else { self.amounts.total.per_unit(count) }
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Result<Self> {
        Ok(Self { count: self.count.saturating_add(other.count), amounts: self.amounts.plus(other.amounts)? })
    }
}

/// What of a product, or to a customer, was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoldOf<K> {
    /// Of what, or to whom.
    pub of: K,
    /// How much went out; of customers, how many invoices.
    pub quantity: Quantity,
    /// What it comes to.
    pub amounts: Amounts,
}

/// What was sold on each of these days, oldest first; days without sales are left out.
pub fn sales_by_day(ctx: &Ctx, tx: &mut ReadTx, from: Date, until: Date) -> Result<Vec<(Date, SalesSums)>> {
    ctx.require(Permission::SalesRead)?;
    store::reports::by_day(ctx, tx, from, until)
}

/// What of each product was sold on these days, what brought most first.
pub fn sales_by_product(
    ctx: &Ctx,
    tx: &mut ReadTx,
    from: Date,
    until: Date,
    page: PageRequest,
) -> Result<Page<SoldOf<Id<Product>>>> {
    ctx.require(Permission::SalesRead)?;
    store::reports::by_product(ctx, tx, from, until, page)
}

/// The products that brought most on these days.
pub fn top_products(
    ctx: &Ctx,
    tx: &mut ReadTx,
    from: Date,
    until: Date,
    at_most: u32,
) -> Result<Vec<SoldOf<Id<Product>>>> {
    ctx.require(Permission::SalesRead)?;
    store::reports::top_products(ctx, tx, from, until, at_most)
}

/// What was sold to each customer on these days, what brought most first; none is nobody in particular.
pub fn sales_by_customer(
    ctx: &Ctx,
    tx: &mut ReadTx,
    from: Date,
    until: Date,
    page: PageRequest,
) -> Result<Page<SoldOf<Option<Id<Contact>>>>> {
    ctx.require(Permission::SalesRead)?;
    store::reports::by_customer(ctx, tx, from, until, page)
}
