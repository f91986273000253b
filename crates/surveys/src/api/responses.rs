//! `/api/v1/surveys/responses`: what students answered.

use std::collections::HashMap;

use axum::extract::Path;
use context::Ctx;
use db::ReadTx;
use kernel::{Checks, Error, Id, Page, PageRequest, Result, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey};

use super::output::{Known, SurveyHistoryOut, SurveyResponseOut};
use crate::{
    Response, ResponseFilter, RosterRow, campaign,
    reads::{self},
    roster::COURSE_YEARS,
    store,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_survey_responses)).routes(routes!(get_survey_response))
}

/// Which answers are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SurveyResponseQuery {
    /// The code or the id of a campaign.
    campaign: Option<String>,
    /// The code or the id of what is studied.
    program: Option<String>,
    /// 1 to 4.
    course_year: Option<String>,
    /// `employed` or `unemployed`.
    employment_status: Option<String>,
    /// Words of the student's id, name or phone, of the company, the role, the wishes or the suggestions.
    search: Option<String>,
    /// `-submitted_at` (unless said) or `submitted_at`.
    ordering: Option<String>,
    #[serde(default)]
    page: Option<u32>,
    #[serde(default)]
    page_size: Option<u32>,
}

impl SurveyResponseQuery {
    fn read(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<(ResponseFilter, PageRequest)> {
        let Self { campaign, program, course_year, employment_status, search, ordering, page, page_size } =
            self;
        let mut checks = Checks::new();
        let said =
            |word: Option<String>| word.map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
        let campaign = match said(campaign) {
            None => None,
            Some(key) => {
                let found = reads::campaign(ctx, tx, &key).map(|campaign| campaign.id);
                checks.take("campaign", found.map_err(|error| or_unknown(error, campaign::unknown("", &key))))
            }
        };
        let program = match said(program) {
            None => None,
            Some(key) => {
                let found = catalog::items::find_by_key(ctx, tx, &key)?.map(|item| item.id);
                let unknown = || Error::invalid(Text::new("surveys-program-unknown").with("code", key));
                checks.take("program", found.ok_or_else(unknown))
            }
        };
        let course_year = said(course_year).and_then(|word| {
            let year = word.parse().ok().filter(|year| COURSE_YEARS.contains(year));
            let year = year.and_then(|year| i32::try_from(year).ok());
            let wrong = || Error::invalid(Text::new("surveys-course-year-out-of-range"));
            checks.take("course_year", year.ok_or_else(wrong))
        });
        let employment = said(employment_status).and_then(|word| {
            let wrong = |_| Error::invalid(Text::new("surveys-employment-unknown"));
            checks.take("employment_status", word.to_lowercase().parse().map_err(wrong))
        });
        let ordering = said(ordering);
        let known = matches!(ordering.as_deref(), None | Some("submitted_at" | "-submitted_at"));
        checks.hold(known, "ordering", Text::new("surveys-ordering-unknown"));
        checks.done()?;
        let oldest_first = ordering.as_deref() == Some("submitted_at");
        let text = search.unwrap_or_default();
        let filter = ResponseFilter { campaign, program, course_year, employment, text, oldest_first };
        Ok((filter, PageQuery::of(page, page_size).request()))
    }
}

/// A campaign that is not there is a filter that is wrong; what is not allowed stays so.
fn or_unknown(error: Error, unknown: Error) -> Error {
    if error.kind() == kernel::Kind::NotFound {
        let text = unknown.field_errors().first().map_or(unknown.text(), |error| &error.text).clone();
        return Error::invalid(text);
    }
    error
}

/// These answers with all that they name.
pub(super) fn whole(ctx: &Ctx, tx: &mut ReadTx, responses: &[Response]) -> Result<Vec<SurveyResponseOut>> {
    let ids: Vec<_> = responses.iter().map(|response| response.student).collect();
    let students = reads::students_by_id(ctx, tx, &ids)?;
    let ids: Vec<Id<RosterRow>> = responses.iter().map(|response| response.roster).collect();
    let rows: HashMap<_, _> =
        store::roster::get_many(ctx, tx, &ids)?.into_iter().map(|row| (row.id, row)).collect();
    let programs = responses.iter().map(|response| response.program);
    let items = programs
        .chain(rows.values().map(|row| row.program))
        .chain(students.values().filter_map(|student| student.region));
    let known = Known::of(ctx, tx, items.collect::<Vec<_>>())?;
    let out = responses.iter().map(|response| {
        let (student, row) = (students.get(&response.student), rows.get(&response.roster));
        SurveyResponseOut::of(response, student, row, &known)
    });
    Ok(out.collect())
}

/// The answers that fit. Needs `surveys.read`.
#[utoipa::path(get, path = "/api/v1/surveys/responses", tag = "surveys", params(SurveyResponseQuery),
    responses((status = 200, body = Listed<SurveyResponseOut>), (status = 422, body = ProblemBody)))]
async fn list_survey_responses(
    caller: Caller,
    Query(query): Query<SurveyResponseQuery>,
) -> web::Result<Json<Listed<SurveyResponseOut>>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        ctx.require(context::Permission::SurveysRead)?;
        let (filter, part) = query.clone().read(ctx, tx)?;
        let page = reads::responses(ctx, tx, &filter, part)?;
        let out = whole(ctx, tx, &page.results)?;
        Ok(Page::new(page.request, page.count, out))
    };
    let page = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, page)))
}

/// An answer with what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct SurveyResponseWhole {
    #[serde(flatten)]
    response: SurveyResponseOut,
    history: Vec<SurveyHistoryOut>,
}

/// One answer with its history. Needs `surveys.read`.
#[utoipa::path(get, path = "/api/v1/surveys/responses/{id}", tag = "surveys", params(("id" = Uuid, Path)),
    responses((status = 200, body = SurveyResponseWhole), (status = 404, body = ProblemBody)))]
async fn get_survey_response(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<SurveyResponseWhole>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let id = key.id().ok_or_else(Error::not_found)?;
        let response = reads::response(ctx, tx, id)?;
        let history = reads::history(ctx, tx, id)?.into_iter().map(SurveyHistoryOut::from).collect();
        let response = whole(ctx, tx, &[response])?.pop().ok_or_else(Error::not_found)?;
        Ok(SurveyResponseWhole { response, history })
    };
    Ok(Json(caller.read(read).await?))
}
