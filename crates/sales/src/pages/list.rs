//! The list of orders.

use axum::response::Response;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Page, Result};
use web::{
    Caller,
    pages::{
        Action, Cell, Choice, Column, DayRange, Empty, Export, Filter, ListPage, ListQuery, Row, Shell,
        Table, Tile, Tone, asked_page, render,
    },
};

use super::{
    order::{delivery_badge, payment_badge},
    tone,
};
use crate::{
    Order, OrderFilter, OrderOrder, Source, Status, list_orders, orders_by_status,
    seen::{SeenOrder, seen_orders},
};

fn filter(ctx: &Ctx, tx: &mut ReadTx, query: &ListQuery) -> Result<OrderFilter> {
    let words = OrderOrder::ALL.map(OrderOrder::word);
    let asked = query.order(&words).and_then(|(word, down)| Some((OrderOrder::parse(word)?, down)));
    let (order, descending) = asked.unwrap_or((OrderOrder::Number, true));
    let DayRange { from, until, .. } = DayRange::asked(query);
    let customer = match query.get("customer").and_then(|number| number.parse().ok()) {
        None => None,
        Some(number) => contacts::find_by_number(ctx, tx, number)?.map(|contact| contact.id),
    };
    Ok(OrderFilter {
        status: query.get("status").and_then(|word| word.parse().ok()),
        source: query.get("source").and_then(|word| word.parse().ok()),
        customer,
        chat_ref: None,
        text: query.q().unwrap_or_default(),
        from,
        until,
        without_drafts: false,
        order,
        descending,
    })
}

/// `GET /orders`.
pub(super) async fn orders_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (page, counts) = caller
        .read(move |ctx, tx| {
            let filter = filter(ctx, tx, &asked)?;
            let page = asked_page(&asked, |part| {
                let Page { count, results, request } = list_orders(ctx, tx, &filter, part)?;
                Ok(Page::new(request, count, seen_orders(ctx, tx, results)?))
            })?;
            Ok((page, orders_by_status(ctx, tx)?))
        })
        .await?;
    let p = caller.shell().titled("sales-menu-orders");
    let table = table(&p, &query, &page).days(caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "orders")?);
    }
    let tiles = tiles(&p, &counts);
    let may = p.can(Permission::SalesCreate);
    Ok(render(&ListPage::new(p, table).action_if(may, new_order).tiles(tiles)))
}

fn new_order(p: &Shell) -> Action {
    Action::link("/orders/new", p.t("sales-order-new")).primary().icon("plus-lg")
}

/// What waits for the staff; each opens its list.
fn tiles(p: &Shell, counts: &[(Status, i64)]) -> Vec<Tile> {
    let icon = |status: Status| match status {
        Status::Draft => "pencil",
        Status::New => "inbox",
        Status::Confirmed => "clipboard-check",
        Status::Cancelled => "x-circle",
    };
    let tile = |(status, count): &(Status, i64)| {
        let href = format!("/orders?status={}", status.word());
        Tile::new(p.t(status.text_key()), p.number(*count)).icon(icon(*status)).href(href)
    };
    counts.iter().map(tile).collect()
}

fn table(p: &Shell, query: &ListQuery, page: &Page<SeenOrder>) -> Table {
    let columns = vec![
        Column::main("sales-field-number").sort("id"),
        Column::new("sales-field-day").sort("ordered_on"),
        Column::new("sales-field-customer"),
        Column::new("sales-field-source").wide(),
        Column::figures("sales-field-total").sort("total_amount"),
        Column::new("sales-field-status"),
        Column::new("sales-field-delivered").wide(),
        Column::new("sales-field-payment").wide(),
    ];
    let states = Status::ALL.map(|status| Choice::new(status.word(), p.t(status.text_key()))).to_vec();
    let sources = Source::ALL.map(|source| Choice::new(source.word(), p.t(source.text_key()))).to_vec();
    let mut empty = Empty::new("cart3", p.t("sales-orders-empty"), p.t("sales-orders-empty-hint"));
    if p.can(Permission::SalesCreate) {
        empty = empty.action(new_order(p));
    }
    Table::new(&p.words, "orders", query, columns, page, |seen| cells(p, seen))
        .search("sales-orders-search")
        .filter(Filter::select("status", "sales-field-status", states))
        .filter(Filter::select("source", "sales-field-source", sources))
        .export("/orders")
        .empty(empty)
}

fn cells(p: &Shell, seen: &SeenOrder) -> Row {
    let SeenOrder { order, customer } = seen;
    let name = customer.as_ref().map(|contact| contact.name.clone()).unwrap_or_default();
    vec![
        Cell::link(
            format!("/orders/{}", order.number),
            p.t1("sales-order-number", "number", order.number.to_string()),
        ),
        Cell::Date(order.ordered_on),
        if name.is_empty() { Cell::Blank } else { Cell::text(name) },
        Cell::text(p.t(order.source.text_key())),
        Cell::Money(order.amounts.total),
        Cell::badge(tone(order.status), p.t(order.status.text_key())),
        followed_cell(p, order, |order| Some(delivery_badge(order.progress.delivery))),
        followed_cell(p, order, |order| order.payment_state().ok().map(payment_badge)),
    ]
}

/// What became of a confirmed order; of others there is nothing to say.
fn followed_cell(p: &Shell, order: &Order, of: impl Fn(&Order) -> Option<(Tone, &'static str)>) -> Cell {
    match of(order) {
        Some((tone, key)) if order.status == Status::Confirmed => Cell::badge(tone, p.t(key)),
        _ => Cell::Blank,
    }
}
