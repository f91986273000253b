//! `/broadcasts`: every broadcast, and how far it has come.

use axum::response::Response;
use kernel::Page;
use web::{
    Caller,
    pages::{
        Action, Badge, Cell, Choice, Column, Empty, Filter, ListPage, ListQuery, Shell, Table, asked_page,
        render,
    },
};

use super::{may_write, words};
use crate::{
    State,
    reads::{self, Seen},
};

pub(super) async fn page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let state = query.get("state").and_then(|word| word.parse().ok());
    let found =
        caller.read(move |ctx, tx| asked_page(&asked, |part| reads::list(ctx, tx, state, part))).await?;
    let p = caller.shell().titled("broadcast-menu").lead("broadcast-lead");
    let may = may_write(&caller.ctx);
    let table = table(&p, &query, &found, may);
    Ok(render(&ListPage::new(p, table).action_if(may, new_action)))
}

fn new_action(p: &Shell) -> Action {
    Action::link("/broadcasts/new", p.t("broadcast-new")).primary().icon("plus-lg")
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Seen>, may: bool) -> Table {
    let columns = vec![
        Column::main("broadcast-name"),
        Column::new("broadcast-state"),
        Column::new("broadcast-when"),
        Column::figures("broadcast-fate-sent"),
        Column::figures("broadcast-not-sent"),
    ];
    let mut empty = Empty::new("megaphone", p.t("broadcast-empty"), p.t("broadcast-empty-hint"));
    if may {
        empty = empty.action(new_action(p));
    }
    let states =
        State::ALL.iter().map(|state| Choice::new(state.word(), p.t(words::state_key(*state)))).collect();
    Table::new(&p.words, "broadcasts", query, columns, page, |seen| {
        let Seen { broadcast, counts, .. } = seen;
        let Badge { tone, label } = words::state(&p.words, broadcast.state);
        let when = broadcast.started_at.or(broadcast.due_at).unwrap_or(broadcast.created_at);
        vec![
            Cell::Link {
                href: format!("/broadcasts/{}", broadcast.number),
                text: broadcast.name.clone(),
                sub: words::bot(&p.words, seen),
            },
            Cell::Badge(tone, label),
            Cell::Time(when),
            Cell::Number(counts.sent),
            Cell::Number(counts.blocked + counts.failed + counts.unknown),
        ]
    })
    .filter(Filter::select("state", "broadcast-state", states))
    .empty(empty)
}
