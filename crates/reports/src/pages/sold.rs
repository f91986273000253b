//! What was sold, by day, product or customer; a file of it.

use axum::response::Response;
use context::Permission;
use kernel::Page;
use web::{
    Caller,
    pages::{
        Cell, Choice, Column, DayRange, Empty, Export, Filter, ListPage, ListQuery, Period, Row, Shell,
        Table, asked_page, render,
    },
};

use crate::{By, SoldRow, sold};

/// `GET /reports/sales?by=&from=&until=`.
pub(super) async fn sold_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    if Export::asked(&query).is_some() {
        caller.ctx.require(Permission::ReportsExport)?;
    }
    let today = caller.ctx.today();
    let by = query.get("by").and_then(|word| word.parse().ok()).unwrap_or_default();
    // What is wrong is told beside its field, and the list is of this month.
    let period = Period::asked(&DayRange::asked(&query), today).unwrap_or(Period::of_today(today));
    let asked = query.clone();
    let page = caller.read(move |ctx, tx| asked_page(&asked, |part| sold(ctx, tx, by, period, part))).await?;
    let mut p = caller.shell().titled("reports-menu-sales");
    p.lead = format!("{} – {}", period.from.dotted(), period.until.dotted());
    let table = table(&p, &query, &page, by, period).days(today);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, &format!("sales-by-{}", by.word()))?);
    }
    Ok(render(&ListPage::new(p, table)))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<SoldRow>, by: By, period: Period) -> Table {
    let mut columns = vec![Column::main(match by {
        By::Day => "reports-day",
        By::Product => "web-line-product",
        By::Customer => "reports-customer",
    })];
    columns.push(Column::figures(if by == By::Product { "web-line-quantity" } else { "reports-invoices" }));
    columns.extend([
        Column::figures("reports-net"),
        Column::figures("reports-vat").wide(),
        Column::figures("reports-total"),
    ]);
    let others = [By::Product, By::Customer].map(|by| Choice::new(by.word(), p.t(by.text_key()))).to_vec();
    let empty = Empty::new("bar-chart-line", p.t("reports-sales-empty"), p.t("reports-sales-empty-hint"));
    let table = Table::new(&p.words, "sold", query, columns, page, |row| cells(p, row, by, period))
        .filter(Filter::select("by", By::Day.text_key(), others))
        .empty(empty);
    if p.can(Permission::ReportsExport) { table.export("/reports/sales") } else { table }
}

fn cells(p: &Shell, row: &SoldRow, by: By, period: Period) -> Row {
    let SoldRow { day, product, customer, count, quantity, amounts } = row;
    let unit = product.as_ref().map_or("", |product| product.unit_in(p.lang()));
    let name = match (by, day, product, customer) {
        (By::Day, Some(day), ..) => {
            let href = format!("/reports/sales?by=product&from={day}&until={day}");
            Cell::link(href, day.dotted())
        }
        (By::Product, _, Some(product), _) => {
            Cell::link(format!("/products/{}", product.number), product.name.get(p.lang()))
        }
        (By::Customer, .., Some(contact)) => {
            let Period { from, until } = period;
            let href = format!("/orders?customer={}&from={from}&until={until}", contact.number);
            Cell::link(href, contact.name.clone())
        }
        _ => Cell::text(p.t("reports-nobody")),
    };
    vec![
        name,
        match (count, quantity) {
            (Some(count), _) => Cell::Number(*count),
            (None, Some(quantity)) => Cell::Quantity(*quantity, unit.to_owned()),
            (None, None) => Cell::Blank,
        },
        Cell::Money(amounts.net),
        Cell::Money(amounts.vat),
        Cell::Money(amounts.total),
    ]
}
