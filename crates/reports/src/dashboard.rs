//! The figures of the dashboard, each read in the database by the domain that knows it. What the reader may not see is not
//! read.

use std::collections::HashMap;

use cash::RegisterKind;
use catalog::Product;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Id, Money, PageRequest, Result};
use ledger::{Role, RoleSum};
use sales::{SalesSums, SoldOf, Status};
use stock::LowStock;
use web::pages::Period;

/// Products shown among those that sell best.
const TOP: u32 = 10;
/// Products shown among those that run out.
const LOWEST: u32 = 5;
/// Days of the chart.
const CHART_DAYS: u64 = 30;

/// Everything that the dashboard shows. What is `None` the reader may not see.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// The days that it is about.
    pub period: Period,
    /// Those to compare with.
    pub before: Period,
    /// The day on which it was read.
    pub today: Date,
    /// What was invoiced.
    pub sales: Option<Sales>,
    /// How many orders stand where.
    pub orders: Option<Vec<(Status, i64)>>,
    /// What the books say.
    pub books: Option<Books>,
    /// What lies in the registers.
    pub cash: Option<Cash>,
    /// What lies in the warehouses.
    pub stock: Option<StockFigures>,
}

/// What was invoiced, less credit notes.
#[derive(Debug, Clone)]
pub struct Sales {
    /// Today.
    pub today: SalesSums,
    /// In the period.
    pub now: SalesSums,
    /// In the period before.
    pub before: SalesSums,
    /// Each of the last thirty days, oldest first.
    pub days: Vec<(Date, SalesSums)>,
    /// What brought most in the period.
    pub top: Vec<TopProduct>,
}

/// A product that sells.
#[derive(Debug, Clone)]
pub struct TopProduct {
    /// The product.
    pub product: Product,
    /// What of it was sold.
    pub sold: SoldOf<Id<Product>>,
}

/// What goods brought and cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Profit {
    /// Revenue without VAT, less returns and discounts.
    pub revenue: Money,
    /// What the goods had cost.
    pub cost: Money,
}

impl Profit {
    /// What is left.
    pub fn gross(self) -> Result<Money> {
        self.revenue.minus(self.cost)
    }
}

/// What the books say.
#[derive(Debug, Clone)]
pub struct Books {
    /// In the period.
    pub now: Profit,
    /// In the period before.
    pub before: Profit,
    /// What customers owe today.
    pub receivables: RoleSum,
    /// What customers paid in advance.
    pub advances: RoleSum,
    /// The accounts behind revenue and cost.
    pub codes: (String, String),
}

/// What lies in the registers today.
#[derive(Debug, Clone, Copy)]
pub struct Cash {
    /// In tills.
    pub cash: Money,
    /// In banks.
    pub bank: Money,
}

/// What lies in the warehouses today.
#[derive(Debug, Clone)]
pub struct StockFigures {
    /// What it cost.
    pub value: Money,
    /// How many products run out.
    pub low: i64,
    /// Those that lack most.
    pub lowest: Vec<(Product, LowStock)>,
}

/// The figures of this period and the one before it, as of now.
pub fn dashboard(ctx: &Ctx, tx: &mut ReadTx, period: Period) -> Result<Dashboard> {
    ctx.require(Permission::ReportsRead)?;
    let (today, before) = (ctx.today(), period.before());
    let (sells, keeps, counts) = (
        ctx.may(Permission::SalesRead),
        ctx.may(Permission::InventoryRead),
        ctx.may(Permission::FinanceRead),
    );
    Ok(Dashboard {
        period,
        before,
        today,
        sales: sells.then(|| sales_figures(ctx, tx, period)).transpose()?,
        orders: sells.then(|| sales::orders_by_status(ctx, tx)).transpose()?,
        books: counts.then(|| books(ctx, tx, period)).transpose()?,
        cash: counts.then(|| cash_figures(ctx, tx)).transpose()?,
        stock: keeps.then(|| stock_figures(ctx, tx)).transpose()?,
    })
}

