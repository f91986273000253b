//! `/surveys/{campaign}/analytics`: of one campaign by its code, of several with commas between them, of all by `active`.

use askama::Template;
use axum::{extract::Path, response::Response};
use context::Permission;
use kernel::{Date, Text};
use web::{
    Caller,
    pages::{
        Action, DayBar, DayChart, Empty, Export, ListQuery, ShareBar, ShareChart, Shell, Table, Tile, Tiles,
        render,
    },
};

use super::{LIST, PLACE, address, file, rates, tables, tiles, work};
use crate::{
    Campaign, Figures,
    analytics::{self, ACTIVE, Analytics, Channel},
    pages::year,
};

/// Days that the chart draws, the latest ones; a file has all of them.
const DAYS_DRAWN: u64 = 366;
/// The files: what they hold, and their names.
const FILES: [(&str, &str); 7] = [
    ("days", "surveys-analytics-file-days"),
    ("programs", "surveys-analytics-file-programs"),
    ("genders", "surveys-analytics-file-genders"),
    ("regions", "surveys-analytics-file-regions"),
    ("pay", "surveys-analytics-file-pay"),
    ("consents", "surveys-analytics-file-consents"),
    ("channels", "surveys-analytics-file-channels"),
];

#[derive(Template)]
#[template(path = "survey_analytics.html")]
struct AnalyticsPage {
    p: Shell,
    actions: Vec<Action>,
    files: Vec<Action>,
    /// Instead of everything that follows, where nobody has answered.
    empty: Option<Empty>,
    tiles: Tiles,
    days: DayChart,
    campaigns: Option<ShareChart>,
    programs: ShareChart,
    programs_rate: ShareChart,
    cells: Table,
    years: ShareChart,
    genders: ShareChart,
    gender_table: Table,
    regions: ShareChart,
    region_table: Table,
    pay: Table,
    consents: Table,
    channels: ShareChart,
}

/// `GET /surveys/{campaign}/analytics`.
pub(in crate::pages) async fn page(
    caller: Caller,
    Path(key): Path<String>,
    query: ListQuery,
) -> web::Result<Response> {
    if Export::asked(&query).is_some() {
        caller.ctx.require(Permission::ReportsExport)?;
    }
    let asked = key.clone();
    let seen = caller
        .read(move |ctx, tx| {
            let campaigns = analytics::chosen(ctx, tx, &asked)?;
            analytics::analytics(ctx, tx, campaigns)
        })
        .await?;
    let p = headed(caller.shell(), &seen);
    if let Some(kind) = Export::asked(&query) {
        let (of, table) = match query.get("of") {
            Some("programs") => ("programs", tables::cells_file(&p, &seen)),
            Some("genders") => ("genders", tables::genders(&p, &seen)),
            Some("regions") => ("regions", tables::regions(&p, &seen)),
            Some("pay") => ("pay", tables::pay(&p, &seen)),
            Some("consents") => ("consents", tables::consents(&p, &seen)),
            Some("channels") => ("channels", tables::channels(&p, &seen)),
            _ => ("days", tables::days(&p, &seen)),
        };
        return Ok(file(&table, kind, &seen.campaigns, of)?);
    }
    Ok(render(&shown(p, &seen, &key)))
}

fn headed(p: Shell, seen: &Analytics) -> Shell {
    let p = p.titled("surveys-analytics").crumb(LIST, "surveys-menu").crumb(PLACE, "surveys-analytics");
    match seen.campaigns.as_slice() {
        [(campaign, _)] => {
            let name = campaign.name(p.lang()).to_owned();
            p.named(name)
        }
        several => {
            let count = i64::try_from(several.len()).unwrap_or(i64::MAX);
            let title = p.say(&Text::new("surveys-analytics-together").with("count", count));
            p.named(title)
        }
    }
}

