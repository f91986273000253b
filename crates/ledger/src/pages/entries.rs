//! The journal, an entry, and the journal as a file.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Id, Kind, Money, Page, Result};
use uuid::Uuid;
use web::{
    Caller, RowKey,
    pages::{
        Action, Badge, Cell, Column, DetailPage, Empty, Export, Facts, Field, Form, ListQuery, Row, Shell,
        Table, Tiles, Tone, asked_page, render,
    },
};

use super::{
    filtered::{FilteredPage, day},
    memo, sides_of, som, source,
};
use crate::{
    Account, Entry, EntryFilter, Line, accounts, entry_lines, find_account,
    journal::journal,
    list_entries,
    seen::{by_id, find_entry},
};

fn filter(ctx: &Ctx, tx: &mut ReadTx, query: &ListQuery) -> Result<EntryFilter> {
    let account = match query.get("account") {
        None => None,
        Some(code) => {
            // An account that there is not has no entries: the nil id.
            let found = find_account(ctx, tx, code.trim());
            match found {
                Err(error) if error.kind() == Kind::NotFound => Some(Id::from_uuid(Uuid::nil())),
                other => Some(other?.id),
            }
        }
    };
    Ok(EntryFilter {
        from: day(query, "from"),
        until: day(query, "until"),
        account,
        amount: query.get("amount").and_then(|text| Money::parse(text).ok()),
        text: query.q().unwrap_or_default(),
        ..EntryFilter::default()
    })
}

/// `GET /ledger/entries?from=&until=&account=&amount=&q=`.
pub(super) async fn entries_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let page = caller
        .read(move |ctx, tx| {
            let filter = filter(ctx, tx, &asked)?;
            asked_page(&asked, |part| list_entries(ctx, tx, &filter, part))
        })
        .await?;
    let p = caller.shell().titled("ledger-menu-entries").lead("ledger-entries-lead");
    let table = table(&p, &query, &page);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "journal")?);
    }
    let value = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let filters = Form::new(&p, "/ledger/entries")
        .field(Field::date("from", "ledger-field-from").value(value("from")).quarter())
        .field(Field::date("until", "ledger-field-until").value(value("until")).quarter())
        .field(Field::text("account", "ledger-field-account-code").value(value("account")).max(10).quarter())
        .field(Field::money("amount", "ledger-field-total").value(value("amount")).quarter())
        .field(Field::text("q", "ledger-field-memo").value(value("q")).max(100));
    let mut actions = Vec::new();
    if p.can(Permission::ReportsExport) {
        actions.push(Action::file(query.href_of("/ledger/journal", &[]), p.t("ledger-journal-file")));
    }
    if p.can(Permission::FinanceEdit) {
        let new = Action::link("/ledger/entries/new", p.t("ledger-entry-new"));
        actions.push(new.primary().icon("plus-lg"));
    }
    let names = &["from", "until", "account", "amount", "q"];
    Ok(render(&FilteredPage { p, actions, filters, names, tiles: Tiles(Vec::new()), table }))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Entry>) -> Table {
    let columns = vec![
        Column::main("ledger-field-memo"),
        Column::new("ledger-field-date"),
        Column::new("ledger-field-source"),
        Column::new("ledger-field-status"),
        Column::figures("ledger-field-total"),
    ];
    let row = |entry: &Entry| -> Row {
        let number = p.t1("ledger-entry-number", "number", entry.number.to_string());
        vec![
            Cell::Link { href: address(entry), text: memo(&p.words, &entry.memo), sub: number },
            Cell::Date(entry.date),
            source(p, entry).cell(),
            state(entry).map_or(Cell::Blank, |(tone, key)| Cell::badge(tone, p.t(key))),
            Cell::Money(entry.total),
        ]
    };
    let empty = Empty::new("journal-text", p.t("ledger-entries-empty"), p.t("ledger-entries-empty-hint"));
    Table::new(&p.words, "entries", query, columns, page, row).export("/ledger/entries").empty(empty)
}