fn sales_figures(ctx: &Ctx, tx: &mut ReadTx, period: Period) -> Result<Sales> {
    let (today, before) = (ctx.today(), period.before());
    let chart = Period { from: today.minus_days(CHART_DAYS - 1), until: today };
    // The three spans lie side by side as a rule: then they are one read.
    let span = Period { from: before.from, until: period.until };
    let joint = Period { from: span.from.min(chart.from), until: span.until.max(chart.until) };
    let mut days: HashMap<Date, SalesSums> = HashMap::new();
    let spans = if joint.days() <= span.days() + chart.days() { vec![joint] } else { vec![span, chart] };
    for Period { from, until } in spans {
        days.extend(sales::sales_by_day(ctx, tx, from, until)?);
    }
    let sum = |period: Period| {
        let within = days.iter().filter(|(day, _)| period.holds(**day)).map(|(_, sums)| *sums);
        within.into_iter().try_fold(SalesSums::default(), SalesSums::plus)
    };
    let of = |day: Date| days.get(&day).copied().unwrap_or_default();
    let chart = (0..CHART_DAYS).map(|n| chart.from.plus_days(n)).map(|day| (day, of(day))).collect();
    Ok(Sales {
        today: of(today),
        now: sum(period)?,
        before: sum(before)?,
        days: chart,
        top: top(ctx, tx, period)?,
    })
}

fn top(ctx: &Ctx, tx: &mut ReadTx, period: Period) -> Result<Vec<TopProduct>> {
    let found = sales::top_products(ctx, tx, period.from, period.until, TOP)?;
    let mut products = products(ctx, tx, found.iter().map(|sold| sold.of))?;
    let named =
        found.into_iter().filter_map(|sold| Some(TopProduct { product: products.remove(&sold.of)?, sold }));
    Ok(named.collect())
}

fn products(
    ctx: &Ctx,
    tx: &mut ReadTx,
    ids: impl Iterator<Item = Id<Product>>,
) -> Result<HashMap<Id<Product>, Product>> {
    let found = catalog::get_many(ctx, tx, &ids.collect::<Vec<_>>())?;
    Ok(found.into_iter().map(|product| (product.id, product)).collect())
}

/// Revenue first, cost last.
const PROFIT: [Role; 6] = [
    Role::RevenueGoods,
    Role::RevenueServices,
    Role::Returns,
    Role::Discounts,
    Role::CostOfGoods,
    Role::CostOfServices,
];

fn books(ctx: &Ctx, tx: &mut ReadTx, period: Period) -> Result<Books> {
    let now = ledger::role_turnovers(ctx, tx, period.from, period.until, &PROFIT)?;
    let Period { from, until } = period.before();
    let before = ledger::role_turnovers(ctx, tx, from, until, &PROFIT)?;
    let mut stand =
        ledger::role_balances(ctx, tx, ctx.today(), &[Role::Customers, Role::CustomerAdvances])?.into_iter();
    let code = |wanted: Role| now.iter().find(|sum| sum.role == wanted).map(|sum| sum.code.clone());
    let (revenue, cost) = (code(Role::RevenueGoods), code(Role::CostOfGoods));
    let missing = || kernel::Error::internal("a role without an account");
    Ok(Books {
        now: profit(&now)?,
        before: profit(&before)?,
        receivables: stand.next().ok_or_else(missing)?,
        advances: stand.next().ok_or_else(missing)?,
        codes: (revenue.unwrap_or_default(), cost.unwrap_or_default()),
    })
}

fn profit(sums: &[RoleSum]) -> Result<Profit> {
    let mut found = Profit::default();
    for sum in sums {
        match sum.role {
            Role::CostOfGoods | Role::CostOfServices => found.cost = found.cost.plus(sum.balance()?)?,
            _ => found.revenue = found.revenue.minus(sum.balance()?)?,
        }
    }
    Ok(found)
}

fn cash_figures(ctx: &Ctx, tx: &mut ReadTx) -> Result<Cash> {
    let mut of = |kind| cash::total(ctx, tx, kind);
    Ok(Cash { cash: of(RegisterKind::Cash)?, bank: of(RegisterKind::Bank)? })
}

fn stock_figures(ctx: &Ctx, tx: &mut ReadTx) -> Result<StockFigures> {
    let low = stock::list_low_stock(ctx, tx, PageRequest::new(1, LOWEST))?;
    let mut products = products(ctx, tx, low.results.iter().map(|low| low.product))?;
    let named = low.results.into_iter().filter_map(|low| Some((products.remove(&low.product)?, low)));
    Ok(StockFigures { value: stock::total_value(ctx, tx)?, low: low.count, lowest: named.collect() })
}
