//! How a domain makes its pages; compiled with the tests, so it stays true. README.md points here.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use kernel::{Error, Money, Page, PageRequest, Result, Text};
use serde::Deserialize;

use super::{
    Action, Badge, Cell, Choice, Column, DetailPage, Empty, Export, Facts, Field, Filter, Form, FormPage, Go,
    ListPage, ListQuery, MenuEntry, Section, Shell, Table, Tone, asked_page, form_again, render,
};
use crate::{App, Caller, Module};
use context::{Ctx, Permission};
use db::{ReadTx, Tx};

/// In lib.rs.
fn module() -> Module {
    Module::new("things").pages(routes()).menu([MenuEntry {
        section: Section::Goods,
        order: 10,
        href: "/things",
        text: "web-line-product",
        icon: "box-seam",
        permission: Some(Permission::InventoryRead),
    }])
}

/// In pages.rs.
fn routes() -> Router<App> {
    Router::new()
        .route("/things", get(list_page))
        .route("/things/new", get(new_page).post(create))
        .route("/things/{id}", get(thing_page))
}

async fn list_page(caller: Caller, query: ListQuery) -> crate::Result<Response> {
    let asked = query.clone();
    let page = caller.read(move |ctx, tx| asked_page(&asked, |part| list(ctx, tx, &asked, part))).await?;
    let p = caller.shell().titled("web-line-product");
    let table = things_table(&p, &query, &page);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "things")?);
    }
    let may = p.can(Permission::InventoryCreate);
    let new = |p: &Shell| Action::link("/things/new", p.t("web-line-add")).primary().icon("plus-lg");
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn things_table(p: &Shell, query: &ListQuery, page: &Page<Thing>) -> Table {
    let columns = vec![
        Column::main("web-line-product").sort("name"),
        Column::figures("web-line-price").sort("price"),
        Column::new("web-actions"),
    ];
    let states = vec![Choice::new("on", p.t("web-next")), Choice::new("off", p.t("web-previous"))];
    Table::new(&p.words, "things", query, columns, page, |thing| {
        let Thing { number, name, price } = thing;
        vec![
            Cell::link(format!("/things/{number}"), name),
            Cell::Money(*price),
            Cell::badge(Tone::Success, p.t("web-next")),
        ]
    })
    .search("web-line-search")
    .filter(Filter::select("state", "web-actions", states))
    .export("/things")
    .empty(Empty::new("box-seam", p.t("web-list-empty"), ""))
}

/// What the form sends, as typed; `check` makes it an input of the action.
#[derive(Debug, Clone, Default, Deserialize)]
struct ThingForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    price: String,
}

impl ThingForm {
    fn check(&self) -> Result<(String, Money)> {
        let price = Money::parse(&self.price).map_err(|error| error.under("price"))?;
        Ok((self.name.clone(), price))
    }
}

fn form_page(p: Shell, typed: &ThingForm, error: Option<&Error>) -> FormPage {
    let ThingForm { name, price } = typed;
    let p = p.titled("web-line-add").crumb("/things", "web-line-product").narrow();
    let form = Form::new(&p, "/things/new")
        .error(error)
        .field(Field::text("name", "web-line-product").value(name).required().focus().max(200))
        .field(Field::money("price", "web-line-price").value(price).required().half())
        .cancel("/things");
    FormPage::new(p, form)
}

async fn new_page(caller: Caller) -> crate::Result<Response> {
    caller.ctx.require(Permission::InventoryCreate)?;
    Ok(render(&form_page(caller.shell(), &ThingForm::default(), None)))
}

async fn create(caller: Caller, crate::Form(typed): crate::Form<ThingForm>) -> crate::Result<Response> {
    let sent = typed.clone();
    match caller.once(move |ctx, tx| insert(ctx, tx, sent.check()?)).await {
        Ok(number) => {
            let done = Text::new("web-js-copied");
            Ok(Go::to(format!("/things/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| form_page(caller.shell(), &typed, Some(error)))?),
    }
}

async fn thing_page(caller: Caller, Path(number): Path<i64>) -> crate::Result<Response> {
    let p = caller.shell().named(format!("№ {number}")).crumb("/things", "web-line-product");
    let facts = Facts::new().text(p.t("web-line-price"), p.money(Money::from_som(5_000)));
    let delete = Action::post(&p, format!("/things/{number}/delete"), p.t("web-line-remove"))
        .danger()
        .confirm(p.t("web-line-remove"));
    let badge = Badge::new(Tone::Info, p.t("web-next"));
    Ok(render(&DetailPage::new(p).badge(badge).action(delete).facts(facts)))
}

/// In thing.rs, store.rs and actions.rs.
struct Thing {
    number: i64,
    name: String,
    price: Money,
}

fn list(_: &Ctx, _: &mut ReadTx<'_>, query: &ListQuery, part: PageRequest) -> Result<Page<Thing>> {
    let _asked = (query.q(), query.get("state"), query.order(&["name", "price"]));
    Ok(Page::new(part, 1, vec![Thing { number: 1, name: "Choynak".into(), price: Money::ZERO }]))
}

fn insert(_: &Ctx, _: &mut Tx<'_>, _: (String, Money)) -> Result<i64> {
    Ok(1)
}

#[test]
fn a_domain_offers_its_pages_and_its_menu() {
    assert_eq!(module().menu.len(), 1);
}
