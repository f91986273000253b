//! `/api/v1/bot2/surveys/submit`: what an outside bot's student answers (seed 004).

use axum::{http::StatusCode, response::IntoResponse};
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Lang, Phone, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, ProblemBody};

use super::{
    output::{Known, SurveyResponseOut},
    sent::Sent,
};
use crate::{Answered, Employment, Gender, NewSurvey, Person, Saved, actions, json::Object};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(submit_survey)).routes(routes!(submit_survey_as_before))
}

/// What a student answers. Whatever is absent, null or empty erases nothing; keys that are not here are kept under `answers`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a description only: values are read leniently, see `Sent`")]
struct SurveySubmitIn {
    /// What the university calls the student; required.
    #[schema(example = "U-2023-014", max_length = 60)]
    student_external_id: String,
    /// Their id in Telegram.
    telegram_user_id: Option<i64>,
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// `male` or `female`.
    gender: Option<String>,
    phone: Option<String>,
    /// The code or the id of a `REGION` item; also `region_id`.
    region: Option<String>,
    /// `uz`, `ru` or `en`.
    language: Option<String>,
    /// The code or the id of what they study; also `program`. Required for who stands in no roster yet.
    program_id: Option<String>,
    /// 1 to 4.
    course_year: Option<i32>,
    /// The campaign's code; the default one unless said.
    survey_campaign: Option<String>,
    /// The campaign whose roster the student stands in; that of `survey_campaign` unless said.
    roster_campaign: Option<String>,
    /// `employed` or `unemployed`; also `is_employed` or `works` with yes or no.
    employment_status: Option<String>,
    /// Also `company`.
    employment_company: Option<String>,
    /// Also `role`.
    employment_role: Option<String>,
    /// Hours a week.
    hours: Option<i32>,
    /// In so'm a month.
    salary: Option<f64>,
    /// What help of the university is wanted.
    help: Option<String>,
    suggestions: Option<String>,
    #[schema(value_type = Option<Object>)]
    consents: Option<Object>,
    channels: Option<Vec<String>>,
    /// Whatever else was asked: at most 60 keys, 16 KB.
    #[schema(value_type = Option<Object>)]
    answers: Option<Object>,
}

fn read(body: Value) -> Result<NewSurvey> {
    let mut sent = Sent::new(body)?;
    let student_external_id = sent.text(&["student_external_id", "student_id"]).unwrap_or_default();
    let person = person(&mut sent);
    // A bot of before says in which chat it asks; nobody here does.
    sent.text(&["telegram_chat_id"]);
    let mut new = NewSurvey {
        campaign: sent.text(&["survey_campaign", "campaign"]),
        roster_campaign: sent.text(&["roster_campaign"]),
        student_external_id,
        person,
        program: sent.text(&["program_id", "program", "program_code"]),
        course_year: sent.whole(&["course_year"]),
        answered: Answered::default(),
    };
    let employment =
        sent.read(&["employment_status", "is_employed", "works"], "surveys-employment-unknown", employment);
    let hours = sent.whole(&["hours_per_week", "hours"]);
    let mut answers = sent.object(&["answers"]);
    let consents = sent.consents(&["consents"]);
    new.answered = Answered {
        employment,
        company: sent.text(&["employment_company", "company"]),
        role: sent.text(&["employment_role", "role"]),
        // What does not fit at all is out of range there, too.
        hours_per_week: hours.map(|hours| i32::try_from(hours).unwrap_or(i32::MAX)),
        salary: sent.money(&["salary"]),
        help: sent.text(&["help", "help_wanted"]),
        suggestions: sent.text(&["suggestions"]),
        consents,
        channels: sent.list(&["channels"]),
        answers: Object::new(),
    };
    answers.extend(sent.rest());
    new.answered.answers = answers;
    let mut checks: Checks = sent.checks;
    let checked = checks.take_all(new.checked());
    checks.done()?;
    checked.ok_or_else(kernel::Error::not_found)
}

fn person(sent: &mut Sent) -> Person {
    let phone = sent.text(&["phone"]);
    let phone = phone.and_then(|phone| sent.checks.take("phone", Phone::parse(&phone)));
    Person {
        contact: None,
        telegram_user_id: sent.whole(&["telegram_user_id", "telegram_id"]),
        username: sent.text(&["username"]),
        first_name: sent.text(&["first_name"]),
        last_name: sent.text(&["last_name"]),
        gender: sent.read(&["gender"], "surveys-gender-unknown", gender),
        phone,
        region: sent.text(&["region_id", "region", "region_code"]),
        lang: sent.read(&["language", "lang"], "surveys-language-unknown", Lang::parse),
    }
}

fn gender(word: &str) -> Option<Gender> {
    match word {
        "male" | "m" => Some(Gender::Male),
        "female" | "f" => Some(Gender::Female),
        _ => None,
    }
}

fn employment(word: &str) -> Option<Employment> {
    match word {
        "employed" | "yes" | "true" | "1" => Some(Employment::Employed),
        "unemployed" | "no" | "false" | "0" => Some(Employment::Unemployed),
        _ => None,
    }
}

/// An answer that stands, and whether it is the first one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct SurveySubmittedOut {
    /// Whether it is the student's first answer in this campaign.
    created: bool,
    #[serde(flatten)]
    response: SurveyResponseOut,
}

/// Writes down what a student answers in a campaign, or what they answer now: 201 the first time, 200 afterwards. Whoever stands in
/// no roster is put there when `program_id` says what they study. Needs `surveys.create`.
#[utoipa::path(post, path = "/api/v1/bot2/surveys/submit", tag = "surveys", request_body = SurveySubmitIn,
    responses((status = 201, body = SurveySubmittedOut), (status = 200, body = SurveySubmittedOut),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn submit_survey(caller: Caller, Json(body): Json<Value>) -> web::Result<impl IntoResponse> {
    let submit = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        ctx.require(Permission::SurveysCreate)?;
        let saved = actions::save_survey(ctx, tx, read(body.clone())?)?;
        let Saved { response, student, roster, campaign: _, is_new } = saved;
        let items = [Some(response.program), Some(roster.program), student.region];
        let known = Known::of(ctx, tx, items.into_iter().flatten())?;
        let response = SurveyResponseOut::of(&response, Some(&student), Some(&roster), &known);
        Ok(SurveySubmittedOut { created: is_new, response })
    };
    let out = caller.once(submit).await?;
    let status = if out.created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(out)))
}

/// The same under its other name. Needs `surveys.create`.
#[utoipa::path(post, path = "/api/v1/bot2/submit-survey", tag = "surveys", request_body = SurveySubmitIn,
    responses((status = 201, body = SurveySubmittedOut), (status = 200, body = SurveySubmittedOut),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn submit_survey_as_before(caller: Caller, body: Json<Value>) -> web::Result<impl IntoResponse> {
    submit_survey(caller, body).await
}
