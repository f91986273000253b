//! The list of catalog items, and what its buttons do.

use axum::{extract::Path, response::Response};
use context::Permission;
use kernel::{Error, Id, Kind, Page, Text};
use web::{
    Caller, RowKey,
    pages::{
        Action, Cell, Choice, Column, Empty, Filter, Go, ListPage, ListQuery, Shell, Table, Tone, asked_page,
        render,
    },
};

use crate::{
    Item, ItemKind,
    items::{self, ItemFilter, ItemOrder},
    set_item_active,
};

/// The address of the list.
pub(super) const LIST: &str = "/catalog/items";

fn filter(query: &ListQuery) -> ItemFilter {
    let (order, descending) = match query.order(&["code", "updated"]) {
        Some(("code", descending)) => (ItemOrder::Code, descending),
        Some((_, descending)) => (ItemOrder::Updated, descending),
        None => (ItemOrder::Place, false),
    };
    ItemFilter {
        kind: query.get("type").and_then(|word| ItemKind::parse(word).ok()),
        active: query.get("active").and_then(|word| word.parse().ok()),
        code: None,
        q: query.q(),
        order,
        descending,
    }
}

/// `GET /catalog/items`.
pub(super) async fn items_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let page = caller
        .read(move |ctx, tx| asked_page(&asked, |part| items::list(ctx, tx, &filter(&asked), part)))
        .await?;
    let p = caller.shell().titled("catalog-menu-items").lead("catalog-items-lead");
    let may = p.can(Permission::SettingsEdit);
    let table = table(&p, &query, &page);
    Ok(render(&ListPage::new(p, table).action_if(may, |p| new_action(p, &query))))
}

/// The form of a new item, of the kind that is looked at.
fn new_action(p: &Shell, query: &ListQuery) -> Action {
    let kind = query.get("type").unwrap_or_default();
    let href = ListQuery::default().href_of("/catalog/items/new", &[("type", kind)]);
    Action::link(href, p.t("catalog-item-new")).primary().icon("plus-lg")
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Item>) -> Table {
    let columns = vec![
        Column::main("catalog-field-name"),
        Column::new("catalog-field-type"),
        Column::new("catalog-field-code").sort("code"),
        Column::new("catalog-field-state"),
        Column::new("catalog-field-updated").sort("updated").wide(),
        Column::new("web-actions"),
    ];
    let mut empty = Empty::new("list-task", p.t("catalog-items-empty"), p.t("catalog-items-empty-hint"));
    if p.can(Permission::SettingsEdit) {
        empty = empty.action(new_action(p, query));
    }
    let states = vec![Choice::new("true", p.t(state_key(true))), Choice::new("false", p.t(state_key(false)))];
    Table::new(&p.words, "items", query, columns, page, |item| cells(p, item))
        .search("catalog-items-search")
        .filter(Filter::select("type", "catalog-field-type", kinds(p)))
        .filter(Filter::select("active", "catalog-field-state", states))
        .empty(empty)
}

/// The kinds as choices.
pub(super) fn kinds(p: &Shell) -> Vec<Choice> {
    ItemKind::ALL.iter().map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).collect()
}

const fn state_key(active: bool) -> &'static str {
    if active { "catalog-item-active" } else { "catalog-item-inactive" }
}

fn cells(p: &Shell, item: &Item) -> Vec<Cell> {
    let Item { id, kind, code, metadata: _, active, created_at: _, updated_at } = item;
    let name = item.name(p.lang()).to_owned();
    let about = item.text("description", p.lang()).unwrap_or_default().lines().next().unwrap_or_default();
    let may = p.can(Permission::SettingsEdit);
    let first = if may {
        Cell::Link { href: format!("{LIST}/{id}"), text: name, sub: about.to_owned() }
    } else {
        Cell::Two(name, about.to_owned())
    };
    vec![
        first,
        Cell::text(p.t(kind.text_key())),
        Cell::text(code.clone()),
        Cell::badge(if *active { Tone::Success } else { Tone::Plain }, p.t(state_key(*active))),
        Cell::Time(*updated_at),
        if may { Cell::Actions(actions(p, item)) } else { Cell::Blank },
    ]
}

fn actions(p: &Shell, item: &Item) -> Vec<Action> {
    let address = |what: &str| format!("{LIST}/{}/{what}", item.id);
    let question = p.t1("catalog-item-delete-question", "name", item.name(p.lang()));
    vec![
        if item.active {
            Action::post(p, address("deactivate"), p.t("catalog-item-deactivate")).icon("eye-slash")
        } else {
            Action::post(p, address("activate"), p.t("catalog-item-activate")).icon("eye")
        },
        Action::post(p, address("delete"), p.t("catalog-delete")).danger().icon("trash").confirm(question),
    ]
}

/// The item that a path names.
pub(super) fn id_of(key: RowKey) -> kernel::Result<Id<Item>> {
    key.id().ok_or_else(Error::not_found)
}

/// `POST /catalog/items/{id}/activate`.
pub(super) async fn activate_item(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    set_active(&caller, key, true, "catalog-item-activated").await
}

/// `POST /catalog/items/{id}/deactivate`.
pub(super) async fn deactivate_item(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    set_active(&caller, key, false, "catalog-item-deactivated").await
}

async fn set_active(caller: &Caller, key: RowKey, active: bool, done: &'static str) -> web::Result<Go> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| set_item_active(ctx, tx, id, active).map(drop)).await?;
    Ok(Go::to(LIST).done(&caller.words(), &Text::new(done)))
}

/// `POST /catalog/items/{id}/delete`.
pub(super) async fn delete_item(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let id = id_of(key)?;
    let deleted = caller.write(move |ctx, tx| crate::delete_item(ctx, tx, id)).await;
    let words = caller.words();
    match deleted {
        Ok(()) => Ok(Go::to(LIST).done(&words, &Text::new("catalog-item-deleted"))),
        Err(error) if error.kind() == Kind::Conflict => {
            Ok(Go::to(LIST).toast(Tone::Error, words.say(error.text())))
        }
        Err(error) => Err(error.into()),
    }
}
