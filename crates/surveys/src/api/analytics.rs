//! `/api/v1/analytics/surveys`: how many of those who are asked answer, and what becomes of students, for outside programs.

use axum::extract::Path;
use context::Ctx;
use db::ReadTx;
use kernel::{Checks, Date, Error, Money, Result, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, ProblemBody, Query};

use super::{
    campaigns::{SurveyCampaignOut, SurveyCellOut, SurveyFiguresOut},
    output::SurveyItemOut,
};
use crate::{
    Campaign, Figures, Gender,
    analytics::{self, Analytics, Channel, Consent, Spread},
    campaign, reads,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_survey_analytics)).routes(routes!(get_survey_analytics))
}

/// Which campaigns are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SurveyAnalyticsQuery {
    /// Codes or ids with commas between them; every campaign unless said.
    #[param(example = "kuz-2026,bahor-2026")]
    campaigns: Option<String>,
    /// `true` for campaigns that are active, `false` for the others; both unless said.
    #[param(value_type = Option<bool>)]
    is_active: Option<String>,
}

/// A campaign, and the figures of all that are given, together.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyComparisonOut {
    #[serde(flatten)]
    campaigns: Listed<SurveyCampaignOut>,
    /// All of `results` together.
    total: SurveyFiguresOut,
}

/// How many answered and how many of them work.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyWorkOut {
    response_count: i64,
    employed_count: i64,
    unemployed_count: i64,
    /// Those who did not say whether they work.
    unsaid_count: i64,
    /// Those who work among a thousand who said whether they do; null where nobody said it.
    employment_rate_permille: Option<i64>,
}

impl From<Figures> for SurveyWorkOut {
    fn from(figures: Figures) -> Self {
        let Figures { roster: _, responses, employed, unemployed } = figures;
        Self {
            response_count: responses,
            employed_count: employed,
            unemployed_count: unemployed,
            unsaid_count: figures.unsaid(),
            employment_rate_permille: figures.employment_permille(),
        }
    }
}

/// First answers of a day.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyDayOut {
    #[schema(value_type = String, format = Date)]
    day: Date,
    response_count: i64,
}

/// The figures of a program.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyProgramOut {
    program: Option<SurveyItemOut>,
    #[serde(flatten)]
    figures: SurveyFiguresOut,
}

/// The figures of a course year; null is who did not say it.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyYearOut {
    course_year: Option<i32>,
    #[serde(flatten)]
    figures: SurveyFiguresOut,
}

/// The figures of men or of women; null is who did not say it.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyGenderOut {
    /// `male` or `female`.
    #[schema(value_type = Option<String>)]
    gender: Option<Gender>,
    #[serde(flatten)]
    work: SurveyWorkOut,
}

/// The figures of a region; null is who did not say it.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyRegionOut {
    region: Option<SurveyItemOut>,
    #[serde(flatten)]
    work: SurveyWorkOut,
}

/// How hours a week are spread among those who said them. Each is a figure that somebody said.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyHoursOut {
    /// How many said them.
    count: i64,
    lowest: i32,
    /// A quarter said this or less.
    lower_quartile: i32,
    /// Half said this or less.
    median: i32,
    /// Three quarters said this or less.
    upper_quartile: i32,
    highest: i32,
}

/// How salaries a month are spread among those who said them, in so'm. Each is a figure that somebody said.
#[derive(Debug, Serialize, ToSchema)]
struct SurveySalaryOut {
    /// How many said one.
    count: i64,
    #[schema(value_type = f64)]
    lowest: Money,
    /// A quarter said this or less.
    #[schema(value_type = f64)]
    lower_quartile: Money,
    /// Half said this or less.
    #[schema(value_type = f64)]
    median: Money,
    /// Three quarters said this or less.
    #[schema(value_type = f64)]
    upper_quartile: Money,
    #[schema(value_type = f64)]
    highest: Money,
}

/// What became of one thing that students are asked to agree to; its four counts are all answers.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyConsentOut {
    /// Its name, as bots send it.
    consent: String,
    yes_count: i64,
    no_count: i64,
    /// Who said neither yes nor no.
    other_count: i64,
    unsaid_count: i64,
}

/// A way by which students want to be told of work; one student may name several.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyChannelOut {
    channel: String,
    response_count: i64,
}

/// The figures of one campaign or of several together. Each breakdown adds up to `response_count`, and those with a roster to
/// `roster_count`; channels do not, for one student may name several.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyAnalyticsOut {
    /// Which campaigns, the latest first.
    campaigns: Vec<SurveyCampaignOut>,
    #[serde(flatten)]
    figures: SurveyFiguresOut,
    /// By the day of the first answer; days without any are left out.
    days: Vec<SurveyDayOut>,
    programs: Vec<SurveyProgramOut>,
    course_years: Vec<SurveyYearOut>,
    program_years: Vec<SurveyCellOut>,
    genders: Vec<SurveyGenderOut>,
    regions: Vec<SurveyRegionOut>,
    /// Null where nobody said them.
    hours_per_week: Option<SurveyHoursOut>,
    /// Null where nobody said one.
    salary: Option<SurveySalaryOut>,
    /// At most 100, those most often said first.
    consents: Vec<SurveyConsentOut>,
    /// At most 100, those most often named first.
    channels: Vec<SurveyChannelOut>,
    /// Answers that name no channel.
    no_channel_count: i64,
}

