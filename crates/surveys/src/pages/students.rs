//! `/students`: who answers; one of them with everything they answered, and what they may ask for.

use std::collections::HashMap;

use askama::{Template, filters::HtmlSafe};
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use catalog::{Item, ItemKind};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Page, Result, Text};
use serde_json::Value;
use web::{
    Caller, RowKey,
    pages::{
        Action, Badge, Cell, Choice, Column, DetailPage, Empty, Export, Facts, Filter, Go, ListPage,
        ListQuery, Shell, Table, Tone, asked_page, render,
    },
};

use super::{tone, year};
use crate::{
    Answered, Campaign, Change, Entry, Response as Answer, Student, StudentFilter, actions, json::Object,
    reads, store,
};

/// The address of the students.
const STUDENTS: &str = "/students";
/// Characters of a value that a line of history shows.
const VALUE_CHARS: usize = 80;

fn id_of(key: RowKey) -> Result<Id<Student>> {
    key.id().ok_or_else(Error::not_found)
}

type Items = HashMap<Id<Item>, Item>;

fn items(ctx: &Ctx, tx: &mut ReadTx, ids: impl Iterator<Item = Id<Item>>) -> Result<Items> {
    let mut ids: Vec<Id<Item>> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(catalog::items::get_many(ctx, tx, &ids)?.into_iter().map(|item| (item.id, item)).collect())
}

/// `GET /students`.
pub(super) async fn page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    if Export::asked(&query).is_some() {
        caller.ctx.require(Permission::ReportsExport)?;
    }
    let asked = query.clone();
    let (page, known, regions) = caller
        .read(move |ctx, tx| {
            let filter = StudentFilter {
                text: asked.q().unwrap_or_default(),
                region: asked.get("region").and_then(|word| word.parse().ok()),
                telegram_user_id: None,
            };
            let page = asked_page(&asked, |part| reads::students(ctx, tx, &filter, part))?;
            let known = items(ctx, tx, page.results.iter().filter_map(|student| student.region))?;
            Ok((page, known, catalog::items::active(ctx, tx, ItemKind::Region)?))
        })
        .await?;
    let p = caller.shell().titled("surveys-menu-students").lead("surveys-students-lead");
    let table = table(&p, &query, &page, &known, &regions);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "students")?);
    }
    Ok(render(&ListPage::new(p, table)))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Student>, known: &Items, regions: &[Item]) -> Table {
    let columns = vec![
        Column::main("surveys-field-student"),
        Column::new("surveys-field-student-id"),
        Column::new("surveys-field-phone"),
        Column::new("surveys-field-region"),
        Column::new("surveys-field-telegram").wide(),
        Column::new("surveys-field-updated").wide(),
    ];
    let choices = regions.iter().map(|item| Choice::new(item.id.to_string(), item.name(p.lang()))).collect();
    let empty = Empty::new("person-badge", p.t("surveys-students-empty"), p.t("surveys-students-empty-hint"));
    let table = Table::new(&p.words, "students", query, columns, page, |student| {
        let region = student.region.and_then(|id| known.get(&id));
        vec![
            Cell::link(format!("{STUDENTS}/{}", student.id), student.called()),
            Cell::text(&student.student_external_id),
            student.phone.as_ref().map_or(Cell::Blank, |phone| Cell::text(phone.pretty())),
            region.map_or(Cell::Blank, |item| Cell::text(item.name(p.lang()))),
            student.username.as_ref().map_or(Cell::Blank, |name| Cell::text(format!("@{name}"))),
            Cell::Time(student.updated_at),
        ]
    })
    .search("surveys-students-search")
    .filter(Filter::select("region", "surveys-field-region", choices))
    .empty(empty);
    if p.can(Permission::ReportsExport) { table.export(STUDENTS) } else { table }
}

/// One answer with what became of it.
struct Told {
    answer: Answer,
    history: Vec<Entry>,
}

/// What the page of a student shows.
struct Seen {
    student: Student,
    answers: Vec<Told>,
    campaigns: Vec<Campaign>,
    items: Items,
}