/// What there is to say of an entry beyond that it is posted.
fn state(entry: &Entry) -> Option<(Tone, &'static str)> {
    match (entry.reverses, entry.reversed_by) {
        (Some(_), _) => Some((Tone::Info, "ledger-entry-reversal")),
        (None, Some(_)) => Some((Tone::Warning, "ledger-entry-reversed")),
        (None, None) => None,
    }
}

fn address(entry: &Entry) -> String {
    format!("/ledger/entries/{}", entry.number)
}

/// `GET /ledger/entries/{id}`.
pub(super) async fn entry_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let (entry, lines, chart, other) = caller
        .read(move |ctx, tx| {
            let entry = find_entry(ctx, tx, key)?;
            let lines = entry_lines(ctx, tx, entry.id)?;
            let other = entry.reverses.or(entry.reversed_by);
            let other = other.map(|id| crate::get_entry(ctx, tx, id)).transpose()?;
            Ok((entry, lines, accounts(ctx, tx)?, other))
        })
        .await?;
    let title = caller.words().t1("ledger-entry-number", "number", entry.number.to_string());
    let p = caller.shell().named(title).crumb("/ledger/entries", "ledger-menu-entries");
    let lines = lines_table(&p, &lines, chart);
    let facts = facts(&p, &entry, other.as_ref());
    let mut page = DetailPage::new(p.clone()).facts(facts).table("ledger-lines", &lines);
    if let Some((tone, key)) = state(&entry) {
        page = page.badge(Badge::new(tone, p.t(key)));
    }
    if entry.is_manual() && state(&entry).is_none() && p.can(Permission::FinanceEdit) {
        let href = format!("{}/reverse", address(&entry));
        page = page.action(Action::link(href, p.t("ledger-entry-reverse")).icon("arrow-return-left"));
    }
    Ok(render(&page))
}

fn facts(p: &Shell, entry: &Entry, other: Option<&Entry>) -> Facts {
    let posted_at = p.time(entry.posted_at);
    let facts = Facts::new()
        .text(p.t("ledger-field-memo"), memo(&p.words, &entry.memo))
        .text(p.t("ledger-field-date"), p.date(entry.date))
        .text(p.t("ledger-field-total"), som(p, entry.total));
    let facts = source(p, entry)
        .fact(facts, p.t("ledger-field-source"))
        .text(p.t("ledger-field-posted-by"), format!("{}, {posted_at}", entry.posted_by));
    match other {
        Some(other) => {
            let key =
                if entry.reverses.is_some() { "ledger-field-reverses" } else { "ledger-field-reversed-by" };
            let number = p.t1("ledger-entry-number", "number", other.number.to_string());
            facts.link(p.t(key), number, address(other))
        }
        None => facts,
    }
}

fn lines_table(p: &Shell, lines: &[Line], chart: Vec<Account>) -> Table {
    let chart = by_id(chart);
    let columns = vec![
        Column::main("ledger-field-account"),
        Column::figures("ledger-field-debit"),
        Column::figures("ledger-field-credit"),
        Column::new("ledger-field-note").wide(),
    ];
    let row = |line: &Line| -> Row {
        let account = chart.get(&line.account);
        let code = account.map(|account| account.code.clone()).unwrap_or_default();
        let name = account.map(|account| account.name.get(p.lang()).to_owned()).unwrap_or_default();
        let [debit, credit] = sides_of(line);
        let link = Cell::Link { href: format!("/ledger/accounts/{code}"), text: code, sub: name };
        vec![link, debit, credit, Cell::text(line.note.as_str())]
    };
    Table::of(&p.words, "lines", columns, lines.iter().map(row).collect())
}

/// `GET /ledger/journal?from=&until=&…`: the journal as a file for hledger.
pub(super) async fn journal_file(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::ReportsExport)?;
    let words = caller.words();
    let text = caller
        .read(move |ctx, tx| {
            let filter = filter(ctx, tx, &query)?;
            journal(ctx, tx, &filter, |said| memo(&words, said))
        })
        .await?;
    let name = HeaderValue::from_static("attachment; filename=\"karvon.journal\"");
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response())
}
