//! `/desk/report`: how the desk does, with files of it.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Date, Error};
use web::{
    Caller,
    pages::{
        Action, Cell, Column, DayBar, DayChart, DayRange, Empty, Export, ListQuery, Period, PeriodBar, Row,
        Shell, Table, Tile, Tiles, Words, render, render_with,
    },
};

use super::{under, words};
use crate::{
    Agent, Category, ReportPaper,
    reads::{self, Report, Sums},
    words::stars,
};

const MINUTE_MS: i64 = 60_000;
/// Days that the chart draws.
const DAYS_DRAWN: i64 = 366;

#[derive(Debug, Template)]
#[template(path = "desk_report.html")]
struct ReportPage {
    p: Shell,
    actions: Vec<Action>,
    period: PeriodBar,
    tiles: Tiles,
    chart: Option<DayChart>,
    agents: Table,
    categories: Table,
}

/// What the tables name.
struct Names {
    agents: Vec<Agent>,
    categories: Vec<Category>,
}

pub(super) async fn page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let is_paper = query.get("format") == Some("pdf");
    if is_paper || Export::asked(&query).is_some() {
        caller.ctx.require(Permission::ReportsExport)?;
    }
    let today = caller.ctx.today();
    let (period, wrong) = match Period::asked(&DayRange::asked(&query), today) {
        Ok(period) => (period, None),
        Err(error) => (Period::of_today(today), Some(error)),
    };
    if is_paper && wrong.is_none() {
        return paper(&caller, period).await;
    }
    let (report, names) = caller
        .read(move |ctx, tx| {
            let report = reads::report(ctx, tx, period.from, period.until)?;
            let names = Names { agents: reads::agents(ctx, tx)?, categories: reads::categories(ctx, tx)? };
            Ok((report, names))
        })
        .await?;
    let p = under(caller.shell().titled("tickets-report").lead("tickets-report-lead"));
    if let Some(export) = Export::asked(&query) {
        let (name, table) = match query.get("of") {
            Some("agents") => ("agents", agents_table(&p, &report, &names)),
            Some("categories") => ("categories", categories_table(&p, &report, &names)),
            _ => ("days", days_table(&p.words, &report)),
        };
        return Ok(table.download(export, &format!("desk-{name}"))?);
    }
    let page = shown(p, &report, &names, &query, (period, today), wrong.as_ref());
    Ok(match wrong {
        None => render(&page),
        Some(_) => render_with(StatusCode::UNPROCESSABLE_ENTITY, &page),
    })
}

