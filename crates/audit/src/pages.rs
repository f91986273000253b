//! The log for people.

use axum::{Router, extract::Path, response::Response, routing::get};
use context::{AuditEntry, AuditFilter, Ctx, Permission};
use kernel::{Date, Error, Id, Page};
use web::{
    App, Caller, RowKey,
    pages::{
        Cell, Choice, Column, DetailPage, Empty, Export, Facts, Filter, ListPage, ListQuery, MenuEntry, Row,
        Section, Shell, Table, asked_page, render,
    },
};

use crate::{Change, actions, difference, store::Choices, words};

/// Changes that a row of the list shows; the page of the entry shows all.
const CHANGES_IN_LIST: usize = 2;
/// Characters of a value that a row of the list shows.
const VALUE_IN_LIST: usize = 40;

/// Every page of this crate.
pub fn routes() -> Router<App> {
    Router::new().route("/audit", get(list_page)).route("/audit/{id}", get(entry_page))
}

/// What this crate puts into the side menu.
pub fn menu() -> [MenuEntry; 1] {
    [MenuEntry {
        section: Section::Settings,
        order: 50,
        href: "/audit",
        text: "audit-log",
        icon: "clock-history",
        permission: Some(Permission::AuditRead),
    }]
}

/// What makes no sense in a page's query is as if it were absent.
fn filter(ctx: &Ctx, query: &ListQuery) -> AuditFilter {
    let filter = AuditFilter {
        entity: query.get("entity").map(str::to_owned),
        entity_id: query.get("entity_id").and_then(|id| id.parse().ok()),
        actor_id: query.get("actor").and_then(|id| id.parse().ok()),
        action: query.get("action").map(str::to_owned),
        from: None,
        until: None,
    };
    let day = |name| query.get(name).and_then(|text| Date::parse(text).ok());
    let (first, last) = match query.get("days").and_then(|days| days.parse::<i64>().ok()) {
        Some(days @ 1..=3_650) => {
            let back = ctx.now().plus_seconds((days - 1).saturating_mul(-86_400));
            (Some(ctx.zone().date(back)), None)
        }
        _ => (day("from"), day("to")),
    };
    actions::on_days(ctx, filter, first, last)
}

async fn list_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (page, choices) = caller
        .read(move |ctx, tx| {
            let filter = filter(ctx, &asked);
            let page = asked_page(&asked, |part| actions::entries(ctx, tx, &filter, part))?;
            Ok((page, actions::choices(ctx, tx)?))
        })
        .await?;
    let p = caller.shell().titled("audit-log").lead("audit-log-lead");
    let table = table(&p, &query, &page, &choices);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "audit")?);
    }
    Ok(render(&ListPage::new(p, table)))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<AuditEntry>, choices: &Choices) -> Table {
    let columns = vec![
        Column::main("audit-what"),
        Column::new("audit-who"),
        Column::new("audit-changes"),
        Column::figures("audit-when"),
    ];
    let Choices { entities, actions, actors } = choices;
    let entities = entities.iter().map(|word| Choice::new(word, words::entity(&p.words, word))).collect();
    let actions = actions.iter().map(|word| Choice::new(word, full_name(p, word))).collect();
    let actors = actors.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let days =
        [("1", "audit-days-1"), ("7", "audit-days-7"), ("30", "audit-days-30"), ("365", "audit-days-365")]
            .map(|(days, key)| Choice::new(days, p.t(key)))
            .to_vec();
    Table::new(&p.words, "audit", query, columns, page, |entry| row(p, entry))
        .filter(Filter::select("entity", "audit-entity", entities))
        .filter(Filter::select("action", "audit-what", actions))
        .filter(Filter::select("actor", "audit-who", actors))
        .filter(Filter::select("days", "audit-days", days))
        .export("/audit")
        .empty(Empty::new("clock-history", p.t("audit-empty"), ""))
}

