//! The first page: what waits and what came in today, each figure a link to its list.

use std::collections::HashMap;

use axum::{Router, response::Response, routing::get};
use catalog::ProductFilter;
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Id, PageRequest, Result};
use sales::{Order, OrderFilter, Status};
use web::{
    App, Caller, Module,
    pages::{Action, Cell, Column, ListPage, MenuEntry, Section, Shell, Table, Tile, Tone, render},
};

/// Latest orders shown.
const LATEST: u32 = 8;

pub(crate) fn module() -> Module {
    let entry = MenuEntry {
        section: Section::Home,
        order: 0,
        href: "/",
        text: "app-home",
        icon: "house",
        permission: None,
    };
    Module::new("home").pages(Router::<App>::new().route("/", get(home))).menu([entry])
}

/// What the page shows; what the member may not see is not read.
#[derive(Debug, Default)]
struct Figures {
    orders_today: Option<i64>,
    waiting: Option<i64>,
    products: Option<i64>,
    low: Option<i64>,
    latest: Vec<Order>,
    customers: HashMap<Id<Contact>, String>,
}

fn figures(ctx: &Ctx, tx: &mut ReadTx) -> Result<Figures> {
    let one = PageRequest::new(1, 1);
    let mut found = Figures::default();
    if ctx.may(Permission::SalesRead) {
        let today = OrderFilter {
            from: Some(ctx.today()),
            until: Some(ctx.today()),
            without_drafts: true,
            ..OrderFilter::default()
        };
        found.orders_today = Some(sales::list_orders(ctx, tx, &today, one)?.count);
        let counts = sales::orders_by_status(ctx, tx)?;
        found.waiting = counts.iter().find(|(status, _)| *status == Status::New).map(|(_, count)| *count);
        found.latest =
            sales::list_orders(ctx, tx, &OrderFilter::default(), PageRequest::new(1, LATEST))?.results;
        let ids: Vec<Id<Contact>> = found.latest.iter().filter_map(|order| order.customer).collect();
        found.customers = contacts::get_many(ctx, tx, &ids)?
            .into_iter()
            .map(|contact| (contact.id, contact.name))
            .collect();
    }
    if ctx.may(Permission::InventoryRead) {
        found.products = Some(catalog::list(ctx, tx, &ProductFilter::default(), one)?.count);
        found.low = Some(stock::list_low_stock(ctx, tx, one)?.count);
    }
    Ok(found)
}

async fn home(caller: Caller) -> web::Result<Response> {
    let found = caller.read(figures).await?;
    let p = caller.shell().titled("app-home");
    let tiles = tiles(&p, &found);
    let columns = vec![
        Column::main("app-home-number"),
        Column::new("app-home-customer"),
        Column::new("app-job-state"),
        Column::figures("app-home-total"),
        Column::figures("app-home-time"),
    ];
    let rows = found
        .latest
        .iter()
        .map(|order| {
            let customer = order.customer.and_then(|id| found.customers.get(&id));
            vec![
                Cell::link(format!("/orders/{}", order.number), format!("№ {}", order.number)),
                customer.map_or(Cell::Blank, Cell::text),
                Cell::badge(tone(order.status), p.t(order.status.text_key())),
                Cell::Money(order.amounts.total),
                Cell::Time(order.created_at),
            ]
        })
        .collect();
    let table = Table::of(&p.words, "latest", columns, rows);
    let may = p.can(Permission::ReportsRead);
    let dashboard = |p: &Shell| Action::link("/dashboard", p.t("reports-menu-dashboard")).icon("grid-1x2");
    Ok(render(&ListPage::new(p, table).tiles(tiles).action_if(may, dashboard)))
}

fn tiles(p: &Shell, found: &Figures) -> Vec<Tile> {
    let tile = |key, figure: Option<i64>, icon, href: &str| {
        figure.map(|figure| Tile::new(p.t(key), p.number(figure)).icon(icon).href(href))
    };
    [
        tile("app-home-orders", found.orders_today, "cart3", "/orders"),
        tile("app-home-waiting", found.waiting, "clock", "/orders?status=new"),
        tile("app-home-products", found.products, "box-seam", "/products"),
        tile("app-home-low", found.low, "exclamation-triangle", "/stock/low"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const fn tone(status: Status) -> Tone {
    match status {
        Status::Draft => Tone::Plain,
        Status::New => Tone::Accent,
        Status::Confirmed => Tone::Success,
        Status::Cancelled => Tone::Error,
    }
}