/// The report as a PDF, in the caller's language. Kept by nobody, since what it counts changes.
async fn paper(caller: &Caller, period: Period) -> web::Result<Response> {
    let read = caller.read(move |ctx, tx| ReportPaper::read(ctx, tx, period.from, period.until));
    let paper = read.await?;
    let name = paper.file_name();
    let bytes = paper.pdf(Arc::clone(caller.app.texts()), caller.ctx.lang()).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn shown(
    p: Shell,
    report: &Report,
    names: &Names,
    query: &ListQuery,
    (period, today): (Period, Date),
    wrong: Option<&Error>,
) -> ReportPage {
    let bar = PeriodBar::new(&p, "/desk/report".to_owned(), period, today, query, wrong);
    let mut actions = Vec::new();
    if p.can(Permission::ReportsExport) {
        let href = format!("/desk/report{}&format=pdf", period.query());
        actions.push(Action::file(href, p.t("tickets-report-file-pdf")));
        for (of, text) in [
            ("days", "tickets-report-file-days"),
            ("agents", "tickets-report-file-agents"),
            ("categories", "tickets-report-file-categories"),
        ] {
            for format in ["xlsx", "csv"] {
                let href = format!("/desk/report{}&of={of}&format={format}", period.query());
                actions.push(Action::file(href, format!("{} ({})", p.t(text), format.to_uppercase())));
            }
        }
    }
    ReportPage {
        period: bar,
        actions,
        tiles: Tiles(tiles(&p, &report.all)),
        chart: (period.days() <= DAYS_DRAWN).then(|| chart(&p, report, period)),
        agents: agents_table(&p, report, names),
        categories: categories_table(&p, report, names),
        p,
    }
}

fn tiles(p: &Shell, all: &Sums) -> Vec<Tile> {
    let count = |key: &str, count: i64| Tile::new(p.t(key), p.number(count));
    let mut tiles = vec![
        count("tickets-report-opened", all.opened),
        count("tickets-report-closed", all.closed),
        count("tickets-report-still-open", all.opened - all.closed),
        Tile::new(p.t("tickets-report-first-answer"), lasting(&p.words, all.until_answer_ms())),
        Tile::new(p.t("tickets-report-resolved"), lasting(&p.words, all.until_closed_ms())),
        count("tickets-report-late", all.late),
    ];
    if let Some(tenths) = all.rating_tenths() {
        tiles.push(Tile::new(p.t("tickets-report-rating"), stars(tenths)).unit("★"));
        tiles.push(count("tickets-report-rated", all.rated));
    }
    tiles
}

fn lasting(words: &Words, ms: Option<i64>) -> String {
    ms.map_or_else(|| "—".to_owned(), |ms| words::span(words, ms / MINUTE_MS))
}

fn chart(p: &Shell, report: &Report, period: Period) -> DayChart {
    let mut bars = Vec::new();
    let mut day = period.from;
    loop {
        let sums = report.days.get(&day);
        let opened = sums.map_or(0, |sums| sums.opened);
        bars.push(DayBar {
            day,
            height: opened,
            said: p.number(opened),
            figures: sums
                .map(|sums| vec![p.number(sums.opened), p.number(sums.closed), p.number(sums.late)])
                .unwrap_or_default(),
            href: String::new(),
        });
        if day >= period.until {
            break;
        }
        day = day.plus_days(1);
    }
    let most = bars.iter().map(|bar| bar.height).max().unwrap_or_default();
    let highest = p.t1("tickets-report-highest", "count", most);
    let columns = ["tickets-report-opened", "tickets-report-closed", "tickets-report-late"]
        .map(|key| p.t(key))
        .to_vec();
    DayChart::new(&p.words, "desk-days", p.t("tickets-report-by-day"), columns, bars)
        .empty(p.t("tickets-report-nothing"))
        .highest(p.number(most), highest)
}

fn columns(first: &'static str) -> Vec<Column> {
    vec![
        Column::main(first),
        Column::figures("tickets-report-opened"),
        Column::figures("tickets-report-closed"),
        Column::new("tickets-report-first-answer"),
        Column::new("tickets-report-resolved"),
        Column::figures("tickets-report-late"),
        Column::new("tickets-report-rating"),
    ]
}

fn row(words: &Words, first: Cell, sums: &Sums) -> Row {
    vec![
        first,
        Cell::Number(sums.opened),
        Cell::Number(sums.closed),
        Cell::text(lasting(words, sums.until_answer_ms())),
        Cell::text(lasting(words, sums.until_closed_ms())),
        Cell::Number(sums.late),
        Cell::text(sums.rating_tenths().map(stars).unwrap_or_default()),
    ]
}

fn table(words: &Words, id: &'static str, first: &'static str, rows: Vec<Row>) -> Table {
    let nothing = Empty::new("bar-chart-line", words.t("tickets-report-nothing"), String::new());
    Table::of(words, id, columns(first), rows).empty(nothing)
}

fn days_table(words: &Words, report: &Report) -> Table {
    let rows = report.days.iter().map(|(day, sums)| row(words, Cell::text(day.dotted()), sums)).collect();
    table(words, "desk-by-day", "tickets-report-by-day", rows)
}

fn agents_table(p: &Shell, report: &Report, names: &Names) -> Table {
    let of: HashMap<_, _> = names.agents.iter().map(|agent| (agent.id, agent)).collect();
    let rows = report.agents.iter().map(|(id, sums)| {
        let first = match id.and_then(|id| of.get(&id)) {
            Some(agent) => {
                Cell::link(format!("/desk?view=open&agent={}", agent.number), agent.full_name.clone())
            }
            None => Cell::text(p.t("tickets-nobody")),
        };
        row(&p.words, first, sums)
    });
    table(&p.words, "desk-by-agent", "tickets-report-by-agent", rows.collect())
}

fn categories_table(p: &Shell, report: &Report, names: &Names) -> Table {
    let rows = names.categories.iter().filter_map(|category| {
        let sums = report.categories.get(&category.id)?;
        let href = format!("/desk?view=open&category={}", category.number);
        Some(row(&p.words, Cell::link(href, category.name.get(p.lang())), sums))
    });
    table(&p.words, "desk-by-category", "tickets-report-by-category", rows.collect())
}
