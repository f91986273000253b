//! `/api/v1/bot1`: as the outside bot of seed 004 calls it. Its own token may read, create and edit applications.

use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Error, Id, Kind, Page, PageRequest, Result, Text};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query};

use super::{
    applications::shown,
    reading,
    shown::{ApplicantOut, ApplicationOut},
};
use crate::{Applicant, ApplicationFilter, Who, actions, reads};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upsert_applicant))
        .routes(routes!(submit_application))
        .routes(routes!(list_own_applications))
}

/// What a bot knows of somebody. What is absent, null or empty leaves what stands; anything else that is sent says nothing.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "the body is read field by field, as loosely as old bots write it; this is its description"
)]
struct ApplicantUpsertIn {
    /// Their id in Telegram; required, `telegram_id` is the same. A number, or a text that holds one.
    #[schema(example = 123_456_789)]
    telegram_user_id: i64,
    /// The chat with them there.
    telegram_chat_id: Option<i64>,
    /// Their name there, with or without `@`.
    username: Option<String>,
    /// Their first name.
    #[schema(max_length = 100)]
    first_name: Option<String>,
    /// Their last name.
    #[schema(max_length = 100)]
    last_name: Option<String>,
    /// Their phone, in any way people write it: it leads to the contact that has it.
    #[schema(example = "+998901234567")]
    phone: Option<String>,
    /// Their e-mail address.
    email: Option<String>,
    /// Where they come from: the code or the UUID of a catalog item; `region_id` is the same.
    #[schema(example = "UZ-TAS")]
    region: Option<String>,
    /// `male` or `female`.
    gender: Option<String>,
    /// When they were born: they are from 14 to 80 years old.
    #[schema(format = Date)]
    birth_date: Option<String>,
    /// `uz`, `ru` or `en`.
    language: Option<String>,
}

/// An application. The form's fields stand here under their keys, or under `answers`; a catalog item by its code, its UUID
/// or its name, under the key or under that with `_id` or `_code` behind it. A required region or `phone` that is not said is the
/// applicant's. What is absent, null or empty leaves what was answered before.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "the body is read field by field, as loosely as old bots write it; this is its description"
)]
struct SubmissionIn {
    /// Who applies. This, or `telegram_user_id`.
    applicant_id: Option<Uuid>,
    /// Who applies, as Telegram calls them. Who is not known yet is written down.
    telegram_user_id: Option<i64>,
    /// What is said of whoever applies: the fields of `applicants/upsert`. They may stand beside `telegram_user_id`, too, where the
    /// form has none of that name.
    #[schema(value_type = Option<Object>)]
    applicant: Option<Value>,
    /// Answers by the keys of fields. What no field asks for is kept as it comes: at most 50 texts, numbers and booleans of at
    /// most 1000 characters.
    #[schema(value_type = Option<Object>)]
    answers: Option<Value>,
}

/// Whose applications are wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OwnQuery {
    /// Theirs whom Telegram calls so; this or `applicant_id`.
    telegram_user_id: Option<i64>,
    /// This applicant's.
    applicant_id: Option<Uuid>,
    page: Option<u32>,
    page_size: Option<u32>,
}

fn missing(field: &str) -> Error {
    Error::field(field, Text::new("applications-applicant-missing"))
}

/// Writes down somebody who applies, or what is known of them now. Who is there already: 200. Needs `applications.create`.
#[utoipa::path(post, path = "/api/v1/bot1/applicants/upsert", tag = "applications", request_body = ApplicantUpsertIn,
    responses((status = 201, body = ApplicantOut), (status = 200, body = ApplicantOut), (status = 422, body = ProblemBody)))]
async fn upsert_applicant(
    caller: Caller,
    Json(body): Json<Map<String, Value>>,
) -> web::Result<impl IntoResponse> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::ApplicationsCreate)?;
        let id = reading::telegram_id(&body)?
            .ok_or_else(|| Error::field("telegram_user_id", Text::new("kernel-text-missing")))?;
        let new = reading::person(ctx, tx, &body)?;
        let (applicant, is_new) = actions::upsert_applicant(ctx, tx, Who::Telegram(id), new)?;
        let out = ApplicantOut::from(reads::applicant(ctx, tx, applicant.id)?);
        Ok(ApplicantOut { created: Some(is_new), ..out })
    };
    let out = caller.once(write).await?;
    Ok((status(out.created), Json(out)))
}

fn status(created: Option<bool>) -> StatusCode {
    if created == Some(true) { StatusCode::CREATED } else { StatusCode::OK }
}

