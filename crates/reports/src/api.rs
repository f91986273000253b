//! `/api/reports`: the figures for programs.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use context::Ctx;
use kernel::{Date, Money, Quantity, Result};
use sales::SalesSums;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, PeriodOut, PeriodQuery, ProblemBody, Query};

use crate::{Books, By, Cash, Dashboard, Profit, Sales, SoldRow, StockFigures, TopProduct, dashboard, sold};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_dashboard))
        .routes(routes!(get_summary))
        .routes(routes!(list_sold))
}

/// What was invoiced, less credit notes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SalesSumsOut {
    /// How many invoices.
    count: i64,
    #[schema(value_type = f64)]
    net: Money,
    #[schema(value_type = f64)]
    vat: Money,
    #[schema(value_type = f64)]
    total: Money,
    /// What an invoice comes to.
    #[schema(value_type = f64)]
    average: Money,
}

impl SalesSumsOut {
    fn of(sums: SalesSums) -> Result<Self> {
        let SalesSums { count, amounts: sales::Amounts { net, vat, total } } = sums;
        Ok(Self { count, net, vat, total, average: sums.average()? })
    }
}

/// What goods brought and cost, by the books.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProfitOut {
    #[schema(value_type = f64)]
    revenue: Money,
    #[schema(value_type = f64)]
    cost: Money,
    #[schema(value_type = f64)]
    gross_profit: Money,
}

impl ProfitOut {
    fn of(profit: Profit) -> Result<Self> {
        let Profit { revenue, cost } = profit;
        Ok(Self { revenue, cost, gross_profit: profit.gross()? })
    }
}

/// The figures of a period beside those of as many days before it. What the caller may not see is null.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReportSummaryOut {
    period: PeriodOut,
    before: PeriodOut,
    sales_today: Option<SalesSumsOut>,
    sales: Option<SalesSumsOut>,
    sales_before: Option<SalesSumsOut>,
    profit: Option<ProfitOut>,
    profit_before: Option<ProfitOut>,
    /// What customers owe today.
    #[schema(value_type = Option<f64>)]
    receivables: Option<Money>,
    /// What customers paid in advance.
    #[schema(value_type = Option<f64>)]
    advances: Option<Money>,
    #[schema(value_type = Option<f64>)]
    cash: Option<Money>,
    #[schema(value_type = Option<f64>)]
    bank: Option<Money>,
    #[schema(value_type = Option<f64>)]
    stock_value: Option<Money>,
    /// Products of which too little is left.
    low_stock_count: Option<i64>,
}

impl ReportSummaryOut {
    fn of(found: &Dashboard) -> Result<Self> {
        let Dashboard { period, before, today: _, sales, orders: _, books, cash, stock } = found;
        let sums = |of: fn(&Sales) -> SalesSums| sales.as_ref().map(|s| SalesSumsOut::of(of(s))).transpose();
        let profit = |of: fn(&Books) -> Profit| books.as_ref().map(|b| ProfitOut::of(of(b))).transpose();
        let owed = books.as_ref().map(|books| books.receivables.balance()).transpose()?;
        let paid = books.as_ref().map(|books| Money::ZERO.minus(books.advances.balance()?)).transpose()?;
        let (cash, bank) = cash.map(|Cash { cash, bank }| (cash, bank)).unzip();
        Ok(Self {
            period: (*period).into(),
            before: (*before).into(),
            sales_today: sums(|sales| sales.today)?,
            sales: sums(|sales| sales.now)?,
            sales_before: sums(|sales| sales.before)?,
            profit: profit(|books| books.now)?,
            profit_before: profit(|books| books.before)?,
            receivables: owed,
            advances: paid,
            cash,
            bank,
            stock_value: stock.as_ref().map(|StockFigures { value, .. }| *value),
            low_stock_count: stock.as_ref().map(|StockFigures { low, .. }| *low),
        })
    }
}

/// How many orders stand where.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OrdersOut {
    status: &'static str,
    count: i64,
}

/// A product that sells, or runs out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReportProductOut {
    /// Its number.
    product_id: i64,
    code: String,
    name: String,
    /// What was sold of it, or what is free of it.
    #[schema(value_type = f64)]
    quantity: Quantity,
    /// What it brought, with VAT.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    total: Option<Money>,
    /// What its card asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    minimum: Option<Quantity>,
}

/// What was sold on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DayOut {
    #[schema(value_type = String, format = Date)]
    day: Date,
    count: i64,
    #[schema(value_type = f64)]
    total: Money,
}

/// Everything that the dashboard shows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DashboardOut {
    #[serde(flatten)]
    summary: ReportSummaryOut,
    orders: Option<Vec<OrdersOut>>,
    /// The last thirty days.
    days: Option<Vec<DayOut>>,
    top_products: Option<Vec<ReportProductOut>>,
    low_stock: Option<Vec<ReportProductOut>>,
}

