//! Deliveries: the list, one of them, and how one is undone.

use std::collections::HashMap;

use axum::{extract::Path, response::Response};
use catalog::Product;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Page, Result};
use ledger::Entry;
use stock::Warehouse;
use web::{
    Caller, RowKey,
    pages::{
        Action, Badge, Cell, Column, DayRange, DetailPage, Empty, Export, Facts, Go, ListPage, ListQuery,
        Row, Shell, Table, Tone, asked_page, render,
    },
};

use super::{invoices::entries_table, order::step};
use crate::{
    DeliveryFilter, DeliveryLine, DeliveryNote,
    api::find_delivery,
    delivery_lines, get_order, list_deliveries,
    reads::undoable_of,
    seen::{SeenOrder, seen_orders},
    undo_delivery as undo,
};

/// Where a delivery's page is.
pub(super) fn address(delivery: &DeliveryNote) -> String {
    format!("/deliveries/{}", delivery.number)
}

/// How a delivery is called.
pub(super) fn name(p: &Shell, delivery: &DeliveryNote) -> String {
    p.t1("sales-delivery-number", "number", delivery.number.to_string())
}

/// Whether it stands.
pub(super) fn state(p: &Shell, delivery: &DeliveryNote) -> Badge {
    match delivery.undone_at {
        None => Badge::new(Tone::Success, p.t("sales-delivered")),
        Some(_) => Badge::new(Tone::Plain, p.t("sales-taken-back")),
    }
}

/// What takes a delivery back as a mistake, where it is one that can be.
pub(super) fn undoing(p: &Shell, delivery: &DeliveryNote, may_undo: bool) -> Option<Action> {
    let may = may_undo && p.can(Permission::SalesEdit);
    may.then(|| {
        let question = p.t1("sales-delivery-undo-question", "number", delivery.number.to_string());
        let action = Action::post(p, format!("{}/undo", address(delivery)), p.t("sales-take-back"));
        action.danger().icon("arrow-counterclockwise").confirm(question)
    })
}

/// A delivery with its order.
type Seen = (DeliveryNote, SeenOrder);

fn seen(ctx: &Ctx, tx: &mut ReadTx, deliveries: Vec<DeliveryNote>) -> Result<Vec<Seen>> {
    let orders = deliveries.iter().map(|delivery| get_order(ctx, tx, delivery.order));
    let orders = orders.collect::<Result<Vec<_>>>()?;
    Ok(deliveries.into_iter().zip(seen_orders(ctx, tx, orders)?).collect())
}

/// `GET /deliveries?from=&until=`.
pub(super) async fn deliveries_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let page = caller
        .read(move |ctx, tx| {
            let DayRange { from, until, .. } = DayRange::asked(&asked);
            asked_page(&asked, |part| {
                let Page { count, results, request } =
                    list_deliveries(ctx, tx, &DeliveryFilter { from, until }, part)?;
                Ok(Page::new(request, count, seen(ctx, tx, results)?))
            })
        })
        .await?;
    let p = caller.shell().titled("sales-menu-deliveries");
    let table = table(&p, &query, &page).days(caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "deliveries")?);
    }
    Ok(render(&ListPage::new(p, table)))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Seen>) -> Table {
    let columns = vec![
        Column::main("sales-delivery"),
        Column::new("sales-field-day"),
        Column::new("sales-field-customer"),
        Column::figures("sales-field-cost"),
        Column::new("sales-field-status"),
    ];
    let cells = |(delivery, seen): &Seen| -> Row {
        let state = state(p, delivery);
        vec![
            Cell::Link {
                href: address(delivery),
                text: name(p, delivery),
                sub: p.t1("sales-order-number", "number", seen.order.number.to_string()),
            },
            Cell::Date(delivery.delivered_on),
            seen.customer.as_ref().map_or(Cell::Blank, |contact| Cell::text(contact.name.clone())),
            Cell::Money(delivery.cost),
            Cell::Badge(state.tone, state.label),
        ]
    };
    Table::new(&p.words, "deliveries", query, columns, page, cells).export("/deliveries").empty(Empty::new(
        "truck",
        p.t("sales-deliveries-empty"),
        p.t("sales-deliveries-empty-hint"),
    ))
}

/// Everything that the page of a delivery shows.
struct Whole {
    delivery: DeliveryNote,
    seen: SeenOrder,
    lines: Vec<(DeliveryLine, Product)>,
    may_undo: bool,
    warehouses: Vec<Warehouse>,
    entries: Vec<Entry>,
}

