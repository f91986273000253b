//! `/applicants`: who applied, what they applied for, and what is done when they ask for their data.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use catalog::{Item, ItemKind};
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Page, Result, Text};
use web::{
    Caller, RowKey,
    pages::{
        Action, Cell, Choice, Column, DetailPage, Empty, Export, Facts, Filter, Go, ListPage, ListQuery,
        Notice, Shell, Table, Tone, asked_page, render,
    },
};

use super::{APPLICANTS, LIST, application::said, words};
use crate::{
    Applicant, ApplicantFilter, Entry, WholeApplicant, WholeApplication, actions,
    api::personal_data_out,
    reads::{self, PersonalApplication},
};

/// What is read for the list.
struct Listed {
    page: Page<WholeApplicant>,
    regions: Vec<Item>,
}

fn listed(ctx: &Ctx, tx: &mut ReadTx, query: &ListQuery) -> Result<Listed> {
    let (by_name, descending) = match query.order(&["name", "created_at"]) {
        Some((word, descending)) => (word == "name", descending),
        None => (false, true),
    };
    let filter = ApplicantFilter {
        text: query.q().unwrap_or_default(),
        region: query.get("region").and_then(|id| Id::parse(id).ok()),
        telegram_id: None,
        by_name,
        descending,
    };
    let page = asked_page(query, |part| reads::applicants(ctx, tx, &filter, part))?;
    Ok(Listed { page, regions: catalog::items::active(ctx, tx, ItemKind::Region)? })
}

/// `GET /applicants`.
pub(super) async fn page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let export = Export::asked(&query);
    if export.is_some() {
        caller.ctx.require(Permission::ReportsExport)?;
    }
    let asked = query.clone();
    let listed = caller.read(move |ctx, tx| listed(ctx, tx, &asked)).await?;
    let p = caller.shell().titled("applications-menu-applicants").lead("applications-applicants-lead");
    let table = table(&p, &query, &listed);
    if let Some(export) = export {
        return Ok(table.download(export, "applicants")?);
    }
    Ok(render(&ListPage::new(p, table)))
}

fn table(p: &Shell, query: &ListQuery, listed: &Listed) -> Table {
    let columns = vec![
        Column::main("applications-applicant").sort("name"),
        Column::new("applications-phone"),
        Column::new("applications-region"),
        Column::new("applications-birth-date").wide(),
        Column::new("applications-gender").wide(),
        Column::new("applications-since").sort("created_at"),
    ];
    let regions = listed.regions.iter().map(|item| Choice::new(item.id.to_string(), item.name(p.lang())));
    let empty = Empty::new("people", p.t("applications-applicants-empty"), p.t("applications-empty-hint"));
    let table = Table::new(&p.words, "applicants", query, columns, &listed.page, |whole| cells(p, whole))
        .search("applications-applicants-search")
        .filter(Filter::select("region", "applications-region", regions.collect()))
        .empty(empty);
    if p.can(Permission::ReportsExport) { table.export(APPLICANTS) } else { table }
}

fn cells(p: &Shell, whole: &WholeApplicant) -> Vec<Cell> {
    let WholeApplicant { applicant, contact: _, region } = whole;
    let username = applicant.username.as_ref().map(|name| format!("@{name}")).unwrap_or_default();
    let name = words::name(p, applicant);
    let sub = if name == username { String::new() } else { username };
    vec![
        Cell::Link { href: format!("{APPLICANTS}/{}", applicant.id), text: name, sub },
        Cell::text(words::phone(applicant)),
        Cell::text(region.as_ref().map(|item| item.name(p.lang()).to_owned()).unwrap_or_default()),
        applicant.birth_date.map_or(Cell::Blank, Cell::Date),
        applicant.gender.map_or(Cell::Blank, |gender| Cell::text(p.t(gender.text_key()))),
        Cell::Time(applicant.created_at),
    ]
}

fn id_of(key: RowKey) -> Result<Id<Applicant>> {
    key.id().ok_or_else(Error::not_found)
}

/// `GET /applicants/{id}`.
pub(super) async fn one_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id = id_of(key)?;
    let personal = caller.read(move |ctx, tx| reads::personal(ctx, tx, id)).await?;
    let p = caller.shell();
    let reads::Personal { applicant: whole, applications } = personal;
    let p = p
        .crumb(APPLICANTS, "applications-menu-applicants")
        .named(words::name(&caller.shell(), &whole.applicant));
    let facts = facts(&p, &whole);
    let table = applications_table(&p, &applications);
    let history = history_table(&p, &applications);
    let applicant = &whole.applicant;
    let data = Action::file(format!("{APPLICANTS}/{id}/personal-data"), p.t("applications-personal-data"))
        .icon("download");
    let question = p.t1("applications-erase-question", "name", words::name(&p, applicant));
    let erase = Action::post(&p, format!("{APPLICANTS}/{id}/erase"), p.t("applications-erase"))
        .danger()
        .icon("trash")
        .confirm(question);
    let gone = applicant.erased_at.map(|at| p.t1("applications-erased-at", "at", p.time(at)));
    let may_erase = p.can(Permission::ApplicationsDelete) && gone.is_none();
    let mut page = DetailPage::new(p).facts(facts).action(data);
    if may_erase {
        page = page.action(erase);
    }
    if let Some(gone) = gone {
        page = page.notice(Notice::new(Tone::Info, gone));
    }
    Ok(render(&page.table("applications-menu", &table).table("applications-history", &history)))
}

