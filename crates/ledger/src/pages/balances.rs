//! The trial balance, and what moved on one account.

use axum::{extract::Path, response::Response};
use context::Permission;
use kernel::{Money, Page};
use web::{
    Caller,
    pages::{
        Action, Cell, Column, Empty, Export, ListQuery, Row, Shell, Table, Tile, Tiles, asked_page, render,
    },
};

use super::{
    filtered::{Days, FilteredPage},
    memo, side, sides_of, source,
};
use crate::{
    AccountLine, Sides, TrialBalance, TrialRow, account_lines, account_turnover, find_account, trial_balance,
};

/// Rows that one page of a list takes: a trial balance is read whole.
const ROWS_ON_A_PAGE: u32 = 500;

/// `GET /ledger/trial-balance?from=&until=`.
pub(super) async fn trial_balance_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let days = Days::asked(&caller.ctx, &query)?;
    let found = caller.read(move |ctx, tx| trial_balance(ctx, tx, days.from, days.until)).await?;
    let p = caller.shell().titled("ledger-menu-trial-balance").lead("ledger-trial-balance-lead");
    let table = trial_table(&p, days, &found);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "trial-balance")?);
    }
    let filters = days.form(&p, "/ledger/trial-balance");
    let tiles = Tiles(vec![
        tile(&p, "ledger-turnover-debit", found.turnover.debit),
        tile(&p, "ledger-turnover-credit", found.turnover.credit),
    ]);
    Ok(render(&FilteredPage { p, actions: Vec::new(), filters, names: &["from", "until"], tiles, table }))
}

fn tile(p: &Shell, key: &'static str, money: Money) -> Tile {
    Tile::new(p.t(key), p.money(money)).unit(p.t("web-som"))
}

fn trial_table(p: &Shell, days: Days, found: &TrialBalance) -> Table {
    let columns = vec![
        Column::main("ledger-field-account"),
        Column::figures("ledger-opening-debit"),
        Column::figures("ledger-opening-credit"),
        Column::figures("ledger-turnover-debit"),
        Column::figures("ledger-turnover-credit"),
        Column::figures("ledger-closing-debit"),
        Column::figures("ledger-closing-credit"),
    ];
    let six = |opening: Sides, turnover: Sides, closing: Sides| {
        [opening, turnover, closing].into_iter().flat_map(|sides| [side(sides.debit), side(sides.credit)])
    };
    let row = |row: &TrialRow| -> Row {
        let TrialRow { account, opening, turnover, closing } = row;
        let href = format!("/ledger/accounts/{}{}", account.code, days.query());
        let name = account.name.get(p.lang()).to_owned();
        let first = Cell::Link { href, text: account.code.clone(), sub: name };
        std::iter::once(first).chain(six(*opening, *turnover, *closing)).collect()
    };
    let mut rows: Vec<Row> = found.rows.iter().map(row).collect();
    if !rows.is_empty() {
        let total = Cell::text(p.t("ledger-total"));
        let sums = six(found.opening, found.turnover, found.closing);
        rows.push(std::iter::once(total).chain(sums).collect());
    }
    let empty = Empty::new("calculator", p.t("ledger-trial-balance-empty"), p.t("ledger-entries-empty-hint"));
    // All of it on one page.
    let asked = format!("from={}&until={}&page_size={ROWS_ON_A_PAGE}", days.from, days.until);
    let query = ListQuery::parse("/ledger/trial-balance", &asked);
    let page = Page::new(query.page(), i64::try_from(rows.len()).unwrap_or(i64::MAX), rows);
    Table::new(&p.words, "trial-balance", &query, columns, &page, Row::clone)
        .export("/ledger/trial-balance")
        .empty(empty)
}

/// `GET /ledger/accounts/{id}?from=&until=`.
pub(super) async fn account_page(
    caller: Caller,
    Path(key): Path<String>,
    query: ListQuery,
) -> web::Result<Response> {
    let days = Days::asked(&caller.ctx, &query)?;
    let asked = query.clone();
    let (account, turnover, page) = caller
        .read(move |ctx, tx| {
            let account = find_account(ctx, tx, &key)?;
            let Days { from, until } = days;
            let turnover = account_turnover(ctx, tx, account.id, from, until)?;
            let page = asked_page(&asked, |part| account_lines(ctx, tx, account.id, from, until, part))?;
            Ok((account, turnover, page))
        })
        .await?;
    let p = caller.shell().named(account.label(caller.ctx.lang()));
    let p = p.crumb("/ledger/accounts", "ledger-menu-accounts");
    let table = lines_table(&p, &query, &page);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "account")?);
    }
    let filters = days.form(&p, &format!("/ledger/accounts/{}", account.code));
    let tiles = Tiles(vec![
        tile(&p, "ledger-opening", turnover.opening),
        tile(&p, "ledger-turnover-debit", turnover.debit),
        tile(&p, "ledger-turnover-credit", turnover.credit),
        tile(&p, "ledger-closing", turnover.closing()?),
    ]);
    let mut actions = Vec::new();
    if p.can(Permission::FinanceEdit) {
        let href = format!("/ledger/accounts/{}/edit", account.code);
        actions.push(Action::link(href, p.t("ledger-account-edit")).icon("pencil"));
    }
    if p.can(Permission::FinanceDelete) && !account.standard {
        let question = p.t1("ledger-account-delete-question", "code", account.code.as_str());
        let href = format!("/ledger/accounts/{}/delete", account.code);
        let delete = Action::post(&p, href, p.t("ledger-account-delete"));
        actions.push(delete.danger().icon("trash").confirm(question));
    }
    Ok(render(&FilteredPage { p, actions, filters, names: &["from", "until"], tiles, table }))
}

fn lines_table(p: &Shell, query: &ListQuery, page: &Page<AccountLine>) -> Table {
    let columns = vec![
        Column::main("ledger-field-memo"),
        Column::new("ledger-field-date"),
        Column::new("ledger-field-source").wide(),
        Column::figures("ledger-field-debit"),
        Column::figures("ledger-field-credit"),
        Column::figures("ledger-field-balance"),
    ];
    let row = |found: &AccountLine| -> Row {
        let AccountLine { line, entry, balance } = found;
        let number = p.t1("ledger-entry-number", "number", entry.number.to_string());
        let said = memo(&p.words, &entry.memo);
        let text = if line.note.is_empty() { said } else { format!("{said}: {}", line.note) };
        let [debit, credit] = sides_of(line);
        let href = format!("/ledger/entries/{}", entry.number);
        vec![
            Cell::Link { href, text, sub: number },
            Cell::Date(entry.date),
            source(p, entry).cell(),
            debit,
            credit,
            Cell::Money(*balance),
        ]
    };
    let empty = Empty::new("journal-text", p.t("ledger-account-empty"), "");
    Table::new(&p.words, "account-lines", query, columns, page, row).export(query.path()).empty(empty)
}
