//! `/api/v1/surveys/campaigns`: campaigns with their figures and rosters.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
};
use catalog::Names;
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Checks, Date, Error, Result, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query};

use super::{
    output::{Known, SurveyItemOut, SurveyRosterOut},
    said,
};
use crate::{Campaign, Figures, NewCampaign, actions, reads};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_survey_campaigns, create_survey_campaign))
        .routes(routes!(get_survey_campaign, change_survey_campaign, delete_survey_campaign))
        .routes(routes!(get_survey_figures))
        .routes(routes!(list_survey_roster))
}

/// What is written into a campaign. `code` and `name_uz` are required of POST; what is absent of PATCH stays as it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
struct SurveyCampaignIn {
    /// What other systems call it: one in the workspace, whatever its case and signs.
    #[schema(max_length = 60, example = "kuz-2026")]
    code: Option<String>,
    #[schema(max_length = 200)]
    name_uz: Option<String>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    name_ru: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    name_en: Option<Option<String>>,
    /// Whether it can be answered, within its days; `true` unless said.
    is_active: Option<bool>,
    /// Whether it is meant where none is named; at most one is.
    is_default: Option<bool>,
    /// The first day on which it can be answered.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, example = "2026-10-01")]
    opens_on: Option<Option<Date>>,
    /// The last day on which it can be answered.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    closes_on: Option<Option<Date>>,
}

impl SurveyCampaignIn {
    fn over(self, stands: NewCampaign) -> Result<NewCampaign> {
        let Self { code, name_uz, name_ru, name_en, is_active, is_default, opens_on, closes_on } = self;
        let new = NewCampaign {
            code: code.unwrap_or(stands.code),
            names: Names {
                uz: name_uz.unwrap_or(stands.names.uz),
                ru: name_ru.unwrap_or(stands.names.ru),
                en: name_en.unwrap_or(stands.names.en),
            },
            is_active: is_active.unwrap_or(stands.is_active),
            is_default: is_default.unwrap_or(stands.is_default),
            opens_on: opens_on.unwrap_or(stands.opens_on),
            closes_on: closes_on.unwrap_or(stands.closes_on),
        };
        let mut checks = Checks::new();
        let checked = checks.take_all(new.checked());
        checks.done()?;
        checked.ok_or_else(Error::not_found)
    }
}

/// How many are asked and how many answered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct SurveyFiguresOut {
    /// Active rows of the roster.
    roster_count: i64,
    response_count: i64,
    employed_count: i64,
    unemployed_count: i64,
    /// Answers that do not say whether they work.
    unsaid_count: i64,
    /// Answers for a thousand who are asked; null where nobody is.
    response_rate_permille: Option<i64>,
    /// Those who work among a thousand who said whether they do; null where nobody said it.
    employment_rate_permille: Option<i64>,
}

impl From<Figures> for SurveyFiguresOut {
    fn from(figures: Figures) -> Self {
        let Figures { roster, responses, employed, unemployed } = figures;
        Self {
            roster_count: roster,
            response_count: responses,
            employed_count: employed,
            unemployed_count: unemployed,
            unsaid_count: figures.unsaid(),
            response_rate_permille: figures.rate_permille(),
            employment_rate_permille: figures.employment_permille(),
        }
    }
}

/// A campaign.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct SurveyCampaignOut {
    id: Uuid,
    code: String,
    name_uz: String,
    name_ru: Option<String>,
    name_en: Option<String>,
    is_active: bool,
    /// Whether it can be answered today.
    is_open: bool,
    is_default: bool,
    #[schema(value_type = Option<String>)]
    opens_on: Option<Date>,
    #[schema(value_type = Option<String>)]
    closes_on: Option<Date>,
    #[serde(flatten)]
    figures: SurveyFiguresOut,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    updated_at: Timestamp,
}

