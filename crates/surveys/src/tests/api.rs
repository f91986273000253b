//! The API as an outside bot of before uses it (seed 004), and as the staff's programs do.

use axum::http::StatusCode;
use context::Services;
use serde_json::{Value, json};
use web::testing::{Answer, Site};

use super::*;
use crate::module;

/// What the token of an outside bot may do.
const BOT: &str = "1:surveys.read,surveys.create,surveys.edit";
const SUBMIT: &str = "/api/v1/bot2/surveys/submit";

async fn site(db: &TestDb) -> Site {
    let ctx = ctx(1);
    item(db, &ctx, ItemKind::Program, "ME");
    item(db, &ctx, ItemKind::Region, "UZ-TK");
    let site = Site::new(db, Services::default(), vec![contacts::module(), catalog::module(), module()]);
    let kuz = json!({"code": "kuz-2026", "name_uz": "Kuz", "is_default": true});
    assert_eq!(site.post("/api/v1/surveys/campaigns", kuz).await.status, StatusCode::CREATED);
    site
}

#[track_caller]
fn refused(answer: &Answer, status: StatusCode, expected: &[&str]) {
    assert_eq!(
        (answer.status, answer.errors()),
        (status, expected.iter().map(|e| (*e).to_owned()).collect())
    );
}

#[db_test]
async fn an_outside_bot_of_before_works_unchanged(db: &TestDb) {
    let site = site(db).await.by(BOT);
    let body = json!({
        "student_external_id": "U-1", "telegram_user_id": "77", "username": "@aziza", "first_name": "Aziza",
        "last_name": "Karimova", "gender": "female", "phone": "90 123 45 67", "region": "uz-tk", "language": "ru",
        "program": "me", "course_year": "3", "survey_campaign": "KUZ-2026", "is_employed": "yes",
        "employment_company": "Artel", "employment_role": "Muhandis", "hours": 40, "salary": 5_000_000,
        "suggestions": "", "consents": {"share": true}, "channels": ["telegram"], "answers": {"q1": "a"}, "source": "bot2",
    });
    let first = site.post(SUBMIT, body.clone()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let out = first.json();
    let (student, roster) = (&out["student"], &out["roster"]);
    assert_eq!(
        (&out["created"], &out["survey_campaign"], &out["course_year"]),
        (&json!(true), &json!("kuz-2026"), &json!(3))
    );
    assert_eq!(
        (&out["employment_status"], &out["employment_company"]),
        (&json!("employed"), &json!("Artel"))
    );
    assert_eq!((&out["salary"], &out["hours_per_week"]), (&json!(5_000_000), &json!(40)));
    assert_eq!((&out["consents"], &out["suggestions"]), (&json!({"share": true}), &Value::Null));
    assert_eq!(out["answers"], json!({"q1": "a", "source": "bot2"}), "what nobody knows is kept");
    assert_eq!(
        (&out["program"]["code"], &out["program"]["metadata"]["name_uz"]),
        (&json!("ME"), &json!("ME"))
    );
    assert_eq!((&student["username"], &student["phone"]), (&json!("aziza"), &json!("+998901234567")));
    assert_eq!((&student["region"]["code"], &student["telegram_user_id"]), (&json!("UZ-TK"), &json!(77)));
    assert_eq!((&roster["student_external_id"], &roster["is_active"]), (&json!("U-1"), &json!(true)));

    let again = json!({"student_external_id": "U-1", "employment_status": "unemployed", "consents": null,
        "employment_company": null, "suggestions": "Amaliyot"});
    let second = site.post("/api/v1/bot2/submit-survey", again).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.text());
    let second = second.json();
    assert_eq!((&second["id"], &second["created"]), (&out["id"], &json!(false)));
    assert_eq!((&second["employment_company"], &second["suggestions"]), (&Value::Null, &json!("Amaliyot")));
    assert_eq!((&second["consents"], &second["answers"]), (&out["consents"], &out["answers"]));

    let id = out["program"]["id"].as_str().unwrap();
    let by_id = json!({"student_external_id": "U-2", "program_id": id, "works": false});
    assert_eq!(site.post(SUBMIT, by_id).await.json()["program"]["code"], "ME");
    let campaign = site.get("/api/v1/surveys/campaigns/kuz-2026").await.json();
    assert_eq!((&campaign["roster_count"], &campaign["response_rate_permille"]), (&json!(2), &json!(1_000)));
}

#[db_test]
async fn what_is_wrong_is_said_beside_its_field(db: &TestDb) {
    let site = site(db).await.by(BOT);
    let unknown = site.post(SUBMIT, json!({"student_external_id": "U-1"})).await;
    refused(&unknown, StatusCode::UNPROCESSABLE_ENTITY, &["program_id: surveys-not-in-roster"]);
    let wrong = json!({"telegram_user_id": "x", "gender": 5, "phone": "12", "course_year": 9, "works": "maybe",
        "salary": "much", "hours": 1_000_000_000_000_i64, "consents": [], "channels": {}, "answers": 1, "language": "de"});
    let wrong = site.post(SUBMIT, wrong).await;
    let expected = [
        "phone: kernel-phone-malformed",
        "telegram_user_id: kernel-number-malformed",
        "gender: surveys-gender-unknown",
        "language: surveys-language-unknown",
        "works: surveys-employment-unknown",
        "answers: surveys-object-wanted",
        "consents: surveys-object-wanted",
        "salary: kernel-number-malformed",
        "channels: surveys-list-wanted",
        "student_external_id: kernel-text-missing",
        "course_year: surveys-course-year-out-of-range",
        "hours_per_week: surveys-hours-out-of-range",
    ];
    refused(&wrong, StatusCode::UNPROCESSABLE_ENTITY, &expected);
    let list = site.post(SUBMIT, json!([])).await;
    refused(&list, StatusCode::UNPROCESSABLE_ENTITY, &["surveys-body-no-object"]);
    let elsewhere = site.by("2").post(SUBMIT, json!({"student_external_id": "U-1", "program": "ME"})).await;
    refused(&elsewhere, StatusCode::UNPROCESSABLE_ENTITY, &["survey_campaign: surveys-campaign-not-named"]);
    let reader = site.by("1:surveys.read").post(SUBMIT, json!({})).await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
    let close = json!({"is_active": false});
    assert_eq!(site.patch("/api/v1/surveys/campaigns/kuz-2026", close).await.status, StatusCode::OK);
    let closed = site.post(SUBMIT, json!({"student_external_id": "U-1", "program": "ME"})).await;
    refused(&closed, StatusCode::CONFLICT, &["surveys-campaign-closed"]);
}