/// Who applies. Where something is said of them beside it, it is written down.
fn who(ctx: &Ctx, tx: &mut Tx, parts: &reading::Parts) -> Result<Id<Applicant>> {
    let telegram = match reading::telegram_id(&parts.person)? {
        None => reading::telegram_id(&parts.applicant).map_err(|error| error.under("applicant"))?,
        found => found,
    };
    let named = parts.person.get("applicant_id").filter(|value| !value.is_null());
    let who = match (named, telegram) {
        (Some(value), _) => {
            let unknown = || Error::field("applicant_id", Text::new("applications-applicant-unknown"));
            let id = value.as_str().and_then(|text| Uuid::parse_str(text.trim()).ok()).ok_or_else(unknown)?;
            let found = reads::applicant(ctx, tx, Id::from_uuid(id)).map_err(|error| match error.kind() {
                Kind::NotFound => unknown(),
                _ => error,
            })?;
            Who::Applicant(found.applicant.id)
        }
        (None, Some(id)) => Who::Telegram(id),
        (None, None) => return Err(missing("telegram_user_id")),
    };
    let beside = reading::person(ctx, tx, &parts.person)?;
    let under = reading::person(ctx, tx, &parts.applicant).map_err(|error| error.under("applicant"))?;
    let mut id = match &who {
        Who::Applicant(id) => Some(*id),
        Who::Telegram(_) | Who::Contact(_) | Who::Chat(_) => None,
    };
    for new in [beside, under] {
        let says_nothing = new == crate::NewApplicant::default();
        if id.is_none() || !says_nothing {
            id = Some(actions::upsert_applicant(ctx, tx, who.clone(), new)?.0.id);
        }
    }
    id.ok_or_else(|| missing("telegram_user_id"))
}

/// Applies for what the form with this code is for (`campus-tour`, `admissions-2026`, `foundation`, `polito-academy`, and any
/// other), or writes into the same person's application what comes now: 200. Needs `applications.create`.
#[utoipa::path(post, path = "/api/v1/bot1/{form}/submit", tag = "applications", params(("form" = String, Path)),
    request_body = SubmissionIn,
    responses((status = 201, body = ApplicationOut), (status = 200, body = ApplicationOut),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn submit_application(
    caller: Caller,
    Path(form): Path<String>,
    Json(body): Json<Map<String, Value>>,
) -> web::Result<impl IntoResponse> {
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::ApplicationsCreate)?;
        let form = reads::find_form(ctx, tx, &form)?.ok_or_else(Error::not_found)?;
        let parts = reading::parts(&form, body.clone())?;
        let applicant = who(ctx, tx, &parts)?;
        let made = actions::submit(ctx, tx, applicant, &form.code, &parts.answers)?;
        let whole = reads::get(ctx, tx, made.application.id)?;
        let mut out = shown(ctx, tx, vec![whole])?;
        let out = out.pop().ok_or_else(Error::not_found)?;
        Ok(ApplicationOut { created: Some(made.is_new), ..out })
    };
    let out = caller.once(write).await?;
    Ok((status(out.created), Json(out)))
}

/// What somebody applied for, the latest first. Needs `applications.read`.
#[utoipa::path(get, path = "/api/v1/bot1/applications", tag = "applications", params(OwnQuery),
    responses((status = 200, body = Listed<ApplicationOut>), (status = 422, body = ProblemBody)))]
async fn list_own_applications(
    caller: Caller,
    Query(query): Query<OwnQuery>,
) -> web::Result<Json<Listed<ApplicationOut>>> {
    let part = PageQuery::of(query.page, query.page_size).request();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        ctx.require(Permission::ApplicationsRead)?;
        let OwnQuery { telegram_user_id, applicant_id, page: _, page_size: _ } = query;
        let applicant = match (applicant_id, telegram_user_id) {
            (Some(id), _) => Some(Id::from_uuid(id)),
            (None, Some(id)) => reads::find_applicant_by_telegram(ctx, tx, id)?.map(|found| found.id),
            (None, None) => return Err(missing("telegram_user_id")),
        };
        match applicant {
            None => Ok(Page::new(part, 0, Vec::new())),
            Some(id) => own(ctx, tx, id, part),
        }
    };
    let page = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, page)))
}

fn own(ctx: &Ctx, tx: &mut ReadTx, id: Id<Applicant>, part: PageRequest) -> Result<Page<ApplicationOut>> {
    let filter = ApplicationFilter { applicant: Some(id), ..ApplicationFilter::default() };
    let Page { count, results, request } = reads::list(ctx, tx, &filter, part)?;
    Ok(Page::new(request, count, shown(ctx, tx, results)?))
}