fn facts(p: &Shell, whole: &WholeApplicant) -> Facts {
    let WholeApplicant { applicant, contact, region } = whole;
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    let telegram = match (&applicant.username, applicant.telegram_id) {
        (Some(name), Some(id)) => format!("@{name} · {id}"),
        (None, Some(id)) => id.to_string(),
        (Some(name), None) => format!("@{name}"),
        (None, None) => String::new(),
    };
    let facts = Facts::new()
        .text(p.t("applications-first-name"), own(&applicant.first_name))
        .text(p.t("applications-last-name"), own(&applicant.last_name))
        .text(p.t("applications-phone"), words::phone(applicant))
        .text(p.t("applications-email"), own(&applicant.email))
        .text(p.t("applications-telegram"), telegram)
        .text(p.t("applications-gender"), applicant.gender.map(|it| p.t(it.text_key())).unwrap_or_default())
        .text(p.t("applications-birth-date"), applicant.birth_date.map(|it| p.date(it)).unwrap_or_default())
        .text(
            p.t("applications-region"),
            region.as_ref().map(|it| it.name(p.lang()).to_owned()).unwrap_or_default(),
        )
        .text(p.t("applications-language"), contact.lang.name())
        .text(p.t("applications-since"), p.time(applicant.created_at));
    if p.can(Permission::SalesRead) && contact.deleted_at.is_none() {
        facts.link(p.t("applications-contact"), contact.name.clone(), format!("/contacts/{}", contact.number))
    } else {
        facts
    }
}

fn applications_table(p: &Shell, applications: &[PersonalApplication]) -> Table {
    let columns = vec![
        Column::main("applications-form"),
        Column::new("applications-status"),
        Column::new("applications-submitted-at"),
    ];
    let rows = applications.iter().map(|one| {
        let WholeApplication { application, form, .. } = &one.whole;
        vec![
            Cell::Link {
                href: format!("{LIST}/{}", application.number),
                text: form.names.get(p.lang()).to_owned(),
                sub: format!("№ {}", application.number),
            },
            Cell::badge(words::tone(application.status), p.t(application.status.text_key())),
            Cell::Time(application.submitted_at),
        ]
    });
    let empty = Empty::new("clipboard-check", p.t("applications-empty"), String::new());
    Table::of(&p.words, "applications", columns, rows.collect()).empty(empty)
}

/// What became of everything they applied for, the latest first.
fn history_table(p: &Shell, applications: &[PersonalApplication]) -> Table {
    let columns = vec![
        Column::main("applications-what"),
        Column::new("applications-form"),
        Column::new("applications-who"),
        Column::new("applications-when"),
    ];
    let mut entries: Vec<(&WholeApplication, &Entry)> = applications
        .iter()
        .flat_map(|one| one.history.iter().map(move |entry| (&one.whole, entry)))
        .collect();
    entries.sort_by_key(|(_, entry)| std::cmp::Reverse((entry.created_at, entry.id)));
    let rows = entries.into_iter().map(|(whole, entry)| {
        let (what, sub) = said(p, whole, &entry.deed);
        vec![
            Cell::Two(what, sub),
            Cell::text(whole.form.names.get(p.lang())),
            Cell::text(entry.author.clone()),
            Cell::Time(entry.created_at),
        ]
    });
    Table::of(&p.words, "applicant-history", columns, rows.collect())
}

/// `GET /applicants/{id}/personal-data`: a file for whoever asked for it.
pub(super) async fn personal_data(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let id = id_of(key)?;
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let personal = actions::hand_over(ctx, tx, id)?;
        let data = personal_data_out(ctx, tx, personal)?;
        serde_json::to_string_pretty(&data).map_err(Error::internal)
    };
    let json = caller.write(write).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"personal-data.json\""),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, json).into_response())
}

/// `POST /applicants/{id}/erase`.
pub(super) async fn erase(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let id = id_of(key)?;
    caller.write(move |ctx, tx| actions::erase(ctx, tx, id).map(drop)).await?;
    Ok(Go::to(format!("{APPLICANTS}/{id}")).done(&caller.words(), &Text::new("applications-erase-done")))
}
