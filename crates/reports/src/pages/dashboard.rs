//! The dashboard: figures as tiles, a chart, two short lists. Each figure leads to what is behind it.

use askama::Template;
use axum::response::Response;
use kernel::{Error, Money};
use sales::SalesSums;
use stock::LowStock;
use web::{
    Caller,
    pages::{
        Action, Cell, Column, DayChart, DayRange, ListQuery, Period, PeriodBar, Shell, Table, Tile, Tiles,
        render, render_with,
    },
};

use crate::{
    Books, Cash, Dashboard, Profit, Sales, StockFigures, TopProduct, chart::of_sales,
    dashboard as read_dashboard,
};

/// The events after which figures are others.
const LIVE: &str = "sales_order sales_delivery sales_invoice sales_payment sales_credit_note sales_refund \
    stock cash_transaction ledger_entry product";

/// The page.
#[derive(Debug, Template)]
#[template(path = "dashboard.html")]
struct DashboardPage {
    p: Shell,
    actions: Vec<Action>,
    period: PeriodBar,
    live: &'static str,
    tiles: Vec<(String, Tiles)>,
    chart: Option<DayChart>,
    tables: Vec<(String, Action, Table)>,
}

/// `GET /dashboard?from=&until=`.
pub(super) async fn dashboard_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let today = caller.ctx.today();
    let asked = Period::asked(&DayRange::asked(&query), today);
    let (period, wrong) = match asked {
        Ok(period) => (period, None),
        Err(error) => (Period::of_today(today), Some(error)),
    };
    let found = caller.read(move |ctx, tx| read_dashboard(ctx, tx, period)).await?;
    let p = caller.shell().titled("reports-menu-dashboard");
    let page = page(p, &found, &query, wrong.as_ref());
    Ok(match wrong {
        None => render(&page?),
        Some(_) => render_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page?),
    })
}

fn page(
    p: Shell,
    found: &Dashboard,
    query: &ListQuery,
    wrong: Option<&Error>,
) -> kernel::Result<DashboardPage> {
    let mut p = p;
    p.lead = lead(&p, found);
    let actions = vec![
        Action::link(format!("/reports/sales{}", found.period.query()), p.t("reports-menu-sales"))
            .icon("bar-chart-line"),
    ];
    Ok(DashboardPage {
        period: PeriodBar::new(&p, "/dashboard", found.period, found.today, query, wrong),
        actions,
        live: LIVE,
        tiles: tiles(&p, found)?,
        chart: found.sales.as_ref().map(|sales| of_sales(&p.words, &sales.days)),
        tables: tables(&p, found),
        p,
    })
}

/// `01.11.2026 – 21.11.2026, compared with 11.10.2026 – 31.10.2026`.
fn lead(p: &Shell, found: &Dashboard) -> String {
    let text = kernel::Text::new("reports-compared").with("period", found.period.dotted());
    p.say(&text.with("before", found.before.dotted()))
}

/// The change from one figure to another: `+12,5 %`; nothing where there was nothing.
fn change(p: &Shell, now: Money, before: Money) -> String {
    if !before.is_positive() {
        return String::new();
    }
    let difference = i128::from(now.tiyin()) - i128::from(before.tiyin());
    let tenths = i64::try_from(difference * 1_000 / i128::from(before.tiyin())).unwrap_or(i64::MAX);
    let percent = p.money(Money::from_tiyin(tenths.saturating_mul(10)));
    let plus = if tenths > 0 { "+" } else { "" };
    p.t1("reports-change", "percent", format!("{plus}{percent}"))
}

fn sum(p: &Shell, key: &str, money: Money) -> Tile {
    Tile::new(p.t(key), p.money(money)).unit(p.t("web-som"))
}

fn tiles(p: &Shell, found: &Dashboard) -> kernel::Result<Vec<(String, Tiles)>> {
    let mut groups = Vec::new();
    if let Some(sales) = &found.sales {
        groups.push((p.t("reports-group-sales"), Tiles(sales_tiles(p, found, sales)?)));
    }
    if let Some(books) = &found.books {
        groups.push((p.t("reports-group-profit"), Tiles(profit_tiles(p, found, books)?)));
    }
    let mut stands = Vec::new();
    if let Some(Cash { cash, bank }) = found.cash {
        stands.push(sum(p, "reports-cash", cash).icon("cash-coin").href("/cash"));
        stands.push(sum(p, "reports-bank", bank).icon("bank").href("/cash"));
    }
    if let Some(books) = &found.books {
        stands.extend(owed_tiles(p, found, books)?);
    }
    if let Some(StockFigures { value, low, .. }) = &found.stock {
        stands.push(sum(p, "reports-stock-value", *value).icon("boxes").href("/stock"));
        let low = Tile::new(p.t("reports-low-stock"), p.number(*low));
        stands.push(low.icon("exclamation-triangle").href("/stock/low"));
    }
    if !stands.is_empty() {
        groups.push((p.t("reports-group-stands"), Tiles(stands)));
    }
    if let Some(orders) = &found.orders {
        let tile = |(status, count): &(sales::Status, i64)| {
            let href = format!("/orders?status={}", status.word());
            Tile::new(p.t(status.text_key()), p.number(*count)).href(href)
        };
        groups.push((p.t("reports-group-orders"), Tiles(orders.iter().map(tile).collect())));
    }
    Ok(groups)
}