impl SurveyCampaignOut {
    pub(super) fn of(ctx: &Ctx, campaign: Campaign, figures: Figures) -> Self {
        let is_open = campaign.is_open(ctx.today());
        let Campaign {
            id,
            code,
            names: Names { uz, ru, en },
            is_active,
            is_default,
            opens_on,
            closes_on,
            created_at,
            updated_at,
        } = campaign;
        Self {
            id: id.uuid(),
            code,
            name_uz: uz,
            name_ru: ru,
            name_en: en,
            is_active,
            is_open,
            is_default,
            opens_on,
            closes_on,
            figures: figures.into(),
            created_at,
            updated_at,
        }
    }

    fn read(ctx: &Ctx, tx: &mut ReadTx, campaign: Campaign) -> Result<Self> {
        let cells = reads::cells(ctx, tx, campaign.id)?;
        let sum = cells.iter().fold(Figures::default(), |sum, cell| sum.plus(cell.figures));
        Ok(Self::of(ctx, campaign, sum))
    }
}

/// Every campaign with its figures, the latest first. Needs `surveys.read`.
#[utoipa::path(get, path = "/api/v1/surveys/campaigns", tag = "surveys",
    responses((status = 200, body = Listed<SurveyCampaignOut>)))]
async fn list_survey_campaigns(caller: Caller) -> web::Result<Json<Listed<SurveyCampaignOut>>> {
    let all = caller.read(reads::campaigns).await?;
    let out =
        all.into_iter().map(|(campaign, figures)| SurveyCampaignOut::of(&caller.ctx, campaign, figures));
    Ok(Json(Listed::whole(out.collect())))
}

/// Writes a new campaign. Needs `surveys.create`.
#[utoipa::path(post, path = "/api/v1/surveys/campaigns", tag = "surveys", request_body = SurveyCampaignIn,
    responses((status = 201, body = SurveyCampaignOut), (status = 422, body = ProblemBody)))]
async fn create_survey_campaign(
    caller: Caller,
    Json(body): Json<SurveyCampaignIn>,
) -> web::Result<impl IntoResponse> {
    let create = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::SurveysCreate)?;
        let new = body.clone().over(NewCampaign::new("", Names::default()))?;
        let campaign = actions::create_campaign(ctx, tx, new)?;
        Ok(SurveyCampaignOut::of(ctx, campaign, Figures::default()))
    };
    let out = caller.once(create).await?;
    let place = [(header::LOCATION, format!("/api/v1/surveys/campaigns/{}", out.id))];
    Ok((StatusCode::CREATED, place, Json(out)))
}

/// One campaign by its code or its id. Needs `surveys.read`.
#[utoipa::path(get, path = "/api/v1/surveys/campaigns/{campaign}", tag = "surveys", params(("campaign" = String, Path)),
    responses((status = 200, body = SurveyCampaignOut), (status = 404, body = ProblemBody)))]
async fn get_survey_campaign(
    caller: Caller,
    Path(key): Path<String>,
) -> web::Result<Json<SurveyCampaignOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let campaign = reads::campaign(ctx, tx, &key)?;
        SurveyCampaignOut::read(ctx, tx, campaign)
    };
    Ok(Json(caller.read(read).await?))
}

/// Changes a campaign; what is absent stays. `is_default` takes the default from the one that has it. Needs `surveys.edit`.
#[utoipa::path(patch, path = "/api/v1/surveys/campaigns/{campaign}", tag = "surveys", params(("campaign" = String, Path)),
    request_body = SurveyCampaignIn,
    responses((status = 200, body = SurveyCampaignOut), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn change_survey_campaign(
    caller: Caller,
    Path(key): Path<String>,
    Json(body): Json<SurveyCampaignIn>,
) -> web::Result<Json<SurveyCampaignOut>> {
    let change = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::SurveysEdit)?;
        let id = reads::campaign(ctx, tx, &key)?.id;
        let sent = body.clone();
        let campaign = actions::update_campaign(ctx, tx, id, |stands| sent.over(stands.content()))?;
        SurveyCampaignOut::read(ctx, tx, campaign)
    };
    Ok(Json(caller.write(change).await?))
}

