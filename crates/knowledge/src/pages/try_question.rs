//! A place to try a question: what would be found, how well it fits, and whether it would be said.

use axum::response::Response;
use kernel::Page;
use web::{
    Caller,
    pages::{Cell, Column, Empty, ListPage, ListQuery, Shell, Table, Tone, render},
};

use super::{address, under_list};
use crate::{
    Found,
    actions::may_ask,
    api::{FOUND, ask},
};

/// `GET /knowledge/try?q=`.
pub(super) async fn try_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    may_ask(&caller.ctx)?;
    let found = match query.q() {
        Some(question) => ask(&caller, &question, FOUND).await?,
        None => Vec::new(),
    };
    let p = under_list(caller.shell().titled("knowledge-try").lead("knowledge-try-lead"));
    let table = table(&p, &query, found);
    Ok(render(&ListPage::new(p, table)))
}

fn table(p: &Shell, query: &ListQuery, found: Vec<Found>) -> Table {
    let columns = vec![
        Column::main("knowledge-field-title"),
        Column::new("knowledge-field-fit"),
        Column::new("knowledge-field-sure"),
    ];
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let page = Page::new(query.page(), count, found);
    Table::new(&p.words, "found", query, columns, &page, |found| {
        let place = place(p, found.page, found.heading.as_deref());
        // Under the title: there a phone shows many lines as they are read, from the left. The first badge stands beside
        // it, so that is the short one.
        let sub = if place.is_empty() { found.text.clone() } else { format!("{place} — {}", found.text) };
        let (tone, sure) =
            if found.is_sure { (Tone::Success, "knowledge-sure") } else { (Tone::Plain, "knowledge-unsure") };
        vec![
            Cell::Link { href: address(found.document), text: found.title.clone(), sub },
            Cell::badge(tone, format!("{} %", (found.fit + 5) / 10)),
            Cell::badge(tone, p.t(sure)),
        ]
    })
    .search("knowledge-try-search")
    .empty(Empty::new("search", p.t("knowledge-try-empty"), p.t("knowledge-try-empty-hint")))
}

/// Where in its document a passage stands.
pub(super) fn place(p: &Shell, page: Option<u32>, heading: Option<&str>) -> String {
    let page = page.map(|page| p.t1("knowledge-page", "page", page.to_string()));
    page.into_iter().chain(heading.map(str::to_owned)).collect::<Vec<_>>().join(" · ")
}
