//! `/api/v1/applications`: what the staff sees of applications and does with them.

use std::collections::HashMap;

use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use catalog::{Item, ItemKind};
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Checks, Date, Error, Id, Kind, Page, PageRequest, Result, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::shown::{ApplicationEntryOut, ApplicationOut};
use crate::{
    Application, ApplicationFilter, ApplicationOrder, Outcome, Status, WholeApplication, actions, reads,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_applications))
        .routes(routes!(application_board))
        .routes(routes!(set_application_statuses))
        .routes(routes!(get_application))
        .routes(routes!(set_application_status))
        .routes(routes!(list_application_notes, add_application_note))
}

/// Which applications are wanted. Items are named by code or UUID.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ApplicationQuery {
    /// For the form with this code.
    form: Option<String>,
    /// `submitted`, `in_review`, `accepted`, `rejected` or `cancelled`.
    status: Option<String>,
    /// Of this applicant: their UUID.
    applicant: Option<Uuid>,
    /// With this number, or of somebody with this name or phone, in either script.
    search: Option<String>,
    /// Of somebody from this region, or where it was chosen.
    region: Option<String>,
    /// Where this direction was chosen.
    direction: Option<String>,
    /// Where this track was chosen.
    track: Option<String>,
    /// Where this subject was chosen.
    subject: Option<String>,
    /// Where this program was chosen.
    program: Option<String>,
    /// Submitted on this day or later, in the workspace's zone.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// Submitted on this day or earlier.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
    /// `submitted_at`, `updated_at` or `number`, with `-` before it the latest first; `-submitted_at` unless said.
    ordering: Option<String>,
    page: Option<u32>,
    page_size: Option<u32>,
}

impl ApplicationQuery {
    fn part(&self) -> PageRequest {
        PageQuery::of(self.page, self.page_size).request()
    }

    /// The filter, or everything that is wrong with it.
    fn read(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<ApplicationFilter> {
        ctx.require(Permission::ApplicationsRead)?;
        let Self {
            form,
            status,
            applicant,
            search,
            region,
            direction,
            track,
            subject,
            program,
            from,
            to,
            ordering,
            page: _,
            page_size: _,
        } = self;
        let mut checks = Checks::new();
        let form = match said(form) {
            None => None,
            Some(code) => {
                let unknown = || Error::invalid(Text::new("applications-form-unknown"));
                let found = reads::find_form(ctx, tx, &code)?.map(|form| form.id).ok_or_else(unknown);
                checks.take("form", found)
            }
        };
        let status = said(status).and_then(|word| checks.take("status", Status::read(&word)));
        let mut items = Vec::new();
        for (field, kind, code) in [
            ("direction", ItemKind::Direction, direction),
            ("track", ItemKind::Track, track),
            ("subject", ItemKind::Subject, subject),
            ("program", ItemKind::Program, program),
        ] {
            items.extend(item(ctx, tx, &mut checks, field, kind, code)?);
        }
        let region = item(ctx, tx, &mut checks, "region", ItemKind::Region, region)?;
        let from = said(from).and_then(|day| checks.take("from", Date::parse(&day)));
        let to = said(to).and_then(|day| checks.take("to", Date::parse(&day)));
        let ordering = said(ordering).unwrap_or_else(|| "-submitted_at".to_owned());
        let (word, ascending) =
            ordering.strip_prefix('-').map_or((ordering.as_str(), true), |word| (word, false));
        let order = ApplicationOrder::parse(word);
        checks.hold(order.is_some(), "ordering", Text::new("applications-ordering-unknown"));
        checks.done()?;
        Ok(ApplicationFilter {
            form,
            status,
            applicant: applicant.map(Id::from_uuid),
            text: search.unwrap_or_default(),
            region,
            items,
            from,
            to,
            order: order.unwrap_or_default(),
            ascending,
        })
    }
}

/// What was said; an empty word says nothing.
pub(super) fn said(word: Option<String>) -> Option<String> {
    word.map(|word| word.trim().to_owned()).filter(|word| !word.is_empty())
}

/// The item of this kind with this code or id, or what is wrong with it beside the field.
pub(super) fn item(
    ctx: &Ctx,
    tx: &mut ReadTx,
    checks: &mut Checks,
    field: &str,
    kind: ItemKind,
    code: Option<String>,
) -> Result<Option<Id<Item>>> {
    let Some(code) = said(code) else { return Ok(None) };
    let found =
        catalog::items::find_by_key(ctx, tx, &code)?.filter(|item| item.kind == kind).map(|item| item.id);
    checks.hold(found.is_some(), field, Text::new("applications-item-unknown"));
    Ok(found)
}

/// The applications as the API shows them: where people come from is read once for all.
pub(super) fn shown(ctx: &Ctx, tx: &mut ReadTx, found: Vec<WholeApplication>) -> Result<Vec<ApplicationOut>> {
    let mut ids: Vec<Id<Item>> = found.iter().filter_map(|whole| whole.applicant.region).collect();
    ids.sort_unstable();
    ids.dedup();
    let regions: HashMap<Id<Item>, Item> =
        catalog::items::get_many(ctx, tx, &ids)?.into_iter().map(|item| (item.id, item)).collect();
    let show = |whole: WholeApplication| {
        let region = whole.applicant.region.and_then(|id| regions.get(&id).cloned());
        ApplicationOut::of(whole, region)
    };
    Ok(found.into_iter().map(show).collect())
}

/// The application that a path names.
fn find(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<WholeApplication> {
    match key {
        RowKey::Number(number) => reads::get_by_number(ctx, tx, number),
        RowKey::Id(uuid) => reads::get(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// One application with its history.
fn whole(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<ApplicationOut> {
    let found = find(ctx, tx, key)?;
    let history = reads::history(ctx, tx, found.application.id)?;
    let out = shown(ctx, tx, vec![found])?.pop().ok_or_else(Error::not_found)?;
    let history = history.into_iter().map(ApplicationEntryOut::from).collect();
    Ok(ApplicationOut { history: Some(history), ..out })
}

/// Where an application goes on to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct ApplicationStatusIn {
    /// `submitted`, `in_review`, `accepted`, `rejected` or `cancelled`; required.
    status: Option<String>,
    /// What is written to whoever applied, as it stands here; nothing unless said.
    #[schema(max_length = 3500)]
    message: Option<String>,
}

/// Where many applications go on to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct ApplicationStatusesIn {
    /// At most 500 UUIDs or numbers; required.
    #[schema(value_type = Vec<String>)]
    ids: Option<Vec<serde_json::Value>>,
    /// `submitted`, `in_review`, `accepted`, `rejected` or `cancelled`; required.
    status: Option<String>,
    /// What is written to each who applied; nothing unless said.
    #[schema(max_length = 3500)]
    message: Option<String>,
}

/// What became of one of many.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct ApplicationOutcomeOut {
    id: Uuid,
    /// Where it is now; null where it stayed.
    #[schema(value_type = Option<String>)]
    status: Option<Status>,
    /// The code of why it stayed.
    code: Option<String>,
    /// Why it stayed, in the caller's language.
    message: Option<String>,
}

/// What became of each.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct ApplicationOutcomesOut {
    /// How many went on.
    changed: usize,
    /// Each of them.
    results: Vec<ApplicationOutcomeOut>,
}

/// A note that only the staff reads.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct ApplicationNoteIn {
    /// The words; required.
    #[schema(max_length = 4000)]
    text: Option<String>,
}

/// Applications by status.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct ApplicationColumnOut {
    /// The status.
    #[schema(value_type = String)]
    status: Status,
    /// How many have it.
    count: i64,
    /// The first 50 of them, the latest first.
    applications: Vec<ApplicationOut>,
}