#[db_test]
async fn the_staff_reads_and_settles_over_the_api(db: &TestDb) {
    let site = site(db).await;
    for n in 1..=3 {
        let body = json!({"student_external_id": format!("U-{n}"), "program": "ME", "course_year": n, "telegram_user_id": n,
            "first_name": "Aziza", "works": n == 1, "suggestions": "Koʻproq"});
        assert_eq!(site.post(SUBMIT, body).await.status, StatusCode::CREATED);
    }
    let list = |query: &str| {
        let (site, path) = (site.clone(), format!("/api/v1/surveys/responses?{query}"));
        async move { site.get(&path).await.json() }
    };
    assert_eq!(list("campaign=kuz-2026&page_size=2").await["results"].as_array().unwrap().len(), 2);
    assert_eq!(list("campaign=kuz-2026&employment_status=employed").await["count"], 1);
    assert_eq!(list("program=me&course_year=2").await["count"], 1);
    assert_eq!(list("search=U-3").await["results"][0]["student"]["first_name"], "Aziza");
    let wrong = site
        .get("/api/v1/surveys/responses?campaign=yoz&program=x&course_year=7&employment_status=x&ordering=x")
        .await;
    let expected = [
        "campaign: surveys-campaign-unknown",
        "program: surveys-program-unknown",
        "course_year: surveys-course-year-out-of-range",
        "employment_status: surveys-employment-unknown",
        "ordering: surveys-ordering-unknown",
    ];
    refused(&wrong, StatusCode::UNPROCESSABLE_ENTITY, &expected);
    let one = list("search=U-3").await["results"][0].clone();
    let path = format!("/api/v1/surveys/responses/{}", one["id"].as_str().unwrap());
    assert_eq!(site.get(&path).await.json()["history"][0]["deed"], "submitted");
    assert_eq!(site.by("2").get(&path).await.status, StatusCode::NOT_FOUND);
    let cells = site.get("/api/v1/surveys/campaigns/kuz-2026/figures").await.json();
    assert_eq!((&cells["count"], &cells["results"][0]["employed_count"]), (&json!(3), &json!(1)));
    let rows = site.get("/api/v1/surveys/campaigns/kuz-2026/roster?search=u-2").await.json();
    assert_eq!((&rows["count"], &rows["results"][0]["course_year"]), (&json!(1), &json!(2)));

    let student = format!("/api/v1/surveys/students/{}", one["student"]["id"].as_str().unwrap());
    assert_eq!(site.get(&student).await.json()["responses"][0]["id"], one["id"]);
    assert_eq!(site.get("/api/v1/surveys/students?telegram_user_id=2").await.json()["count"], 1);
    let nothing = json!({});
    let released = site.post(&format!("{student}/release"), nothing.clone()).await;
    assert_eq!(released.json()["telegram_user_id"], Value::Null);
    let personal = format!("{student}/personal-data");
    assert_eq!(site.by(BOT).get(&personal).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.get(&personal).await.json()["student"]["first_name"], "Aziza");
    let erase = format!("{student}/erase");
    assert_eq!(site.by(BOT).post(&erase, nothing.clone()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.by("2").post(&erase, nothing.clone()).await.status, StatusCode::NOT_FOUND);
    let erased = site.post(&erase, nothing).await.json();
    assert_eq!((&erased["responses"], &erased["student"]["first_name"]), (&json!(1), &Value::Null));
    let left = site.get(&path).await.json();
    assert_eq!((&left["suggestions"], &left["history"][0]["deed"]), (&Value::Null, &json!("erased")));

    let used = site.delete("/api/v1/surveys/campaigns/kuz-2026").await;
    refused(&used, StatusCode::CONFLICT, &["surveys-campaign-in-use"]);
    let twice =
        json!({"code": "KUZ 2026", "name_uz": "", "opens_on": "2026-10-02", "closes_on": "2026-10-01"});
    let twice = site.post("/api/v1/surveys/campaigns", twice).await;
    let expected = ["name_uz: kernel-text-missing", "closes_on: surveys-closes-before-it-opens"];
    refused(&twice, StatusCode::UNPROCESSABLE_ENTITY, &expected);
    let other = json!({"code": "bahor", "name_uz": "Bahor", "is_default": true});
    let other = site.post("/api/v1/surveys/campaigns", other).await;
    assert_eq!(other.json()["is_default"], true);
    assert_eq!(site.get("/api/v1/surveys/campaigns/kuz-2026").await.json()["is_default"], false);
    assert_eq!(site.delete("/api/v1/surveys/campaigns/bahor").await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.get("/api/v1/surveys/campaigns").await.json()["count"], 1);
}