impl SurveyAnalyticsOut {
    fn of(ctx: &Ctx, read: Analytics) -> Self {
        let lang = ctx.lang();
        let item = |id| read.items.get(&id).map(SurveyItemOut::of);
        let programs = read.programs(lang).into_iter();
        let years = read.course_years().into_iter();
        let genders = read.genders().into_iter();
        let regions = read.regions(lang).into_iter();
        let cells = read.cells.iter();
        Self {
            campaigns: read
                .campaigns
                .iter()
                .map(|(campaign, figures)| campaign_out(ctx, campaign, *figures))
                .collect(),
            figures: read.all.into(),
            days: read
                .days
                .iter()
                .map(|(day, count)| SurveyDayOut { day: *day, response_count: *count })
                .collect(),
            programs: programs
                .map(|(id, figures)| SurveyProgramOut { program: item(id), figures: figures.into() })
                .collect(),
            course_years: years
                .map(|(course_year, figures)| SurveyYearOut { course_year, figures: figures.into() })
                .collect(),
            program_years: cells
                .map(|cell| SurveyCellOut::of(item(cell.program), cell.course_year, cell.figures))
                .collect(),
            genders: genders
                .map(|(gender, figures)| SurveyGenderOut { gender, work: figures.into() })
                .collect(),
            regions: regions
                .map(|(id, figures)| SurveyRegionOut { region: id.and_then(item), work: figures.into() })
                .collect(),
            hours_per_week: read.hours.map(SurveyHoursOut::from),
            salary: read.salary.map(SurveySalaryOut::from),
            consents: read.consents.iter().map(|consent| consent_out(consent, read.all)).collect(),
            channels: read
                .channels
                .iter()
                .map(|Channel { name, count }| SurveyChannelOut {
                    channel: name.clone(),
                    response_count: *count,
                })
                .collect(),
            no_channel_count: read.without_channel,
        }
    }
}

impl From<Spread<i32>> for SurveyHoursOut {
    fn from(spread: Spread<i32>) -> Self {
        let Spread { count, lowest, lower_quartile, median, upper_quartile, highest } = spread;
        Self { count, lowest, lower_quartile, median, upper_quartile, highest }
    }
}

impl From<Spread<Money>> for SurveySalaryOut {
    fn from(spread: Spread<Money>) -> Self {
        let Spread { count, lowest, lower_quartile, median, upper_quartile, highest } = spread;
        Self { count, lowest, lower_quartile, median, upper_quartile, highest }
    }
}

fn consent_out(consent: &Consent, all: Figures) -> SurveyConsentOut {
    let unsaid_count = all.responses.saturating_sub(consent.said());
    let Consent { name, yes, no, other } = consent.clone();
    SurveyConsentOut { consent: name, yes_count: yes, no_count: no, other_count: other, unsaid_count }
}

fn campaign_out(ctx: &Ctx, campaign: &Campaign, figures: Figures) -> SurveyCampaignOut {
    SurveyCampaignOut::of(ctx, campaign.clone(), figures)
}

/// Campaigns with their response rates and how many work, the latest first, and all of them together. Needs `surveys.read`.
#[utoipa::path(get, path = "/api/v1/analytics/surveys", tag = "surveys", params(SurveyAnalyticsQuery),
    responses((status = 200, body = SurveyComparisonOut), (status = 422, body = ProblemBody)))]
async fn list_survey_analytics(
    caller: Caller,
    Query(query): Query<SurveyAnalyticsQuery>,
) -> web::Result<Json<SurveyComparisonOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let chosen = wanted(ctx, tx, query.clone())?;
        let total = chosen.iter().fold(Figures::default(), |sum, (_, figures)| sum.plus(*figures));
        let results =
            chosen.into_iter().map(|(campaign, figures)| SurveyCampaignOut::of(ctx, campaign, figures));
        Ok(SurveyComparisonOut { campaigns: Listed::whole(results.collect()), total: total.into() })
    };
    Ok(Json(caller.read(read).await?))
}

fn wanted(ctx: &Ctx, tx: &mut ReadTx, query: SurveyAnalyticsQuery) -> Result<Vec<(Campaign, Figures)>> {
    let SurveyAnalyticsQuery { campaigns, is_active } = query;
    let said =
        |word: Option<String>| word.map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty());
    let mut checks = Checks::new();
    let mut chosen = reads::campaigns(ctx, tx)?;
    if let Some(keys) = said(campaigns) {
        chosen = match analytics::chosen(ctx, tx, &keys) {
            Ok(found) => found,
            Err(error) if error.kind() == kernel::Kind::NotFound => {
                let unknown = campaign::unknown("campaigns", &keys);
                checks.take_all::<()>(Err(unknown));
                Vec::new()
            }
            Err(error) => return Err(error),
        };
    }
    match said(is_active).as_deref() {
        None => {}
        Some("true") => chosen.retain(|(campaign, _)| campaign.is_active),
        Some("false") => chosen.retain(|(campaign, _)| !campaign.is_active),
        Some(_) => checks.refuse("is_active", Text::new("surveys-true-or-false")),
    }
    checks.done()?;
    Ok(chosen)
}

/// The figures of one campaign by its code or its id, of several with commas between them, or of all that are active by the word
/// `active`: by day, program and year, gender and region, how hours and salaries are spread, what was agreed to. Needs
/// `surveys.read`.
#[utoipa::path(get, path = "/api/v1/analytics/surveys/{campaign}", tag = "surveys",
    params(("campaign" = String, Path, example = "kuz-2026")),
    responses((status = 200, body = SurveyAnalyticsOut), (status = 404, body = ProblemBody)))]
async fn get_survey_analytics(
    caller: Caller,
    Path(key): Path<String>,
) -> web::Result<Json<SurveyAnalyticsOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let chosen = analytics::chosen(ctx, tx, &key)?;
        let read = analytics::analytics(ctx, tx, chosen)?;
        Ok::<_, Error>(SurveyAnalyticsOut::of(ctx, read))
    };
    Ok(Json(caller.read(read).await?))
}