fn seen(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Seen> {
    let student = reads::student(ctx, tx, id_of(key)?)?;
    let mut answers = Vec::new();
    for answer in reads::responses_of(ctx, tx, student.id)? {
        let history = reads::history(ctx, tx, answer.id)?;
        answers.push(Told { answer, history });
    }
    let named = answers.iter().map(|told| told.answer.program).chain(student.region);
    let items = items(ctx, tx, named.collect::<Vec<_>>().into_iter())?;
    Ok(Seen { student, answers, campaigns: store::campaign::list(ctx, tx)?, items })
}

/// What was answered in one campaign, and the lines of its history.
#[derive(Template)]
#[template(path = "answer.html")]
struct AnswerPart {
    title: String,
    href: String,
    badge: Option<Badge>,
    facts: Facts,
    history_title: String,
    lines: Vec<Line>,
}
impl HtmlSafe for AnswerPart {}

/// A line of history.
struct Line {
    at: String,
    words: String,
    changes: Vec<String>,
}

/// All answers, one after another.
#[derive(Template)]
#[template(path = "answers.html")]
struct Answers {
    answers: Vec<AnswerPart>,
}
impl HtmlSafe for Answers {}

/// `GET /students/{id}`.
pub(super) async fn student_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let seen = caller.read(move |ctx, tx| seen(ctx, tx, key)).await?;
    let p = caller.shell().named(seen.student.called()).crumb(STUDENTS, "surveys-menu-students");
    let mut page = DetailPage::new(p.clone()).facts(facts(&p, &seen));
    if seen.student.erased_at.is_some() {
        page = page.badge(Badge::new(Tone::Plain, p.t("surveys-deed-erased")));
    }
    for action in actions_of(&p, &seen.student) {
        page = page.action(action);
    }
    let answers = seen.answers.iter().map(|told| part(&p, &seen, told)).collect();
    Ok(render(&page.part("surveys-responses", &Answers { answers })))
}

fn actions_of(p: &Shell, student: &Student) -> Vec<Action> {
    let at = |what: &str| format!("{STUDENTS}/{}/{what}", student.id);
    let mut actions = Vec::new();
    let is_tied = student.telegram_user_id.is_some() || student.contact.is_some();
    if p.can(Permission::SurveysEdit) && is_tied {
        let release = Action::post(p, at("release"), p.t("surveys-release")).icon("arrow-repeat");
        actions.push(release.confirm(p.t("surveys-release-question")));
    }
    if p.can(Permission::SurveysDelete) {
        actions.push(Action::file(at("personal-data"), p.t("surveys-export-person")).icon("download"));
        let erase = Action::post(p, at("erase"), p.t("surveys-erase")).danger().icon("trash");
        actions.push(erase.confirm(p.t1("surveys-erase-question", "name", student.called())));
    }
    actions
}

fn facts(p: &Shell, seen: &Seen) -> Facts {
    let student = &seen.student;
    let mut facts = Facts::new().text(p.t("surveys-field-student-id"), &student.student_external_id);
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            facts = std::mem::take(&mut facts).text(p.t(key), value);
        }
    };
    add("surveys-field-phone", student.phone.as_ref().map(|phone| phone.pretty()));
    add("surveys-field-gender", student.gender.map(|gender| p.t(gender.text_key())));
    let region = student.region.and_then(|id| seen.items.get(&id));
    add("surveys-field-region", region.map(|item| item.name(p.lang()).to_owned()));
    let telegram = student.telegram_user_id.map(|id| id.to_string());
    let username = student.username.as_ref().map(|name| format!("@{name}"));
    add("surveys-field-telegram", username.or(telegram));
    add("surveys-field-language", student.lang.map(|lang| lang.name().to_owned()));
    add("surveys-field-updated", Some(p.time(student.updated_at)));
    facts
}

fn part(p: &Shell, seen: &Seen, told: &Told) -> AnswerPart {
    let Told { answer, history } = told;
    let campaign = seen.campaigns.iter().find(|campaign| campaign.id == answer.campaign);
    let status = answer.answered.employment;
    AnswerPart {
        title: campaign.map(|campaign| campaign.name(p.lang()).to_owned()).unwrap_or_default(),
        href: campaign.map(super::address).unwrap_or_default(),
        badge: status.map(|status| Badge::new(tone(status), p.t(status.text_key()))),
        facts: answered(p, seen, answer),
        history_title: p.t("surveys-history"),
        lines: history.iter().map(|entry| line(p, entry)).collect(),
    }
}

