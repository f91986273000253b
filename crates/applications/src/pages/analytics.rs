//! `/applications/analytics`: applications of some days, counted and drawn; and files of it.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use catalog::{Item, ItemKind};
use context::Permission;
use kernel::{Date, Error};
use web::{
    Caller,
    pages::{
        Action, Cell, Choice, Column, DayBar, DayChart, DayRange, Empty, Export, Field, ListQuery, Period,
        PeriodBar, ShareBar, ShareChart, Shell, Table, Tile, Tiles, Words, render, render_with,
    },
};

use super::{ANALYTICS, FORMS, LIST, under};
use crate::{
    Form, Status,
    reads::{self, Analytics, CountedBy, DayCounts, FormCounts},
};

/// Days that the chart draws.
const DAYS_DRAWN: i64 = 366;
/// The file of the days.
const DAYS: &str = "days";

/// The kinds of items, with the file of each and what the list's filter is called.
const ITEMS: [(ItemKind, &str, &str); 5] = [
    (ItemKind::Region, "regions", "region"),
    (ItemKind::Direction, "directions", "direction"),
    (ItemKind::Track, "tracks", "track"),
    (ItemKind::Subject, "subjects", "subject"),
    (ItemKind::Program, "programs", "program"),
];

#[derive(Debug, Template)]
#[template(path = "applications_analytics.html")]
struct AnalyticsPage {
    p: Shell,
    /// What it says where nobody ever applied.
    nothing: Option<Empty>,
    period: PeriodBar,
    tiles: Tiles,
    days: Option<DaysPart>,
    parts: Vec<SharePart>,
}

/// The days, with their files.
#[derive(Debug)]
struct DaysPart {
    chart: Option<DayChart>,
    files: Vec<(String, String)>,
}

/// One breakdown, with its files.
#[derive(Debug)]
struct SharePart {
    title: String,
    chart: ShareChart,
    files: Vec<(String, String)>,
}

/// One breakdown: what its file is called, how it is headed, and each name with how many, and what is behind it.
struct Breakdown {
    file: &'static str,
    title: String,
    shares: Vec<Share>,
}

struct Share {
    name: String,
    count: i64,
    href: String,
}

/// What is counted, as the address says it.
struct Asked {
    period: Period,
    form: String,
    status: Option<Status>,
}

impl Asked {
    fn status_word(&self) -> &'static str {
        self.status.map(Status::word).unwrap_or_default()
    }

    /// The page itself, with more to it.
    fn file(&self, of: &str, format: &str) -> String {
        let Self { period, form, .. } = self;
        let status = self.status_word();
        format!("{ANALYTICS}{}&form={form}&status={status}&of={of}&format={format}", period.query())
    }

    /// The list of what is behind a figure: of these days, or of one of them, and where something is as it says.
    fn list(&self, day: Option<Date>, own: &[(&str, &str)]) -> String {
        let (from, to) = day.map_or((self.period.from, self.period.until), |day| (day, day));
        let mut href = format!("{LIST}?from={from}&to={to}");
        for (name, value) in [("form", self.form.as_str()), ("status", self.status_word())] {
            if !value.is_empty() && !own.iter().any(|(own, _)| *own == name) {
                href.push_str(&format!("&{name}={value}"));
            }
        }
        for (name, value) in own {
            href.push_str(&format!("&{name}={value}"));
        }
        href
    }
}

/// `GET /applications/analytics`.
pub(super) async fn page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let export = Export::asked(&query);
    if export.is_some() {
        caller.ctx.require(Permission::ReportsExport)?;
    }
    let today = caller.ctx.today();
    let (period, wrong) = match Period::asked(&DayRange::asked(&query), today) {
        Ok(period) => (period, None),
        Err(error) => (Period::of_today(today), Some(error)),
    };
    let code = query.get("form").unwrap_or_default().to_owned();
    let status = query.get("status").and_then(|word| word.parse::<Status>().ok());
    let (forms, form, found) = caller
        .read(move |ctx, tx| {
            let forms = reads::forms(ctx, tx)?;
            // What makes no sense in an address is as if it were absent.
            let form = forms.iter().find(|form| form.code == code);
            let by =
                CountedBy { from: period.from, until: period.until, form: form.map(|form| form.id), status };
            let form = form.map(|form| form.code.clone()).unwrap_or_default();
            let found = reads::analytics(ctx, tx, &by)?;
            Ok((forms, form, found))
        })
        .await?;
    let p = under(caller.shell().titled("applications-analytics").lead("applications-analytics-lead"));
    let asked = Asked { period, form, status };
    if let Some(export) = export {
        let of = query.get("of").unwrap_or(DAYS);
        let breakdown = breakdowns(&p, &asked, &found).into_iter().find(|one| one.file == of);
        let (name, table) = match &breakdown {
            Some(breakdown) => (breakdown.file, shares_table(&p.words, breakdown)),
            None => (DAYS, days_table(&p.words, &found)),
        };
        return Ok(table.download(export, &format!("applications-{name}"))?);
    }
    let page = shown(p, &asked, &forms, &found, &query, (today, wrong.as_ref()));
    Ok(match wrong {
        None => render(&page),
        Some(_) => render_with(StatusCode::UNPROCESSABLE_ENTITY, &page),
    })
}