fn status_of(word: Option<&str>) -> Result<Status> {
    let word = word.ok_or_else(|| Error::field("status", Text::new("kernel-text-missing")))?;
    Status::read(word).map_err(|error| error.under("status"))
}

/// The applications that fit. Needs `applications.read`.
#[utoipa::path(get, path = "/api/v1/applications", tag = "applications", params(ApplicationQuery),
    responses((status = 200, body = Listed<ApplicationOut>), (status = 422, body = ProblemBody)))]
async fn list_applications(
    caller: Caller,
    Query(query): Query<ApplicationQuery>,
) -> web::Result<Json<Listed<ApplicationOut>>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let part = query.part();
        let filter = query.clone().read(ctx, tx)?;
        let Page { count, results, request } = reads::list(ctx, tx, &filter, part)?;
        Ok(Page::new(request, count, shown(ctx, tx, results)?))
    };
    let page = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, page)))
}

/// The applications that fit, in columns by status: how many, and the first 50 of each. Needs `applications.read`.
#[utoipa::path(get, path = "/api/v1/applications/board", tag = "applications", params(ApplicationQuery),
    responses((status = 200, body = Listed<ApplicationColumnOut>), (status = 422, body = ProblemBody)))]
async fn application_board(
    caller: Caller,
    Query(query): Query<ApplicationQuery>,
) -> web::Result<Json<Listed<ApplicationColumnOut>>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let filter = query.clone().read(ctx, tx)?;
        let mut columns = Vec::new();
        for reads::Column { status, count, applications } in reads::board(ctx, tx, &filter)? {
            columns.push(ApplicationColumnOut { status, count, applications: shown(ctx, tx, applications)? });
        }
        Ok(columns)
    };
    Ok(Json(Listed::whole(caller.read(read).await?)))
}

/// One application, with its history. Needs `applications.read`.
#[utoipa::path(get, path = "/api/v1/applications/{id}", tag = "applications", params(("id" = String, Path)),
    responses((status = 200, body = ApplicationOut), (status = 404, body = ProblemBody)))]
