//! `/surveys/analytics`: campaigns side by side; `/surveys/{campaign}/analytics`: one of them, or several together.

mod chosen;
mod tables;

use askama::Template;
use axum::response::Response;
use context::Permission;
use kernel::{Page, Result};
use web::{
    Caller,
    pages::{
        Action, Cell, Choice, Column, Empty, Export, Filter, ListQuery, ShareBar, ShareChart, Shell, Table,
        Tile, Tiles, asked_page, render,
    },
};

pub(super) use chosen::page as chosen_page;

use super::{LIST, address, campaigns, share};
use crate::{Campaign, Figures, analytics::ACTIVE, reads};

/// The address of the comparison.
const PLACE: &str = "/surveys/analytics";
/// Campaigns that one address names together.
const TOGETHER_AT_MOST: usize = 20;

#[derive(Template)]
#[template(path = "survey_comparison.html")]
struct ComparisonPage {
    p: Shell,
    actions: Vec<Action>,
    tiles: Tiles,
    rates: ShareChart,
    work: ShareChart,
    table: Table,
}

/// `GET /surveys/analytics`.
pub(super) async fn page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    if Export::asked(&query).is_some() {
        caller.ctx.require(Permission::ReportsExport)?;
    }
    let mut all = caller.read(reads::campaigns).await?;
    all.retain(|(campaign, _)| fits(campaign, &query));
    let p =
        caller.shell().titled("surveys-analytics").lead("surveys-analytics-lead").crumb(LIST, "surveys-menu");
    let part = asked_page(&query, |part| Ok(cut(&all, part)))?;
    let table = comparison(&p, &query, &part, caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "surveys")?);
    }
    let total = all.iter().fold(Figures::default(), |sum, (_, figures)| sum.plus(*figures));
    let mut actions = Vec::new();
    if (2..=TOGETHER_AT_MOST).contains(&all.len()) {
        let slugs: Vec<String> = all.iter().map(|(campaign, _)| campaign.slug()).collect();
        let href = format!("{LIST}/{}/analytics", slugs.join(","));
        actions.push(Action::link(href, p.t("surveys-analytics-sum")).icon("bar-chart-line"));
    }
    let figures: Vec<(String, String, Figures)> = part
        .results
        .iter()
        .map(|(campaign, figures)| (campaign.name(p.lang()).to_owned(), place(campaign), *figures))
        .collect();
    Ok(render(&ComparisonPage {
        actions,
        tiles: Tiles(tiles(&p, total)),
        rates: rates(&p, &figures),
        work: work(&p, "surveys-analytics-work", &figures),
        table,
        p,
    }))
}

fn place(campaign: &Campaign) -> String {
    format!("{}/analytics", address(campaign))
}

fn fits(campaign: &Campaign, query: &ListQuery) -> bool {
    if query.get("state") == Some(ACTIVE) && !campaign.is_active {
        return false;
    }
    let names = &campaign.names;
    let names = [Some(&names.uz), names.ru.as_ref(), names.en.as_ref(), Some(&campaign.code)];
    let words = uztext::fold(&names.into_iter().flatten().cloned().collect::<Vec<_>>().join(" "));
    let wanted = query.q().unwrap_or_default();
    uztext::tokens(&wanted).iter().all(|word| words.contains(word.as_str()))
}

fn cut(all: &[(Campaign, Figures)], part: kernel::PageRequest) -> Page<(Campaign, Figures)> {
    let skipped = usize::try_from(part.offset()).unwrap_or(usize::MAX);
    let size = usize::try_from(part.page_size()).unwrap_or(usize::MAX);
    let results = all.iter().skip(skipped).take(size).cloned().collect();
    Page::new(part, i64::try_from(all.len()).unwrap_or(i64::MAX), results)
}

fn comparison(p: &Shell, query: &ListQuery, part: &Page<(Campaign, Figures)>, today: kernel::Date) -> Table {
    let columns = vec![
        Column::main("surveys-field-name"),
        Column::new("surveys-field-state"),
        Column::figures("surveys-field-rate"),
        Column::figures("surveys-field-employed"),
        Column::figures("surveys-field-responses"),
        Column::figures("surveys-field-roster"),
        Column::figures("surveys-employed").wide(),
        Column::figures("surveys-unemployed").wide(),
        Column::figures("surveys-unsaid").wide(),
    ];
    let mut empty = Empty::new("clipboard-check", p.t("surveys-empty"), p.t("surveys-empty-hint"));
    if p.can(Permission::SurveysCreate) {
        empty =
            empty.action(Action::link("/surveys/new", p.t("surveys-campaign-new")).primary().icon("plus-lg"));
    }
    let table = Table::new(&p.words, "comparison", query, columns, part, |(campaign, figures)| {
        let (tone, state) = campaigns::state(campaign, today);
        vec![
            Cell::Link {
                href: place(campaign),
                text: campaign.name(p.lang()).to_owned(),
                sub: campaign.code.clone(),
            },
            Cell::badge(tone, p.t(state)),
            Cell::text(share(p.lang(), figures.rate_permille())),
            Cell::text(share(p.lang(), figures.employment_permille())),
            Cell::Number(figures.responses),
            Cell::Number(figures.roster),
            Cell::Number(figures.employed),
            Cell::Number(figures.unemployed),
            Cell::Number(figures.unsaid()),
        ]
    })
    .search("surveys-analytics-search")
    .filter(Filter::select(
        "state",
        "surveys-field-state",
        vec![Choice::new(ACTIVE, p.t("surveys-row-active"))],
    ))
    .empty(empty);
    if p.can(Permission::ReportsExport) { table.export(PLACE) } else { table }
}

/// The figures that stand above everything.
fn tiles(p: &Shell, all: Figures) -> Vec<Tile> {
    vec![
        Tile::new(p.t("surveys-field-rate"), share(p.lang(), all.rate_permille())),
        Tile::new(p.t("surveys-field-responses"), p.number(all.responses)),
        Tile::new(p.t("surveys-field-roster"), p.number(all.roster)),
        Tile::new(p.t("surveys-field-employed"), share(p.lang(), all.employment_permille())),
        Tile::new(p.t("surveys-unsaid"), p.number(all.unsaid())),
    ]
}

/// Who answered among those who are asked, by these names with their addresses.
fn rates(p: &Shell, figures: &[(String, String, Figures)]) -> ShareChart {
    let bars = figures
        .iter()
        .map(|(name, href, figures)| ShareBar::new(name, figures.roster).part(figures.responses).href(href));
    ShareChart::new(&p.words, p.t("surveys-field-rate"), bars.collect())
        .legend(p.t("surveys-answered"), p.t("surveys-silent"))
        .empty(p.t("surveys-roster-empty"))
}

/// Who works among those who said whether they do.
fn work(p: &Shell, title: &str, figures: &[(String, String, Figures)]) -> ShareChart {
    let bars = figures.iter().map(|(name, href, figures)| {
        let said = figures.employed.saturating_add(figures.unemployed);
        ShareBar::new(name, said).part(figures.employed).href(href)
    });
    ShareChart::new(&p.words, p.t(title), bars.collect())
        .legend(p.t("surveys-employed"), p.t("surveys-unemployed"))
        .empty(p.t("surveys-work-unsaid"))
}

/// A table as a file.
fn file(table: &Table, kind: Export, campaigns: &[(Campaign, Figures)], of: &str) -> Result<Response> {
    let name = match campaigns {
        [(campaign, _)] => campaign.slug(),
        _ => "together".to_owned(),
    };
    table.download(kind, &format!("survey-{name}-{of}"))
}