fn answered(p: &Shell, seen: &Seen, answer: &Answer) -> Facts {
    let Answered {
        employment: _,
        company,
        role,
        hours_per_week,
        salary,
        help,
        suggestions,
        consents,
        channels,
        answers,
    } = &answer.answered;
    let program = seen.items.get(&answer.program).map(|item| item.name(p.lang()).to_owned());
    let mut facts = Facts::new()
        .text(p.t("surveys-field-program"), program.unwrap_or_default())
        .text(p.t("surveys-field-year"), year(&p.words, answer.course_year));
    let channels = Some(channels.join(", ")).filter(|channels| !channels.is_empty());
    for (key, value) in [
        ("surveys-field-company", company.clone()),
        ("surveys-field-role", role.clone()),
        ("surveys-field-hours", hours_per_week.map(|hours| hours.to_string())),
        ("surveys-field-salary", salary.map(|salary| p.money(salary))),
        ("surveys-field-help", help.clone()),
        ("surveys-field-channels", channels),
        ("surveys-field-suggestions", suggestions.clone()),
        ("surveys-field-consents", object(consents)),
        ("surveys-field-answers", object(answers)),
        ("surveys-field-submitted", Some(p.time(answer.submitted_at))),
    ] {
        if let Some(value) = value {
            facts = facts.text(p.t(key), value);
        }
    }
    facts
}

fn object(object: &Object) -> Option<String> {
    let pairs: Vec<String> = object.iter().map(|(key, value)| format!("{key}: {}", plain(value))).collect();
    Some(pairs.join("; ")).filter(|pairs| !pairs.is_empty())
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.is_empty() => "—".to_owned(),
        Value::Object(map) if map.is_empty() => "—".to_owned(),
        other => other.to_string(),
    }
}

/// The name of a field as people read it.
fn field_key(field: &str) -> &'static str {
    match field {
        "program" => "surveys-field-program",
        "course_year" => "surveys-field-year",
        "employment_status" => "surveys-field-work",
        "employment_company" => "surveys-field-company",
        "employment_role" => "surveys-field-role",
        "hours_per_week" => "surveys-field-hours",
        "salary" => "surveys-field-salary",
        "help" => "surveys-field-help",
        "suggestions" => "surveys-field-suggestions",
        "consents" => "surveys-field-consents",
        "channels" => "surveys-field-channels",
        _ => "surveys-field-answers",
    }
}

fn line(p: &Shell, entry: &Entry) -> Line {
    let value = |field: &str, value: &Value| match (field, value.as_str()) {
        ("employment_status", Some("employed")) => p.t("surveys-employed"),
        ("employment_status", Some("unemployed")) => p.t("surveys-unemployed"),
        _ => plain(value).chars().take(VALUE_CHARS).collect(),
    };
    let change = |Change { field, from, to }: &Change| {
        format!("{}: {} → {}", p.t(field_key(field)), value(field, from), value(field, to))
    };
    let by = Some(entry.author.as_str()).filter(|author| !author.is_empty());
    let words = p.t(entry.deed.text_key());
    Line {
        at: p.time(entry.at),
        words: by.map_or_else(|| words.clone(), |by| format!("{words} · {by}")),
        changes: entry.changes.iter().map(change).collect(),
    }
}

/// `POST /students/{id}/release`.
pub(super) async fn release(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::release_student(ctx, tx, id).map(drop)).await?;
    Ok(Go::to(format!("{STUDENTS}/{id}")).done(&caller.words(), &Text::new("surveys-released")))
}

/// `GET /students/{id}/personal-data`: everything that is known of them, as a file.
pub(super) async fn export(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id = id_of(key)?;
    let whole = caller.write(move |ctx, tx| actions::export_student(ctx, tx, id)).await?;
    let bytes = serde_json::to_vec_pretty(&whole).map_err(Error::internal)?;
    let kind = HeaderValue::from_static("application/json");
    let name = HeaderValue::try_from(format!("attachment; filename=\"student-{id}.json\""))
        .map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

/// `POST /students/{id}/erase`.
pub(super) async fn erase(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::erase_student(ctx, tx, id).map(drop)).await?;
    Ok(Go::to(format!("{STUDENTS}/{id}")).done(&caller.words(), &Text::new("surveys-erased")))
}
