//! `/bots/{number}/analytics`: who wrote when, where people leave, how long they waited; and files of it.

use std::sync::Arc;

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use context::Permission;
use flow::OutlineKind;
use kernel::{Date, Error};
use web::{
    Caller, RowKey,
    pages::{
        Action, Cell, Choice, Column, DayBar, DayChart, DayRange, Empty, Export, Field, ListQuery, Period,
        PeriodBar, Row, Shell, Table, Tile, Tiles, Words, render, render_with,
    },
};

use super::{bot_crumbs, words};
use crate::{
    Bots, ChannelKind,
    analytics::{self, Asked, Figures, Funnel, FunnelStep},
    store::counted::{DaySums, Questions, Waits},
};

/// Characters of a question that a line shows.
const WORDS_CHARS: usize = 90;

#[derive(Debug, Template)]
#[template(path = "analytics.html")]
struct AnalyticsPage {
    p: Shell,
    actions: Vec<Action>,
    period: PeriodBar,
    tiles: Tiles,
    /// What became of questions to the assistant, when there were any.
    questions: Option<Tiles>,
    chart: DayChart,
    funnels: Vec<FunnelPart>,
    waits: Table,
}

/// A flow as the page shows it.
#[derive(Debug)]
struct FunnelPart {
    name: String,
    came: String,
    worst: Option<String>,
    steps: Vec<StepPart>,
}

#[derive(Debug)]
struct StepPart {
    name: String,
    /// What it is, or that the blueprint has it no more.
    what: String,
    reached: String,
    left: String,
    /// Parts of a hundred of those who came into the flow.
    reached_percent: i64,
    passed_percent: i64,
    is_worst: bool,
}

pub(super) async fn page(caller: Caller, Path(bot): Path<RowKey>, query: ListQuery) -> web::Result<Response> {
    if Export::asked(&query).is_some() {
        caller.ctx.require(Permission::ReportsExport)?;
    }
    let bots: Arc<Bots> = caller.app.service()?;
    let today = caller.ctx.today();
    let (period, wrong) = match Period::asked(&DayRange::asked(&query), today) {
        Ok(period) => (period, None),
        Err(error) => (Period::of_today(today), Some(error)),
    };
    let kind = query.get("channel").and_then(|word| word.parse().ok());
    let asked = Asked { bot, period, kind, lang: caller.ctx.lang() };
    let figures = caller.read(move |ctx, tx| analytics::figures(ctx, tx, &bots, &asked)).await?;
    let p = bot_crumbs(caller.shell().titled("bots-analytics").lead("bots-analytics-lead"), &figures.bot);
    if let Some(export) = Export::asked(&query) {
        let (name, table) = match query.get("of") {
            Some("steps") => ("steps", steps_table(&p.words, &figures)),
            Some("waits") => ("waits", waits_table(&p.words, &figures)),
            _ => ("days", days_table(&p.words, &figures)),
        };
        return Ok(table.download(export, &format!("bot-{}-{name}", figures.bot.number))?);
    }
    let page = shown(p, &figures, &query, (period, today), kind, wrong.as_ref());
    Ok(match wrong {
        None => render(&page),
        Some(_) => render_with(StatusCode::UNPROCESSABLE_ENTITY, &page),
    })
}

fn shown(
    p: Shell,
    figures: &Figures,
    query: &ListQuery,
    (period, today): (Period, Date),
    kind: Option<ChannelKind>,
    wrong: Option<&Error>,
) -> AnalyticsPage {
    let path = format!("/bots/{}/analytics", figures.bot.number);
    let word = kind.map(ChannelKind::word).unwrap_or_default();
    let mut choices = vec![Choice::new("", p.t("bots-analytics-people"))];
    choices
        .extend(ChannelKind::ALL.iter().map(|kind| Choice::new(kind.word(), words::kind(&p.words, *kind))));
    let bar = PeriodBar::new(&p, path.clone(), period, today, query, wrong).with(
        "channel",
        word,
        Field::select("channel", "bots-channel", choices),
    );
    let mut actions = Vec::new();
    if p.can(Permission::ReportsExport) {
        for (of, text) in [
            ("days", "bots-analytics-file-days"),
            ("steps", "bots-analytics-file-steps"),
            ("waits", "bots-analytics-file-waits"),
        ] {
            let href = format!("{path}{}&channel={word}&of={of}&format=csv", period.query());
            actions.push(Action::file(href, p.t(text)));
        }
    }
    AnalyticsPage {
        period: bar,
        actions,
        tiles: Tiles(tiles(&p, figures)),
        questions: questions(&p, figures.sums.questions),
        chart: chart(&p.words, &figures.days),
        funnels: figures.funnels.iter().map(|funnel| funnel_part(&p, funnel)).collect(),
        waits: waits_table(&p.words, figures),
        p,
    }
}