fn row(p: &Shell, entry: &AuditEntry) -> Row {
    let changes = difference(entry.before.as_ref(), entry.after.as_ref());
    let told = changes.iter().filter(|change| is_telling(change));
    let rest = changes.iter().filter(|change| !is_telling(change));
    let mut said: Vec<String> = told.chain(rest).take(CHANGES_IN_LIST).map(in_short).collect();
    if changes.len() > CHANGES_IN_LIST {
        said.push(p.t1("audit-more", "count", changes.len() - CHANGES_IN_LIST));
    }
    vec![
        Cell::Link {
            href: format!("/audit/{}", entry.id),
            text: words::action(&p.words, &entry.action),
            sub: words::entity(&p.words, &entry.entity),
        },
        Cell::Two(actor_name(p, entry), entry.origin.clone()),
        if said.is_empty() { Cell::Blank } else { Cell::text(said.join("; ")) },
        Cell::Time(entry.at),
    ]
}

/// `Yaratildi: Mahsulot`; an action without a name by its word.
fn full_name(p: &Shell, word: &str) -> String {
    let entity = word.split('.').next().unwrap_or_default();
    let (name, entity) = (words::action(&p.words, word), words::entity(&p.words, entity));
    if name == word { name } else { format!("{entity}: {name}") }
}

/// Whether a field says to people what the row is; ids and numbers come last.
fn is_telling(change: &Change) -> bool {
    let Change { field, before, after: _ } = change;
    before.is_some() || !(field == "id" || field == "number" || field.ends_with("_id"))
}

fn actor_name(p: &Shell, entry: &AuditEntry) -> String {
    let kind = words::actor(&p.words, &entry.actor_kind);
    match entry.actor_name.as_str() {
        "" => kind,
        name if entry.actor_kind == "member" => name.to_owned(),
        name => format!("{kind}: {name}"),
    }
}

/// `name: A → B`; of something new only what it is.
fn in_short(change: &Change) -> String {
    let Change { field, before, after } = change;
    let cut = |text: &str| match text.char_indices().nth(VALUE_IN_LIST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    };
    let label = if field.is_empty() { String::new() } else { format!("{field}: ") };
    match (before.as_deref(), after.as_deref()) {
        (None, Some(after)) => format!("{label}{}", cut(after)),
        (before, after) => {
            format!("{label}{} → {}", before.map_or("—".to_owned(), cut), after.map_or("—".to_owned(), cut))
        }
    }
}

async fn entry_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id: Id<AuditEntry> = key.id().ok_or_else(Error::not_found)?;
    let entry = caller.read(move |ctx, tx| actions::entry(ctx, tx, id)).await?;
    let name = words::action(&caller.words(), &entry.action);
    let p = caller.shell().named(name).crumb("/audit", "audit-log").narrow();
    let rest = format!("/audit?entity_id={}", entry.entity_id);
    let facts = Facts::new()
        .link(p.t("audit-entity"), words::entity(&p.words, &entry.entity), rest)
        .text(p.t("audit-who"), actor_name(&p, &entry))
        .text(p.t("audit-when"), p.time(entry.at))
        .text(p.t("audit-origin"), &entry.origin)
        .text(p.t("audit-action"), &entry.action);
    let changes = difference(entry.before.as_ref(), entry.after.as_ref());
    let table = changes_table(&p, &changes);
    let page = DetailPage::new(p).facts(facts);
    Ok(render(&if changes.is_empty() { page } else { page.table("audit-changes", &table) }))
}

fn changes_table(p: &Shell, changes: &[Change]) -> Table {
    let columns = vec![Column::main("audit-field"), Column::new("audit-before"), Column::new("audit-after")];
    let side = |value: &Option<String>| value.as_ref().map_or(Cell::Blank, Cell::text);
    let rows = changes.iter().map(|change| {
        let Change { field, before, after } = change;
        let field = if field.is_empty() { p.t("audit-value") } else { field.clone() };
        vec![Cell::text(field), side(before), side(after)]
    });
    Table::of(&p.words, "changes", columns, rows.collect())
}
