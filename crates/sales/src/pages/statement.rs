//! How we stand with a customer: what they owe, and the documents that made it so.

use std::collections::HashMap;

use axum::{extract::Path, response::Response};
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Money, Page, Result};
use web::{
    Caller, RowKey,
    pages::{
        Action, Cell, Column, Empty, Export, ListPage, ListQuery, Row, Shell, Table, Tile, asked_page, render,
    },
};

use crate::{
    CustomerStanding, Order, StatementKind, StatementLine, customer_standing, customer_statement, get_order,
};

/// The contact that a path names by number or id.
pub(crate) fn find_contact(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Contact> {
    ctx.require(Permission::SalesRead)?;
    match key {
        RowKey::Number(number) => contacts::find_by_number(ctx, tx, number)?.ok_or_else(Error::not_found),
        RowKey::Id(uuid) => contacts::get(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// A page of a statement with the numbers of the orders on it.
type Listed = (Page<StatementLine>, HashMap<Id<Order>, i64>);

fn listed(ctx: &Ctx, tx: &mut ReadTx, query: &ListQuery, customer: Id<Contact>) -> Result<Listed> {
    let page = asked_page(query, |part| customer_statement(ctx, tx, customer, part))?;
    let mut orders = HashMap::new();
    for id in page.results.iter().filter_map(|line| line.order) {
        if let std::collections::hash_map::Entry::Vacant(free) = orders.entry(id) {
            free.insert(get_order(ctx, tx, id)?.number);
        }
    }
    Ok((page, orders))
}

/// `GET /contacts/{id}/statement`.
pub(super) async fn statement_page(
    caller: Caller,
    Path(key): Path<RowKey>,
    query: ListQuery,
) -> web::Result<Response> {
    let asked = query.clone();
    let (contact, standing, listed) = caller
        .read(move |ctx, tx| {
            let contact = find_contact(ctx, tx, key)?;
            let standing = customer_standing(ctx, tx, contact.id)?;
            let listed = listed(ctx, tx, &asked, contact.id)?;
            Ok((contact, standing, listed))
        })
        .await?;
    let p = caller
        .shell()
        .titled("sales-statement")
        .crumb("/contacts", "contacts-menu")
        .crumb_named(format!("/contacts/{}", contact.number), contact.name.clone());
    let table = table(&p, &query, &listed);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "statement")?);
    }
    let (tiles, actions) = (tiles(&p, standing)?, actions(&p, &contact, standing));
    Ok(render(&actions.into_iter().fold(ListPage::new(p, table).tiles(tiles), ListPage::action)))
}

/// Money on account: taken, and given back where something of it pays nothing.
fn actions(p: &Shell, contact: &Contact, standing: CustomerStanding) -> Vec<Action> {
    let mut actions = Vec::new();
    if !p.can(Permission::FinanceCreate) {
        return actions;
    }
    let address = |what: &str| format!("/contacts/{}/{what}", contact.number);
    if standing.on_account.is_positive() {
        let action = Action::link(address("refund"), p.t("sales-refund"));
        actions.push(action.icon("arrow-counterclockwise"));
    }
    let action = Action::link(address("pay"), p.t("sales-pay-on-account"));
    actions.push(action.primary().icon("cash-coin"));
    actions
}

fn tiles(p: &Shell, standing: CustomerStanding) -> Result<Vec<Tile>> {
    let balance = standing.balance()?;
    let note = if balance.is_negative() { "sales-statement-we-owe" } else { "sales-statement-they-owe" };
    let absolute = if balance.is_negative() { Money::ZERO.minus(balance)? } else { balance };
    let tile = |label: &str, amount: Money| Tile::new(p.t(label), p.money(amount)).unit(p.t("web-som"));
    Ok(vec![
        tile(note, absolute).icon("wallet2"),
        tile("sales-statement-open", standing.open).icon("receipt"),
        tile("sales-field-advance", standing.advance).icon("cash-coin"),
    ])
}

fn table(p: &Shell, query: &ListQuery, (page, orders): &Listed) -> Table {
    let columns = vec![
        Column::main("sales-document"),
        Column::new("sales-field-day"),
        Column::figures("sales-field-total"),
        Column::figures("sales-statement-paid"),
        Column::figures("sales-statement-balance"),
    ];
    let cells = |line: &StatementLine| -> Row {
        let label = line.label();
        let (list, name) = match line.kind {
            StatementKind::Invoice(_) => ("/invoices", format!("{} {label}", p.t(line.kind.text_key()))),
            StatementKind::Payment(_) => ("/payments", format!("{} № {label}", p.t(line.kind.text_key()))),
        };
        let order = line.order.and_then(|id| orders.get(&id));
        let [owed, paid] = match line.kind {
            StatementKind::Invoice(_) => [Cell::Money(line.amount), Cell::Blank],
            StatementKind::Payment(_) => {
                [Cell::Blank, Cell::Money(Money::ZERO.minus(line.amount).unwrap_or_default())]
            }
        };
        vec![
            Cell::Link {
                href: format!("{list}/{label}"),
                text: name,
                sub: order.map_or_else(String::new, |number| {
                    p.t1("sales-order-number", "number", number.to_string())
                }),
            },
            Cell::Date(line.on),
            owed,
            paid,
            Cell::Money(line.balance),
        ]
    };
    let empty = Empty::new("receipt", p.t("sales-statement-empty"), p.t("sales-statement-empty-hint"));
    Table::new(&p.words, "statement", query, columns, page, cells).export(query.path()).empty(empty)
}
