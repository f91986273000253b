//! What stands of the products, the stock card of one, the list of moves, the list of what runs out.

use axum::{extract::Path, response::Response};
use catalog::{Product, ProductFilter, ProductOrder};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Money, Page, Quantity, Result};
use web::{
    Caller, RowKey,
    pages::{
        Action, Cell, Choice, Column, DayRange, DetailPage, Empty, Export, Facts, Filter, ListPage,
        ListQuery, Row, Shell, Table, Tile, asked_page, render,
    },
};

use super::{som, warehouse_choices};
use crate::{
    Balance, LowStock, Move, MoveFilter, MoveKind, Warehouse, list_low_stock, list_moves,
    seen::{SeenMove, Standing, Warehouses, all_warehouses, products_of, seen_moves, standings},
    total_value, warehouses,
};

/// Orders that the list of balances offers.
const ORDERS: [&str; 2] = ["name", "code"];

fn read(ctx: &Ctx, tx: &mut ReadTx, query: &ListQuery) -> Result<(Page<Standing>, Money)> {
    let asked = query.order(&ORDERS);
    let order = asked.and_then(|(word, _)| ProductOrder::parse(word)).unwrap_or_default();
    let descending = asked.is_some_and(|(_, down)| down);
    let filter = ProductFilter { q: query.q(), order, descending, ..ProductFilter::default() };
    let page = asked_page(query, |part| {
        let Page { count, results, request } = catalog::list(ctx, tx, &filter, part)?;
        Ok(Page::new(request, count, standings(ctx, tx, results)?))
    })?;
    Ok((page, total_value(ctx, tx)?))
}

/// `GET /stock`.
pub(super) async fn balances_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (page, value) = caller.read(move |ctx, tx| read(ctx, tx, &asked)).await?;
    let p = caller.shell().titled("stock-menu-balances");
    let table = balances_table(&p, &query, &page);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "stock")?);
    }
    let tiles =
        vec![Tile::new(p.t("stock-total-value"), p.money(value)).unit(p.t("web-som")).icon("wallet2")];
    let page = ListPage::new(p, table)
        .action_if(true, |p| Action::link("/stock/moves", p.t("stock-moves")).icon("arrow-down-up"))
        .action_if(caller.ctx.may(Permission::InventoryEdit), |p| adjust(p, ""))
        .action_if(caller.ctx.may(Permission::InventoryCreate), |p| {
            Action::link("/stock/receipts/new", p.t("stock-receipt-new")).primary().icon("truck")
        });
    Ok(render(&page.tiles(tiles)))
}

fn adjust(p: &Shell, query: &str) -> Action {
    Action::link(format!("/stock/adjust{query}"), p.t("stock-adjust")).icon("sliders")
}

fn balances_table(p: &Shell, query: &ListQuery, page: &Page<Standing>) -> Table {
    let columns = vec![
        Column::main("web-line-product").sort("name"),
        Column::new("stock-field-code").sort("code").wide(),
        Column::figures("stock-field-on-hand"),
        Column::figures("stock-field-reserved"),
        Column::figures("stock-field-free"),
        Column::figures("stock-field-minimum").wide(),
        Column::figures("stock-field-value"),
    ];
    let empty = Empty::new("boxes", p.t("stock-balances-empty"), p.t("stock-balances-empty-hint"));
    Table::new(&p.words, "balances", query, columns, page, |standing| {
        let Standing { product, balances: _, on_hand, reserved, free, value } = standing;
        vec![
            product_cell(p, product),
            Cell::text(product.code.clone()),
            Cell::Quantity(*on_hand, product.unit_in(p.lang()).to_owned()),
            Cell::Quantity(*reserved, String::new()),
            Cell::Quantity(*free, String::new()),
            Cell::Quantity(product.minimum_quantity, String::new()),
            Cell::Money(*value),
        ]
    })
    .search("stock-balances-search")
    .export("/stock")
    .empty(empty)
}

fn product_cell(p: &Shell, product: &Product) -> Cell {
    Cell::link(format!("/stock/products/{}", product.number), product.name.get(p.lang()))
}

