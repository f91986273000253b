//! The months of the books: closed and opened.

use axum::response::Response;
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Kind, Result, Text};
use serde::Deserialize;
use web::{
    Caller,
    pages::{Action, Cell, Column, Go, ListPage, Row, Shell, Table, Tone, render},
};

use crate::{Month, Period, close_period as close, periods, reopen_period as reopen};

/// `GET /ledger/periods`.
pub(super) async fn periods_page(caller: Caller) -> web::Result<Response> {
    let months = caller.read(periods).await?;
    let this = Month::of(caller.ctx.today())?;
    let p = caller.shell().titled("ledger-menu-periods").lead("ledger-periods-lead");
    let columns = vec![
        Column::main("ledger-field-month"),
        Column::new("ledger-field-status"),
        Column::new("ledger-field-closed-by"),
        Column::new("web-actions"),
    ];
    let last_closed = months.iter().find(|period| period.closed.is_some()).map(|period| period.month);
    let first_open = months.iter().rev().find(|period| period.closed.is_none()).map(|period| period.month);
    let row = |period: &Period| -> Row {
        let Period { month, closed } = period;
        let (tone, key) = match closed {
            Some(_) => (Tone::Plain, "ledger-period-closed"),
            None => (Tone::Success, "ledger-period-open"),
        };
        let by = closed.as_ref().map(|closing| format!("{}, {}", closing.by, p.time(closing.at)));
        let mut actions = Vec::new();
        let question = |key| p.t1(key, "month", month.to_string());
        if Some(*month) == first_open && *month < this && p.can(Permission::FinanceEdit) {
            let action = action(&p, "close", *month, "ledger-period-close").icon("lock");
            actions.push(action.confirm(question("ledger-period-close-question")));
        }
        if Some(*month) == last_closed && p.can(Permission::FinanceDelete) {
            let action = action(&p, "reopen", *month, "ledger-period-reopen").danger();
            actions.push(action.confirm(question("ledger-period-reopen-question")));
        }
        let state = Cell::badge(tone, p.t(key));
        vec![Cell::text(month.to_string()), state, by.map_or(Cell::Blank, Cell::Text), Cell::Actions(actions)]
    };
    let table = Table::of(&p.words, "periods", columns, months.iter().map(row).collect());
    Ok(render(&ListPage::new(p, table)))
}

fn action(p: &Shell, what: &str, month: Month, key: &str) -> Action {
    Action::post(p, format!("/ledger/periods/{what}?month={month}"), p.t(key))
}

/// Which month.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct MonthQuery {
    #[serde(default)]
    month: String,
}

impl MonthQuery {
    fn month(&self) -> Result<Month> {
        Month::parse(&self.month).map_err(|error| error.under("month"))
    }
}

/// `POST /ledger/periods/close?month=`.
pub(super) async fn close_period(
    caller: Caller,
    web::Query(query): web::Query<MonthQuery>,
) -> web::Result<Go> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let run = move |ctx: &Ctx, tx: &mut Tx<'_>| close(ctx, tx, query.month()?).map(|period| period.month);
    answer(&caller, "ledger-period-closed-now", caller.once(run).await)
}

/// `POST /ledger/periods/reopen?month=`.
pub(super) async fn reopen_period(
    caller: Caller,
    web::Query(query): web::Query<MonthQuery>,
) -> web::Result<Go> {
    caller.ctx.require(Permission::FinanceDelete)?;
    let run = move |ctx: &Ctx, tx: &mut Tx<'_>| reopen(ctx, tx, query.month()?).map(|period| period.month);
    answer(&caller, "ledger-period-opened-now", caller.once(run).await)
}

fn answer(caller: &Caller, key: &'static str, outcome: Result<Month>) -> web::Result<Go> {
    let words = caller.words();
    match outcome {
        Ok(month) => {
            let done = Text::new(key).with("month", month.to_string());
            Ok(Go::to("/ledger/periods").done(&words, &done))
        }
        Err(error) if matches!(error.kind(), Kind::Conflict | Kind::Invalid) => {
            let said = error.field_errors().first().map_or(error.text(), |field| &field.text);
            Ok(Go::to("/ledger/periods").toast(Tone::Error, words.say(said)))
        }
        Err(error) => Err(error.into()),
    }
}
