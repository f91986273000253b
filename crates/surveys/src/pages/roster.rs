//! `/surveys/{campaign}/roster`: who is asked, and files that say so: upload, progress, what is wrong in their rows.

use std::collections::HashMap;

use askama::{Template, filters::HtmlSafe};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use catalog::Item;
use context::{Ctx, Permission};
use db::ReadTx;
use jobs::Job;
use kernel::{Error, Id, Kind, Page, PageRequest, Result, Text};
use web::{
    Caller, RowKey, Upload,
    pages::{
        Action, Badge, Cell, Column, DetailPage, Empty, Facts, Field, Form, Go, ListQuery, Notice, Shell,
        Table, Tone, render, render_with,
    },
};

use super::{LIST, address, named, year};
use crate::{
    Campaign, Import, ImportState, RosterRow, RowProblem,
    actions::{get_import, may_import},
    download::problems_file,
    reads,
    upload::{Brought, take_in},
};

/// Imports that the page of a roster shows.
const IMPORTS_SHOWN: u32 = 5;
/// Problems that a page shows; all that are kept stand in the file.
const PROBLEMS_SHOWN: usize = 100;

/// What the page shows.
struct Seen {
    campaign: Campaign,
    rows: Page<RosterRow>,
    items: HashMap<Id<Item>, Item>,
    imports: Vec<Import>,
}

fn seen(ctx: &Ctx, tx: &mut ReadTx, key: &str, query: &ListQuery) -> Result<Seen> {
    let campaign = named(ctx, tx, key)?;
    let rows = reads::roster(ctx, tx, campaign.id, &query.q().unwrap_or_default(), query.page())?;
    let mut ids: Vec<Id<Item>> = rows.results.iter().map(|row| row.program).collect();
    ids.sort_unstable();
    ids.dedup();
    let items = catalog::items::get_many(ctx, tx, &ids)?.into_iter().map(|item| (item.id, item)).collect();
    let imports = match ctx.may(Permission::SurveysEdit) {
        true => reads::imports(ctx, tx, campaign.id, PageRequest::new(1, IMPORTS_SHOWN))?.results,
        false => Vec::new(),
    };
    Ok(Seen { campaign, rows, items, imports })
}

/// `GET /surveys/{campaign}/roster`.
pub(super) async fn page(caller: Caller, Path(key): Path<String>, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let seen = caller.read(move |ctx, tx| seen(ctx, tx, &key, &asked)).await?;
    Ok(render(&shown(caller.shell(), &query, &seen, false, None)))
}

fn shown(p: Shell, query: &ListQuery, seen: &Seen, deactivates: bool, error: Option<&Error>) -> DetailPage {
    let Seen { campaign, rows: _, items: _, imports } = seen;
    let name = campaign.name(p.lang()).to_owned();
    let p = p
        .titled("surveys-roster")
        .lead("surveys-roster-lead")
        .crumb(LIST, "surveys-menu")
        .crumb_named(address(campaign), name);
    let mut page = DetailPage::new(p.clone());
    if p.can(Permission::SurveysEdit) {
        let form = Form::new(&p, format!("{}/roster", address(campaign)))
            .error(error)
            .field(
                Field::file("file", "surveys-field-file", ".csv,.txt,.tsv,.xlsx,.json")
                    .required()
                    .help("surveys-file-help"),
            )
            .field(
                Field::check("deactivate_missing", "surveys-field-deactivate")
                    .checked(deactivates)
                    .help("surveys-deactivate-help"),
            )
            .submit("surveys-bring")
            .submit_icon("upload");
        page = page.part("surveys-bring", &form);
    }
    if !imports.is_empty() {
        page = page.table("surveys-imports", &imports_table(&p, campaign, imports));
    }
    page.table("surveys-roster", &roster_table(&p, query, seen))
}

