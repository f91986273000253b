//! The pages of contacts: list, one contact, form, and the rows under a search field.

mod form;

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use context::Permission;
use kernel::{Page, PageRequest, Text};
use web::{
    App, Caller, RowKey,
    pages::{
        Action, Cell, Choice, Column, DetailPage, Empty, Export, Facts, Filter, Found, Go, ListPage,
        ListQuery, MenuEntry, Options, Section, Shell, Table, asked_page, render,
    },
};

use crate::{Contact, ContactFilter, ContactOrder, Deletion, api::find, delete_contact as delete, list};

/// Rows under a search field.
const OPTIONS_AT_MOST: u32 = 12;

/// The routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/contacts", get(contacts_page))
        .route("/contacts/options", get(contact_options))
        .route("/contacts/new", get(form::new_contact_page).post(form::create_contact))
        .route("/contacts/{id}", get(contact_page))
        .route("/contacts/{id}/edit", get(form::edit_contact_page).post(form::update_contact))
        .route("/contacts/{id}/delete", post(delete_contact))
}

/// The entries of the side menu.
pub(crate) const MENU: [MenuEntry; 1] = [MenuEntry {
    section: Section::Sales,
    order: 20,
    href: "/contacts",
    text: "contacts-menu",
    icon: "people",
    permission: Some(Permission::SalesRead),
}];

fn filter(query: &ListQuery) -> ContactFilter {
    let words = [ContactOrder::Name.word(), ContactOrder::Number.word()];
    let asked = query.order(&words).and_then(|(word, down)| Some((ContactOrder::parse(word)?, down)));
    let (order, descending) = asked.unwrap_or_default();
    let hat = query.get("hat");
    ContactFilter {
        q: query.q(),
        is_customer: (hat == Some("customer")).then_some(true),
        is_supplier: (hat == Some("supplier")).then_some(true),
        phone: None,
        tin: None,
        order,
        descending,
    }
}

/// `GET /contacts`.
async fn contacts_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let page = caller
        .read(move |ctx, tx| {
            let filter = filter(&asked);
            asked_page(&asked, |part| list(ctx, tx, &filter, part))
        })
        .await?;
    let p = caller.shell().titled("contacts-menu");
    let table = table(&p, &query, &page);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "contacts")?);
    }
    let may = p.can(Permission::SalesCreate);
    Ok(render(&ListPage::new(p, table).action_if(may, new_action)))
}

fn new_action(p: &Shell) -> Action {
    Action::link("/contacts/new", p.t("contacts-new")).primary().icon("person-plus")
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Contact>) -> Table {
    let columns = vec![
        Column::main("contacts-field-name").sort("name"),
        Column::new("contacts-field-phone"),
        Column::new("contacts-field-hats"),
        Column::new("contacts-field-tin").wide(),
        Column::figures("contacts-field-number").sort("id").wide(),
    ];
    let hats = vec![
        Choice::new("customer", p.t("contacts-customer")),
        Choice::new("supplier", p.t("contacts-supplier")),
    ];
    let mut empty = Empty::new("people", p.t("contacts-empty"), p.t("contacts-empty-hint"));
    if p.can(Permission::SalesCreate) {
        empty = empty.action(new_action(p));
    }
    Table::new(&p.words, "contacts", query, columns, page, |contact| {
        let sub = p.t(contact.kind.text_key());
        vec![
            Cell::Link { href: address(contact), text: contact.name.clone(), sub },
            Cell::text(contact.phone.as_ref().map(|phone| phone.pretty()).unwrap_or_default()),
            Cell::text(hats_of(p, contact)),
            Cell::text(contact.tin.as_ref().map(ToString::to_string).unwrap_or_default()),
            Cell::Number(contact.number),
        ]
    })
    .search("contacts-search")
    .filter(Filter::select("hat", "contacts-field-hats", hats))
    .export("/contacts")
    .empty(empty)
}

fn address(contact: &Contact) -> String {
    format!("/contacts/{}", contact.number)
}

fn hats_of(p: &Shell, contact: &Contact) -> String {
    let hats = [(contact.is_customer, "contacts-customer"), (contact.is_supplier, "contacts-supplier")];
    hats.iter().filter(|(worn, _)| *worn).map(|(_, key)| p.t(key)).collect::<Vec<_>>().join(", ")
}

/// `GET /contacts/options?q=&hat=`: the rows under a search field of an order or a receipt.
async fn contact_options(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let filter = filter(&query);
    let found =
        caller.read(move |ctx, tx| list(ctx, tx, &filter, PageRequest::new(1, OPTIONS_AT_MOST))).await?;
    let option = |contact: Contact| {
        let phone = contact.phone.map(|phone| phone.pretty()).unwrap_or_default();
        Found::new(contact.number.to_string(), contact.name).note(phone)
    };
    Ok(render(&Options(found.results.into_iter().map(option).collect())))
}

/// `GET /contacts/{id}`.
async fn contact_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let contact = caller.read(move |ctx, tx| find(ctx, tx, key)).await?;
    let p = caller.shell().named(&contact.name).crumb("/contacts", "contacts-menu");
    let facts = facts(&p, &contact);
    let mut page = DetailPage::new(p.clone()).facts(facts);
    if contact.is_customer {
        let statement = Action::link(format!("{}/statement", address(&contact)), p.t("contacts-statement"));
        page = page.action(statement.icon("receipt"));
    }
    if p.can(Permission::SalesEdit) {
        let edit = Action::link(format!("{}/edit", address(&contact)), p.t("contacts-edit"));
        page = page.action(edit.primary().icon("pencil"));
    }
    if p.can(Permission::SalesDelete) {
        let delete = Action::post(&p, format!("{}/delete", address(&contact)), p.t("contacts-delete"));
        let question = p.t1("contacts-delete-question", "name", &contact.name);
        page = page.action(delete.danger().icon("trash").confirm(question));
    }
    Ok(render(&page))
}

fn facts(p: &Shell, contact: &Contact) -> Facts {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let limit = contact.credit_limit.map(|limit| format!("{} {}", p.money(limit), p.t("web-som")));
    Facts::new()
        .text(p.t("contacts-field-kind"), p.t(contact.kind.text_key()))
        .text(p.t("contacts-field-hats"), hats_of(p, contact))
        .text(
            p.t("contacts-field-phone"),
            contact.phone.as_ref().map(|phone| phone.pretty()).unwrap_or_default(),
        )
        .text(p.t("contacts-field-email"), text(&contact.email))
        .text(p.t("contacts-field-tin"), contact.tin.as_ref().map(ToString::to_string).unwrap_or_default())
        .text(p.t("contacts-field-language"), contact.lang.name())
        .text(p.t("contacts-field-address"), text(&contact.address))
        .text(p.t("contacts-field-credit-limit"), limit.unwrap_or_else(|| p.t("contacts-no-limit")))
        .text(p.t("contacts-field-note"), text(&contact.note))
        .text(p.t("contacts-field-created"), p.time(contact.created_at))
}

/// `POST /contacts/{id}/delete`.
async fn delete_contact(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let deletion = caller
        .write(move |ctx, tx| {
            let id = find(ctx, tx, key)?.id;
            delete(ctx, tx, id)
        })
        .await?;
    let done = match deletion {
        Deletion::Gone => "contacts-deleted",
        Deletion::Kept => "contacts-hidden",
    };
    Ok(Go::to("/contacts").done(&caller.words(), &Text::new(done)))
}