/// Deletes a campaign in which nobody is asked; one with a roster or answers is answered 409. Needs `surveys.delete`.
#[utoipa::path(delete, path = "/api/v1/surveys/campaigns/{campaign}", tag = "surveys", params(("campaign" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn delete_survey_campaign(caller: Caller, Path(key): Path<String>) -> web::Result<StatusCode> {
    let delete = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::SurveysDelete)?;
        let id = crate::reads::campaign(&reading(ctx), tx, &key)?.id;
        actions::delete_campaign(ctx, tx, id)
    };
    caller.write(delete).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever may delete finds what they delete.
fn reading(ctx: &Ctx) -> Ctx {
    ctx.with(|ctx| ctx.permissions = ctx.permissions.with(Permission::SurveysRead))
}

/// The figures of one program and year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct SurveyCellOut {
    program: Option<SurveyItemOut>,
    course_year: Option<i32>,
    #[serde(flatten)]
    figures: SurveyFiguresOut,
}

/// The figures of a campaign by program and year: who is asked by what the roster says, answers by what was answered. Needs
/// `surveys.read`.
#[utoipa::path(get, path = "/api/v1/surveys/campaigns/{campaign}/figures", tag = "surveys", params(("campaign" = String, Path)),
    responses((status = 200, body = Listed<SurveyCellOut>), (status = 404, body = ProblemBody)))]
async fn get_survey_figures(
    caller: Caller,
    Path(key): Path<String>,
) -> web::Result<Json<Listed<SurveyCellOut>>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let id = reads::campaign(ctx, tx, &key)?.id;
        let cells = reads::cells(ctx, tx, id)?;
        let known = Known::of(ctx, tx, cells.iter().map(|cell| cell.program))?;
        Ok(cells.into_iter().map(|cell| cell_out(&known, cell)).collect::<Vec<_>>())
    };
    Ok(Json(Listed::whole(caller.read(read).await?)))
}

impl SurveyCellOut {
    pub(super) fn of(program: Option<SurveyItemOut>, course_year: Option<i32>, figures: Figures) -> Self {
        Self { program, course_year, figures: figures.into() }
    }
}

fn cell_out(known: &Known, cell: reads::Cell) -> SurveyCellOut {
    let reads::Cell { program, course_year, figures } = cell;
    SurveyCellOut::of(known.item(program), course_year, figures)
}

/// Which rows of a roster are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SurveyRosterQuery {
    /// Ids of students that begin so.
    search: Option<String>,
    #[serde(default)]
    page: Option<u32>,
    #[serde(default)]
    page_size: Option<u32>,
}

/// The roster of a campaign, by the students' ids. Needs `surveys.read`.
#[utoipa::path(get, path = "/api/v1/surveys/campaigns/{campaign}/roster", tag = "surveys",
    params(("campaign" = String, Path), SurveyRosterQuery),
    responses((status = 200, body = Listed<SurveyRosterOut>), (status = 404, body = ProblemBody)))]
async fn list_survey_roster(
    caller: Caller,
    Path(key): Path<String>,
    Query(query): Query<SurveyRosterQuery>,
) -> web::Result<Json<Listed<SurveyRosterOut>>> {
    let SurveyRosterQuery { search, page, page_size } = query;
    let part = PageQuery::of(page, page_size).request();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let id = reads::campaign(ctx, tx, &key)?.id;
        let rows = reads::roster(ctx, tx, id, search.as_deref().unwrap_or_default(), part)?;
        let known = Known::of(ctx, tx, rows.results.iter().map(|row| row.program))?;
        Ok(rows.map(|row| SurveyRosterOut::of(&row, &known)))
    };
    let page = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, page)))
}
