//! `/surveys/{campaign}`: what was answered, with filters and files of it, and the rates by program and year.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use askama::Template;
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use catalog::Item;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Id, Page, Result};
use web::{
    Caller,
    pages::{
        Action, Badge, Cell, Choice, Column, Empty, Export, Filter, ListQuery, Shell, Table, Tile, Tiles,
        asked_page, render,
    },
};

use super::{LIST, address, campaigns, named, share, tone, year};
use crate::{
    Campaign, Employment, Figures, Response as Answer, ResponseFilter, Student,
    printing::CampaignPaper,
    reads::{self, Cell as Counted},
    roster::COURSE_YEARS,
};

/// What the page shows.
struct Seen {
    campaign: Campaign,
    page: Page<Answer>,
    students: HashMap<Id<Student>, Student>,
    cells: Vec<Counted>,
    items: HashMap<Id<Item>, Item>,
}

#[derive(Template)]
#[template(path = "survey.html")]
struct SurveyPage {
    p: Shell,
    badge: Badge,
    actions: Vec<Action>,
    tiles: Tiles,
    responses: Table,
    programs: Table,
    years: Table,
}

fn filter(query: &ListQuery, campaign: Id<Campaign>) -> ResponseFilter {
    let year = query.get("year").and_then(|word| word.parse().ok());
    ResponseFilter {
        campaign: Some(campaign),
        program: query.get("program").and_then(|word| word.parse().ok()).map(Id::from_uuid),
        course_year: year.filter(|year| COURSE_YEARS.contains(&i64::from(*year))),
        employment: query.get("employment").and_then(|word| word.parse().ok()),
        text: query.q().unwrap_or_default(),
        oldest_first: query.order(&["submitted"]) == Some(("submitted", false)),
    }
}

fn seen(ctx: &Ctx, tx: &mut ReadTx, key: &str, query: &ListQuery) -> Result<Seen> {
    let campaign = named(ctx, tx, key)?;
    let filter = filter(query, campaign.id);
    let page = asked_page(query, |part| reads::responses(ctx, tx, &filter, part))?;
    let mut students = HashMap::new();
    for part in page.results.chunks(STUDENTS_AT_ONCE) {
        let ids: Vec<_> = part.iter().map(|answer| answer.student).collect();
        students.extend(reads::students_by_id(ctx, tx, &ids)?);
    }
    let cells = reads::cells(ctx, tx, campaign.id)?;
    let mut ids: Vec<Id<Item>> = page.results.iter().map(|answer| answer.program).collect();
    ids.extend(cells.iter().map(|cell| cell.program));
    ids.sort_unstable();
    ids.dedup();
    let items = catalog::items::get_many(ctx, tx, &ids)?.into_iter().map(|item| (item.id, item)).collect();
    Ok(Seen { campaign, page, students, cells, items })
}

/// Students read in one statement.
const STUDENTS_AT_ONCE: usize = 500;

/// `GET /surveys/{campaign}`.
pub(super) async fn page(caller: Caller, Path(key): Path<String>, query: ListQuery) -> web::Result<Response> {
    let is_paper = query.get("format") == Some("pdf");
    if is_paper || Export::asked(&query).is_some() {
        caller.ctx.require(Permission::ReportsExport)?;
    }
    if is_paper {
        return paper(&caller, key).await;
    }
    let asked = query.clone();
    let seen = caller.read(move |ctx, tx| seen(ctx, tx, &key, &asked)).await?;
    let p = caller.shell().named(seen.campaign.name(caller.ctx.lang())).crumb(LIST, "surveys-menu");
    let table = responses(&p, &query, &seen);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, &format!("survey-{}", seen.campaign.slug()))?);
    }
    let (tone, state) = campaigns::state(&seen.campaign, caller.ctx.today());
    let href = format!("{}/analytics", address(&seen.campaign));
    let mut actions = vec![Action::link(href, p.t("surveys-analytics")).icon("bar-chart-line")];
    if p.can(Permission::ReportsExport) {
        let href = format!("{}?format=pdf", address(&seen.campaign));
        actions.push(Action::file(href, p.t("surveys-report-pdf")).icon("printer"));
    }
    let all = sum(seen.cells.iter());
    actions.extend(campaigns::actions_of(&p, &seen.campaign, all));
    Ok(render(&SurveyPage {
        badge: Badge::new(tone, p.t(state)),
        actions,
        tiles: Tiles(tiles(&p, all)),
        responses: table,
        programs: by_program(&p, &seen),
        years: by_year(&p, &seen),
        p,
    }))
}