/// The product that a path names, a deleted one too: its moves stay.
fn find_product(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Product> {
    ctx.require(Permission::InventoryRead)?;
    match key {
        RowKey::Number(number) => catalog::find_by_number(ctx, tx, number)?.ok_or_else(Error::not_found),
        RowKey::Id(uuid) => catalog::get(ctx, tx, Id::from_uuid(uuid)),
    }
}

struct StockCard {
    standing: Standing,
    warehouses: Warehouses,
    moves: Page<SeenMove>,
}

fn card(ctx: &Ctx, tx: &mut ReadTx, key: RowKey, query: &ListQuery) -> Result<StockCard> {
    let product = find_product(ctx, tx, key)?;
    let filter = MoveFilter { product: Some(product.id), ..move_filter(ctx, tx, query)? };
    let moves = moves(ctx, tx, &filter, query)?;
    let standing = standings(ctx, tx, vec![product])?.pop().ok_or_else(Error::not_found)?;
    Ok(StockCard { standing, warehouses: all_warehouses(ctx, tx)?, moves })
}

fn move_filter(ctx: &Ctx, tx: &mut ReadTx, query: &ListQuery) -> Result<MoveFilter> {
    let number: Option<i64> = query.get("warehouse").and_then(|number| number.parse().ok());
    let warehouse = match number {
        None => None,
        Some(number) => crate::find_warehouse_by_number(ctx, tx, number)?.map(|found| found.id),
    };
    let kind = query.get("kind").and_then(|word| word.parse().ok());
    let DayRange { from, until, .. } = DayRange::asked(query);
    Ok(MoveFilter { warehouse, kind, from, until, ..MoveFilter::default() })
}

fn moves(ctx: &Ctx, tx: &mut ReadTx, filter: &MoveFilter, query: &ListQuery) -> Result<Page<SeenMove>> {
    asked_page(query, |part| {
        let Page { count, results, request } = list_moves(ctx, tx, filter, part)?;
        Ok(Page::new(request, count, seen_moves(ctx, tx, results)?))
    })
}

/// `GET /stock/products/{id}`: the stock card.
pub(super) async fn stock_card_page(
    caller: Caller,
    Path(key): Path<RowKey>,
    query: ListQuery,
) -> web::Result<Response> {
    let asked = query.clone();
    let found = caller.read(move |ctx, tx| card(ctx, tx, key, &asked)).await?;
    let StockCard { standing, warehouses, moves } = found;
    let Standing { product, balances, on_hand, reserved, free, value } = standing;
    let p = caller
        .shell()
        .named(product.name.get(caller.ctx.lang()))
        .lead("stock-card")
        .crumb("/stock", "stock-menu-balances");
    let table = moves_table(&p, &query, &moves, warehouses.values(), false).days(caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "stock-card")?);
    }
    let quantity = |quantity: Quantity| format!("{} {}", p.quantity(quantity), product.unit_in(p.lang()));
    let average = if on_hand.is_positive() { som(&p, value.per_unit(on_hand)?) } else { String::new() };
    let facts = Facts::new()
        .link(p.t("stock-field-code"), product.code.clone(), format!("/products/{}", product.number))
        .text(p.t("stock-field-on-hand"), quantity(on_hand))
        .text(p.t("stock-field-reserved"), quantity(reserved))
        .text(p.t("stock-field-free"), quantity(free))
        .text(p.t("stock-field-minimum"), quantity(product.minimum_quantity))
        .text(p.t("stock-field-average-cost"), average)
        .text(p.t("stock-field-value"), som(&p, value));
    let mut page = DetailPage::new(p.clone()).facts(facts);
    if product.deleted_at.is_none() {
        let card = Action::link(format!("/products/{}", product.number), p.t("stock-product-card"));
        page = page.action(card.icon("box-seam"));
    }
    if p.can(Permission::InventoryEdit) {
        page = page.action(adjust(&p, &format!("?product={}", product.number)));
    }
    if balances.len() > 1 {
        page = page.table("stock-menu-warehouses", &places_table(&p, &balances, &warehouses));
    }
    Ok(render(&page.table("stock-moves", &table)))
}

fn places_table(p: &Shell, balances: &[Balance], warehouses: &Warehouses) -> Table {
    let columns = vec![
        Column::main("stock-field-warehouse"),
        Column::figures("stock-field-on-hand"),
        Column::figures("stock-field-reserved"),
        Column::figures("stock-field-value"),
    ];
    let row = |balance: &Balance| -> Row {
        let Balance { warehouse, product: _, on_hand, reserved, value, moves: _, may_be_negative: _ } =
            balance;
        let name = warehouses.get(warehouse).map(|found| found.name.clone()).unwrap_or_default();
        let figure = |quantity: Quantity| Cell::Quantity(quantity, String::new());
        vec![Cell::text(name), figure(*on_hand), figure(*reserved), Cell::Money(*value)]
    };
    Table::of(&p.words, "places", columns, balances.iter().map(row).collect())
}

