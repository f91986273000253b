//! What lies where.

use askama::Template;
use axum::response::Response;
use context::Permission;
use kernel::{Money, Result};
use web::{
    Caller,
    pages::{Action, Cell, Column, Empty, Row, Shell, Table, Tile, Tiles, render},
};

use super::{address, icon, state};
use crate::{Register, RegisterKind, registers};

/// What changes what lies in a register: the beginnings of the events' names.
const LIVE: &str = "cash_transaction sales_payment sales_refund";

/// The page; its figures are asked for again when money moves.
#[derive(Debug, Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    p: Shell,
    new: Option<Action>,
    live: &'static str,
    tiles: Tiles,
    table: Table,
}

/// `GET /cash`.
pub(super) async fn cash_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceRead)?;
    let all = caller.read(registers).await?;
    let p = caller.shell().titled("cash-menu-cash").lead("cash-lead");
    let (tiles, table) = (Tiles(tiles(&p, &all)?), table(&p, &all));
    let new = p.can(Permission::FinanceEdit).then(|| new_register(&p));
    Ok(render(&OverviewPage { p, new, live: LIVE, tiles, table }))
}

fn new_register(p: &Shell) -> Action {
    Action::link("/cash/registers/new", p.t("cash-register-new")).primary().icon("plus-lg")
}

/// All tills together and all bank accounts together, then each register where there are several.
fn tiles(p: &Shell, all: &[Register]) -> Result<Vec<Tile>> {
    let mut tiles = Vec::new();
    for kind in RegisterKind::ALL {
        let own: Vec<_> = all.iter().filter(|register| register.kind == kind).collect();
        if own.len() > 1 {
            let sum = Money::sum(own.iter().map(|register| register.balance))?;
            let tile = Tile::new(p.t(kind.total_key()), p.money(sum)).unit(p.t("web-som"));
            tiles.push(tile.icon("calculator"));
        }
        let open = own.into_iter().filter(|register| register.active);
        tiles.extend(open.map(|register| {
            let tile = Tile::new(register.name.as_str(), p.money(register.balance)).unit(p.t("web-som"));
            tile.icon(icon(kind)).href(address(register))
        }));
    }
    Ok(tiles)
}

fn table(p: &Shell, all: &[Register]) -> Table {
    let columns = vec![
        Column::main("cash-field-register"),
        Column::new("cash-field-status"),
        Column::figures("cash-field-transactions"),
        Column::figures("cash-field-balance"),
    ];
    let row = |register: &Register| -> Row {
        let name = register.name.clone();
        vec![
            Cell::Link { href: address(register), text: name, sub: p.t(register.kind.text_key()) },
            state(register).map_or(Cell::Blank, |(tone, key)| Cell::badge(tone, p.t(key))),
            Cell::Number(register.transactions),
            Cell::Money(register.balance),
        ]
    };
    let mut empty = Empty::new("wallet2", p.t("cash-registers-empty"), p.t("cash-registers-empty-hint"));
    if p.can(Permission::FinanceEdit) {
        empty = empty.action(new_register(p));
    }
    Table::of(&p.words, "registers", columns, all.iter().map(row).collect()).empty(empty)
}