impl DashboardOut {
    fn of(ctx: &Ctx, found: &Dashboard) -> Result<Self> {
        let named = |product: &catalog::Product, quantity| ReportProductOut {
            product_id: product.number,
            code: product.code.clone(),
            name: product.name.get(ctx.lang()).to_owned(),
            quantity,
            total: None,
            minimum: None,
        };
        let top = |TopProduct { product, sold }: &TopProduct| {
            let total = Some(sold.amounts.total);
            ReportProductOut { total, ..named(product, sold.quantity) }
        };
        let low = |(product, low): &(catalog::Product, stock::LowStock)| ReportProductOut {
            minimum: Some(low.minimum),
            ..named(product, low.free)
        };
        let day = |(day, sums): &(Date, SalesSums)| DayOut {
            day: *day,
            count: sums.count,
            total: sums.amounts.total,
        };
        let order =
            |(status, count): &(sales::Status, i64)| OrdersOut { status: status.word(), count: *count };
        let sales = found.sales.as_ref();
        Ok(Self {
            summary: ReportSummaryOut::of(found)?,
            orders: found.orders.as_ref().map(|orders| orders.iter().map(order).collect()),
            days: sales.map(|sales| sales.days.iter().map(day).collect()),
            top_products: sales.map(|sales| sales.top.iter().map(top).collect()),
            low_stock: found.stock.as_ref().map(|stock| stock.lowest.iter().map(low).collect()),
        })
    }
}

/// The figures of the dashboard.
#[utoipa::path(get, path = "/api/reports/dashboard", tag = "reports", params(PeriodQuery),
    responses((status = 200, body = DashboardOut), (status = 422, body = ProblemBody)))]
async fn get_dashboard(caller: Caller, Query(query): Query<PeriodQuery>) -> web::Result<Json<DashboardOut>> {
    let period = query.period(&caller.ctx)?;
    let found = caller.read(move |ctx, tx| dashboard(ctx, tx, period)).await?;
    Ok(Json(DashboardOut::of(&caller.ctx, &found)?))
}

/// The sums of a period beside those before it.
#[utoipa::path(get, path = "/api/reports/summary", tag = "reports", params(PeriodQuery),
    responses((status = 200, body = ReportSummaryOut), (status = 422, body = ProblemBody)))]
async fn get_summary(
    caller: Caller,
    Query(query): Query<PeriodQuery>,
) -> web::Result<Json<ReportSummaryOut>> {
    let period = query.period(&caller.ctx)?;
    let found = caller.read(move |ctx, tx| dashboard(ctx, tx, period)).await?;
    Ok(Json(ReportSummaryOut::of(&found)?))
}

/// What was sold of what, or to whom.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SoldOut {
    /// The day, of a report by day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    day: Option<Date>,
    /// The product's number, of a report by product.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<i64>,
    /// The customer's number, of a report by customer; absent of nobody in particular.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<i64>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// How many invoices.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
    /// How much went out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    quantity: Option<Quantity>,
    #[schema(value_type = f64)]
    net: Money,
    #[schema(value_type = f64)]
    vat: Money,
    #[schema(value_type = f64)]
    total: Money,
}

impl SoldOut {
    fn of(ctx: &Ctx, row: SoldRow) -> Self {
        let SoldRow { day, product, customer, count, quantity, amounts } = row;
        let sales::Amounts { net, vat, total } = amounts;
        let (product_id, customer_id) =
            (product.as_ref().map(|p| p.number), customer.as_ref().map(|c| c.number));
        let name = product.map(|product| product.name.get(ctx.lang()).to_owned());
        let name = name.or(customer.map(|contact| contact.name));
        Self { day, product_id, customer_id, name, count, quantity, net, vat, total }
    }
}

/// What a report of sales is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SoldQuery {
    /// `day`, `product` or `customer`.
    #[serde(default)]
    by: Option<String>,
    /// The first day; the first of the month unless said.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// The last day; today unless said.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    until: Option<String>,
    /// The part, from 1.
    #[serde(default)]
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Rows a part, at most 500; 25 unless said.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    page_size: Option<u32>,
}

/// What was sold by day, product or customer.
#[utoipa::path(get, path = "/api/reports/sales", tag = "reports", params(SoldQuery),
    responses((status = 200, body = Listed<SoldOut>), (status = 422, body = ProblemBody)))]
async fn list_sold(caller: Caller, Query(query): Query<SoldQuery>) -> web::Result<Json<Listed<SoldOut>>> {
    let SoldQuery { by, from, until, page, page_size } = query;
    let unknown = |()| kernel::Error::field("by", kernel::Text::new("reports-by-unknown"));
    let by: By = by.filter(|by| !by.is_empty()).map_or(Ok(By::Day), |by| by.parse().map_err(unknown))?;
    let period = PeriodQuery { from, until }.period(&caller.ctx)?;
    let part = PageQuery::of(page, page_size).request();
    let found = caller.read(move |ctx, tx| sold(ctx, tx, by, period, part)).await?;
    let ctx = caller.ctx.clone();
    Ok(Json(Listed::of(&caller, found.map(|row| SoldOut::of(&ctx, row)))))
}
