//! `/api/v1/analytics/applications`: applications of some days, counted.

use catalog::{Item, ItemKind};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Date, Error, Lang, Result, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{
    App, Caller, Json, ProblemBody, Query,
    pages::{DayRange, Period, Words},
};

use super::applications::said;
use crate::{
    Status,
    reads::{self, Analytics, CountedBy, DayCounts, FormCounts, Shares},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_application_analytics))
}

/// Which applications are counted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ApplicationAnalyticsQuery {
    /// The first day, in the workspace's zone; the first of the month unless said.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// The last day; today unless said.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
    /// For the form with this code.
    form: Option<String>,
    /// `submitted`, `in_review`, `accepted`, `rejected` or `cancelled`.
    status: Option<String>,
}

impl ApplicationAnalyticsQuery {
    /// What is meant, or everything that is wrong with it.
    fn read(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<CountedBy> {
        ctx.require(Permission::ApplicationsRead)?;
        let Self { from, to, form, status } = self;
        let mut checks = Checks::new();
        let range = DayRange::read(from.as_deref(), to.as_deref());
        let period = match Period::asked(&range, ctx.today()) {
            Ok(period) => Some(period),
            Err(error) => {
                for found in error.field_errors() {
                    // The last day is called otherwise here than on pages.
                    let field = if found.field == "until" { "to" } else { &found.field };
                    checks.refuse(field, found.text.clone());
                }
                None
            }
        };
        let form = match said(form) {
            None => None,
            Some(code) => {
                let unknown = || Error::invalid(Text::new("applications-form-unknown"));
                let found = reads::find_form(ctx, tx, &code)?.map(|form| form.id).ok_or_else(unknown);
                checks.take("form", found)
            }
        };
        let status = said(status).and_then(|word| checks.take("status", Status::read(&word)));
        checks.done()?;
        let Period { from, until } = period.unwrap_or_else(|| Period::of_today(ctx.today()));
        Ok(CountedBy { from, until, form, status })
    }
}

/// A day.
#[derive(Debug, Serialize, ToSchema)]
struct ApplicationDayOut {
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// Applications that were submitted on it.
    applications: i64,
    /// Of them, those that are accepted now.
    accepted: i64,
    /// People who applied for the first time; null where only a form or a status is counted.
    new_applicants: Option<i64>,
}

/// A form.
#[derive(Debug, Serialize, ToSchema)]
struct ApplicationFormCountOut {
    code: String,
    /// What it is called, in the caller's language.
    name: String,
    /// Its applications.
    applications: i64,
    /// Of them, those that are accepted now.
    accepted: i64,
}

/// A part of all applications.
#[derive(Debug, Serialize, ToSchema)]
struct ApplicationShareOut {
    /// What programs call it; null where nothing was said.
    code: Option<String>,
    /// Of a catalog item, its UUID; null otherwise.
    id: Option<Uuid>,
    /// What it is called, in the caller's language.
    name: String,
    count: i64,
}

/// Applications of some days, counted. Every list adds up to `applications`; those that do not say it have `code` null.
#[derive(Debug, Serialize, ToSchema)]
struct ApplicationAnalyticsOut {
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// All of them.
    applications: i64,
    /// The people who sent them, each once.
    applicants: i64,
    /// People who applied for the first time in these days; null where only a form or a status is counted.
    new_applicants: Option<i64>,
    /// Every day.
    days: Vec<ApplicationDayOut>,
    /// The forms that have any.
    forms: Vec<ApplicationFormCountOut>,
    /// Every status.
    statuses: Vec<ApplicationShareOut>,
    /// Where the application says, else where the applicant comes from; the most first.
    regions: Vec<ApplicationShareOut>,
    directions: Vec<ApplicationShareOut>,
    tracks: Vec<ApplicationShareOut>,
    subjects: Vec<ApplicationShareOut>,
    programs: Vec<ApplicationShareOut>,
    genders: Vec<ApplicationShareOut>,
    /// `up_to_16`, `17`, `18`, `19`, `20_24`, `25_and_older`: whole years on the last day.
    ages: Vec<ApplicationShareOut>,
}

fn shares<T>(
    words: &Words,
    shares: &Shares<T>,
    shown: impl Fn(&T) -> (&'static str, String),
) -> Vec<ApplicationShareOut> {
    let share = |(of, count): &(Option<T>, i64)| {
        let (code, name) = match of.as_ref().map(&shown) {
            Some((code, name)) => (Some(code.to_owned()), name),
            None => (None, words.t("applications-unsaid")),
        };
        ApplicationShareOut { code, id: None, name, count: *count }
    };
    shares.iter().map(share).collect()
}

fn items(words: &Words, lang: Lang, shares: &[(Option<Item>, i64)]) -> Vec<ApplicationShareOut> {
    let share = |(item, count): &(Option<Item>, i64)| match item {
        Some(item) => ApplicationShareOut {
            code: Some(item.code.clone()),
            id: Some(item.id.uuid()),
            name: item.name(lang).to_owned(),
            count: *count,
        },
        None => {
            ApplicationShareOut { code: None, id: None, name: words.t("applications-unsaid"), count: *count }
        }
    };
    shares.iter().map(share).collect()
}

fn shown(words: &Words, by: &CountedBy, found: &Analytics) -> ApplicationAnalyticsOut {
    let lang = words.lang;
    let kind = |kind: ItemKind| items(words, lang, found.of_kind(kind));
    let day = |(day, counts): &(Date, DayCounts)| {
        let DayCounts { applications, accepted, new_applicants } = *counts;
        let new_applicants = found.new_applicants.map(|_| new_applicants);
        ApplicationDayOut { day: *day, applications, accepted, new_applicants }
    };
    let form = |FormCounts { form, applications, accepted }: &FormCounts| ApplicationFormCountOut {
        code: form.code.clone(),
        name: form.names.get(lang).to_owned(),
        applications: *applications,
        accepted: *accepted,
    };
    let status = |(status, count): &(Status, i64)| ApplicationShareOut {
        code: Some(status.word().to_owned()),
        id: None,
        name: words.t(status.text_key()),
        count: *count,
    };
    ApplicationAnalyticsOut {
        from: by.from,
        to: by.until,
        applications: found.applications,
        applicants: found.applicants,
        new_applicants: found.new_applicants,
        days: found.days.iter().map(day).collect(),
        forms: found.forms.iter().map(form).collect(),
        statuses: found.statuses.iter().map(status).collect(),
        regions: kind(ItemKind::Region),
        directions: kind(ItemKind::Direction),
        tracks: kind(ItemKind::Track),
        subjects: kind(ItemKind::Subject),
        programs: kind(ItemKind::Program),
        genders: shares(words, &found.genders, |gender| (gender.word(), words.t(gender.text_key()))),
        ages: shares(words, &found.ages, |group| (group.word(), words.t(group.text_key()))),
    }
}

/// Applications of some days, counted by day, form, status, what was chosen, and who applied. Needs `applications.read`.
#[utoipa::path(get, path = "/api/v1/analytics/applications", tag = "applications", params(ApplicationAnalyticsQuery),
    responses((status = 200, body = ApplicationAnalyticsOut), (status = 422, body = ProblemBody)))]
async fn get_application_analytics(
    caller: Caller,
    Query(query): Query<ApplicationAnalyticsQuery>,
) -> web::Result<Json<ApplicationAnalyticsOut>> {
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let by = query.clone().read(ctx, tx)?;
        Ok((by, reads::analytics(ctx, tx, &by)?))
    };
    let (by, found) = caller.read(read).await?;
    Ok(Json(shown(&caller.words(), &by, &found)))
}
