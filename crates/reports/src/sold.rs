//! What was sold in a period: by day, by product, by customer.

use std::{collections::HashMap, str::FromStr};

use catalog::Product;
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Id, Page, PageRequest, Quantity, Result};
use sales::{Amounts, SalesSums, SoldOf};
use web::pages::Period;

/// What a line of the report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// A day.
    #[default]
    Day,
    /// A product.
    Product,
    /// A customer.
    Customer,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Day, Self::Product, Self::Customer];

    /// The word that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Product => "product",
            Self::Customer => "customer",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Day => "reports-by-day",
            Self::Product => "reports-by-product",
            Self::Customer => "reports-by-customer",
        }
    }
}

impl FromStr for By {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|by| by.word() == word).ok_or(())
    }
}

/// A line of the report.
#[derive(Debug, Clone)]
pub struct SoldRow {
    /// The day, when it is about one.
    pub day: Option<Date>,
    /// The product, when it is about one.
    pub product: Option<Product>,
    /// The customer; none of those of a report by customer is nobody in particular.
    pub customer: Option<Contact>,
    /// How many invoices, of a day and of a customer.
    pub count: Option<i64>,
    /// How much went out, of a product.
    pub quantity: Option<Quantity>,
    /// What it comes to, less credit notes.
    pub amounts: Amounts,
}

/// A part of what was sold: days the newest first, products and customers those that brought most first.
pub fn sold(ctx: &Ctx, tx: &mut ReadTx, by: By, period: Period, page: PageRequest) -> Result<Page<SoldRow>> {
    ctx.require(Permission::ReportsRead)?;
    let Period { from, until } = period;
    match by {
        By::Day => by_day(ctx, tx, period, page),
        By::Product => {
            let found = sales::sales_by_product(ctx, tx, from, until, page)?;
            let ids: Vec<Id<Product>> = found.results.iter().map(|sold| sold.of).collect();
            let mut named: HashMap<_, _> =
                catalog::get_many(ctx, tx, &ids)?.into_iter().map(|product| (product.id, product)).collect();
            Ok(found.map(|SoldOf { of, quantity, amounts }| SoldRow {
                product: named.remove(&of),
                quantity: Some(quantity),
                ..SoldRow::of(amounts)
            }))
        }
        By::Customer => {
            let found = sales::sales_by_customer(ctx, tx, from, until, page)?;
            let ids: Vec<Id<Contact>> = found.results.iter().filter_map(|sold| sold.of).collect();
            let mut named: HashMap<_, _> =
                contacts::get_many(ctx, tx, &ids)?.into_iter().map(|contact| (contact.id, contact)).collect();
            Ok(found.map(|SoldOf { of, quantity, amounts }| SoldRow {
                customer: of.and_then(|id| named.remove(&id)),
                count: Some(quantity.thousandths() / 1_000),
                ..SoldRow::of(amounts)
            }))
        }
    }
}

fn by_day(ctx: &Ctx, tx: &mut ReadTx, period: Period, page: PageRequest) -> Result<Page<SoldRow>> {
    let mut days = sales::sales_by_day(ctx, tx, period.from, period.until)?;
    days.reverse();
    let count = i64::try_from(days.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let take = usize::try_from(page.limit()).unwrap_or(usize::MAX);
    let row = |(day, SalesSums { count, amounts })| SoldRow {
        day: Some(day),
        count: Some(count),
        ..SoldRow::of(amounts)
    };
    Ok(Page::new(page, count, days.into_iter().skip(skip).take(take).map(row).collect()))
}

impl SoldRow {
    const fn of(amounts: Amounts) -> Self {
        Self { day: None, product: None, customer: None, count: None, quantity: None, amounts }
    }
}
