//! Letters for people: what was posted, and what became of it.

use axum::{Router, response::Response, routing::get};
use context::Permission;
use kernel::Page;
use web::{
    App, Caller,
    pages::{
        Cell, Choice, Column, Empty, Filter, ListPage, ListQuery, MenuEntry, Section, Shell, Table, Tone,
        asked_page, render,
    },
};

use crate::{Delivery, LetterState, Mailer, Posted, actions};

/// Every page of this crate.
pub fn routes() -> Router<App> {
    Router::new().route("/settings/letters", get(list_page))
}

/// What this crate puts into the side menu.
pub fn menu() -> [MenuEntry; 1] {
    [MenuEntry {
        section: Section::Settings,
        order: 80,
        href: "/settings/letters",
        text: "mail-letters",
        icon: "envelope",
        permission: Some(Permission::SettingsRead),
    }]
}

const fn tone(state: LetterState) -> Tone {
    match state {
        LetterState::Queued => Tone::Info,
        LetterState::Sent => Tone::Success,
        LetterState::Logged => Tone::Warning,
        LetterState::Failed => Tone::Error,
    }
}

async fn list_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let page = caller
        .read(move |ctx, tx| {
            let state = asked.get("state").and_then(|word| word.parse().ok());
            asked_page(&asked, |part| actions::letters(ctx, tx, state, part))
        })
        .await?;
    let lead = match caller.app.service::<Mailer>()?.delivery {
        Delivery::Off => "mail-lead-off",
        Delivery::Console => "mail-lead-console",
        Delivery::Smtp(_) => "mail-lead",
    };
    let p = caller.shell().titled("mail-letters").lead(lead);
    let table = table(&p, &query, &page);
    Ok(render(&ListPage::new(p, table)))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Posted>) -> Table {
    let columns = vec![
        Column::main("mail-recipient"),
        Column::new("mail-state"),
        Column::new("mail-error").wide(),
        Column::figures("mail-posted"),
    ];
    let states = LetterState::ALL.map(|state| Choice::new(state.word(), p.t(state.text_key()))).to_vec();
    Table::new(&p.words, "letters", query, columns, page, |letter| {
        vec![
            Cell::Two(letter.recipient.clone(), letter.subject.clone()),
            Cell::badge(tone(letter.state), p.t(letter.state.text_key())),
            if letter.error.is_empty() { Cell::Blank } else { Cell::text(&letter.error) },
            Cell::Time(letter.created_at),
        ]
    })
    .filter(Filter::select("state", "mail-state", states))
    .empty(Empty::new("envelope", p.t("mail-empty"), ""))
}