async fn paper(caller: &Caller, key: String) -> web::Result<Response> {
    let paper = caller.read(move |ctx, tx| CampaignPaper::read(ctx, tx, &key)).await?;
    let name = paper.file_name();
    let bytes = paper.pdf(Arc::clone(caller.app.texts()), caller.ctx.lang()).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn sum<'c>(cells: impl Iterator<Item = &'c Counted>) -> Figures {
    cells.fold(Figures::default(), |sum, cell| sum.plus(cell.figures))
}

fn tiles(p: &Shell, all: Figures) -> Vec<Tile> {
    vec![
        Tile::new(p.t("surveys-field-rate"), share(p.lang(), all.rate_permille())),
        Tile::new(p.t("surveys-field-responses"), p.number(all.responses)),
        Tile::new(p.t("surveys-field-roster"), p.number(all.roster)),
        Tile::new(p.t("surveys-field-employed"), share(p.lang(), all.employment_permille())),
    ]
}

fn responses(p: &Shell, query: &ListQuery, seen: &Seen) -> Table {
    let is_file = Export::asked(query).is_some();
    let mut columns = vec![
        Column::main("surveys-field-student"),
        Column::new("surveys-field-program"),
        Column::new("surveys-field-year"),
        Column::new("surveys-field-work"),
        Column::new("surveys-field-company"),
        Column::new("surveys-field-submitted").sort("submitted"),
    ];
    if is_file {
        let more = [
            "surveys-field-student-id",
            "surveys-field-phone",
            "surveys-field-role",
            "surveys-field-hours",
            "surveys-field-salary",
            "surveys-field-help",
            "surveys-field-channels",
            "surveys-field-suggestions",
            "surveys-field-consents",
            "surveys-field-answers",
        ];
        columns.extend(more.map(Column::new));
    }
    let choice =
        |cell: &Counted| seen.items.get(&cell.program).map(|item| (item.name(p.lang()).to_owned(), item.id));
    let programs: BTreeMap<String, Id<Item>> = seen.cells.iter().filter_map(choice).collect();
    let programs = programs.into_iter().map(|(name, id)| Choice::new(id.to_string(), name)).collect();
    let years = COURSE_YEARS
        .map(|number| Choice::new(number.to_string(), year(&p.words, i32::try_from(number).ok())));
    let works = Employment::ALL.iter().map(|status| Choice::new(status.word(), p.t(status.text_key())));
    let empty = Empty::new("clipboard", p.t("surveys-responses-empty"), p.t("surveys-responses-empty-hint"));
    let table = Table::new(&p.words, "responses", query, columns, &seen.page, |answer| {
        let mut cells = cells(p, seen, answer);
        if is_file {
            cells.extend(more_cells(seen, answer));
        }
        cells
    })
    .search("surveys-responses-search")
    .filter(Filter::select("program", "surveys-field-program", programs))
    .filter(Filter::select("year", "surveys-field-year", years.collect()))
    .filter(Filter::select("employment", "surveys-field-work", works.collect()))
    .empty(empty);
    if p.can(Permission::ReportsExport) { table.export(&address(&seen.campaign)) } else { table }
}

fn program(p: &Shell, seen: &Seen, id: Id<Item>) -> String {
    seen.items.get(&id).map(|item| item.name(p.lang()).to_owned()).unwrap_or_default()
}