fn shown(
    p: Shell,
    asked: &Asked,
    forms: &[Form],
    found: &Analytics,
    query: &ListQuery,
    (today, wrong): (Date, Option<&Error>),
) -> AnalyticsPage {
    let mut choices = vec![Choice::new("", p.t("applications-every-form"))];
    choices.extend(forms.iter().map(|form| Choice::new(form.code.clone(), form.names.get(p.lang()))));
    let mut statuses = vec![Choice::new("", p.t("applications-every-status"))];
    statuses.extend(Status::ALL.iter().map(|status| Choice::new(status.word(), p.t(status.text_key()))));
    let bar = PeriodBar::new(&p, ANALYTICS, asked.period, today, query, wrong)
        .with("form", &asked.form, Field::select("form", "applications-form", choices))
        .with("status", asked.status_word(), Field::select("status", "applications-status", statuses));
    let files = |of: &str| -> Vec<(String, String)> {
        if !p.can(Permission::ReportsExport) {
            return Vec::new();
        }
        ["xlsx", "csv"].map(|format| (asked.file(of, format), format.to_uppercase())).to_vec()
    };
    let nothing = (!found.is_any).then(|| {
        Empty::new(
            "bar-chart-line",
            p.t("applications-analytics-empty"),
            p.t("applications-analytics-empty-hint"),
        )
        .action(Action::link(FORMS, p.t("applications-forms")))
    });
    let part = |breakdown: Breakdown| {
        let files = files(breakdown.file);
        let Breakdown { file: _, title, shares } = breakdown;
        let bars =
            shares.into_iter().map(|Share { name, count, href }| ShareBar::new(name, count).href(href));
        SharePart { chart: ShareChart::new(&p.words, title.clone(), bars.collect()), title, files }
    };
    let is_drawn = asked.period.days() <= DAYS_DRAWN;
    AnalyticsPage {
        nothing,
        period: bar,
        tiles: Tiles(tiles(&p, found)),
        days: Some(DaysPart { chart: is_drawn.then(|| chart(&p, asked, found)), files: files(DAYS) }),
        parts: breakdowns(&p, asked, found).into_iter().map(part).collect(),
        p,
    }
}

fn tiles(p: &Shell, found: &Analytics) -> Vec<Tile> {
    let tile = |key: &str, count: i64| Tile::new(p.t(key), p.number(count));
    let accepted = found.with_status(Status::Accepted);
    let waiting = found.with_status(Status::Submitted) + found.with_status(Status::InReview);
    let mut tiles = vec![tile("applications-menu", found.applications)];
    tiles.push(tile("applications-menu-applicants", found.applicants));
    tiles.extend(found.new_applicants.map(|count| tile("applications-new-applicants", count)));
    tiles.push(tile("applications-waiting", waiting));
    tiles.push(tile("applications-status-accepted", accepted));
    let decided = accepted + found.with_status(Status::Rejected);
    if decided > 0 {
        let share = (accepted * 200 + decided) / (decided * 2);
        tiles.push(Tile::new(p.t("applications-accepted-share"), p.number(share)).unit("%"));
    }
    tiles
}

/// What of a day stands in its table.
fn day_columns(found: &Analytics) -> Vec<&'static str> {
    let mut columns = vec!["applications-menu", "applications-status-accepted"];
    columns.extend(found.new_applicants.map(|_| "applications-new-applicants"));
    columns
}

fn day_figures(found: &Analytics, counts: &DayCounts) -> Vec<i64> {
    let DayCounts { applications, accepted, new_applicants } = *counts;
    let mut figures = vec![applications, accepted];
    figures.extend(found.new_applicants.map(|_| new_applicants));
    figures
}