fn whole(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Whole> {
    let delivery = find_delivery(ctx, tx, key)?;
    let lines = delivery_lines(ctx, tx, delivery.id)?;
    let mut ids: Vec<_> = lines.iter().map(|line| line.product).collect();
    ids.sort_unstable();
    ids.dedup();
    let products: HashMap<_, _> =
        catalog::get_many(ctx, tx, &ids)?.into_iter().map(|product| (product.id, product)).collect();
    let with = |line: DeliveryLine| {
        let product = products.get(&line.product).cloned();
        Ok((line, product.ok_or_else(|| Error::internal("a line without its product"))?))
    };
    let lines = lines.into_iter().map(with).collect::<Result<_>>()?;
    let warehouses = stock::warehouses(ctx, tx)?;
    let entries = ledger::entries_of(ctx, tx, "sales_delivery", delivery.id.uuid())?;
    let may_undo = undoable_of(ctx, tx, delivery.order)?.contains(&delivery.id);
    let (delivery, seen) = seen(ctx, tx, vec![delivery])?.pop().ok_or_else(Error::not_found)?;
    Ok(Whole { delivery, seen, lines, may_undo, warehouses, entries })
}

/// `GET /deliveries/{id}`.
pub(super) async fn delivery_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let whole = caller.read(move |ctx, tx| whole(ctx, tx, key)).await?;
    let Whole { delivery, seen: SeenOrder { order, customer }, lines, may_undo, warehouses, entries } =
        &whole;
    let p = caller.shell();
    let title = name(&p, delivery);
    let p = p.named(title).crumb("/deliveries", "sales-menu-deliveries");
    let order_name = p.t1("sales-order-number", "number", order.number.to_string());
    let mut facts = Facts::new()
        .link(p.t("sales-field-number"), order_name, format!("/orders/{}", order.number))
        .text(p.t("sales-field-day"), p.date(delivery.delivered_on));
    if let Some(contact) = customer {
        let href = format!("/contacts/{}", contact.number);
        facts = facts.link(p.t("sales-field-customer"), contact.name.clone(), href);
    }
    let cost = format!("{} {}", p.money(delivery.cost), p.t("web-som"));
    let facts =
        facts.text(p.t("sales-field-cost"), cost).text(p.t("sales-field-note"), delivery.note.clone());
    let mut page = DetailPage::new(p.clone()).badge(state(&p, delivery)).facts(facts);
    if let Some(action) = undoing(&p, delivery, *may_undo) {
        page = page.action(action);
    }
    page = page.table("sales-order-lines", &lines_table(&p, lines, warehouses));
    if p.can(Permission::FinanceRead) {
        page = page.table("sales-entries", &entries_table(&p, entries));
    }
    Ok(render(&page))
}

fn lines_table(p: &Shell, lines: &[(DeliveryLine, Product)], warehouses: &[Warehouse]) -> Table {
    let columns = vec![
        Column::main("web-line-product"),
        Column::figures("web-line-quantity"),
        Column::new("sales-field-warehouse"),
        Column::figures("sales-field-cost"),
    ];
    let row = |(line, product): &(DeliveryLine, Product)| -> Row {
        let warehouse = warehouses.iter().find(|one| one.id == line.warehouse);
        vec![
            Cell::Link {
                href: format!("/stock/products/{}", product.number),
                text: product.name.get(p.lang()).to_owned(),
                sub: product.code.clone(),
            },
            Cell::Quantity(line.quantity, product.unit_in(p.lang()).to_owned()),
            warehouse.map_or(Cell::Blank, |one| Cell::text(one.name.clone())),
            Cell::Money(line.cost),
        ]
    };
    Table::of(&p.words, "lines", columns, lines.iter().map(row).collect())
}

/// `POST /deliveries/{id}/undo`.
pub(super) async fn undo_delivery(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let order = caller
        .read(move |ctx, tx| {
            let order = find_delivery(ctx, tx, key)?.order;
            get_order(ctx, tx, order)
        })
        .await?;
    step(&caller, RowKey::Number(order.number), "sales-delivery-undone", move |ctx, tx, _| {
        let id = find_delivery(ctx, tx, key)?.id;
        undo(ctx, tx, id, None).map(drop)
    })
    .await
}
