//! `/api/v1/applicants`: who applied, everything that is kept of them, and how they are forgotten.

use axum::extract::Path;
use catalog::ItemKind;
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Checks, Error, Id, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::{
    applications::{item, said, shown},
    shown::{ApplicantOut, ApplicationEntryOut, ApplicationOut},
};
use crate::{Applicant, ApplicantFilter, Personal, actions, reads};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_applicants))
        .routes(routes!(get_applicant))
        .routes(routes!(get_personal_data))
        .routes(routes!(erase_applicant))
}

/// Which applicants are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ApplicantQuery {
    /// With this name, phone or e-mail address, in either script.
    search: Option<String>,
    /// From this region: its code or UUID.
    region: Option<String>,
    /// Whom Telegram calls so.
    telegram_user_id: Option<i64>,
    /// `created_at` or `name`, with `-` before it from the end; `-created_at` unless said.
    ordering: Option<String>,
    page: Option<u32>,
    page_size: Option<u32>,
}

impl ApplicantQuery {
    fn read(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<ApplicantFilter> {
        ctx.require(Permission::ApplicationsRead)?;
        let Self { search, region, telegram_user_id, ordering, page: _, page_size: _ } = self;
        let mut checks = Checks::new();
        let region = item(ctx, tx, &mut checks, "region", ItemKind::Region, region)?;
        let ordering = said(ordering).unwrap_or_else(|| "-created_at".to_owned());
        let (word, descending) =
            ordering.strip_prefix('-').map_or((ordering.as_str(), false), |word| (word, true));
        let is_known = matches!(word, "created_at" | "name");
        checks.hold(is_known, "ordering", Text::new("applications-applicant-ordering-unknown"));
        checks.done()?;
        let by_name = word == "name";
        let text = search.unwrap_or_default();
        Ok(ApplicantFilter { text, region, telegram_id: telegram_user_id, by_name, descending })
    }
}

/// An applicant with everything they applied for.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct ApplicantWholeOut {
    #[serde(flatten)]
    applicant: ApplicantOut,
    /// What they applied for, the latest first, each with its history.
    applications: Vec<ApplicationOut>,
}

/// Everything that is kept of one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PersonalDataOut {
    /// When this was written.
    #[schema(value_type = String)]
    pub(crate) written_at: Timestamp,
    /// The person.
    applicant: ApplicantOut,
    /// What they applied for, with answers, history and notes.
    applications: Vec<ApplicationOut>,
}

/// Everything that is kept of one person, as it is given to them.
pub(crate) fn personal_data(ctx: &Ctx, tx: &mut ReadTx, personal: Personal) -> Result<PersonalDataOut> {
    let Personal { applicant, applications } = personal;
    let (wholes, histories): (Vec<_>, Vec<_>) =
        applications.into_iter().map(|one| (one.whole, one.history)).unzip();
    let mut shown = shown(ctx, tx, wholes)?;
    for (out, history) in shown.iter_mut().zip(histories) {
        out.history = Some(history.into_iter().map(ApplicationEntryOut::from).collect());
    }
    Ok(PersonalDataOut { written_at: ctx.now(), applicant: applicant.into(), applications: shown })
}

fn id_of(key: RowKey) -> Result<Id<Applicant>> {
    key.id().ok_or_else(Error::not_found)
}

/// Who applied. Needs `applications.read`.
#[utoipa::path(get, path = "/api/v1/applicants", tag = "applications", params(ApplicantQuery),
    responses((status = 200, body = Listed<ApplicantOut>), (status = 422, body = ProblemBody)))]
async fn list_applicants(
    caller: Caller,
    Query(query): Query<ApplicantQuery>,
) -> web::Result<Json<Listed<ApplicantOut>>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let part = PageQuery::of(query.page, query.page_size).request();
        let filter = query.clone().read(ctx, tx)?;
        reads::applicants(ctx, tx, &filter, part)
    };
    let page = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, page.map(ApplicantOut::from))))
}

/// One applicant, with everything they applied for and its history. Needs `applications.read`.
#[utoipa::path(get, path = "/api/v1/applicants/{id}", tag = "applications", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ApplicantWholeOut), (status = 404, body = ProblemBody)))]
async fn get_applicant(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ApplicantWholeOut>> {
    let id = id_of(key)?;
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let personal = reads::personal(ctx, tx, id)?;
        personal_data(ctx, tx, personal)
    };
    let data = caller.read(read).await?;
    let PersonalDataOut { written_at: _, applicant, applications } = data;
    Ok(Json(ApplicantWholeOut { applicant, applications }))
}

/// Everything that is kept of one person, for when they ask for it; that it was asked for stands in the log. Needs
/// `applications.read`.
#[utoipa::path(get, path = "/api/v1/applicants/{id}/personal-data", tag = "applications", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = PersonalDataOut), (status = 404, body = ProblemBody)))]
async fn get_personal_data(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<PersonalDataOut>> {
    let id = id_of(key)?;
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let personal = actions::hand_over(ctx, tx, id)?;
        personal_data(ctx, tx, personal)
    };
    Ok(Json(caller.write(write).await?))
}

/// Takes away what is personal of an applicant for good; applications stay with their status, choices and times. Needs
/// `applications.delete`.
#[utoipa::path(post, path = "/api/v1/applicants/{id}/erase", tag = "applications", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ApplicantOut), (status = 404, body = ProblemBody)))]
async fn erase_applicant(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<ApplicantOut>> {
    let id = id_of(key)?;
    let write = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        actions::erase(ctx, tx, id)?;
        reads::applicant(ctx, tx, id).map(ApplicantOut::from)
    };
    Ok(Json(caller.write(write).await?))
}
