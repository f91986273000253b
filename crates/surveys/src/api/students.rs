//! `/api/v1/surveys/students`: who answers, and what they may ask for.

use axum::extract::Path;
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Error, Id, Result, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::{
    output::{Known, SurveyResponseOut, SurveyStudentOut},
    responses::whole,
};
use crate::{Erased, Student, StudentFilter, actions, reads};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_survey_students))
        .routes(routes!(get_survey_student))
        .routes(routes!(release_survey_student))
        .routes(routes!(export_survey_student))
        .routes(routes!(erase_survey_student))
}

/// Which students are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SurveyStudentQuery {
    /// Words of the id, the name or the phone.
    search: Option<String>,
    /// The code or the id of a region.
    region: Option<String>,
    /// Whom Telegram calls so.
    telegram_user_id: Option<i64>,
    #[serde(default)]
    page: Option<u32>,
    #[serde(default)]
    page_size: Option<u32>,
}

fn id_of(key: RowKey) -> Result<Id<Student>> {
    key.id().ok_or_else(Error::not_found)
}

/// The students who fit, those of whom something was heard last first. Needs `surveys.read`.
#[utoipa::path(get, path = "/api/v1/surveys/students", tag = "surveys", params(SurveyStudentQuery),
    responses((status = 200, body = Listed<SurveyStudentOut>), (status = 422, body = ProblemBody)))]
async fn list_survey_students(
    caller: Caller,
    Query(query): Query<SurveyStudentQuery>,
) -> web::Result<Json<Listed<SurveyStudentOut>>> {
    let SurveyStudentQuery { search, region, telegram_user_id, page, page_size } = query;
    let part = PageQuery::of(page, page_size).request();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        ctx.require(context::Permission::SurveysRead)?;
        let region = match region.as_deref().filter(|key| !key.trim().is_empty()) {
            None => None,
            Some(key) => {
                let unknown =
                    || Error::field("region", Text::new("surveys-region-unknown").with("code", key));
                Some(catalog::items::find_by_key(ctx, tx, key)?.ok_or_else(unknown)?.id)
            }
        };
        let filter = StudentFilter { text: search.clone().unwrap_or_default(), region, telegram_user_id };
        let page = reads::students(ctx, tx, &filter, part)?;
        let known = Known::of(ctx, tx, page.results.iter().filter_map(|student| student.region))?;
        Ok(page.map(|student| SurveyStudentOut::of(&student, &known)))
    };
    let page = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, page)))
}

/// A student with all answers, the latest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct SurveyStudentWhole {
    #[serde(flatten)]
    student: SurveyStudentOut,
    responses: Vec<SurveyResponseOut>,
}

/// One student with their answers. Needs `surveys.read`.
#[utoipa::path(get, path = "/api/v1/surveys/students/{id}", tag = "surveys", params(("id" = Uuid, Path)),
    responses((status = 200, body = SurveyStudentWhole), (status = 404, body = ProblemBody)))]
async fn get_survey_student(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<SurveyStudentWhole>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let student = reads::student(ctx, tx, id_of(key)?)?;
        let responses = reads::responses_of(ctx, tx, student.id)?;
        let responses = whole(ctx, tx, &responses)?;
        Ok(SurveyStudentWhole { student: shown(ctx, tx, &student)?, responses })
    };
    Ok(Json(caller.read(read).await?))
}

fn shown(ctx: &Ctx, tx: &mut ReadTx, student: &Student) -> Result<SurveyStudentOut> {
    let known = Known::of(ctx, tx, student.region)?;
    Ok(SurveyStudentOut::of(student, &known))
}

/// Lets a student's id be answered from another account. Needs `surveys.edit`.
#[utoipa::path(post, path = "/api/v1/surveys/students/{id}/release", tag = "surveys", params(("id" = Uuid, Path)),
    responses((status = 200, body = SurveyStudentOut), (status = 404, body = ProblemBody)))]
async fn release_survey_student(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<SurveyStudentOut>> {
    let release = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(context::Permission::SurveysEdit)?;
        let student = actions::release_student(ctx, tx, id_of(key)?)?;
        shown(ctx, tx, &student)
    };
    Ok(Json(caller.write(release).await?))
}

/// Everything that is known of a student; the log says who took it. Needs `surveys.read` and `surveys.delete`.
#[utoipa::path(get, path = "/api/v1/surveys/students/{id}/personal-data", tag = "surveys", params(("id" = Uuid, Path)),
    responses((status = 200, body = Object), (status = 404, body = ProblemBody)))]
async fn export_survey_student(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<Value>> {
    let export = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(context::Permission::SurveysDelete)?;
        actions::export_student(ctx, tx, id_of(key)?)
    };
    Ok(Json(caller.write(export).await?))
}

/// What became of erasing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct SurveyErasedOut {
    student: SurveyStudentOut,
    /// Answers whose words are gone.
    responses: usize,
    /// Whether the contact is gone, too; one that something else names stays.
    contact_is_gone: bool,
}

/// Forgets who a student is; the figures of their answers stay. It cannot be undone. Needs `surveys.delete`.
#[utoipa::path(post, path = "/api/v1/surveys/students/{id}/erase", tag = "surveys", params(("id" = Uuid, Path)),
    responses((status = 200, body = SurveyErasedOut), (status = 404, body = ProblemBody)))]
async fn erase_survey_student(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Json<SurveyErasedOut>> {
    let erase = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(context::Permission::SurveysDelete)?;
        let Erased { student, responses, contact_is_gone } = actions::erase_student(ctx, tx, id_of(key)?)?;
        Ok(SurveyErasedOut { student: shown(ctx, tx, &student)?, responses, contact_is_gone })
    };
    Ok(Json(caller.once(erase).await?))
}