fn tiles(p: &Shell, figures: &Figures) -> Vec<Tile> {
    let Figures { people, sums, waits, .. } = figures;
    let DaySums { new, active, with_staff, heard, said, answered, questions: _ } = sums;
    let tile = |key: &str, count: i64| Tile::new(p.t(key), p.number(count));
    let mut tiles = vec![
        tile("bots-analytics-all", *people),
        tile("bots-analytics-new", *new),
        tile("bots-analytics-active", *active),
        tile("bots-analytics-heard", *heard),
        tile("bots-analytics-said", *said),
        tile("bots-analytics-answered", *answered),
    ];
    if *active > 0 {
        let alone = percent(active - with_staff, *active);
        tiles.push(Tile::new(p.t("bots-analytics-alone"), p.number(alone)).unit("%"));
    }
    if waits.count > 0 {
        tiles.push(Tile::new(p.t("bots-analytics-wait"), duration(&p.words, waits.median_ms)));
    }
    tiles
}

/// What answered the questions, each with its part of a hundred.
fn questions(p: &Shell, questions: Questions) -> Option<Tiles> {
    let Questions { asked, by_model, by_knowledge, by_small_talk } = questions;
    if asked == 0 {
        return None;
    }
    let part = |key: &str, count: i64| {
        let share = p.t1("bots-analytics-share", "percent", percent(count, asked));
        Tile::new(p.t(key), p.number(count)).unit(share)
    };
    Some(Tiles(vec![
        Tile::new(p.t("bots-analytics-asked"), p.number(asked)),
        part("bots-analytics-by-model", by_model),
        part("bots-analytics-by-knowledge", by_knowledge),
        part("bots-analytics-by-small-talk", by_small_talk),
        part("bots-analytics-unanswered", questions.unanswered()),
    ]))
}

/// Hundredths, the half of one rounded up.
const fn percent(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { (part * 200 + whole) / (whole * 2) }
}

/// `45 s`, `3 min 20 s`, `2 h 5 min`.
fn duration(words: &Words, millis: i64) -> String {
    let seconds = (millis + 500) / 1_000;
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let part = |key: &'static str, count: i64| words.t1(key, "count", count);
    let (seconds, minutes) = (part("bots-duration-seconds", rest), part("bots-duration-minutes", minutes));
    match (hours, millis >= 59_500) {
        (0, false) => seconds,
        (0, true) => format!("{minutes} {seconds}"),
        _ => format!("{} {minutes}", part("bots-duration-hours", hours)),
    }
}

fn chart(words: &Words, days: &[(Date, DaySums)]) -> DayChart {
    let highest = days.iter().map(|(_, sums)| sums.active).max().unwrap_or(0);
    let bars = days.iter().map(|(day, sums)| {
        let DaySums { new, active, with_staff: _, heard, said, answered, questions: _ } = *sums;
        let figures = [active, new, heard, said, answered].map(|count| words.number(count)).to_vec();
        DayBar {
            day: *day,
            height: active,
            said: words.t1("bots-analytics-people-count", "count", active),
            figures: if *sums == DaySums::default() { Vec::new() } else { figures },
            href: String::new(),
        }
    });
    let columns = DAY_COLUMNS.map(|key| words.t(key)).to_vec();
    let said = words.t1("bots-analytics-people-count", "count", highest);
    DayChart::new(words, "active", words.t("bots-analytics-chart"), columns, bars.collect())
        .empty(words.t("bots-analytics-none"))
        .highest(said.clone(), said)
}

const DAY_COLUMNS: [&str; 5] = [
    "bots-analytics-active",
    "bots-analytics-new",
    "bots-analytics-heard",
    "bots-analytics-said",
    "bots-analytics-answered",
];

const QUESTION_COLUMNS: [&str; 4] = [
    "bots-analytics-asked",
    "bots-analytics-by-model",
    "bots-analytics-by-knowledge",
    "bots-analytics-by-small-talk",
];

/// What a step is called: what it asks or does; its own name where there are no words for that.
fn step_name(words: &Words, step: &FunnelStep) -> String {
    let words = step.known.as_ref().map(|known| match known.kind {
        OutlineKind::Question => known.words.split_whitespace().collect::<Vec<_>>().join(" "),
        OutlineKind::Action => action_name(words, &known.words),
        OutlineKind::Handover => words.t("bots-analytics-handover"),
    });
    let words: Option<String> = words.map(|words| match words.chars().count() > WORDS_CHARS {
        true => words.chars().take(WORDS_CHARS).chain(['…']).collect(),
        false => words,
    });
    words.filter(|words| !words.is_empty()).unwrap_or_else(|| step.sums.step.clone())
}

