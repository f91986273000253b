//! The list.

use axum::response::Response;
use context::Permission;
use kernel::Page;
use web::{
    Caller,
    pages::{
        Action, Cell, Choice, Column, Empty, Export, Filter, ListPage, ListQuery, Shell, Table, Tone,
        asked_page, render,
    },
};

use super::{address, tone};
use crate::{Document, DocumentFilter, DocumentKind, DocumentState, list_documents};

fn filter(query: &ListQuery) -> DocumentFilter {
    let parsed = |name: &str| query.get(name);
    DocumentFilter {
        q: query.q(),
        kind: parsed("kind").and_then(|word| word.parse().ok()),
        state: parsed("state").and_then(|word| word.parse().ok()),
        is_on: match parsed("found") {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            _ => None,
        },
    }
}

/// `GET /knowledge`.
pub(super) async fn documents_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let page = caller
        .read(move |ctx, tx| {
            let filter = filter(&asked);
            asked_page(&asked, |part| list_documents(ctx, tx, &filter, part))
        })
        .await?;
    let p = caller.shell().titled("knowledge-menu").lead("knowledge-lead");
    let table = table(&p, &query, &page);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "knowledge")?);
    }
    let may = p.can(Permission::BotsEdit);
    let page = ListPage::new(p, table)
        .action_if(may, new_pair)
        .action_if(may, new_text)
        .action_if(may, new_file)
        .action_if(may, import)
        .action_if(true, try_question);
    Ok(render(&page))
}

fn new_pair(p: &Shell) -> Action {
    Action::link("/knowledge/pairs/new", p.t("knowledge-pair-new")).primary().icon("plus-lg")
}

fn new_text(p: &Shell) -> Action {
    Action::link("/knowledge/texts/new", p.t("knowledge-text-new")).icon("journal-text")
}

fn new_file(p: &Shell) -> Action {
    Action::link("/knowledge/files/new", p.t("knowledge-file-new")).icon("upload")
}

fn import(p: &Shell) -> Action {
    Action::link("/knowledge/pairs/import", p.t("knowledge-import")).icon("filetype-csv")
}

fn try_question(p: &Shell) -> Action {
    Action::link("/knowledge/try", p.t("knowledge-try")).icon("search")
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Document>) -> Table {
    let columns = vec![
        Column::main("knowledge-field-title"),
        Column::new("knowledge-field-kind"),
        Column::new("knowledge-field-state"),
        Column::new("knowledge-field-found"),
        Column::figures("knowledge-field-passages"),
        Column::new("knowledge-field-changed-by").wide(),
        Column::new("knowledge-field-changed").wide(),
    ];
    let kinds = DocumentKind::ALL.iter().map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).collect();
    let states =
        DocumentState::ALL.iter().map(|state| Choice::new(state.word(), p.t(state.text_key()))).collect();
    let found = vec![Choice::new("yes", p.t("knowledge-on")), Choice::new("no", p.t("knowledge-off"))];
    let mut empty = Empty::new("book", p.t("knowledge-empty"), p.t("knowledge-empty-hint"));
    if p.can(Permission::BotsEdit) {
        empty = empty.action(new_pair(p));
    }
    Table::new(&p.words, "knowledge", query, columns, page, |document| {
        let (on, on_tone) =
            if document.is_on { ("knowledge-on", Tone::Success) } else { ("knowledge-off", Tone::Plain) };
        vec![
            Cell::link(address(document.number), document.content.title()),
            Cell::text(p.t(document.content.kind().text_key())),
            Cell::badge(tone(document.state), p.t(document.state.text_key())),
            Cell::badge(on_tone, p.t(on)),
            Cell::Number(document.passage_count),
            Cell::text(&document.changed_by),
            Cell::Time(document.changed_at),
        ]
    })
    .search("knowledge-search")
    .filter(Filter::select("kind", "knowledge-field-kind", kinds))
    .filter(Filter::select("state", "knowledge-field-state", states))
    .filter(Filter::select("found", "knowledge-field-found", found))
    .export("/knowledge")
    .empty(empty)
}