fn shown(p: Shell, seen: &Analytics, key: &str) -> AnalyticsPage {
    let lang = p.lang();
    let mut actions = Vec::new();
    if let [(campaign, _)] = seen.campaigns.as_slice() {
        actions.push(Action::link(address(campaign), p.t("surveys-responses")).icon("list"));
    }
    // The codes as they stand, and not what was typed.
    let slugs = || seen.campaigns.iter().map(|(campaign, _)| campaign.slug()).collect::<Vec<_>>().join(",");
    let key = if key == ACTIVE { ACTIVE.to_owned() } else { slugs() };
    let mut files = Vec::new();
    if p.can(Permission::ReportsExport) && seen.all.responses > 0 {
        for (of, text) in FILES {
            for format in ["xlsx", "csv"] {
                let href = format!("{LIST}/{key}/analytics?of={of}&format={format}");
                files.push(Action::file(href, format!("{} ({})", p.t(text), format.to_uppercase())));
            }
        }
    }
    let programs: Vec<(String, String, Figures)> = seen
        .programs(lang)
        .into_iter()
        .map(|(id, figures)| {
            let href = match seen.campaigns.as_slice() {
                [(campaign, _)] => format!("{}?program={id}", address(campaign)),
                _ => String::new(),
            };
            (seen.name(id, lang), href, figures)
        })
        .collect();
    let unsaid = || p.t("surveys-unsaid-who");
    let plain = |name: String, figures: Figures| (name, String::new(), figures);
    let years: Vec<_> = seen
        .course_years()
        .into_iter()
        .map(|(number, figures)| {
            let name = if number.is_some() { year(&p.words, number) } else { unsaid() };
            plain(name, figures)
        })
        .collect();
    let genders: Vec<_> = seen
        .genders()
        .into_iter()
        .map(|(gender, figures)| plain(gender.map_or_else(unsaid, |gender| p.t(gender.text_key())), figures))
        .collect();
    let regions: Vec<_> = seen
        .regions(lang)
        .into_iter()
        .map(|(region, figures)| plain(region.map_or_else(unsaid, |id| seen.name(id, lang)), figures))
        .collect();
    AnalyticsPage {
        actions,
        files,
        empty: (seen.all.responses == 0).then(|| nothing(&p, seen)),
        tiles: Tiles(all_tiles(&p, seen)),
        days: days(&p, seen),
        campaigns: (seen.campaigns.len() > 1).then(|| rates(&p, &of_campaigns(&p, seen))),
        programs: work(&p, "surveys-by-program", &programs),
        programs_rate: rates(&p, &programs),
        cells: tables::cells(&p, seen),
        years: work(&p, "surveys-by-year", &years),
        genders: work(&p, "surveys-field-gender", &genders),
        gender_table: tables::genders(&p, seen),
        regions: work(&p, "surveys-field-region", &regions),
        region_table: tables::regions(&p, seen),
        pay: tables::pay(&p, seen),
        consents: tables::consents(&p, seen),
        channels: channels(&p, seen),
        p,
    }
}

fn of_campaigns(p: &Shell, seen: &Analytics) -> Vec<(String, String, Figures)> {
    let one = |(campaign, figures): &(Campaign, Figures)| {
        (campaign.name(p.lang()).to_owned(), super::place(campaign), *figures)
    };
    seen.campaigns.iter().map(one).collect()
}

/// Nobody has answered: what to do about it.
fn nothing(p: &Shell, seen: &Analytics) -> Empty {
    let hint = if seen.all.roster == 0 { "surveys-empty-hint" } else { "surveys-responses-empty-hint" };
    let empty = Empty::new("bar-chart-line", p.t("surveys-responses-empty"), p.t(hint));
    match seen.campaigns.as_slice() {
        [(campaign, figures)] if figures.roster == 0 && p.can(Permission::SurveysEdit) => {
            let href = format!("{}/roster", address(campaign));
            empty.action(Action::link(href, p.t("surveys-bring")).primary().icon("upload"))
        }
        [] => empty.action(Action::link(LIST, p.t("surveys-menu")).primary()),
        _ => empty,
    }
}

fn all_tiles(p: &Shell, seen: &Analytics) -> Vec<Tile> {
    let mut all = tiles(p, seen.all);
    if let Some(hours) = seen.hours {
        all.push(Tile::new(p.t("surveys-median-hours"), p.number(i64::from(hours.median))));
    }
    if let Some(salary) = seen.salary {
        all.push(Tile::new(p.t("surveys-median-salary"), p.money(salary.median)));
    }
    all
}

fn days(p: &Shell, seen: &Analytics) -> DayChart {
    let mut bars = Vec::new();
    if let (Some((first, _)), Some((last, _))) = (seen.days.first(), seen.days.last()) {
        let mut day: Date = (*first).max(last.minus_days(DAYS_DRAWN - 1));
        while day <= *last {
            let found = seen.days.binary_search_by_key(&day, |(day, _)| *day).ok();
            let count = found.and_then(|place| seen.days.get(place)).map_or(0, |(_, count)| *count);
            bars.push(DayBar {
                day,
                height: count,
                said: p.number(count),
                figures: if count > 0 { vec![p.number(count)] } else { Vec::new() },
                href: String::new(),
            });
            day = day.plus_days(1);
        }
    }
    let most = bars.iter().map(|bar| bar.height).max().unwrap_or_default();
    let highest = p.t1("surveys-analytics-highest", "count", most);
    let columns = vec![p.t("surveys-field-responses")];
    DayChart::new(&p.words, "answers", p.t("surveys-analytics-days"), columns, bars)
        .empty(p.t("surveys-responses-empty"))
        .highest(p.number(most), highest)
}

fn channels(p: &Shell, seen: &Analytics) -> ShareChart {
    let mut bars: Vec<ShareBar> =
        seen.channels.iter().map(|Channel { name, count }| ShareBar::new(name, *count)).collect();
    if !bars.is_empty() {
        bars.push(ShareBar::new(p.t("surveys-unsaid-who"), seen.without_channel));
    }
    ShareChart::new(&p.words, p.t("surveys-field-channels"), bars)
        .of(seen.all.responses)
        .empty(p.t("surveys-channels-unsaid"))
}