/// What an action does; nothing for one that has no words.
fn action_name(words: &Words, action: &str) -> String {
    let key = format!("bots-graph-action-{action}");
    let name = words.t(&key);
    if name == key { String::new() } else { name }
}

fn step_kind(words: &Words, step: &FunnelStep) -> String {
    let Some(known) = &step.known else { return words.t("bots-analytics-gone") };
    match known.kind {
        OutlineKind::Question if known.is_home => words.t("bots-analytics-home"),
        OutlineKind::Question => words.t("bots-analytics-question"),
        OutlineKind::Action => words.t("bots-analytics-action"),
        OutlineKind::Handover => words.t("bots-analytics-handover"),
    }
}

fn funnel_part(p: &Shell, funnel: &Funnel) -> FunnelPart {
    let worst = funnel.worst();
    let said = worst.map(|step| {
        let text = kernel::Text::new("bots-analytics-worst").with("step", step_name(&p.words, step));
        p.say(&text.with("count", step.left()))
    });
    let steps = funnel.steps.iter().map(|step| StepPart {
        name: step_name(&p.words, step),
        what: format!("{} · {}", step_kind(&p.words, step), step.sums.step),
        reached: p.number(step.sums.reached),
        left: p.number(step.left()),
        reached_percent: percent(step.sums.reached, funnel.came),
        passed_percent: percent(step.sums.passed, funnel.came),
        is_worst: worst == Some(step),
    });
    FunnelPart {
        name: funnel.flow.clone(),
        came: p.t1("bots-analytics-came", "count", funnel.came),
        worst: said,
        steps: steps.collect(),
    }
}

fn days_table(words: &Words, figures: &Figures) -> Table {
    let columns = [Column::main("web-chart-day")]
        .into_iter()
        .chain(DAY_COLUMNS.map(Column::figures))
        .chain(QUESTION_COLUMNS.map(Column::figures));
    let row = |(day, sums): &(Date, DaySums)| -> Row {
        let DaySums { new, active, with_staff: _, heard, said, answered, questions } = *sums;
        let Questions { asked, by_model, by_knowledge, by_small_talk } = questions;
        let figures = [active, new, heard, said, answered, asked, by_model, by_knowledge, by_small_talk];
        [Cell::Date(*day)].into_iter().chain(figures.map(Cell::Number)).collect()
    };
    Table::of(words, "days", columns.collect(), figures.days.iter().map(row).collect())
}

fn steps_table(words: &Words, figures: &Figures) -> Table {
    let columns = vec![
        Column::new("bots-analytics-flow"),
        Column::main("bots-analytics-step"),
        Column::new("bots-analytics-words"),
        Column::figures("bots-analytics-reached"),
        Column::figures("bots-analytics-passed"),
        Column::figures("bots-analytics-left"),
    ];
    let rows = figures.funnels.iter().flat_map(|funnel| {
        funnel.steps.iter().map(|step| {
            vec![
                Cell::text(funnel.flow.clone()),
                Cell::text(step.sums.step.clone()),
                Cell::text(step_name(words, step)),
                Cell::Number(step.sums.reached),
                Cell::Number(step.sums.passed),
                Cell::Number(step.left()),
            ]
        })
    });
    Table::of(words, "steps", columns, rows.collect())
}

fn waits_table(words: &Words, figures: &Figures) -> Table {
    let columns = vec![
        Column::main("bots-analytics-who"),
        Column::figures("bots-analytics-answers"),
        Column::figures("bots-analytics-median"),
        Column::figures("bots-analytics-p90"),
    ];
    let everybody = (words.t("bots-analytics-everybody"), figures.waits.clone());
    let all = figures.authors.iter().cloned().chain((figures.authors.len() > 1).then_some(everybody));
    let rows = all.map(|(name, Waits { count, median_ms, p90_ms })| {
        vec![
            Cell::text(name),
            Cell::Number(count),
            Cell::text(duration(words, median_ms)),
            Cell::text(duration(words, p90_ms)),
        ]
    });
    let empty =
        Empty::new("clock", words.t("bots-analytics-waits-none"), words.t("bots-analytics-waits-hint"));
    Table::of(words, "waits", columns, rows.collect()).empty(empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_to_the_nearest_hundredth_and_never_divides_by_nothing() {
        for (part, whole, expected) in
            [(0, 0, 0), (0, 3, 0), (1, 3, 33), (2, 3, 67), (1, 200, 1), (3, 3, 100)]
        {
            assert_eq!(percent(part, whole), expected, "{part} of {whole}");
        }
    }
}