fn cells(p: &Shell, seen: &Seen, answer: &Answer) -> Vec<Cell> {
    let student = seen.students.get(&answer.student);
    let company = match (&answer.answered.company, &answer.answered.role) {
        (None, None) => Cell::Blank,
        (company, role) => Cell::Two(company.clone().unwrap_or_default(), role.clone().unwrap_or_default()),
    };
    vec![
        Cell::Link {
            href: format!("/students/{}", answer.student),
            text: student.map(Student::called).unwrap_or_default(),
            sub: student.map(|student| student.student_external_id.clone()).unwrap_or_default(),
        },
        Cell::text(program(p, seen, answer.program)),
        Cell::text(year(&p.words, answer.course_year)),
        match answer.answered.employment {
            Some(status) => Cell::badge(tone(status), p.t(status.text_key())),
            None => Cell::Blank,
        },
        company,
        Cell::Time(answer.submitted_at),
    ]
}

/// What a file has beside what the page shows.
fn more_cells(seen: &Seen, answer: &Answer) -> Vec<Cell> {
    let student = seen.students.get(&answer.student);
    let text = |text: &Option<String>| text.as_deref().map_or(Cell::Blank, Cell::text);
    let object = |object: &crate::json::Object| match object.is_empty() {
        true => Cell::Blank,
        false => Cell::text(serde_json::to_string(object).unwrap_or_default()),
    };
    let answered = &answer.answered;
    vec![
        Cell::text(student.map(|student| student.student_external_id.clone()).unwrap_or_default()),
        Cell::text(
            student
                .and_then(|student| student.phone.as_ref())
                .map(|phone| phone.pretty())
                .unwrap_or_default(),
        ),
        text(&answered.role),
        answered.hours_per_week.map_or(Cell::Blank, |hours| Cell::Number(i64::from(hours))),
        answered.salary.map_or(Cell::Blank, Cell::Money),
        text(&answered.help),
        Cell::text(answered.channels.join(", ")),
        text(&answered.suggestions),
        object(&answered.consents),
        object(&answered.answers),
    ]
}

fn figures_columns(first: &'static str) -> Vec<Column> {
    vec![
        Column::main(first),
        Column::figures("surveys-field-rate"),
        Column::figures("surveys-field-responses"),
        Column::figures("surveys-field-roster"),
        Column::figures("surveys-field-employed"),
    ]
}

fn figures_row(p: &Shell, first: Cell, figures: Figures) -> Vec<Cell> {
    vec![
        first,
        Cell::text(share(p.lang(), figures.rate_permille())),
        Cell::Number(figures.responses),
        Cell::Number(figures.roster),
        Cell::text(share(p.lang(), figures.employment_permille())),
    ]
}

fn by_program(p: &Shell, seen: &Seen) -> Table {
    let mut sums: BTreeMap<(String, Id<Item>), Figures> = BTreeMap::new();
    for cell in &seen.cells {
        let sum = sums.entry((program(p, seen, cell.program), cell.program)).or_default();
        *sum = sum.plus(cell.figures);
    }
    let rows = sums.into_iter().map(|((name, id), figures)| {
        let href = format!("{}?program={id}", address(&seen.campaign));
        figures_row(p, Cell::link(href, name), figures)
    });
    Table::of(&p.words, "programs", figures_columns("surveys-field-program"), rows.collect())
}

fn by_year(p: &Shell, seen: &Seen) -> Table {
    let mut sums: BTreeMap<Option<i32>, Figures> = BTreeMap::new();
    for cell in &seen.cells {
        let sum = sums.entry(cell.course_year).or_default();
        *sum = sum.plus(cell.figures);
    }
    let rows = sums.into_iter().map(|(number, figures)| {
        let name = year(&p.words, number);
        let first = match number {
            Some(number) => Cell::link(format!("{}?year={number}", address(&seen.campaign)), name),
            None => Cell::text(name),
        };
        figures_row(p, first, figures)
    });
    Table::of(&p.words, "years", figures_columns("surveys-field-year"), rows.collect())
}