fn chart(p: &Shell, asked: &Asked, found: &Analytics) -> DayChart {
    let said = |count: i64| p.t1("applications-found", "count", count);
    let bars = found.days.iter().map(|(day, counts)| {
        let figures = day_figures(found, counts);
        DayBar {
            day: *day,
            height: counts.applications,
            said: said(counts.applications),
            figures: if *counts == DayCounts::default() {
                Vec::new()
            } else {
                figures.into_iter().map(|count| p.number(count)).collect()
            },
            href: if counts.applications > 0 { asked.list(Some(*day), &[]) } else { String::new() },
        }
    });
    let highest = found.days.iter().map(|(_, counts)| counts.applications).max().unwrap_or(0);
    let columns = day_columns(found).into_iter().map(|key| p.t(key)).collect();
    DayChart::new(&p.words, "days-chart", p.t("applications-by-day"), columns, bars.collect())
        .empty(p.t("applications-none-then"))
        .highest(said(highest), said(highest))
}

/// The breakdowns that have something to say.
fn breakdowns(p: &Shell, asked: &Asked, found: &Analytics) -> Vec<Breakdown> {
    let mut all = Vec::new();
    let forms = |FormCounts { form, applications, accepted: _ }: &FormCounts| Share {
        name: form.names.get(p.lang()).to_owned(),
        count: *applications,
        href: asked.list(None, &[("form", &form.code)]),
    };
    let of_forms = found.forms.iter().map(forms).collect();
    all.push(Breakdown { file: "forms", title: p.t("applications-form"), shares: of_forms });
    let status = |(status, count): &(Status, i64)| Share {
        name: p.t(status.text_key()),
        count: *count,
        href: if *count > 0 { asked.list(None, &[("status", status.word())]) } else { String::new() },
    };
    let of_statuses = found.statuses.iter().map(status).collect();
    all.push(Breakdown { file: "statuses", title: p.t("applications-status"), shares: of_statuses });
    for (kind, file, filter) in ITEMS {
        let share = |(item, count): &(Option<Item>, i64)| match item {
            Some(item) => Share {
                name: item.name(p.lang()).to_owned(),
                count: *count,
                href: asked.list(None, &[(filter, &item.id.to_string())]),
            },
            None => unsaid(p, *count),
        };
        let items = found.of_kind(kind);
        if items.iter().any(|(item, _)| item.is_some()) {
            let shares = items.iter().map(share).collect();
            all.push(Breakdown { file, title: p.t(kind.text_key()), shares });
        }
    }
    let plain = |name: Option<&'static str>, count: i64| match name {
        Some(name) => Share { name: p.t(name), count, href: String::new() },
        None => unsaid(p, count),
    };
    if found.genders.iter().any(|(gender, _)| gender.is_some()) {
        let shares =
            found.genders.iter().map(|(gender, count)| plain(gender.map(|one| one.text_key()), *count));
        let shares = shares.collect();
        all.push(Breakdown { file: "genders", title: p.t("applications-gender"), shares });
    }
    if found.ages.iter().any(|(group, _)| group.is_some()) {
        let shares = found.ages.iter().map(|(group, count)| plain(group.map(|one| one.text_key()), *count));
        let shares = shares.collect();
        all.push(Breakdown { file: "ages", title: p.t("applications-age"), shares });
    }
    if found.applications == 0 { Vec::new() } else { all }
}

fn unsaid(p: &Shell, count: i64) -> Share {
    Share { name: p.t("applications-unsaid"), count, href: String::new() }
}

fn days_table(words: &Words, found: &Analytics) -> Table {
    let figures = day_columns(found).into_iter().map(Column::figures);
    let columns = [Column::main("web-chart-day")].into_iter().chain(figures).collect();
    let row = |(day, counts): &(Date, DayCounts)| {
        [Cell::Date(*day)]
            .into_iter()
            .chain(day_figures(found, counts).into_iter().map(Cell::Number))
            .collect()
    };
    Table::of(words, "days", columns, found.days.iter().map(row).collect())
}

fn shares_table(words: &Words, breakdown: &Breakdown) -> Table {
    let columns = vec![Column::main("applications-share-of"), Column::figures("applications-menu")];
    let row = |share: &Share| vec![Cell::text(share.name.clone()), Cell::Number(share.count)];
    Table::of(words, breakdown.file, columns, breakdown.shares.iter().map(row).collect())
}