fn imports_table(p: &Shell, campaign: &Campaign, imports: &[Import]) -> Table {
    let columns = vec![
        Column::main("surveys-field-file"),
        Column::new("surveys-field-state"),
        Column::figures("surveys-field-created"),
        Column::figures("surveys-field-changed"),
        Column::figures("surveys-field-wrong"),
        Column::new("surveys-field-when").wide(),
    ];
    let row = |import: &Import| {
        vec![
            Cell::Link {
                href: format!("{}/roster/{}", address(campaign), import.id),
                text: import.filename.clone(),
                sub: import.created_by.clone(),
            },
            Cell::badge(tone(import.state), p.t(import.state.text_key())),
            Cell::Number(import.created_count),
            Cell::Number(import.updated_count),
            Cell::Number(import.wrong_count),
            Cell::Time(import.created_at),
        ]
    };
    Table::of(&p.words, "imports", columns, imports.iter().map(row).collect())
}

const fn tone(state: ImportState) -> Tone {
    match state {
        ImportState::Waiting | ImportState::Checking | ImportState::Applying => Tone::Info,
        ImportState::Done => Tone::Success,
        ImportState::Refused => Tone::Warning,
        ImportState::Failed => Tone::Error,
    }
}

fn roster_table(p: &Shell, query: &ListQuery, seen: &Seen) -> Table {
    let columns = vec![
        Column::main("surveys-field-student-id"),
        Column::new("surveys-field-program"),
        Column::new("surveys-field-year"),
        Column::new("surveys-field-state"),
        Column::new("surveys-field-metadata").wide(),
    ];
    let empty = Empty::new("people", p.t("surveys-roster-empty"), p.t("surveys-roster-empty-hint"));
    Table::new(&p.words, "roster", query, columns, &seen.rows, |row| {
        let program = seen.items.get(&row.program).map(|item| item.name(p.lang()).to_owned());
        let about = row.metadata.iter().map(|(key, value)| match value {
            serde_json::Value::String(text) => format!("{key}: {text}"),
            other => format!("{key}: {other}"),
        });
        let (tone, state) = match row.is_active {
            true => (Tone::Success, "surveys-row-active"),
            false => (Tone::Plain, "surveys-row-inactive"),
        };
        vec![
            Cell::text(&row.student_external_id),
            Cell::text(program.unwrap_or_default()),
            Cell::text(year(&p.words, row.course_year)),
            Cell::badge(tone, p.t(state)),
            Cell::text(about.collect::<Vec<_>>().join("; ")),
        ]
    })
    .search("surveys-roster-search")
    .empty(empty)
}

/// `POST /surveys/{campaign}/roster`.
pub(super) async fn bring(caller: Caller, Path(key): Path<String>, upload: Upload) -> web::Result<Response> {
    may_import(&caller.ctx)?;
    let query = ListQuery::default();
    let (own, asked) = (key.clone(), query.clone());
    let seen = caller.read(move |ctx, tx| seen(ctx, tx, &own, &asked)).await?;
    let deactivates = upload.get("deactivate_missing") == "true";
    let brought = Brought {
        campaign: seen.campaign.code.clone(),
        deactivates_missing: deactivates,
        filename: upload.filename,
        bytes: upload.bytes,
    };
    match take_in(&caller, brought).await {
        Ok(id) => {
            let go = Go::to(format!("{}/roster/{id}", address(&seen.campaign)));
            Ok(go.done(&caller.words(), &Text::new("surveys-import-taken")).into_response())
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::TooMuch { .. }) => {
            let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(render_with(status, &shown(caller.shell(), &query, &seen, deactivates, Some(&error))))
        }
        Err(error) => Err(error.into()),
    }
}

/// How far the job is; asks again every second.
#[derive(Template)]
#[template(path = "progress.html")]
struct Progress {
    address: String,
    done: i64,
    total: i64,
    words: String,
}
impl HtmlSafe for Progress {}

type Known = (Campaign, Import, Option<Job>);