/// `GET /stock/moves`.
pub(super) async fn moves_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (page, places) = caller
        .read(move |ctx, tx| {
            let filter = move_filter(ctx, tx, &asked)?;
            Ok((moves(ctx, tx, &filter, &asked)?, warehouses(ctx, tx)?))
        })
        .await?;
    let p = caller.shell().titled("stock-moves").crumb("/stock", "stock-menu-balances");
    let table = moves_table(&p, &query, &page, &places, true).days(caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "stock-moves")?);
    }
    Ok(render(&ListPage::new(p, table)))
}

fn moves_table<'w>(
    p: &Shell,
    query: &ListQuery,
    page: &Page<SeenMove>,
    warehouses: impl IntoIterator<Item = &'w Warehouse>,
    with_product: bool,
) -> Table {
    let mut columns = vec![Column::main("stock-field-kind")];
    if with_product {
        columns.push(Column::new("web-line-product"));
    }
    columns.extend([
        Column::new("stock-field-when"),
        Column::new("stock-field-warehouse").wide(),
        Column::figures("stock-field-quantity"),
        Column::figures("stock-field-value"),
        Column::figures("stock-field-on-hand-after"),
    ]);
    let kinds = MoveKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
    let empty = Empty::new("arrow-down-up", p.t("stock-moves-empty"), p.t("stock-moves-empty-hint"));
    Table::new(&p.words, "moves", query, columns, page, |seen| {
        let SeenMove { moved, product, warehouse } = seen;
        let Move { kind, quantity, value, on_hand_after, at, note, source, .. } = moved;
        let name = p.t(kind.text_key());
        let document = match kind {
            MoveKind::Receipt => p.document("stock_receipt", *source, None),
            MoveKind::Delivery => p.document("sales_delivery", *source, None),
            MoveKind::Opening | MoveKind::Adjustment | MoveKind::Return | MoveKind::Revaluation => None,
        };
        let mut row = vec![match document.and_then(|document| document.href) {
            Some(href) => Cell::Link { href, text: name, sub: note.clone() },
            None if note.is_empty() => Cell::text(name),
            None => Cell::Two(name, note.clone()),
        }];
        if with_product {
            row.push(product.as_ref().map_or(Cell::Blank, |product| product_cell(p, product)));
        }
        let unit = product.as_ref().map_or("", |product| product.unit_in(p.lang())).to_owned();
        row.extend([
            Cell::Time(*at),
            Cell::text(warehouse.as_ref().map(|found| found.name.clone()).unwrap_or_default()),
            Cell::Quantity(*quantity, unit),
            Cell::Money(*value),
            Cell::Quantity(*on_hand_after, String::new()),
        ]);
        row
    })
    .filter(Filter::select("kind", "stock-field-kind", kinds))
    .filter(Filter::select("warehouse", "stock-field-warehouse", warehouse_choices(warehouses)))
    .export(query.path())
    .empty(empty)
}

/// `GET /stock/low`.
pub(super) async fn low_stock_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (page, products) = caller
        .read(move |ctx, tx| {
            let page = asked_page(&asked, |part| list_low_stock(ctx, tx, part))?;
            let products = products_of(ctx, tx, page.results.iter().map(|low| low.product))?;
            Ok((page, products))
        })
        .await?;
    let p = caller.shell().titled("stock-menu-low").lead("stock-low-lead");
    let columns = vec![
        Column::main("web-line-product"),
        Column::figures("stock-field-free"),
        Column::figures("stock-field-minimum"),
        Column::figures("stock-field-lacks"),
    ];
    let empty = Empty::new("check-lg", p.t("stock-low-empty"), p.t("stock-low-empty-hint"));
    let table = Table::new(&p.words, "low", &query, columns, &page, |low| {
        let LowStock { product, free, minimum } = low;
        let product = products.get(product);
        let unit = product.map_or("", |product| product.unit_in(p.lang())).to_owned();
        vec![
            product.map_or(Cell::Blank, |product| product_cell(&p, product)),
            Cell::Quantity(*free, unit.clone()),
            Cell::Quantity(*minimum, unit.clone()),
            Cell::Quantity(minimum.minus(*free).unwrap_or_default(), unit),
        ]
    });
    let table = table.export("/stock/low").empty(empty);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "low-stock")?);
    }
    Ok(render(&ListPage::new(p, table)))
}