async fn get_application(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ApplicationOut>> {
    Ok(Json(caller.read(move |ctx, tx| whole(ctx, tx, key)).await?))
}

/// Takes an application on, with a message to whoever applied or without one. Needs `applications.edit`.
#[utoipa::path(post, path = "/api/v1/applications/{id}/status", tag = "applications", params(("id" = String, Path)),
    request_body = ApplicationStatusIn,
    responses((status = 200, body = ApplicationOut), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
async fn set_application_status(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<ApplicationStatusIn>,
) -> web::Result<Json<ApplicationOut>> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::ApplicationsEdit)?;
        let id = find(ctx, tx, key)?.application.id;
        let to = status_of(body.status.as_deref())?;
        actions::set_status(ctx, tx, id, to, body.message.as_deref())?;
        whole(ctx, tx, key)
    };
    Ok(Json(caller.once(write).await?))
}

/// The ids of many applications, by their UUIDs or numbers; what names none is refused beside its place.
fn ids(ctx: &Ctx, tx: &mut ReadTx, named: &[serde_json::Value]) -> Result<Vec<Id<Application>>> {
    let mut checks = Checks::new();
    let mut ids = Vec::new();
    // One more than can be: the action says how many.
    for (place, value) in named.iter().take(crate::BULK_AT_MOST + 1).enumerate() {
        let key = crate::field::plain(value).and_then(|text| text.trim().parse::<RowKey>().ok());
        let found = match key {
            None => None,
            Some(RowKey::Id(uuid)) => Some(Id::from_uuid(uuid)),
            Some(RowKey::Number(number)) => match reads::get_by_number(ctx, tx, number) {
                Ok(whole) => Some(whole.application.id),
                Err(error) if error.kind() == Kind::NotFound => None,
                Err(error) => return Err(error),
            },
        };
        checks.hold(found.is_some(), &format!("ids.{place}"), Text::new("applications-application-unknown"));
        ids.extend(found);
    }
    checks.done()?;
    Ok(ids)
}

/// Takes many applications on at once, each by itself: those that cannot go there stay, with the reason. Needs
/// `applications.edit`.
#[utoipa::path(post, path = "/api/v1/applications/bulk-status", tag = "applications", request_body = ApplicationStatusesIn,
    responses((status = 200, body = ApplicationOutcomesOut), (status = 422, body = ProblemBody)))]
async fn set_application_statuses(
    caller: Caller,
    Json(body): Json<ApplicationStatusesIn>,
) -> web::Result<Json<ApplicationOutcomesOut>> {
    let words = caller.words();
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::ApplicationsEdit)?;
        let ids = ids(ctx, tx, body.ids.as_deref().unwrap_or_default())?;
        let to = status_of(body.status.as_deref())?;
        let outcomes = actions::set_statuses(ctx, tx, &ids, to, body.message.as_deref())?;
        let results: Vec<ApplicationOutcomeOut> = outcomes
            .into_iter()
            .map(|Outcome { id, result }| match result {
                Ok(application) => ApplicationOutcomeOut {
                    id: id.uuid(),
                    status: Some(application.status),
                    code: None,
                    message: None,
                },
                Err(error) => ApplicationOutcomeOut {
                    id: id.uuid(),
                    status: None,
                    code: Some(error.text().key().to_owned()),
                    message: Some(words.say(error.text())),
                },
            })
            .collect();
        let changed = results.iter().filter(|one| one.status.is_some()).count();
        Ok(ApplicationOutcomesOut { changed, results })
    };
    Ok(Json(caller.once(write).await?))
}

/// The notes of an application, as they were written. Needs `applications.read`.
#[utoipa::path(get, path = "/api/v1/applications/{id}/notes", tag = "applications", params(("id" = String, Path)),
    responses((status = 200, body = Listed<ApplicationEntryOut>), (status = 404, body = ProblemBody)))]
async fn list_application_notes(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<Listed<ApplicationEntryOut>>> {
    let out = caller.read(move |ctx, tx| whole(ctx, tx, key)).await?;
    let notes = out.history.unwrap_or_default().into_iter().filter(|entry| entry.kind == "note");
    Ok(Json(Listed::whole(notes.collect())))
}

/// Writes a note that only the staff reads. Needs `applications.edit`.
#[utoipa::path(post, path = "/api/v1/applications/{id}/notes", tag = "applications", params(("id" = String, Path)),
    request_body = ApplicationNoteIn,
    responses((status = 201, body = ApplicationOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn add_application_note(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<ApplicationNoteIn>,
) -> web::Result<impl IntoResponse> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::ApplicationsEdit)?;
        let id = find(ctx, tx, key)?.application.id;
        actions::add_note(ctx, tx, id, body.text.as_deref().unwrap_or_default())?;
        whole(ctx, tx, key)
    };
    let out = caller.once(write).await?;
    Ok((StatusCode::CREATED, Json(out)))
}