async fn known(caller: &Caller, key: String, import: RowKey) -> Result<Known> {
    caller
        .read(move |ctx, tx| {
            let id: Id<Import> = import.id().ok_or_else(Error::not_found)?;
            let (import, job) = get_import(ctx, tx, id)?;
            let campaign = named(&ctx_reading(ctx), tx, &key)?;
            if import.campaign == campaign.id { Ok((campaign, import, job)) } else { Err(Error::not_found()) }
        })
        .await
}

/// Whoever may bring a roster sees whose it is.
fn ctx_reading(ctx: &Ctx) -> Ctx {
    ctx.with(|ctx| ctx.permissions = ctx.permissions.with(Permission::SurveysRead))
}

/// `GET /surveys/{campaign}/roster/{import}`.
pub(super) async fn import_page(
    caller: Caller,
    Path((key, import)): Path<(String, RowKey)>,
) -> web::Result<Response> {
    let (campaign, import, job) = known(&caller, key, import).await?;
    let state = import.state_with(job.as_ref());
    let lang = caller.ctx.lang();
    let back = format!("{}/roster", address(&campaign));
    let p = caller
        .shell()
        .named(import.filename.clone())
        .crumb(LIST, "surveys-menu")
        .crumb_named(address(&campaign), campaign.name(lang))
        .crumb(back.clone(), "surveys-roster");
    let badge = Badge::new(tone(state), p.t(state.text_key()));
    let mut page = DetailPage::new(p.clone()).badge(badge).facts(facts(&p, &import));
    if import.wrong_count > 0 {
        let href = format!("{back}/{}/errors.csv", import.id);
        page = page.action(Action::file(href, p.t("surveys-errors-file")).icon("download"));
    }
    if let Some(refusal) = &import.refusal {
        page = page.notice(Notice::new(Tone::Error, p.say(refusal)));
    } else if state == ImportState::Failed {
        page = page.notice(Notice::new(Tone::Error, p.t("surveys-import-failed-hint")));
    }
    if !state.is_ended() {
        let (done, total) = job.as_ref().map_or((0, 0), |job| (job.progress_done, job.progress_total));
        let words = p.say(&Text::new("surveys-progress").with("done", done).with("total", total));
        let address = format!("{back}/{}", import.id);
        page = page.part(state.text_key(), &Progress { address, done, total: total.max(1), words });
    }
    if !import.problems.is_empty() {
        page = page.table("surveys-problems", &problems_table(&p, &import));
    }
    Ok(render(&page))
}

fn facts(p: &Shell, import: &Import) -> Facts {
    let count = |facts: Facts, key: &str, count: i64| facts.text(p.t(key), p.number(count));
    let mut facts = Facts::new();
    for (key, number) in [
        ("surveys-field-rows", import.row_count),
        ("surveys-field-created", import.created_count),
        ("surveys-field-changed", import.updated_count),
        ("surveys-field-unchanged", import.unchanged_count),
        ("surveys-field-wrong", import.wrong_count),
    ] {
        facts = count(facts, key, number);
    }
    if import.deactivates_missing {
        facts = count(facts, "surveys-field-deactivated", import.deactivated_count);
    }
    facts
        .text(p.t("surveys-field-by"), &import.created_by)
        .text(p.t("surveys-field-when"), p.time(import.created_at))
}

fn problems_table(p: &Shell, import: &Import) -> Table {
    let columns = vec![
        Column::figures("surveys-field-row"),
        Column::main("surveys-field-problem"),
        Column::new("surveys-field-column"),
    ];
    let row = |problem: &RowProblem| {
        let RowProblem { row, column, text } = problem;
        vec![Cell::Number(i64::from(*row)), Cell::text(p.say(text)), Cell::text(column)]
    };
    let rows = import.problems.iter().take(PROBLEMS_SHOWN).map(row);
    Table::of(&p.words, "problems", columns, rows.collect())
}

/// `GET /surveys/{campaign}/roster/{import}/errors.csv`.
pub(super) async fn errors(
    caller: Caller,
    Path((key, import)): Path<(String, RowKey)>,
) -> web::Result<Response> {
    let (_, import, _) = known(&caller, key, import).await?;
    Ok(problems_file(&caller.words(), &import)?)
}