fn sales_tiles(p: &Shell, found: &Dashboard, sales: &Sales) -> kernel::Result<Vec<Tile>> {
    let Sales { today, now, before, .. } = sales;
    let list = format!("/invoices{}", found.period.query());
    let one_day = Period { from: found.today, until: found.today };
    let invoices = |sums: &SalesSums| p.t1("reports-invoices-count", "count", sums.count);
    Ok(vec![
        sum(p, "reports-today", today.amounts.total)
            .note(invoices(today))
            .icon("sun")
            .href(format!("/invoices{}", one_day.query())),
        sum(p, "reports-total", now.amounts.total)
            .note(change(p, now.amounts.total, before.amounts.total))
            .icon("receipt")
            .href(list.clone()),
        sum(p, "reports-net", now.amounts.net)
            .note(change(p, now.amounts.net, before.amounts.net))
            .href(list.clone()),
        sum(p, "reports-vat", now.amounts.vat)
            .note(change(p, now.amounts.vat, before.amounts.vat))
            .href(list.clone()),
        Tile::new(p.t("reports-invoices"), p.number(now.count))
            .note(p.t1("reports-before", "figure", p.number(before.count)))
            .href(list.clone()),
        sum(p, "reports-average", now.average()?)
            .note(change(p, now.average()?, before.average()?))
            .href(list),
    ])
}

fn profit_tiles(p: &Shell, found: &Dashboard, books: &Books) -> kernel::Result<Vec<Tile>> {
    let Books { now, before, codes: (revenue, cost), .. } = books;
    let account = |code: &str| format!("/ledger/accounts/{code}{}", found.period.query());
    let margin = |profit: &Profit| -> kernel::Result<String> {
        if !profit.revenue.is_positive() {
            return Ok(String::new());
        }
        let part = i128::from(profit.gross()?.tiyin()) * 1_000 / i128::from(profit.revenue.tiyin());
        let percent = p.money(Money::from_tiyin(i64::try_from(part * 10).unwrap_or(0)));
        Ok(p.t1("reports-margin", "percent", percent))
    };
    Ok(vec![
        sum(p, "reports-revenue", now.revenue)
            .note(change(p, now.revenue, before.revenue))
            .href(account(revenue)),
        sum(p, "reports-cost", now.cost).note(change(p, now.cost, before.cost)).href(account(cost)),
        sum(p, "reports-gross", now.gross()?)
            .note(margin(now)?)
            .href(format!("/ledger/trial-balance{}", found.period.query())),
    ])
}

fn owed_tiles(p: &Shell, found: &Dashboard, books: &Books) -> kernel::Result<Vec<Tile>> {
    let Books { receivables, advances, .. } = books;
    let month = Period::of_today(found.today).query();
    let account = |code: &str| format!("/ledger/accounts/{code}{month}");
    Ok(vec![
        sum(p, "reports-receivables", receivables.balance()?).icon("people").href(account(&receivables.code)),
        sum(p, "reports-advances", Money::ZERO.minus(advances.balance()?)?).href(account(&advances.code)),
    ])
}

fn tables(p: &Shell, found: &Dashboard) -> Vec<(String, Action, Table)> {
    let mut tables = Vec::new();
    if let Some(sales) = &found.sales {
        let href = format!("/reports/sales{}&by=product", found.period.query());
        tables.push((p.t("reports-top"), Action::link(href, p.t("reports-all")), top_table(p, &sales.top)));
    }
    if let Some(stock) = &found.stock {
        let all = Action::link("/stock/low", p.t("reports-all"));
        tables.push((p.t("reports-low-stock"), all, low_table(p, stock)));
    }
    tables
}

fn top_table(p: &Shell, top: &[TopProduct]) -> Table {
    let columns = vec![
        Column::main("web-line-product"),
        Column::figures("web-line-quantity"),
        Column::figures("reports-net"),
        Column::figures("reports-total"),
    ];
    let row = |TopProduct { product, sold }: &TopProduct| {
        vec![
            Cell::link(format!("/products/{}", product.number), product.name.get(p.lang())),
            Cell::Quantity(sold.quantity, product.unit_in(p.lang()).to_owned()),
            Cell::Money(sold.amounts.net),
            Cell::Money(sold.amounts.total),
        ]
    };
    Table::of(&p.words, "top", columns, top.iter().map(row).collect())
}

fn low_table(p: &Shell, stock: &StockFigures) -> Table {
    let columns = vec![
        Column::main("web-line-product"),
        Column::figures("reports-free"),
        Column::figures("reports-minimum"),
    ];
    let row = |(product, LowStock { product: _, free, minimum }): &(catalog::Product, LowStock)| {
        let unit = product.unit_in(p.lang());
        vec![
            Cell::link(format!("/stock/products/{}", product.number), product.name.get(p.lang())),
            Cell::Quantity(*free, unit.to_owned()),
            Cell::Quantity(*minimum, unit.to_owned()),
        ]
    };
    Table::of(&p.words, "lowest", columns, stock.lowest.iter().map(row).collect())
}
