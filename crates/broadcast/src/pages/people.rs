//! `/broadcasts/{number}/people`: what became of each person, as a list and as a file.

use axum::{extract::Path, response::Response};
use context::Permission;
use kernel::{Page, Result};
use web::{
    Caller, RowKey,
    pages::{
        Badge, Cell, Choice, Column, Empty, Export, Filter, ListPage, ListQuery, Shell, Table, asked_page,
        render,
    },
};

use super::{crumbs, words};
use crate::{Broadcast, Fate, Recipient, reads};

pub(super) async fn page(caller: Caller, Path(key): Path<RowKey>, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let fate: Option<Fate> = query.get("outcome").and_then(|word| word.parse().ok());
    let read = caller.read(move |ctx, tx| {
        let seen = reads::get(ctx, tx, key)?;
        let id = seen.broadcast.id;
        let found = asked_page(&asked, |part| reads::recipients(ctx, tx, id, fate, part))?;
        Ok((seen.broadcast, found))
    });
    let (broadcast, found): (Broadcast, Page<Recipient>) = read.await?;
    let p = crumbs(caller.shell().titled("broadcast-people"), broadcast.number, &broadcast.name);
    let table = table(&p, &query, &broadcast, &found);
    if let Some(kind) = Export::asked(&query) {
        return Ok(download(&table, kind, broadcast.number)?);
    }
    Ok(render(&ListPage::new(p, table)))
}

fn download(table: &Table, kind: Export, number: i64) -> Result<Response> {
    table.download(kind, &format!("broadcast-{number}"))
}

fn table(p: &Shell, query: &ListQuery, broadcast: &Broadcast, page: &Page<Recipient>) -> Table {
    let columns = vec![
        Column::main("broadcast-person"),
        Column::new("broadcast-outcome"),
        Column::new("broadcast-reason"),
        Column::new("broadcast-language"),
        Column::new("broadcast-when"),
    ];
    let fates = Fate::ALL.iter().map(|fate| Choice::new(fate.word(), p.t(words::fate_key(*fate)))).collect();
    let path = format!("/broadcasts/{}/people", broadcast.number);
    let sees_chats = p.can(Permission::BotsRead);
    let nobody = Empty::new("people", p.t("broadcast-people-none"), p.t("broadcast-people-none-hint"));
    Table::new(&p.words, "people", query, columns, page, |recipient| {
        let Recipient { conversation, name, lang, fate, problem, at } = recipient;
        let Badge { tone, label } = words::fate(&p.words, *fate, broadcast.state);
        let name = if name.is_empty() { p.t("broadcast-person-nameless") } else { name.clone() };
        vec![
            if sees_chats {
                Cell::link(format!("/conversations/{conversation}"), name)
            } else {
                Cell::text(name)
            },
            Cell::Badge(tone, label),
            Some(words::reason(&p.words, *fate, problem.as_deref()))
                .filter(|reason| !reason.is_empty())
                .map_or(Cell::Blank, Cell::text),
            Cell::text(lang.name()),
            at.map_or(Cell::Blank, Cell::Time),
        ]
    })
    .filter(Filter::select("outcome", "broadcast-outcome", fates))
    .export(&path)
    .empty(nobody)
}
